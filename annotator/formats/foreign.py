"""Annotations of other tools inside JSON and tables: found and counted, so that nobody takes a labelled file for bare texts.

Nothing is read from them yet: what is here tells how many spans, relations, answers and comments stand where.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from annotator.formats.rows import Held

# Keys and columns that hold labels where their value is a plain name or a list of names.
LABEL_KEYS = {
    "label", "labels", "column_label", "gold_label", "annotation", "annotations", "cats", "stance", "role",
    "choice", "choices", "annotation_id",
}  # fmt: skip
# Pairs of keys between which a span lies, with whether they say so by themselves.
OFFSETS = (
    ("start_offset", "end_offset", True),
    ("startOffset", "endOffset", True),
    ("begin", "end", False),
    ("start", "end", False),
)
# What stands beside offsets that are those of a label.
NAMES = {
    "label", "labels", "type", "types", "name", "value", "category", "tag", "stance", "role", "choices",
    "schema", "annotation",
}  # fmt: skip
ENDS = (("from_id", "to_id"), ("@Governor", "@Dependent"), ("head_span", "child_span"), ("fromID", "toID"))
MACHINERY = ("uima.cas.", "uima.tcas.DocumentAnnotation", "de.tudarmstadt.ukp.dkpro.core.api.segmentation.")
TOOLS = (
    ("%FEATURE_STRUCTURES", "INCEpTION (UIMA CAS)"),
    ("instance_id_to_span_to_value", "Potato"),
    ("instance_id_to_label_to_value", "Potato"),
    ("span_annotations", "Potato"),
    ("label_annotations", "Potato"),
    ("annotation_sets", "GATE Teamware"),
    ("_input_hash", "Prodigy"),
    ("AIF", "an argument map (AIF)"),
    ("Comments", "doccano"),
    ("column_label", "doccano"),
    ("entities", "doccano"),
)
DEEPEST = 12


def tool_of(record: Mapping[str, Any]) -> str:
    """Whose record this looks like."""
    if any(is_label_studio(record.get(key)) for key in ("annotations", "completions", "predictions")):
        return "Label Studio"
    named = next((tool for key, tool in TOOLS if key in record), None)
    spans = record.get("label") if isinstance(record.get("label"), list) else record.get("labels")
    triples = isinstance(spans, list) and any(is_triple(each) for each in spans)
    return named or ("doccano" if triples else "another tool")


def is_label_studio(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(each, dict) and "result" in each for each in value)


def held_in(record: Mapping[str, Any], text: str, *, kept: bool = True) -> tuple[Held, ...]:
    """The annotations in the record of a JSON file, its text's key aside."""
    tool = tool_of(record)
    found = []
    for key, value in record.items():
        if key != text:
            counted = Counter(marks(value)) or plain(key, value)
            found += [Held(tool, key, what, counted[what], kept) for what in sorted(counted)]
    return tuple(found)


def held_in_row(record: Mapping[str, str], text: str, *, kept: bool = True) -> tuple[Held, ...]:
    """The annotations in a row of a table: cells of JSON, and those of columns that are named like labels."""
    found = []
    for column, cell in record.items():
        if column != text and cell.strip():
            counted = Counter(marks(as_json(cell))) or plain(column.strip().lower(), cell)
            tool = "Label Studio" if "annotation_id" in record else "another tool"
            found += [Held(tool, column, what, counted[what], kept) for what in sorted(counted)]
    return tuple(found)


def as_json(cell: str) -> Any:
    """The value of a cell that is JSON with something in it, else None."""
    if cell.lstrip()[:1] not in ("[", "{"):
        return None
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        return None


def plain(key: str, value: Any) -> Counter[str]:
    """Names of labels without offsets, under a key that says that they are."""
    if key.lower() == "comments" and isinstance(value, list):
        return Counter({"comments": len(value)} if value else {})
    if key.lower() not in LABEL_KEYS:
        return Counter()
    values = value if isinstance(value, list) else list(value) if isinstance(value, dict) else [value]
    count = sum(each is not None and each != "" and not isinstance(each, (list, dict)) for each in values)
    count += sum(isinstance(each, dict) and "label" in each for each in values)
    return Counter({"answers": count} if count else {})


def marks(value: Any, depth: int = 0) -> Iterator[str]:
    """`spans`, `relations` or `answers` for every annotation that stands somewhere in the value."""
    if depth > DEEPEST:
        return
    if isinstance(value, dict):
        what = what_is(value)
        if what:
            yield what
            return
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            if is_triple(each):
                yield "spans"
            else:
                yield from marks(each, depth + 1)


def what_is(record: Mapping[str, Any]) -> str | None:
    """What annotation this object is, if it is one."""
    kind = record.get("%TYPE") or record.get("type")
    if isinstance(kind, str) and kind.startswith(MACHINERY):
        return None
    if kind == "relation" or any(source in record and to in record for source, to in ENDS):
        return "relations"
    inner = record.get("value")
    if isinstance(inner, dict) and isinstance(kind, str):
        # Label Studio repeats the offsets with every further answer on the same region.
        return "spans" if has_offsets(inner) and kind == "labels" else "answers"
    if has_offsets(record):
        return "spans"
    # Potato names an answer by the question's schema and its own name.
    return "answers" if {"schema", "name"} <= record.keys() else None


def has_offsets(record: Mapping[str, Any]) -> bool:
    for start, end, alone in OFFSETS:
        if type(record.get(start)) is int and type(record.get(end)) is int:
            return alone or "%TYPE" in record or not NAMES.isdisjoint(record)
    return False


def is_triple(value: Any) -> bool:
    """[start, end, label], as doccano and spaCy write a span."""
    if not isinstance(value, list) or len(value) != 3:
        return False
    return type(value[0]) is int and type(value[1]) is int and isinstance(value[2], str)


def flattened(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """A task of Label Studio with the values of its `data` beside its own keys; anything else as it is.

    A key of the task that the data has too comes as `task.KEY`.
    """
    data = record.get("data")
    if not isinstance(data, dict) or not {"annotations", "completions", "predictions"} & record.keys():
        return record
    rest = {key: value for key, value in record.items() if key != "data"}
    return {**data, **{f"task.{key}" if key in data else key: value for key, value in rest.items()}}
