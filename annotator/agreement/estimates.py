"""A coefficient becomes a figure: summed over documents, resampled, and explained where undefined."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any, Generic, TypeVar

import numpy as np

from annotator.agreement.bootstrap import Resampling
from annotator.agreement.continua import Floats
from annotator.agreement.contributions import DocumentParts
from annotator.agreement.figures import Figure, LeftOut
from annotator.agreement.methods import METHODS
from annotator.agreement.unitized import Ratio

T = TypeVar("T")


@dataclass(frozen=True)
class Summed(Generic[T]):
    """Parts of documents, summed for the corpus and for every resample (first axis)."""

    corpus: T
    resampled: T
    resampling: Resampling


def summed(parts: T, resampling: Resampling) -> Summed[T]:
    """Sum every array of the parts over its first axis, documents; an array or a dataclass of arrays."""
    given: Any = parts
    if isinstance(given, np.ndarray):
        return Summed(given.sum(axis=0), _resample(given, resampling), resampling)
    arrays: list[Floats] = [getattr(parts, field.name) for field in fields(given)]
    make: Callable[..., T] = type(parts)
    resampled = _resample_together(arrays, resampling)
    return Summed(make(*(array.sum(axis=0) for array in arrays)), make(*resampled), resampling)


def _resample(parts: Floats, resampling: Resampling) -> Floats:
    return _resample_together([parts], resampling)[0]


def _resample_together(arrays: Sequence[Floats], resampling: Resampling) -> list[Floats]:
    """Side by side, because the weights are read through once for each product."""
    # Spelled out, because -1 is ambiguous where there are no documents.
    flat = [array.reshape(len(array), math.prod(array.shape[1:])) for array in arrays]
    sums = resampling.sums(np.concatenate(flat, axis=1))
    ends = np.cumsum([part.shape[1] for part in flat])[:-1]
    return [
        part.reshape(len(sums), *array.shape[1:])
        for part, array in zip(np.split(sums, ends, axis=1), arrays, strict=True)
    ]


@dataclass(frozen=True)
class Estimate:
    """A coefficient's numerator and denominator in the corpus and in every resample."""

    corpus: Ratio
    resampled: Ratio
    resampling: Resampling
    agreement: bool

    def at(self, index: int) -> Estimate:
        """One entry of the last axis (a label)."""
        return Estimate(
            _entry(self.corpus, index), _entry(self.resampled, index), self.resampling, self.agreement
        )

    def figure(
        self, name: str, *, reason: str, units: int, dropped: tuple[LeftOut, ...] = (), **which: Any
    ) -> Figure:
        """The figure; `reason` says why it has no value should its denominator vanish."""
        if not bool(self.corpus.defined):
            return missing(name, reason, units=units, dropped=dropped, **which)
        value = float(_value(self.corpus, self.agreement))
        return Figure(
            name=name,
            value=value,
            numerator=float(self.corpus.numerator),
            denominator=float(self.corpus.denominator),
            interval=self.resampling.interval(value, _value(self.resampled, self.agreement)),
            units=units,
            dropped=dropped,
            method=METHODS[name],
            **which,
        )


def estimate(coefficient: Callable[[T], Ratio], parts: Summed[T], *, agreement: bool = True) -> Estimate:
    """The coefficient of summed parts: 1 - ratio, or the ratio itself where `agreement` is False."""
    return Estimate(coefficient(parts.corpus), coefficient(parts.resampled), parts.resampling, agreement)


def missing(
    name: str, reason: str, *, units: int = 0, dropped: tuple[LeftOut, ...] = (), **which: Any
) -> Figure:
    """A figure without a value, and why."""
    return Figure(
        name=name, value=None, reason=reason, units=units, dropped=dropped, method=METHODS[name], **which
    )


def apart(name: str, parts: DocumentParts, pairs: Iterable[tuple[int, int]], **which: Any) -> list[Figure]:
    """For pairs of annotators who read nothing in common one figure that says so."""
    names = parts.annotators
    return [missing(name, "no_pairable_units", pair=(names[a], names[b]), **which) for a, b in pairs]


def _value(ratio: Ratio, agreement: bool) -> Floats:
    return ratio.agreement if agreement else ratio.share


def _entry(ratio: Ratio, index: int) -> Ratio:
    return Ratio(ratio.numerator[..., index], ratio.denominator[..., index])
