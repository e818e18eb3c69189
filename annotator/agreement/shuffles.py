"""Random continua by moving real readings: the sampling of gamma as it was first described.

Mathet, Widlöcher & Métivier 2015, sec. 5.2: each annotator of a random continuum gets the units of one of the
real annotators, moved along the text and around its end; no two are moved by nearly as much.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from annotator.agreement.gamma import Continuum, Unit

Stretch = tuple[float, float]


@dataclass(frozen=True)
class Shuffle:
    """The readings of a continuum, its bounds, and how far two moves have to be apart."""

    continuum: Continuum
    low: float
    high: float
    apart: float

    @classmethod
    def of(cls, continuum: Continuum) -> Shuffle:
        """From the first to the last position marked; moves are half a mean length apart."""
        units = [unit for own in continuum for unit in own]
        mean = float(np.mean([unit.end - unit.start for unit in units]))
        return cls(continuum, min(u.start for u in units), max(u.end for u in units), mean / 2)

    def sample(self, rng: np.random.Generator) -> list[list[Unit]]:
        """A random continuum in which somebody marked something."""
        while True:
            free: list[Stretch] = [(0.0, self.high - self.low)]
            found = []
            for _ in self.continuum:
                by = self.drawn(free or [(0.0, self.high - self.low)], rng)
                free = [part for stretch in free for part in self.without(stretch, by)]
                own = self.continuum[int(rng.integers(len(self.continuum)))]
                found.append([self.moved(unit, by) for unit in own])
            if any(found):
                return found

    def drawn(self, free: list[Stretch], rng: np.random.Generator) -> int:
        """How far to move: a whole number in one of the stretches, longer ones being likelier."""
        lengths = np.array([end - start for start, end in free])
        start, end = free[int(rng.choice(len(free), p=lengths / lengths.sum()))]
        return int(rng.uniform(start, end))

    def without(self, stretch: Stretch, by: float) -> list[Stretch]:
        """What is left of a stretch once a number and its surroundings are taken."""
        start, end = stretch
        left, right = (start, min(end, by - self.apart)), (max(start, by + self.apart), end)
        return [part for part in (left, right) if part[0] < part[1]]

    def moved(self, unit: Unit, by: float) -> Unit:
        """A unit further on; one that would begin behind the end goes on from the beginning."""
        shift = by if unit.start + by <= self.high else by + self.low - self.high
        return Unit(unit.start + shift, unit.end + shift, unit.label)
