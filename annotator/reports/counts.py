"""How many differences each document has, by type, label and pair: the way from a figure to its places."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotator.agreement import DocumentParts
from annotator.agreement.differences import TYPES
from annotator.reports.packing import pack, unpack

Ints = NDArray[np.int64]
# Columns of a row: numbers of the document, the type, the label (-1: none), both annotators, and how many.
DOCUMENT, TYPE, LABEL, ONE, OTHER, COUNT = range(6)


@dataclass(frozen=True)
class Which:
    """Which differences are meant; None means all of them. A label "" is none."""

    type: str | None = None
    label: str | None = None
    pair: tuple[str, str] | None = None


@dataclass(frozen=True)
class Counts:
    """Rows of counted differences and the names their numbers stand for."""

    documents: tuple[str, ...]
    labels: tuple[str, ...]
    annotators: tuple[str, ...]
    rows: Ints

    def packed(self) -> bytes:
        names = {"documents": self.documents, "labels": self.labels, "annotators": self.annotators}
        return pack({**names, "types": TYPES}, {"rows": self.rows.astype(np.float64)})

    def only(self, which: Which) -> Ints:
        """The rows of what is meant."""
        kept = np.ones(len(self.rows), dtype=bool)
        if which.type is not None:
            kept &= self.rows[:, TYPE] == position(TYPES, which.type)
        if which.label is not None:
            kept &= self.rows[:, LABEL] == (position(self.labels, which.label) if which.label else -1)
        if which.pair is not None:
            numbers = [position(self.annotators, name) for name in which.pair]
            kept &= (self.rows[:, [ONE, OTHER]] == sorted(numbers)).all(axis=1)
        return self.rows[kept]

    def by_document(self, which: Which) -> dict[str, int]:
        """How many of them each document has, most first."""
        rows = self.only(which)
        totals = np.bincount(rows[:, DOCUMENT], weights=rows[:, COUNT], minlength=len(self.documents))
        order = sorted(np.flatnonzero(totals).tolist(), key=lambda at: (-totals[at], self.documents[at]))
        return {self.documents[at]: int(totals[at]) for at in order}

    def kinds_of(self, document: str) -> Counter[tuple[str, str, str]]:
        """How many differences of each type and pair one document has."""
        rows = self.rows[self.rows[:, DOCUMENT] == position(self.documents, document)]
        names = self.annotators
        found: Counter[tuple[str, str, str]] = Counter()
        for row in rows.tolist():
            found[TYPES[row[TYPE]], names[row[ONE]], names[row[OTHER]]] += row[COUNT]
        return found


def position(names: tuple[str, ...], name: str) -> int:
    """The number of a name; -2, which no row has, for one that is not there."""
    return names.index(name) if name in names else -2


def unpacked(stored: bytes | memoryview) -> Counts:
    """The counts of `Counts.packed`."""
    names, tables = unpack(bytes(stored))
    plain = {key: tuple(names[key]) for key in ("documents", "labels", "annotators")}
    return Counts(rows=tables["rows"].astype(np.int64).reshape(-1, 6), **plain)


def counted(chunks: Iterable[DocumentParts]) -> Counts:
    """The differences in parts of documents, whose names are put together; annotators by alias."""
    chunks = list(chunks)
    annotators = tuple(sorted({name for chunk in chunks for name in chunk.annotators}))
    labels = tuple(sorted({name for chunk in chunks for name in chunk.labels}))
    documents = tuple(name for chunk in chunks for name in chunk.documents)
    rows, before = [np.zeros((0, 6), dtype=np.int64)], 0
    for chunk in chunks:
        rows.append(rows_of(chunk, before, numbered(annotators), numbered(labels)))
        before += len(chunk.documents)
    return Counts(documents, labels, annotators, np.concatenate(rows))


def numbered(names: Iterable[str]) -> dict[str, int]:
    return {name: number for number, name in enumerate(names)}


def rows_of(
    parts: DocumentParts, before: int, annotators: Mapping[str, int], labels: Mapping[str, int]
) -> Ints:
    if not len(parts.differences):
        return np.zeros((0, 6), dtype=np.int64)
    pair, kind, label, count = parts.differences.astype(np.int64).T
    who = np.array([annotators[name] for name in parts.annotators], dtype=np.int64)
    what = np.array([labels[name] for name in parts.labels] + [-1], dtype=np.int64)
    document, one, other = parts.pairs.astype(np.int64)[pair].T
    readers = parts.readings.astype(np.int64)[:, 1]
    both = np.sort(np.stack([who[readers[one]], who[readers[other]]]), axis=0)
    return np.stack([document + before, kind, what[label], both[0], both[1], count], axis=1)


def plain(counts: Counts, which: Which) -> list[dict[str, Any]]:
    """The rows in names, for tables."""
    return [
        {
            "document": counts.documents[row[DOCUMENT]],
            "type": TYPES[row[TYPE]],
            "label": counts.labels[row[LABEL]] if row[LABEL] >= 0 else None,
            "pair": (counts.annotators[row[ONE]], counts.annotators[row[OTHER]]),
            "count": row[COUNT],
        }
        for row in counts.only(which).tolist()
    ]
