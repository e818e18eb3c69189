"""Times the agreement library beside others on the same data, one core: `python -m tests.bench.agreement`.

CPU time, the least of several runs, in one process; `x` says how many times ours the other takes. The
largest job runs in a process of its own (`tests.bench.million`), which tells its peak memory. Set OPENBLAS_NUM_THREADS=1
(done here) so that CPU time is that of one core.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import importlib
import importlib.util
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import krippendorff
import numpy as np
from nltk.metrics.agreement import AnnotationTask
from sklearn.metrics import cohen_kappa_score

from annotator.agreement import (
    Specification,
    continua,
    counts,
    kappa,
    parts_of,
    pooling,
    ratings,
    reduce,
    unitized,
)
from annotator.agreement.bootstrap import unit_sums
from annotator.agreement.collection import from_units
from annotator.agreement.ratings import Ratings, Tally

UNITS, ANNOTATORS, LABELS = 100_000, 10, 4
ONCE = Specification(resamples=0)


def main() -> int:
    print("| work | ours | others |\n|---|---|---|")
    for job in (nominal, bootstrapped, pairs, spans, whole_report):
        print(job(), flush=True)
    command = [sys.executable, "-m", "tests.bench.million"]
    print(subprocess.run(command, capture_output=True, text=True, check=True).stdout, end="")
    return 0


def cpu(work: Callable[[], Any], *, times: int = 7) -> float:
    """The least CPU time of several runs, in milliseconds."""
    taken = []
    for _ in range(times):
        begun = time.process_time()
        work()
        taken.append(time.process_time() - begun)
    return 1000 * min(taken)


def row(work: str, ours: float, others: dict[str, float]) -> str:
    beside = ", ".join(f"{name} {taken:,.0f} ms (x{taken / ours:,.0f})" for name, taken in others.items())
    return f"| {work} | {ours:,.1f} ms | {beside or '-'} |"


def judgements(units: int, annotators: int, labels: int, *, missing: float, seed: int = 1) -> np.ndarray:
    """Codes (units, annotators), -1 missing, seven in ten of the true label."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, labels, units, dtype=np.int8)
    codes = np.empty((units, annotators), dtype=np.int8)
    for annotator in range(annotators):
        guess = rng.integers(0, labels, units, dtype=np.int8)
        codes[:, annotator] = np.where(rng.random(units, dtype=np.float32) < 0.7, truth, guess)
        codes[rng.random(units, dtype=np.float32) < missing, annotator] = -1
    return codes


def nominal() -> str:
    codes = judgements(UNITS, ANNOTATORS, LABELS, missing=0.3)
    unit, annotator = np.nonzero(codes >= 0)
    label = codes[unit, annotator].astype(np.int64)

    def ours() -> float:
        table = ratings.counted_rows(unit, label, shape=(UNITS, LABELS))
        return float(counts.nominal_alpha(counts.nominal_sums(table)).agreement)

    matrix = np.where(codes >= 0, codes, np.nan).T
    known = krippendorff.alpha(matrix, level_of_measurement="nominal")
    assert abs(ours() - known) < 1e-9
    fewer = 2_000
    triples = [(int(a), int(u), int(k)) for u, a, k in zip(unit, annotator, label, strict=True) if u < fewer]
    nltk = cpu(lambda: AnnotationTask(triples).alpha(), times=1) * UNITS / fewer
    others = {
        "krippendorff": cpu(lambda: krippendorff.alpha(matrix, level_of_measurement="nominal"), times=3),
        "nltk (from 2,000 units)": nltk,
    }
    return row("nominal alpha, 100k units x 10 annotators, 30% missing, from long rows", cpu(ours), others)


def bootstrapped() -> str:
    codes = judgements(UNITS, ANNOTATORS, LABELS, missing=0.3)
    table = Ratings(codes, tuple(range(LABELS)), tuple("abcdefghij")).counts()

    def ours() -> np.ndarray:
        tally = Tally.of(table)
        parts = counts.nominal_parts(tally.rows)
        drawn = counts.nominal_alpha(unit_sums(parts, tally.times, resamples=1000, seed=1)).agreement
        return np.quantile(drawn, [0.025, 0.975])

    matrix = np.where(codes >= 0, codes, np.nan).T
    rng = np.random.default_rng(1)

    def naive() -> float:
        chosen = matrix[:, rng.integers(0, UNITS, UNITS)]
        return float(krippendorff.alpha(chosen, level_of_measurement="nominal"))

    work = f"its interval by 1,000 resamples ({len(Tally.of(table).rows)} distinct rows)"
    return row(work, cpu(ours), {"krippendorff on each resample": 1000 * cpu(naive, times=1)})


def pairs() -> str:
    codes = judgements(UNITS, 50, LABELS, missing=0)
    found = Ratings(codes, tuple(range(LABELS)), tuple(map(str, range(50))))
    kappas, _ = kappa.pairwise_cohen(found)
    assert abs(kappas[0, 1] - cohen_kappa_score(codes[:, 0], codes[:, 1])) < 1e-9
    one = cpu(lambda: cohen_kappa_score(codes[:, 0], codes[:, 1]), times=3)
    ours = cpu(lambda: kappa.pairwise_cohen(found), times=3)
    return row(
        "all pairs' Cohen kappa, 50 annotators x 100k", ours, {"scikit-learn, pair by pair": one * 1225}
    )


