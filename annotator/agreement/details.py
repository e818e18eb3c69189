"""What stands behind the figures: matrices, differences by kind, the spread over documents, competence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np

from annotator.agreement import competence, counts, pooling, soft_labels, unitized
from annotator.agreement.alpha import alpha
from annotator.agreement.bootstrap import Resampling
from annotator.agreement.competence import Competences
from annotator.agreement.continua import Floats, Ints
from annotator.agreement.contributions import EXACT, LINK, DocumentParts, whole
from annotator.agreement.differences import TYPES
from annotator.agreement.tallies import Count, Matrix, Tallies, tallies
from annotator.agreement.unitized import Ratio

#: Matrices of single pairs are kept up to this many annotators.
PAIRS_OF = 12


@dataclass(frozen=True)
class DocumentRow:
    """One document: its figures (None where undefined) and how many differences of each type it has."""

    id: str
    readings: int
    figures: Mapping[str, float | None]
    differences: Mapping[str, int]

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "id": self.id,
            "readings": self.readings,
            "figures": dict(self.figures),
            "differences": dict(self.differences),
        }


@dataclass(frozen=True)
class Details:
    """Everything a page shows beside the figures."""

    matrices: tuple[Matrix, ...] = ()
    documents: tuple[DocumentRow, ...] = ()
    by_type: tuple[Count, ...] = ()
    by_label: tuple[Count, ...] = ()
    by_pair: tuple[Count, ...] = ()
    competences: tuple[tuple[str | None, Competences], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "matrices": [matrix.as_dict() for matrix in self.matrices],
            "documents": [row.as_dict() for row in self.documents],
            "differences": {
                "by_type": [count.as_dict() for count in self.by_type],
                "by_label": [count.as_dict() for count in self.by_label],
                "by_pair": [count.as_dict() for count in self.by_pair],
            },
            "competence": [{"group": group, **found.as_dict()} for group, found in self.competences],
        }


def details(parts: DocumentParts, *, layer: str, resampling: Resampling) -> Details:
    """The details of a report's parts."""
    counted = tallies(parts)
    return Details(
        matrices=tuple(_matrices(parts, layer, counted)),
        documents=tuple(_rows(parts, layer, counted)),
        by_type=tuple(counted.by_type()),
        by_label=tuple(counted.by_label()),
        by_pair=tuple(counted.by_pair()),
        competences=tuple(_competences(parts, layer, resampling)),
    )


# Matrices.


def _matrices(parts: DocumentParts, layer: str, counted: Tallies) -> list[Matrix]:
    found = [*_matrices_of(parts, layer, None), *_places(counted, layer, None)]
    if len(parts.annotators) <= PAIRS_OF:
        for pair in combinations(range(len(parts.annotators)), 2):
            found += [*_matrices_of(parts, layer, pair), *_places(counted, layer, pair)]
    return found


def _places(counted: Tallies, layer: str, pair: tuple[int, int] | None) -> list[Matrix]:
    """The matrix in places, or one for each question."""
    groups: Sequence[str | None] = (None,)
    if layer == "document":
        groups = [group for group in counted.parts.groups if group in counted.parts.words]
    found = [counted.matrix(layer, pair, group=group) for group in groups]
    return [matrix for matrix in found if matrix is not None]


def _matrices_of(parts: DocumentParts, layer: str, pair: tuple[int, int] | None) -> list[Matrix]:
    names = None if pair is None else (parts.annotators[pair[0]], parts.annotators[pair[1]])
    some = pooling.group(parts, pair)
    if layer == "document":
        return [
            replace(_answers(pooling.answers(some, question), parts.labels), pair=names, group=group)
            for question, group in enumerate(parts.groups)
        ]
    if layer == "relation":
        cells, unit = pooling.pair_cells(some).sum(axis=0), "pairs of nodes"
    elif pooling.offenders(some):
        return []
    else:
        cells, unit = pooling.coincidences(some).observed.sum(axis=0), "characters"
    return [_matrix((None, *parts.labels), cells, unit, names)]


def _answers(table: Floats, labels: Sequence[str]) -> Matrix:
    used = [int(label) for label in np.flatnonzero(table.sum(axis=0))]
    rows = counts.pairable(table[:, used])
    weight = 1 / np.maximum(rows.sum(axis=1) - 1, 1)
    cells = (rows * weight[:, None]).T @ rows - np.diag(weight @ rows)
    return _matrix(tuple(labels[label] for label in used), cells, "documents", None)


def _matrix(labels: tuple[str | None, ...], cells: Floats, unit: str, pair: tuple[str, str] | None) -> Matrix:
    return Matrix(labels, tuple(tuple(row) for row in cells.tolist()), unit, pair)


