"""Coefficients once more in straight lines, one judgement at a time: what the other files do not hold."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, pairwise, permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from nltk.metrics import segmentation as nltk_segmentation

from annotator.agreement import (
    Specification,
    alpha,
    counts,
    kappa,
    pooling,
    ratings,
    report,
    segmentation,
    unitized,
)
from annotator.agreement.collection import parts_of
from annotator.agreement.contributions import in_order
from annotator.agreement.ratings import Ratings
from tests.agreement import test_older_figures as older
from tests.agreement.made import PEOPLE, STANCES, corpora, document, link, reading, separate_spans, span
from tests.agreement.test_span_f1 import characters, key, matched
from tests.agreement.test_unitizing import slowly as family_sums

Rows = list[list[int]]
LABELS = range(4)


@st.composite
def judged(draw: st.DrawFn, *, least: int = 0) -> tuple[Ratings, Rows]:
    """Ratings, and the same as rows of each unit's labels; `least` 1: nothing is missing."""
    width = draw(st.integers(2, 4))
    one = st.integers(0, 3) if least else st.sampled_from([None, *LABELS])
    cells = draw(st.lists(st.lists(one, min_size=width, max_size=width), min_size=1, max_size=10))
    return ratings.from_matrix(cells, labels=LABELS), [[c for c in row if c is not None] for row in cells]


@st.composite
def distances(draw: st.DrawFn) -> np.ndarray:
    """A custom distance between the labels."""
    upper = draw(st.lists(st.integers(0, 20), min_size=6, max_size=6))
    matrix = np.zeros((4, 4))
    matrix[np.triu_indices(4, 1)] = np.array(upper) / 8
    return matrix + matrix.T


def same(got: Any, wanted: float | None) -> None:
    if wanted is None:
        assert np.isnan(float(got))
    else:
        assert float(got) == pytest.approx(wanted, abs=1e-9)


def ratio(numerator: float, denominator: float) -> float | None:
    return 1 - numerator / denominator if denominator > 1e-9 * max(1.0, abs(numerator)) else None


def alpha_slowly(rows: Rows, distance: Any) -> float | None:
    pairable = [row for row in rows if len(row) >= 2]
    values = [value for row in pairable for value in row]
    if len(values) < 2:
        return None
    observed = sum(distance(a, b) / (len(row) - 1) for row in pairable for a, b in permutations(row, 2))
    return ratio(observed, sum(distance(a, b) for a, b in permutations(values, 2)) / (len(values) - 1))


@settings(max_examples=60, deadline=None)
@given(judged(), distances())
def test_alpha_with_a_custom_distance(given_: tuple[Ratings, Rows], distance: np.ndarray) -> None:
    found, rows = given_
    observed = alpha.coincidences(found.distinct())
    checked = alpha.checked_distance(distance, found.labels)
    same(alpha.alpha(observed, checked).agreement, alpha_slowly(rows, lambda a, b: distance[a, b]))


@settings(max_examples=60, deadline=None)
@given(judged(), st.sampled_from(LABELS))
def test_alpha_of_one_label_is_alpha_of_that_label_against_the_rest(
    given_: tuple[Ratings, Rows], label: int
) -> None:
    found, rows = given_
    parts = counts.nominal_parts(counts.binary(found.counts(), label)).sum(axis=0)
    wanted = alpha_slowly(rows, lambda a, b: float((a == label) != (b == label)))
    same(counts.nominal_alpha(parts).agreement, wanted)


