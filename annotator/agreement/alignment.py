"""Two readings side by side: which spans of the one and of the other are about the same passage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from operator import eq
from typing import Any

from annotator.agreement import matches
from annotator.agreement.assignment import best_entries
from annotator.agreement.marks import Fragments, fragments, refusal
from annotator.agreement.readings import Reading
from annotator.agreement.specification import Specification

#: Attributes of a span that two annotators may judge differently.
JUDGED = ("stance", "role", "holder", "target")
#: Two spans are about the same passage if the shorter lies in the other by at least this share.
NESTED = 0.5


@dataclass(frozen=True)
class Side:
    """One reading's spans, ready to be aligned; `keys` hold all that two equal spans have in common.

    `inside` says of each span whether the report is about it: it has a label in the layer, toward the target.
    """

    reading: Reading
    spans: tuple[Mapping[str, Any], ...]
    pieces: tuple[Fragments, ...]
    keys: tuple[tuple[Any, ...], ...]
    inside: tuple[bool, ...]


def side(reading: Reading, specification: Specification, *, length: int) -> Side:
    """The reading's spans in the order of the text."""
    spans = [
        (fragments(span, length=length, where=reading.set_id), span)
        for span in reading.content.get("spans") or ()
    ]
    spans.sort(key=lambda pair: (pair[0], str(pair[1].get("id"))))
    everything = specification.layer in ("relation", "document")
    return Side(
        reading,
        tuple(span for _, span in spans),
        tuple(pieces for pieces, _ in spans),
        tuple((pieces, *(span.get(kind) for kind in JUDGED)) for pieces, span in spans),
        tuple(everything or refusal(span, specification) is None for _, span in spans),
    )


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
    equal = sum(map(eq, left.keys[i][1:], right.keys[j][1:]))
    return matches.intersection_over_union(mine, theirs) + 0.01 * float(equal)
