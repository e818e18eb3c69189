"""One span a row, for spreadsheets and statistics programs.

UTF-8 with a byte order mark (Excel would take it for another encoding without; Python's `utf-8-sig`, pandas and R read it),
lines end in CR LF. A cell that a spreadsheet would run as a formula, because it starts with = + - @, a tab or a newline,
gets an apostrophe in front; so does one that starts with apostrophes before such a sign. Taking one apostrophe off these
cells gives the text back.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

MARK = codecs.BOM_UTF8
COLUMNS = (
    "document", "title", "language", "annotator", "kind", "round", "state", "submitted_at", "span", "start", "end",
    "fragments", "quote", "stance", "role", "holder", "target", "explicit", "note", "confidence", "guideline",
)  # fmt: skip
FORMULA = re.compile("'*[=+\\-@\t\r\n]")
GUARDED = re.compile("''*[=+\\-@\t\r\n]")


def header() -> bytes:
    return MARK + lines([COLUMNS])


def rows(record: Mapping[str, Any]) -> bytes:
    """The spans of a neutral record, in the order of its readings."""
    return lines(cells(record, reading, span) for reading in record["sets"] for span in reading["spans"])


def cells(record: Mapping[str, Any], reading: Mapping[str, Any], span: Mapping[str, Any]) -> list[Any]:
    values = {
        **span,
        "document": record["id"],
        "title": record["title"],
        "language": record["language"],
        "span": span["id"],
        "fragments": json.dumps(span["fragments"], separators=(",", ":")),
        "explicit": {True: "true", False: "false"}.get(span["explicit"]),
        **{name: reading[name] for name in ("annotator", "kind", "round", "state", "submitted_at")},
    }
    return [guarded(values[name]) for name in COLUMNS]


def guarded(value: Any) -> Any:
    """The cell, such that no spreadsheet takes it for a formula; numbers are written as they are."""
    return f"'{value}" if isinstance(value, str) and FORMULA.match(value) else value


def unguarded(cell: str) -> str:
    """What a cell says: without the apostrophe that `guarded` has put in front."""
    return cell[1:] if GUARDED.match(cell) else cell


def lines(table: Iterable[Iterable[Any]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(table)
    return text.getvalue().encode()
