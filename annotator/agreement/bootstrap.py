"""Intervals by resampling documents: a resample is a row of weights times the documents' parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from annotator.agreement.continua import Floats
from annotator.agreement.figures import THRESHOLDS, Interval

#: Resampled weights held at a time, in numbers: memory does not grow with documents x resamples.
BLOCK = 2_000_000

#: From so many units on, draws by Poisson numbers are faster than one by one.
MANY = 1000

#: Under this many documents `auto` takes the jackknife (Hughes 2022, arXiv 2210.13265).
FEW = 30


@dataclass(frozen=True)
class Resampling:
    """How intervals are made; `method` is bootstrap or jackknife."""

    documents: int
    resamples: int
    seed: int
    level: float
    method: str

    def sums(self, parts: Floats) -> Floats:
        """The parts (documents, columns) summed in every resample: (resamples, columns)."""
        rows = [block @ parts for block in self.blocks]
        return np.concatenate(rows) if rows else np.zeros((0, parts.shape[1]))

    @cached_property
    def blocks(self) -> Iterable[Floats]:
        """The weights: kept where they fit one block, drawn anew at each pass where they do not."""
        rows = self.documents if self.method == "jackknife" else self.resamples
        return list(self.weights()) if rows * self.documents <= BLOCK else _Again(self.weights)

    def weights(self) -> Iterator[Floats]:
        """Blocks of rows of weights; the same rows at every call."""
        if self.method == "jackknife":
            yield from _leave_one_out(self.documents)
        else:
            yield from _multinomial(self.documents, self.resamples, self.seed)

    def interval(self, value: float, resampled: Floats) -> Interval | None:
        """Limits from the coefficient in every resample; None where they cannot be told."""
        defined = resampled[np.isfinite(resampled)]
        if self.documents < 2 or len(defined) < 2:
            return None
        limits = self._jackknife if self.method == "jackknife" else self._percentile
        return limits(value, defined, len(resampled) - len(defined))

    def _percentile(self, value: float, defined: Floats, undefined: int) -> Interval:
        tail = (1 - self.level) / 2
        low, high = np.quantile(defined, [tail, 1 - tail])
        below = tuple((limit, float((defined < limit).mean())) for limit in THRESHOLDS)
        method = "percentile bootstrap over documents"
        return Interval(
            float(low), float(high), self.level, method, self.resamples, self.seed, below, undefined
        )

    def _jackknife(self, value: float, defined: Floats, undefined: int) -> Interval:
        count = len(defined)
        pseudo = count * value - (count - 1) * defined
        centre = float(pseudo.mean())
        error = float(pseudo.std(ddof=1)) / count**0.5
        reach = student_quantile(0.5 + self.level / 2, count - 1) * error
        method = "jackknife over documents, Student's t"
        return Interval(centre - reach, centre + reach, self.level, method, count, None, None, undefined)


def unit_sums(parts: Floats, times: Floats, *, resamples: int, seed: int) -> Floats:
    """Sums of parts (rows, columns) in resamples of units, of which each row stands for `times` many.

    Equal units are exchangeable, so a resample is a multinomial draw over the distinct rows: its cost
    does not depend on the number of units. Only for units that do not nest in documents.
    """
    units = int(times.sum())
    if not units:
        return np.zeros((resamples, parts.shape[1]))
    rng = np.random.default_rng(seed)
    rows = max(1, BLOCK // len(times))
    blocks = [
        _drawn(times, units, min(rows, resamples - first), rng) @ parts for first in range(0, resamples, rows)
    ]
    return np.concatenate(blocks) if blocks else np.zeros((0, parts.shape[1]))


def _drawn(times: Floats, units: int, resamples: int, rng: np.random.Generator) -> Floats:
    """How often each row is drawn, (resamples, rows), the sum of each resample being `units`.

    Exactly multinomial, in half the time: independent Poisson numbers are multinomial given their sum, and
    so they stay when the few units that are missing are drawn one by one.
    """
    if units < MANY:
        return rng.multinomial(units, times / units, size=resamples).astype(np.float64)
    drawn = rng.poisson(times * (1 - 3.5 / units**0.5), size=(resamples, len(times)))
    missing = units - drawn.sum(axis=1)
    over = missing < 0
    drawn[over] = rng.multinomial(units, times / units, size=int(over.sum()))
    missing[over] = 0
    row_of_unit = np.repeat(np.arange(len(times), dtype=np.int32), times.astype(np.int64))
    late = row_of_unit[rng.integers(0, units, size=int(missing.sum()), dtype=np.int32)]
    key = np.repeat(np.arange(resamples, dtype=np.int32) * len(times), missing) + late
    extra = np.bincount(key, minlength=drawn.size).reshape(drawn.shape)
    return np.asarray(drawn + extra, dtype=np.float64)


@dataclass(frozen=True)
class _Again:
    """An iterable that starts over: the same seed gives the same rows."""

    start: Callable[[], Iterator[Floats]]

    def __iter__(self) -> Iterator[Floats]:
        return self.start()


def _multinomial(documents: int, resamples: int, seed: int) -> Iterator[Floats]:
    rng = np.random.default_rng(seed)
    rows = max(1, BLOCK // max(documents, 1))
    for first in range(0, resamples, rows):
        size = min(rows, resamples - first)
        drawn = rng.integers(0, documents, size=(size, documents))
        drawn += np.arange(size)[:, None] * documents
        flat = np.bincount(drawn.ravel(), minlength=size * documents)
        yield flat.reshape(size, documents).astype(np.float64)


def _leave_one_out(documents: int) -> Iterator[Floats]:
    rows = max(1, BLOCK // max(documents, 1))
    for first in range(0, documents, rows):
        size = min(rows, documents - first)
        block = np.ones((size, documents))
        block[np.arange(size), np.arange(first, first + size)] = 0.0
        yield block


def student_quantile(probability: float, freedom: int) -> float:
    """The quantile of Student's t, to 1e-10, by bisection on the integral of its density."""
    low, high = 0.0, 1e6
    for _ in range(200):
        middle = (low + high) / 2
        if _student_cdf(middle, freedom) < probability:
            low = middle
        else:
            high = middle
        if high - low < 1e-12 * max(1.0, high):
            break
    return (low + high) / 2


def _student_cdf(t: float, freedom: int) -> float:
    """P(T <= t) for t >= 0, by the finite sums for whole degrees of freedom (Abramowitz & Stegun 26.7.3)."""
    theta = float(np.arctan2(t, freedom**0.5))
    cosine, sine = float(np.cos(theta)), float(np.sin(theta))
    if freedom % 2:
        term, total = cosine, 0.0
        for k in range(1, freedom - 1, 2):
            total += term
            term *= cosine**2 * (k + 1) / (k + 2)
        area = (theta + sine * total) * 2 / np.pi
    else:
        term, total = 1.0, 0.0
        for k in range(0, freedom, 2):
            total += term
            term *= cosine**2 * (k + 1) / (k + 2)
        area = sine * total
    return 0.5 + float(area) / 2
