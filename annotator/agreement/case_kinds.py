"""The kinds of data that published cases come in, under the names their authors give them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from annotator.agreement.case_names import plain

#: What a kind may also be called.
KINDS = {
    "matrix": ("matrix", "ratings", "raw", "units_x_raters", "reliability_matrix", "reliability_data", "raters"),
    "pairs": ("pairs", "pair", "two_raters", "two_annotators", "label_pairs", "labels_pair"),
    "table": (
        "table", "contingency", "contingency_table", "contingency_matrix", "confusion", "confusion_table",
        "confusion_matrix", "crosstab", "cross_table", "agreement_table",
    ),
    "2x2": ("2x2", "2_x_2", "fourfold", "fourfold_table", "two_by_two"),
    "counts": (
        "counts", "count_table", "counts_table", "category_counts", "value_counts", "distribution",
        "units_x_categories",
    ),
    "long": ("long", "triples", "rows", "records", "long_rows", "triplets"),
}  # fmt: skip
_KIND = {name: kind for kind, names in KINDS.items() for name in names}

UNITS = ("unit", "units", "item", "items", "subject", "subjects", "task", "tasks", "document", "documents")
ANNOTATORS = (
    "annotator", "annotators", "rater", "raters", "coder", "coders", "observer", "observers", "judge", "judges",
    "worker", "workers", "reader", "readers",
)  # fmt: skip
LABELS = (
    "label", "labels", "category", "categories", "value", "values", "class", "classes", "rating", "ratings", "code",
    "codes",
)  # fmt: skip

#: What stands for a judgement that is missing; a case may declare others under `missing`.
MISSING = ("*", "NA", "N/A", "nan", "NaN", "NAN", "<NA>", ".")


def kind_of(data: Mapping[str, Any]) -> str:
    """The kind in our own word; the name as it stands if it is none of these, and by its fields if unnamed."""
    given = data.get("kind")
    if given is not None:
        return _KIND.get(plain(str(given)), str(given))
    for kind, keys in _FIELDS.items():
        if any(key in data for key in keys):
            return kind
    return "2x2" if all(key in data for key in "abcd") else "none"


_FIELDS = {
    "matrix": [f"{u}_x_{r}" for u in UNITS for r in ANNOTATORS]
    + [f"{r}_x_{u}" for u in UNITS for r in ANNOTATORS],
    "counts": [f"{u}_x_{k}" for u in UNITS for k in LABELS],
    "long": [f"rows_{u}_{r}_{k}" for u in UNITS for r in ANNOTATORS for k in LABELS],
    "table": ["table", "contingency_table", "confusion_matrix"],
}


def first_of(data: Mapping[str, Any], keys: Sequence[str]) -> Any:
    """The first of these fields that is there; None if none is."""
    return next((data[key] for key in keys if data.get(key) is not None), None)


def matrix_of(data: Mapping[str, Any]) -> list[list[Any]] | None:
    """Rows of units with a judgement of each annotator; None where the data does not say which is which."""
    marks = _missing(data)
    for unit in UNITS:
        for annotator in ANNOTATORS:
            if f"{unit}_x_{annotator}" in data:
                return [_cells(row, marks) for row in data[f"{unit}_x_{annotator}"]]
            if f"{annotator}_x_{unit}" in data:
                return _turned([_cells(row, marks) for row in data[f"{annotator}_x_{unit}"]])
    by_annotator = first_of(data, ANNOTATORS)
    if isinstance(by_annotator, Mapping):
        return _turned([_cells(row, marks) for row in by_annotator.values()])
    rows = first_of(data, ("reliability_data", "reliability_matrix"))
    if rows is None and plain(str(data.get("kind"))) in ("reliability_data", "reliability_matrix"):
        rows = first_of(data, ("data", "matrix", "rows", "values"))
    return None if rows is None else _turned([_cells(row, marks) for row in rows])


def pair_of(data: Mapping[str, Any]) -> list[list[Any]] | None:
    """Two annotators' judgements, unit by unit; None if they are not there."""
    marks = _missing(data)
    for one, other in (("a", "b"), ("x", "y"), ("y1", "y2"), ("rater1", "rater2"), ("first", "second")):
        if one in data and other in data:
            return _turned([_cells(data[one], marks), _cells(data[other], marks)])
    pairs = data.get("pairs")
    return None if pairs is None else [_cells(pair, marks) for pair in pairs]


def rows_of(data: Mapping[str, Any]) -> list[tuple[Any, Any, Any]] | None:
    """Long rows as (unit, annotator, label), by the order their field names; None where none does."""
    marks = _missing(data)
    for key, rows in data.items():
        words = key.split("_")
        if words[0] not in ("rows", "triples") or len(words) != 4:
            continue
        column = {
            role: i for i, word in enumerate(words[1:]) for role, names in _ROLES.items() if word in names
        }
        if len(column) == 3:
            found = [tuple(row[column[role]] for role in _ROLES) for row in rows]
            return [(u, a, value(k)) for u, a, k in found if not absent(k, marks)]
    rows = first_of(data, ("rows", "records", "data"))
    if isinstance(rows, list) and rows and all(isinstance(row, Mapping) for row in rows):
        found = [tuple(first_of(row, names) for names in _ROLES.values()) for row in rows]
        return [(u, a, value(k)) for u, a, k in found if not absent(k, marks)]
    return None


_ROLES = {"unit": UNITS, "annotator": ANNOTATORS, "label": LABELS}


def counts_of(data: Mapping[str, Any]) -> Any:
    """Rows of how many judgements of each label a unit has; None if they are not there."""
    keys = [f"{unit}_x_{label}" for unit in UNITS for label in LABELS]
    return first_of(data, [*keys, "counts", "value_counts", "table"])


def numbered_texts(values: Sequence[Any]) -> bool:
    """Whether all are texts that are numbers, so that 10 comes after 9."""
    texts = [value for value in values if isinstance(value, str)]
    return bool(texts) and len(texts) == len(values) and all(_is_number(text) for text in texts)


def as_number(text: str) -> int | float:
    """The number a text is."""
    number = float(text)
    return int(number) if number.is_integer() else number


def value(given: Any) -> Hashable:
    """A label as something that can be counted: lists are sets of labels."""
    if isinstance(given, list | tuple | set):
        return frozenset(given)
    return given  # type: ignore[no-any-return]


def absent(given: Any, marks: Sequence[Any]) -> bool:
    """Whether a judgement is missing."""
    if given is None or (isinstance(given, float) and given != given):
        return True
    return isinstance(given, str | int | float) and not isinstance(given, bool) and given in marks


def _cells(row: Any, marks: Sequence[Any]) -> list[Any]:
    cells = row.replace(",", " ").split() if isinstance(row, str) else list(row)
    return [None if absent(cell, marks) else value(cell) for cell in cells]


def _missing(data: Mapping[str, Any]) -> Sequence[Any]:
    declared = data.get("missing", data.get("missing_value"))
    if declared is None:
        return MISSING
    return declared if isinstance(declared, list) else [declared]


def _turned(rows: list[list[Any]]) -> list[list[Any]]:
    return [list(row) for row in zip(*rows, strict=True)]


def _is_number(text: str) -> bool:
    try:
        return float(text) == float(text)
    except ValueError:
        return False
