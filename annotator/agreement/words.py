"""Words as units: which label covers each, for comparison with papers that count tokens.

Long stretches that nobody marks inflate such figures, and one disagreement about a span counts once
for each of its words; u-alpha does neither.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from annotator.agreement.continua import Ints
from annotator.agreement.marks import Mark

UNMARKED = -1
_WORD = re.compile(r"\S+")


def starts(text: str) -> Ints:
    """Where each word begins: a word is what stands between white space."""
    return np.array([match.start() for match in _WORD.finditer(text)], dtype=np.int64)


def labelled(words: Ints, marked: Sequence[Mark], codes: dict[str, int]) -> Ints:
    """The label of the span that covers each word's first character, UNMARKED where none does.

    Where spans overlap one of them is taken: a figure over words is not for such readings.
    """
    found = np.full(len(words), UNMARKED, dtype=np.int64)
    for mark in sorted(marked, key=lambda m: (-m.fragments[0][0], m.fragments[-1][1])):
        for start, end in mark.fragments:
            first, last = np.searchsorted(words, [start, end])
            found[first:last] = codes[mark.label]
    return found


def cells(one: Ints, other: Ints, labels: int) -> list[tuple[int, int, int]]:
    """How many words have each pair of labels: (label, label, words)."""
    key = (one + 1) * (labels + 1) + other + 1
    counts = np.bincount(key, minlength=(labels + 1) ** 2)
    present = np.flatnonzero(counts)
    return [(int(c) // (labels + 1) - 1, int(c) % (labels + 1) - 1, int(counts[c])) for c in present]
