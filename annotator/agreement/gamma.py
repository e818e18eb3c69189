"""gamma: agreement when units may overlap and nest, from the best alignment of all annotators' units.

Mathet, Widlöcher & Métivier 2015, Computational Linguistics 41(3):437. Two annotators are aligned exactly
by linear assignment; more by an exact search with a time limit. The expected disorder is sampled, so
the seed is part of the result.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise

import numpy as np

from annotator.agreement import cover
from annotator.agreement.assignment import best_pairs
from annotator.agreement.continua import Floats
from annotator.agreement.cover import TimeIsUp

__all__ = [
    "Alignment",
    "Continuum",
    "Dissimilarity",
    "Gamma",
    "Shape",
    "TimeIsUp",
    "Unit",
    "alignment",
    "disorder",
    "gamma",
]


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
        names = sorted({unit.label for unit in (*left, *right)})
        code = {name: i for i, name in enumerate(names)}
        apart = np.array([[self._labels(a, b) for b in names] for a in names], dtype=np.float64)
        rows, columns = (np.array([code[u.label] for u in side], dtype=np.int64) for side in (left, right))
        return np.asarray(apart.reshape(len(names), len(names))[rows[:, None], columns] * self.delta)

    def _labels(self, one: str, other: str) -> float:
        if one == other:
            return 0.0
        return self.apart.get((one, other), self.apart.get((other, one), 1.0))


@dataclass(frozen=True)
class Gamma:
    """Observed and expected disorder, each per unit of an annotator, and how the latter was found.

    `labels` holds, for every label and for all ("" ), the observed and expected disorder of the labels
    of aligned units alone (gamma-k, gamma-cat).
    """

    observed: float
    expected: float
    samples: int
    seed: int
    labels: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    @property
    def value(self) -> float | None:
        """1 - observed / expected; None where chance gives no disorder."""
        return _value(self.observed, self.expected)

    @property
    def cat(self) -> float | None:
        """gamma-cat (Mathet 2017): how far aligned units are called the same."""
        return _value(*self.labels[""])

    def k(self, label: str) -> float | None:
        """gamma-k (Mathet 2017): the same among aligned units of which one has the label."""
        return _value(*self.labels[label])


@dataclass(frozen=True)
class Alignment:
    """Unitary alignments: at most one unit of each annotator, by annotator; and their summed disorder."""

    unitary: tuple[Mapping[int, Unit], ...]
    total: float


def gamma(
    continuum: Continuum,
    *,
    dissimilarity: Dissimilarity | None = None,
    samples: int = 30,
    precision: float | None = 0.02,
    seed: int = 2026,
    seconds: float | None = None,
    sample: Callable[[np.random.Generator], Continuum] | None = None,
) -> Gamma:
    """gamma of one continuum; at least `samples` random continua, more until `precision` at 95 % is met.

    `sample` draws a random continuum: by default one of the same shape (see Shape).

    ValueError where fewer than two annotators marked anything; TimeIsUp after `seconds`.
    """
    if len(continuum) < 2 or not any(continuum):
        raise ValueError("gamma compares two annotators who marked something")
    measure = dissimilarity or Dissimilarity()
    until = None if seconds is None else time.monotonic() + seconds
    labels = sorted({unit.label for units in continuum for unit in units})
    best = alignment(continuum, measure, until=until)
    rng, draw = np.random.default_rng(seed), sample or Shape.of(continuum).sample

    def drawn(count: int) -> list[list[float]]:
        continua = (draw(rng) for _ in range(count))
        return [
            _disorders(random, alignment(random, measure, until=until), measure, labels)
            for random in continua
        ]

    rows = drawn(samples)
    chance = [row[0] for row in rows]
    if precision is not None and np.mean(chance) > 0:
        wanted = int(np.ceil((np.std(chance) / np.mean(chance) * 1.96 / precision) ** 2))
        rows += drawn(wanted - samples)
    observed, expected = _disorders(continuum, best, measure, labels), np.mean(rows, axis=0).tolist()
    by_label = zip(["", *labels], observed[1:], expected[1:], strict=True)
    return Gamma(observed[0], expected[0], len(rows), seed, {name: (o, e) for name, o, e in by_label})


def disorder(continuum: Continuum, measure: Dissimilarity, *, until: float | None = None) -> float:
    """The least disorder of any alignment, over the mean number of units of an annotator."""
    units = sum(len(units) for units in continuum)
    return alignment(continuum, measure, until=until).total / (units / len(continuum)) if units else 0.0


def alignment(continuum: Continuum, measure: Dissimilarity, *, until: float | None = None) -> Alignment:
    """The alignment of least disorder. TimeIsUp once `until` (of time.monotonic()) has passed."""
    if len(continuum) == 2:
        return _of_two(continuum[0], continuum[1], measure)
    return _of_many(continuum, measure, until)


def label_disorder(
    found: Alignment, measure: Dissimilarity, label: str | None = None, *, annotators: int | None = None
) -> float:
    """Mean distance of the labels of aligned units, nearer ones weighing more (Mathet 2017, sec. 4.2.5).

    With `label` only of pairs of which one has it. 1 where nobody used it, 0 where no such pair is aligned.
    With `annotators`, their number, a unit against none counts too, as pygamma-agreement 0.5.9 tries it.
    """
    distance = weight = 0.0
    used = met = False
    for unitary in found.unitary:
        used = used or label is None or any(unit.label == label for unit in unitary.values())
        alone = sum(label in (None, unit.label) for unit in unitary.values())
        alone *= 0 if annotators is None else annotators - len(unitary)
        distance += alone * measure.delta**2
        weight += alone * measure.delta
        for one, other in combinations(unitary.values(), 2):
            if label is not None and label not in (one.label, other.label):
                continue
            met = True
            near = max(0.0, 1 - measure.alpha * float(measure.positional([one], [other])[0, 0]))
            share = near / (len(unitary) - 1)
            distance += share * float(measure.categorical([one], [other])[0, 0])
            weight += share
    if not used:
        return 1.0
    return distance / weight if met and distance else 0.0


def _disorders(
    continuum: Continuum, found: Alignment, measure: Dissimilarity, labels: Sequence[str]
) -> list[float]:
    """The disorder of an alignment, that of its labels, and that of each label."""
    units = sum(len(units) for units in continuum)
    whole = found.total / (units / len(continuum)) if units else 0.0
    return [whole, label_disorder(found, measure), *(label_disorder(found, measure, name) for name in labels)]


def _of_two(left: Sequence[Unit], right: Sequence[Unit], measure: Dissimilarity) -> Alignment:
    """Pairing two units saves two units against nothing, so the best alignment is an assignment."""
    between = measure.between(left, right)
    pairs = best_pairs(2 * measure.delta - between) if between.size else []
    mine, theirs = {i for i, _ in pairs}, {j for _, j in pairs}
    unitary: list[Mapping[int, Unit]] = [{0: left[i], 1: right[j]} for i, j in pairs]
    unitary += [{0: unit} for i, unit in enumerate(left) if i not in mine]
    unitary += [{1: unit} for j, unit in enumerate(right) if j not in theirs]
    alone = (len(unitary) - len(pairs)) * measure.delta
    return Alignment(tuple(unitary), float(alone + sum(between[i, j] for i, j in pairs)))


def _value(observed: float, expected: float) -> float | None:
    if observed == 0:
        return 1.0
    return 1 - observed / expected if expected > 0 else None


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


def _of_many(continuum: Continuum, measure: Dissimilarity, until: float | None) -> Alignment:
    """The cheapest set of unitary alignments that holds every unit once."""
    units = [unit for own in continuum for unit in own]
    owner = [annotator for annotator, own in enumerate(continuum) for _ in own]
    close = measure.between(units, units)
    chosen = cover.cheapest(close, owner, annotators=len(continuum), delta=measure.delta, until=until)
    unitary = tuple({owner[i]: units[i] for i in sorted(option.members)} for option in chosen)
    return Alignment(unitary, sum(option.price for option in chosen))
