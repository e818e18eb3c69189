"""How far each annotator's labels follow what all labels together suggest, with intervals.

Dawid & Skene 1979 on units that several annotators judged. Units with equal judgements are one pattern,
so a resample of documents is a row of weights over few patterns. The truth has no name but the one the
votes gave it, so every resample is fitted from the posteriors of the whole, which keeps its labels from
changing places (Grün & Leisch 2004, Bootstrapping finite mixture models, COMPSTAT, pp. 1115-1122).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from annotator.agreement import dawid_skene
from annotator.agreement.assignment import least_cost
from annotator.agreement.bootstrap import KEPT, Resampling
from annotator.agreement.continua import Floats, Ints
from annotator.agreement.dawid_skene import Competence
from annotator.agreement.figures import Interval

#: Resamples of a model that is fitted anew in each.
RESAMPLES = 200
#: Steps that a fit in a resample may take; one that moves on is far too slow to matter.
STEPS = 400
#: Annotators whose labels are taken for true in turn, to look for another solution: those who judged most.
TRUSTED = 8
#: A solution is as good as another if its log-likelihood lies inside the 95 % region of the other (half of 3.84).
AS_LIKELY = 1.92
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
    """The fitted model: labels (rows and columns of every confusion), their shares, and the annotators.

    `reason` says why its values mean nothing and have no intervals: `fewer_than_three` (nobody but two
    judged any unit), `not_converged`, or `another_solution`, which explains the labels as well.
    """

    labels: tuple[str, ...]
    prior: tuple[float, ...]
    annotators: tuple[Annotator, ...]
    units: int
    converged: bool
    reason: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values, with the warning that belongs to them."""
        return {
            "labels": list(self.labels),
            "prior": list(self.prior),
            "units": self.units,
            "converged": self.converged,
            "reason": self.reason,
            "annotators": [annotator.as_dict() for annotator in self.annotators],
            "method": "Dawid & Skene 1979, expectation maximisation from vote shares, smoothing .01; "
            "resamples from the posteriors of the whole (Grün & Leisch 2004)",
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
    found: list[Interval | None] = [None] * len(annotators)
    reason = _unfit(patterns, fitted)
    if reason is None:
        drawn = _resampled(patterns, resampling.sums(often), fitted)
        found = [resampling.interval(float(a), d) for a, d in zip(fitted.accuracy, drawn.T, strict=True)]
        reason = _doubt(patterns, often.sum(axis=0), fitted, found)
    return Competences(
        labels=tuple(labels),
        prior=tuple(fitted.prior.tolist()),
        annotators=tuple(
            Annotator(
                name,
                int((codes[:, a] >= 0).sum()),
                float(fitted.accuracy[a]),
                found[a] if reason is None else None,
                tuple(tuple(row) for row in fitted.confusion[a].tolist()),
            )
            for a, name in enumerate(annotators)
        ),
        units=len(codes),
        converged=fitted.converged,
        reason=reason,
    )


def _resampled(patterns: Ints, rows: Floats, fitted: Competence) -> Floats:
    """Accuracies in every resample: (resamples, annotators), all fitted side by side."""
    if not len(rows):
        return np.zeros((0, patterns.shape[1]))
    labels = len(fitted.prior)
    blocks = np.array_split(rows, max(1, rows.size * labels // KEPT))
    return np.concatenate(
        [
            _fit(patterns, block, labels, start=fitted.posterior, tolerance=1e-5, steps=STEPS).accuracy
            for block in blocks
        ]
    )


def _unfit(patterns: Ints, fitted: Competence) -> str | None:
    """Why there is no one solution: two judgements of a unit never tell who is right (Hui & Walter 1980)."""
    if (patterns >= 0).sum(axis=1).max() < 3:
        return "fewer_than_three"
    return None if fitted.converged else "not_converged"


def _doubt(
    patterns: Ints, often: Floats, fitted: Competence, intervals: Sequence[Interval | None]
) -> str | None:
    """Why the fit cannot be trusted; None if it can.

    The model is fitted again from each annotator's labels, as if they were true: what explains all labels as
    well lies inside the intervals, or they mean nothing.
    """
    start = _trusting(patterns, often, fitted.posterior)
    many = np.broadcast_to(often, (len(start), len(often)))
    others = _fit(patterns, many, len(fitted.prior), start=start, tolerance=1e-5, steps=STEPS)
    low = np.array([0.0 if i is None else i.low for i in intervals])
    high = np.array([1.0 if i is None else i.high for i in intervals])
    for row in np.flatnonzero(others.likelihood > fitted.likelihood - AS_LIKELY):
        meant = _renamed(others.posterior[row], fitted.posterior, often)
        right = others.confusion[row][:, meant, np.arange(len(meant))] @ others.prior[row][meant]
        if ((right < low) | (right > high)).any():
            return "another_solution"
    return None


def _trusting(patterns: Ints, often: Floats, posterior: Floats) -> Floats:
    """Posteriors that take one annotator's labels for true, where that one judged: (annotators, patterns, labels)."""
    judged = often @ (patterns >= 0)
    trusted = np.argsort(-judged, kind="stable")[:TRUSTED]
    start = np.tile(posterior, (len(trusted), 1, 1))
    for row, one in enumerate(trusted):
        has = np.flatnonzero(patterns[:, one] >= 0)
        start[row, has] = np.eye(posterior.shape[1])[patterns[has, one]]
    return start


def _renamed(posterior: Floats, named: Floats, often: Floats) -> Ints:
    """Which label of one solution is each label of the other, by the units they share."""
    return least_cost(-(named * often[:, None]).T @ posterior)


def _fit(
    patterns: Ints,
    often: Floats,
    labels: int,
    *,
    start: Floats | None = None,
    tolerance: float = 1e-7,
    steps: int = 5000,
) -> Competence:
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
        start=start,
    )
