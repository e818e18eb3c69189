"""Fixed units judged by several annotators, some judgements missing."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from annotator.agreement.continua import Floats, Ints

MISSING = -1
#: Units counted at a time: a million units need no more memory than these.
CHUNK = 1 << 16


@dataclass(frozen=True)
class Ratings:
    """Judgements as codes (units, annotators) into `labels`, MISSING where there is none.

    `labels` stand in their declared order, which the ordinal metric and the weights need; labels that
    nobody used belong here too: AC1 and Brennan-Prediger count them.
    """

    codes: npt.NDArray[np.signedinteger[Any]]
    labels: tuple[Hashable, ...]
    annotators: tuple[str, ...]

    def counts(self) -> Floats:
        """How many annotators gave each unit each label: (units, labels)."""
        return counted(self.codes, len(self.labels))

    def distinct(self) -> Tally:
        """The same table with equal rows once."""
        return self.placed()[0]

    def placed(self) -> tuple[Tally, Ints]:
        """The table with equal rows once, and which of them each unit has: the whole table is not made."""
        powers = row_powers(len(self.annotators), len(self.labels))
        if powers is None:
            rows, place, times = np.unique(self.counts(), axis=0, return_inverse=True, return_counts=True)
            return Tally(rows, times.astype(np.float64)), place.ravel()
        adds = np.append(powers, 0)
        numbers = np.empty(len(self.codes), dtype=np.int64)
        for first in range(0, len(numbers), CHUNK):
            numbers[first : first + CHUNK] = sum(adds[code] for code in self.codes[first : first + CHUNK].T)
        return Tally.numbered(numbers, powers, len(self.annotators))

    def chosen(self, annotators: Sequence[int]) -> Ratings:
        """Only these annotators' judgements."""
        names = tuple(self.annotators[a] for a in annotators)
        return Ratings(self.codes[:, list(annotators)], self.labels, names)


@dataclass(frozen=True)
class Tally:
    """Count rows (rows, labels) and how many units have each: all that most coefficients need."""

    rows: Floats
    times: Floats

    @classmethod
    def of(cls, counts: Floats) -> Tally:
        """Equal rows of a count table made one."""
        counts = np.asarray(counts, dtype=np.float64).reshape(-1, counts.shape[-1])
        most = int(counts.max(initial=0))
        powers = row_powers(most, counts.shape[1])
        if powers is None:
            rows, times = np.unique(counts, axis=0, return_counts=True)
            return cls(rows, times.astype(np.float64))
        return cls.numbered((counts @ powers.astype(np.float64)).astype(np.int64), powers, most)[0]

    @classmethod
    def numbered(cls, numbers: Ints, powers: Ints, most: int) -> tuple[Tally, Ints]:
        """From the number that each unit's row is (see `row_powers`); and the place of each among the rows."""
        found, place, times = _occurring(numbers, (most + 1) ** len(powers))
        rows = found[:, None] // powers % (most + 1)
        return cls(rows.astype(np.float64), times.astype(np.float64)), place


def row_powers(most: int, labels: int) -> Ints | None:
    """What one judgement adds, by label, to the number that tells a count row apart from all others.

    Rows hold counts up to `most`. None where the numbers could leave what a float holds exactly.
    """
    if labels * np.log2(most + 1) > 52:
        return None
    return np.asarray((most + 1) ** np.arange(labels), dtype=np.int64)


def _occurring(numbers: Ints, limit: int) -> tuple[Ints, Ints, Ints]:
    """The distinct numbers, the place of each number among them, and how often each occurs.

    Counted, which takes room for `limit` numbers, where that is not much; sorted elsewhere.
    """
    if limit > max(2 * len(numbers), 1 << 16):
        return np.unique(numbers, return_inverse=True, return_counts=True)
    times = np.bincount(numbers, minlength=limit)
    found = np.flatnonzero(times)
    rank = np.empty(limit, dtype=np.int64)
    rank[found] = np.arange(len(found))
    return found, rank[numbers], times[found]


