"""A text cut where marks begin and end, each piece with the marks on it; offsets are code points, half-open."""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise

Fragments = Sequence[Sequence[int]]


@dataclass(frozen=True)
class Piece:
    """A stretch of text under the same marks, by their index, the one in the lowest lane first; `starts` begin here."""

    text: str
    marks: tuple[int, ...]
    starts: tuple[int, ...]


def pieces(text: str, spans: Sequence[Fragments]) -> list[Piece]:
    """The whole text in pieces; joined they are the text again."""
    lanes = lanes_of(spans)
    begins: dict[int, list[int]] = {}
    ends: dict[int, list[int]] = {}
    for index, fragments in enumerate(spans):
        for start, end in fragments:
            begins.setdefault(start, []).append(index)
            ends.setdefault(end, []).append(index)
    firsts = [fragments[0][0] for fragments in spans]
    cuts = sorted({0, len(text), *begins, *ends})
    found: list[Piece] = []
    under: set[int] = set()
    for start, end in pairwise(cuts):
        under.difference_update(ends.get(start, ()))
        under.update(begins.get(start, ()))
        marks = sorted(under, key=lambda index: (lanes[index], index))
        starts = tuple(index for index in marks if firsts[index] == start)
        found.append(Piece(text[start:end], tuple(marks), starts))
    return found


def lanes_of(spans: Sequence[Fragments]) -> list[int]:
    """For each span the line its underline takes: the lowest that no span around it has."""
    order = sorted(range(len(spans)), key=lambda index: (spans[index][0][0], -spans[index][-1][1], index))
    lanes = [0] * len(spans)
    running: list[tuple[int, int]] = []
    free: list[int] = []
    for index in order:
        start, end = spans[index][0][0], spans[index][-1][1]
        while running and running[0][0] <= start:
            heappush(free, heappop(running)[1])
        lanes[index] = heappop(free) if free else len(running)
        heappush(running, (end, lanes[index]))
    return lanes
