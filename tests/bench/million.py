"""Ten million judgements less those missing, as long rows, in a process of their own: time and peak memory.

`python -m tests.bench.million` imports nothing but the library, so that the peak is what the work needs:
the process, the rows as they are given (three columns of 8-byte integers) and what is made of them.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import sys
import time
from pathlib import Path

import numpy as np

from annotator.agreement import counts, kappa, ratings

UNITS, ANNOTATORS, LABELS, MISSING = 1_000_000, 10, 4, 0.3


def main() -> int:
    begun = held()
    rows = long_rows()
    before = held()
    taken = min(timed(*rows) for _ in range(3))
    work = (
        f"alpha, AC1, Fleiss, per label, leave-one-out from {len(rows[0]) / 1e6:.1f}M long rows of 1M x 10 "
        f"(peak {held():,.0f} MB, of which {before:,.0f} the process and its rows, {begun:,.0f} the process)"
    )
    print(f"| {work} | {1000 * taken:,.1f} ms | - |")
    return 0


def timed(unit: np.ndarray, annotator: np.ndarray, label: np.ndarray) -> float:
    begun = time.process_time()
    found = ratings.from_rows(unit, annotator, label, shape=(UNITS, ANNOTATORS), labels=tuple(range(LABELS)))
    tally = found.distinct()
    alpha_of(tally.rows, tally.times)
    kappa.gwet(tally)
    kappa.fleiss(tally)
    for one in range(LABELS):
        alpha_of(counts.binary(tally.rows, one), tally.times)
    kappa.leave_one_out(found)
    return time.process_time() - begun


def alpha_of(rows: np.ndarray, times: np.ndarray) -> float:
    return float(counts.nominal_alpha(times @ counts.nominal_parts(rows)).agreement)


def long_rows(chunk: int = 50_000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Unit, annotator and label of every judgement, seven in ten of them the true label."""
    rng = np.random.default_rng(1)
    columns = np.empty((3, UNITS * ANNOTATORS), dtype=np.int64)
    made = 0
    for first in range(0, UNITS, chunk):
        truth = rng.integers(0, LABELS, (chunk, 1))
        guess = rng.integers(0, LABELS, (chunk, ANNOTATORS))
        codes = np.where(rng.random(guess.shape) < 0.7, truth, guess)
        unit, annotator = np.nonzero(rng.random(guess.shape) >= MISSING)
        columns[:, made : made + len(unit)] = unit + first, annotator, codes[unit, annotator]
        made += len(unit)
    return tuple(columns[:, :made])


def held() -> float:
    """The most memory this process has held, in MB (a child's rusage would begin with its parent's)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return float(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) / 1024


if __name__ == "__main__":
    sys.exit(main())
