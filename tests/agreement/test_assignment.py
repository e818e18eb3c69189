"""Linear assignment against scipy; matchings against brute force."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from annotator.agreement import assignment, matches


@st.composite
def matrices(draw: st.DrawFn, *, square: bool = False) -> np.ndarray:
    rows = draw(st.integers(1, 7))
    columns = rows if square else draw(st.integers(1, 7))
    entry = st.integers(-3, 9) | st.floats(-3, 9, allow_nan=False, width=32)
    return np.array(
        draw(st.lists(entry, min_size=rows * columns, max_size=rows * columns)), dtype=float
    ).reshape(rows, columns)


@settings(max_examples=200, deadline=None)
@given(matrices(square=True))
def test_the_least_cost_is_that_of_scipy(cost: np.ndarray) -> None:
    chosen = assignment.least_cost(cost)
    assert sorted(chosen) == list(range(len(cost)))
    rows, columns = linear_sum_assignment(cost)
    assert cost[np.arange(len(cost)), chosen].sum() == pytest.approx(cost[rows, columns].sum(), abs=1e-9)


@settings(max_examples=200, deadline=None)
@given(matrices())
def test_the_best_pairs_gain_as_much_as_any(gain: np.ndarray) -> None:
    pairs = assignment.best_pairs(gain)
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)
    assert all(gain[i, j] > 0 for i, j in pairs)
    worth = np.maximum(gain, 0)
    rows, columns = linear_sum_assignment(-worth)
    assert sum(gain[i, j] for i, j in pairs) == pytest.approx(worth[rows, columns].sum(), abs=1e-9)


def test_nothing_to_gain_pairs_nothing() -> None:
    assert assignment.best_pairs(np.zeros((3, 2))) == []
    assert assignment.best_pairs(np.zeros((0, 2))) == []


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.integers(0, 4), unique=True, max_size=5), max_size=5))
def test_a_matching_is_as_large_as_any(rows: list[list[int]]) -> None:
    found = matches.matching(rows)
    assert all(column in rows[row] for column, row in found.items())
    assert len(set(found.values())) == len(found)
    assert len(found) == largest(rows, 0, frozenset())


def largest(rows: list[list[int]], row: int, used: frozenset[int]) -> int:
    if row == len(rows):
        return 0
    taken = [1 + largest(rows, row + 1, used | {c}) for c in rows[row] if c not in used]
    return max([largest(rows, row + 1, used), *taken])