# Documents.


def _rows(parts: DocumentParts, layer: str, counted: Tallies) -> list[DocumentRow]:
    everybody = pooling.group(parts)
    values = {name: _plain(column) for name, column in _spread(parts, everybody, layer).items()}
    numbers = counted.by_document().tolist()
    return [
        DocumentRow(
            name,
            int(everybody.size[row]),
            {figure: column[row] for figure, column in values.items()},
            {kind: n for kind, n in zip(TYPES, numbers[row], strict=True) if n},
        )
        for row, name in enumerate(parts.documents)
    ]


def _spread(parts: DocumentParts, everybody: pooling.Group, layer: str) -> dict[str, Floats]:
    """Figures of every document by itself: (documents,) each, nan where undefined."""
    if layer == "document":
        return _answer_spread(parts, everybody)
    if layer == "relation":
        cells = pooling.pair_cells(everybody)
        links = pooling.link_matches(everybody, LINK)
        return {
            "relation_alpha": alpha(cells, 1 - np.eye(cells.shape[-1])).agreement,
            "link_f1": _f1(links),
        }
    own = pooling.own_continua(everybody)
    joint = unitized.u_alpha(pooling.coincidences(everybody)).agreement
    offending = whole(parts.readings[whole(parts.offenders[:, 0]), 0])
    joint[offending] = np.nan
    return {
        "u_alpha": joint,
        "pooled_label_u_alpha": unitized.pooled_label_u_alpha(own).agreement,
        "span_f1_exact": _f1(pooling.span_matches(everybody, EXACT)),
    }


def _answer_spread(parts: DocumentParts, everybody: pooling.Group) -> dict[str, Floats]:
    """Agreement and how undecided the annotators are, question by question."""
    found: dict[str, Floats] = {}
    for question, group in enumerate(parts.groups):
        table = pooling.answers(everybody, question)
        table = table[:, table.sum(axis=0) > 0]
        found[f"percent [{group}]"] = counts.percent(counts.percent_parts(table)).share
        found[f"entropy [{group}]"] = soft_labels.entropy(soft_labels.vote_shares(table))
    return found


def _f1(matches: tuple[Floats, Floats]) -> Floats:
    common, total = matches
    return Ratio(common.sum(axis=1), total.sum(axis=1)).share


def _plain(column: Floats) -> list[float | None]:
    return [value if np.isfinite(value) else None for value in column.tolist()]


# Competence.


def _competences(
    parts: DocumentParts, layer: str, resampling: Resampling
) -> list[tuple[str | None, Competences]]:
    fewer = replace(resampling, resamples=min(resampling.resamples, competence.RESAMPLES))
    units: list[tuple[str | None, Ints, Ints, tuple[str, ...]]] = []
    if layer == "document":
        units = [(group, *_answered(parts, question)) for question, group in enumerate(parts.groups)]
    elif layer != "relation":
        units = [(None, *_marked(parts))]
    found = []
    for group, codes, documents, labels in units:
        fitted = competence.competences(
            codes, documents, labels=labels, annotators=parts.annotators, resampling=fewer
        )
        if fitted is not None:
            found.append((group, fitted))
    return found


def _answered(parts: DocumentParts, question: int) -> tuple[Ints, Ints, tuple[str, ...]]:
    rows = whole(parts.choices[parts.choices[:, 1] == question])
    used = np.unique(rows[:, 2])
    codes = np.full((len(parts.documents), len(parts.annotators)), -1, dtype=np.int64)
    document, annotator = whole(parts.readings)[rows[:, 0]].T
    codes[document, annotator] = np.searchsorted(used, rows[:, 2])
    return codes, np.arange(len(codes)), tuple(parts.labels[label] for label in used)


def _marked(parts: DocumentParts) -> tuple[Ints, Ints, tuple[str, ...]]:
    """Passages as units; who read the document and did not mark it said "(not marked)"."""
    rows, readings = whole(parts.clusters), whole(parts.readings)
    if not len(rows):
        return np.zeros((0, 0), dtype=np.int64), np.zeros(0, dtype=np.int64), ()
    document, annotator = readings[rows[:, 0]].T
    base = int(rows[:, 1].max()) + 1
    passage, number = np.unique(document * base + rows[:, 1], return_inverse=True)
    read = np.zeros((len(parts.documents), len(parts.annotators)), dtype=bool)
    read[readings[:, 0], readings[:, 1]] = True
    codes = np.where(read[passage // base], 0, -1)
    codes[number.ravel(), annotator] = rows[:, 2] + 1
    return codes, passage // base, ("(not marked)", *parts.labels)
