"""A figure is never a bare number: it says what it rests on, how sure it is, and why it may be missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

#: Every reason for which a figure has no value, in words for a page.
REASONS = {
    "no_pairable_units": "Nothing was judged by two annotators.",
    "single_label": "Only one label was used, so there is nothing to tell apart.",
    "no_expected_disagreement": "By chance no disagreement is expected here, so what is observed cannot be set against it.",
    "one_annotator": "No document was read by two annotators.",
    "one_document": "One document cannot show how much documents differ.",
    "no_spans": "Nobody marked anything of this kind.",
    "no_coverage": "No passage was marked by two annotators.",
    "overlapping_spans": "Spans of one annotator overlap with different labels, which this figure cannot deal with.",
    "not_available": "This figure is not defined for so many annotators, or what computes it is not installed.",
    "time_limit": "It was not finished within its time limit.",
}

#: Krippendorff's customary thresholds; the share of resamples under each is part of an interval.
THRESHOLDS = (0.667, 0.8)


@dataclass(frozen=True)
class Interval:
    """Limits of a figure at `level`, with all that is needed to compute them again.

    `below` gives the share of resamples under each of THRESHOLDS (None for a jackknife); `undefined`
    counts the resamples in which the figure had no value: they are not part of the limits.
    """

    low: float
    high: float
    level: float
    method: str
    resamples: int
    seed: int | None
    below: tuple[tuple[float, float], ...] | None = None
    undefined: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        below = None if self.below is None else {f"{limit:.3f}": share for limit, share in self.below}
        return {
            "low": self.low,
            "high": self.high,
            "level": self.level,
            "method": self.method,
            "resamples": self.resamples,
            "seed": self.seed,
            "below": below,
            "undefined": self.undefined,
        }


@dataclass(frozen=True)
class LeftOut:
    """What did not enter, why, how many, and the first of their ids."""

    reason: str
    count: int
    ids: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"reason": self.reason, "count": self.count, "ids": list(self.ids)}


@dataclass(frozen=True)
class Figure:
    """One coefficient: a value, or None with a reason.

    For chance-corrected coefficients value = 1 - numerator / denominator (observed and expected
    disagreement); for shares and F1 value = numerator / denominator. `units` counts what was compared.
    `pair` names two annotators, `without` the one left out, `group` the question of a document label.
    """

    name: str
    value: float | None
    reason: str | None = None
    numerator: float | None = None
    denominator: float | None = None
    label: str | None = None
    pair: tuple[str, str] | None = None
    group: str | None = None
    without: str | None = None
    interval: Interval | None = None
    units: int = 0
    dropped: tuple[LeftOut, ...] = field(default=())
    method: str = ""

    def __post_init__(self) -> None:
        if (self.value is None) == (self.reason is None):
            raise ValueError(f"{self.name}: a figure has either a value or a reason")
        if self.reason is not None and self.reason not in REASONS:
            raise ValueError(f"{self.name}: unknown reason {self.reason}")

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "name": self.name,
            "label": self.label,
            "pair": None if self.pair is None else list(self.pair),
            "group": self.group,
            "without": self.without,
            "value": self.value,
            "reason": self.reason,
            "numerator": self.numerator,
            "denominator": self.denominator,
            "interval": None if self.interval is None else self.interval.as_dict(),
            "units": self.units,
            "dropped": [entry.as_dict() for entry in self.dropped],
            "method": self.method,
        }


def find(
    figures: Iterable[Figure],
    name: str,
    *,
    label: str | None = None,
    pair: tuple[str, str] | None = None,
    group: str | None = None,
    without: str | None = None,
) -> Figure:
    """The first figure of that name, label, pair and omission (and question, if one is named); or LookupError."""
    wanted = (name, label, pair, without)
    for figure in figures:
        same = (figure.name, figure.label, figure.pair, figure.without) == wanted
        if same and group in (None, figure.group):
            return figure
    raise LookupError(f"no figure {wanted}")
