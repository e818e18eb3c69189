"""Per-document contributions of the parts, for any group of annotators: what sums and resamples add up.

Every array has documents on its first axis. A document that fewer than two of the annotators read
contributes zeros, so weights over documents always fit.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from annotator.agreement.continua import Floats
from annotator.agreement.contributions import EXACT, LINK, NODE, OVERLAP, UNLABELLED, DocumentParts, whole
from annotator.agreement.unitized import Coincidences, OwnContinua


@dataclass(frozen=True)
class Group:
    """Some annotators' share of the parts.

    `inside` (readings): those that count; `size` (documents): how many of them, 0 where fewer than two;
    `weight` (documents): 1 / (size - 1), the share of a pair in a document's coincidences.
    """

    parts: DocumentParts
    inside: np.ndarray
    size: Floats
    weight: Floats


def group(parts: DocumentParts, annotators: Collection[int] | None = None) -> Group:
    """The readings of these annotators (all when None) in the documents that two of them read."""
    document, annotator = whole(parts.readings).T
    inside = np.ones(len(annotator), dtype=bool)
    if annotators is not None:
        inside = np.isin(annotator, list(annotators))
    size = np.bincount(document[inside], minlength=len(parts.documents)).astype(np.float64)
    size[size < 2] = 0
    inside = inside & (size[document] > 0)
    return Group(parts, inside, size, np.where(size > 0, 1 / np.maximum(size - 1, 1), 0.0))


def meetings(parts: DocumentParts) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Pairs of annotators who read a document in common, and pairs who did not."""
    who = whole(parts.readings)[whole(parts.pairs)[:, 1:], 1]
    met = {(a, b) for a, b in np.unique(who, axis=0).tolist()}
    every = list(combinations(range(len(parts.annotators)), 2))
    return [pair for pair in every if pair in met], [pair for pair in every if pair not in met]


def coincidences(some: Group) -> Coincidences:
    """l, S and S* of every document (documents, ...); meaningless where `offenders` names somebody."""
    q = len(some.parts.labels)
    rows, pair = _of_pairs(some, some.parts.shared)
    left, right = whole(rows[:, 1]), whole(rows[:, 2])
    value = rows[:, 3] * some.weight[pair]
    units = _counted(some, pair, left * q + right, value, q * q).reshape(len(some.size), q, q)
    units = units + units.swapaxes(1, 2)
    mass, square = _mass(some)
    observed = np.zeros((len(some.size), q + 1, q + 1))
    observed[:, 1:, 1:] = units
    observed[:, 0, 1:] = observed[:, 1:, 0] = mass - units.sum(axis=-1)
    gaps = _total(some) - mass.sum(axis=-1)
    observed[:, 0, 0] = gaps - observed[:, 0, 1:].sum(axis=-1)
    rows, pair = _of_pairs(some, some.parts.stars)
    star = _counted(some, pair, whole(rows[:, 1]), rows[:, 2] * some.weight[pair], q)
    return Coincidences(observed, np.concatenate([gaps[:, None], square], axis=1), star)


def own_continua(some: Group) -> OwnContinua:
    """What label_u_alpha adds up, of every document; defined whatever overlaps."""
    q = len(some.parts.labels)
    rows, pair = _of_pairs(some, some.parts.shared)
    equal = rows[:, 1] == rows[:, 2]
    rows, pair = rows[equal], pair[equal]
    same = _counted(some, pair, whole(rows[:, 1]), 2 * rows[:, 3] * some.weight[pair], q)
    mass, square = _mass(some)
    return OwnContinua(same, mass, square, _total(some))


def span_matches(some: Group, kind: int) -> tuple[Floats, Floats]:
    """Twice the common and the summed spans of all pairs, (documents, labels) each.

    `kind` is EXACT, OVERLAP or UNLABELLED; the last has one column, for spans of any label.
    """
    q = len(some.parts.labels)
    rows, pair = _of_pairs(some, some.parts.matches)
    chosen = rows[:, 1] == kind
    rows, pair = rows[chosen], pair[chosen]
    label = np.maximum(whole(rows[:, 2]), 0)
    common = _counted(some, pair, label, 2 * rows[:, 3], q)
    spans = (
        _of_readings(some, some.parts.spans, some.parts.spans[:, 2]) * np.maximum(some.size - 1, 0)[:, None]
    )
    if kind == UNLABELLED:
        return common.sum(axis=1, keepdims=True), spans.sum(axis=1, keepdims=True)
    assert kind in (EXACT, OVERLAP)
    return common, spans


def link_matches(some: Group, kind: int) -> tuple[Floats, Floats]:
    """Twice the common and the summed links of all pairs, (documents, labels) each; one column if unlabelled."""
    q = len(some.parts.labels)
    common = _of_kind(some, kind, max(q, 1))
    links = (
        _of_readings(some, some.parts.spans, some.parts.spans[:, 2]) * np.maximum(some.size - 1, 0)[:, None]
    )
    if kind == LINK:
        return 2 * common[:, :q], links
    return 2 * common[:, :1], links.sum(axis=1, keepdims=True)


def node_matches(some: Group) -> tuple[Floats, Floats]:
    """Twice the aligned and the summed nodes of all pairs: (documents,) each."""
    rows = some.parts.nodes
    reading = whole(rows[:, 0])
    rows, reading = rows[some.inside[reading]], reading[some.inside[reading]]
    document = whole(some.parts.readings[reading, 0])
    nodes = np.bincount(document, weights=rows[:, 1], minlength=len(some.size)).astype(np.float64)
    return 2 * _of_kind(some, NODE, 1)[:, 0], nodes * np.maximum(some.size - 1, 0)