@settings(max_examples=60, deadline=None)
@given(judged())
def test_alpha_of_one_unit_is_its_disagreement_over_what_chance_gives(given_: tuple[Ratings, Rows]) -> None:
    found, rows = given_
    values = [value for row in rows if len(row) >= 2 for value in row]
    assume(len(set(values)) > 1)
    chance = sum(a != b for a, b in permutations(values, 2)) / len(values) / (len(values) - 1)
    _, own = alpha.of_units(found.counts(), 1 - np.eye(4))
    for row, value in zip(rows, own, strict=True):
        if len(row) < 2:
            assert np.isnan(value)
        else:
            apart = sum(a != b for a, b in permutations(row, 2)) / (len(row) - 1) / len(row)
            assert value == pytest.approx(1 - apart / chance, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(judged())
def test_percent_over_units_and_over_pairs(given_: tuple[Ratings, Rows]) -> None:
    found, rows = given_
    pairs = [[a == b for a, b in combinations(row, 2)] for row in rows if len(row) >= 2]
    over_units = counts.percent(counts.percent_parts(found.counts()).sum(axis=0))
    over_pairs = counts.percent(counts.pair_parts(found.counts()).sum(axis=0))
    if not pairs:
        assert not over_units.defined
        assert not over_pairs.defined
        return
    same(over_units.share, sum(sum(p) / len(p) for p in pairs) / len(pairs))
    same(over_pairs.share, sum(map(sum, pairs)) / sum(map(len, pairs)))


def cohen_slowly(pairs: list[tuple[int, int]], distance: Any) -> float | None:
    if not pairs:
        return None
    observed = sum(distance(a, b) for a, b in pairs) / len(pairs)
    return ratio(observed, sum(distance(a, b) for a, _ in pairs for _, b in pairs) / len(pairs) ** 2)


@settings(max_examples=60, deadline=None)
@given(judged(), distances())
def test_kappa_of_each_pair_and_their_mean_with_a_custom_distance(
    given_: tuple[Ratings, Rows], distance: np.ndarray
) -> None:
    found, _ = given_
    values, _ = kappa.pairwise_cohen(found, distance)
    known = []
    for a, b in combinations(range(len(found.annotators)), 2):
        both = [(x, y) for x, y in found.codes[:, [a, b]].tolist() if x >= 0 and y >= 0]
        wanted = cohen_slowly(both, lambda x, y: distance[x, y])
        same(values[a, b], wanted)
        known += [] if wanted is None else [wanted]
    mean, least, most = kappa.mean_pairwise(found, distance)
    same(mean, sum(known) / len(known) if known else None)
    same(least, min(known, default=None))
    same(most, max(known, default=None))


@settings(max_examples=40, deadline=None)
@given(judged(least=1), st.sampled_from(LABELS))
def test_fleiss_of_one_label(given_: tuple[Ratings, Rows], label: int) -> None:
    found, rows = given_
    m, n = len(rows[0]), len(rows)
    p = sum(row.count(label) for row in rows) / (n * m)
    apart = sum(row.count(label) * (m - row.count(label)) for row in rows)
    same(kappa.fleiss_label(found.distinct(), label).agreement, ratio(apart, n * m * (m - 1) * p * (1 - p)))


@st.composite
def read_by_three(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Documents that the same three read, with spans that do not overlap."""
    made = []
    for number in range(draw(st.integers(1, 3))):
        length = draw(st.integers(5, 20))
        sets = [reading(name, *draw(separate_spans(length=length))) for name in PEOPLE[:3]]
        made.append(document(f"d{number}", length, *sets))
    return made


@settings(max_examples=40, deadline=None)
@given(read_by_three())
def test_alpha_u_of_2004_of_a_corpus_is_that_of_one_long_continuum(corpus: list[dict[str, Any]]) -> None:
    found = report(corpus, specification=Specification(resamples=0))
    total = sum(len(text["text"]) for text in corpus)
    observed = expected = 0.0
    for stance in found.labels:
        continuum: list[list[tuple[int, int]]] = [[], [], []]
        begin = 0
        for text in corpus:
            for own, one in zip(continuum, text["sets"], strict=True):
                marked = [s for s in one["spans"] if s["stance"] == stance]
                own += sorted((begin + s["start"], begin + s["end"]) for s in marked)
            begin += len(text["text"])
        numerator, denominator = older.slowly(continuum, total)
        observed, expected = observed + numerator, expected + denominator
        own_figure = found.figure("alpha_u_2004", label=stance)
        assert own_figure.value == (None if denominator == 0 else near(1 - numerator / denominator))
    whole = found.figure("alpha_u_2004")
    assert whole.value == (None if expected == 0 else near(1 - observed / expected))


def near(value: float) -> Any:
    return pytest.approx(value, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(corpora(), st.lists(st.floats(0.1, 3), min_size=3, max_size=3))
def test_cu_alpha_with_a_distance_between_labels(corpus: list[dict[str, Any]], upper: list[float]) -> None:
    distance = np.zeros((3, 3))
    distance[np.triu_indices(3, 1)] = upper
    distance += distance.T
    sums = family_sums(corpus)
    joint, star = sums["l"][1:, 1:], sums["S*"][1:]
    total = joint.sum()
    assume(total and abs(total - star.sum() / total) > 1e-6)
    chance = (np.outer(joint.sum(1), joint.sum(1)) - np.diag(star)) / (total - star.sum() / total)
    assume((distance * chance).sum() > 1e-6)
    parts = in_order(parts_of(corpus, Specification()), labels=STANCES)
    ours = unitized.cu_alpha(unitized.summed(pooling.coincidences(pooling.group(parts))), distance)
    same(ours.agreement, 1 - (distance * joint).sum() / (distance * chance).sum())


@settings(max_examples=30, deadline=None)
@given(corpora(overlapping=True))
def test_span_f1_of_each_label_and_each_pair(corpus: list[dict[str, Any]]) -> None:
    found = report(corpus, specification=Specification(resamples=0))
    for stance in found.labels:
        check_f1(found, corpus, stance, None)
    for pair in combinations(found.annotators, 2):
        met = any(set(pair) <= {one["annotator"] for one in text["sets"]} for text in corpus)
        if met:
            check_f1(found, corpus, None, pair)


def check_f1(
    found: Any, corpus: list[dict[str, Any]], stance: str | None, pair: tuple[str, str] | None
) -> None:
    sums: dict[str, list[float]] = {"exact": [0, 0], "overlap": [0, 0], "characters": [0, 0]}
    for text in corpus:
        sets = [one for one in text["sets"] if pair is None or one["annotator"] in pair]
        chosen = [[s for s in one["spans"] if stance in (None, s["stance"])] for one in sets]
        for left, right in combinations(chosen, 2):
            exact = key("start", "end", "stance")
            one, other = characters(left), characters(right)
            for way, common, total in (
                ("exact", (exact(left) & exact(right)).total(), len(left) + len(right)),
                ("overlap", matched(left, right), len(left) + len(right)),
                ("characters", len(one & other), len(one) + len(other)),
            ):
                sums[way][0] += common
                sums[way][1] += total
    for way, (shared, every) in sums.items():
        figure = found.figure(f"span_f1_{way}", label=stance, pair=pair)
        assert figure.value == (near(2 * shared / every) if every else None), (way, stance, pair)


@st.composite
def two_cuts(draw: st.DrawFn) -> tuple[list[int], list[int]]:
    """Two segmentations of the same text of up to 12 units."""
    length = draw(st.integers(2, 12))
    sides = [sorted(draw(st.sets(st.integers(1, length - 1)))) for _ in range(2)]
    one, other = ([b - a for a, b in pairwise([0, *side, length])] for side in sides)
    return one, other


@settings(max_examples=150, deadline=None)
@given(two_cuts())
def test_boundary_similarity_with_as_many_near_misses_as_there_can_be(
    pair: tuple[list[int], list[int]],
) -> None:
    a, b = (set(np.cumsum(masses)[:-1].tolist()) for masses in pair)
    only, others = a - b, b - a
    steps = [(x, y) for x in only for y in others if abs(x - y) == 1]
    moved = max(
        size
        for size in range(len(steps) + 1)
        for chosen in combinations(steps, size)
        if len({x for x, _ in chosen}) == len({y for _, y in chosen}) == size
    )
    added = len(only) + len(others) - 2 * moved
    considered = len(a & b) + added + moved
    ours = segmentation.boundary_similarity(*pair)
    same(ours.agreement, 1 - (added + moved / 2) / considered if considered else None)


@settings(max_examples=60, deadline=None)
@given(two_cuts(), st.integers(2, 4))
def test_p_k_is_that_of_nltk(pair: tuple[list[int], list[int]], window: int) -> None:
    length = sum(pair[0])
    assume(length > window + 1)
    marks = [
        "".join("1" if at in segmentation.boundaries(m) else "0" for at in range(1, length)) for m in pair
    ]
    ours = segmentation.p_k(*pair, window=window)
    assert ours == pytest.approx(nltk_segmentation.pk(*marks, k=window), abs=1e-9)


NODES = [span(10 * i, 10 * i + 8, role="claim" if i == 0 else "premise") for i in range(4)]


@st.composite
def trees(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Links on fixed nodes, at most one from each."""
    made = []
    for node in draw(st.sets(st.sampled_from(range(4)))):
        end = draw(st.sampled_from([other for other in range(4) if other != node]))
        made.append(link(NODES[node], NODES[end], draw(st.sampled_from(["supports", "attacks"]))))
    return made


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(trees(), min_size=3, max_size=3), min_size=1, max_size=2))
def test_links_and_attachment_on_fixed_nodes(texts: list[list[list[dict[str, Any]]]]) -> None:
    corpus = [
        document(f"d{n}", 50, *(reading(a, *NODES, relations=r) for a, r in zip(PEOPLE, sets, strict=False)))
        for n, sets in enumerate(texts)
    ]
    found = report(corpus, specification=Specification(layer="relation", resamples=0))
    sums: dict[str, list[float]] = {}
    for sets in texts:
        for one, other in combinations(sets, 2):
            total = len(one) + len(other)
            add(sums, "link_f1", common(one, other, ends, label), total)
            add(sums, "link_f1_unlabelled", common(one, other, ends), total)
            add(sums, "link_f1_undirected", common(one, other, lambda r: tuple(sorted(ends(r)))), total)
            hung = [{r["from"]["span"]: (ends(r), label(r)) for r in side} for side in (one, other)]
            alike = sum(hung[0].get(node["id"]) == hung[1].get(node["id"]) for node in NODES)
            add(sums, "attachment", alike / 2, len(NODES))
    for name, (shared, every) in sums.items():
        figure = found.figure(name)
        assert figure.value == (near(2 * shared / every) if every else None), name


def add(sums: dict[str, list[float]], name: str, shared: float, total: float) -> None:
    before = sums.setdefault(name, [0.0, 0.0])
    before[0] += shared
    before[1] += total


def ends(relation: dict[str, Any]) -> tuple[str, str]:
    return relation["from"]["span"], relation["to"]["span"]


def label(relation: dict[str, Any]) -> str:
    return str(relation["label"])


def common(one: list[dict[str, Any]], other: list[dict[str, Any]], *parts: Any) -> int:
    sides = [Counter(tuple(part(r) for part in parts) for r in side) for side in (one, other)]
    return (sides[0] & sides[1]).total()
