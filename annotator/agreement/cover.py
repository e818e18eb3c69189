"""The best alignment of more than two annotators: every unit in exactly one unitary alignment.

A unitary alignment takes at most one unit of each annotator; its disorder is the mean over all pairs of
annotators, a pair with a missing unit costing delta (Mathet, Widlöcher & Métivier 2015, sec. 4). Those that
could be part of a best alignment are listed here; see choice for how the best of them are found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from annotator.agreement.choice import best_cover
from annotator.agreement.continua import Floats, Ints
from annotator.agreement.prices import TimeIsUp, check_time

__all__ = ["Option", "TimeIsUp", "cheapest"]

#: Unitary alignments grown at a time, and the most that are listed.
CHUNK = 4096
MOST = 1_000_000


@dataclass(frozen=True)
class Option:
    """A unitary alignment and its disorder."""

    members: frozenset[int]
    price: float


def cheapest(
    close: Floats, owner: Sequence[int], *, annotators: int, delta: float, until: float | None = None
) -> list[Option]:
    """Unitary alignments of least summed disorder that hold every unit once.

    `close` (units, units) are dissimilarities, `owner` the units' annotators.

    `until` is a time of time.monotonic(). Raises TimeIsUp.
    """
    listing = _Listing(close, np.asarray(owner, dtype=np.int64), annotators, delta, until)
    rows, cost = listing.useful()
    chosen = best_cover(rows, cost, len(owner), until=until) or []
    return [
        Option(frozenset(unit for unit in rows[row].tolist() if unit < len(owner)), float(cost[row]))
        for row in chosen
    ]


@dataclass(frozen=True)
class _Listing:
    close: Floats
    owner: Ints
    annotators: int
    delta: float
    until: float | None

    @property
    def pairs(self) -> int:
        """Pairs of annotators that every unitary alignment is averaged over."""
        return self.annotators * (self.annotators - 1) // 2

    def useful(self) -> tuple[Ints, Floats]:
        """Unitary alignments (rows, annotators), the number of units standing for none, and their disorder.

        Left out are those that cost no less once one of their units stands alone.
        """
        units = len(self.owner)
        rows = np.full((units, self.annotators), units, dtype=np.int64)
        rows[np.arange(units), self.owner] = np.arange(units)
        found, costs = [rows], [np.full(units, self.delta)]
        inside, listed = np.zeros(units), units
        for size in range(2, self.annotators + 1):
            rows, inside = self.grown(rows, inside)
            listed += len(rows)
            if listed > MOST:
                raise TimeIsUp("there are too many alignments to list")
            kept = ~self.loose(rows, limit=self.pairs + size - 1)
            found.append(rows[kept])
            costs.append((inside[kept] + (self.pairs - size * (size - 1) / 2) * self.delta) / self.pairs)
        return np.concatenate(found), np.concatenate(costs)

    def grown(self, rows: Ints, inside: Floats) -> tuple[Ints, Floats]:
        """All with one more unit, of a later annotator, that could still be of use."""
        more = [self.with_units_of(later, rows, inside) for later in range(1, self.annotators)]
        parts = [part for batch in more for part in batch]
        if not parts:
            return np.zeros((0, self.annotators), dtype=np.int64), np.zeros(0)
        return np.concatenate([rows for rows, _ in parts]), np.concatenate([cost for _, cost in parts])

    def with_units_of(self, later: int, rows: Ints, inside: Floats) -> list[tuple[Ints, Floats]]:
        """Rows that end before an annotator, with each of that annotator's units that is near enough."""
        units = np.flatnonzero(self.owner == later)
        before = (rows[:, later:] == len(self.owner)).all(axis=1)
        rows, inside = rows[before], inside[before]
        found = []
        for first in range(0, len(rows) if len(units) else 0, CHUNK):
            check_time(self.until)
            block = rows[first : first + CHUNK]
            added = self.to_all[block][:, :, units].sum(axis=1)
            row, column = np.nonzero(added < (self.pairs + self.annotators - 1) * self.delta)
            larger = block[row]
            larger[:, later] = units[column]
            kept = ~self.loose(larger, limit=self.pairs + self.annotators - 1)
            cost = inside[first : first + CHUNK][row] + added[row, column]
            found.append((larger[kept], cost[kept]))
        return found

    @cached_property
    def to_all(self) -> Floats:
        """Dissimilarities with a last row and column of 0, for no unit."""
        return np.pad(self.close, ((0, 1), (0, 1)))

    def loose(self, rows: Ints, *, limit: float) -> np.ndarray:
        """Where some unit is so far from the others that it might as well stand alone.

        A unit that leaves an alignment of s units costs delta, and frees pairs + s - 1 such pairs.
        """
        found = np.zeros(len(rows), dtype=bool)
        for first in range(0, len(rows), CHUNK):
            block = rows[first : first + CHUNK]
            apart = self.to_all[block[:, :, None], block[:, None, :]].sum(axis=2)
            found[first : first + CHUNK] = (apart >= limit * self.delta).any(axis=1)
        return found