def from_rows(
    units: Ints,
    annotators: Ints,
    codes: Ints,
    *,
    shape: tuple[int, int],
    labels: Sequence[Hashable],
    names: Sequence[str] | None = None,
) -> Ratings:
    """Ratings from long rows of one judgement each; `shape` is (units, annotators), `codes` index `labels`.

    ValueError where an annotator judged a unit twice, or a row leaves the table.
    """
    table = np.full(shape, MISSING, dtype=np.min_scalar_type(-max(len(labels), 1)))
    if len(codes) and not 0 <= codes.min() <= codes.max() < len(labels):
        raise ValueError("a row has a label that is not declared")
    if len(units) and min(units.min(), annotators.min()) < 0:
        raise ValueError("a row leaves the table")
    try:
        table[units, annotators] = codes
    except IndexError as error:
        raise ValueError("a row leaves the table") from error
    if int((table != MISSING).sum()) != len(codes):
        raise ValueError("an annotator judged a unit twice")
    return Ratings(table, tuple(labels), tuple(names or (f"{i + 1}" for i in range(shape[1]))))


def from_matrix(
    matrix: Sequence[Sequence[Any]],
    *,
    labels: Sequence[Hashable] | None = None,
    annotators: Sequence[str] | None = None,
) -> Ratings:
    """Ratings from rows of units with one entry for each annotator, None where missing.

    Labels that are not declared follow in their natural order. ValueError for rows of unequal length.
    """
    width = len(matrix[0]) if len(matrix) else 0
    if any(len(row) != width for row in matrix):
        raise ValueError("every unit has one entry for each annotator")
    names = tuple(annotators) if annotators is not None else tuple(f"{i + 1}" for i in range(width))
    order = ordered((value for row in matrix for value in row if value is not None), labels)
    code = {label: i for i, label in enumerate(order)}
    codes = [[MISSING if value is None else code[value] for value in row] for row in matrix]
    return Ratings(np.array(codes, dtype=np.int32).reshape(len(matrix), width), order, names)


def from_table(table: Any, *, labels: Sequence[Hashable] | None = None) -> Floats:
    """A square contingency table of two annotators as floats; ValueError if it is none."""
    square = np.asarray(table, dtype=np.float64)
    if square.ndim != 2 or square.shape[0] != square.shape[1] or (square < 0).any():
        raise ValueError("a contingency table is square and holds counts")
    if labels is not None and len(labels) != len(square):
        raise ValueError("the table has another number of labels")
    return square


def tally_of_table(table: Floats) -> Tally:
    """The count rows behind a contingency table of two annotators."""
    q = len(table)
    first, second = np.divmod(np.arange(q * q), q)
    rows = np.zeros((q * q, q))
    np.add.at(rows, (np.arange(q * q), first), 1)
    np.add.at(rows, (np.arange(q * q), second), 1)
    kept = table.ravel() > 0
    return Tally(rows[kept], table.ravel()[kept])


def ordered(values: Iterable[Any], labels: Sequence[Hashable] | None = None) -> tuple[Hashable, ...]:
    """The declared labels, then what else was found: numbers by size, the rest in code-point order."""
    declared = tuple(labels or ())
    found = set(values) - set(declared)
    numbers = all(isinstance(value, int | float) for value in found)
    rest = sorted(found) if numbers else sorted(found, key=str)
    return (*declared, *rest)


def counted(codes: npt.NDArray[np.signedinteger[Any]], labels: int) -> Floats:
    """Count table of codes (units, annotators), in chunks of units."""
    table = np.empty((len(codes), labels))
    for first in range(0, len(codes), CHUNK):
        block = codes[first : first + CHUNK]
        unit = np.arange(len(block))[:, None] * (labels + 1)
        flat = np.bincount((unit + block + 1).ravel(), minlength=len(block) * (labels + 1))
        table[first : first + CHUNK] = flat.reshape(len(block), labels + 1)[:, 1:]
    return table


def counted_rows(units: Ints, labels: Ints, *, shape: tuple[int, int]) -> Floats:
    """Count table (units, labels) from long rows of one judgement each."""
    flat = np.bincount(units * shape[1] + labels, minlength=shape[0] * shape[1])
    return flat.reshape(shape).astype(np.float64)