DOCUMENTS, READERS, SPANS, LENGTH = 1000, 3, 20, 5000


def marked() -> dict[str, Any]:
    """Spans of three readers of a thousand documents as columns; nobody's overlap."""
    rng = np.random.default_rng(1)
    size = (DOCUMENTS, READERS, SPANS)
    room = LENGTH // SPANS
    start = np.arange(SPANS) * room + rng.integers(0, 90, (DOCUMENTS, 1, SPANS)) + rng.integers(0, 6, size)
    end = start + rng.integers(20, 150, size)
    truth = rng.integers(0, LABELS, (DOCUMENTS, 1, SPANS))
    label = np.where(rng.random(size) < 0.8, truth, rng.integers(0, LABELS, size))
    return {
        "lengths": np.full(DOCUMENTS, LENGTH),
        "readings": np.stack(
            [np.repeat(np.arange(DOCUMENTS), READERS), np.tile(np.arange(READERS), DOCUMENTS)], 1
        ),
        "reading": np.repeat(np.arange(DOCUMENTS * READERS), SPANS),
        "label": label.ravel(),
        "start": start.ravel(),
        "end": end.ravel(),
    }


def spans() -> str:
    columns = marked()

    def ours() -> tuple[float, ...]:
        units, _ = continua.united(**columns, labels=LABELS)
        everybody = pooling.group(from_units(units))
        joint = unitized.summed(pooling.coincidences(everybody))
        family = (unitized.u_alpha, unitized.bar_u_alpha, unitized.cu_alpha)
        values = [float(coefficient(joint).agreement) for coefficient in family]
        return (*values, *unitized.ku_alpha(joint).agreement.tolist())

    characters = np.zeros((READERS, DOCUMENTS * LENGTH), dtype=np.int8)
    document, reader = columns["readings"][columns["reading"]].T
    for d, r, s, e, k in zip(
        document, reader, columns["start"], columns["end"], columns["label"], strict=True
    ):
        characters[r, d * LENGTH + s : d * LENGTH + e] = k + 1
    few = characters[:, : 200 * LENGTH].astype(np.float64)
    by_characters = (
        cpu(lambda: krippendorff.alpha(few, level_of_measurement="nominal"), times=1) * DOCUMENTS / 200
    )
    others = {"krippendorff over characters (from 200 documents)": by_characters}
    if importlib.util.find_spec("krippendorff_unitized_alpha"):
        details = reduce([parts_of(as_records(columns)[:50], ONCE)], specification=ONCE).details
        values = {row.id: row.figures["u_alpha"] or 0.0 for row in details.documents}
        known = unitized_alpha_of_others(columns, 50)
        assert np.allclose(known, [values[f"d{i}"] for i in range(50)], atol=1e-9)
        slow = cpu(lambda: unitized_alpha_of_others(columns, 50), times=1) * DOCUMENTS / 50
        others["krippendorff-unitized-alpha, u only (from 50 documents)"] = slow
    return row("u, |u, cu, (k)u of 1,000 documents x 3 annotators x 20 spans", cpu(ours), others)


def unitized_alpha_of_others(columns: dict[str, Any], documents: int) -> list[float]:
    """u-alpha of each of the first documents, by krippendorff-unitized-alpha."""
    library = importlib.import_module("krippendorff_unitized_alpha.krippendorffs_unitized_alpha")
    found = []
    for record in as_records(columns)[:documents]:
        data = {}
        for one in record["sets"]:
            cut, reached = [], 0
            for span in one["spans"]:
                if span["start"] > reached:
                    cut.append(library.Segment("_empty", reached, span["start"]))
                cut.append(library.Segment(span["stance"], span["start"], span["end"]))
                reached = span["end"]
            if reached < LENGTH:
                cut.append(library.Segment("_empty", reached, LENGTH))
            data[one["annotator"]] = cut
        found.append(library.KrippendorffUnitizedAlpha(data).result)
    return found


def whole_report() -> str:
    columns = marked()
    records = as_records(columns)
    specification = Specification(layer="stance")
    parts = cpu(lambda: parts_of(records, specification), times=1)
    stored = parts_of(records, specification)
    figures = cpu(lambda: reduce([stored], specification=specification), times=1)
    work = "the whole report on the same as records, 1,000 resamples, pairs, differences, competence"
    return row(f"{work} ({parts:,.0f} ms parts, {figures:,.0f} ms figures)", parts + figures, {})


def as_records(columns: dict[str, Any]) -> list[dict[str, Any]]:
    documents: list[dict[str, Any]] = [
        {"id": f"d{i}", "text": "x" * LENGTH, "sets": []} for i in range(DOCUMENTS)
    ]
    sets = []
    for document, reader in columns["readings"].tolist():
        sets.append({"annotator": f"reader {reader}", "kind": "human", "state": "submitted", "spans": []})
        documents[document]["sets"].append(sets[-1])
    rows = zip(*(columns[name].tolist() for name in ("reading", "start", "end", "label")), strict=True)
    for number, (reading, start, end, label) in enumerate(rows):
        span = {"id": f"s{number}", "start": start, "end": end, "stance": f"label {label}", "role": "claim"}
        sets[reading]["spans"].append(span)
    return documents


if __name__ == "__main__":
    sys.exit(main())
