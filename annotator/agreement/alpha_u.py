"""alpha_U as it was until 2016, to compare with older papers and tools; not for more than two annotators.

Krippendorff 2004, Content Analysis, 2nd ed., sec. 11.4 (1995, Sociological Methodology 25:47). Each
annotator's continuum of one label is cut into units and gaps. Krippendorff et al. 2016 withdraw it for
more than two observers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from annotator.agreement.continua import Floats, Ints
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
    """D_o: mean squared difference of intersecting sections of every two annotators (2004, p. 253)."""
    m = len(cut)
    total = sum(float(_differences(one, other).sum()) for one in cut for other in cut if one is not other)
    return total / (m * (m - 1) * float(length) ** 2)


def expected(cut: Sequence[Sections], length: int) -> float:
    """D_e: what units of these lengths differ by wherever they fall (2004, p. 254)."""
    count = sum(int(part.unit.sum()) for part in cut)
    gaps = np.concatenate([part.length[~part.unit] for part in cut]).astype(np.float64)
    whole = len(cut) * float(length)
    numerator, used = 0.0, 0.0
    for size in np.concatenate([part.length[part.unit] for part in cut]).astype(np.float64):
        room = (gaps[gaps >= size] - size + 1).sum()
        numerator += (count - 1) / 3 * (2 * size**3 - 3 * size**2 + size) + size**2 * float(room)
        used += size * (size - 1)
    free = whole * (whole - 1) - used
    return 2 / length * numerator / free if free > 0 else 0.0


def _differences(one: Sections, other: Sections) -> Floats:
    """Squared differences of sections (p. 253); each ordered pair of annotators is asked once."""
    b, c = one.begin[:, None].astype(np.float64), other.begin[None, :].astype(np.float64)
    n, k = one.length[:, None].astype(np.float64), other.length[None, :].astype(np.float64)
    v, w = one.unit[:, None], other.unit[None, :]
    apart = b - c
    both = v & w & (-n < apart) & (apart < k)
    inside = v & ~w & (k - n >= apart) & (apart >= 0)
    around = ~v & w & (n - k >= -apart) & (-apart >= 0)
    ends = (b + n - c - k) ** 2
    return np.where(both, apart**2 + ends, 0.0) + np.where(inside, n**2, 0.0) + np.where(around, k**2, 0.0)
