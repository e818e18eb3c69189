"""The cheapest groups that hold every unit once, exactly: prices bound the cost, a search closes the gap.

A price for each unit, which no group undercuts, bounds the cost of every choice from below (see prices). What
a group costs beyond its units' prices is its excess: no group with more than the whole gap can be in a best
choice. The others fall into islands, each searched depth first; a hard island is split and priced anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from annotator.agreement.continua import Floats, Ints
from annotator.agreement.prices import check_time, unit_prices

ROUNDING = 1e-10
#: Sweeps and last smoothing of the prices: quickly for all groups, then closely for those that are left.
PASSES = ((80, 0.003), (400, 0.0005))
#: Steps of a search before its island is split.
STEPS = 400


def best_cover(
    rows: Ints, cost: Floats, units: int, *, under: float = np.inf, until: float | None = None
) -> list[int] | None:
    """The rows of least summed cost that hold every unit once; None if all choices cost `under` or more.

    `rows` (groups, annotators) hold at most one unit of each annotator, `units` standing for none.

    `until` is a time of time.monotonic(). Raises TimeIsUp.
    """
    if len(np.unique(rows)) < units + bool((rows == units).any()):
        return None
    kept = np.arange(len(rows))
    for last, (sweeps, sharpness) in enumerate(PASSES, 1 - len(PASSES)):
        worth = unit_prices(rows[kept], cost[kept], units, sweeps=sweeps, sharpness=sharpness, until=until)
        most = under - float(worth.sum())
        if most <= ROUNDING:
            return None
        excess = np.maximum(cost[kept] - np.append(worth, 0.0)[rows[kept]].sum(axis=1), 0.0)
        choice = _Choice(rows[kept], excess, units, until, may_split=last == 0)
        try:
            found = choice.best(most)
        except _Hard:
            kept = kept[excess <= choice.gap(most) + ROUNDING]
            continue
        break
    return None if found is None else kept[found].tolist()


class _Hard(RuntimeError):
    """The prices are too far from the best choice for a quick search."""


class _Choice:
    """Rows with what each costs beyond its units' prices: never negative but for rounding."""

    def __init__(
        self, rows: Ints, excess: Floats, units: int, until: float | None, *, may_split: bool
    ) -> None:
        self.rows, self.excess, self.units, self.until = rows, excess, units, until
        self.may_split = may_split
        self.members = [[unit for unit in row if unit < units] for row in rows.tolist()]
        self.masks = [sum(1 << unit for unit in members) for members in self.members]

    def gap(self, most: float) -> float:
        """How far the best choice may be from the prices: what a first choice exceeds them by."""
        first = self.first()
        return most if first is None else min(most, float(self.excess[first].sum()))

    def best(self, most: float) -> list[int] | None:
        """Rows of least excess that hold every unit once; None if that is `most` or more."""
        whole = self.gap(most)
        first = None if whole >= most else self.first()
        close = np.flatnonzero(self.excess <= whole + ROUNDING).tolist()
        chosen: list[int] = []
        for island in self.islands(close):
            members = set(island)
            own = None if first is None else [row for row in first if row in members]
            found = self.improved(island, own, whole)
            if found is None:
                return None
            chosen += found
        short = len({unit for row in chosen for unit in self.members[row]}) < self.units
        return None if short or float(self.excess[chosen].sum()) >= most else chosen

    def first(self) -> list[int] | None:
        """Rows taken by their excess, least first; None if that leaves a unit out."""
        left, chosen = (1 << self.units) - 1, []
        sizes = np.array([len(members) for members in self.members])
        for row in np.lexsort((-sizes, np.round(self.excess, 9))).tolist():
            if self.masks[row] & left == self.masks[row]:
                left ^= self.masks[row]
                chosen.append(row)
        return None if left else chosen

    def islands(self, rows: Sequence[int]) -> Iterator[list[int]]:
        """Rows that share units, directly or through others."""
        root: dict[int, int] = {}

        def top(unit: int) -> int:
            while root.setdefault(unit, unit) != unit:
                root[unit] = root[root[unit]]
                unit = root[unit]
            return unit

        for row in rows:
            for unit in self.members[row][1:]:
                root[top(unit)] = top(self.members[row][0])
        found: dict[int, list[int]] = {}
        for row in rows:
            found.setdefault(top(self.members[row][0]), []).append(row)
        yield from found.values()

    def improved(self, rows: Sequence[int], chosen: list[int] | None, gap: float) -> list[int] | None:
        """The best choice among an island's rows: `chosen` unless another has less excess, all under `gap`."""
        everything = 0
        for row in rows:
            everything |= self.masks[row]
        best = gap if chosen is None else float(self.excess[chosen].sum())
        stack: list[tuple[int, float, tuple[int, ...]]] = [(everything, 0.0, ())]
        by_unit = self.by_unit(rows)
        for _ in range(STEPS):
            if not stack:
                return chosen
            left, excess, taken = stack.pop()
            if excess >= best - ROUNDING:
                continue
            if not left:
                best, chosen = excess, list(taken)
                continue
            usable = self.fewest(by_unit, left, best - ROUNDING - excess)
            stack += [
                (left ^ self.masks[row], excess + float(self.excess[row]), (*taken, row))
                for row in reversed(usable)
            ]
        return self.split(by_unit, everything, chosen, best)

    def split(
        self, by_unit: dict[int, list[int]], everything: int, chosen: list[int] | None, best: float
    ) -> list[int] | None:
        """The same by cases: each row that could hold one unit, and the best choice of what it leaves."""
        check_time(self.until)
        if not self.may_split:
            raise _Hard
        within = {row for rows in by_unit.values() for row in rows}
        for row in self.fewest(by_unit, everything, best - ROUNDING):
            rest = [other for other in within if not self.masks[other] & self.masks[row]]
            found = self.rest(sorted(rest), everything ^ self.masks[row], best - float(self.excess[row]))
            if found is not None:
                chosen = [row, *found]
                best = float(self.excess[chosen].sum())
        return chosen

    def rest(self, rows: list[int], left: int, gap: float) -> list[int] | None:
        """The best choice among rows that covers what is left, priced anew; None if its excess is `gap`."""
        units = [unit for unit in range(self.units) if left >> unit & 1]
        if not units:
            return [] if gap > ROUNDING else None
        number = np.full(self.units + 1, len(units), dtype=np.int64)
        number[units] = np.arange(len(units))
        found = best_cover(
            number[self.rows[rows]], self.excess[rows], len(units), under=gap, until=self.until
        )
        return None if found is None else [rows[row] for row in found]

    def by_unit(self, rows: Sequence[int]) -> dict[int, list[int]]:
        """The rows that hold each unit, of least excess first."""
        found: dict[int, list[int]] = {}
        for row in sorted(rows, key=lambda row: float(self.excess[row])):
            for unit in self.members[row]:
                found.setdefault(unit, []).append(row)
        return found

    def fewest(self, by_unit: dict[int, list[int]], left: int, room: float) -> list[int]:
        """The usable rows of the unit that has fewest, of least excess first."""
        fewest: list[int] | None = None
        for unit, rows in by_unit.items():
            if not left >> unit & 1:
                continue
            usable = []
            for row in rows:
                if self.excess[row] >= room:
                    break
                if self.masks[row] & left == self.masks[row]:
                    usable.append(row)
            if fewest is None or len(usable) < len(fewest):
                fewest = usable
                if len(usable) < 2:
                    break
        return fewest or []
