"""What must hold in every layer, whatever the corpus: order, names, chunks, subsets, resamples, reasons."""

from __future__ import annotations

import copy
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.agreement import REASONS, Report, Specification, parts_of, reduce, report
from annotator.agreement.figures import Figure
from tests.agreement.made import PEOPLE, STANCES
from tests.agreement.rich import ANSWERS, LAYERS, RELATIONS, ROLES, SCHEME, whole_corpora

Corpus = list[dict[str, Any]]
every_layer = pytest.mark.parametrize("layer", LAYERS)


def asked(layer: str, **more: Any) -> Specification:
    return Specification(layer=layer, **{"resamples": 12, **more})


def once(layer: str) -> Specification:
    return asked(layer, resamples=0)


def plain(found: Report) -> dict[str, Any]:
    return {**found.as_dict(), "details": found.details.as_dict()}


def near(value: float | None) -> Any:
    return None if value is None else pytest.approx(value, abs=1e-9)


@every_layer
@settings(max_examples=15, deadline=None)
@given(corpus=whole_corpora(), chance=st.randoms(use_true_random=False))
def test_no_order_shows(layer: str, corpus: Corpus, chance: Any) -> None:
    shuffled = copy.deepcopy(corpus)
    chance.shuffle(shuffled)
    for text in shuffled:
        chance.shuffle(text["sets"])
        for one in text["sets"]:
            chance.shuffle(one["spans"])
            chance.shuffle(one["relations"])
            for mark in one["spans"]:
                chance.shuffle(mark["fragments"])
    assert plain(report(shuffled, specification=asked(layer))) == plain(
        report(corpus, specification=asked(layer))
    )


@every_layer
@settings(max_examples=15, deadline=None)
@given(corpus=whole_corpora(), data=st.data())
def test_other_names_of_labels_and_annotators_in_another_order_change_no_value(
    layer: str, corpus: Corpus, data: st.DataObject
) -> None:
    words = [*STANCES, *ROLES, *RELATIONS, *(label for labels in ANSWERS.values() for label in labels)]
    new: dict[Any, Any] = dict(zip(words, data.draw(st.permutations(words)), strict=True)) | {None: None}
    people = dict(zip(PEOPLE, data.draw(st.permutations(PEOPLE)), strict=True))
    renamed = copy.deepcopy(corpus)
    for one in (own for text in renamed for own in text["sets"]):
        one["annotator"] = people[one["annotator"]]
        one["document_labels"] = {group: new[said] for group, said in one["document_labels"].items()}
        for mark in one["spans"]:
            mark["stance"], mark["role"] = new[mark["stance"]], new[mark["role"]]
        for relation in one["relations"]:
            relation["label"] = new[relation["label"]]
    before, after = (report(c, specification=asked(layer)) for c in (corpus, renamed))
    assert len(before.figures) == len(after.figures)
    for figure in before.figures:
        if figure.name == "alpha_u_2004":
            continue
        pair = figure.pair and tuple(sorted(people[name] for name in figure.pair))
        without = figure.without and people[figure.without]
        again = after.figure(
            figure.name,
            label=renamed_label(figure.label, new),
            pair=pair,
            without=without,
            group=figure.group,
        )
        assert again.value == near(figure.value), figure
        assert (again.reason, again.units) == (figure.reason, figure.units)
        assert limits(again) == pytest.approx(limits(figure), abs=1e-9)


def renamed_label(label: str | None, new: dict[Any, Any]) -> str | None:
    """Two relations between the same ends are one label, their names in order."""
    return "+".join(sorted(new.get(part, part) for part in label.split("+"))) if label else None


def limits(figure: Figure) -> list[float]:
    return [figure.interval.low, figure.interval.high] if figure.interval else []


@every_layer
@settings(max_examples=10, deadline=None)
@given(corpus=whole_corpora(documents=6), size=st.integers(1, 3))
def test_chunks_and_workers_change_nothing(layer: str, corpus: Corpus, size: int) -> None:
    whole = report(corpus, specification=asked(layer))
    chunks = [parts_of(corpus[i : i + size], asked(layer)) for i in range(0, len(corpus), size)]
    stored = [json.loads(json.dumps(chunk.as_dict(), allow_nan=False)) for chunk in chunks]
    assert plain(reduce(reversed(stored), specification=asked(layer))) == plain(whole)


