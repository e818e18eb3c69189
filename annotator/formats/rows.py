"""What every reader of files yields: rows that may become documents, and problems with their place."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Held:
    """Annotations of another tool that a file holds, and that do not become labels here.

    `what` is spans, relations, answers, comments or tags; `where` the column, key or kind of file; `kept` says that they
    stay as they are, beside the text or in it.
    """

    tool: str
    where: str
    what: str
    count: int
    kept: bool


@dataclass(frozen=True)
class Problem:
    """Something a file's reader has to say, at a line (`line 3`, counted from 1) or a file of an archive.

    `taken` tells a remark on what was read all the same from what was left out.
    """

    place: str
    code: str
    detail: str
    taken: bool = False
    held: tuple[Held, ...] = ()


@dataclass(frozen=True)
class Reading:
    """One annotator's reading as a file has it: the parts of design.md section 7, their types checked, nothing else."""

    annotator: str
    kind: str
    round: int
    state: str
    submitted_at: str | None
    active_seconds: int
    spans: tuple[Mapping[str, Any], ...]
    relations: tuple[Mapping[str, Any], ...]
    document_labels: Mapping[str, str]
    comments: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Row:
    """A text with what was said about it; `guessed` is its encoding where nothing but statistics spoke for it."""

    place: str
    id: str
    text: str
    title: str = ""
    language: str = ""
    meta: Mapping[str, Any] = field(default_factory=dict)
    readings: tuple[Reading, ...] = ()
    guessed: str | None = None
    held: tuple[Held, ...] = ()


Rows = Iterator[Row | Problem]


class Unreadable(Exception):
    """The file as a whole cannot be read as what it is said to be."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


INVISIBLE = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\ufeff")


def shown(name: str) -> str:
    """A file's name with control and direction marks written out, so that it reads as what it is."""
    return "".join(
        f"\\u{ord(sign):04x}"
        if sign in INVISIBLE or unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp")
        else sign
        for sign in name
    )
