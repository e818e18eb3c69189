"""What must hold for every report, whatever the corpus."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.agreement import REASONS, DocumentParts, Specification, parts, parts_of, reduce, report
from tests.agreement.made import STANCES, corpora, document, reading, span

FEW = Specification(resamples=20)


def plain(corpus: Any, specification: Specification = FEW) -> dict[str, Any]:
    found = report(corpus, specification=specification)
    return {**found.as_dict(), "details": found.details.as_dict()}


@settings(max_examples=20, deadline=None)
@given(corpora(overlapping=True), st.randoms(use_true_random=False))
def test_the_order_of_documents_annotators_and_spans_changes_nothing(
    corpus: list[dict[str, Any]], chance: Any
) -> None:
    shuffled = copy.deepcopy(corpus)
    chance.shuffle(shuffled)
    for text in shuffled:
        chance.shuffle(text["sets"])
        for one in text["sets"]:
            chance.shuffle(one["spans"])
    assert plain(shuffled) == plain(corpus)


@settings(max_examples=20, deadline=None)
@given(corpora(overlapping=True))
def test_other_names_for_labels_change_no_value(corpus: list[dict[str, Any]]) -> None:
    names = dict(zip(STANCES, ("a", "b", "c"), strict=True))
    renamed = copy.deepcopy(corpus)
    for one in (s for text in renamed for own in text["sets"] for s in own["spans"]):
        one["stance"] = names[one["stance"]]
    before, after = report(corpus, specification=FEW), report(renamed, specification=FEW)
    for figure in before.figures:
        label = None if figure.label is None else names[figure.label]
        again = after.figure(figure.name, label=label, pair=figure.pair, without=figure.without)
        assert again.value == pytest.approx(figure.value, abs=1e-12)


@settings(max_examples=20, deadline=None)
@given(corpora(overlapping=True, documents=6), st.integers(1, 3))
def test_chunks_and_workers_change_nothing(corpus: list[dict[str, Any]], size: int) -> None:
    whole = report(corpus, specification=FEW)
    chunks = [parts_of(corpus[i : i + size], FEW) for i in range(0, len(corpus), size)]
    stored = [json.loads(json.dumps(chunk.as_dict())) for chunk in chunks]
    again = reduce(reversed(stored), specification=FEW)
    assert again.as_dict() == whole.as_dict()
    assert again.details.as_dict() == whole.details.as_dict()
    one_by_one = reduce((parts(text, FEW) for text in corpus), specification=FEW)
    assert one_by_one.as_dict() == whole.as_dict()


@pytest.mark.parametrize("layer", ["stance", "role", "document", "relation"])
@settings(max_examples=10, deadline=None)
@given(corpus=corpora(overlapping=True))
def test_no_figure_is_without_a_value_or_a_reason(layer: str, corpus: list[dict[str, Any]]) -> None:
    found = report(corpus, specification=Specification(layer=layer, resamples=20))
    assert found.figures
    for figure in found.figures:
        assert (figure.value is None) != (figure.reason is None)
        assert figure.reason is None or figure.reason in REASONS
        assert figure.method
        assert figure.value is None or figure.value == figure.value, "never nan"
    json.dumps(found.as_dict(), allow_nan=False)
    json.dumps(found.details.as_dict(), allow_nan=False)


def test_parts_of_another_version_are_refused() -> None:
    stored = {**parts_of([], FEW).as_dict(), "version": 0}
    with pytest.raises(ValueError, match="version"):
        DocumentParts.from_dict(stored)


OUTER, INNER = (0, 30, "pro-sanctuary"), (10, 20, "nuanced")


def test_a_missed_nested_span_of_another_label_lowers_the_value() -> None:
    both = [document("d", 60, reading("Ada", OUTER, INNER), reading("Ben", OUTER, INNER))]
    missed = [document("d", 60, reading("Ada", OUTER, INNER), reading("Ben", OUTER))]
    for name in ("pooled_label_u_alpha", "span_f1_exact", "span_f1_characters"):
        full, less = (report(c, specification=FEW).figure(name).value for c in (both, missed))
        assert full == 1
        assert less is not None
        assert less < 1


def test_a_missed_nested_span_of_the_same_label_lowers_gamma_and_span_f1() -> None:
    inner = (10, 20, "pro-sanctuary")
    missed = [document("d", 60, reading("Ada", OUTER, inner), reading("Ben", OUTER))]
    found = report(missed, specification=Specification(resamples=0, gamma=True))
    for name in ("gamma", "span_f1_exact"):
        value = found.figure(name).value
        assert value is not None
        assert value < 1


def test_an_empty_submitted_set_counts_and_an_unopened_document_does_not() -> None:
    some = document("d1", 60, reading("Ada", OUTER), reading("Ben", OUTER))
    empty = document("d2", 60, reading("Ada", OUTER), reading("Ben"))
    opened = document("d2", 60, reading("Ada", OUTER), {**reading("Ben"), "state": "open"})
    untouched = document("d2", 60, reading("Ada", OUTER))
    assert report([some], specification=FEW).figure("u_alpha").value == 1
    with_empty = report([some, empty], specification=FEW)
    value = with_empty.figure("u_alpha").value
    assert value is not None
    assert value < 1
    for left in (opened, untouched):
        found = report([some, left], specification=FEW)
        assert (found.documents, found.figure("u_alpha").value) == (1, 1)
        assert ("fewer_than_two_sets", 1) in [(entry.reason, entry.count) for entry in found.left_out]


def test_a_document_in_which_nobody_marked_anything_is_agreement_on_absence() -> None:
    differ = document("d1", 60, reading("Ada", OUTER), reading("Ben", (0, 20, "pro-sanctuary")))
    silent = document("d2", 600, reading("Ada"), reading("Ben"))
    one = report([differ], specification=FEW).figure("u_alpha").value
    two = report([differ, silent], specification=FEW)
    assert two.documents == 2
    value = two.figure("u_alpha").value
    assert one is not None
    assert value is not None
    assert value > one


def test_only_the_newest_round_of_an_annotator_enters() -> None:
    first = {**reading("Ben", (0, 5, "nuanced")), "round": 1, "id": "first"}
    second = {**reading("Ben", OUTER), "round": 2, "id": "second"}
    found = report([document("d", 60, reading("Ada", OUTER), first, second)], specification=FEW)
    assert found.figure("u_alpha").value == 1
    assert [(e.reason, e.ids) for e in found.left_out] == [("older_round", ("first",))]


def test_gold_and_model_enter_only_if_asked() -> None:
    sets = [reading("Ada", OUTER), reading("Ben", OUTER), {**reading("Robot"), "kind": "model"}]
    text = document("d", 60, *sets, {**reading("Ada", INNER), "kind": "gold"})
    default = report([text], specification=FEW)
    assert (default.sets, default.figure("u_alpha").value) == (2, 1)
    assert [(e.reason, e.count) for e in default.left_out] == [("kind_not_asked", 2)]
    asked = report([text], specification=Specification(kinds=("human", "gold"), resamples=0))
    assert asked.annotators == ("Ada", "Ada (gold)", "Ben")


def test_a_span_without_a_stance_or_of_another_target_is_counted_as_left_out() -> None:
    spans = [
        span(0, 9, "nuanced", target="a"),
        span(10, 19, "nuanced", target="b"),
        span(20, 29, None, target="a"),
    ]
    text = document("d", 60, reading("Ada", *spans), reading("Ben", *spans))
    found = report([text], specification=Specification(target="a", resamples=0))
    assert {e.reason: e.count for e in found.left_out} == {"no_stance": 2, "other_target": 2}
    assert found.figure("u_alpha").units == 2


def test_several_targets_are_several_questions() -> None:
    spans = [span(0, 9, "nuanced", target="a"), span(10, 19, "nuanced", target="b")]
    text = document("d", 60, reading("Ada", *spans), reading("Ben", *spans))
    with pytest.raises(ValueError, match="a, b"):
        report([text], specification=FEW)


def test_the_only_target_of_the_scheme_takes_in_spans_that_name_none() -> None:
    scheme = {
        "targets": [{"slug": "a"}],
        "labels": [{"kind": "stance", "slug": "unused"}, {"kind": "stance", "slug": "nuanced"}],
    }
    text = document("d", 60, reading("Ada", OUTER), reading("Ben", span(*OUTER, target="a")))
    found = report([text], specification=FEW, scheme=scheme)
    assert found.target == "a"
    assert found.figure("u_alpha").value == 1
    assert found.labels == ("unused", "nuanced", "pro-sanctuary"), (
        "declared order first, then what else was found"
    )
    assert found.undeclared == ("pro-sanctuary",)
    assert found.figure("label_u_alpha", label="unused").reason == "no_spans"


def test_two_equal_documents_sum_to_the_pooled_figure_not_to_a_mean_of_documents() -> None:
    good = document("d1", 60, reading("Ada", OUTER), reading("Ben", OUTER))
    bad = document("d2", 60, reading("Ada", (0, 5, "nuanced")), reading("Ben", (50, 55, "nuanced")))
    found = report([good, bad], specification=FEW)
    each = [row.figures["u_alpha"] for row in found.details.documents]
    value = found.figure("u_alpha").value
    assert value is not None
    assert value != pytest.approx(sum(v for v in each if v is not None) / 2)


def test_progress_rises_to_one() -> None:
    texts = [document(f"d{i}", 60, reading("Ada", OUTER), reading("Ben", OUTER)) for i in range(300)]
    told: list[float] = []
    report(texts, specification=FEW, progress=told.append)
    assert told == sorted(told)
    assert len(told) >= 3
    assert told[-1] == 1


@pytest.mark.parametrize(
    "record",
    [
        {"id": "d", "sets": []},
        {"text": "no id", "sets": []},
        document("d", 10, reading("Ada", (0, 11, "nuanced")), reading("Ben")),
        document("d", 10, reading("Ada", (5, 5, "nuanced")), reading("Ben")),
        document("d", 10, reading("Ada", (-1, 5, "nuanced")), reading("Ben")),
        document("d", 10, reading("Ada", span(0, 5, "nuanced", fragments=[["a", None]])), reading("Ben")),
        {"id": "d", "text": "x", "sets": [{"spans": []}]},
        {"id": "d", "text": "x", "sets": "none"},
    ],
)
def test_what_is_no_neutral_record_is_refused_by_name(record: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"d|id"):
        report([record], specification=FEW)
