"""Resamples of units as counts: how often each distinct row is drawn, by the thousand at once.

A resample of n units is a multinomial draw. Independent Poisson numbers are multinomial given their sum,
and stay so when the units that are missing from n are drawn one by one: so the cost hardly depends on n.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotator.agreement.continua import Floats, Ints

#: From so many units on (and so many to a row), Poisson numbers are faster than drawing one by one.
MANY, CROWDED = 1000, 4
#: Standard deviations by which the Poisson numbers aim below n: too many are drawn again, too few filled up.
SHORT = 1.5
#: Cells of equal chance by which the search for a Poisson number is indexed.
CELLS = 512


@dataclass(frozen=True)
class Poissons:
    """Poisson numbers of many rates, by an indexed search of their distributions (Chen & Asau 1974).

    The distributions of the distinct rates stand behind one another: `number` and `below`, the chance of
    that number or less. `first` says where the numbers of each cell of chance begin (rates x (CELLS + 1)),
    `number_of` which number has a cell for itself, -1 where a cell is shared and must be searched.
    """

    rate: Ints
    number: Floats
    below: Floats
    first: Ints
    number_of: Floats
    bits: int

    @classmethod
    def of(cls, rates: Floats) -> Poissons:
        """What is needed to draw from these rates; what is likelier than 1e-17 is told apart."""
        distinct, rate = np.unique(np.maximum(rates, 1e-300), return_inverse=True)
        reach = 9 * np.sqrt(distinct) + 20
        least = np.maximum(distinct - reach, 0).astype(np.int64)
        size = (distinct + reach).astype(np.int64) - least + 1
        end = np.cumsum(size)
        owner = np.repeat(np.arange(len(distinct)), size)
        number = np.arange(len(owner)) - (end - size - least)[owner]
        below = _cumulated(_chances(number, distinct[owner]), owner, end)
        cell = owner * (CELLS + 1) + (below * CELLS).astype(np.int64)
        inside = np.bincount(cell, minlength=len(distinct) * (CELLS + 1))
        first = np.cumsum(inside) - inside
        number_of = np.where(inside == 0, number[np.minimum(first, len(number) - 1)], -1.0)
        bits = int(inside.max(initial=0)).bit_length()
        return cls(rate, number.astype(np.float64), below, first, number_of, bits)

    def drawn(self, times: int, rng: np.random.Generator) -> Floats:
        """So many numbers of each rate: (times, rates)."""
        offset = (self.rate * (CELLS + 1)).astype(np.int32)
        cell = rng.integers(0, CELLS, size=(times, len(offset)), dtype=np.uint16) + offset
        numbers = self.number_of.take(cell)
        shared = np.flatnonzero(numbers < 0)
        numbers.reshape(-1)[shared] = self.searched(cell.reshape(-1)[shared], rng)
        return numbers

    def searched(self, cell: npt.NDArray[np.int32], rng: np.random.Generator) -> Floats:
        """A number from each of these cells, by bisection."""
        chance = (cell % (CELLS + 1) + rng.random(len(cell))) / CELLS
        low, high = self.first[cell], self.first[cell + 1]
        for _ in range(self.bits):
            middle = (low + high) >> 1
            passed = self.below[middle] <= chance
            low, high = np.where(passed, middle + 1, low), np.where(passed, high, middle)
        return self.number[low]


def _chances(number: Ints, rate: Floats) -> Floats:
    """The chance of each number at each rate."""
    factorials = np.cumsum(np.log(np.maximum(np.arange(number.max(initial=0) + 1), 1)), dtype=np.longdouble)
    logarithm = number * np.log(rate).astype(np.longdouble) - factorials[number] - rate
    return np.exp(logarithm.astype(np.float64))


def _cumulated(chance: Floats, owner: Ints, end: Ints) -> Floats:
    """Running sums for each owner, the last being exactly 1; long, because they run through all owners."""
    total = np.cumsum(chance, dtype=np.longdouble)
    total -= np.concatenate([[0], total[end[:-1] - 1]])[owner]
    return (total / total[end - 1][owner]).astype(np.float64)


@dataclass(frozen=True)
class Draws:
    """Draws of as many units as there are, from rows that stand for several each (`row_of_unit`) or for one."""

    units: int
    rows: int
    row_of_unit: Ints | None
    poissons: Poissons | None

    @classmethod
    def of(cls, times: Floats) -> Draws:
        """From rows that stand for `times` units."""
        units, rows = int(times.sum()), len(times)
        many = units >= max(MANY, CROWDED * rows)
        poissons = Poissons.of(times * (1 - SHORT / units**0.5)) if many else None
        row_of_unit = None if (times == 1).all() else np.repeat(np.arange(rows), times.astype(np.int64))
        return cls(units, rows, row_of_unit, poissons)

    def drawn(self, resamples: int, rng: np.random.Generator) -> Floats:
        """How often each row is drawn in each resample, exactly multinomial: (resamples, rows)."""
        units = np.full(resamples, self.units)
        if self.poissons is None:
            return self.one_by_one(units, rng).astype(np.float64)
        often = self.poissons.drawn(resamples, rng)
        missing = units - often.sum(axis=1).astype(np.int64)
        often += self.one_by_one(np.maximum(missing, 0), rng)
        over = missing < 0
        if over.any():
            often[over] = self.drawn(int(over.sum()), rng)
        return often

    def one_by_one(self, units: Ints, rng: np.random.Generator) -> Ints:
        """How often each row is drawn where so many units are drawn in each resample: (resamples, rows)."""
        row = rng.integers(0, self.units, size=int(units.sum()))
        if self.row_of_unit is not None:
            row = self.row_of_unit[row]
        row += np.repeat(np.arange(len(units)) * self.rows, units)
        often = np.bincount(row, minlength=len(units) * self.rows)
        return np.asarray(often.reshape(len(units), self.rows), dtype=np.int64)