@every_layer
@settings(max_examples=15, deadline=None)
@given(corpus=whole_corpora())
def test_a_value_or_a_reason_and_never_nan(layer: str, corpus: Corpus) -> None:
    found = report(corpus, specification=asked(layer))
    assert found.figures
    for figure in found.figures:
        assert (figure.value is None) != (figure.reason is None), figure
        assert figure.reason is None or figure.reason in REASONS
        assert figure.method
    json.dumps(plain(found), allow_nan=False)


def whole(found: Report, name: str, group: str | None) -> list[float | None]:
    """The values of the figures of that name (and question) that are about all annotators and labels."""
    same = [f for f in found.figures if (f.name, f.group) == (name, group)]
    return [f.value for f in same if (f.label, f.pair, f.without) == (None, None, None)]


@every_layer
@settings(max_examples=15, deadline=None)
@given(corpus=whole_corpora(least=2))
def test_a_pair_is_the_corpus_that_only_these_two_read(layer: str, corpus: Corpus) -> None:
    found = report(corpus, specification=once(layer))
    for figure in found.figures:
        if figure.pair is None or len(found.annotators) == 2:
            continue
        two = report(corpus, specification=asked(layer, resamples=0, annotators=figure.pair))
        assert whole(two, figure.name, figure.group) in ([near(figure.value)], []), figure


@every_layer
@settings(max_examples=15, deadline=None)
@given(corpus=whole_corpora(least=2))
def test_without_somebody_is_the_corpus_that_the_others_read(layer: str, corpus: Corpus) -> None:
    found = report(corpus, specification=once(layer))
    for figure in found.figures:
        if figure.without is None:
            continue
        rest = tuple(name for name in found.annotators if name != figure.without)
        others = report(corpus, specification=asked(layer, resamples=0, annotators=rest))
        assert whole(others, figure.name, figure.group) in ([near(figure.value)], []), figure


@every_layer
@settings(max_examples=15, deadline=None)
@given(corpus=whole_corpora(least=2))
def test_a_document_s_figures_are_those_of_the_document_alone(layer: str, corpus: Corpus) -> None:
    for row in report(corpus, specification=once(layer)).details.documents:
        text = next(text for text in corpus if text["id"] == row.id)
        alone = report([text], specification=once(layer))
        for name, value in row.figures.items():
            plain_name, _, group = name.removesuffix("]").partition(" [")
            if plain_name != "entropy":
                found = whole(alone, plain_name, group or None)
                assert found in ([near(value)], []), name
        assert dict(row.differences) == {count.type: count.count for count in alone.details.by_type}


@every_layer
@settings(max_examples=5, deadline=None)
@given(corpus=whole_corpora(documents=4, least=2, everybody=True))
def test_every_interval_is_that_of_resampled_documents(layer: str, corpus: Corpus) -> None:
    found = report(corpus, specification=asked(layer, seed=3), scheme=SCHEME)
    drawn = np.random.default_rng(3).integers(0, len(corpus), size=(12, len(corpus)))
    naive = [
        report(
            [{**corpus[i], "id": f"{n}"} for n, i in enumerate(row)], specification=once(layer), scheme=SCHEME
        )
        for row in drawn
    ]
    for figure in found.figures:
        if figure.interval is None:
            continue
        values = [value for again in naive if (value := of(again, figure)) is not None]
        assert figure.interval.undefined == len(naive) - len(values), figure
        low, high = np.quantile(values, [0.025, 0.975])
        assert limits(figure) == pytest.approx([low, high], abs=1e-9), figure


def of(found: Report, figure: Figure) -> float | None:
    """The value of the same figure in another report; None also where nobody it names is in it."""
    which = (figure.name, figure.label, figure.pair, figure.without, figure.group)
    for other in found.figures:
        if (other.name, other.label, other.pair, other.without, other.group) == which:
            return other.value
    return None
