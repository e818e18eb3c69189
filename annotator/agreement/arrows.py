"""The relations of two readings between the same passages: drawn alike, with another label, or by one only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotator.agreement.alignment import Side
from annotator.agreement.marks import Fragments


@dataclass(frozen=True)
class Arrow:
    """A relation as it was drawn: from a passage to a passage, or to another relation.

    An end that the reading does not have is an empty passage.
    """

    label: str
    source: Fragments | Arrow
    target: Fragments | Arrow

    @property
    def pieces(self) -> Fragments:
        """The text that the relation is about: its ends', the source's first."""
        return (*_pieces(self.source), *_pieces(self.target))

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"label": self.label, "from": _plain(self.source), "to": _plain(self.target)}


@dataclass(frozen=True)
class Drawn:
    """A reading's relation by its id; several between the same ends are one, their labels joined by +."""

    id: str
    arrow: Arrow


def compared(
    left: Side, right: Side, pairs: Sequence[tuple[int, int]], labels: tuple[str, ...] | None
) -> Iterator[tuple[Drawn | None, Drawn | None]]:
    """What each of two readings drew between the same ends, in the order of the ends; None for nothing.

    `pairs` are the spans that are one passage; only relations with one of `labels` count, unless that is None.
    """
    mine = _drawn(left, {i: ("both", n) for n, (i, _) in enumerate(pairs)}, "left", labels)
    theirs = _drawn(right, {j: ("both", n) for n, (_, j) in enumerate(pairs)}, "right", labels)
    for ends in sorted(mine.keys() | theirs.keys(), key=repr):
        yield mine.get(ends), theirs.get(ends)


def _drawn(
    some: Side, number: Mapping[int, tuple[str, int]], name: str, labels: tuple[str, ...] | None
) -> dict[Any, Drawn]:
    """Relations by their ends: aligned spans by their common number, others by this side's own."""
    spans = {str(span.get("id")): i for i, span in enumerate(some.spans)}
    relations = {str(r.get("id")): r for r in some.reading.content.get("relations") or ()}
    found: dict[Any, Drawn] = {}
    for key, relation in relations.items():
        label = relation.get("label")
        if label is None or (labels is not None and label not in labels):
            continue
        arrow, ends = _arrow(key, relations, spans, some, ())
        known = tuple(number.get(end, (name, end)) if isinstance(end, int) else end for end in ends)
        if known in found:
            both = {*found[known].arrow.label.split("+"), str(label)}
            arrow = Arrow("+".join(sorted(both)), arrow.source, arrow.target)
        found[known] = Drawn(key, arrow)
    return found


def _arrow(
    key: str,
    relations: Mapping[str, Any],
    spans: Mapping[str, int],
    some: Side,
    above: tuple[str, ...],
) -> tuple[Arrow, tuple[Any, ...]]:
    """A relation, and its ends as a flat sequence: numbers of spans, a relation's own ends in brackets."""
    flat: list[Any] = []
    ends: list[Fragments | Arrow] = []
    for end in (relations[key].get("from") or {}, relations[key].get("to") or {}):
        span, relation = spans.get(str(end.get("span"))), str(end.get("relation"))
        if span is not None:
            flat.append(span)
            ends.append(some.pieces[span])
        elif relation in relations and relation not in (*above, key):
            inner, further = _arrow(relation, relations, spans, some, (*above, key))
            flat += ["(", *further, ")"]
            ends.append(inner)
        else:
            flat.append("?")
            ends.append(())
    return Arrow(str(relations[key].get("label")), ends[0], ends[1]), tuple(flat)


def _pieces(end: Fragments | Arrow) -> Fragments:
    return end.pieces if isinstance(end, Arrow) else end


def _plain(end: Fragments | Arrow) -> Any:
    return {"relation": end.as_dict()} if isinstance(end, Arrow) else {"fragments": [list(p) for p in end]}
