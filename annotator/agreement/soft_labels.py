"""Labels as shares: what annotators gave a unit, how undecided it is, how far two such shares are apart."""

from __future__ import annotations

import numpy as np

from annotator.agreement.continua import Floats


def vote_shares(counts: Floats, *, smoothing: float = 0.0) -> Floats:
    """Share of each label in each unit's judgements (units, labels); nan where there are none."""
    smoothed = counts + smoothing
    total = smoothed.sum(axis=-1, keepdims=True)
    return np.where(total > 0, smoothed / np.where(total > 0, total, 1), np.nan)


def entropy(shares: Floats) -> Floats:
    """How undecided each unit is, 0 to 1: H / log q of shares (..., labels)."""
    q = shares.shape[-1]
    if q < 2:
        return np.zeros(shares.shape[:-1])
    safe = np.where(shares > 0, shares, 1.0)
    undecided = -(shares * np.log(safe)).sum(axis=-1) / np.log(q)
    return np.asarray(np.abs(undecided), dtype=np.float64)


def jensen_shannon(first: Floats, second: Floats) -> Floats:
    """Jensen-Shannon divergence in bits, 0 to 1, of shares (..., labels)."""
    middle = (first + second) / 2
    divergence = (_relative(first, middle) + _relative(second, middle)) / 2
    return np.asarray(np.maximum(divergence, 0.0), dtype=np.float64)


def cross_entropy(target: Floats, predicted: Floats) -> Floats:
    """Mean code length of the target's labels under the prediction, in nats; infinite if it excludes one."""
    with np.errstate(divide="ignore"):
        length = np.where(target > 0, -target * np.log(np.where(target > 0, predicted, 1)), 0.0)
    return np.asarray(length.sum(axis=-1), dtype=np.float64)


def manhattan(first: Floats, second: Floats) -> Floats:
    """Sum of absolute differences, 0 to 2."""
    return np.asarray(np.abs(first - second).sum(axis=-1), dtype=np.float64)


def euclidean(first: Floats, second: Floats) -> Floats:
    """Root of the summed squared differences, 0 to the root of 2."""
    return np.asarray(np.sqrt(((first - second) ** 2).sum(axis=-1)), dtype=np.float64)


def relative_entropy(target: Floats, predicted: Floats) -> Floats:
    """Kullback-Leibler divergence in nats: what the prediction costs beyond the target's own entropy."""
    own = np.where(target > 0, -target * np.log(np.where(target > 0, target, 1)), 0.0).sum(axis=-1)
    return np.asarray(np.maximum(cross_entropy(target, predicted) - own, 0.0), dtype=np.float64)


def normalized_match(first: Floats, second: Floats) -> Floats:
    """Earth mover's distance over the number of steps, 0 to 1 (Sakai 2021, ACL, 2759)."""
    return np.asarray(wasserstein(first, second) / max(first.shape[-1] - 1, 1), dtype=np.float64)


def wasserstein(first: Floats, second: Floats) -> Floats:
    """Earth mover's distance in steps of the declared order (ordinal labels)."""
    moved = np.abs(np.cumsum(first, axis=-1) - np.cumsum(second, axis=-1))
    return np.asarray(moved[..., :-1].sum(axis=-1), dtype=np.float64)


def _relative(first: Floats, second: Floats) -> Floats:
    safe = np.where((first > 0) & (second > 0), first / np.where(second > 0, second, 1), 1.0)
    return np.asarray((first * np.log2(safe)).sum(axis=-1), dtype=np.float64)
