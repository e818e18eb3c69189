"""The figures of a span layer: the u-alpha family and span F1, whole, by label, by pair, without one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from annotator.agreement import alpha, kappa, older, pooling, unitized
from annotator.agreement.bootstrap import Resampling
from annotator.agreement.continua import Floats
from annotator.agreement.contributions import EXACT, NAMED, OVERLAP, UNLABELLED, DocumentParts
from annotator.agreement.estimates import Estimate, Summed, apart, estimate, missing, summed
from annotator.agreement.figures import Figure, LeftOut
from annotator.agreement.unitized import Coincidences, OwnContinua, Ratio

#: Ways in which two spans can be the same.
F1 = ("span_f1_exact", "span_f1_unlabelled", "span_f1_overlap", "span_f1_characters")


def figures(parts: DocumentParts, resampling: Resampling) -> list[Figure]:
    """Every figure of the layer; the corpus first, then labels, pairs, and leaving one annotator out."""
    everybody = Selection(parts, pooling.group(parts), resampling)
    found = [*everybody.joint(), *everybody.apart(), *everybody.f1(), everybody.words()]
    found += older.figures(parts, everybody.count)
    if len(parts.gamma_documents):
        found.append(everybody.gamma())
    for label in range(len(parts.labels)):
        found += everybody.of_label(label)
    if len(parts.annotators) > 2:
        found += _pairs(parts, resampling)
        found += _without_one(parts, resampling)
    elif len(parts.annotators) == 2:
        found += everybody.of_pair((parts.annotators[0], parts.annotators[1]))
    return found


def _pairs(parts: DocumentParts, resampling: Resampling) -> Iterator[Figure]:
    met, strangers = pooling.meetings(parts)
    fewer = resampling.of_one_pair(len(met))
    for a, b in met:
        two = Selection(parts, pooling.group(parts, (a, b)), fewer)
        yield from two.of_pair((parts.annotators[a], parts.annotators[b]))
    yield from apart("u_alpha", parts, strangers)


def _without_one(parts: DocumentParts, resampling: Resampling) -> Iterator[Figure]:
    everybody = range(len(parts.annotators))
    for absent in everybody:
        rest = Selection(parts, pooling.group(parts, set(everybody) - {absent}), resampling)
        yield from rest.without(parts.annotators[absent])


@dataclass(frozen=True)
class Selection:
    """The parts as some annotators made them, and the figures that follow."""

    parts: DocumentParts
    group: pooling.Group
    resampling: Resampling

    @cached_property
    def coincidences(self) -> Summed[Coincidences]:
        """Joint coincidences of all labels."""
        return summed(pooling.coincidences(self.group), self.resampling)

    @cached_property
    def own(self) -> Summed[OwnContinua]:
        """Each label on its own continuum."""
        return summed(pooling.own_continua(self.group), self.resampling)

    @cached_property
    def units(self) -> Floats:
        """Units of each label."""
        return pooling.units(self.group)

    @cached_property
    def overlapping(self) -> tuple[LeftOut, ...]:
        """Who kept the joint coefficients from being computed."""
        names = pooling.offenders(self.group)
        return (LeftOut("overlapping_spans", len(names), names[:NAMED]),) if names else ()

    @property
    def count(self) -> int:
        """Units of all labels."""
        return int(self.units.sum())

    def joint(self) -> Iterator[Figure]:
        """u, |u and cu-alpha of the corpus, and what share of it cu-alpha speaks about."""
        yield self.u_alpha()
        yield self.joint_figure(
            "bar_u_alpha", unitized.bar_u_alpha, self.unit_reason("no_expected_disagreement")
        )
        yield self.cu_alpha()
        coverage = estimate(unitized.cu_coverage, self.coincidences, agreement=False)
        yield self.checked("cu_coverage", coverage, self.unit_reason("no_spans"))

    def u_alpha(self, **which: Any) -> Figure:
        """Agreement on units and labels."""
        return self.joint_figure("u_alpha", unitized.u_alpha, self.unit_reason("single_label"), **which)

    def cu_alpha(self, **which: Any) -> Figure:
        """Agreement on labels where both marked."""
        rows = self.coincidences.corpus.observed[1:, 1:].sum(axis=1)
        reason = self.unit_reason(self.covered_reason(bool(rows.any())))
        return self.joint_figure("cu_alpha", unitized.cu_alpha, reason, **which)

    def covered_reason(self, covered: bool) -> str:
        """Why a figure on what two annotators marked has no value."""
        if not covered:
            return "no_coverage"
        labels = self.coincidences.corpus.observed[1:, 1:].any(axis=1).sum()
        return "single_label" if labels < 2 else "no_expected_disagreement"

    def apart(self) -> Iterator[Figure]:
        """All labels, each on its own continuum."""
        yield self.pooled()

    def pooled(self, **which: Any) -> Figure:
        """The pooled figure that overlapping spans leave defined."""
        whole = estimate(unitized.pooled_label_u_alpha, self.own)
        reason = self.unit_reason("no_expected_disagreement")
        return whole.figure("pooled_label_u_alpha", reason=reason, units=self.count, **which)

    def f1(self) -> Iterator[Figure]:
        """Span F1 of the corpus, four ways."""
        yield from (self.f1_figure(name) for name in F1)

    def words(self) -> Figure:
        """Alpha over words, as papers that count tokens have it."""
        cells = pooling.pair_cells(self.group)
        different = 1 - np.eye(cells.shape[-1])
        whole = estimate(lambda seen: alpha.alpha(seen, different), summed(cells, self.resampling))
        return self.checked("alpha_words", whole, self.unit_reason("single_label"), units=self.word_count)

    @property
    def word_count(self) -> int:
        """Words that two annotators read."""
        cells = pooling.pair_cells(self.group).sum(axis=(1, 2))
        return round(float((cells / np.maximum(self.group.size, 1)).sum()))

    def gamma(self, **which: Any) -> Figure:
        """Agreement of the best alignment, whatever overlaps."""
        disorders = pooling.disorders(self.group)
        if not np.isfinite(disorders).all():
            return missing("gamma", "time_limit", units=self.count, **which)
        whole = estimate(lambda sums: Ratio(sums[..., 0], sums[..., 1]), summed(disorders, self.resampling))
        reason = self.unit_reason("no_expected_disagreement")
        return whole.figure("gamma", reason=reason, units=self.count, **which)

    def of_label(self, label: int) -> Iterator[Figure]:
        """One label's figures."""
        name = self.parts.labels[label]
        units = int(self.units[label]) if len(self.units) else 0
        reason = self.unit_reason("no_expected_disagreement" if units else "no_spans")
        own = self.by_label("label_u_alpha").at(label)
        yield own.figure("label_u_alpha", reason=reason, units=units, label=name)
        covered = bool(self.coincidences.corpus.observed[1 + label, 1:].any())
        joint_reason = self.covered_reason(covered) if units else reason
        ku = self.by_label("ku_alpha").at(label)
        yield self.checked("ku_alpha", ku, joint_reason, units=units, label=name)
        coverage = self.by_label("ku_coverage").at(label)
        yield self.checked("ku_coverage", coverage, reason, units=units, label=name)
        for f1 in F1:
            if f1 != "span_f1_unlabelled":
                yield self.f1_figure(f1, column=label, label=name)

    def by_label(self, name: str) -> Estimate:
        """A coefficient that has one value for each label."""
        return self._by_label[name]

    @cached_property
    def _by_label(self) -> dict[str, Estimate]:
        return {
            "label_u_alpha": estimate(unitized.label_u_alpha, self.own),
            "ku_alpha": estimate(unitized.ku_alpha, self.coincidences),
            "ku_coverage": estimate(unitized.ku_coverage, self.coincidences, agreement=False),
        }

    def of_pair(self, pair: tuple[str, str]) -> Iterator[Figure]:
        """Two annotators' figures."""
        yield self.u_alpha(pair=pair)
        yield self.cu_alpha(pair=pair)
        yield self.pooled(pair=pair)
        yield from (self.f1_figure(name, pair=pair) for name in F1)
        words = estimate(kappa.cohen, summed(pooling.pair_table(self.group), self.resampling))
        reason = self.unit_reason("single_label")
        yield self.checked("cohen_kappa_words", words, reason, units=self.word_count, pair=pair)
        if len(self.parts.gamma_pairs):
            yield self.gamma(pair=pair)

    def without(self, annotator: str) -> Iterator[Figure]:
        """What the corpus figures are without one annotator."""
        yield self.u_alpha(without=annotator)
        yield self.pooled(without=annotator)

    @cached_property
    def matches(self) -> Summed[Floats]:
        """Common and all spans or characters: (way, 2, label), the last label being all of them."""
        ways = [
            pooling.span_matches(self.group, EXACT),
            pooling.span_matches(self.group, UNLABELLED),
            pooling.span_matches(self.group, OVERLAP),
            pooling.character_matches(self.group),
        ]
        parts = np.zeros((len(self.group.size), len(F1), 2, len(self.parts.labels) + 1))
        for way, pair in enumerate(ways):
            for row, values in enumerate(pair):
                parts[:, way, row, -1] = values.sum(axis=1)
                if values.shape[1] == len(self.parts.labels):
                    parts[:, way, row, :-1] = values
        return summed(parts, self.resampling)

    def f1_figure(self, name: str, column: int = -1, **which: Any) -> Figure:
        """2 x common / all, of one label or of all."""
        way = F1.index(name)

        def f1(parts: Floats) -> Ratio:
            return Ratio(parts[..., way, 0, column], parts[..., way, 1, column])

        units = round(float(self.matches.corpus[way, 1, column]))
        whole = estimate(f1, self.matches, agreement=False)
        return whole.figure(name, reason=self.unit_reason("no_spans"), units=units, **which)

    def joint_figure(self, name: str, coefficient: Any, reason: str, **which: Any) -> Figure:
        """A coefficient of the joint continuum."""
        return self.checked(name, estimate(coefficient, self.coincidences), reason, **which)

    def checked(
        self, name: str, whole: Estimate, reason: str, units: int | None = None, **which: Any
    ) -> Figure:
        """The figure, or `overlapping_spans` with the offenders: it needs every annotator's units apart."""
        count = self.count if units is None else units
        if self.overlapping:
            return missing(name, "overlapping_spans", units=count, dropped=self.overlapping, **which)
        return whole.figure(name, reason=reason, units=count, **which)

    def unit_reason(self, otherwise: str) -> str:
        """Why a figure of this selection has no value."""
        if not self.group.size.any():
            return "one_annotator"
        return otherwise if self.count else "no_spans"
