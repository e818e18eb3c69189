"""gamma: agreement when units may overlap and nest, from the best alignment of all annotators' units.

Mathet, Widlöcher & Métivier 2015, Computational Linguistics 41(3):437. Two annotators are aligned exactly
by linear assignment; more by an exact search with a time limit. The expected disorder is sampled, so
the seed is part of the result.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from annotator.agreement import cover
from annotator.agreement.assignment import best_pairs
from annotator.agreement.continua import Floats
from annotator.agreement.cover import TimeIsUp

__all__ = ["Continuum", "Dissimilarity", "Gamma", "Shape", "TimeIsUp", "Unit", "disorder", "gamma"]


@dataclass(frozen=True)
class Unit:
    """A unit (any numbers, start < end) with its label."""

    start: float
    end: float
    label: str


Continuum = Sequence[Sequence[Unit]]


@dataclass(frozen=True)
class Dissimilarity:
    """alpha x positional + beta x categorical, times delta; a unit against nothing costs delta.

    `apart` holds distances in [0, 1] of two labels that are less than wholly different.
    """

    alpha: float = 1.0
    beta: float = 1.0
    delta: float = 1.0
    apart: dict[tuple[str, str], float] = field(default_factory=dict)

    def between(self, left: Sequence[Unit], right: Sequence[Unit]) -> Floats:
        """Every unit of the left against every unit of the right: (left, right)."""
        return self.alpha * self.positional(left, right) + self.beta * self.categorical(left, right)

    def positional(self, left: Sequence[Unit], right: Sequence[Unit]) -> Floats:
        """((|start difference| + |end difference|) / (both lengths))² x delta (2015, eq. 4)."""
        s, e = _ends(left)
        t, f = _ends(right)
        moved = np.abs(s[:, None] - t) + np.abs(e[:, None] - f)
        length = (e - s)[:, None] + (f - t)
        return np.asarray((moved / length) ** 2 * self.delta, dtype=np.float64)

    def categorical(self, left: Sequence[Unit], right: Sequence[Unit]) -> Floats:
        """Distance of the labels x delta."""
        rows = [[self._labels(u.label, v.label) for v in right] for u in left]
        return np.array(rows, dtype=np.float64).reshape(len(left), len(right)) * self.delta

    def _labels(self, one: str, other: str) -> float:
        if one == other:
            return 0.0
        return self.apart.get((one, other), self.apart.get((other, one), 1.0))


@dataclass(frozen=True)
class Gamma:
    """Observed and expected disorder, each per unit of an annotator, and how the latter was found."""

    observed: float
    expected: float
    samples: int
    seed: int

    @property
    def value(self) -> float | None:
        """1 - observed / expected; None where chance gives no disorder."""
        if self.observed == 0:
            return 1.0
        return 1 - self.observed / self.expected if self.expected > 0 else None


def gamma(
    continuum: Continuum,
    *,
    dissimilarity: Dissimilarity | None = None,
    samples: int = 30,
    precision: float | None = 0.02,
    seed: int = 2026,
    seconds: float | None = None,
) -> Gamma:
    """gamma of one continuum; at least `samples` random continua, more until `precision` at 95 % is met.

    ValueError where fewer than two annotators marked anything; cover.TimeIsUp after `seconds`.
    """
    if len(continuum) < 2 or not any(continuum):
        raise ValueError("gamma compares two annotators who marked something")
    measure = dissimilarity or Dissimilarity()
    until = None if seconds is None else time.monotonic() + seconds
    observed = disorder(continuum, measure, until=until)
    rng = np.random.default_rng(seed)
    shape = Shape.of(continuum)
    drawn = [disorder(shape.sample(rng), measure, until=until) for _ in range(samples)]
    if precision is not None and np.mean(drawn) > 0:
        wanted = int(np.ceil((np.std(drawn) / np.mean(drawn) * 1.96 / precision) ** 2))
        drawn += [disorder(shape.sample(rng), measure, until=until) for _ in range(wanted - samples)]
    return Gamma(observed, float(np.mean(drawn)), len(drawn), seed)


def disorder(continuum: Continuum, measure: Dissimilarity, *, until: float | None = None) -> float:
    """The least disorder of any alignment, over the mean number of units of an annotator."""
    units = sum(len(units) for units in continuum)
    if len(continuum) == 2:
        total = _of_two(continuum[0], continuum[1], measure)
    else:
        total = _of_many(continuum, measure, until)
    return total / (units / len(continuum)) if units else 0.0


def alignment(left: Sequence[Unit], right: Sequence[Unit], measure: Dissimilarity) -> list[tuple[int, int]]:
    """The pairs of the best alignment of two annotators; the rest stands alone."""
    if not left or not right:
        return []
    return best_pairs(2 * measure.delta - measure.between(left, right))


def _of_two(left: Sequence[Unit], right: Sequence[Unit], measure: Dissimilarity) -> float:
    """Pairing two units saves two units against nothing, so the best alignment is an assignment."""
    pairs = alignment(left, right, measure)
    alone = (len(left) + len(right) - 2 * len(pairs)) * measure.delta
    between = measure.between(left, right) if pairs else np.zeros((0, 0))
    return float(alone + sum(between[i, j] for i, j in pairs))


@dataclass(frozen=True)
class Shape:
    """What a random continuum keeps of the real one: numbers, gaps, lengths and labels of units."""

    annotators: int
    number: tuple[float, float]
    gap: tuple[float, float]
    length: tuple[float, float]
    labels: tuple[str, ...]
    shares: tuple[float, ...]

    @classmethod
    def of(cls, continuum: Continuum) -> Shape:
        """Means, standard deviations and label shares of a continuum."""
        ordered = [sorted(units, key=lambda u: (u.start, u.end)) for units in continuum]
        gaps = [b.start - a.end for units in ordered for a, b in pairwise(units)]
        gaps += [units[0].start for units in ordered if units and units[0].start > 0]
        lengths = [unit.end - unit.start for units in ordered for unit in units]
        names = [unit.label for units in ordered for unit in units]
        labels = tuple(sorted(set(names)))
        shares = tuple(names.count(label) / len(names) for label in labels)
        counts = [float(len(units)) for units in ordered]
        return cls(len(ordered), _spread(counts), _spread(gaps), _spread(lengths), labels, shares)

    def sample(self, rng: np.random.Generator) -> list[list[Unit]]:
        """A random continuum: normal numbers, gaps and lengths, labels by their shares.

        As pygamma-agreement's statistical sampler: the number is cut to a whole one, at least 1.
        """
        return [self._annotator(rng) for _ in range(self.annotators)]

    def _annotator(self, rng: np.random.Generator) -> list[Unit]:
        count = max(1, int(rng.normal(*self.number)))
        gaps = rng.normal(*self.gap, size=count)
        lengths = np.maximum(np.abs(rng.normal(*self.length, size=count)), 1e-9)
        labels = rng.choice(len(self.labels), size=count, p=self.shares)
        ends = np.cumsum(gaps + lengths)
        return [
            Unit(float(end - length), float(end), self.labels[label])
            for end, length, label in zip(ends, lengths, labels, strict=True)
        ]


def _spread(values: Sequence[float]) -> tuple[float, float]:
    return (float(np.mean(values)), float(np.std(values))) if len(values) else (0.0, 0.0)


def _ends(units: Sequence[Unit]) -> tuple[Floats, Floats]:
    return (
        np.array([unit.start for unit in units], dtype=np.float64),
        np.array([unit.end for unit in units], dtype=np.float64),
    )


def _of_many(continuum: Continuum, measure: Dissimilarity, until: float | None) -> float:
    """The cheapest set of unitary alignments that holds every unit once."""
    units = [unit for own in continuum for unit in own]
    owner = [annotator for annotator, own in enumerate(continuum) for _ in own]
    close = measure.between(units, units)
    return cover.cheapest(close, owner, annotators=len(continuum), delta=measure.delta, until=until)
