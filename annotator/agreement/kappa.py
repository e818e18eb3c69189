"""Chance-corrected agreement with one coefficient for each idea of chance.

All values are 1 - (1 - Po) / (1 - Pe), kept as the Ratio of observed and expected disagreement. Tables of
two annotators are (..., labels, labels); the first index is the first annotator's label.
"""

from __future__ import annotations

import numpy as np

from annotator.agreement.continua import Floats
from annotator.agreement.ratings import Ratings, Tally
from annotator.agreement.unitized import Ratio

#: Units multiplied at a time when all pairs are counted; exact in single precision.
CHUNK = 8192


def cohen(table: Floats, distance: Floats | None = None) -> Ratio:
    """Cohen's kappa (1960), weighted by a distance (1968) if one is given: sum d p_kl / sum d p_k. p_.l."""
    distance = 1 - np.eye(table.shape[-1]) if distance is None else distance
    total = table.sum(axis=(-1, -2))
    share = table / np.where(total > 0, total, 1.0)[..., None, None]
    chance = share.sum(axis=-1)[..., :, None] * share.sum(axis=-2)[..., None, :]
    return Ratio((share * distance).sum(axis=(-1, -2)), (chance * distance).sum(axis=(-1, -2)))


def cohen_error(table: Floats, distance: Floats | None = None) -> float:
    """The standard error of (weighted) kappa (Fleiss, Cohen & Everitt 1969, eq. 13)."""
    q = len(table)
    near = np.eye(q) if distance is None else 1 - distance / max(float(distance.max()), 1e-300)
    total = float(table.sum())
    share = table / total
    rows, columns = share.sum(axis=1), share.sum(axis=0)
    chance = float(rows @ near @ columns)
    kappa = (float((share * near).sum()) - chance) / (1 - chance)
    mean_near = (near @ columns)[:, None] + (rows @ near)[None, :]
    spread = float((share * (near - mean_near * (1 - kappa)) ** 2).sum())
    variance = (spread - (kappa - chance * (1 - kappa)) ** 2) / (total * (1 - chance) ** 2)
    return float(np.sqrt(max(variance, 0.0)))


def cohen_ceiling(table: Floats) -> Ratio:
    """The largest kappa that the marginals allow (Cohen 1960)."""
    share = table / table.sum()
    rows, columns = share.sum(axis=1), share.sum(axis=0)
    best = np.minimum(rows, columns).sum()
    return Ratio(np.asarray(1 - best), np.asarray(1 - rows @ columns))


def scott(table: Floats) -> Ratio:
    """Scott's pi (1955): chance from the pooled marginals of both annotators."""
    share = table / table.sum()
    pooled = (share.sum(axis=1) + share.sum(axis=0)) / 2
    return Ratio(np.asarray(1 - np.trace(share)), np.asarray(1 - (pooled**2).sum()))


def binary(table: Floats, label: int) -> Floats:
    """The table of one label against the rest: (2, 2)."""
    both = table[label, label]
    first, second = table[label].sum() - both, table[:, label].sum() - both
    return np.array([[both, first], [second, table.sum() - both - first - second]])


def observed(tally: Tally, near: Floats) -> float:
    """Po: mean over units judged at least twice of the (weighted) share of agreeing pairs."""
    judged = tally.rows.sum(axis=1)
    pairable = judged >= 2
    rows, judged, times = tally.rows[pairable], judged[pairable], tally.times[pairable]
    agreed = (rows * (rows @ near - 1)).sum(axis=1) / (judged * (judged - 1))
    return float(times @ agreed / times.sum()) if times.sum() else float("nan")


def classified(tally: Tally) -> Floats:
    """pi_k: mean over units judged at all of the share of their judgements that are k: (labels,)."""
    judged = tally.rows.sum(axis=1)
    rows, times = tally.rows[judged > 0], tally.times[judged > 0]
    if not len(rows):
        return np.zeros(tally.rows.shape[1])
    return np.asarray(times @ (rows / rows.sum(axis=1, keepdims=True)) / times.sum(), dtype=np.float64)


def fleiss(tally: Tally, near: Floats | None = None) -> Ratio:
    """Fleiss' kappa (1971), generalised to missing judgements as in Gwet's handbook."""
    near = _identity(tally) if near is None else near
    share = classified(tally)
    return _corrected(tally, near, float(share @ near @ share))


def fleiss_label(tally: Tally, label: int) -> Ratio:
    """Fleiss' kappa of one label (1971, eq. 18): disagreeing pairs about it over what chance gives."""
    judged = tally.rows.sum(axis=1)
    pairable = judged >= 2
    rows, judged, times = tally.rows[pairable], judged[pairable], tally.times[pairable]
    chosen = rows[:, label]
    apart = times @ (chosen * (judged - chosen) / (judged * (judged - 1))) / times.sum()
    share = float(times @ (chosen / judged) / times.sum())
    return Ratio(np.asarray(apart), np.asarray(share * (1 - share)))


