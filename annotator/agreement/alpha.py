"""Krippendorff's alpha on fixed units, for every metric, with missing judgements.

Krippendorff 2019, Content Analysis, 4th ed., ch. 12; Hayes & Krippendorff 2007. Coincidences (labels,
labels) are additive over units; leading axes are free, so resamples are one call.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np

from annotator.agreement.continua import Floats
from annotator.agreement.counts import pairable
from annotator.agreement.ratings import Tally
from annotator.agreement.specification import METRICS
from annotator.agreement.unitized import Ratio


def coincidences(tally: Tally) -> Floats:
    """o_kl over all units judged at least twice: (labels, labels)."""
    rows = pairable(tally.rows)
    weight = tally.times / np.maximum(rows.sum(axis=1) - 1, 1)
    joint: Floats = (rows * weight[:, None]).T @ rows
    return joint - np.diag(weight @ rows)


def unit_coincidences(rows: Floats) -> Floats:
    """The coincidences of every unit: (units, labels, labels)."""
    rows = pairable(rows)
    weight = 1 / np.maximum(rows.sum(axis=1) - 1, 1)
    joint = rows[:, :, None] * rows[:, None, :]
    joint[:, np.arange(rows.shape[1]), np.arange(rows.shape[1])] -= rows
    return np.asarray(joint * weight[:, None, None], dtype=np.float64)


def alpha(observed: Floats, distance: Floats) -> Ratio:
    """1 - sum o d / sum e d of coincidences (..., labels, labels) and distances (labels, labels).

    The distances of the ordinal metric depend on the coincidences: see `ordinal`.
    """
    marginal = observed.sum(axis=-1)
    total = marginal.sum(axis=-1)
    expected = marginal[..., :, None] * marginal[..., None, :]
    expected = expected - marginal[..., :, None] * np.eye(marginal.shape[-1])
    chance = (expected * distance).sum(axis=(-1, -2)) / np.maximum(total - 1, 1)
    return Ratio((observed * distance).sum(axis=(-1, -2)), chance)


def distances(metric: str, observed: Floats, values: Sequence[Any] | None = None) -> Floats:
    """d_kl of a named metric; `values` are the labels' numbers, needed by interval and ratio."""
    q = observed.shape[-1]
    if metric == "nominal":
        return 1.0 - np.eye(q)
    if metric == "ordinal":
        return ordinal(observed.sum(axis=-1))
    if metric not in METRICS:
        raise ValueError(f"unknown metric {metric}")
    number = numbers(values)
    apart = number[:, None] - number[None, :]
    if metric == "interval":
        return apart**2
    together = number[:, None] + number[None, :]
    return np.where(together == 0, 0.0, apart / np.where(together == 0, 1.0, together)) ** 2


def ordinal(marginal: Floats) -> Floats:
    """(sum of n_g from k to l - (n_k + n_l) / 2) squared; labels in their declared order (..., labels)."""
    below = np.cumsum(marginal, axis=-1) - marginal / 2
    return np.asarray((below[..., :, None] - below[..., None, :]) ** 2, dtype=np.float64)


def numbers(values: Sequence[Any] | None) -> Floats:
    """The labels as numbers; ValueError where a label is none."""
    try:
        return np.array([float(value) for value in values or ()], dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError("this metric needs labels that are numbers") from error


def checked_distance(distance: Any, labels: Sequence[Hashable]) -> Floats:
    """A custom distance: square, symmetric, zero on the diagonal, not negative; else ValueError."""
    matrix = np.asarray(distance, dtype=np.float64)
    if matrix.shape != (len(labels), len(labels)):
        raise ValueError("a distance has one row and one column for each label")
    if not np.array_equal(matrix, matrix.T) or np.diag(matrix).any() or (matrix < 0).any():
        raise ValueError("a distance is symmetric, not negative, and zero between equal labels")
    return matrix


def of_units(rows: Floats, distance: Floats) -> tuple[Floats, Floats]:
    """Every unit's disagreement D_u and its own alpha 1 - (D_u / m_u) / De; nan where not pairable."""
    each = unit_coincidences(rows)
    total = each.sum(axis=0)
    disagreement = (each * distance).sum(axis=(1, 2))
    judged = pairable(rows).sum(axis=1)
    whole = alpha(total, distance)
    chance = whole.denominator / max(float(total.sum()), 1.0)
    share = np.where(judged > 0, disagreement / np.maximum(judged, 1), np.nan)
    return disagreement, 1 - share / chance if chance > 0 else np.full(len(rows), np.nan)


def jaccard(labels: Sequence[frozenset[Any]]) -> Floats:
    """1 - shared / all members, between label sets (multi-label stances); two empty sets are equal."""
    return _set_distance(labels, lambda a, b: 1 - len(a & b) / len(a | b))


#: Monotonicity of one set in the other, and of sets that only meet.
THIRDS = (2 / 3, 1 / 3)


def masi(labels: Sequence[frozenset[Any]], *, monotonicity: tuple[float, float] = THIRDS) -> Floats:
    """MASI distance: Jaccard times monotonicity (Passonneau 2006, LREC); older NLTK rounds it to .67 and .33."""

    def distance(a: frozenset[Any], b: frozenset[Any]) -> float:
        return 1 - len(a & b) / len(a | b) * _monotonicity(a, b, monotonicity)

    return _set_distance(labels, distance)


def masi_product(labels: Sequence[frozenset[Any]]) -> Floats:
    """Jaccard's distance times 1/3 for one set in the other, times 2/3 for sets that meet.

    As MASI was first written and as DKPro has it, which sets the empty set 1/3 from every other.
    """

    def distance(a: frozenset[Any], b: frozenset[Any]) -> float:
        if not a or not b:
            return THIRDS[1]
        return (1 - len(a & b) / len(a | b)) * (1 - _monotonicity(a, b, THIRDS))

    return _set_distance(labels, distance)


def monotone(labels: Sequence[frozenset[Any]]) -> Floats:
    """0 for equal sets, 1/3 for one in the other, 2/3 for sets that meet, else 1 (Passonneau 2004, LREC)."""
    return _set_distance(labels, lambda a, b: 1 - _monotonicity(a, b, THIRDS))


def _monotonicity(a: frozenset[Any], b: frozenset[Any], steps: tuple[float, float]) -> float:
    if a == b:
        return 1.0
    if a <= b or b <= a:
        return steps[0]
    return steps[1] if a & b else 0.0


def _set_distance(labels: Sequence[frozenset[Any]], measure: Any) -> Floats:
    return np.array([[0.0 if a == b else measure(a, b) for b in labels] for a in labels], dtype=np.float64)
