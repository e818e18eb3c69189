"""The figures of relations: links and attachment on nodes that two readings have in common."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from annotator.agreement import alpha, kappa, pooling
from annotator.agreement.bootstrap import Resampling
from annotator.agreement.continua import Floats
from annotator.agreement.contributions import LINK, LINK_UNDIRECTED, LINK_UNLABELLED, DocumentParts
from annotator.agreement.estimates import apart, estimate, summed
from annotator.agreement.figures import Figure
from annotator.agreement.unitized import Ratio

#: Figures that are of pairs of nodes, which may be limited to those of a paragraph.
OF_CANDIDATES = ("relation_alpha", "relation_kappa")


def figures(parts: DocumentParts, resampling: Resampling, *, candidates: str = "document") -> list[Figure]:
    """Every figure of the layer: the corpus, labels, pairs, and leaving one annotator out.

    `candidates` is the specification's: what is of pairs of one paragraph says so in its method.
    """
    found = _figures(parts, resampling)
    if candidates == "document":
        return found
    return [
        replace(figure, method=f"{figure.method}; pairs of one {candidates} only")
        if figure.name in OF_CANDIDATES
        else figure
        for figure in found
    ]


def _figures(parts: DocumentParts, resampling: Resampling) -> list[Figure]:
    everybody = range(len(parts.annotators))
    found = [*_corpus(pooling.group(parts), resampling)]
    for label in range(len(parts.labels)):
        found += _of_label(pooling.group(parts), resampling, label)
    met, strangers = pooling.meetings(parts)
    fewer = resampling.of_one_pair(len(met))
    for pair in met:
        names = (parts.annotators[pair[0]], parts.annotators[pair[1]])
        found += _some(pooling.group(parts, pair), fewer, pair=names)
        found += _kappas(pooling.group(parts, pair), fewer, pair=names)
    found += apart("relation_alpha", parts, strangers)
    for absent in everybody if len(everybody) > 2 else ():
        rest = pooling.group(parts, set(everybody) - {absent})
        found += _some(rest, resampling, without=parts.annotators[absent])
    return found


def _corpus(group: pooling.Group, resampling: Resampling) -> Iterator[Figure]:
    yield from _some(group, resampling)
    for name, kind in (("link_f1_unlabelled", LINK_UNLABELLED), ("link_f1_undirected", LINK_UNDIRECTED)):
        yield _share(name, *pooling.link_matches(group, kind), group, resampling)
    yield _attachment_share(group, resampling)
    attached = pooling.pair_cells(group, attached=True)
    yield _alpha("attachment_alpha", attached, group, resampling)


def _some(group: pooling.Group, resampling: Resampling, **which: Any) -> Iterator[Figure]:
    yield _alpha("relation_alpha", pooling.pair_cells(group), group, resampling, **which)
    yield _share("link_f1", *pooling.link_matches(group, LINK), group, resampling, **which)
    aligned, nodes = pooling.node_matches(group)
    yield _share("aligned_share", aligned[:, None], nodes[:, None], group, resampling, **which)


def _kappas(group: pooling.Group, resampling: Resampling, **which: Any) -> Iterator[Figure]:
    """Cohen's kappa of two annotators, on pairs of aligned nodes and on what nodes hang on."""
    for name, attached in (("relation_kappa", False), ("attachment_kappa", True)):
        table = pooling.pair_table(group, attached=attached)
        units = round(float(table.sum()))
        reason = _reason(group, "single_label" if units else "no_pairable_units")
        yield estimate(kappa.cohen, summed(table, resampling)).figure(
            name, reason=reason, units=units, **which
        )


def _of_label(group: pooling.Group, resampling: Resampling, label: int) -> Iterator[Figure]:
    name = group.parts.labels[label]
    cells = _binary(pooling.pair_cells(group), 1 + label)
    yield _alpha("relation_alpha", cells, group, resampling, label=name)
    common, links = pooling.link_matches(group, LINK)
    yield _share("link_f1", common[:, [label]], links[:, [label]], group, resampling, label=name)


def _alpha(name: str, cells: Floats, group: pooling.Group, resampling: Resampling, **which: Any) -> Figure:
    """Krippendorff's alpha of coincidences (documents, labels, labels)."""
    units = round(float((cells.sum(axis=(1, 2)) / np.maximum(group.size, 1)).sum()))
    reason = _reason(group, "single_label" if units else "no_pairable_units")
    different = 1 - np.eye(cells.shape[-1])
    whole = estimate(lambda observed: alpha.alpha(observed, different), summed(cells, resampling))
    return whole.figure(name, reason=reason, units=units, **which)


def _share(
    name: str, common: Floats, total: Floats, group: pooling.Group, resampling: Resampling, **which: Any
) -> Figure:
    parts = summed(np.stack([common.sum(axis=1), total.sum(axis=1)], axis=1), resampling)
    whole = estimate(lambda rows: Ratio(rows[..., 0], rows[..., 1]), parts, agreement=False)
    units = round(float(parts.corpus[1]))
    return whole.figure(name, reason=_reason(group, "no_spans"), units=units, **which)


def _attachment_share(group: pooling.Group, resampling: Resampling) -> Figure:
    cells = pooling.pair_cells(group, attached=True)
    same = np.trace(cells, axis1=1, axis2=2)
    return _share("attachment", same[:, None], cells.sum(axis=(1, 2))[:, None], group, resampling)


def _binary(cells: Floats, label: int) -> Floats:
    """One label against the rest: (documents, 2, 2)."""
    both = cells[:, label, label]
    row = cells[:, label].sum(axis=1) - both
    column = cells[:, :, label].sum(axis=1) - both
    rest = cells.sum(axis=(1, 2)) - both - row - column
    return np.stack([np.stack([both, row], axis=1), np.stack([column, rest], axis=1)], axis=1)


def _reason(group: pooling.Group, otherwise: str) -> str:
    return otherwise if group.size.any() else "one_annotator"
