"""Counted differences as tables in which every number leads to its places."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotator.agreement.differences import TYPES
from annotator.reports.counts import Which
from annotator.web.report.filters import WORDS, label_words, link, place
from annotator.web.report.tables import MANY_ROWS

Json = Mapping[str, Any]
MEANT = {
    "boundary": "the same passage, with other limits",
    "missing_unit": "a passage that only one of the two marked",
    "stance": "the same passage, another stance",
    "role": "the same passage, another role",
    "holder": "the same passage, another holder",
    "target": "the same passage, another target",
    "relation": "another relation between the same two passages, or one that only one of the two drew",
    "document_label": "another answer to the same question",
}


@dataclass(frozen=True)
class Cell:
    count: int
    url: str
    said: str


@dataclass(frozen=True)
class Grid:
    """Counts by something (rows) and by type (columns)."""

    title: str
    head: str
    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Cell]]]
    note: str = ""

    @property
    def long(self) -> bool:
        """Whether it has so many rows that a page folds it away."""
        return len(self.rows) > MANY_ROWS


def grids(differences: Json, names: Mapping[str, str], address: str, *, head: str = "Label") -> list[Grid]:
    """The tables by label (or question) and by pair, of the types that occur; both begin with all differences."""
    kinds = [kind for kind in TYPES if any(row["type"] == kind for row in differences["by_type"])]
    if not kinds:
        return []
    all_row = ("All", cells(differences["by_type"], kinds, address, Which(), "in all"))
    by_label = [
        (
            label_words(label, names),
            cells(rows, kinds, address, Which(label=label or ""), label_words(label, names)),
        )
        for label, rows in grouped(differences["by_label"], "label", list(names)).items()
    ]
    by_pair = [
        (" and ".join(pair), cells(rows, kinds, address, Which(pair=pair), " and ".join(pair)))
        for pair, rows in grouped(differences["by_pair"], "pair").items()
    ]
    columns = [WORDS[kind] for kind in kinds]
    known = any(row["label"] for row in differences["by_label"])
    total = sum(row["count"] for row in differences["by_type"])
    twice = sum(row["count"] for row in differences["by_label"]) > total
    note = "A difference between two labels is counted in the rows of both." if twice else ""
    title = f"By type and {head.lower()}"
    found = [Grid(title, head, columns, [all_row, *by_label], note)] if known else []
    return [*found, Grid("By type and pair of readers", "Readers", columns, [all_row, *by_pair])]


def grouped(rows: Sequence[Json], key: str, order: Sequence[str] = ()) -> dict[Any, list[Json]]:
    """The rows by label or pair: labels in the order the scheme declares them, none last."""
    found: dict[Any, list[Json]] = {}
    for row in rows:
        value = tuple(row[key]) if isinstance(row[key], list) else row[key]
        found.setdefault(value, []).append(row)
    return {value: found[value] for value in sorted(found, key=lambda value: place(value, order))}


def cells(rows: Sequence[Json], kinds: Sequence[str], address: str, of: Which, said: str) -> list[Cell]:
    counts = {kind: sum(row["count"] for row in rows if row["type"] == kind) for kind in kinds}
    return [
        Cell(
            counts[kind],
            link(address, Which(kind, of.label, of.pair)),
            f"{WORDS[kind].lower()}, {said}",
        )
        for kind in kinds
    ]