def pair_cells(some: Group, *, attached: bool = False) -> Floats:
    """Coincidences of what pairs say of aligned nodes: (documents, labels + 1, labels + 1), no link first.

    With `attached`, of what each node hangs on: (documents, attachments, attachments). Weighted by
    1 / (annotators - 1), so that on fixed nodes they are the coincidences of all annotators.
    """
    rows, document = _of_pairs(some, some.parts.attached if attached else some.parts.cells)
    q = len(some.parts.attachments) if attached else len(some.parts.labels) + 1
    left, right = whole(rows[:, 1:3]).T + (0 if attached else 1)
    value = rows[:, 3] * some.weight[document]
    cells = _counted(some, document, left * q + right, value, q * q).reshape(len(some.size), q, q)
    return cells + cells.swapaxes(1, 2)


def pair_table(some: Group, *, attached: bool = False) -> Floats:
    """What the first and the second of two annotators say: (documents, labels + 1, labels + 1), no label first.

    The first is the one whose alias stands first.
    """
    rows, document = _of_pairs(some, some.parts.attached if attached else some.parts.cells)
    q = len(some.parts.attachments) if attached else len(some.parts.labels) + 1
    left, right = whole(rows[:, 1:3]).T + (0 if attached else 1)
    return _counted(some, document, left * q + right, rows[:, 3], q * q).reshape(len(some.size), q, q)


def _of_kind(some: Group, kind: int, columns: int) -> Floats:
    rows, document = _of_pairs(some, some.parts.matches)
    chosen = rows[:, 1] == kind
    rows, document = rows[chosen], document[chosen]
    return _counted(some, document, np.maximum(whole(rows[:, 2]), 0), rows[:, 3], columns)


def character_matches(some: Group) -> tuple[Floats, Floats]:
    """Twice the characters a pair calls the same and the summed characters, (documents, labels) each."""
    own = own_continua(some)
    pairs_of_one: Floats = np.maximum(some.size - 1, 0)[:, None]
    return own.same * pairs_of_one, own.mass * pairs_of_one


def answers(some: Group, question: int) -> Floats:
    """How many annotators gave the document each label, for one question: (documents, labels)."""
    rows = some.parts.choices
    rows = rows[rows[:, 1] == question] if len(rows) else rows
    reading = whole(rows[:, 0])
    rows, reading = rows[some.inside[reading]], reading[some.inside[reading]]
    document = whole(some.parts.readings[reading, 0])
    return _counted(some, document, whole(rows[:, 2]), np.ones(len(rows)), len(some.parts.labels))


def offenders(some: Group) -> tuple[str, ...]:
    """Who used overlapping spans of different labels where: document/annotator, in order."""
    reading = whole(some.parts.offenders[:, 0])
    reading = reading[some.inside[reading]] if len(reading) else reading
    return tuple(
        f"{some.parts.documents[document]}/{some.parts.annotators[annotator]}"
        for document, annotator in whole(some.parts.readings[reading]).tolist()
    )


def units(some: Group) -> Floats:
    """Units (fragments after uniting) of each label over all documents and annotators."""
    total: Floats = _of_units(some, 0).sum(axis=0)
    return total


def disorders(some: Group) -> Floats:
    """Observed and expected disorder of gamma, (documents, 2): of all readings, or of the pair chosen."""
    rows, document = some.parts.gamma_documents, whole(some.parts.gamma_documents[:, 0])
    if not some.inside.all():
        rows, document = _of_pairs(some, some.parts.gamma_pairs)
    sums = [_counted(some, document, np.zeros_like(document), rows[:, column], 1) for column in (1, 2)]
    return np.concatenate(sums, axis=1)


def _mass(some: Group) -> tuple[Floats, Floats]:
    return _of_units(some, 1), _of_units(some, 2)


def _of_units(some: Group, power: int) -> Floats:
    """Lengths of units to a power, summed by document and label."""
    rows = some.parts.units
    return _of_readings(some, rows, (rows[:, 3] - rows[:, 2]) ** power)


def _total(some: Group) -> Floats:
    total: Floats = some.size * some.parts.lengths[:, 0]
    return total


def _of_readings(some: Group, rows: Floats, values: Floats) -> Floats:
    """Values of a table (reading, label, ...) summed by document and label, over the readings inside."""
    reading = whole(rows[:, 0])
    kept = some.inside[reading]
    document = whole(some.parts.readings[reading[kept], 0])
    return _counted(some, document, whole(rows[kept, 1]), values[kept], len(some.parts.labels))


def _of_pairs(some: Group, rows: Floats) -> tuple[Floats, np.ndarray]:
    """A table's rows whose pair is inside, and the document of each."""
    pairs = whole(some.parts.pairs)
    both = some.inside[pairs[:, 1]] & some.inside[pairs[:, 2]]
    pair = whole(rows[:, 0])
    chosen = both[pair]
    return rows[chosen], pairs[pair[chosen], 0]


def _counted(some: Group, document: np.ndarray, column: np.ndarray, value: Floats, columns: int) -> Floats:
    """Values summed into (documents, columns)."""
    count = len(some.size)
    flat = np.bincount(document * columns + column, weights=value, minlength=count * columns)
    return flat.astype(np.float64).reshape(count, columns)
