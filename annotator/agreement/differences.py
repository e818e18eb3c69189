"""Where two readings of a document part, and over what: the way from a figure to a sentence.

Every two readings are aligned span by span; what differs is classed by type. A difference names both
places, so that a page can show them side by side.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from annotator.agreement import matches
from annotator.agreement.assignment import best_entries
from annotator.agreement.marks import fragments
from annotator.agreement.readings import Reading, choose
from annotator.agreement.specification import Specification

#: The types, in the order in which a page shows them.
TYPES = ("boundary", "missing_unit", "stance", "role", "holder", "target", "relation", "document_label")
#: Attributes of a span that two annotators may judge differently, by their type.
JUDGED = ("stance", "role", "holder", "target")
#: Two spans are about the same passage if the shorter lies in the other by at least this share.
NESTED = 0.5


@dataclass(frozen=True)
class Place:
    """A span or a relation of one reading: its set, id, fragments (of both ends of a relation), and label."""

    annotator: str
    set_id: str
    id: str
    fragments: tuple[tuple[int, int], ...]
    label: str | None

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "annotator": self.annotator,
            "set": self.set_id,
            "id": self.id,
            "fragments": [list(piece) for piece in self.fragments],
            "label": self.label,
        }


@dataclass(frozen=True)
class Difference:
    """One thing two annotators see differently; a side is None where that annotator has nothing.

    `values` are what each side says, for the types of JUDGED, relations and document labels.
    """

    type: str
    document: str
    pair: tuple[str, str]
    label: str | None
    left: Place | None
    right: Place | None
    values: tuple[str | None, str | None] = (None, None)

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "type": self.type,
            "document": self.document,
            "pair": list(self.pair),
            "label": self.label,
            "left": None if self.left is None else self.left.as_dict(),
            "right": None if self.right is None else self.right.as_dict(),
            "values": list(self.values),
        }


@dataclass(frozen=True)
class Side:
    """One reading's spans, ready to be aligned; `keys` hold all that two equal spans have in common."""

    reading: Reading
    spans: tuple[Mapping[str, Any], ...]
    pieces: tuple[tuple[tuple[int, int], ...], ...]
    keys: tuple[tuple[Any, ...], ...]

    def place(self, index: int, label: str | None) -> Place:
        """Where a span stands."""
        span = self.spans[index]
        return Place(
            self.reading.annotator, self.reading.set_id, str(span.get("id")), self.pieces[index], label
        )


def differences(document: Mapping[str, Any], specification: Specification) -> tuple[Difference, ...]:
    """Every difference between the chosen readings of a document, pair by pair, in the order of the text.

    Layers stance and role compare spans, relation compares relations, document the document labels.
    """
    readings, _ = choose(document, specification)
    name, length = str(document.get("id")), len(str(document.get("text") or ""))
    if specification.layer == "document":
        pairs = combinations(readings, 2)
        return tuple(d for a, b in pairs for d in _of_labels(a, b, name, specification))
    sides = [side(reading, length=length) for reading in readings]
    return tuple(d for a, b in combinations(sides, 2) for d in between(a, b, name, specification))


def side(reading: Reading, *, length: int) -> Side:
    """The reading's spans in the order of the text."""
    spans = [
        (fragments(span, length=length, where=reading.set_id), span)
        for span in reading.content.get("spans") or ()
    ]
    spans.sort(key=lambda pair: (pair[0], str(pair[1].get("id"))))
    return Side(
        reading,
        tuple(span for _, span in spans),
        tuple(pieces for pieces, _ in spans),
        tuple((pieces, *(span.get(kind) for kind in JUDGED)) for pieces, span in spans),
    )


@dataclass(frozen=True)
class Found:
    """A difference of two sides by the numbers of their spans (None: not marked), and the layer's label."""

    type: str
    left: int | None
    right: int | None
    label: str | None


def between(left: Side, right: Side, document: str, specification: Specification) -> Iterator[Difference]:
    """The differences of two readings."""
    pair = (left.reading.annotator, right.reading.annotator)
    layer = specification.layer
    if layer == "relation":
        yield from _of_relations(left, right, aligned(left, right), document)
        return
    for found in of_spans(left, right, specification):
        one = {} if found.left is None else left.spans[found.left]
        other = {} if found.right is None else right.spans[found.right]
        yield Difference(
            found.type,
            document,
            pair,
            found.label,
            None if found.left is None else left.place(found.left, one.get(layer)),
            None if found.right is None else right.place(found.right, other.get(layer)),
            (one.get(found.type), other.get(found.type)),
        )


def of_spans(left: Side, right: Side, specification: Specification) -> Iterator[Found]:
    """What differs between spans: where, whether, and as what."""
    layer = specification.layer
    pairs = aligned(left, right)
    for i, j in pairs:
        if left.keys[i] == right.keys[j]:
            continue
        one, other = left.spans[i], right.spans[j]
        label = one.get(layer) or other.get(layer)
        if left.pieces[i] != right.pieces[j]:
            yield Found("boundary", i, j, label)
        for kind in JUDGED:
            if not _same(kind, one, other, specification):
                yield Found(kind, i, j, label)
    mine, theirs = {i for i, _ in pairs}, {j for _, j in pairs}
    for i, span in enumerate(left.spans):
        if i not in mine:
            yield Found("missing_unit", i, None, span.get(layer))
    for j, span in enumerate(right.spans):
        if j not in theirs:
            yield Found("missing_unit", None, j, span.get(layer))


