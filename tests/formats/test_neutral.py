"""Neutral records: what is read, and that a fault in a reading takes that reading out and nothing else."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from annotator.formats import bundles, neutral
from annotator.formats.rows import Problem, Row, Unreadable
from tests.formats.test_archives import made

KEY = "11111111-1111-4111-8111-111111111111"
OTHER = "22222222-2222-4222-8222-222222222222"
Record = dict[str, Any]


def record() -> Record:
    span = {"id": KEY, "fragments": [[0, 6]], "quote": "Cities", "stance": "pro-sanctuary"}
    other = {"id": OTHER, "start": 7, "end": 10, "role": "claim"}
    relation = {"id": "r", "label": "supports", "from": {"span": KEY}, "to": {"span": OTHER}}
    comment = {"id": "c", "author": "R1", "text": "Why?", "span": KEY}
    reading = {"annotator": "A1", "spans": [span, other], "relations": [relation], "comments": [comment]}
    return {"id": "d", "text": "Cities are safer.", "sets": [reading, {"annotator": "A2"}]}


def read(*records: Any) -> list[Row | Problem]:
    data = b"".join(json.dumps(one).encode() + b"\n" for one in records)
    return list(neutral.rows(io.BytesIO(data)))


def test_what_is_missing_has_its_meaning() -> None:
    row, renamed = read(record())
    assert isinstance(row, Row)
    first, second = row.readings
    assert (first.annotator, first.kind, first.round, first.state, first.active_seconds) == (
        "A1",
        "imported",
        1,
        "submitted",
        0,
    )
    assert first.spans[0]["explicit"] is None
    assert first.spans[0]["note"] == ""
    assert first.spans[0]["version"] == 1
    assert second.spans == ()
    assert isinstance(renamed, Problem)
    assert (renamed.code, renamed.taken) == ("id_renamed", True)


def test_an_id_that_is_no_uuid_becomes_the_same_one_everywhere() -> None:
    first, second = record(), record()
    second["sets"][0]["relations"].append(
        {"id": "undercut", "label": "attacks", "from": {"span": OTHER}, "to": {"relation": "r"}}
    )
    rows = [row for row in read(first, second) if isinstance(row, Row)]
    one, two = (row.readings[0].relations for row in rows)
    assert one[0]["id"] == two[0]["id"] == two[1]["to"]["relation"] == neutral.as_uuid("r")


def put(part: str, key: str, value: Any) -> Callable[[Record], None]:
    def change(changed: Record) -> None:
        changed["sets"][0][part][0][key] = value

    return change


def put_set(key: str, value: Any) -> Callable[[Record], None]:
    def change(changed: Record) -> None:
        changed["sets"][0][key] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        put_set("annotator", None),
        put_set("annotator", " "),
        put_set("annotator", {}),
        put_set("kind", "robot"),
        put_set("state", "done"),
        put_set("round", 0),
        put_set("round", 1.5),
        put_set("round", 40_000),
        put_set("submitted_at", "yesterday"),
        put_set("submitted_at", "2026-03-05T11:44:48"),
        put_set("active_seconds", -1),
        put_set("active_seconds", True),
        put_set("spans", {}),
        put_set("spans", ["x"]),
        put_set("document_labels", []),
        put_set("document_labels", {"genre": 1}),
        put("spans", "id", None),
        put("spans", "id", []),
        put("spans", "fragments", [[0]]),
        put("spans", "fragments", [["0", "6"]]),
        put("spans", "fragments", [[0, 6.0]]),
        put("spans", "fragments", [[0, 2**63]]),
        put("spans", "fragments", "0-6"),
        put("spans", "start", "0"),
        put("spans", "confidence", 2),
        put("spans", "confidence", "0.5"),
        put("spans", "explicit", "true"),
        put("spans", "note", 1),
        put("spans", "stance", ["pro-sanctuary"]),
        put("spans", "version", 0),
        put("relations", "from", KEY),
        put("relations", "from", {"relation": "r"}),
        put("relations", "to", {"span": KEY, "relation": "r"}),
        put("relations", "to", {"document": "d"}),
        put("relations", "label", None),
        put("comments", "text", None),
        put("comments", "author", None),
        put("comments", "created_at", 5),
    ],
)
def test_a_fault_takes_the_reading_out_whole_and_leaves_the_others(change: Callable[[Record], None]) -> None:
    changed = record()
    change(changed)
    found = read(changed)
    row = found[0]
    assert isinstance(row, Row)
    assert [reading.annotator for reading in row.readings] == ["A2"]
    [problem] = [one for one in found if isinstance(one, Problem) and not one.taken]
    assert problem.place.startswith("line 1, set ")
    assert problem.code in ("wrong_type", "missing_key", "not_an_object", "too_long")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"text": ""}, "empty_text"),
        ({"text": None}, "missing_key"),
        ({"text": 5}, "wrong_type"),
        ({"id": None}, "missing_key"),
        ({"id": " "}, "wrong_type"),
        ({"meta": []}, "wrong_type"),
        ({"sets": {}}, "wrong_type"),
        ({"title": 1}, "wrong_type"),
        ({"sha256": "0" * 64}, "digest_differs"),
        ({"text": "a\0b"}, "nul_character"),
        ({"meta": {"a": "\ud83d"}}, "lone_surrogate"),
        ({"meta": {"a\0": 1}}, "nul_character"),
    ],
)
def test_a_document_that_cannot_be_is_one_problem(change: Record, code: str) -> None:
    [problem] = read({**record(), **change})
    assert isinstance(problem, Problem)
    assert (problem.place, problem.code, problem.taken) == ("line 1", code, False)


def test_too_large_numbers_and_deep_nesting_are_no_json_that_can_be_kept() -> None:
    lines = (
        b'{"id": "a", "text": "x", "meta": {"n": 1e999}}\n{"id": "b", "text": "x", "meta": '
        + b"[" * 40
        + b"]" * 40
        + b"}\n"
    )
    lines += b'{"id": "c", "text": ' + b"[" * 200_000 + b"\n"
    codes = [row.code for row in neutral.rows(io.BytesIO(lines)) if isinstance(row, Problem)]
    assert codes == ["not_a_number", "too_deep", "too_deep"]


def test_keys_that_are_not_read_are_named() -> None:
    changed = record()
    changed["extra"] = changed["sets"][0]["mood"] = changed["sets"][0]["spans"][0]["colour"] = 1
    [remark] = [one for one in read(changed) if isinstance(one, Problem) and one.code == "unknown_key"]
    assert remark.taken
    assert remark.detail == "Not read: 'extra', 'mood' of a set, 'colour' of spans."


def test_lines_are_split_at_line_feeds_only_and_a_mark_goes() -> None:
    one = {"id": "a", "text": "first\u2028second\x85third\rfourth"}
    data = (
        b"\xef\xbb\xbf" + json.dumps(one, ensure_ascii=False).encode() + b"\r\n\n" + json.dumps(one).encode()
    )
    rows = [row for row in neutral.rows(io.BytesIO(data)) if isinstance(row, Row)]
    assert [(row.place, row.text) for row in rows] == [("line 1", one["text"]), ("line 3", one["text"])]


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be"])
def test_records_in_wide_characters_are_read_by_their_mark(name: str) -> None:
    data = ("\ufeff" + json.dumps({"id": "a", "text": "Städte\u010a 😊"}, ensure_ascii=False) + "\n").encode(
        name
    )
    [row] = neutral.rows(io.BytesIO(data))
    assert isinstance(row, Row)
    assert row.text == "Städte\u010a 😊"


def test_a_line_in_another_encoding_is_named() -> None:
    data = b'{"id": "a", "text": "Z\xfcrich"}\n{"id": "b", "text": "fine"}\n'
    problem, row = neutral.rows(io.BytesIO(data))
    assert isinstance(problem, Problem)
    assert (problem.place, problem.code) == ("line 1", "wrong_encoding")
    assert isinstance(row, Row)
    chosen = [row.text for row in neutral.rows(io.BytesIO(data), "cp1252") if isinstance(row, Row)]
    assert chosen == ["Zürich", "fine"]


def test_a_zip_without_records_is_no_bundle() -> None:
    with pytest.raises(Unreadable) as refused:
        list(bundles.rows(made(lambda archive: archive.writestr("a.txt", "text"))))
    assert refused.value.code == "not_a_bundle"
