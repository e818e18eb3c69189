"""Counted comparisons: differences by type, label, pair and document, and what one says where another says something."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from annotator.agreement.continua import Ints
from annotator.agreement.contributions import DocumentParts, whole
from annotator.agreement.differences import KINDS, OF_LAYER, SAME, TYPES

#: Columns of a row of `DocumentParts.differences`.
PAIR, KIND, LABEL, SECOND_LABEL, VALUE, SECOND_VALUE, COUNT = range(7)
#: A label of a matrix of places: marked, but without a label in the layer. None is not marked at all.
NO_LABEL = ""


@dataclass(frozen=True)
class Count:
    """Differences of one type, by label or by pair."""

    type: str
    count: int
    label: str | None = None
    pair: tuple[str, str] | None = None

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        pair = None if self.pair is None else list(self.pair)
        return {"type": self.type, "count": self.count, "label": self.label, "pair": pair}


@dataclass(frozen=True)
class Matrix:
    """How often both annotators of a pair gave each two labels; None is no label.

    `unit` is characters, pairs of nodes, documents, or places: passages, relations or answers, whose cells beside
    the diagonal are the differences that can be opened. `pair` None means all, made symmetric.
    """

    labels: tuple[str | None, ...]
    cells: tuple[tuple[float, ...], ...]
    unit: str
    pair: tuple[str, str] | None = None
    group: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "labels": list(self.labels),
            "cells": [list(row) for row in self.cells],
            "unit": self.unit,
            "pair": None if self.pair is None else list(self.pair),
            "group": self.group,
        }


@dataclass(frozen=True)
class Tallies:
    """The rows of counted comparisons, each with its document and its annotators by number."""

    parts: DocumentParts
    rows: Ints
    documents: Ints
    who: Ints

    def by_document(self) -> Ints:
        """Differences of each type: (documents, types)."""
        size = len(self.parts.documents)
        key = self.documents * len(KINDS) + self.rows[:, KIND]
        totals = np.bincount(key, weights=self.rows[:, COUNT], minlength=size * len(KINDS))
        return totals.reshape(size, len(KINDS))[:, : len(TYPES)].astype(np.int64)

    def by_type(self) -> list[Count]:
        """All differences, in the order of the types."""
        totals = self.by_document().sum(axis=0).tolist()
        return [Count(kind, n) for kind, n in zip(TYPES, totals, strict=True) if n]

    def by_label(self) -> list[Count]:
        """Differences under each label; a place where two labels meet counts under both."""
        words = (*self.parts.words, None)
        differing = self.rows[self.rows[:, KIND] < len(TYPES)]
        second = differing[differing[:, LABEL] != differing[:, SECOND_LABEL]]
        kinds = np.concatenate([differing[:, KIND], second[:, KIND]])
        labels = np.concatenate([differing[:, LABEL], second[:, SECOND_LABEL]]) % len(words)
        counts = np.concatenate([differing[:, COUNT], second[:, COUNT]])
        totals = np.bincount(kinds * len(words) + labels, weights=counts)
        cells = [divmod(cell, len(words)) for cell in np.flatnonzero(totals).tolist()]
        found = [
            Count(TYPES[kind], int(totals[kind * len(words) + word]), words[word]) for kind, word in cells
        ]
        return sorted(found, key=lambda each: (TYPES.index(each.type), self.place(each.label)))

    def by_pair(self) -> list[Count]:
        """Differences of each two annotators."""
        names, size = self.parts.annotators, len(self.parts.annotators)
        differing = self.rows[:, KIND] < len(TYPES)
        key = (self.who[:, 0] * size + self.who[:, 1]) * len(TYPES) + self.rows[:, KIND]
        totals = np.bincount(key[differing], weights=self.rows[differing, COUNT])
        found = []
        for cell in np.flatnonzero(totals).tolist():
            pair, kind = divmod(cell, len(TYPES))
            a, b = divmod(pair, size)
            found.append(Count(TYPES[kind], int(totals[cell]), pair=(names[a], names[b])))
        return found

    def matrix(
        self, layer: str, pair: tuple[int, int] | None = None, *, group: str | None = None
    ) -> Matrix | None:
        """What one annotator says where another says something, in places; None where nothing was compared."""
        rows = self.rows[self.of_matrix(layer, pair, group)]
        said = [self.sayings(row, layer) for row in rows.tolist()]
        labels = sorted({label for both in said for label in both}, key=self.place)
        if not labels:
            return None
        number = {label: at for at, label in enumerate(labels)}
        cells = np.zeros((len(labels), len(labels)))
        for (one, other), count in zip(said, rows[:, COUNT].tolist(), strict=True):
            cells[number[one], number[other]] += count
        if pair is None:
            cells += np.triu(cells, 1).T + np.tril(cells, -1).T
        names = None if pair is None else (self.parts.annotators[pair[0]], self.parts.annotators[pair[1]])
        return Matrix(tuple(labels), tuple(map(tuple, cells.tolist())), "places", names, group)

    def of_matrix(self, layer: str, pair: tuple[int, int] | None, group: str | None) -> np.ndarray:
        """Which rows are about what a place is called, or whether it is there."""
        kept = np.isin(self.rows[:, KIND], [KINDS.index(kind) for kind in (*OF_LAYER[layer], SAME)])
        if pair is not None:
            kept &= (self.who == pair).all(axis=1)
        if group is not None:
            kept &= self.rows[:, LABEL] == self.parts.words.index(group)
        return kept

    def sayings(self, row: Sequence[int], layer: str) -> tuple[str | None, str | None]:
        """What both sides of a row say; None is nothing, NO_LABEL a mark without a label."""
        words = (*self.parts.words, None)
        one, other = words[row[VALUE]], words[row[SECOND_VALUE]]
        if layer in ("stance", "role") and KINDS[row[KIND]] == layer:
            return NO_LABEL if one is None else one, NO_LABEL if other is None else other
        return one, other

    def place(self, label: str | None) -> tuple[int, int, str]:
        """Nothing first, labels in their declared order, others by name, a mark without a label last."""
        if label is None or label == NO_LABEL:
            return (0 if label is None else 3), 0, ""
        if label in self.parts.labels:
            return 1, self.parts.labels.index(label), ""
        return 2, 0, label


def tallies(parts: DocumentParts) -> Tallies:
    """The counted comparisons of a report's parts."""
    rows = whole(parts.differences)
    pairs = whole(parts.pairs)[rows[:, PAIR]]
    return Tallies(parts, rows, pairs[:, 0], whole(parts.readings)[pairs[:, 1:], 1])
