"""The additive parts of an agreement report: what each document contributes, computed once.

Parts of different documents are put side by side by `join`, whatever chunks or workers they come from,
and the corpus figure, every subset of annotators and every resample are sums over them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from annotator.agreement.continua import Floats, Ints

VERSION = 3
#: Of what is left out the first ids are named, all are counted.
NAMED = 50

#: Columns of the tables, by field: which of them hold labels, annotators, documents, readings, pairs.
_COLUMNS: dict[str, tuple[str, ...]] = {
    "lengths": ("value",),
    "readings": ("document", "annotator"),
    "pairs": ("document", "reading", "reading"),
    "units": ("reading", "label", "value", "value"),
    "shared": ("pair", "label", "label", "value"),
    "stars": ("pair", "label", "value"),
    "spans": ("reading", "label", "value"),
    "matches": ("pair", "value", "label", "value"),
    "offenders": ("reading",),
    "choices": ("reading", "group", "label"),
    "nodes": ("reading", "value"),
    "cells": ("pair", "label", "label", "value"),
    "attached": ("pair", "attachment", "attachment", "value"),
    "differences": ("pair", "value", "word", "word", "word", "word", "value"),
    "clusters": ("reading", "value", "label"),
    "gamma_pairs": ("pair", "value", "value"),
    "gamma_documents": ("document", "value", "value"),
}

#: Whose names a column's numbers stand for.
_NAMED = {
    "label": "labels",
    "annotator": "annotators",
    "group": "groups",
    "attachment": "attachments",
    "word": "words",
}

EXACT, UNLABELLED, OVERLAP = 0, 1, 2
LINK, LINK_UNLABELLED, LINK_UNDIRECTED, NODE = 3, 4, 5, 6


@dataclass(frozen=True)
class DocumentParts:
    """The parts of one document, or of several side by side.

    Tables are float arrays of rows (see `_COLUMNS`): `lengths` of the documents that enter; `readings`
    sorted by document and alias; `pairs` of readings; `units` of `continua.Continua`; `shared`, `stars`
    of `overlaps.Overlaps`;
    `spans`: spans of a label in a reading; `matches`: spans a pair has in common (exact, unlabelled,
    overlap, links, nodes); `offenders`: readings with overlapping labels; `choices`: document labels by
    question; `nodes`: spans of a reading that relations may join; `cells`: what a pair's readings say of
    every two aligned nodes (-1: no link), in a span layer of every word (-1: unmarked); `attached`: what each
    aligned node hangs on; `differences` by type (the last: said alike), what they are counted under and what each side
    says, as numbers of `words` (-1: nothing); `clusters`: passages of a document (by number)
    that a reading marked, with the label; `gamma_pairs`, `gamma_documents`: observed and expected
    disorder, not yet divided by the number of units (nan: the time limit).
    `left_out`: reason -> (count, first ids).
    """

    documents: tuple[str, ...]
    sets: tuple[str, ...]
    labels: tuple[str, ...]
    annotators: tuple[str, ...]
    groups: tuple[str, ...]
    attachments: tuple[str, ...]
    words: tuple[str, ...]
    targets: tuple[str, ...]
    left_out: Mapping[str, tuple[int, tuple[str, ...]]]
    lengths: Floats
    readings: Floats
    pairs: Floats
    units: Floats
    shared: Floats
    stars: Floats
    spans: Floats
    matches: Floats
    offenders: Floats
    choices: Floats
    nodes: Floats
    cells: Floats
    attached: Floats
    differences: Floats
    clusters: Floats
    gamma_pairs: Floats
    gamma_documents: Floats

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values; `from_dict` gives the same parts back."""
        plain: dict[str, Any] = {"version": VERSION}
        for field in fields(self):
            value = getattr(self, field.name)
            plain[field.name] = value.tolist() if isinstance(value, np.ndarray) else value
        plain["left_out"] = {reason: [count, list(ids)] for reason, (count, ids) in self.left_out.items()}
        return {key: list(value) if isinstance(value, tuple) else value for key, value in plain.items()}

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> DocumentParts:
        """The parts that `as_dict` wrote; ValueError for another version."""
        if plain.get("version") != VERSION:
            raise ValueError(f"parts of version {plain.get('version')}, not {VERSION}")
        left_out = {reason: (count, tuple(ids)) for reason, (count, ids) in plain["left_out"].items()}
        names = ("documents", "sets", *_NAMED.values(), "targets")
        tables: dict[str, Any] = {
            name: table(plain[name], len(columns)) for name, columns in _COLUMNS.items()
        }
        tables |= {name: tuple(plain[name]) for name in names}
        return cls(left_out=left_out, **tables)


def table(rows: Any, columns: int) -> Floats:
    """Rows as a float array of that many columns, also when there are none."""
    return np.asarray(rows, dtype=np.float64).reshape(len(rows), columns)


def whole(column: Floats) -> Ints:
    """A column of indices as integers."""
    return column.astype(np.int64)


def join(many: Iterable[DocumentParts]) -> DocumentParts:
    """Parts side by side, in the order given; names are merged, nothing is added up yet."""
    chunks = list(many)
    names: dict[str, Any] = {
        field: _merged(getattr(chunk, field) for chunk in chunks) for field in _NAMED.values()
    }
    shifted = _shifted(chunks, names)
    tables: dict[str, Any] = {
        field: np.concatenate([table((), len(columns)), *shifted[field]])
        for field, columns in _COLUMNS.items()
    }
    return DocumentParts(
        documents=tuple(name for chunk in chunks for name in chunk.documents),
        sets=tuple(name for chunk in chunks for name in chunk.sets),
        targets=_merged(chunk.targets for chunk in chunks),
        left_out=tally(chunk.left_out for chunk in chunks),
        **names,
        **tables,
    )


