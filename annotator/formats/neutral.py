"""The neutral record (design.md, section 7): a document with its readings, one JSON object a line.

Reading checks the types of everything and leaves to others whether labels exist and offsets fit. A reading with a fault is
left out whole, with its reason; the document and its other readings are taken.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from annotator.formats import jsonl
from annotator.formats.rows import Problem, Reading, Row, Rows
from annotator.formats.text_files import remarks
from annotator.formats.values import Unfit, check_document

KINDS = ("human", "gold", "imported", "model")
STATES = ("open", "submitted", "returned", "accepted", "withdrawn")
LARGEST = 2**31 - 1
LONGEST_NOTE = 10_000
# Ids that are no UUIDs become ones, the same id always the same.
NAMES = uuid.UUID("7d3c1f0e-52a4-5c0b-9f6e-2f6f3f9a51b7")


def rows(file: BinaryIO, encoding: str | None = None) -> Rows:
    """A row for each document of the file with the readings that are well formed, a problem for what is not."""
    for found in jsonl.objects(file, encoding):
        if isinstance(found, Problem):
            yield found
        else:
            yield from row_and_problems(*found)


def row_and_problems(place: str, record: Mapping[str, Any]) -> Rows:
    """The document of one record, and the problems with it and with its readings."""
    try:
        fields = checked(record, DOCUMENT)
        check_document(fields["text"])
        check_digest(fields)
    except Unfit as unfit:
        yield Problem(place, unfit.code, unfit.detail)
        return
    readings, problems = [], []
    for number, raw in enumerate(fields["sets"], start=1):
        try:
            reading, renamed = reading_of(raw)
        except Unfit as unfit:
            problems.append(Problem(place_of(place, raw, number), unfit.code, unfit.detail))
            continue
        readings.append(reading)
        if renamed:
            detail = f"{renamed} ids are no UUIDs; each became one that follows from it."
            problems.append(Problem(place_of(place, raw, number), "id_renamed", detail, taken=True))
    yield Row(
        place,
        id=str(fields["id"]),
        text=fields["text"],
        title=fields["title"],
        language=fields["language"],
        meta=fields["meta"],
        readings=tuple(readings),
    )
    yield from remarks(place, fields["text"])
    yield from problems
    yield from unknown_keys(place, record)


def place_of(place: str, raw: Any, number: int) -> str:
    """Which reading of the line: by its annotator, or by its number where it does not name one."""
    annotator = raw.get("annotator") if isinstance(raw, dict) else None
    return f"{place}, set of {annotator}" if isinstance(annotator, str) else f"{place}, set {number}"


def check_digest(fields: Mapping[str, Any]) -> None:
    if fields["sha256"] not in (None, hashlib.sha256(fields["text"].encode()).hexdigest()):
        raise Unfit("digest_differs", "The text is not the one its SHA-256 was made of.")


def reading_of(raw: Any) -> tuple[Reading, int]:
    """The reading, and how many of its ids had to become UUIDs."""
    fields = checked(raw, READING)
    spans = [checked(span, SPAN, f"span {number}") for number, span in enumerate(fields["spans"], start=1)]
    relations = [
        checked(one, RELATION, f"relation {number}")
        for number, one in enumerate(fields["relations"], start=1)
    ]
    comments = [
        checked(one, COMMENT, f"comment {number}") for number, one in enumerate(fields["comments"], start=1)
    ]
    marks = [*spans, *relations, *comments]
    for mark in marks:
        rename(mark)
    del fields["id"]
    fields |= {"spans": tuple(spans), "relations": tuple(relations), "comments": tuple(comments)}
    return Reading(**fields), sum(not is_uuid(mark["given"]) for mark in marks)


def rename(mark: dict[str, Any]) -> None:
    """Makes the ids of a mark, and those it refers to, UUIDs; `given` keeps its own as it stood."""
    mark["given"] = mark["id"]
    mark["id"] = as_uuid(mark["id"])
    for end in ("from", "to"):
        if end in mark:
            mark[end] = {kind: as_uuid(one) for kind, one in mark[end].items()}
    for name in ("span", "reply_to"):
        if mark.get(name) is not None:
            mark[name] = as_uuid(mark[name])


def is_uuid(given: str) -> bool:
    try:
        return str(uuid.UUID(given)) == given.lower()
    except ValueError:
        return False


def as_uuid(given: str) -> uuid.UUID:
    return uuid.UUID(given) if is_uuid(given) else uuid.uuid5(NAMES, given)


def unknown_keys(place: str, record: Mapping[str, Any]) -> Rows:
    """A remark on every key that has no place in the record, so that what it holds is not lost in silence."""
    found = dict.fromkeys(f"{key!r}" for key in record if key not in DOCUMENT)
    for raw in record["sets"] if isinstance(record.get("sets"), list) else ():
        if isinstance(raw, dict):
            found |= dict.fromkeys(f"{key!r} of a set" for key in raw if key not in READING)
            for part, fields in (("spans", SPAN), ("relations", RELATION), ("comments", COMMENT)):
                marks = raw.get(part) or ()
                for mark in marks if isinstance(marks, list) else ():
                    if isinstance(mark, dict):
                        found |= dict.fromkeys(f"{key!r} of {part}" for key in mark if key not in fields)
    if found:
        yield Problem(place, "unknown_key", f"Not read: {', '.join(list(found)[:20])}.", taken=True)


# What each part of a record holds: a check that answers the value to keep, and what a missing key means.


@dataclass(frozen=True)
class Part:
    check: Callable[[Any], Any]
    default: Any = None
    required: bool = False


def checked(raw: Any, parts: Mapping[str, Part], what: str = "") -> dict[str, Any]:
    """The known keys of an object, each checked; Unfit names the one that is wrong."""
    before = f"{what}: " if what else ""
    if not isinstance(raw, dict):
        raise Unfit("not_an_object", f"{before}An object is expected.")
    values = {}
    for key, part in parts.items():
        if raw.get(key) is None:
            if part.required:
                raise Unfit("missing_key", f"{before}{key!r} is missing.")
            values[key] = part.default() if callable(part.default) else part.default
            continue
        try:
            values[key] = part.check(raw[key])
        except Unfit as unfit:
            raise Unfit(unfit.code, f"{before}{key!r}: {unfit.detail}") from None
    return values


def wrong(expected: str) -> Unfit:
    return Unfit("wrong_type", f"{expected} is expected.")


def string(value: Any) -> str:
    if not isinstance(value, str):
        raise wrong("A string")
    return value


def note(value: Any) -> str:
    if len(string(value)) > LONGEST_NOTE:
        raise Unfit("too_long", f"At most {LONGEST_NOTE:,} characters are kept.")
    return str(value)


def identity(value: Any) -> str:
    """An id: a string that is not blank, or a whole number."""
    if type(value) is int:
        return str(value)
    if not string(value).strip():
        raise wrong("An id")
    return str(value)


def whole(value: Any) -> int:
    if type(value) is not int or abs(value) > LARGEST:
        raise wrong("A whole number")
    return int(value)


def count(value: Any) -> int:
    if whole(value) < 0:
        raise wrong("A number that is not negative")
    return int(value)


def positive(value: Any) -> int:
    if whole(value) < 1:
        raise wrong("A number from 1")
    return int(value)


def round_number(value: Any) -> int:
    if positive(value) > 32_767:
        raise wrong("A smaller number")
    return int(value)


def share(value: Any) -> float:
    if type(value) not in (int, float) or not 0 <= value <= 1:
        raise wrong("A number from 0 to 1")
    return float(value)


def boolean(value: Any) -> bool:
    if type(value) is not bool:
        raise wrong("true or false")
    return bool(value)


def objects(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise wrong("An object")
    return value


def several(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise wrong("A list")
    return value


def pairs(value: Any) -> list[list[int]]:
    for pair in several(value):
        if not isinstance(pair, list) or len(pair) != 2:
            raise wrong("A list of pairs [start, end]")
        for offset in pair:
            whole(offset)
    return list(value)


def moment(value: Any) -> str:
    """A time with its zone, in ISO 8601."""
    try:
        if datetime.fromisoformat(string(value)).tzinfo is None:
            raise ValueError
    except ValueError:
        raise wrong("A time with its zone, such as 2026-03-05T11:44:48+00:00,") from None
    return str(value)


def one_of(*names: str) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if value not in names:
            raise wrong(f"One of {', '.join(names)}")
        return str(value)

    return check


def end(*kinds: str) -> Callable[[Any], dict[str, str]]:
    """One end of a relation: {"span": id}, or {"relation": id} where that may be."""

    def check(value: Any) -> dict[str, str]:
        if not isinstance(value, dict) or len(value) != 1 or next(iter(value)) not in kinds:
            raise wrong(" or ".join(f'{{"{kind}": id}}' for kind in kinds))
        return {kind: identity(one) for kind, one in value.items()}

    return check


def answers(value: Any) -> dict[str, str]:
    """Labels by their question; null means that it was not answered."""
    return {group: string(slug) for group, slug in objects(value).items() if slug is not None}


DOCUMENT = {
    "id": Part(identity, required=True),
    "title": Part(string, ""),
    "text": Part(string, required=True),
    "sha256": Part(string),
    "language": Part(string, ""),
    "meta": Part(objects, dict),
    "sets": Part(several, list),
}
# The `id` of a set is the exporter's; here it is given a new one.
READING = {
    "annotator": Part(identity, required=True),
    "kind": Part(one_of(*KINDS), "imported"),
    "round": Part(round_number, 1),
    "state": Part(one_of(*STATES), "submitted"),
    "submitted_at": Part(moment),
    "active_seconds": Part(count, 0),
    "spans": Part(several, list),
    "relations": Part(several, list),
    "document_labels": Part(answers, dict),
    "comments": Part(several, list),
    "id": Part(lambda value: value),
}
SPAN = {
    "id": Part(identity, required=True),
    "version": Part(positive, 1),
    "fragments": Part(pairs),
    "start": Part(whole),
    "end": Part(whole),
    "quote": Part(string),
    "stance": Part(string),
    "role": Part(string),
    "holder": Part(string),
    "target": Part(string),
    "explicit": Part(boolean),
    "note": Part(note, ""),
    "confidence": Part(share),
    "guideline": Part(positive),
}
RELATION = {
    "id": Part(identity, required=True),
    "version": Part(positive, 1),
    "label": Part(string, required=True),
    "from": Part(end("span"), required=True),
    "to": Part(end("span", "relation"), required=True),
    "note": Part(note, ""),
    "confidence": Part(share),
    "guideline": Part(positive),
}
COMMENT = {
    "id": Part(identity, required=True),
    "version": Part(positive, 1),
    "author": Part(identity, required=True),
    "text": Part(note, required=True),
    "span": Part(identity),
    "reply_to": Part(identity),
    "created_at": Part(moment),
}


def line(record: Mapping[str, Any]) -> bytes:
    """The record as a line of a file; the same record always gives the same bytes.

    Databases keep the keys of `meta` in orders of their own, so these are sorted; all others come in the record's order.
    """
    fixed = {**record, "meta": ordered(record["meta"])}
    fixed["sets"] = [{**one, "document_labels": ordered(one["document_labels"])} for one in record["sets"]]
    return json.dumps(fixed, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode() + b"\n"


def ordered(value: Any) -> Any:
    """The value with the keys of all its objects sorted."""
    if isinstance(value, dict):
        return {key: ordered(value[key]) for key in sorted(value)}
    return [ordered(part) for part in value] if isinstance(value, list) else value
