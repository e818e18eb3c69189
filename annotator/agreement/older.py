"""alpha_U 2004 of a corpus: its documents, in order, read as one continuum."""

from __future__ import annotations

import numpy as np

from annotator.agreement.alpha_u import alpha_u
from annotator.agreement.contributions import DocumentParts, whole
from annotator.agreement.figures import Figure
from annotator.agreement.methods import METHODS
from annotator.agreement.unitized import Ratio

Continuum = list[list[tuple[int, int]]]


def figures(parts: DocumentParts, units: int) -> list[Figure]:
    """alpha_U of all labels and of each; not_available unless everybody read every document.

    Gaps reach over the ends of documents, so the figure is no sum of documents and has no interval.
    """
    complete = len(parts.readings) == len(parts.documents) * len(parts.annotators)
    if not parts.documents or not complete:
        return [_none("not_available" if parts.documents else "one_annotator", units)]
    length = int(parts.lengths.sum())
    each = {
        label: alpha_u(_continuum(parts, code), begin=0, length=length)
        for code, label in enumerate(parts.labels)
    }
    total = Ratio(
        np.asarray(sum(float(ratio.numerator) for ratio in each.values())),
        np.asarray(sum(float(ratio.denominator) for ratio in each.values())),
    )
    counts = np.bincount(whole(parts.units[:, 1]), minlength=len(parts.labels))
    rows = [_figure(total, units)]
    return rows + [_figure(each[label], int(counts[code]), label) for code, label in enumerate(parts.labels)]


def _continuum(parts: DocumentParts, label: int) -> Continuum:
    """The label's units of each annotator, documents moved one after the other."""
    lengths = whole(parts.lengths[:, 0])
    offset = np.cumsum(lengths) - lengths
    rows = whole(parts.units)
    rows = rows[rows[:, 1] == label]
    document, annotator = whole(parts.readings)[rows[:, 0]].T
    found: Continuum = [[] for _ in parts.annotators]
    for who, start, end in zip(
        annotator.tolist(),
        (rows[:, 2] + offset[document]).tolist(),
        (rows[:, 3] + offset[document]).tolist(),
        strict=True,
    ):
        found[who].append((start, end))
    return found


def _figure(ratio: Ratio, units: int, label: str | None = None) -> Figure:
    if not bool(ratio.defined):
        return _none("no_expected_disagreement" if units else "no_spans", units, label)
    return Figure(
        name="alpha_u_2004",
        label=label,
        value=float(ratio.agreement),
        numerator=float(ratio.numerator),
        denominator=float(ratio.denominator),
        units=units,
        method=METHODS["alpha_u_2004"],
    )


def _none(reason: str, units: int, label: str | None = None) -> Figure:
    return Figure(
        name="alpha_u_2004",
        label=label,
        value=None,
        reason=reason,
        units=units,
        method=METHODS["alpha_u_2004"],
    )