def of_links(left: Side, right: Side) -> Iterator[str | None]:
    """The label of every relation that differs."""
    return (found.label for found in _of_relations(left, right, aligned(left, right), ""))


def aligned(left: Side, right: Side) -> list[tuple[int, int]]:
    """Spans about the same passage, one to one: identical ones first, then of greatest overlap.

    Of several readings of one passage those with the same judgements stand together.
    """
    pairs, mine, theirs = _identical(left, right)
    if not mine or not theirs:
        return sorted(pairs)
    near = matches.touching([left.pieces[i] for i in mine], [right.pieces[j] for j in theirs])
    pairs += best_entries(
        [
            (i, theirs[column], _nearness(left, i, right, theirs[column]))
            for row, i in enumerate(mine)
            for column in near[row]
        ]
    )
    return sorted(pairs)


def _identical(left: Side, right: Side) -> tuple[list[tuple[int, int]], list[int], list[int]]:
    """Pairs with equal fragments and judgements, and what is left on either side."""
    waiting: dict[Any, list[int]] = {}
    for j in reversed(range(len(right.spans))):
        waiting.setdefault(right.keys[j], []).append(j)
    pairs, mine = [], []
    for i in range(len(left.spans)):
        partners = waiting.get(left.keys[i])
        if partners:
            pairs.append((i, partners.pop()))
        else:
            mine.append(i)
    return pairs, mine, sorted(j for partners in waiting.values() for j in partners)


def _nearness(left: Side, i: int, right: Side, j: int) -> float:
    """Intersection over union, a little more for equal judgements; 0 for different passages."""
    mine, theirs = left.pieces[i], right.pieces[j]
    both = matches.intersection(mine, theirs)
    shorter = min(matches.length(mine), matches.length(theirs))
    if both < NESTED * shorter:
        return 0.0
    equal = sum(left.spans[i].get(kind) == right.spans[j].get(kind) for kind in JUDGED)
    return matches.intersection_over_union(mine, theirs) + 0.01 * float(equal)


def _same(kind: str, one: Mapping[str, Any], other: Mapping[str, Any], specification: Specification) -> bool:
    values = one.get(kind), other.get(kind)
    if kind == "target" and specification.targetless and None in values:
        return True
    return values[0] == values[1]


def _of_relations(
    left: Side, right: Side, pairs: Sequence[tuple[int, int]], document: str
) -> Iterator[Difference]:
    """Relations between the same two passages with other labels, or that only one of the two drew."""
    mine = _links(left, {i: ("both", n) for n, (i, _) in enumerate(pairs)}, "left")
    theirs = _links(right, {j: ("both", n) for n, (_, j) in enumerate(pairs)}, "right")
    pair = (left.reading.annotator, right.reading.annotator)
    for ends in sorted(mine.keys() | theirs.keys(), key=repr):
        one, other = mine.get(ends), theirs.get(ends)
        values = one.label if one else None, other.label if other else None
        if values[0] != values[1]:
            yield Difference("relation", document, pair, values[0] or values[1], one, other, values)


def _links(some: Side, number: Mapping[int, tuple[str, int]], name: str) -> dict[Any, Place]:
    """Relations by their ends: aligned spans by their common number, others by this side's own."""
    spans = {str(span.get("id")): i for i, span in enumerate(some.spans)}
    relations = {str(r.get("id")): r for r in some.reading.content.get("relations") or ()}
    found: dict[Any, Place] = {}
    for key, relation in relations.items():
        ends, pieces = _ends(key, relations, spans, ())
        known = tuple(number.get(end, (name, end)) if isinstance(end, int) else end for end in ends)
        where = tuple(piece for index in pieces for piece in some.pieces[index])
        reading = some.reading
        label = relation.get("label")
        if known in found:
            label = "+".join(sorted({*str(found[known].label).split("+"), str(label)}))
        found[known] = Place(reading.annotator, reading.set_id, key, where, label)
    return found


def _ends(
    key: str, relations: Mapping[str, Any], spans: Mapping[str, int], above: tuple[str, ...]
) -> tuple[tuple[Any, ...], tuple[int, ...]]:
    """The ends of a relation as a flat sequence, a relation's own ends in brackets, and the spans in it."""
    flat: list[Any] = []
    inside: list[int] = []
    for end in (relations[key].get("from") or {}, relations[key].get("to") or {}):
        span, relation = spans.get(str(end.get("span"))), str(end.get("relation"))
        if span is not None:
            flat.append(span)
            inside.append(span)
        elif relation in relations and relation not in (*above, key):
            inner, further = _ends(relation, relations, spans, (*above, key))
            flat += ["(", *inner, ")"]
            inside += further
        else:
            flat.append("?")
    return tuple(flat), tuple(inside)


def _of_labels(
    left: Reading, right: Reading, document: str, specification: Specification
) -> Iterator[Difference]:
    mine, theirs = (reading.content.get("document_labels") or {} for reading in (left, right))
    for group in sorted(set(mine) & set(theirs)):
        values = mine[group], theirs[group]
        if None in values or values[0] == values[1] or specification.group not in (None, group):
            continue
        one = Place(left.annotator, left.set_id, group, (), values[0])
        other = Place(right.annotator, right.set_id, group, (), values[1])
        pair = (left.annotator, right.annotator)
        yield Difference("document_label", document, pair, group, one, other, values)
