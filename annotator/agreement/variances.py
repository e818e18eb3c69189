"""Standard errors that need no resampling, for comparison with papers; the reports resample documents.

Linearised over units as in Gwet, Handbook of Inter-Rater Reliability, 4th ed., ch. 5 and 6 (2021: "Large-
sample variance of Fleiss generalized kappa", Educational and Psychological Measurement 81:781), which
irrCAC prints: each unit's part is its own coefficient less what it adds to chance. Cohen's kappa: Fleiss,
Cohen & Everitt 1969; Fleiss' kappa under no agreement: Fleiss, Nee & Landis 1979.
"""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist

import numpy as np

from annotator.agreement import kappa
from annotator.agreement.continua import Floats
from annotator.agreement.ratings import MISSING, Ratings, Tally

COEFFICIENTS = ("percent", "fleiss", "gwet", "brennan_prediger", "alpha")


def standard_error(coefficient: str, tally: Tally, near: Floats, *, whole_table: bool = False) -> float:
    """The linearised standard error of one of COEFFICIENTS; `near` has a row for each label of the scheme.

    `whole_table` divides by n instead of n - 1, as is done for a contingency table of two annotators.
    """
    rows = np.pad(tally.rows, ((0, 0), (0, len(near) - tally.rows.shape[1])))
    judged = rows.sum(axis=1)
    kept = judged >= (2 if coefficient == "alpha" else 1)
    rows, judged, times = rows[kept], judged[kept], tally.times[kept]
    if coefficient == "alpha":
        return _spread(_alpha_parts(rows, judged, times, near), times, whole_table)
    share = np.asarray(times @ (rows / judged[:, None]) / times.sum(), dtype=np.float64)
    chance, each = _chances(coefficient, rows / judged[:, None], share, near)
    return _spread(_parts(_agreed(rows, judged, near), judged, times, chance, each), times, whole_table)


def conger_error(ratings: Ratings, near: Floats) -> float:
    """The linearised standard error of Conger's kappa; it needs every annotator's own marginals."""
    counts = ratings.counts()
    judged = counts.sum(axis=1)
    codes, counts, judged = ratings.codes[judged > 0], counts[judged > 0], judged[judged > 0]
    total, annotators = codes.shape
    share = kappa.marginals(ratings)
    often = (codes != MISSING).sum(axis=0)
    pooled = share.sum(axis=0)
    own = np.einsum("gk,kl,gl->", share, near, share)
    chance = float((pooled @ near @ pooled - own) / (annotators * (annotators - 1)))
    each = np.zeros(total)
    for annotator, column in enumerate(codes.T):
        others = near @ (pooled - share[annotator])
        mean = float(share[annotator] @ others)
        has = column != MISSING
        given = np.where(has, others[np.where(has, column, 0)], 0.0)
        each += (given - (has - often[annotator] / total) * mean) * total / often[annotator]
    each /= annotators * (annotators - 1)
    times = np.ones(total)
    return _spread(_parts(_agreed(counts, judged, near), judged, times, chance, each), times, False)


def cohen_null_error(table: Floats, near: Floats) -> float:
    """The standard error of (weighted) kappa if there is no agreement beyond chance (1969, eq. 14)."""
    share = table / table.sum()
    rows, columns = share.sum(axis=1), share.sum(axis=0)
    chance = float(rows @ near @ columns)
    mean = (near @ columns)[:, None] + (rows @ near)[None, :]
    spread = float((rows[:, None] * columns[None, :] * (near - mean) ** 2).sum())
    return sqrt(max(spread - chance**2, 0.0) / (float(table.sum()) * (1 - chance) ** 2))


def fleiss_null_error(tally: Tally) -> float:
    """The standard error of Fleiss' kappa if there is no agreement beyond chance (1979, eq. 12).

    ValueError unless every unit has as many judgements.
    """
    size, units, share = _complete(tally)
    spread = share * (1 - share)
    inside = float(spread.sum()) ** 2 - float((spread * (1 - 2 * share)).sum())
    return sqrt(2 * inside / (units * size * (size - 1))) / float(spread.sum())


