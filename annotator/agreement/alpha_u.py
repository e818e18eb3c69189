"""alpha_U as it was until 2016, to compare with older papers and tools; not for more than two annotators.

Krippendorff 2004, Content Analysis, 2nd ed., sec. 11.4 (1995, Sociological Methodology 25:47). Each
annotator's continuum of one label is cut into units and gaps. Krippendorff et al. 2016 withdraw it for
more than two observers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from annotator.agreement.continua import Ints
from annotator.agreement.unitized import Ratio

Units = Sequence[tuple[int, int]]


@dataclass(frozen=True)
class Sections:
    """A continuum cut into units and gaps: begin, length, and which are units."""

    begin: Ints
    length: Ints
    unit: np.ndarray


def alpha_u(annotators: Sequence[Units], *, begin: int, length: int) -> Ratio:
    """Observed and expected disagreement of one label; units are (start, end), apart, one list each."""
    cut = [sections(units, begin=begin, end=begin + length) for units in annotators]
    return Ratio(np.asarray(observed(cut, length)), np.asarray(expected(cut, length)))


def sections(units: Units, *, begin: int, end: int) -> Sections:
    """Units and the gaps between, before and after them."""
    rows: list[tuple[int, int, bool]] = []
    reached = begin
    for start, stop in sorted(units):
        if start > reached:
            rows.append((reached, start - reached, False))
        rows.append((start, stop - start, True))
        reached = stop
    if reached < end:
        rows.append((reached, end - reached, False))
    columns = np.array([(b, n, int(u)) for b, n, u in rows], dtype=np.int64).reshape(-1, 3).T
    return Sections(columns[0], columns[1], columns[2].astype(bool))


def observed(cut: Sequence[Sections], length: int) -> float:
    """D_o: summed squared differences of intersecting sections of every two annotators (2004, p. 253)."""
    m = len(cut)
    total = sum(_differences(one, other) for one in cut for other in cut if one is not other)
    return total / (m * (m - 1) * float(length) ** 2)


def expected(cut: Sequence[Sections], length: int) -> float:
    """D_e: what units of these lengths differ by wherever they fall (2004, p. 254)."""
    count = sum(int(part.unit.sum()) for part in cut)
    gaps = np.sort(np.concatenate([part.length[~part.unit] for part in cut])).astype(np.float64)
    size = np.concatenate([part.length[part.unit] for part in cut]).astype(np.float64)
    whole = len(cut) * float(length)
    above = np.append(np.cumsum(gaps[::-1])[::-1], 0.0)
    first = np.searchsorted(gaps, size, side="left")
    room = above[first] - (len(gaps) - first) * (size - 1)
    among_units = (count - 1) / 3 * (2 * size**3 - 3 * size**2 + size)
    numerator = float((among_units + size**2 * room).sum())
    used = float((size * (size - 1)).sum())
    free = whole * (whole - 1) - used
    return 2 / length * numerator / free if free > 0 else 0.0


def _differences(one: Sections, other: Sections) -> float:
    """Squared differences of one annotator's units with the other's sections (p. 253).

    The third case of the definition is the second seen from the other side; each ordered pair of
    annotators is asked once, so both are met.
    """
    begin, end = one.begin[one.unit], one.begin[one.unit] + one.length[one.unit]
    first = np.searchsorted(other.begin + other.length, begin, side="right")
    last = np.searchsorted(other.begin, end, side="left")
    row = np.repeat(np.arange(len(begin)), last - first)
    column = np.arange(len(row)) - np.repeat(np.cumsum(last - first) - (last - first), last - first)
    column += first[row]
    start, stop = (other.begin[column], other.begin[column] + other.length[column])
    apart = (begin[row] - start).astype(np.float64) ** 2 + (end[row] - stop).astype(np.float64) ** 2
    inside = ~other.unit[column] & (start <= begin[row]) & (end[row] <= stop)
    alone = 2 * (end[row] - begin[row]).astype(np.float64) ** 2
    return float(apart[other.unit[column]].sum() + alone[inside].sum())
