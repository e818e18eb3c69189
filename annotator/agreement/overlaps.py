"""How long any two annotators marked the same stretch, by label: the coincidences of unitizing.

The lengths that u-alpha needs (Krippendorff, Mathet, Bouvry & Widlöcher 2016, eq. 3 to 10) come from
units that intersect; whatever is not covered by them follows from lengths, so gaps are never listed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from annotator.agreement.continua import Continua, Floats, Ints


@dataclass(frozen=True)
class Overlaps:
    """Additive parts of a set of continua.

    `shared` (n, 4): pair, label of the first, label of the second reading, length marked by both.
    `stars` (n, 3): pair, label, sum of squares of what the other side covers of each unit, of both sides.
    Pairs that involve a reading in `offenders` share only equal labels (each on its own continuum) and
    have no stars.
    """

    shared: Floats
    stars: Floats


def measure(continua: Continua, pairs: Ints, offenders: Ints) -> Overlaps:
    """All coincidences of the pairs (pairs, 3); `offenders` are readings in which labels overlap."""
    apart = np.isin(pairs[:, 1:], offenders).any(axis=1)
    sides = [
        _intersections(continua, pairs, np.flatnonzero(chosen), by_label)
        for chosen, by_label in ((~apart, False), (apart, True))
    ]
    pair, left, right, length = (np.concatenate(columns) for columns in zip(*sides, strict=True))
    labels = continua.labels
    key = (pair * labels + continua.label[left]) * labels + continua.label[right]
    cells, totals = _sums(key, length, limit=len(pairs) * labels**2)
    shared = np.stack([cells // labels**2, cells // labels % labels, cells % labels, totals], axis=1)
    return Overlaps(shared, _stars(continua, *sides[0], limit=len(pairs) * labels))


def _intersections(
    continua: Continua, pairs: Ints, chosen: Ints, by_label: bool
) -> tuple[Ints, Ints, Ints, Ints]:
    """Every two intersecting units of the chosen pairs: pair, unit of either side, length of the intersection.

    A track holds a reading's units, or those of one label. Units of a track do not intersect, so both their
    starts and their ends ascend and two binary searches bound the partners of a unit.
    """
    wide = int(continua.lengths.max()) + 1 if len(continua.lengths) else 1
    split = continua.label * by_label
    track = (continua.reading * continua.labels + split) * wide
    by_track = np.argsort(track + continua.start, kind="stable")
    label, base = continua.label[by_track], track[by_track]
    start, end = continua.start[by_track], continua.end[by_track]
    count = np.bincount(continua.reading, minlength=len(continua.readings))
    first = np.cumsum(count) - count
    pair, unit = _expand(first[pairs[chosen, 1]], count[pairs[chosen, 1]])
    other = pairs[chosen[pair], 2] * continua.labels + label[unit] * by_label
    low = np.searchsorted(base + end, other * wide + start[unit], side="right")
    high = np.searchsorted(base + start, other * wide + end[unit], side="left")
    row, partner = _expand(low, np.maximum(high - low, 0))
    unit, pair = unit[row], chosen[pair[row]]
    length = np.minimum(end[unit], end[partner]) - np.maximum(start[unit], start[partner])
    return pair, by_track[unit], by_track[partner], length


def _expand(first: Ints, count: Ints) -> tuple[Ints, Ints]:
    """For ranges first .. first + count: the row of the range and the position, one entry each."""
    row = np.repeat(np.arange(len(count)), count)
    offset = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    return row, first[row] + offset


def _stars(continua: Continua, pair: Ints, left: Ints, right: Ints, length: Ints, *, limit: int) -> Floats:
    """Squares of what covers each unit; rows of a unit stand together on either side, for units do not overlap."""
    cells, squares = [], []
    for unit in (left, right):
        new = np.flatnonzero(np.diff(unit, prepend=-1) | np.diff(pair, prepend=-1))
        cells.append(pair[new] * continua.labels + continua.label[unit[new]])
        squares.append(np.add.reduceat(length, new) ** 2 if len(new) else length)
    cell, totals = _sums(np.concatenate(cells), np.concatenate(squares), limit=limit)
    return np.stack([cell // continua.labels, cell % continua.labels, totals], axis=1).astype(np.float64)


def _sums(key: Ints, weight: np.ndarray, *, limit: int) -> tuple[Ints, Floats]:
    """The distinct keys, ascending, and the sum of the weights (above 0) of each; keys are under `limit`."""
    if limit > 4 * len(key) + (1 << 16):
        distinct, position = np.unique(key, return_inverse=True)
        return distinct, np.bincount(position, weights=weight, minlength=len(distinct)).astype(np.float64)
    totals = np.bincount(key, weights=weight, minlength=limit).astype(np.float64)
    found = np.flatnonzero(totals)
    return found, totals[found]
