"""What annotators' labels say about the truth, and about the annotators (Dawid & Skene 1979).

A low figure is not incompetence: the model takes what most say for the truth, so a minority view that is
right, or simply another reading, looks like error.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from annotator.agreement.continua import Floats, Ints

#: Judgements are added up one by one where a table of them would be so many times as large.
SPARSE = 20


@dataclass(frozen=True)
class Competence:
    """The fitted model: `posterior` (units, labels); `prior` (labels,); `confusion` (annotators, true, given).

    Each with the leading axis of `times`, if that had one, and so has `likelihood`, the logarithm of the
    chance of what was given. `steps` is how often it was improved, `converged` whether it stopped changing.
    """

    posterior: Floats
    prior: Floats
    confusion: Floats
    likelihood: Floats
    steps: int
    converged: bool

    @property
    def accuracy(self) -> Floats:
        """Each annotator's chance of giving the true label: (annotators,)."""
        right = np.diagonal(self.confusion, axis1=-2, axis2=-1)
        return np.asarray((right @ self.prior[..., :, None])[..., 0], dtype=np.float64)


def fit(
    units: Ints,
    annotators: Ints,
    labels: Ints,
    *,
    shape: tuple[int, int, int],
    times: Floats | None = None,
    smoothing: float = 0.0,
    steps: int = 1000,
    tolerance: float = 1e-10,
    start: Floats | None = None,
) -> Competence:
    """Expectation maximisation (eq. 2.3 to 2.5), from vote shares or from the posteriors in `start`.

    Rows are judgements (unit, annotator, label), repeated ones count again; `shape` is (units, annotators,
    labels); `times` says how often each unit counts, in one fit (units,) or in many (fits, units);
    `smoothing` is added to every count of a confusion. ValueError if there are no rows.
    """
    if not len(units):
        raise ValueError("there are no judgements")
    given = _given(annotators * shape[2] + labels, units, (shape[1] * shape[2], shape[0]))
    votes = np.zeros((shape[0], shape[2]))
    np.add.at(votes, (units, labels), 1.0)
    judged = votes.sum(axis=1) > 0
    often = np.where(judged, np.ones(shape[0]) if times is None else times, 0.0)
    shares = np.where(judged, votes.T / np.maximum(votes.sum(axis=1), 1), 1 / shape[2])
    shares = shares if start is None else start.swapaxes(-1, -2)
    posterior = np.broadcast_to(shares, (*often.shape[:-1], shape[2], shape[0])).copy()
    fits, each = posterior.reshape(-1, shape[2], shape[0]), often.reshape(-1, shape[0])
    moving, step = np.arange(len(fits)), 0
    while step < steps and len(moving):
        step += 1
        before, counted = fits[moving], each[moving]
        better, _ = _expected(*_maximised(before, given, counted, shape, smoothing), given)
        change = np.where(counted > 0, np.abs(better - before).max(axis=-2), 0.0).max(axis=-1)
        fits[moving] = better
        moving = moving[change >= tolerance]
    prior, confusion = _maximised(posterior, given, often, shape, smoothing)
    likelihood = np.asarray((_expected(prior, confusion, given)[1] * often).sum(axis=-1))
    return Competence(posterior.swapaxes(-1, -2), prior, confusion, likelihood, step, not len(moving))


@dataclass(frozen=True)
class _Dense:
    """How often every column (an annotator's label) was given to every unit."""

    table: Floats

    def to_columns(self, weighted: Floats) -> Floats:
        """Sums over the units of each column: (..., units) to (..., columns)."""
        return np.asarray(weighted @ self.table.T, dtype=np.float64)

    def to_units(self, flat: Floats) -> Floats:
        """Sums over the columns of each unit: (..., columns) to (..., units)."""
        return np.asarray(flat @ self.table, dtype=np.float64)


@dataclass(frozen=True)
class _Sparse:
    """The same by judgement, where few annotators judged a unit: a table would be nearly all zeros."""

    columns: Ints
    units: Ints
    shape: tuple[int, int]

    def to_columns(self, weighted: Floats) -> Floats:
        return _sums(weighted, self.units, self.columns, self.shape[0])

    def to_units(self, flat: Floats) -> Floats:
        return _sums(flat, self.columns, self.units, self.shape[1])


def _given(columns: Ints, units: Ints, shape: tuple[int, int]) -> _Dense | _Sparse:
    if len(units) * SPARSE < shape[0] * shape[1]:
        return _Sparse(columns, units, shape)
    table = np.zeros(shape)
    np.add.at(table, (columns, units), 1.0)
    return _Dense(table)


def _sums(values: Floats, taken: Ints, into: Ints, size: int) -> Floats:
    """The values taken, added up where they go: (..., n) to (..., size)."""
    order = np.argsort(into, kind="stable")
    there, first = np.unique(into[order], return_index=True)
    sums = np.zeros((*values.shape[:-1], size))
    sums[..., there] = np.add.reduceat(values[..., taken[order]], first, axis=-1)
    return sums


def _maximised(
    posterior: Floats, given: _Dense | _Sparse, often: Floats, shape: tuple[int, int, int], smoothing: float
) -> tuple[Floats, Floats]:
    """Priors and confusions of posteriors (..., labels, units): units last, because sums run along them."""
    weighted = posterior * often[..., None, :]
    counts = given.to_columns(weighted).reshape(*often.shape[:-1], shape[2], shape[1], shape[2])
    confusion = counts.swapaxes(-3, -2) + smoothing
    rows = confusion.sum(axis=-1, keepdims=True)
    prior = weighted.sum(axis=-1) / np.maximum(often.sum(axis=-1, keepdims=True), 1e-300)
    return prior, np.where(rows > 0, confusion / np.where(rows > 0, rows, 1), 0.0)


def _expected(prior: Floats, confusion: Floats, given: _Dense | _Sparse) -> tuple[Floats, Floats]:
    """Posteriors, and the logarithm of each unit's chance; an impossible label has probability 0, never nan."""
    with np.errstate(divide="ignore"):
        log_prior, log_confusion = np.log(prior), np.log(confusion)
    log_prior, log_confusion = np.maximum(log_prior, -1e6), np.maximum(log_confusion, -1e6)
    flat = log_confusion.swapaxes(-3, -2)
    each = given.to_units(flat.reshape(*prior.shape, -1)) + log_prior[..., None]
    most = each.max(axis=-2, keepdims=True)
    each = np.exp(each - most)
    total = each.sum(axis=-2, keepdims=True)
    return np.asarray(each / total, dtype=np.float64), (most + np.log(total))[..., 0, :]
