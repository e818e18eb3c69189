"""Linear segmentation: boundary edit distance and what is built on it (Fournier 2013, ACL, 1702-1712).

A segmentation is a list of segment lengths (masses); its boundaries stand between neighbouring units.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from annotator.agreement.unitized import Ratio

Masses = Sequence[int]


@dataclass(frozen=True)
class Edits:
    """What turns one segmentation into the other: matches, additions, and near misses by distance."""

    matches: int
    additions: int
    transpositions: tuple[int, ...]


def boundaries(masses: Masses) -> frozenset[int]:
    """Positions of the boundaries: after how many units each stands. ValueError for an empty segment."""
    if any(mass < 1 for mass in masses):
        raise ValueError("a segment holds at least one unit")
    return frozenset(int(position) for position in np.cumsum(masses)[:-1])


def edits(first: Masses, second: Masses, *, n_t: int = 2) -> Edits:
    """Matches, near misses (boundaries less than n_t apart, nearest first), the rest are additions."""
    if sum(first) != sum(second):
        raise ValueError("both segmentations are of the same text")
    a, b = boundaries(first), boundaries(second)
    left, right = set(a - b), set(b - a)
    moved: list[int] = []
    for distance in range(1, n_t):
        for position in range(1, sum(first) - distance):
            ends = position, position + distance
            for one, other in (ends, ends[::-1]):
                if one in left and other in right:
                    left.remove(one)
                    right.remove(other)
                    moved.append(distance)
    return Edits(len(a & b), len(left) + len(right), tuple(moved))


def boundary_similarity(first: Masses, second: Masses, *, n_t: int = 2) -> Ratio:
    """B: 1 - (additions + weighted near misses) / (matches + additions + near misses).

    A near miss at distance d costs d / n_t. Two texts without boundaries have nothing to compare.
    """
    found = edits(first, second, n_t=n_t)
    considered = found.matches + found.additions + len(found.transpositions)
    cost = found.additions + sum(found.transpositions) / n_t
    return Ratio(np.asarray(float(cost)), np.asarray(float(considered)))


def segmentation_similarity(first: Masses, second: Masses, *, n_t: int = 2) -> Ratio:
    """S (Fournier & Inkpen 2012): 1 - edits / potential boundaries."""
    found = edits(first, second, n_t=n_t)
    cost = found.additions + sum(found.transpositions) / n_t
    return Ratio(np.asarray(float(cost)), np.asarray(float(sum(first) - 1)))


Dataset = Mapping[str, Mapping[str, Masses]]


def mean_pairwise(items: Dataset, similarity: Callable[[Masses, Masses], Ratio]) -> float:
    """The mean of a similarity over items and pairs of coders; nan if nothing is compared."""
    values = [
        float(similarity(coders[a], coders[b]).agreement)
        for coders in items.values()
        for a, b in combinations(sorted(coders), 2)
    ]
    return _mean(values)


def actual_agreement(items: Dataset, *, n_t: int = 2) -> float:
    """Boundary similarity pooled over items and pairs of coders, 0 to 1; nan if nothing is compared."""
    cost = considered = 0.0
    for coders in items.values():
        for a, b in combinations(sorted(coders), 2):
            part = boundary_similarity(coders[a], coders[b], n_t=n_t)
            cost += float(part.numerator)
            considered += float(part.denominator)
    return 1 - cost / considered if considered else float("nan")


def fleiss_kappa(items: Dataset, *, n_t: int = 2) -> Ratio:
    """Multi-kappa of boundaries: chance from each coder's own rate (Fournier & Inkpen 2012, sec. 4)."""
    rates = _rates(items)
    chance = _mean([a * b for a, b in combinations(rates, 2)])
    return Ratio(np.asarray(1 - actual_agreement(items, n_t=n_t)), np.asarray(1 - chance))


def fleiss_pi(items: Dataset, *, n_t: int = 2, each_item: bool = False) -> Ratio:
    """Multi-pi of boundaries: chance from the pooled rate.

    `each_item` takes the mean of the rates of every coder in every item, as the tool segeval does.
    """
    chance = _mean(_item_rates(items) if each_item else _rates(items)) ** 2
    return Ratio(np.asarray(1 - actual_agreement(items, n_t=n_t)), np.asarray(1 - chance))


def annotator_bias(items: Dataset, *, each_item: bool = False) -> float:
    """How much more pooled rates agree by chance than the coders' own (Artstein & Poesio 2008, sec. 3.1)."""
    rates = _rates(items)
    own = _mean([a * b for a, b in combinations(rates, 2)])
    return _mean(_item_rates(items) if each_item else rates) ** 2 - own


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if values else float("nan")


def _item_rates(items: Dataset) -> list[float]:
    """The share of potential boundaries that each coder set in each item."""
    return [(len(m) - 1) / (sum(m) - 1) for coders in items.values() for m in coders.values()]


def _rates(items: Dataset) -> list[float]:
    """The share of potential boundaries that each coder set, over all items."""
    names = sorted({name for coders in items.values() for name in coders})
    rates = []
    for name in names:
        masses = [coders[name] for coders in items.values() if name in coders]
        placed = sum(len(m) - 1 for m in masses)
        rates.append(placed / sum(sum(m) - 1 for m in masses))
    return rates


def window_difference(
    reference: Masses, hypothesis: Masses, *, window: int | None = None, padded: bool = False
) -> float:
    """WindowDiff (Pevzner & Hearst 2002): share of windows with another number of boundaries.

    `padded` lets the windows reach over both ends, so that every unit counts as often (Lamprier et al. 2007).
    """
    size = window_size(reference) if window is None else window
    if padded:
        reference, hypothesis = ([size, *masses, size] for masses in (reference, hypothesis))
    return _windows(reference, hypothesis, size, lambda a, b: a != b)


def p_k(reference: Masses, hypothesis: Masses, *, window: int | None = None) -> float:
    """P_k (Beeferman, Berger & Lafferty 1999): share of windows whose ends are wrongly kept together."""
    size = window_size(reference) if window is None else window
    return _windows(reference, hypothesis, size, lambda a, b: (a == 0) != (b == 0))


def window_size(reference: Masses) -> int:
    """Half the mean length of the reference's segments, at least 2."""
    return max(2, round(sum(reference) / len(reference) / 2))


def _windows(reference: Masses, hypothesis: Masses, size: int, differ: Callable[[int, int], bool]) -> float:
    """The share of windows (between units `size` apart) whose counts of boundaries differ."""
    length = sum(reference)
    if sum(hypothesis) != length:
        raise ValueError("both segmentations are of the same text")
    counts = [_sums(boundaries(masses), length) for masses in (reference, hypothesis)]
    windows = range(length - size)
    wrong = sum(differ(*(int(sums[start + size] - sums[start]) for sums in counts)) for start in windows)
    return wrong / len(windows) if windows else float("nan")


def _sums(places: frozenset[int], length: int) -> np.ndarray:
    """How many boundaries stand up to each position."""
    marks = np.zeros(length + 1, dtype=np.int64)
    marks[list(places)] = 1
    return np.cumsum(marks)
