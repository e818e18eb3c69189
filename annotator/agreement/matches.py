"""Spans of two annotators that are the same span: exactly, unlabelled, or by overlap."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence

from annotator.agreement.marks import Mark

IOU = 0.5
Fragments = tuple[tuple[int, int], ...]


def exact(left: Sequence[Mark], right: Sequence[Mark]) -> Counter[str]:
    """How many spans of each label both have, fragment list for fragment list."""
    common = Counter((m.fragments, m.label) for m in left) & Counter((m.fragments, m.label) for m in right)
    totals: Counter[str] = Counter()
    for (_, label), count in common.items():
        totals[label] += count
    return totals


def unlabelled(left: Sequence[Mark], right: Sequence[Mark]) -> int:
    """How many spans both have, whatever they are called."""
    return (Counter(m.fragments for m in left) & Counter(m.fragments for m in right)).total()


def overlapping(left: Sequence[Mark], right: Sequence[Mark], *, share: float = IOU) -> Counter[str]:
    """How many spans of each label can be paired one to one, intersection over union at least `share`."""
    totals: Counter[str] = Counter()
    for label in {m.label for m in left} & {m.label for m in right}:
        mine = [m.fragments for m in left if m.label == label]
        theirs = [m.fragments for m in right if m.label == label]
        totals[label] = len(matching(candidates(mine, theirs, share=share)))
    return totals


def candidates(left: Sequence[Fragments], right: Sequence[Fragments], *, share: float) -> list[list[int]]:
    """For each span of the left, the spans of the right it overlaps by at least `share`."""
    found = []
    for mine, near in zip(left, touching(left, right), strict=True):
        found.append([j for j in near if intersection_over_union(mine, right[j]) >= share])
    return found


def touching(left: Sequence[Fragments], right: Sequence[Fragments]) -> list[list[int]]:
    """For each span of the left, the spans of the right whose hull meets its own, by their place.

    None begins before the left one's start by more than the longest hull, so few are looked at.
    """
    hulls = sorted((pieces[0][0], pieces[-1][1], j) for j, pieces in enumerate(right))
    starts = [start for start, _, _ in hulls]
    longest = max((end - start for start, end, _ in hulls), default=0)
    found = []
    for mine in left:
        low, high = mine[0][0], mine[-1][1]
        first, last = bisect_right(starts, low - longest), bisect_left(starts, high)
        found.append([j for _, end, j in hulls[first:last] if end > low])
    return found


def matching(rows: Sequence[Sequence[int]]) -> dict[int, int]:
    """A largest one-to-one assignment of columns to rows (augmenting paths): column -> row."""
    taken: dict[int, int] = {}
    for row in range(len(rows)):
        _augment(row, rows, taken)
    return taken


def _augment(row: int, rows: Sequence[Sequence[int]], taken: dict[int, int]) -> None:
    """One more row, moving earlier ones where that makes room; breadth first, so depth is no matter."""
    reached: dict[int, int] = {}
    queue = [row]
    for current in queue:
        for column in rows[current]:
            if column in reached:
                continue
            reached[column] = current
            if column not in taken:
                _flip(column, row, reached, taken)
                return
            queue.append(taken[column])


def _flip(column: int, root: int, reached: dict[int, int], taken: dict[int, int]) -> None:
    while True:
        row = reached[column]
        previous = next((c for c, r in taken.items() if r == row), None) if row != root else None
        taken[column] = row
        if previous is None:
            return
        column = previous


def intersection_over_union(left: Fragments, right: Fragments) -> float:
    """Characters in both over characters in either."""
    if left == right:
        return 1.0
    both = intersection(left, right)
    return both / (length(left) + length(right) - both)


def intersection(left: Fragments, right: Fragments) -> int:
    """Characters in both; each side's fragments do not overlap."""
    if len(left) == len(right) == 1:
        return max(0, min(left[0][1], right[0][1]) - max(left[0][0], right[0][0]))
    return sum(max(0, min(e1, e2) - max(s1, s2)) for s1, e1 in left for s2, e2 in right)


def length(fragments: Fragments) -> int:
    """Characters of a span."""
    if len(fragments) == 1:
        return fragments[0][1] - fragments[0][0]
    return sum(end - start for start, end in fragments)
