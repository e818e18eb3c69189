"""Intervals by resampling documents: a resample is a row of weights times the documents' parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from annotator.agreement.continua import Floats
from annotator.agreement.draws import Draws
from annotator.agreement.figures import THRESHOLDS, Interval
from annotator.agreement.student import student_quantile

#: Resampled weights made at a time, in numbers: few enough to stay in a processor's cache.
BLOCK = 125_000
#: Weights kept for the next coefficient; more are drawn anew, so memory does not grow with them.
KEPT = 2_000_000

#: Of more pairs of annotators than MANY each has its interval from DRAWN resamples at most.
MANY, DRAWN = 100, 200

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

    def of_one_pair(self, pairs: int) -> Resampling:
        """For one of so many pairs: each of many is drawn less often, so that a report of thirty annotators ends."""
        return replace(self, resamples=min(self.resamples, DRAWN)) if pairs > MANY else self

    def sums(self, parts: Floats) -> Floats:
        """The parts (documents, columns) summed in every resample: (resamples, columns)."""
        rows = [block @ parts for block in self.blocks]
        return np.concatenate(rows) if rows else np.zeros((0, parts.shape[1]))

    @cached_property
    def blocks(self) -> Iterable[Floats]:
        """The weights: kept where they are few, drawn anew at each pass where they are not."""
        rows = self.documents if self.method == "jackknife" else self.resamples
        return list(self.weights()) if rows * self.documents <= KEPT else _Again(self.weights)

    def weights(self) -> Iterator[Floats]:
        """Blocks of rows of weights; the same rows at every call."""
        if self.method == "jackknife":
            yield from _leave_one_out(self.documents)
        else:
            yield from _multinomial(np.ones(self.documents), self.resamples, self.seed)

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
        reach = student_quantile(self.level, count - 1) * error
        method = "jackknife over documents, Student's t"
        return Interval(centre - reach, centre + reach, self.level, method, count, None, None, undefined)


def unit_sums(parts: Floats, times: Floats, *, resamples: int, seed: int) -> Floats:
    """Sums of parts (rows, columns) in resamples of units, of which each row stands for `times` many.

    Equal units are exchangeable, so a resample is a multinomial draw over the distinct rows: its cost
    hardly depends on the number of units. Only for units that do not nest in documents.
    """
    blocks = [block @ parts for block in _multinomial(times, resamples, seed)]
    return np.concatenate(blocks) if blocks else np.zeros((0, parts.shape[1]))


@dataclass(frozen=True)
class _Again:
    """An iterable that starts over: the same seed gives the same rows."""

    start: Callable[[], Iterator[Floats]]

    def __iter__(self) -> Iterator[Floats]:
        return self.start()


def _multinomial(times: Floats, resamples: int, seed: int) -> Iterator[Floats]:
    """Blocks of rows that say how often each is drawn of what stands for `times` many."""
    rng = np.random.default_rng(seed)
    draws = Draws.of(times)
    rows = max(1, BLOCK // max(len(times), 1))
    for first in range(0, resamples, rows):
        yield draws.drawn(min(rows, resamples - first), rng)


def _leave_one_out(documents: int) -> Iterator[Floats]:
    rows = max(1, BLOCK // max(documents, 1))
    for first in range(0, documents, rows):
        size = min(rows, documents - first)
        block = np.ones((size, documents))
        block[np.arange(size), np.arange(first, first + size)] = 0.0
        yield block
