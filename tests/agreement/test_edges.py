"""The edges: nothing, one of everything, whole texts, odd names, and what must be refused by its place."""

from __future__ import annotations

import copy
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from annotator.agreement import Report, Specification, alpha, counts, kappa, ratings, report
from annotator.agreement.weights import weights
from tests.agreement.made import STANCES, corpora, document, reading, span
from tests.agreement.rich import LAYERS, whole_corpora

ONCE = Specification(resamples=0)
FEW = Specification(resamples=12)
HEADLINES = {
    "stance": "u_alpha",
    "role": "u_alpha",
    "document": "alpha_nominal",
    "relation": "relation_alpha",
}


def checked(found: Report) -> Report:
    """The report, once it is strict JSON and every figure has a value or a reason."""
    json.dumps({**found.as_dict(), "details": found.details.as_dict()}, allow_nan=False)
    for figure in found.figures:
        assert (figure.value is None) != (figure.reason is None), figure
    return found


def value(found: Report, name: str) -> float:
    got = found.figure(name).value
    assert got is not None, found.figure(name).reason
    return got


@settings(max_examples=40, deadline=None)
@given(corpora(overlapping=True, documents=2), st.data())
def test_one_missed_span_lowers_what_was_full_agreement(
    corpus: list[dict[str, Any]], data: st.DataObject
) -> None:
    """Everybody reads as the first does, until one misses a span that lies within one of another label."""
    for text in corpus:
        for one in text["sets"]:
            one["spans"] = copy.deepcopy(text["sets"][0]["spans"])
    spans = corpus[0]["sets"][0]["spans"]
    nested = [
        inner
        for inner in spans
        for outer in spans
        if outer["stance"] != inner["stance"]
        and outer["start"] <= inner["start"] <= inner["end"] <= outer["end"]
        and not any(
            s is not inner
            and s["stance"] == inner["stance"]
            and s["start"] < inner["end"]
            and inner["start"] < s["end"]
            for s in spans
        )
    ]
    assume(nested)
    full = checked(report(corpus, specification=ONCE))
    missed = data.draw(st.sampled_from(nested))
    corpus[0]["sets"][-1]["spans"].remove(missed)
    less = checked(report(corpus, specification=ONCE))
    for name in ("pooled_label_u_alpha", "span_f1_exact", "span_f1_overlap", "span_f1_characters"):
        if full.figure(name).value is not None:
            assert full.figure(name).value == pytest.approx(1)
            assert value(less, name) < 1 - 1e-12


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 20), st.integers(1, 9), st.integers(0, 30), st.integers(1, 9))
def test_a_missed_span_of_the_same_label_lowers_gamma_and_span_f1(
    outer: int, more: int, inner: int, size: int
) -> None:
    big = (outer, outer + 10 + more, "nuanced")
    small = (inner, inner + size, "nuanced")
    assume(small != big)
    texts = [document("d", 60, reading("Ada", big, small), reading("Ben", big))]
    found = report(texts, specification=Specification(resamples=0, gamma=True))
    assert value(found, "gamma") < 1
    assert value(found, "span_f1_exact") == pytest.approx(2 / 3)


@pytest.mark.parametrize("layer", LAYERS)
@settings(max_examples=15, deadline=None)
@given(corpus=whole_corpora(), state=st.sampled_from(["open", "returned", "withdrawn"]))
def test_a_document_that_nobody_finished_changes_no_figure(
    layer: str, corpus: list[dict[str, Any]], state: str
) -> None:
    unread = copy.deepcopy(corpus[0]) | {"id": "zz"}
    for one in unread["sets"]:
        one["state"] = state
    specification = Specification(layer=layer, resamples=12)
    before, after = (report(c, specification=specification) for c in (corpus, [*corpus, unread]))
    assert after.figures == before.figures
    assert after.details == before.details
    assert sum(e.count for e in after.left_out) > sum(e.count for e in before.left_out)


@settings(max_examples=30, deadline=None)
@given(corpora(documents=2), st.integers(5, 30), st.sampled_from(STANCES))
def test_a_reading_that_found_nothing_counts(corpus: list[dict[str, Any]], length: int, stance: str) -> None:
    """Beside a reading that found something it is a difference; beside another empty one it is agreement."""
    for text in corpus:
        for one in text["sets"]:
            one["spans"] = copy.deepcopy(text["sets"][0]["spans"])
    before = report(corpus, specification=ONCE)
    assume(before.figure("u_alpha").value is not None)
    differ = document("zz", length, reading("Ada", (0, 3, stance)), reading("Ben"))
    after = report([*corpus, differ], specification=ONCE)
    assert after.documents == before.documents + 1
    assert value(after, "u_alpha") < 1
    assert value(after, "span_f1_exact") < 1
    quiet = report(
        [*corpus, differ, document("zzz", 1000, reading("Ada"), reading("Ben"))], specification=ONCE
    )
    assert value(quiet, "u_alpha") > value(after, "u_alpha")


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize(
    "texts",
    [
        [],
        [document("d", 9)],
        [document("d", 9, reading("Ada"))],
        [document("d", 9, reading("Ada"), reading("Ben"))],
        [document("d", 0, reading("Ada"), reading("Ben"))],
        [document("d", 9, {**reading("Ada"), "spans": None, "relations": None}, {"annotator": "Ben"})],
        [document("d", 9, reading("Ada", document_labels={"tone": None}), reading("Ben"))],
    ],
    ids=["no document", "no reading", "one", "two empty", "no text", "nulls", "no answer"],
)
def test_nothing_is_told_as_nothing(layer: str, texts: list[dict[str, Any]]) -> None:
    found = checked(report(texts, specification=Specification(layer=layer, resamples=12)))
    headline = found.figure(HEADLINES[layer])
    assert headline.value is None
    assert headline.reason in (
        "no_spans",
        "one_annotator",
        "no_pairable_units",
        "single_label",
        "no_expected_disagreement",
    )


