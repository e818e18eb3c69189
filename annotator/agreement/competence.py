"""How far each annotator's labels follow what all labels together suggest, with intervals.

Dawid & Skene 1979 on units that several annotators judged. Units with equal judgements are one pattern,
so a resample of documents is a row of weights over few patterns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from annotator.agreement import dawid_skene
from annotator.agreement.bootstrap import BLOCK, Resampling
from annotator.agreement.continua import Floats, Ints
from annotator.agreement.figures import Interval

#: Resamples of a model that is fitted anew in each.
RESAMPLES = 200
#: Steps that a fit in a resample may take; one that moves on is far too slow to matter.
STEPS = 100
WARNING = (
    "The model takes for true what the labels together suggest. Whoever reads against the majority "
    "looks less accurate, right or wrong: a minority view is not incompetence."
)


@dataclass(frozen=True)
class Annotator:
    """One annotator's chance of giving the label that the model takes for true."""

    name: str
    judged: int
    accuracy: float
    interval: Interval | None
    confusion: tuple[tuple[float, ...], ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "annotator": self.name,
            "judged": self.judged,
            "accuracy": self.accuracy,
            "interval": None if self.interval is None else self.interval.as_dict(),
            "confusion": [list(row) for row in self.confusion],
        }


@dataclass(frozen=True)
class Competences:
    """The fitted model: labels (rows and columns of every confusion), their shares, and the annotators."""

    labels: tuple[str, ...]
    prior: tuple[float, ...]
    annotators: tuple[Annotator, ...]
    units: int
    converged: bool

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values, with the warning that belongs to them."""
        return {
            "labels": list(self.labels),
            "prior": list(self.prior),
            "units": self.units,
            "converged": self.converged,
            "annotators": [annotator.as_dict() for annotator in self.annotators],
            "method": "Dawid & Skene 1979, expectation maximisation from vote shares, smoothing .01",
            "warning": WARNING,
        }


def competences(
    codes: Ints,
    documents: Ints,
    *,
    labels: Sequence[str],
    annotators: Sequence[str],
    resampling: Resampling,
) -> Competences | None:
    """The model of judgements (units, annotators; -1 missing) in these documents; None without two each."""
    kept = (codes >= 0).sum(axis=1) >= 2
    codes, documents = codes[kept], documents[kept]
    if not len(codes):
        return None
    patterns, which = np.unique(codes, axis=0, return_inverse=True)
    often = np.zeros((resampling.documents, len(patterns)))
    np.add.at(often, (documents, which.ravel()), 1.0)
    fitted = _fit(patterns, often.sum(axis=0), len(labels))
    drawn = _resampled(patterns, often, len(labels), resampling)
    return Competences(
        labels=tuple(labels),
        prior=tuple(fitted.prior.tolist()),
        annotators=tuple(
            Annotator(
                name,
                int((codes[:, a] >= 0).sum()),
                float(fitted.accuracy[a]),
                resampling.interval(float(fitted.accuracy[a]), drawn[:, a]),
                tuple(tuple(row) for row in fitted.confusion[a].tolist()),
            )
            for a, name in enumerate(annotators)
        ),
        units=len(codes),
        converged=fitted.converged,
    )


def _resampled(patterns: Ints, often: Floats, labels: int, resampling: Resampling) -> Floats:
    """Accuracies in every resample: (resamples, annotators), all fitted side by side."""
    rows = resampling.sums(often)
    if not len(rows):
        return np.zeros((0, patterns.shape[1]))
    blocks = np.array_split(rows, max(1, rows.size * labels // BLOCK))
    return np.concatenate([_fit(patterns, b, labels, tolerance=1e-5, steps=STEPS).accuracy for b in blocks])


def _fit(
    patterns: Ints, often: Floats, labels: int, *, tolerance: float = 1e-7, steps: int = 1000
) -> dawid_skene.Competence:
    units, annotators = np.nonzero(patterns >= 0)
    return dawid_skene.fit(
        units,
        annotators,
        patterns[units, annotators],
        shape=(len(patterns), patterns.shape[1], labels),
        times=often,
        smoothing=0.01,
        steps=steps,
        tolerance=tolerance,
    )
