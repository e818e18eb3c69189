"""What the data of a published case means, whatever form its source has it in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from annotator.agreement import kappa, ratings, weights
from annotator.agreement.case_kinds import (
    ANNOTATORS,
    as_number,
    counts_of,
    first_of,
    kind_of,
    matrix_of,
    numbered_texts,
    pair_of,
    rows_of,
    value,
)
from annotator.agreement.continua import Floats
from annotator.agreement.ratings import Ratings, Tally

#: A table of two annotators is only written out as single judgements up to this many.
MOST_JUDGEMENTS = 50_000_000


class Unknown(LookupError):
    """A coefficient or a kind of data that is not known here."""


def ratings_of(data: Mapping[str, Any], params: Mapping[str, Any]) -> Ratings:
    """The judgements of each annotator, or of those the case chooses; Unknown for another kind of data."""
    found = _all_ratings(data, params)
    names = next((params[key] for key in (*ANNOTATORS, "pair") if isinstance(params.get(key), list)), None)
    if names is None:
        return found
    if kind_of(data) != "long" and not any(isinstance(data.get(key), list | dict) for key in ANNOTATORS):
        raise Unknown("chosen annotators where none has a name")
    return found.chosen([found.annotators.index(str(name)) for name in names])


def _all_ratings(data: Mapping[str, Any], params: Mapping[str, Any]) -> Ratings:
    """The judgements of each annotator, whichever way they are written down."""
    kind = kind_of(data)
    if kind == "matrix":
        cells = matrix_of(data)
        if cells is None:
            raise Unknown("a matrix that says not whether its rows are units or raters")
        names = next((data[key] for key in ANNOTATORS if isinstance(data.get(key), list | dict)), None)
        return _of_cells(cells, data, params, None if names is None else [str(name) for name in names])
    if kind == "pairs":
        pairs = pair_of(data)
        if pairs is None:
            raise Unknown("pairs that are neither a and b nor pairs")
        return _of_cells(pairs, data, params)
    if kind in ("table", "2x2"):
        return _of_table(data, params)
    if kind == "long":
        return _of_long(data, params)
    raise Unknown(f"data {data.get('kind')!r} as ratings")


def _of_cells(
    cells: list[list[Any]],
    data: Mapping[str, Any],
    params: Mapping[str, Any],
    annotators: Sequence[str] | None = None,
) -> Ratings:
    """Judgements as labels: numbers where all are numbers as texts, and spelt as they are declared."""
    found = [cell for row in cells for cell in row if cell is not None]
    labels = declared(data, params)
    if numbered_texts([*found, *(labels or ())]):
        cells = [[None if cell is None else as_number(cell) for cell in row] for row in cells]
        labels = None if labels is None else [as_number(label) for label in labels]
    elif labels is not None:
        spelt = {str(label): label for label in labels}
        known = set(labels)
        cells = [
            [cell if cell is None or cell in known else spelt.get(str(cell), cell) for cell in row]
            for row in cells
        ]
    return ratings.from_matrix(cells, labels=labels, annotators=annotators)


def _of_table(data: Mapping[str, Any], params: Mapping[str, Any]) -> Ratings:
    table, labels = table_of(data, params)
    if table.sum() > MOST_JUDGEMENTS:
        raise ValueError("the table is too large for single judgements")
    cells = np.argwhere(table > 0)
    codes = np.repeat(cells, table[tuple(cells.T)].astype(np.int64), axis=0)
    return Ratings(codes.astype(np.int32), labels, ("1", "2"))


def long_rows(data: Mapping[str, Any], params: Mapping[str, Any]) -> list[tuple[Any, Any, Any]]:
    """(unit, annotator, label) of every judgement; Unknown where it cannot be told which is which."""
    if kind_of(data) == "long":
        rows = rows_of(data)
        if rows is None:
            raise Unknown("rows that say not which column is the unit, the annotator and the label")
        return rows
    found = ratings_of(data, params)
    return [
        (unit, found.annotators[annotator], found.labels[int(found.codes[unit, annotator])])
        for unit, annotator in np.argwhere(found.codes >= 0).tolist()
    ]


def _of_long(data: Mapping[str, Any], params: Mapping[str, Any]) -> Ratings:
    rows = long_rows(data, params)
    units, annotators = numbered(row[0] for row in rows), numbered(row[1] for row in rows)
    cells: list[list[Any]] = [[None] * len(annotators) for _ in units]
    for unit, annotator, label in rows:
        cells[units[unit]][annotators[annotator]] = label
    return _of_cells(cells, data, params, [str(name) for name in annotators])


def numbered(names: Any) -> dict[Any, int]:
    """Names numbered in the order in which they turn up."""
    return {name: i for i, name in enumerate(dict.fromkeys(names))}


def declared(data: Mapping[str, Any], params: Mapping[str, Any]) -> list[Any] | None:
    """The labels in their declared order, if the case declares any."""
    for source in (params, data):
        for key in ("labels", "categories", "order", "value_domain", "domain", "label_order"):
            if isinstance(source.get(key), list):
                return [value(label) for label in source[key]]
    return None


def _table_labels(size: int, data: Mapping[str, Any], params: Mapping[str, Any]) -> tuple[Any, ...]:
    labels = declared(data, params)
    return tuple(labels) if labels is not None and len(labels) == size else tuple(range(1, size + 1))


def tally_of(data: Mapping[str, Any], params: Mapping[str, Any]) -> tuple[Tally, tuple[Any, ...]]:
    """Count rows and labels; a table of any size stays a table."""
    kind = kind_of(data)
    if kind in ("table", "2x2"):
        table, found_labels = table_of(data, params)
        return ratings.tally_of_table(table), found_labels
    if kind == "counts":
        counts = np.asarray(counts_of(data), dtype=np.float64)
        if counts.ndim != 2 or (counts < 0).any():
            raise ValueError("a count table has one row for each unit and holds counts")
        labels = declared(data, params) or list(range(1, counts.shape[1] + 1))
        return Tally.of(counts), tuple(labels)
    found = ratings_of(data, params)
    return found.distinct(), found.labels


def table_of(data: Mapping[str, Any], params: Mapping[str, Any]) -> tuple[Floats, tuple[Any, ...]]:
    """The contingency table of two annotators and its labels; Unknown for more of them."""
    kind = kind_of(data)
    if kind == "2x2" and "a" in data:
        table = np.array([[data["a"], data["b"]], [data["c"], data["d"]]], dtype=np.float64)
        return table, tuple(declared(data, params) or (1, 0))
    if kind in ("table", "2x2"):
        keys = ("table", "matrix", "contingency_table", "confusion_matrix", "counts", "cells", "data")
        cells = first_of(data, keys)
        labels = data.get("labels") if isinstance(data.get("labels"), list) else None
        table = ratings.from_table(cells, labels=labels)
        return table, _table_labels(len(table), data, params)
    found = ratings_of(data, params)
    if len(found.annotators) != 2:
        raise Unknown("a table of other than two annotators")
    return kappa.pair_tables(found)[0, 1], found.labels


#: Families of weights by other names; irrCAC's ordinal weights are no metric of Krippendorff's.
WEIGHTS = {
    "interval": "quadratic",
    "squared": "quadratic",
    "equal": "linear",
    "absolute": "linear",
    "unit": "identity",
    "null": "identity",
}


def near_of(params: Mapping[str, Any], labels: Sequence[Any]) -> Floats:
    """How near two labels are: a named family, a matrix of similarities, or one of distances.

    A matrix is one of distances if equal labels have 0 in it (as Cohen 1968 writes weights).
    """
    given = first_of(params, ("distance", "weights", "weighting", "weight"))
    if isinstance(given, list):
        matrix = np.asarray(given, dtype=np.float64)
        if matrix.shape != (len(labels), len(labels)):
            raise ValueError("weights have one row and one column for each label")
        return matrix if np.diag(matrix).any() else weights.from_distance(matrix)
    family = str(given or params.get("metric") or params.get("level") or "identity").lower()
    return weights.weights(WEIGHTS.get(family, family), labels)


def labels_counted(params: Mapping[str, Any]) -> int | None:
    """How many labels the scheme has, used or not, if the case says so."""
    for key in ("categories", "labels", "q", "k", "n_categories", "n_labels", "number_of_categories"):
        if isinstance(params.get(key), int) and not isinstance(params.get(key), bool):
            return int(params[key])
    return None


def index_of(labels: Sequence[Any], wanted: Any) -> int:
    """Where a label stands, also when it is a number on one side and a text on the other."""
    wanted = value(wanted)
    if wanted in labels:
        return list(labels).index(wanted)
    texts = [str(label) for label in labels]
    if str(wanted) not in texts:
        raise ValueError(f"no label {wanted!r}")
    return texts.index(str(wanted))


def one_label(params: Mapping[str, Any]) -> Any:
    """The label a case asks about, by any of its names."""
    for key in ("label", "category", "class", "k", "value"):
        if key in params:
            return params[key]
    raise ValueError("which label?")


def binary_tally(data: Mapping[str, Any], params: Mapping[str, Any]) -> Tally:
    """Count rows of one label against the rest."""
    tally, labels = tally_of(data, params)
    chosen = tally.rows[:, index_of(labels, one_label(params))]
    return Tally(np.stack([chosen, tally.rows.sum(axis=1) - chosen], axis=1), tally.times)


def unit_of(data: Mapping[str, Any], params: Mapping[str, Any]) -> int:
    """The number of the unit that a case names; Unknown where units have no names."""
    names = data.get("units") or data.get("items")
    if kind_of(data) == "long":
        names = list(numbered(row[0] for row in long_rows(data, params)))
    if not isinstance(names, list):
        raise Unknown("one unit of units without names")
    return index_of(names, first_of(params, ("unit", "item", "subject", "document")))
