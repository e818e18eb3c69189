"""Passages of a document that several annotators marked: spans of different readings that are one thing.

Any two readings are aligned by overlap; from the surest pair on, spans are put together as long as no
annotator would stand twice in a passage. The order of annotators does not show.
"""

from __future__ import annotations

from collections.abc import Sequence

from annotator.agreement import matches
from annotator.agreement.marks import Mark

Fragments = tuple[tuple[int, int], ...]


def passages(readings: Sequence[Sequence[Mark]], *, share: float = matches.IOU) -> list[list[int]]:
    """The number of the passage of every span of every reading; passages are numbered by their place.

    Two spans can be one passage if their intersection over union is at least `share`; of several that
    are as near, those with the same label belong together.
    """
    spans = [(reading, index) for reading, own in enumerate(readings) for index in range(len(own))]
    number = {span: i for i, span in enumerate(spans)}
    groups = [[i] for i in range(len(spans))]
    member = list(range(len(spans)))
    for _, one, other in sorted(_pairs(readings, share)):
        first, second = groups[member[number[one]]], groups[member[number[other]]]
        if first is not second and not {spans[i][0] for i in first} & {spans[i][0] for i in second}:
            for i in second:
                member[i] = member[first[0]]
            first += second
    return _numbered(readings, spans, member)


def _pairs(
    readings: Sequence[Sequence[Mark]], share: float
) -> list[tuple[tuple[float, bool, Fragments, Fragments], tuple[int, int], tuple[int, int]]]:
    """Pairs of spans that may be one, the surest first; ties are broken by place, not by annotator."""
    found = []
    pieces = [[mark.fragments for mark in own] for own in readings]
    for a in range(len(readings)):
        for b in range(a + 1, len(readings)):
            for i, row in enumerate(matches.candidates(pieces[a], pieces[b], share=share)):
                for j in row:
                    one, other = pieces[a][i], pieces[b][j]
                    differ = readings[a][i].label != readings[b][j].label
                    sureness = -matches.intersection_over_union(one, other)
                    found.append(((sureness, differ, min(one, other), max(one, other)), (a, i), (b, j)))
    return found


def _numbered(
    readings: Sequence[Sequence[Mark]], spans: Sequence[tuple[int, int]], member: Sequence[int]
) -> list[list[int]]:
    first: dict[int, Fragments] = {}
    for (reading, index), group in zip(spans, member, strict=True):
        own = readings[reading][index].fragments
        first[group] = min(own, first.get(group, own))
    order = {group: n for n, group in enumerate(sorted(first, key=lambda g: (first[g], g)))}
    numbers: list[list[int]] = [[] for _ in readings]
    for (reading, _), group in zip(spans, member, strict=True):
        numbers[reading].append(order[group])
    return numbers
