"""From documents to their parts: readings are chosen, spans become units, pairs are compared."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

import numpy as np

from annotator.agreement import continua, gamma, matches, overlaps, words
from annotator.agreement.alignment import Side, side
from annotator.agreement.contributions import (
    EXACT,
    LINK,
    LINK_UNDIRECTED,
    LINK_UNLABELLED,
    NODE,
    OVERLAP,
    UNLABELLED,
    DocumentParts,
    empty,
    table,
    tally,
)
from annotator.agreement.differences import KINDS, OF_LAYER, SAME, Found, comparisons
from annotator.agreement.graphs import Comparison, Graph, compared, graph, paragraph_starts
from annotator.agreement.marks import Mark, marks
from annotator.agreement.passages import passages
from annotator.agreement.readings import Dropped, Reading, Unreadable, choose
from annotator.agreement.specification import Specification


def parts(document: Mapping[str, Any], specification: Specification) -> DocumentParts:
    """What one document contributes to the report; Unreadable if it is no neutral record."""
    return parts_of([document], specification)


def parts_of(documents: Iterable[Mapping[str, Any]], specification: Specification) -> DocumentParts:
    """What these documents contribute, computed together: the same as joining the parts of each."""
    draft = _Draft(specification)
    for document in documents:
        draft.add(document)
    return draft.finished()


SPAN_LAYERS = ("stance", "role")
#: Random continua that gamma samples for each document: over documents their noise evens out.
SAMPLES = 100


def from_units(units: continua.Continua) -> DocumentParts:
    """The parts that the u-alpha family needs, from units that are columns already; names are numbers."""
    pairs = continua.reading_pairs(units.readings)
    offenders = continua.overlapping(units)
    measured = overlaps.measure(units, pairs, offenders)
    return replace(
        empty(),
        documents=tuple(map(str, range(len(units.lengths)))),
        labels=tuple(map(str, range(units.labels))),
        annotators=tuple(map(str, range(int(units.readings[:, 1].max(initial=-1)) + 1))),
        lengths=table(units.lengths, 1),
        readings=table(units.readings, 2),
        pairs=table(pairs, 3),
        units=table(units.rows, 4),
        shared=measured.shared,
        stars=measured.stars,
        offenders=table(offenders, 1),
    )


class _Names:
    """Names numbered in the order in which they turn up."""

    def __init__(self) -> None:
        self.codes: dict[str, int] = {}

    def code(self, name: str) -> int:
        return self.codes.setdefault(name, len(self.codes))


@dataclass
class _Draft:
    """Rows of the parts while documents come in."""

    specification: Specification
    documents: list[str] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)
    sets: list[str] = field(default_factory=list)
    labels: _Names = field(default_factory=_Names)
    annotators: _Names = field(default_factory=_Names)
    groups: _Names = field(default_factory=_Names)
    targets: set[str] = field(default_factory=set)
    dropped: dict[str, list[str]] = field(default_factory=dict)
    readings: list[tuple[int, int]] = field(default_factory=list)
    marked: list[tuple[Mark, ...]] = field(default_factory=list)
    words: list[continua.Ints] = field(default_factory=list)
    sides: list[Side] = field(default_factory=list)
    choices: list[tuple[int, int, int]] = field(default_factory=list)
    graphs: list[Graph] = field(default_factory=list)
    attachments: _Names = field(default_factory=_Names)
    said: _Names = field(default_factory=_Names)

    def add(self, document: Mapping[str, Any]) -> None:
        """One document: what enters is kept, what does not is counted."""
        text = document.get("text")
        if not isinstance(text, str) or document.get("id") is None:
            raise Unreadable(f"document {document.get('id')!r} has no id or no text")
        if self.specification.documents is not None and document["id"] not in self.specification.documents:
            self.drop([Dropped("document_not_asked", str(document["id"]))])
            return
        readings, passed_over = choose(document, self.specification)
        self.drop(passed_over)
        if len(readings) < 2:
            self.drop([Dropped("fewer_than_two_sets", str(document["id"]))])
            return
        self.documents.append(str(document["id"]))
        self.lengths.append(len(text))
        if self.specification.layer in SPAN_LAYERS:
            self.words.append(words.starts(text))
        within = self.specification.layer == "relation" and self.specification.candidates == "paragraph"
        starts = paragraph_starts(text) if within else ()
        for reading in readings:
            self.read(reading, length=len(text), starts=starts)

    def read(self, reading: Reading, *, length: int, starts: Sequence[int] = ()) -> None:
        """One reading of the document added last; `starts` are of the paragraphs that bound relations."""
        row = len(self.readings)
        self.readings.append((len(self.documents) - 1, self.annotators.code(reading.annotator)))
        self.sets.append(reading.set_id)
        self.sides.append(side(reading, self.specification, length=length))
        if self.specification.layer in SPAN_LAYERS:
            chosen, passed_over = marks(reading, self.specification, length=length)
            self.drop(passed_over)
            self.marked.append(chosen)
            self.targets.update(mark.target for mark in chosen if mark.target is not None)
        elif self.specification.layer == "document":
            self.choose_labels(row, reading)
        else:
            found, passed_over = graph(reading, self.specification, length=length, starts=starts)
            self.drop(passed_over)
            self.graphs.append(found)

    def choose_labels(self, row: int, reading: Reading) -> None:
        """The document labels of a reading; a question without an answer is not judged."""
        for group, label in sorted((reading.content.get("document_labels") or {}).items()):
            if self.specification.group not in (None, group):
                self.drop([Dropped("other_group", f"{reading.set_id}/{group}")])
            elif label is None:
                self.drop([Dropped("no_label", f"{reading.set_id}/{group}")])
            elif self.specification.labels is not None and label not in self.specification.labels:
                self.drop([Dropped("other_label", f"{reading.set_id}/{group}")])
            else:
                self.choices.append((row, self.groups.code(group), self.labels.code(str(label))))

    def drop(self, things: Iterable[Dropped]) -> None:
        """Remember what is left out, by reason."""
        for thing in things:
            self.dropped.setdefault(thing.reason, []).append(thing.id)

    def finished(self) -> DocumentParts:
        """The parts of all documents added."""
        pairs = continua.reading_pairs(np.array(self.readings, dtype=np.int64).reshape(-1, 2))
        tables = self.span_tables(pairs) if self.marked else self.link_tables(pairs) if self.graphs else {}
        differences = self.difference_rows(pairs)
        return DocumentParts(
            documents=tuple(self.documents),
            sets=tuple(self.sets),
            labels=tuple(self.labels.codes),
            annotators=tuple(self.annotators.codes),
            groups=tuple(self.groups.codes),
            attachments=tuple(self.attachments.codes),
            words=tuple(self.said.codes),
            targets=tuple(sorted(self.targets)),
            left_out=tally({reason: (len(ids), tuple(ids))} for reason, ids in self.dropped.items()),
            lengths=table(self.lengths, 1),
            readings=table(self.readings, 2),
            pairs=table(pairs, 3),
            units=table(tables.get("units", ()), 4),
            shared=table(tables.get("shared", ()), 4),
            stars=table(tables.get("stars", ()), 3),
            spans=table(tables.get("spans", ()), 3),
            matches=table(tables.get("matches", ()), 4),
            offenders=table(tables.get("offenders", ()), 1),
            choices=table(self.choices, 3),
            nodes=table(tables.get("nodes", ()), 2),
            cells=table(tables.get("cells", ()), 4),
            attached=table(tables.get("attached", ()), 4),
            differences=table(differences, 7),
            clusters=table(tables.get("clusters", ()), 3),
            gamma_pairs=table(tables.get("gamma_pairs", ()), 3),
            gamma_documents=table(tables.get("gamma_documents", ()), 3),
        )

    def span_tables(self, pairs: continua.Ints) -> dict[str, Any]:
        """Units and matches of every reading and pair."""
        rows = [
            (row, self.labels.code(mark.label), start, end)
            for row, chosen in enumerate(self.marked)
            for mark in chosen
            for start, end in mark.fragments
        ]
        columns = np.array(rows, dtype=np.int64).reshape(-1, 4).T
        units, merged = continua.united(
            self.lengths, self.readings, *columns, labels=max(len(self.labels.codes), 1)
        )
        for row in np.flatnonzero(merged):
            self.drop([Dropped("united_spans", self.sets[row])] * int(merged[row]))
        offenders = continua.overlapping(units)
        measured = overlaps.measure(units, pairs, offenders)
        return {
            "units": units.rows,
            "shared": measured.shared,
            "stars": measured.stars,
            "spans": self.span_rows(),
            "matches": self.match_rows(pairs),
            "offenders": offenders,
            "cells": self.word_rows(pairs),
            "clusters": self.passage_rows(),
            **(self.gamma_tables(pairs) if self.specification.gamma else {}),
        }

    def link_tables(self, pairs: continua.Ints) -> dict[str, Any]:
        """Nodes and links of every reading, and what each pair says of aligned nodes."""
        links = [
            (row, self.labels.code(label), count)
            for row, found in enumerate(self.graphs)
            for label, count in Counter(link.label for link in found.links).items()
        ]
        tables: dict[str, Any] = {"spans": links, "matches": [], "cells": [], "attached": []}
        tables["nodes"] = [(row, len(found.nodes)) for row, found in enumerate(self.graphs)]
        for pair, (_, a, b) in enumerate(pairs.tolist()):
            common = compared(self.graphs[a], self.graphs[b])
            tables["matches"] += [(pair, *row) for row in self.common_links(common)]
            tables["cells"] += [
                (pair, self.link(one), self.link(other), n) for (one, other), n in common.cells.items()
            ]
            tables["attached"] += [
                (pair, self.attachments.code(one), self.attachments.code(other), n)
                for (one, other), n in common.attached.items()
            ]
        return tables

    def common_links(self, common: Comparison) -> Iterable[tuple[int, int, int]]:
        """Kind of match, label (-1: none) and number."""
        for label, count in common.links.items():
            yield LINK, self.labels.code(label), count
        yield LINK_UNLABELLED, -1, common.unlabelled
        yield LINK_UNDIRECTED, -1, common.undirected
        yield NODE, -1, common.nodes

    def link(self, label: str) -> int:
        """The number of a link's label; -1 where there is none."""
        return self.labels.code(label) if label else -1

    def word_rows(self, pairs: continua.Ints) -> list[tuple[int, int, int, int]]:
        """How the readings of each pair label the document's words."""
        codes = self.labels.codes
        labelled = [
            words.labelled(self.words[document], self.marked[row], codes)
            for row, (document, _) in enumerate(self.readings)
        ]
        return [
            (pair, *cell)
            for pair, (_, a, b) in enumerate(pairs.tolist())
            for cell in words.cells(labelled[a], labelled[b], len(codes))
        ]

    def passage_rows(self) -> list[tuple[int, int, int]]:
        """Which passage of its document each span is, and its label."""
        rows: list[tuple[int, int, int]] = []
        by_document = groupby(range(len(self.readings)), key=lambda row: self.readings[row][0])
        for _, group in by_document:
            inside = list(group)
            numbers = passages([self.marked[row] for row in inside])
            rows += [
                (row, number, self.labels.code(mark.label))
                for row, own in zip(inside, numbers, strict=True)
                for number, mark in zip(own, self.marked[row], strict=True)
            ]
        return rows

    def gamma_tables(self, pairs: continua.Ints) -> dict[str, Any]:
        """Observed and expected disorder of every pair, and of every document's readings together."""
        units = [[gamma.Unit(*mark.hull, mark.label) for mark in chosen] for chosen in self.marked]
        rows: dict[str, Any] = {"gamma_pairs": [], "gamma_documents": []}
        for pair, (document, a, b) in enumerate(pairs.tolist()):
            rows["gamma_pairs"].append((pair, *self.disorders(document, [units[a], units[b]])))
        by_document = groupby(range(len(self.readings)), key=lambda row: self.readings[row][0])
        for document, group in by_document:
            inside = list(group)
            rows["gamma_documents"].append((document, *self.disorders(document, [units[r] for r in inside])))
        return rows

    def disorders(self, document: int, continuum: gamma.Continuum) -> tuple[float, float]:
        """Both disorders of a document, the seed its own, so that no order of documents shows."""
        seed = zlib.crc32(f"{self.specification.seed} {self.documents[document]}".encode())
        size = sum(len(units) for units in continuum) / len(continuum)
        try:
            seconds = self.specification.gamma_seconds
            found = gamma.gamma(continuum, samples=SAMPLES, precision=None, seed=seed, seconds=seconds)
        except gamma.TimeIsUp:
            return float("nan"), float("nan")
        except ValueError:
            return 0.0, 0.0
        return found.observed * size, found.expected * size

    def difference_rows(self, pairs: continua.Ints) -> list[tuple[int, ...]]:
        """How often every pair differs, or says the same, by type, by what it is counted under and what each says."""
        rows: list[tuple[int, ...]] = []
        for pair, (_, a, b) in enumerate(pairs.tolist()):
            found = comparisons(self.sides[a], self.sides[b], self.specification)
            counted = Counter(
                (each.type, each.labels[0], each.labels[-1], *self.values(each)) for each in found
            )
            rows += [
                (pair, KINDS.index(kind), *(self.word(word) for word in said), count)
                for (kind, *said), count in counted.items()
            ]
        return rows

    def values(self, found: Found) -> tuple[str | None, str | None]:
        """What both say in the layer; of holders and the like only that they differ is counted."""
        named = found.type == SAME or found.type in OF_LAYER[self.specification.layer]
        return found.values if named else (None, None)

    def word(self, word: str | None) -> int:
        """The number of a word that somebody said; -1 where nothing was."""
        return -1 if word is None else self.said.code(str(word))

    def span_rows(self) -> list[tuple[int, int, int]]:
        """Spans of each label in each reading."""
        return [
            (row, self.labels.code(label), count)
            for row, chosen in enumerate(self.marked)
            for label, count in Counter(mark.label for mark in chosen).items()
        ]

    def match_rows(self, pairs: continua.Ints) -> list[tuple[int, int, int, int]]:
        """Spans that the readings of each pair have in common."""
        rows: list[tuple[int, int, int, int]] = []
        for pair, (_, a, b) in enumerate(pairs.tolist()):
            left, right = self.marked[a], self.marked[b]
            if left and right:
                rows += [(pair, *row) for row in self.common(left, right)]
        return rows

    def common(self, left: Sequence[Mark], right: Sequence[Mark]) -> Iterable[tuple[int, int, int]]:
        """Kind of match, label (-1: none) and number."""
        for label, count in matches.exact(left, right).items():
            yield EXACT, self.labels.code(label), count
        yield UNLABELLED, -1, matches.unlabelled(left, right)
        for label, count in matches.overlapping(left, right).items():
            yield OVERLAP, self.labels.code(label), count
