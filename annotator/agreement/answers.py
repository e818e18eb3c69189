"""The figures of document labels: every question's units are the documents."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from annotator.agreement import counts, pooling
from annotator.agreement.bootstrap import Resampling
from annotator.agreement.continua import Floats
from annotator.agreement.contributions import DocumentParts
from annotator.agreement.estimates import estimate, missing, summed
from annotator.agreement.figures import Figure


def figures(parts: DocumentParts, resampling: Resampling) -> list[Figure]:
    """Every figure, question by question: the corpus, labels, pairs, and leaving one annotator out."""
    if not parts.groups:
        reason = "no_pairable_units" if parts.documents else "one_annotator"
        return [missing(name, reason) for name in ("alpha_nominal", "percent")]
    found: list[Figure] = []
    for question, group in enumerate(parts.groups):
        found += _of_question(parts, resampling, question, group)
    return found


def _of_question(parts: DocumentParts, resampling: Resampling, question: int, group: str) -> Iterator[Figure]:
    everybody = range(len(parts.annotators))
    table = pooling.answers(pooling.group(parts), question)
    yield from _two(table, resampling, group=group)
    for label in table.sum(axis=0).nonzero()[0].tolist():
        yield _alpha(counts.binary(table, label), resampling, group=group, label=parts.labels[label])
    for a, b in combinations(everybody, 2):
        pair = (parts.annotators[a], parts.annotators[b])
        two = pooling.answers(pooling.group(parts, (a, b)), question)
        yield from _two(two, resampling, group=group, pair=pair)
    for absent in everybody if len(everybody) > 2 else ():
        rest = pooling.answers(pooling.group(parts, set(everybody) - {absent}), question)
        yield _alpha(rest, resampling, group=group, without=parts.annotators[absent])


def _two(table: Floats, resampling: Resampling, **which: Any) -> Iterator[Figure]:
    yield _alpha(table, resampling, **which)
    parts = summed(counts.percent_parts(table), resampling)
    share = estimate(counts.percent, parts, agreement=False)
    yield share.figure("percent", reason="no_pairable_units", units=_units(table), **which)


def _alpha(table: Floats, resampling: Resampling, **which: Any) -> Figure:
    parts = summed(counts.nominal_parts(table), resampling)
    units = _units(table)
    reason = "single_label" if units else "no_pairable_units"
    return estimate(counts.nominal_alpha, parts).figure("alpha_nominal", reason=reason, units=units, **which)


def _units(table: Floats) -> int:
    return int((table.sum(axis=1) >= 2).sum())