def fleiss_error_of_1971(tally: Tally) -> float:
    """The same as Fleiss 1971 printed it (eq. 15), before it was corrected."""
    size, units, share = _complete(tally)
    squares, cubes = float((share**2).sum()), float((share**3).sum())
    inside = squares - (2 * size - 3) * squares**2 + 2 * (size - 2) * cubes
    return sqrt(2 * inside / (units * size * (size - 1))) / (1 - squares)


def normal_quantile(level: float) -> float:
    """How many standard errors an interval of that level reaches to each side."""
    return NormalDist().inv_cdf((1 + level) / 2)


def _chances(coefficient: str, given: Floats, share: Floats, near: Floats) -> tuple[float, Floats]:
    """Chance agreement, and each unit's part in it."""
    q = len(near)
    if coefficient == "fleiss":
        mean = (near + near.T) @ share / 2
        return float(share @ near @ share), np.asarray(given @ mean, dtype=np.float64)
    if coefficient == "gwet":
        scale = float(near.sum()) / (q * (q - 1))
        return scale * float((share * (1 - share)).sum()), np.asarray(scale * (given @ (1 - share)))
    if coefficient == "brennan_prediger":
        chance = float(near.sum()) / q**2
        return chance, np.full(len(given), chance)
    if coefficient == "percent":
        return 0.0, np.zeros(len(given))
    raise ValueError(f"no standard error of {coefficient}")


def _agreed(rows: Floats, judged: Floats, near: Floats) -> Floats:
    """Each unit's agreement, 0 where it was judged once."""
    pairs = np.maximum(judged * (judged - 1), 1)
    return np.asarray((rows * (rows @ near - 1)).sum(axis=1) / pairs * (judged > 1), dtype=np.float64)


def _parts(agreed: Floats, judged: Floats, times: Floats, chance: float, each: Floats) -> Floats:
    """What each unit makes of the coefficient."""
    pairable = judged >= 2
    often = times.sum() / times[pairable].sum()
    own = often * (agreed - chance * pairable) / (1 - chance)
    value = float(times @ own) / times.sum()
    return np.asarray(own - 2 * (1 - value) * (each - chance) / (1 - chance), dtype=np.float64)


def _alpha_parts(rows: Floats, judged: Floats, times: Floats, near: Floats) -> Floats:
    """The same for alpha, whose units weigh by their judgements."""
    mean = float(times @ judged) / times.sum()
    agreed = (rows * (rows @ near - 1)).sum(axis=1) / (mean * (judged - 1))
    share = times @ rows / times.sum() / mean
    chance = float(share @ near @ share)
    loose = float(times @ agreed) / times.sum()
    few = 1 / float(times @ judged)
    heavier = (judged - mean) / mean
    observed = (1 - few) * loose + few
    own = (agreed - observed * heavier - chance) / (1 - chance)
    each = rows @ ((near + near.T) @ share / 2) / mean - chance * heavier
    value = (loose - chance) / (1 - chance)
    return np.asarray(own - 2 * (1 - value) * (each - chance) / (1 - chance), dtype=np.float64)


def _spread(parts: Floats, times: Floats, whole_table: bool) -> float:
    total = float(times.sum())
    mean = float(times @ parts) / total
    variance = float(times @ (parts - mean) ** 2) / total
    return sqrt(variance / (total if whole_table else total - 1))


def _complete(tally: Tally) -> tuple[float, float, Floats]:
    """Judgements of a unit, units, and the share of each label."""
    judged = tally.rows.sum(axis=1)
    if len(set(judged.tolist())) != 1 or judged[0] < 2:
        raise ValueError("every unit has the same number of judgements, at least two")
    share = tally.times @ tally.rows / (tally.times @ judged)
    return float(judged[0]), float(tally.times.sum()), np.asarray(share, dtype=np.float64)
