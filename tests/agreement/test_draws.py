"""Draws of units by the thousand: exactly Poisson, exactly multinomial, the same at every call of a seed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from annotator.agreement import bootstrap, draws
from annotator.agreement.draws import CELLS, Draws, Poissons

RATES = [0.2, 1.0, 7.5, 40.0, 333.3, 5000.0, 200_000.0]


@pytest.mark.parametrize("rate", RATES)
def test_the_chances_are_those_of_scipy(rate: float) -> None:
    found = Poissons.of(np.array([*range(1, 300), rate, rate + 0.5]))
    begin = [*found.first[:: CELLS + 1], len(found.number)]
    own = slice(*begin[found.rate[-2] : found.rate[-2] + 2])
    np.testing.assert_allclose(
        found.below[own], stats.poisson.cdf(found.number[own], rate), rtol=0, atol=1e-12
    )


@dataclass
class Foretold:
    """A generator that gives the chances it was told: the cell, then where in the cell."""

    chances: Any
    asked: Any

    def integers(self, low: int, high: int, *, size: tuple[int, int], dtype: type) -> Any:
        return (self.chances.reshape(size) * high).astype(dtype)

    def random(self, size: int) -> Any:
        return (self.chances * CELLS % 1)[self.asked]


@settings(max_examples=200, deadline=None)
@given(st.floats(0.01, 3000), st.lists(st.floats(0, 1, exclude_max=True), min_size=1, max_size=50))
def test_a_number_is_where_its_chance_lies(rate: float, chances: list[float]) -> None:
    made = Poissons.of(np.array([rate]))
    chance = np.array(chances)
    shared = made.number_of[(chance * CELLS).astype(int)] < 0
    found = made.drawn(len(chance), Foretold(chance, shared))[:, 0]  # type: ignore[arg-type]
    low, high = stats.poisson.cdf(found - 1, rate), stats.poisson.cdf(found, rate)
    assert (low <= chance + 1e-12).all()
    assert (chance <= high + 1e-12).all()


MANY = {
    "few units": [20, 12, 6, 2],
    "crowded rows": [2500, 1500, 750, 250],
    "one row holds nearly all": [40_000, 1, 1, 3],
    "every row is one unit": [1] * 5,
    "rows of every size": [*range(1, 60)],
}


@pytest.mark.parametrize("times", MANY.values(), ids=MANY)
def test_draws_are_multinomial(times: list[int]) -> None:
    units, resamples = sum(times), 20_000
    drawn = Draws.of(np.array(times, dtype=float)).drawn(resamples, np.random.default_rng(5))
    assert drawn.shape == (resamples, len(times))
    assert (drawn >= 0).all()
    assert (drawn == np.round(drawn)).all()
    assert (drawn.sum(axis=1) == units).all()
    share = np.array(times) / units
    covariance = units * (np.diag(share) - np.outer(share, share))
    spread = np.sqrt(np.outer(np.diag(covariance), np.diag(covariance)))
    assert (np.abs(drawn.mean(axis=0) - times) <= 5 * np.sqrt(np.diag(covariance) / resamples)).all()
    assert (np.abs(np.cov(drawn.T) - covariance) <= 6 * spread * np.sqrt(3 / resamples)).all()


@pytest.mark.parametrize("times", [MANY["few units"], MANY["crowded rows"], MANY["rows of every size"]])
def test_each_row_alone_is_binomial(times: list[int]) -> None:
    units = sum(times)
    drawn = Draws.of(np.array(times, dtype=float)).drawn(20_000, np.random.default_rng(8))
    for row in (0, len(times) - 1):
        law = stats.binom(units, times[row] / units)
        assert stats.chisquare(*_binned(drawn[:, row], law)).pvalue > 1e-4


def _binned(values: Any, law: Any) -> tuple[Any, Any]:
    """How many fall between tenths of the law, and how many should."""
    cuts = np.unique(law.ppf(np.arange(0.1, 1, 0.1)))
    chance = np.diff([0, *law.cdf(cuts), 1])
    seen = np.bincount(np.searchsorted(cuts, values), minlength=len(chance))
    kept = chance > 1e-9
    return seen[kept], chance[kept] / chance[kept].sum() * len(values)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.integers(0, 3) | st.integers(0, 900), max_size=8), st.integers(0, 30), st.integers(0, 2**32)
)
def test_as_many_are_drawn_as_there_are_and_none_of_what_is_not(
    times: list[int], resamples: int, seed: int
) -> None:
    rows = np.array(times, dtype=float)
    drawn = bootstrap.unit_sums(np.eye(len(rows)), rows, resamples=resamples, seed=seed)
    assert drawn.shape == (resamples, len(times))
    assert (drawn.sum(axis=1) == rows.sum()).all()
    assert not drawn[:, rows == 0].any()
    assert (drawn == bootstrap.unit_sums(np.eye(len(rows)), rows, resamples=resamples, seed=seed)).all()


def test_draws_by_poisson_numbers_are_as_spread_as_draws_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    times = np.array(MANY["rows of every size"], dtype=float)
    value = np.arange(len(times), dtype=float)
    quick = Draws.of(times).drawn(20_000, np.random.default_rng(1)) @ value
    monkeypatch.setattr(draws, "MANY", 10**9)
    assert Draws.of(times).poissons is None
    slow = Draws.of(times).drawn(20_000, np.random.default_rng(2)) @ value
    assert stats.ks_2samp(quick, slow).pvalue > 1e-3
