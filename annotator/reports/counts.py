"""How many differences each document has, by type, label, pair and what both say: the way from a figure to its places."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotator.agreement import DocumentParts
from annotator.agreement.differences import OF_LAYER, TYPES, Difference
from annotator.reports.packing import pack, unpack

Ints = NDArray[np.int64]
# Columns of a row: numbers of the document, the type, what it is counted under (twice where two labels meet), both
# annotators, what each of them says (words; -1: nothing), and how many.
DOCUMENT, TYPE, LABEL, SECOND_LABEL, ONE, OTHER, VALUE, SECOND_VALUE, COUNT = range(9)
SAYING = {kind for kinds in OF_LAYER.values() for kind in kinds}


@dataclass(frozen=True)
class Which:
    """Which differences are meant; None means all of them. A label or value "" is none.

    `values` are what the two say; in the order of the pair's aliases where `ordered`.
    """

    type: str | None = None
    label: str | None = None
    pair: tuple[str, str] | None = None
    values: tuple[str, str] | None = None
    ordered: bool = False

    def means(self, each: Difference, layer: str) -> bool:
        """Whether a difference is one of those meant by a report on the layer."""
        return (
            self.type in (None, each.type)
            and (self.label is None or self.label in {label or "" for label in each.labels})
            and (self.pair is None or sorted(self.pair) == sorted(each.pair))
            and (self.values is None or (each.type in OF_LAYER[layer] and self.says(each)))
        )

    def says(self, each: Difference) -> bool:
        said = [value or "" for value in each.values]
        if self.ordered:
            return said == list(self.values or ())
        return sorted(said) == sorted(self.values or ())


@dataclass(frozen=True)
class Counts:
    """Rows of counted differences and the names their numbers stand for."""

    documents: tuple[str, ...]
    words: tuple[str, ...]
    annotators: tuple[str, ...]
    rows: Ints

    def packed(self) -> bytes:
        names = {"documents": self.documents, "words": self.words, "annotators": self.annotators}
        return pack({**names, "types": TYPES}, {"rows": self.rows.astype(np.float64)})

    def only(self, which: Which) -> Ints:
        """The rows of what is meant."""
        kept = np.ones(len(self.rows), dtype=bool)
        if which.type is not None:
            kept &= self.rows[:, TYPE] == position(TYPES, which.type)
        if which.label is not None:
            kept &= (self.rows[:, [LABEL, SECOND_LABEL]] == self.word(which.label)).any(axis=1)
        if which.pair is not None:
            numbers = [position(self.annotators, name) for name in which.pair]
            kept &= (self.rows[:, [ONE, OTHER]] == sorted(numbers)).all(axis=1)
        if which.values is not None:
            kept &= self.saying(which.values, ordered=which.ordered)
        return self.rows[kept]

    def word(self, word: str) -> int:
        return position(self.words, word) if word else -1

    def saying(self, values: tuple[str, str], *, ordered: bool) -> NDArray[np.bool_]:
        numbers = [self.word(value) for value in values]
        said = self.rows[:, [VALUE, SECOND_VALUE]]
        kept = np.isin(self.rows[:, TYPE], [TYPES.index(kind) for kind in SAYING])
        if not ordered:
            said, numbers = np.sort(said, axis=1), sorted(numbers)
        found: NDArray[np.bool_] = kept & (said == numbers).all(axis=1)
        return found

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


def unpacked(stored: bytes | memoryview) -> Counts | None:
    """The counts of `Counts.packed`; None where they were stored before it was counted what both say."""
    names, tables = unpack(bytes(stored))
    if "words" not in names:
        return None
    plain = {key: tuple(names[key]) for key in ("documents", "words", "annotators")}
    return Counts(rows=tables["rows"].astype(np.int64).reshape(-1, COUNT + 1), **plain)


def counted(chunks: Iterable[DocumentParts]) -> Counts:
    """The differences in parts of documents, whose names are put together; annotators by alias."""
    chunks = list(chunks)
    annotators = tuple(sorted({name for chunk in chunks for name in chunk.annotators}))
    words = tuple(sorted({word for chunk in chunks for word in chunk.words}))
    documents = tuple(name for chunk in chunks for name in chunk.documents)
    rows, before = [np.zeros((0, COUNT + 1), dtype=np.int64)], 0
    for chunk in chunks:
        rows.append(rows_of(chunk, before, numbered(annotators), numbered(words)))
        before += len(chunk.documents)
    return Counts(documents, words, annotators, np.concatenate(rows))


def numbered(names: Iterable[str]) -> dict[str, int]:
    return {name: number for number, name in enumerate(names)}


def rows_of(
    parts: DocumentParts, before: int, annotators: Mapping[str, int], words: Mapping[str, int]
) -> Ints:
    """The chunk's differences, without what is said alike; of every two annotators the first by alias stands first."""
    given = parts.differences.astype(np.int64)
    given = given[given[:, 1] < len(TYPES)]
    if not len(given):
        return np.zeros((0, COUNT + 1), dtype=np.int64)
    said = np.array([*(words[word] for word in parts.words), -1], dtype=np.int64)
    who = np.array([annotators[name] for name in parts.annotators], dtype=np.int64)
    pair, kind = given[:, 0], given[:, 1]
    label, second, value, other = (said[given[:, column]] for column in (2, 3, 4, 5))
    pairs, readers = parts.pairs.astype(np.int64)[pair], parts.readings.astype(np.int64)[:, 1]
    people = who[readers[pairs[:, 1:]]]
    turned = people[:, 0] > people[:, 1]
    value, other = np.where(turned, other, value), np.where(turned, value, other)
    people = np.sort(people, axis=1)
    columns = [pairs[:, 0] + before, kind, label, second, *people.T, value, other, given[:, 6]]
    return np.stack(columns, axis=1)


def plain(counts: Counts, which: Which) -> list[dict[str, Any]]:
    """The rows in names, for tables."""
    words = (*counts.words, None)
    return [
        {
            "document": counts.documents[row[DOCUMENT]],
            "type": TYPES[row[TYPE]],
            "labels": tuple(dict.fromkeys((words[row[LABEL]], words[row[SECOND_LABEL]]))),
            "pair": (counts.annotators[row[ONE]], counts.annotators[row[OTHER]]),
            "values": (words[row[VALUE]], words[row[SECOND_VALUE]]),
            "count": row[COUNT],
        }
        for row in counts.only(which).tolist()
    ]
