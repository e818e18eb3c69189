"""What annotators' labels say about the truth, and about the annotators (Dawid & Skene 1979).

A low figure is not incompetence: the model takes what most say for the truth, so a minority view that is
right, or simply another reading, looks like error.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from annotator.agreement.continua import Floats, Ints


@dataclass(frozen=True)
class Competence:
    """The fitted model: `posterior` (units, labels); `prior` (labels,); `confusion` (annotators, true, given).

    `steps` is how often it was improved, `converged` whether it stopped changing.
    """

    posterior: Floats
    prior: Floats
    confusion: Floats
    steps: int
    converged: bool

    @property
    def accuracy(self) -> Floats:
        """Each annotator's chance of giving the true label: (annotators,)."""
        right = np.diagonal(self.confusion, axis1=1, axis2=2)
        return np.asarray(right @ self.prior, dtype=np.float64)


def fit(
    units: Ints,
    annotators: Ints,
    labels: Ints,
    *,
    shape: tuple[int, int, int],
    smoothing: float = 0.0,
    steps: int = 1000,
    tolerance: float = 1e-10,
) -> Competence:
    """Expectation maximisation from vote shares (eq. 2.3 to 2.5).

    Rows are judgements (unit, annotator, label), repeated ones count again; `shape` is (units, annotators,
    labels); `smoothing` is added to every count of a confusion. ValueError if there are no rows.
    """
    if not len(units):
        raise ValueError("there are no judgements")
    counts = np.zeros((shape[1] * shape[2], shape[0]))
    np.add.at(counts, (annotators * shape[2] + labels, units), 1.0)
    votes = counts.reshape(shape[1], shape[2], shape[0]).sum(axis=0).T
    judged = votes.sum(axis=1) > 0
    posterior = np.where(
        judged[:, None], votes / np.maximum(votes.sum(axis=1, keepdims=True), 1), 1 / shape[2]
    )
    converged, step = False, 0
    while step < steps and not converged:
        step += 1
        prior, confusion = _maximised(posterior[judged], counts[:, judged], shape, smoothing)
        better = _expected(prior, confusion, counts)
        converged = bool(np.abs(better - posterior)[judged].max() < tolerance)
        posterior = better
    prior, confusion = _maximised(posterior[judged], counts[:, judged], shape, smoothing)
    return Competence(posterior, prior, confusion, step, converged)


def _maximised(
    posterior: Floats, counts: Floats, shape: tuple[int, int, int], smoothing: float
) -> tuple[Floats, Floats]:
    given = (counts @ posterior).reshape(shape[1], shape[2], shape[2]).swapaxes(1, 2) + smoothing
    rows = given.sum(axis=2, keepdims=True)
    return posterior.mean(axis=0), np.where(rows > 0, given / np.where(rows > 0, rows, 1), 0.0)


def _expected(prior: Floats, confusion: Floats, counts: Floats) -> Floats:
    """Posteriors in log space; an impossible label has probability 0, never nan."""
    with np.errstate(divide="ignore"):
        log_prior, log_confusion = np.log(prior), np.log(confusion)
    log_confusion = np.maximum(log_confusion, -1e6)
    each = counts.T @ log_confusion.swapaxes(1, 2).reshape(-1, len(prior)) + np.maximum(log_prior, -1e6)
    each = np.exp(each - each.max(axis=1, keepdims=True))
    return np.asarray(each / each.sum(axis=1, keepdims=True), dtype=np.float64)
