"""The best alignment of more than two annotators: every unit in exactly one unitary alignment.

A unitary alignment takes at most one unit of each annotator; its disorder is the mean over all pairs of
annotators, a pair with a missing unit costing delta (Mathet, Widlöcher & Métivier 2015, sec. 4). Solved
exactly by branch and bound, island by island, until time is up.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from annotator.agreement.continua import Floats

ROUNDING = 1e-12


class TimeIsUp(RuntimeError):
    """The best alignment was not found within the time limit."""


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
    search = _Search(close, owner, annotators, delta, until)
    return [option for island in search.islands() for option in search.covered(island)]


@dataclass(frozen=True)
class _Search:
    close: Floats
    owner: Sequence[int]
    annotators: int
    delta: float
    until: float | None

    @property
    def pairs(self) -> int:
        """Pairs of annotators that every unitary alignment is averaged over."""
        return self.annotators * (self.annotators - 1) // 2

    @property
    def budget(self) -> float:
        """What the pairs inside an alignment may cost together if standing alone is not to be cheaper."""
        return self.annotators * self.delta * self.pairs

    def price(self, size: int, inside: float) -> float:
        """Disorder of an alignment of that many units whose pairs cost `inside` together."""
        return (inside + (self.pairs - size * (size - 1) / 2) * self.delta) / self.pairs

    def islands(self) -> list[list[int]]:
        """Units that could stand in one alignment, directly or through others."""
        left = set(range(len(self.owner)))
        found: list[list[int]] = []
        while left:
            island: list[int] = []
            queue = [left.pop()]
            while queue:
                unit = queue.pop()
                island.append(unit)
                near = {other for other in left if self.may_meet(unit, other)}
                left -= near
                queue += sorted(near)
            found.append(sorted(island))
        return found

    def may_meet(self, one: int, other: int) -> bool:
        """Whether some alignment with both could pay."""
        return self.owner[one] != self.owner[other] and float(self.close[one, other]) < self.budget

    def covered(self, island: Sequence[int]) -> list[Option]:
        """The cheapest cover of the island."""
        by_unit: dict[int, list[Option]] = {unit: [] for unit in island}
        for option in self.options(island):
            for unit in option.members:
                by_unit[unit].append(option)
        for options in by_unit.values():
            options.sort(key=lambda option: option.price / len(option.members))
        share = {unit: options[0].price / len(options[0].members) for unit, options in by_unit.items()}
        return self.bounded(frozenset(island), by_unit, share)

    def bounded(
        self, island: frozenset[int], by_unit: dict[int, list[Option]], share: dict[int, float]
    ) -> list[Option]:
        """Depth first with a stack; a branch ends where its units' least shares already cost too much."""
        cover = [Option(frozenset([unit]), self.delta) for unit in sorted(island)]
        best = self.delta * len(island)
        stack: list[tuple[frozenset[int], float, tuple[Option, ...]]] = [(island, 0.0, ())]
        while stack:
            self.check_time()
            left, cost, taken = stack.pop()
            if cost + sum(share[unit] for unit in left) >= best - ROUNDING:
                continue
            if not left:
                best, cover = cost, list(taken)
                continue
            usable = {unit: [o for o in by_unit[unit] if o.members <= left] for unit in left}
            unit = min(left, key=lambda u: (len(usable[u]), u))
            stack += [(left - o.members, cost + o.price, (*taken, o)) for o in reversed(usable[unit])]
        return cover

    def options(self, island: Sequence[int]) -> list[Option]:
        """Unitary alignments that cost no more than their units alone."""
        grown = [([unit], 0.0) for unit in island]
        options = [Option(frozenset(members), self.delta) for members, _ in grown]
        while grown:
            self.check_time()
            larger = [
                ([*members, unit], inside + sum(float(self.close[unit, other]) for other in members))
                for members, inside in grown
                for unit in island
                if self.owner[unit] > self.owner[members[-1]]
            ]
            grown = [(members, inside) for members, inside in larger if inside < self.budget]
            options += [
                Option(frozenset(members), self.price(len(members), inside))
                for members, inside in grown
                if self.price(len(members), inside) < len(members) * self.delta
            ]
        return options

    def check_time(self) -> None:
        """TimeIsUp once the limit has passed."""
        if self.until is not None and time.monotonic() > self.until:
            raise TimeIsUp("the best alignment was not found in time")