def gwet(tally: Tally, near: Floats | None = None, *, labels: int | None = None) -> Ratio:
    """AC1, or AC2 with weights (Gwet 2008); `labels` counts the scheme's labels, used or not."""
    near = _identity(tally, labels) if near is None else near
    share = classified(tally)
    q = len(near)
    chance = float(near.sum()) / (q * (q - 1)) * float((share * (1 - share)).sum()) if q > 1 else 1.0
    return _corrected(tally, near[: tally.rows.shape[1], : tally.rows.shape[1]], chance)


def brennan_prediger(tally: Tally, near: Floats | None = None, *, labels: int | None = None) -> Ratio:
    """Brennan & Prediger (1981), also S, Randolph's free kappa, PABAK: every label is equally likely."""
    near = _identity(tally, labels) if near is None else near
    chance = float(near.sum()) / len(near) ** 2
    return _corrected(tally, near[: tally.rows.shape[1], : tally.rows.shape[1]], chance)


def conger(ratings: Ratings, near: Floats | None = None) -> Ratio:
    """Conger's (1980) multi-rater kappa, also Hubert's: chance from each annotator's own marginals."""
    tally = ratings.distinct()
    near = _identity(tally) if near is None else near
    share = marginals(ratings)
    share = share[share.sum(axis=1) > 0]
    count = len(share)
    pooled = share.sum(axis=0)
    own = np.einsum("gk,kl,gl->", share, near, share)
    chance = (pooled @ near @ pooled - own) / (count * (count - 1)) if count > 1 else 1.0
    return _corrected(tally, near, float(chance))


def marginals(ratings: Ratings) -> Floats:
    """The share of each label in each annotator's judgements: (annotators, labels)."""
    q = len(ratings.labels)
    counts = np.stack([np.bincount(column + 1, minlength=q + 1)[1:] for column in ratings.codes.T])
    return np.asarray(counts / np.maximum(counts.sum(axis=1, keepdims=True), 1), dtype=np.float64)


def pair_tables(ratings: Ratings) -> Floats:
    """Contingency tables of all pairs, on the units both judged: (annotators, annotators, labels, labels)."""
    q, count = len(ratings.labels), len(ratings.annotators)
    total = np.zeros((count * q, count * q))
    marks = np.arange(q, dtype=ratings.codes.dtype)
    for first in range(0, len(ratings.codes), CHUNK):
        block = np.ascontiguousarray(ratings.codes[first : first + CHUNK].T)
        hot = (block[:, None, :] == marks[None, :, None]).astype(np.float32).reshape(count * q, -1)
        total += hot @ hot.T
    return total.reshape(count, q, count, q).swapaxes(1, 2)


def pairwise_cohen(ratings: Ratings, distance: Floats | None = None) -> tuple[Floats, Floats]:
    """Cohen's kappa of every two annotators and the units they share, (annotators, annotators) each.

    Undefined kappas are nan.
    """
    tables = pair_tables(ratings)
    return cohen(tables, distance).agreement, tables.sum(axis=(-1, -2))


def mean_pairwise(ratings: Ratings, distance: Floats | None = None) -> tuple[float, float, float]:
    """Mean, least and greatest of the pairs' kappas that are defined (Light 1971); nan if none is."""
    kappas, _ = pairwise_cohen(ratings, distance)
    values = kappas[np.triu_indices(len(kappas), 1)]
    values = values[np.isfinite(values)]
    if not len(values):
        return float("nan"), float("nan"), float("nan")
    return float(values.mean()), float(values.min()), float(values.max())


def leave_one_out(ratings: Ratings) -> Floats:
    """Nominal alpha without each annotator in turn: (annotators,); nan where undefined.

    Units with equal rows that lose the same label are one: no table is counted again.
    """
    tally, place = ratings.placed()
    apart, pairable = _one_less(tally.rows)
    cells = place * apart.shape[1] + 1
    values = np.empty(len(ratings.annotators))
    for absent, code in enumerate(ratings.codes.T):
        times = np.bincount(cells + code, minlength=apart.size).reshape(apart.shape) * pairable
        labels = times.sum(axis=1) @ tally.rows - times[:, 1:].sum(axis=0)
        total = labels.sum()
        chance = (total**2 - (labels**2).sum()) / max(total - 1, 1)
        values[absent] = 1 - (times * apart).sum() / chance if chance > 0 else np.nan
    return values


def _one_less(rows: Floats) -> tuple[Floats, Floats]:
    """Of rows without a judgement of nothing, or of each label in turn: (rows, 1 + labels) each.

    Their disagreeing pairs over their judgements but one, and 1 where two judgements are left.
    """
    judged, squares = rows.sum(axis=1, keepdims=True), (rows**2).sum(axis=1, keepdims=True)
    size = np.concatenate([judged, np.broadcast_to(judged - 1, rows.shape)], axis=1)
    rest = np.concatenate([squares, squares - 2 * rows + 1], axis=1)
    return (size**2 - rest) / np.maximum(size - 1, 1), (size >= 2).astype(np.float64)


def _corrected(tally: Tally, near: Floats, chance: float) -> Ratio:
    return Ratio(np.asarray(1 - observed(tally, near)), np.asarray(1 - chance))


def _identity(tally: Tally, labels: int | None = None) -> Floats:
    return np.eye(max(tally.rows.shape[1], labels or 0))
