"""The filter through which a report's numbers lead to their places: its address, and its menus."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from annotator.agreement.differences import OF_LAYER, TYPES
from annotator.reports.counts import Which
from annotator.web.report.figures import question

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
# What a reader who marked the passage did not give it.
NOTHING = {"stance": "left blank", "role": "left blank", "relation": "no relation", "document": "no answer"}
MOST_SAYINGS = 50


def link(address: str, which: Which) -> str:
    """The address with the filter as its query."""
    asked = query(which)
    return f"{address}?{urlencode(asked)}" if asked else address


def query(which: Which) -> dict[str, str]:
    """The filter as a query's parameters."""
    asked = {"type": which.type, "label": which.label, "pair": which.pair and pair_key(which.pair)}
    if which.label == "":
        asked["label"] = "(none)"
    asked["values"] = which.values and values_key(which.values, ordered=which.ordered)
    return {key: value for key, value in asked.items() if value}


def pair_key(pair: Sequence[str]) -> str:
    """A pair in one word, whatever the aliases hold."""
    return json.dumps(sorted(pair), ensure_ascii=False)


def values_key(values: tuple[str, str], *, ordered: bool) -> str:
    """What two say in one word: claim,premise in either order, claim>premise in the order of the pair."""
    return (">" if ordered else ",").join(values if ordered else sorted(values))


def wanted(given: QueryDict) -> Which:
    """The filter that a query asks for; what cannot be one does not narrow."""
    kind, label = given.get("type"), given.get("label")
    values, ordered = values_of(given.get("values") or "")
    return Which(
        kind if kind in TYPES else None,
        "" if label == "(none)" else label or None,
        pair_of(given.get("pair") or ""),
        values,
        ordered,
    )


def pair_of(text: str) -> tuple[str, str] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if isinstance(found, list) and len(found) == 2 and all(isinstance(name, str) for name in found):
        return found[0], found[1]
    return None


def values_of(text: str) -> tuple[tuple[str, str] | None, bool]:
    for sign in (">", ","):
        one, found, other = text.partition(sign)
        if found and not {",", ">"} & {*one, *other}:
            return (one, other), sign == ">"
    return None, False


@dataclass(frozen=True)
class Choice:
    """A filter's menu: its name, and each value with its words and whether it is chosen."""

    name: str
    title: str
    options: Sequence[tuple[str, str, bool]]


def menus(
    found: Sequence[Json],
    which: Which,
    names: Mapping[str, str],
    *,
    layer: str,
) -> list[Choice]:
    """The menus of what there is to choose from, with counts of each; one without a choice is left out."""
    now = query(which)
    kinds = {kind: total(row for row in found if row["type"] == kind) for kind in TYPES}
    labels = {label for row in found for label in row["labels"]}
    titles = {each: question(each) for each in sorted(filter(None, labels))} if layer == "document" else names
    ordered = sorted(labels, key=lambda label: place(label, list(titles)))
    under = {label: total(row for row in found if label in row["labels"]) for label in ordered}
    pairs = {tuple(row["pair"]): 0 for row in found}
    for row in found:
        pairs[tuple(row["pair"])] += row.get("count", 1)
    listed = {
        ("type", "Type"): [(kind, WORDS[kind], n) for kind, n in kinds.items() if n],
        ("label", "Question" if layer == "document" else "Label"): [
            (each or "(none)", label_words(each, titles), under[each]) for each in ordered
        ],
        ("values", "What the two say"): sayings(found, which, names, layer),
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


def total(rows: Iterable[Json]) -> int:
    return sum(row.get("count", 1) for row in rows)


def sayings(
    found: Sequence[Json], which: Which, names: Mapping[str, str], layer: str
) -> list[tuple[str, str, int]]:
    """What two say where they say different things, the most frequent first; what is asked for is always there."""
    counted: Counter[tuple[str, str]] = Counter()
    for row in found:
        if row["type"] == OF_LAYER[layer][0]:
            one, other = sorted(value or "" for value in row["values"])
            counted[one, other] += row.get("count", 1)
    rows = [
        (values_key(values, ordered=False), briefly(values, names, layer), n)
        for values, n in counted.most_common(MOST_SAYINGS)
    ]
    key = query(which).get("values")
    if key is None or which.values is None or key in [row[0] for row in rows]:
        return rows
    number = total(row for row in found if same(row, which, layer))
    return [(key, briefly(which.values, names, layer, which), number), *rows]


def same(row: Json, which: Which, layer: str) -> bool:
    values, asked = [value or "" for value in row["values"]], list(which.values or ())
    if row["type"] not in OF_LAYER[layer] or (which.type is not None and row["type"] != which.type):
        return False
    return values == asked if which.ordered else sorted(values) == sorted(asked)


def said(values: tuple[str, str], names: Mapping[str, str], layer: str, which: Which | None = None) -> str:
    """What two readers say, in words: one reads claim, the other premise."""
    one, other = words_of(values, names, layer, which)
    if which and which.ordered and which.pair:
        first, second = sorted(which.pair)
        return f"{first} reads {one}, {second} {other}"
    return f"one reads {one}, the other {other}"


def briefly(values: tuple[str, str], names: Mapping[str, str], layer: str, which: Which | None = None) -> str:
    """The same for a menu: claim / premise, of a pair in the order of its names."""
    return " / ".join(words_of(values, names, layer, which))


def words_of(
    values: tuple[str, str], names: Mapping[str, str], layer: str, which: Which | None = None
) -> tuple[str, str]:
    nothing = "not marked" if which and which.type == "missing_unit" else NOTHING[layer]
    one, other = (named(names, value) if value else nothing for value in values)
    return one, other


def named(names: Mapping[str, str], value: str) -> str:
    """A label's name; of several relations between the same ends each one's."""
    return " and ".join(names.get(part, part) for part in value.split("+"))


def place(value: Any, order: Sequence[str]) -> tuple[bool, int, str]:
    return value is None, order.index(value) if value in order else len(order), str(value)


def label_words(label: str | None, names: Mapping[str, str]) -> str:
    return names.get(label, label) if label else "left blank"