def test_one_of_two_who_found_nothing_agrees_less_than_by_chance_or_not_at_all() -> None:
    texts = [document("d", 40, reading("Ada", (0, 9, "nuanced"), (20, 29, "nuanced")), reading("Ben"))]
    found = checked(report(texts, specification=FEW))
    assert value(found, "u_alpha") <= 0
    assert value(found, "span_f1_exact") == 0
    assert found.figure("cu_alpha").reason == "no_coverage"
    assert found.figure("ku_alpha", label="nuanced").reason == "no_coverage"


def test_spans_may_cover_a_whole_text_and_end_where_it_ends() -> None:
    whole = (0, 12, "nuanced")
    ends = (9, 12, "nuanced")
    same = checked(
        report([document("d", 12, reading("Ada", whole), reading("Ben", whole))], specification=FEW)
    )
    assert value(same, "span_f1_exact") == 1
    assert same.figure("u_alpha").reason == "single_label"
    last = checked(report([document("d", 12, reading("Ada", ends), reading("Ben", ends))], specification=FEW))
    assert value(last, "u_alpha") == 1


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("place", [(5, 13), (12, 13), (-1, 3), (4, 4), (7, 3)])
def test_a_span_that_leaves_its_text_is_refused_by_its_document_and_its_id(
    layer: str, place: tuple[int, int]
) -> None:
    wrong = {**span(*place, "nuanced", role="claim"), "id": "s7"}
    texts = [document("news-3", 12, reading("Ada", wrong), reading("Ben"))]
    if layer == "document":
        return
    with pytest.raises(ValueError, match=r"news-3.*s7"):
        report(texts, specification=Specification(layer=layer))


def test_labels_named_like_numbers_or_being_numbers_are_names() -> None:
    def said(one: Any, other: Any) -> list[dict[str, Any]]:
        pairs = [(one, one), (one, other), (other, other), (other, other)]
        return [
            document(
                f"d{n}",
                9,
                *(
                    reading(who, (1, 5, label), document_labels={"heat": label})
                    for who, label in zip(("Ada", "Ben"), pair, strict=True)
                ),
            )
            for n, pair in enumerate(pairs)
        ]

    for layer in ("stance", "document"):
        specification = Specification(layer=layer, resamples=12)
        words, named, numbers = (
            checked(report(said(*labels), specification=specification))
            for labels in (("a", "b"), ("1", "10"), (1, 10))
        )
        values = [[f.value for f in found.figures] for found in (words, named, numbers)]
        assert values[0] == pytest.approx(values[1])
        assert values[1] == values[2]
    ordered = Specification(layer="document", metric="interval", resamples=12)
    assert value(report(said("1", "10"), specification=ordered), "alpha_interval") == pytest.approx(
        value(report(said(1, 10), specification=ordered), "alpha_interval")
    )


def test_a_thousand_labels_are_a_thousand_labels() -> None:
    names = [f"label {n:04}" for n in range(1000)]
    texts = [
        document(f"d{n}", 9, *(reading(who, document_labels={"topic": name}) for who in ("Ada", "Ben")))
        for n, name in enumerate(names)
    ]
    found = report(texts, specification=Specification(layer="document", resamples=0))
    assert len(found.labels) == 1000
    assert value(found, "alpha_nominal") == 1
    assert value(found, "brennan_prediger") == 1


ONE_UNIT, ONE_LABEL = [["a", "b", "a"]], [["a", "a"], ["a", None], ["a", "a"]]


@pytest.mark.parametrize(
    "rows", [ONE_UNIT, ONE_LABEL, [["a", "b"]], [["a", None]], [["a", "a"], ["b", None]], [["a"], ["b"]]]
)
def test_coefficients_of_next_to_nothing_are_numbers_or_nan_without_a_warning(rows: list[Any]) -> None:
    found = ratings.from_matrix(rows)
    tally = found.distinct()
    with np.errstate(all="raise"):
        parts = counts.nominal_parts(found.counts()).sum(axis=0)
        got = [
            counts.nominal_alpha(parts),
            kappa.fleiss(tally),
            kappa.gwet(tally),
            kappa.brennan_prediger(tally),
            kappa.conger(found),
        ]
        values = [float(one.agreement) for one in got]
        kappa.leave_one_out(found)
        kappa.mean_pairwise(found)
    assert all(np.isnan(v) or v <= 1 for v in values)


@pytest.mark.parametrize("family", ["identity", "linear", "quadratic", "ordinal"])
def test_weights_of_a_single_label_are_one(family: str) -> None:
    assert weights(family, [3]).tolist() == [[1.0]]


def test_all_missing_has_no_value() -> None:
    found = ratings.from_matrix([[None, None], [None, None]], labels=["a", "b"])
    assert np.isnan(float(counts.nominal_alpha(counts.nominal_sums(found.counts())).agreement))
    assert np.isnan(kappa.leave_one_out(found)).all()
    assert np.isnan(kappa.pairwise_cohen(found)[0][0, 1])
    observed = alpha.coincidences(found.distinct())
    assert not bool(alpha.alpha(observed, alpha.distances("ordinal", observed)).defined)
