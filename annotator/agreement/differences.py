"""Where two readings of a document part, and over what: the way from a figure to a sentence.

Every two readings are aligned span by span; what differs is classed by type. A difference names both
places, so that a page can show them side by side.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, NamedTuple

from annotator.agreement import arrows
from annotator.agreement.alignment import JUDGED, Side, aligned, side
from annotator.agreement.arrows import Arrow, Drawn
from annotator.agreement.marks import Fragments
from annotator.agreement.readings import Reading, choose
from annotator.agreement.specification import Specification

#: The types, in the order in which a page shows them.
TYPES = ("boundary", "missing_unit", "stance", "role", "holder", "target", "relation", "document_label")
#: What two readings say alike is counted too, as this type, so that a confusion has its diagonal.
SAME = "same"
#: What counted comparisons are numbered by.
KINDS = (*TYPES, SAME)
#: The types that say what something is called in a layer, or whether it is there: those of a confusion matrix.
OF_LAYER = {
    "stance": ("stance", "missing_unit"),
    "role": ("role", "missing_unit"),
    "relation": ("relation",),
    "document": ("document_label",),
}


@dataclass(frozen=True)
class Place:
    """A span or a relation of one reading: its set, id, fragments (of both ends of a relation), and label.

    A relation has its `arrow`: which end is which.
    """

    annotator: str
    set_id: str
    id: str
    fragments: Fragments
    label: str | None
    arrow: Arrow | None = None

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "annotator": self.annotator,
            "set": self.set_id,
            "id": self.id,
            "fragments": [list(piece) for piece in self.fragments],
            "label": self.label,
            "arrow": None if self.arrow is None else self.arrow.as_dict(),
        }


@dataclass(frozen=True)
class Difference:
    """One thing two annotators see differently; a side is None where that annotator has nothing.

    `labels` are what it is counted under, one or two: the layer's labels of both sides (None: without one), or
    the question. `values` are what each side says: of a passage that one side did not mark the other's label;
    of a boundary nothing.
    """

    type: str
    document: str
    pair: tuple[str, str]
    labels: tuple[str | None, ...]
    left: Place | None
    right: Place | None
    values: tuple[str | None, str | None] = (None, None)

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "type": self.type,
            "document": self.document,
            "pair": list(self.pair),
            "labels": list(self.labels),
            "left": None if self.left is None else self.left.as_dict(),
            "right": None if self.right is None else self.right.as_dict(),
            "values": list(self.values),
        }


class Found(NamedTuple):
    """What two sides say of one thing: the type of their difference or SAME, and the things themselves.

    `left` and `right` are numbers of spans, relations as they were drawn, or None for nothing.
    """

    type: str
    left: int | Drawn | None
    right: int | Drawn | None
    labels: tuple[str | None, ...]
    values: tuple[str | None, str | None] = (None, None)


def differences(document: Mapping[str, Any], specification: Specification) -> tuple[Difference, ...]:
    """Every difference between the chosen readings of a document, pair by pair, in the order of the text.

    Layers stance and role compare spans of which one at least belongs to the report, relation compares
    relations, document the document labels.
    """
    readings, _ = choose(document, specification)
    name, length = str(document.get("id")), len(str(document.get("text") or ""))
    sides = [side(reading, specification, length=length) for reading in readings]
    return tuple(
        _placed(found, left, right, name, specification.layer)
        for left, right in combinations(sides, 2)
        for found in comparisons(left, right, specification)
        if found.type != SAME
    )


def comparisons(left: Side, right: Side, specification: Specification) -> Iterator[Found]:
    """All that two readings say differently, and what they say alike."""
    if specification.layer == "document":
        return _of_answers(left.reading, right.reading, specification)
    if specification.layer == "relation":
        return _of_relations(left, right, specification)
    return _of_spans(left, right, specification)


def _of_spans(left: Side, right: Side, specification: Specification) -> Iterator[Found]:
    """What differs between spans: where, whether, and as what; only where one of them belongs to the report."""
    layer = specification.layer
    pairs = aligned(left, right)
    for i, j in pairs:
        if left.inside[i] or right.inside[j]:
            yield from _of_pair(left, i, right, j, specification)
    mine, theirs = {i for i, _ in pairs}, {j for _, j in pairs}
    for i, span in enumerate(left.spans):
        if left.inside[i] and i not in mine:
            yield Found("missing_unit", i, None, (span[layer],), (span[layer], None))
    for j, span in enumerate(right.spans):
        if right.inside[j] and j not in theirs:
            yield Found("missing_unit", None, j, (span[layer],), (None, span[layer]))


def _of_pair(left: Side, i: int, right: Side, j: int, specification: Specification) -> Iterator[Found]:
    """What two spans about one passage are called alike, and what not."""
    values = left.spans[i].get(specification.layer), right.spans[j].get(specification.layer)
    labels = values if values[0] != values[1] else values[:1]
    if values[0] == values[1]:
        yield Found(SAME, i, j, labels, values)
    (mine, *judged), (theirs, *otherwise) = left.keys[i], right.keys[j]
    if mine != theirs:
        yield Found("boundary", i, j, labels)
    if judged == otherwise:
        return
    for kind, one, other in zip(JUDGED, judged, otherwise, strict=True):
        unnamed = kind == "target" and specification.targetless and None in (one, other)
        if one != other and not unnamed:
            yield Found(kind, i, j, labels, (one, other))


def _of_relations(left: Side, right: Side, specification: Specification) -> Iterator[Found]:
    """Relations between the same two passages with other labels, or that only one of the two drew."""
    for one, other in arrows.compared(left, right, aligned(left, right), specification.labels):
        values = one.arrow.label if one else None, other.arrow.label if other else None
        labels = tuple(dict.fromkeys(value for value in values if value is not None))
        yield Found(SAME if values[0] == values[1] else "relation", one, other, labels, values)


def _of_answers(left: Reading, right: Reading, specification: Specification) -> Iterator[Found]:
    """Answers of both to the same question; they are counted under the question."""
    mine, theirs = (reading.content.get("document_labels") or {} for reading in (left, right))
    asked = specification.labels
    for group in sorted(set(mine) & set(theirs)):
        values = mine[group], theirs[group]
        if None in values or specification.group not in (None, group):
            continue
        if asked is None or (values[0] in asked and values[1] in asked):
            kind = SAME if values[0] == values[1] else "document_label"
            yield Found(kind, None, None, (group,), values)


def _placed(found: Found, left: Side, right: Side, document: str, layer: str) -> Difference:
    return Difference(
        found.type,
        document,
        (left.reading.annotator, right.reading.annotator),
        found.labels,
        _place(found.left, left, layer) if layer != "document" else _answer(left, found, 0),
        _place(found.right, right, layer) if layer != "document" else _answer(right, found, 1),
        found.values,
    )


def _place(thing: int | Drawn | None, some: Side, layer: str) -> Place | None:
    reading = some.reading
    if thing is None:
        return None
    if isinstance(thing, Drawn):
        arrow = thing.arrow
        return Place(reading.annotator, reading.set_id, thing.id, arrow.pieces, arrow.label, arrow)
    span = some.spans[thing]
    return Place(reading.annotator, reading.set_id, str(span.get("id")), some.pieces[thing], span.get(layer))


def _answer(some: Side, found: Found, which: int) -> Place:
    return Place(some.reading.annotator, some.reading.set_id, str(found.labels[0]), (), found.values[which])
