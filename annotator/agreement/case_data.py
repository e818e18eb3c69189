"""What the data of a published case means, whatever form its source has it in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from annotator.agreement import kappa, ratings, weights
from annotator.agreement.continua import Floats
from annotator.agreement.ratings import Ratings, Tally


class Unknown(LookupError):
    """A coefficient or a kind of data that is not known here."""


def ratings_of(data: Mapping[str, Any], params: Mapping[str, Any]) -> Ratings:
    """The judgements of each annotator, whichever way they are written down; Unknown for another kind."""
    labels = declared(data, params)
    kind = data.get("kind")
    if kind == "matrix":
        return ratings.from_matrix(_matrix(data), labels=labels, annotators=data.get("annotators"))
    if kind == "pairs":
        pairs = [list(pair) for pair in zip(data["a"], data["b"], strict=True)]
        return ratings.from_matrix(pairs, labels=labels)
    if kind in ("table", "2x2"):
        return _of_table(data, params)
    if kind == "long":
        return _of_long(data, labels)
    raise Unknown(f"data {kind!r} as ratings")


def _matrix(data: Mapping[str, Any]) -> list[list[Any]]:
    if "units_x_raters" in data:
        return [list(row) for row in data["units_x_raters"]]
    if "raters_x_units" in data:
        return [list(row) for row in zip(*data["raters_x_units"], strict=True)]
    raise Unknown("a matrix that is neither units_x_raters nor raters_x_units")


def _of_table(data: Mapping[str, Any], params: Mapping[str, Any]) -> Ratings:
    table, labels = table_of(data, params)
    cells = np.argwhere(table > 0)
    codes = np.repeat(cells, table[tuple(cells.T)].astype(np.int64), axis=0)
    return Ratings(codes.astype(np.int32), labels, ("1", "2"))


def _of_long(data: Mapping[str, Any], labels: Sequence[Any] | None) -> Ratings:
    rows = data["rows_unit_annotator_label"]
    units, annotators = numbered(row[0] for row in rows), numbered(row[1] for row in rows)
    cells: list[list[Any]] = [[None] * len(annotators) for _ in units]
    for unit, annotator, label in rows:
        cells[units[unit]][annotators[annotator]] = label
    return ratings.from_matrix(cells, labels=labels, annotators=[str(name) for name in annotators])


def numbered(names: Any) -> dict[Any, int]:
    """Names numbered in the order in which they turn up."""
    return {name: i for i, name in enumerate(dict.fromkeys(names))}


def declared(data: Mapping[str, Any], params: Mapping[str, Any]) -> list[Any] | None:
    """The labels in their declared order, if the case declares any."""
    for source in (params, data):
        for key in ("labels", "categories", "order"):
            if isinstance(source.get(key), list):
                return list(source[key])
    return None


def _table_labels(data: Mapping[str, Any], params: Mapping[str, Any]) -> tuple[Any, ...]:
    size = len(data["table"])
    labels = declared(data, params)
    return tuple(labels) if labels is not None and len(labels) == size else tuple(range(1, size + 1))


def tally_of(data: Mapping[str, Any], params: Mapping[str, Any]) -> tuple[Tally, tuple[Any, ...]]:
    """Count rows and labels; a table of any size stays a table."""
    kind = data.get("kind")
    if kind in ("table", "2x2"):
        table, found_labels = table_of(data, params)
        return ratings.tally_of_table(table), found_labels
    if kind == "counts":
        counts = np.asarray(data["units_x_categories"], dtype=np.float64)
        labels = declared(data, params) or list(range(1, counts.shape[1] + 1))
        return Tally.of(counts), tuple(labels)
    found = ratings_of(data, params)
    return found.distinct(), found.labels


def table_of(data: Mapping[str, Any], params: Mapping[str, Any]) -> tuple[Floats, tuple[Any, ...]]:
    """The contingency table of two annotators and its labels; Unknown for more of them."""
    kind = data.get("kind")
    if kind == "table":
        return ratings.from_table(data["table"], labels=data.get("labels")), _table_labels(data, params)
    if kind == "2x2":
        return np.array([[data["a"], data["b"]], [data["c"], data["d"]]], dtype=np.float64), (1, 0)
    found = ratings_of(data, params)
    if len(found.annotators) != 2:
        raise Unknown("a table of other than two annotators")
    return kappa.pair_tables(found)[0, 1], found.labels


def near_of(params: Mapping[str, Any], labels: Sequence[Any]) -> Floats:
    """How near two labels are: a named family, a matrix of similarities, or one of distances.

    A matrix is one of distances if equal labels have 0 in it (as Cohen 1968 writes weights).
    """
    given = params.get("distance", params.get("weights"))
    if isinstance(given, list):
        matrix = np.asarray(given, dtype=np.float64)
        return matrix if np.diag(matrix).any() else weights.from_distance(matrix)
    family = str(given or params.get("metric") or "identity")
    return weights.weights({"interval": "quadratic"}.get(family, family), labels)


def labels_counted(params: Mapping[str, Any]) -> int | None:
    """How many labels the scheme has, used or not, if the case says so."""
    for key in ("categories", "labels", "q"):
        if isinstance(params.get(key), int):
            return int(params[key])
    return None


def index_of(labels: Sequence[Any], wanted: Any) -> int:
    """Where a label stands, also when it is a number on one side and a text on the other."""
    if wanted in labels:
        return list(labels).index(wanted)
    texts = [str(label) for label in labels]
    if str(wanted) not in texts:
        raise ValueError(f"no label {wanted!r}")
    return texts.index(str(wanted))


def one_label(params: Mapping[str, Any]) -> Any:
    """The label a case asks about, by any of its names."""
    for key in ("label", "category", "class", "k"):
        if key in params:
            return params[key]
    raise ValueError("which label?")
