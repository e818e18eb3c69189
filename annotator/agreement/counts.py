"""Fixed units as a table of counts: how many annotators gave each unit each label.

The table is (units, labels). Chance agreement here is Krippendorff's: drawn without replacement from
the labels of units that two annotators judged (Krippendorff 2019, chapter 12).
"""

from __future__ import annotations

import numpy as np

from annotator.agreement.continua import Floats
from annotator.agreement.unitized import Ratio


def pairable(counts: Floats) -> Floats:
    """The table with units judged by fewer than two annotators set to nothing."""
    return np.where(counts.sum(axis=-1, keepdims=True) >= 2, counts, 0.0)


def nominal_parts(counts: Floats) -> Floats:
    """What nominal alpha adds up, by unit: disagreeing pairs, then the labels: (units, 1 + labels)."""
    counts = pairable(counts)
    judged = counts.sum(axis=-1)
    apart = (judged**2 - (counts**2).sum(axis=-1)) / np.maximum(judged - 1, 1)
    return np.concatenate([apart[..., None], counts], axis=-1)


def nominal_alpha(parts: Floats) -> Ratio:
    """Krippendorff's alpha, nominal, from summed `nominal_parts` (..., 1 + labels)."""
    labels = parts[..., 1:]
    total = labels.sum(axis=-1)
    expected = (total**2 - (labels**2).sum(axis=-1)) / np.maximum(total - 1, 1)
    return Ratio(parts[..., 0], expected)


def percent_parts(counts: Floats) -> Floats:
    """What percent agreement adds up, by unit: share of agreeing pairs, and 1: (units, 2)."""
    counts = pairable(counts)
    judged = counts.sum(axis=-1)
    agreed = (counts * (counts - 1)).sum(axis=-1) / np.maximum(judged * (judged - 1), 1)
    return np.stack([agreed, (judged >= 2).astype(np.float64)], axis=-1)


def percent(parts: Floats) -> Ratio:
    """The mean over units of the share of agreeing pairs, from summed `percent_parts` (..., 2)."""
    return Ratio(parts[..., 0], parts[..., 1])


def binary(counts: Floats, label: int) -> Floats:
    """One label against the rest: (units, 2)."""
    chosen = counts[..., label]
    return np.stack([chosen, counts.sum(axis=-1) - chosen], axis=-1)
