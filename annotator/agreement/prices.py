"""Prices of units that no group of them undercuts: the dual of covering every unit once at least cost.

Found by smoothed coordinate ascent (the update of Sinkhorn 1967, for groups instead of pairs): all units of
an annotator at once, as no group holds two of them; the smoothing fades, and at the end there is none.
"""

from __future__ import annotations

import time

import numpy as np

from annotator.agreement.continua import Floats, Ints

#: The smoothing at the beginning, in shares of the dearest group.
SMOOTH = 0.5


class TimeIsUp(RuntimeError):
    """The best alignment was not found within the time limit."""


def check_time(until: float | None) -> None:
    """TimeIsUp once that time of time.monotonic() has passed."""
    if until is not None and time.monotonic() > until:
        raise TimeIsUp("the best alignment was not found in time")


def unit_prices(
    rows: Ints, cost: Floats, units: int, *, sweeps: int, sharpness: float, until: float | None = None
) -> Floats:
    """A price for each unit, of greatest sum, so that no row costs less than its units together.

    `rows` (groups, annotators) hold at most one unit of each annotator, `units` standing for none; every unit is
    in a row. Their sum is at most the cost of any cover. `sharpness` is the last smoothing. Raises TimeIsUp.
    """
    worth, beyond = np.zeros(units), -cost
    blocks = [_block(column, units) for column in rows.T]
    scale = float(cost.max(initial=0.0)) or 1.0
    fading = (sharpness / SMOOTH) ** (1 / sweeps)
    for sweep in range(sweeps + 3):
        check_time(until)
        smooth = scale * SMOOTH * fading**sweep if sweep < sweeps else 0.0
        for order, members, starts, counts in blocks:
            if len(members):
                change = -_soft_maximum(beyond[order], starts, counts, smooth)
                worth[members] += change
                beyond[order] += np.repeat(change, counts)
    return worth


def _block(column: Ints, units: int) -> tuple[Ints, Ints, Ints, Ints]:
    """The rows that hold one annotator's units, unit by unit: their order, units, starts and counts."""
    order = np.argsort(column, kind="stable")
    order = order[column[order] < units]
    members, starts, counts = np.unique(column[order], return_index=True, return_counts=True)
    return order, members, starts.astype(np.int64), counts.astype(np.int64)


def _soft_maximum(values: Floats, starts: Ints, counts: Ints, smooth: float) -> Floats:
    """The greatest value of each stretch, or its smooth version smooth x log sum exp(value / smooth)."""
    greatest = np.maximum.reduceat(values, starts)
    if not smooth:
        return np.asarray(greatest, dtype=np.float64)
    small = np.exp((values - np.repeat(greatest, counts)) / smooth)
    return np.asarray(greatest + smooth * np.log(np.add.reduceat(small, starts)), dtype=np.float64)
