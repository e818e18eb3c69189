"""Span F1 against sets and characters."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from annotator.agreement import Specification, report
from tests.agreement.made import corpora, document, reading, span

ONCE = Specification(resamples=0)


def pairs(corpus: list[dict[str, Any]]) -> list[tuple[list[dict[str, Any]], list[dict[str, Any]]]]:
    return [(a["spans"], b["spans"]) for text in corpus for a, b in combinations(text["sets"], 2)]


@settings(max_examples=50, deadline=None)
@given(corpora(overlapping=True))
def test_f1_in_its_four_ways_equals_counting(corpus: list[dict[str, Any]]) -> None:
    found = report(corpus, specification=ONCE)
    sums = {name: [0, 0] for name in ("exact", "unlabelled", "overlap", "characters")}
    for left, right in pairs(corpus):
        total = len(left) + len(right)
        exact, free = key("start", "end", "stance"), key("start", "end")
        add(sums["exact"], (exact(left) & exact(right)).total(), total)
        add(sums["unlabelled"], (free(left) & free(right)).total(), total)
        add(sums["overlap"], matched(left, right), total)
        one, other = characters(left), characters(right)
        add(sums["characters"], len(one & other), len(one) + len(other))
    for way, (common, total) in sums.items():
        figure = found.figure(f"span_f1_{way}")
        if total:
            assert figure.value == pytest.approx(2 * common / total, abs=1e-12), way
        else:
            assert figure.reason == "no_spans"


def key(*names: str) -> Any:
    return lambda spans: Counter(tuple(s[name] for name in names) for s in spans)


def add(sums: list[int], common: int, total: int) -> None:
    sums[0] += common
    sums[1] += total


def characters(spans: list[dict[str, Any]]) -> set[tuple[int, str]]:
    return {(p, s["stance"]) for s in spans for p in range(s["start"], s["end"])}


def matched(left: list[dict[str, Any]], right: list[dict[str, Any]]) -> int:
    fits = np.zeros((len(left) + 1, len(right) + 1), dtype=bool)
    for i, a in enumerate(left):
        for j, b in enumerate(right):
            mine, theirs = set(range(a["start"], a["end"])), set(range(b["start"], b["end"]))
            fits[i, j] = a["stance"] == b["stance"] and len(mine & theirs) / len(mine | theirs) >= 0.5
    return int((maximum_bipartite_matching(csr_array(fits)) >= 0).sum())


def test_two_spans_that_only_differ_in_their_holder_are_two_spans() -> None:
    twice = [span(0, 9, "nuanced", holder="mayor"), span(0, 9, "nuanced", holder="editor")]
    found = report([document("d", 20, reading("Ada", *twice), reading("Ben", twice[0]))], specification=ONCE)
    assert found.figure("span_f1_exact").value == pytest.approx(2 / 3)
