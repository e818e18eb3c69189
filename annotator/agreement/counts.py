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


def nominal_sums(counts: Floats) -> Floats:
    """The sum of `nominal_parts` over all units, without making them: (1 + labels,)."""
    judged = counts @ np.ones(counts.shape[1])
    twice = judged >= 2
    squares = np.einsum("uk,uk->u", counts, counts)
    apart = (judged * judged - squares) / np.maximum(judged - 1, 1)
    weight = twice.astype(np.float64)
    return np.concatenate([[weight @ apart], weight @ counts])


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


def pair_parts(counts: Floats) -> Floats:
    """What percent agreement over pairs adds up, by unit: agreeing pairs and pairs, ordered: (units, 2)."""
    judged = counts.sum(axis=-1)
    return np.stack([(counts * (counts - 1)).sum(axis=-1), judged * (judged - 1)], axis=-1)


def percent(parts: Floats) -> Ratio:
    """The mean over units of the share of agreeing pairs, from summed `percent_parts` (..., 2)."""
    return Ratio(parts[..., 0], parts[..., 1])


def binary(counts: Floats, label: int) -> Floats:
    """One label against the rest: (units, 2)."""
    chosen = counts[..., label]
    return np.stack([chosen, counts.sum(axis=-1) - chosen], axis=-1)


def chance_parts(counts: Floats) -> Floats:
    """What Fleiss, AC1 and Brennan-Prediger add up, by unit: (units, 3 + labels).

    Share of agreeing pairs and 1 where judged twice; 1 where judged at all; shares of the labels.
    """
    judged = counts.sum(axis=-1, keepdims=True)
    shares = counts / np.maximum(judged, 1)
    return np.concatenate([percent_parts(counts), (judged > 0).astype(np.float64), shares], axis=-1)


def fleiss(parts: Floats) -> Ratio:
    """Fleiss' kappa from summed `chance_parts`: chance from the pooled labels."""
    return _corrected(parts, (_shares(parts) ** 2).sum(axis=-1))


def gwet(parts: Floats) -> Ratio:
    """AC1 from summed `chance_parts`; every column is a label, used or not."""
    shares = _shares(parts)
    return _corrected(parts, (shares * (1 - shares)).sum(axis=-1) / max(shares.shape[-1] - 1, 1))


def brennan_prediger(parts: Floats) -> Ratio:
    """Brennan-Prediger from summed `chance_parts`; every column is a label, used or not."""
    labels = parts.shape[-1] - 3
    return _corrected(parts, np.full(parts.shape[:-1], 1 / max(labels, 1)))


def conger(percents: Floats, own: Floats) -> Ratio:
    """Conger's kappa from summed `percent_parts` (..., 2) and each annotator's labels (..., annotators, labels).

    Annotators who judged nothing do not count.
    """
    judged = own.sum(axis=-1, keepdims=True)
    shares = own / np.maximum(judged, 1)
    people = (judged > 0).sum(axis=(-1, -2))
    together = (shares.sum(axis=-2) ** 2).sum(axis=-1) - (shares**2).sum(axis=(-1, -2))
    chance = together / np.maximum(people * (people - 1), 1)
    return _corrected(percents, chance)


def cohen(parts: Floats) -> Ratio:
    """Cohen's kappa from units both judged (..., 1 + 2 x labels): where they agree, labels of the one and the other."""
    q = parts.shape[-1] // 2
    one, other = parts[..., 1 : 1 + q], parts[..., 1 + q :]
    units = one.sum(axis=-1)
    safe = np.maximum(units, 1)
    chance = (one * other).sum(axis=-1) / safe**2
    observed = np.where(units > 0, 1 - parts[..., 0] / safe, 0.0)
    return Ratio(observed, np.where(units > 0, 1 - chance, 0.0))


CHANCE = {"fleiss_kappa": fleiss, "gwet_ac1": gwet, "brennan_prediger": brennan_prediger}


def _shares(parts: Floats) -> Floats:
    shares: Floats = parts[..., 3:] / np.maximum(parts[..., 2:3], 1)
    return shares


def _corrected(parts: Floats, chance: Floats) -> Ratio:
    """Disagreement over what chance gives; without a pairable unit the denominator is 0."""
    units = parts[..., 1]
    observed = np.where(units > 0, 1 - parts[..., 0] / np.maximum(units, 1), 0.0)
    return Ratio(observed, np.where(units > 0, 1 - chance, 0.0))
