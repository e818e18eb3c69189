"""The figures of document labels: every question's units are the documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np

from annotator.agreement import alpha, counts, kappa, pooling
from annotator.agreement.bootstrap import Resampling
from annotator.agreement.continua import Floats
from annotator.agreement.contributions import DocumentParts
from annotator.agreement.estimates import Summed, apart, estimate, missing, summed
from annotator.agreement.figures import Figure
from annotator.agreement.methods import METHODS
from annotator.agreement.ratings import Ratings
from annotator.agreement.unitized import Ratio

#: With more pairs than this the mean of their kappas has no interval: their tables are too many to resample.
PAIRS = 300


def figures(
    parts: DocumentParts,
    resampling: Resampling,
    *,
    declared: Mapping[str, Sequence[str]] | None = None,
    metric: str = "nominal",
) -> list[Figure]:
    """Every figure, question by question: the corpus, labels, pairs, and leaving one annotator out.

    `declared` holds the labels of each question, used or not: AC1 and Brennan-Prediger count them.
    """
    if not parts.groups:
        reason = "no_pairable_units" if parts.documents else "one_annotator"
        return [missing(name, reason) for name in ("alpha_nominal", "percent")]
    found: list[Figure] = []
    for question, group in enumerate(parts.groups):
        found += _of_question(
            Question(parts, resampling, question, tuple((declared or {}).get(group, ()))), metric
        )
    return found


def _of_question(asked: Question, metric: str) -> Iterator[Figure]:
    everybody = range(len(asked.parts.annotators))
    yield from asked.corpus()
    if metric != "nominal":
        yield asked.metric(metric)
    for label in asked.used:
        binary = counts.binary(asked.table, asked.labels.index(label))
        yield asked.alpha(binary, label=asked.parts.labels[label])
    met, strangers = pooling.meetings(asked.parts)
    fewer = replace(asked, resampling=asked.resampling.of_one_pair(len(met)))
    for a, b in met:
        yield from fewer.of_pair(a, b)
    yield from apart("alpha_nominal", asked.parts, strangers, group=asked.name)
    for absent in everybody if len(everybody) > 2 else ():
        rest = asked.counted(set(everybody) - {absent})
        yield asked.alpha(rest, without=asked.parts.annotators[absent])


@dataclass(frozen=True)
class Question:
    """One question's answers: documents are the units."""

    parts: DocumentParts
    resampling: Resampling
    question: int
    declared: tuple[str, ...]

    @property
    def name(self) -> str:
        """The question's group."""
        return self.parts.groups[self.question]

    @cached_property
    def used(self) -> list[int]:
        """Labels that somebody gave, as numbers."""
        table = pooling.answers(pooling.group(self.parts), self.question)
        return [int(label) for label in np.flatnonzero(table.sum(axis=0))]

    @cached_property
    def labels(self) -> list[int]:
        """Labels of the question, declared or used, in their order."""
        own = {self.parts.labels.index(name) for name in self.declared if name in self.parts.labels}
        return sorted(own | set(self.used))

    @cached_property
    def table(self) -> Floats:
        """Counts of everybody's answers: (documents, labels of the question)."""
        return self.counted(None)

    @cached_property
    def codes(self) -> np.ndarray:
        """Everybody's answers: (documents, annotators), -1 where there is none."""
        place = np.full(len(self.parts.labels) + 1, -1)
        place[self.labels] = np.arange(len(self.labels))
        codes = np.full((len(self.parts.documents), len(self.parts.annotators)), -1, dtype=np.int64)
        rows = self.parts.choices[self.parts.choices[:, 1] == self.question].astype(np.int64)
        document, annotator = self.parts.readings[rows[:, 0]].astype(np.int64).T
        codes[document, annotator] = place[rows[:, 2]]
        return codes

    def counted(self, annotators: set[int] | None) -> Floats:
        """Counts of some annotators' answers."""
        return pooling.answers(pooling.group(self.parts, annotators), self.question)[:, self.labels]

    def corpus(self) -> Iterator[Figure]:
        """All annotators together, by every idea of chance."""
        yield self.alpha(self.table)
        yield self.percent(self.table)
        yield self.pairwise_percent()
        rows = summed(counts.chance_parts(self.table), self.resampling)
        for name, coefficient in counts.CHANCE.items():
            yield self.figure(name, coefficient, rows, self.table)
        yield self.conger()
        yield self.mean_pairwise()

    def of_pair(self, a: int, b: int) -> Iterator[Figure]:
        """Two annotators."""
        table = self.counted({a, b})
        pair = (self.parts.annotators[a], self.parts.annotators[b])
        yield self.alpha(table, pair=pair)
        yield self.percent(table, pair=pair)
        rows = summed(self.pair_parts(a, b), self.resampling)
        yield self.figure("cohen_kappa", counts.cohen, rows, table, pair=pair)

    def pair_parts(self, a: int, b: int) -> Floats:
        """What two annotators answered of the documents both judged: (documents, 1 + 2 x labels).

        1 where they agree, then the label of the first and that of the second: their table would be as wide
        as all labels squared.
        """
        q, one, other = len(self.labels), self.codes[:, a], self.codes[:, b]
        parts = np.zeros((len(self.codes), 1 + 2 * q))
        both = np.flatnonzero((one >= 0) & (other >= 0))
        parts[both, 0] = one[both] == other[both]
        parts[both, 1 + one[both]] = 1
        parts[both, 1 + q + other[both]] = 1
        return parts

    def conger(self) -> Figure:
        """Conger's kappa of all annotators."""
        q, people = len(self.labels), len(self.parts.annotators)
        own = np.zeros((len(self.codes), people, q))
        document, annotator = np.nonzero(self.codes >= 0)
        own[document, annotator, self.codes[document, annotator]] = 1
        rows = np.concatenate([counts.percent_parts(self.table), own.reshape(len(own), -1)], axis=1)
        return self.figure(
            "conger_kappa",
            lambda sums: counts.conger(sums[..., :2], sums[..., 2:].reshape(*sums.shape[:-1], people, q)),
            summed(rows, self.resampling),
            self.table,
        )

    def mean_pairwise(self) -> Figure:
        """The mean of all pairs' kappas."""
        pairs = list(combinations(range(len(self.parts.annotators)), 2))
        if len(pairs) > PAIRS:
            return self.mean_of_many()
        rows = np.stack([self.pair_parts(a, b) for a, b in pairs or [(0, 0)]], axis=1)

        def mean(sums: Floats) -> Ratio:
            values = counts.cohen(sums).agreement
            known = np.isfinite(values)
            total = np.where(known, values, 0.0).sum(axis=-1)
            return Ratio(total, known.sum(axis=-1).astype(np.float64))

        whole = estimate(mean, summed(rows, self.resampling), agreement=False)
        reason = "single_label" if _units(self.table) else "no_pairable_units"
        return whole.figure("mean_pairwise_kappa", reason=reason, units=_units(self.table), group=self.name)

    def mean_of_many(self) -> Figure:
        """The same without an interval."""
        found = Ratings(self.codes, tuple(self.labels), self.parts.annotators)
        values = kappa.pairwise_cohen(found)[0][np.triu_indices(len(self.parts.annotators), 1)]
        values = values[np.isfinite(values)]
        name = "mean_pairwise_kappa"
        if not len(values):
            return missing(name, "no_pairable_units", group=self.name)
        total, number = float(values.sum()), float(len(values))
        return Figure(
            name,
            total / number,
            None,
            total,
            number,
            group=self.name,
            units=_units(self.table),
            method=METHODS[name],
        )

    def metric(self, metric: str) -> Figure:
        """alpha with another metric; the labels' names must be numbers for interval and ratio."""
        names = [self.parts.labels[label] for label in self.labels]

        def coefficient(observed: Floats) -> Ratio:
            return alpha.alpha(observed, alpha.distances(metric, observed, names))

        cells = summed(alpha.unit_coincidences(self.table), self.resampling)
        return self.figure(f"alpha_{metric}", coefficient, cells, self.table)

    def alpha(self, table: Floats, **which: Any) -> Figure:
        """Nominal alpha of a count table."""
        rows = summed(counts.nominal_parts(table), self.resampling)
        return self.figure("alpha_nominal", counts.nominal_alpha, rows, table, **which)

    def percent(self, table: Floats, **which: Any) -> Figure:
        """Share of agreeing pairs."""
        rows = summed(counts.percent_parts(table), self.resampling)
        share = estimate(counts.percent, rows, agreement=False)
        return share.figure(
            "percent", reason="no_pairable_units", units=_units(table), group=self.name, **which
        )

    def pairwise_percent(self) -> Figure:
        """Share of agreeing judgements over all pairs, so that documents with more annotators weigh more."""
        rows = summed(counts.pair_parts(self.table), self.resampling)
        share = estimate(counts.percent, rows, agreement=False)
        return share.figure(
            "percent_pairwise", reason="no_pairable_units", units=_units(self.table), group=self.name
        )

    def figure(
        self, name: str, coefficient: Any, rows: Summed[Floats], table: Floats, **which: Any
    ) -> Figure:
        """A coefficient of disagreement."""
        units = _units(table)
        reason = "single_label" if units else "no_pairable_units"
        whole = estimate(coefficient, rows)
        return whole.figure(name, reason=reason, units=units, group=self.name, **which)


def _units(table: Floats) -> int:
    return int((table.sum(axis=1) >= 2).sum())
