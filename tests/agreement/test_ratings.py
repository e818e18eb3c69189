"""Judgements as tables: from rows and from matrices, counted, and equal rows made one."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.agreement import alpha, counts, kappa, ratings
from annotator.agreement.ratings import Ratings, Tally

#: So many labels that a count row is no longer a number that a float holds.
SCORE = 40


@st.composite
def coded(draw: st.DrawFn) -> Ratings:
    """Up to 12 units, up to 4 annotators, few labels or many."""
    width, labels = draw(st.integers(1, 4)), draw(st.sampled_from([1, 2, 5, SCORE]))
    one = st.integers(-1, labels - 1)
    rows = draw(st.lists(st.lists(one, min_size=width, max_size=width), max_size=12))
    codes = np.array(rows, dtype=np.int8).reshape(len(rows), width)
    return Ratings(codes, tuple(range(labels)), tuple("abcd"[:width]))


def counted_slowly(found: Ratings) -> list[tuple[int, ...]]:
    return [tuple(row.count(k) for k in range(len(found.labels))) for row in found.codes.tolist()]


@settings(max_examples=150, deadline=None)
@given(coded())
def test_equal_rows_are_made_one_and_every_unit_knows_its_place(found: Ratings) -> None:
    slowly = counted_slowly(found)
    np.testing.assert_array_equal(found.counts(), np.array(slowly).reshape(found.counts().shape))
    tally, place = found.placed()
    assert [tuple(tally.rows[row]) for row in place] == slowly
    assert dict(zip(map(tuple, tally.rows), tally.times, strict=True)) == Counter(slowly)
    again = Tally.of(found.counts())
    assert dict(zip(map(tuple, again.rows), again.times, strict=True)) == Counter(slowly)


@settings(max_examples=100, deadline=None)
@given(coded())
def test_leaving_one_out_is_alpha_on_the_others(found: Ratings) -> None:
    everybody = range(len(found.annotators))
    for absent, value in enumerate(kappa.leave_one_out(found)):
        rest = found.chosen([a for a in everybody if a != absent]).counts()
        wanted = float(counts.nominal_alpha(counts.nominal_sums(rest)).agreement)
        assert value == pytest.approx(wanted, abs=1e-9, nan_ok=True)


@settings(max_examples=100, deadline=None)
@given(coded(), st.randoms(use_true_random=False))
def test_long_rows_in_any_order_are_the_matrix(found: Ratings, random: Any) -> None:
    unit, annotator = np.nonzero(found.codes >= 0)
    order = list(range(len(unit)))
    random.shuffle(order)
    unit, annotator = unit[order], annotator[order]
    read = ratings.from_rows(
        unit, annotator, found.codes[unit, annotator], shape=found.codes.shape, labels=found.labels
    )
    np.testing.assert_array_equal(read.codes, found.codes)
    counted = ratings.counted_rows(
        unit, found.codes[unit, annotator], shape=(len(found.codes), len(found.labels))
    )
    np.testing.assert_array_equal(counted, found.counts())


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([(0, 0, 1), (0, 0, 2)], "twice"),
        ([(0, 0, 1), (0, 0, 1)], "twice"),
        ([(0, 0, 3)], "not declared"),
        ([(0, 0, -1)], "not declared"),
        ([(2, 0, 0)], "leaves"),
        ([(0, 2, 0)], "leaves"),
        ([(-1, 0, 0)], "leaves"),
    ],
)
def test_long_rows_that_are_no_judgements_are_refused(rows: list[Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        ratings.from_rows(*np.array(rows).T, shape=(2, 2), labels="abc")


@pytest.mark.parametrize("labels", [127, 128, 129, 40_000])
def test_a_huge_set_of_labels_is_held_whole(labels: int) -> None:
    last = np.array([labels - 1, labels - 1, 0, labels - 2])
    found = ratings.from_rows(
        np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), last, shape=(2, 2), labels=range(labels)
    )
    assert found.codes.tolist() == [[labels - 1, labels - 1], [0, labels - 2]]
    few = ratings.from_matrix([["z", "z"], ["a", "y"]])
    wanted = float(counts.nominal_alpha(counts.nominal_sums(few.counts())).agreement)
    assert float(counts.nominal_alpha(counts.nominal_sums(found.counts())).agreement) == wanted
    assert kappa.pairwise_cohen(few)[0][0, 1] == pytest.approx(1 / 3)


def test_labels_that_are_numbers_stand_by_size_and_those_named_like_numbers_by_spelling() -> None:
    assert ratings.from_matrix([[10, 9], [2, None]]).labels == (2, 9, 10)
    assert ratings.from_matrix([["10", "9"], ["2", None]]).labels == ("10", "2", "9")
    assert ratings.from_matrix([["10", 9]]).labels == ("10", 9)
    assert ratings.from_matrix([["b", "a"]], labels=["c", "b"]).labels == ("c", "b", "a")


@pytest.mark.parametrize("metric", ["nominal", "interval", "ratio", "ordinal"])
def test_integers_are_the_same_labels_as_floats(metric: str) -> None:
    rows = [[1, 2, None], [3, 3, 1], [2, 2, 2]]
    values = []
    for kind in (int, float):
        found = ratings.from_matrix([[None if x is None else kind(x) for x in row] for row in rows])
        observed = alpha.coincidences(found.distinct())
        distance = alpha.distances(metric, observed, found.labels)
        values.append(float(alpha.alpha(observed, distance).agreement))
    assert values[0] == values[1]
