"""How near two labels are, for weighted coefficients: 1 on the diagonal, less the further apart.

The families of Gwet, Handbook of Inter-Rater Reliability, 4th ed., ch. 3 (as irrCAC names them); a label
that is no number stands for its rank.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np

from annotator.agreement.continua import Floats

FAMILIES = ("identity", "linear", "quadratic", "ordinal", "radical", "ratio", "circular", "bipolar")


def weights(family: str, labels: Sequence[Hashable]) -> Floats:
    """The similarity matrix (labels, labels) of a named family; ValueError for an unknown one."""
    if family in ("identity", "none", "nominal", "unweighted"):
        return np.eye(len(labels))
    if family not in FAMILIES:
        raise ValueError(f"unknown weights {family}")
    value = _values(labels)
    if len(value) < 2:
        return np.eye(len(value))
    distance = _DISTANCES[family](value)
    largest = distance.max()
    return np.asarray(1 - distance / max(float(largest), 1e-300), dtype=np.float64)


def from_distance(distance: Any) -> Floats:
    """Similarities from a custom distance matrix, scaled so that the furthest labels have 0."""
    matrix = np.asarray(distance, dtype=np.float64)
    largest = matrix.max(initial=0.0)
    return 1 - matrix / largest if largest > 0 else np.ones_like(matrix)


def _values(labels: Sequence[Hashable]) -> Floats:
    if all(isinstance(label, int | float) for label in labels):
        return np.array(labels, dtype=np.float64)
    return np.arange(1, len(labels) + 1, dtype=np.float64)


def _apart(value: Floats) -> Floats:
    return np.abs(value[:, None] - value[None, :])


def _ordinal(value: Floats) -> Floats:
    rank = np.argsort(np.argsort(value)).astype(np.float64)
    between = np.abs(rank[:, None] - rank[None, :]) + 1
    pairs: Floats = between * (between - 1) / 2
    return pairs


def _ratio(value: Floats) -> Floats:
    together = value[:, None] + value[None, :]
    return (_apart(value) / np.where(together == 0, 1, together)) ** 2


def circular(value: Floats, around: float | None = None) -> Floats:
    """Distance on a circle of that circumference; without one the labels are its equal steps."""
    whole = value.max() - value.min() + 1 if around is None else around
    return np.asarray(np.sin(np.pi * _apart(value) / whole) ** 2, dtype=np.float64)


def bipolar(value: Floats, low: float | None = None, high: float | None = None) -> Floats:
    """Distance between two poles, which are the least and greatest label unless they are given."""
    least = value.min() if low is None else low
    most = value.max() if high is None else high
    together = value[:, None] + value[None, :]
    room = (together - 2 * least) * (2 * most - together)
    return np.where(room == 0, 0.0, _apart(value) ** 2 / np.where(room == 0, 1, room))


_DISTANCES: dict[str, Any] = {
    "linear": _apart,
    "quadratic": lambda value: _apart(value) ** 2,
    "ordinal": _ordinal,
    "radical": lambda value: np.sqrt(_apart(value)),
    "ratio": _ratio,
    "circular": circular,
    "bipolar": bipolar,
}
