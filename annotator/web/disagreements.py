"""Counted differences as tables in which every number leads to its places, and the filter that it leads through."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from annotator.agreement.differences import TYPES
from annotator.reports.counts import Which

Json = Mapping[str, Any]
WORDS = {
    "boundary": "Boundary",
    "missing_unit": "Marked by one only",
    "stance": "Stance",
    "role": "Role",
    "holder": "Holder",
    "target": "Target",
    "relation": "Relation",
    "document_label": "Answer",
}
MEANT = {
    "boundary": "the same passage, with other limits",
    "missing_unit": "a passage that only one of the two marked",
    "stance": "the same passage, another stance",
    "role": "the same passage, another role",
    "holder": "the same passage, another holder",
    "target": "the same passage, another target",
    "relation": "the same two passages, another relation or none",
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


def grids(differences: Json, names: Mapping[str, str], address: str) -> list[Grid]:
    """The tables by label and by pair, of the types that occur; both begin with all differences."""
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
    found = [Grid("By type and label", "Label", columns, [all_row, *by_label])] if known else []
    return [*found, Grid("By type and pair of readers", "Readers", columns, [all_row, *by_pair])]


def grouped(rows: Sequence[Json], key: str, order: Sequence[str] = ()) -> dict[Any, list[Json]]:
    """The rows by label or pair: labels in the order the scheme declares them, none last."""
    found: dict[Any, list[Json]] = {}
    for row in rows:
        value = tuple(row[key]) if isinstance(row[key], list) else row[key]
        found.setdefault(value, []).append(row)
    return {value: found[value] for value in sorted(found, key=lambda value: place(value, order))}


def place(value: Any, order: Sequence[str]) -> tuple[bool, int, str]:
    return value is None, order.index(value) if value in order else len(order), str(value)


def label_words(label: str | None, names: Mapping[str, str]) -> str:
    return names.get(label, label) if label else "no label"


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


def link(address: str, which: Which) -> str:
    """The address with the filter as its query."""
    asked = query(which)
    return f"{address}?{urlencode(asked)}" if asked else address


def query(which: Which) -> dict[str, str]:
    """The filter as a query's parameters."""
    asked = {"type": which.type, "label": which.label, "pair": which.pair and pair_key(which.pair)}
    if which.label == "":
        asked["label"] = "(none)"
    return {key: value for key, value in asked.items() if value}


def pair_key(pair: Sequence[str]) -> str:
    """A pair in one word, whatever the aliases hold."""
    return json.dumps(sorted(pair), ensure_ascii=False)


def wanted(given: QueryDict) -> Which:
    """The filter that a query asks for; what cannot be one does not narrow."""
    kind, label = given.get("type"), given.get("label")
    return Which(
        kind if kind in TYPES else None,
        "" if label == "(none)" else label or None,
        pair_of(given.get("pair") or ""),
    )


def pair_of(text: str) -> tuple[str, str] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if isinstance(found, list) and len(found) == 2 and all(isinstance(name, str) for name in found):
        return found[0], found[1]
    return None


@dataclass(frozen=True)
class Choice:
    """A filter's menu: its name, and each value with its words and whether it is chosen."""

    name: str
    title: str
    options: Sequence[tuple[str, str, bool]]


def menus(
    found: Sequence[Json], which: Which, names: Mapping[str, str], *, label: str = "Label"
) -> list[Choice]:
    """The menus of what there is to choose from, with counts of each; one without a choice is left out."""
    now = query(which)
    kinds = {kind: count(found, type=kind) for kind in TYPES}
    labels = {row["label"]: count(found, label=row["label"]) for row in found}
    pairs = {tuple(row["pair"]): count(found, pair=row["pair"]) for row in found}
    ordered = sorted(labels, key=lambda label: place(label, list(names)))
    listed = {
        ("type", "Type"): [(kind, WORDS[kind], n) for kind, n in kinds.items() if n],
        ("label", label): [(each or "(none)", label_words(each, names), labels[each]) for each in ordered],
        ("pair", "Readers"): [(pair_key(pair), " and ".join(pair), pairs[pair]) for pair in sorted(pairs)],
    }
    return [
        Choice(
            name,
            title,
            [
                ("", "all", name not in now),
                *((value, f"{words} ({n:,})", now.get(name) == value) for value, words, n in rows),
            ],
        )
        for (name, title), rows in listed.items()
        if len(rows) > 1 or name in now
    ]


def count(found: Sequence[Json], **of: Any) -> int:
    [(key, value)] = of.items()
    return sum(row.get("count", 1) for row in found if row[key] == value)