def tally(
    many: Iterable[Mapping[str, tuple[int, tuple[str, ...]]]],
) -> dict[str, tuple[int, tuple[str, ...]]]:
    """Counts added up by reason; of the ids the first NAMED in code-point order, so order does not show."""
    total: dict[str, tuple[int, tuple[str, ...]]] = {}
    for counts in many:
        for reason, (count, ids) in counts.items():
            before, named = total.get(reason, (0, ()))
            total[reason] = (before + count, tuple(sorted((*named, *ids))[:NAMED]))
    return total


def in_order(parts: DocumentParts, *, labels: Sequence[str]) -> DocumentParts:
    """The same parts with labels numbered in that order (others after them), annotators by alias."""
    found = tuple(sorted(set(parts.labels) - set(labels)))
    names = replace(
        empty(),
        labels=(*labels, *found),
        annotators=tuple(sorted(parts.annotators)),
        groups=tuple(sorted(parts.groups)),
        attachments=tuple(sorted(parts.attachments)),
    )
    return sorted_by_document(join([names, parts]))


def sorted_by_document(parts: DocumentParts) -> DocumentParts:
    """The same parts with documents by id and readings by annotator, so that no order of input shows."""
    by_id = sorted(range(len(parts.documents)), key=lambda i: (parts.documents[i], i))
    document = _rank(np.array(by_id, dtype=np.int64))
    columns = whole(parts.readings)
    by_reading = np.lexsort((columns[:, 1], document[columns[:, 0]]))
    reading = _rank(by_reading)
    pairs = whole(parts.pairs)
    left, right = np.sort(reading[pairs[:, 1:]], axis=1).T
    by_pair = np.lexsort((right, left))
    maps = {"document": document, "reading": reading, "pair": _rank(by_pair)}
    flipped = reading[pairs[:, 1]] > reading[pairs[:, 2]]
    tables: dict[str, Any] = {
        name: _renumbered(getattr(parts, name), kinds, maps) for name, kinds in _COLUMNS.items()
    }
    tables["lengths"] = parts.lengths[by_id]
    tables["pairs"] = np.stack([document[pairs[:, 0]], left, right], axis=1)[by_pair].astype(np.float64)
    _flip(tables, parts, flipped)
    tables |= {name: _lexsorted(rows) for name, rows in tables.items() if name not in ("lengths", "pairs")}
    return replace(
        parts,
        documents=tuple(parts.documents[i] for i in by_id),
        sets=tuple(parts.sets[i] for i in by_reading),
        left_out=dict(sorted(parts.left_out.items())),
        **tables,
    )


def _rank(order: Ints) -> Ints:
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return rank


def _renumbered(rows: Floats, kinds: Sequence[str], maps: Mapping[str, Ints]) -> Floats:
    moved = rows.copy()
    for position, kind in enumerate(kinds):
        if kind in maps:
            moved[:, position] = maps[kind][whole(rows[:, position])]
    return moved


def _flip(tables: dict[str, Floats], parts: DocumentParts, flipped: np.ndarray) -> None:
    """Pairs whose first reading now stands second swap their sides."""
    for name in ("shared", "cells", "attached"):
        rows = flipped[whole(getattr(parts, name)[:, 0])]
        tables[name][rows, 1:3] = tables[name][rows, 2:0:-1]
    rows = flipped[whole(parts.differences[:, 0])]
    tables["differences"][rows] = tables["differences"][rows][:, [0, 1, 3, 2, 5, 4, 6]]


def _lexsorted(rows: Floats) -> Floats:
    return rows[np.lexsort(rows.T[::-1])] if len(rows) else rows


def empty() -> DocumentParts:
    """The parts of no document."""
    tables: dict[str, Any] = {field: table((), len(columns)) for field, columns in _COLUMNS.items()}
    return DocumentParts((), (), (), (), (), (), (), (), {}, **tables)


def _merged(many: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for names in many for name in names))


def _shifted(
    chunks: Sequence[DocumentParts], names: Mapping[str, tuple[str, ...]]
) -> dict[str, list[Floats]]:
    """Each chunk's tables with its indices moved to where they stand in the whole."""
    codes = {kind: {name: i for i, name in enumerate(names[field])} for kind, field in _NAMED.items()}
    offsets = {"document": 0, "reading": 0, "pair": 0}
    tables: dict[str, list[Floats]] = {field: [] for field in _COLUMNS}
    for chunk in chunks:
        maps = {
            kind: np.array([*(codes[kind][name] for name in getattr(chunk, field)), -1], dtype=np.float64)
            for kind, field in _NAMED.items()
        }
        for field, columns in _COLUMNS.items():
            tables[field].append(_moved(getattr(chunk, field), columns, maps, offsets))
        offsets["document"] += len(chunk.lengths)
        offsets["reading"] += len(chunk.readings)
        offsets["pair"] += len(chunk.pairs)
    return tables


def _moved(
    rows: Floats, columns: Sequence[str], maps: Mapping[str, Floats], offsets: Mapping[str, int]
) -> Floats:
    """The number -1 stands for none: it indexes the last entry of its map, which is -1."""
    moved = rows.copy()
    for position, kind in enumerate(columns):
        if kind in offsets:
            moved[:, position] += offsets[kind]
        elif kind in maps and len(rows):
            moved[:, position] = maps[kind][whole(rows[:, position])]
    return moved
