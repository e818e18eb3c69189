"""Spans as units on continua: who marked which stretch of which text, as columns of whole numbers.

A reading is one annotator's view of one document. Readings of a document stand together, and units are
sorted by reading. All positions are code points, half-open; no loop here runs over spans.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Continua:
    """Units of several readings of several documents.

    `lengths` (documents): code points. `readings` (readings, 2): document and annotator, sorted by
    document. `reading`, `label`, `start`, `end` (units): sorted by reading, within it by label and start
    as `united` leaves them.
    """

    lengths: Ints
    readings: Ints
    reading: Ints
    label: Ints
    start: Ints
    end: Ints
    labels: int

    @property
    def rows(self) -> Ints:
        """The units as rows of reading, label, start, end."""
        return np.stack([self.reading, self.label, self.start, self.end], axis=1)


def united(
    lengths: Any, readings: Any, reading: Any, label: Any, start: Any, end: Any, *, labels: int
) -> tuple[Continua, Ints]:
    """The units with intersecting ones of one reading and label made one, and how many went, by reading.

    Touching units stay apart: uniting them would change what a unit is. ValueError for a unit that is
    empty or leaves its text.
    """
    lengths, readings = _ints(lengths), _ints(readings).reshape(-1, 2)
    reading, label, start, end = _ints(reading), _ints(label), _ints(start), _ints(end)
    if reading.size and (
        (start < 0).any() or (end <= start).any() or (end > lengths[readings[reading, 0]]).any()
    ):
        raise ValueError("a unit is empty or leaves its text")
    wide = int(lengths.max(initial=0)) + 1
    order = np.argsort((reading * labels + label) * wide + start, kind="stable")
    reading, label, start, end = reading[order], label[order], start[order], end[order]
    track = reading * labels + label
    first, reach = _runs(track, start, end, lengths)
    keep = np.flatnonzero(first)
    final = np.append(keep[1:], len(track)) - 1 if keep.size else keep
    merged = np.bincount(reading[~first], minlength=len(readings)).astype(np.int64)
    continua = Continua(lengths, readings, reading[keep], label[keep], start[keep], reach[final], labels)
    return continua, merged


def overlapping(continua: Continua) -> Ints:
    """The readings in which units of different labels intersect, ascending."""
    wide = int(continua.lengths.max(initial=0)) + 1
    order = np.argsort(continua.reading * wide + continua.start, kind="stable")
    reading = continua.reading[order]
    first, _ = _runs(reading, continua.start[order], continua.end[order], continua.lengths)
    return np.unique(reading[~first])


def reading_pairs(readings: Ints) -> Ints:
    """Every two readings of one document: (pairs, 3) of document and the rows of the two readings."""
    documents, first, count = np.unique(readings[:, 0], return_index=True, return_counts=True)
    rows = []
    for size in np.unique(count):
        if size < 2:
            continue
        left, right = np.triu_indices(int(size), 1)
        chosen = np.flatnonzero(count == size)
        base = first[chosen][:, None]
        rows.append(
            np.stack(
                [np.repeat(documents[chosen], len(left)), (base + left).ravel(), (base + right).ravel()],
                axis=1,
            )
        )
    if not rows:
        return np.zeros((0, 3), dtype=np.int64)
    pairs = np.concatenate(rows)
    return pairs[np.lexsort((pairs[:, 2], pairs[:, 1]))]


def _runs(track: Ints, start: Ints, end: Ints, lengths: Ints) -> tuple[npt.NDArray[np.bool_], Ints]:
    """Where a new stretch begins among units sorted by track and start, and how far each reaches so far."""
    if not len(track):
        return np.zeros(0, dtype=bool), np.zeros(0, dtype=np.int64)
    wide = int(lengths.max()) + 1
    reach = np.maximum.accumulate(track * wide + end)
    first = np.ones(len(track), dtype=bool)
    first[1:] = track[1:] * wide + start[1:] >= reach[:-1]
    return first, reach - track * wide


def _ints(values: Any) -> Ints:
    return np.asarray(values, dtype=np.int64)
