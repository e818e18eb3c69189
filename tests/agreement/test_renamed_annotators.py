"""What annotators are called changes nothing in the relation layer, however their spans tie."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.agreement import Specification, graphs, report
from annotator.agreement.graphs import Graph, Link
from tests.agreement.made import PEOPLE, document, link, reading, span
from tests.agreement.rich import RELATIONS, ROLES, whole_corpora

RELATION = Specification(layer="relation", resamples=0)
#: The last comes first, and the first last.
RENAMED = dict(zip(PEOPLE, ("Zoe", "Yan", "Xia", "Ann"), strict=True))
#: Spans that overlap one another equally, and some that are one another's twins.
PLACES = ((0, 10), (0, 10), (0, 9), (1, 10), (2, 11), (10, 20), (10, 19), (11, 20))


@st.composite
def tied_readings(draw: st.DrawFn, annotator: str) -> dict[str, Any]:
    chosen = draw(st.lists(st.sampled_from(range(len(PLACES))), min_size=2, max_size=5, unique=True))
    spans = [span(*PLACES[n], role=draw(st.sampled_from(ROLES)), note=n) for n in chosen]
    ends = st.sampled_from(list(permutations(spans, 2)))
    links = {
        one["id"]: one
        for a, b in draw(st.lists(ends, max_size=4))
        for one in [link(a, b, draw(st.sampled_from(RELATIONS)))]
    }
    return reading(annotator, *spans, relations=list(links.values()))


@st.composite
def tied_corpora(draw: st.DrawFn) -> list[dict[str, Any]]:
    people = PEOPLE[: draw(st.integers(2, 3))]
    sets = [[draw(tied_readings(name)) for name in people] for _ in range(draw(st.integers(1, 2)))]
    return [document(f"d{n}", 20, *some) for n, some in enumerate(sets)]


def figures(corpus: list[dict[str, Any]], names: dict[str, str]) -> dict[Any, Any]:
    """Every figure's value and reason, under the names that the annotators had before."""
    old = {new: name for name, new in names.items()}
    found = report(corpus, specification=RELATION).figures
    return {
        (f.name, f.label, f.pair and frozenset(old[a] for a in f.pair), f.without and old[f.without]): (
            None if f.value is None else round(f.value, 9),
            f.reason,
            f.units,
        )
        for f in found
    }


@settings(max_examples=150, deadline=None)
@given(st.one_of(tied_corpora(), whole_corpora(documents=2)))
def test_renaming_annotators_changes_nothing_in_the_relation_layer(corpus: list[dict[str, Any]]) -> None:
    renamed = [
        {**text, "sets": [{**one, "annotator": RENAMED[one["annotator"]]} for one in text["sets"]]}
        for text in corpus
    ]
    assert figures(corpus, {name: name for name in PEOPLE}) == figures(renamed, RENAMED)


@pytest.mark.parametrize("turned", [False, True])
def test_of_nodes_that_tie_those_of_equal_role_are_the_same(turned: bool) -> None:
    twins = ((0, 10),), ((0, 10),)
    one = Graph((((0, 10),),), ("premise",), (), (0,))
    two = Graph(twins, ("claim", "premise"), (Link(1, 0, "supports"),), (0, 0))
    pairs = graphs.aligned(two, one) if turned else [(j, i) for i, j in graphs.aligned(one, two)]
    assert pairs == [(1, 0)]
    plain = Graph(twins, ("", ""), (), (0, 0))
    assert graphs.aligned(plain, plain) == [(0, 0), (1, 1)]
