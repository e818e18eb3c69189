"""Neutral records from files: JSONL (one document a line) or a bundle, with the scheme beside them."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Any

from annotator.agreement.readings import Unreadable

DOCUMENTS, SCHEME = "documents.jsonl", "scheme.json"
TABLE = "this looks like CSV: give it the JSONL or the bundle of the same export"


@dataclass(frozen=True)
class Records:
    """The documents of a JSONL file, a bundle (ZIP) or a folder of documents.jsonl; read at each pass."""

    path: Path

    def __post_init__(self) -> None:
        if not self._file.exists():
            raise Unreadable(f"{self._file}: there is no such file")

    def __len__(self) -> int:
        """How many documents there are: lines that hold anything."""
        with self._opened() as file:
            return sum(1 for line in file if line.strip())

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        """One record a line, split at line feeds only; Unreadable names the line that is none."""
        with self._opened() as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield _record(line, f"{self.path}, line {number}")

    def scheme(self) -> Mapping[str, Any] | None:
        """The scheme of the bundle or beside the file; None if there is none."""
        try:
            if zipfile.is_zipfile(self._file):
                with zipfile.ZipFile(self._file) as bundle:
                    return dict(json.loads(bundle.read(SCHEME)))
            return dict(json.loads((self._file.parent / SCHEME).read_text(encoding="utf-8")))
        except (FileNotFoundError, KeyError):
            return None
        except (ValueError, TypeError) as error:
            raise Unreadable(f"{self.path}: {SCHEME} is no scheme: {error}") from error

    @property
    def _file(self) -> Path:
        return self.path / DOCUMENTS if self.path.is_dir() else self.path

    @contextmanager
    def _opened(self) -> Iterator[IO[str]]:
        try:
            if zipfile.is_zipfile(self._file):
                with zipfile.ZipFile(self._file) as bundle, bundle.open(DOCUMENTS) as raw:
                    yield TextIOWrapper(raw, encoding="utf-8-sig", newline="\n")
            else:
                with self._file.open(encoding="utf-8-sig", newline="\n") as file:
                    yield file
        except KeyError as error:
            raise Unreadable(f"{self.path} holds no {DOCUMENTS}") from error
        except UnicodeDecodeError as error:
            raise Unreadable(f"{self.path} is not UTF-8: {error}") from error


def is_table(line: str) -> bool:
    """Whether the line looks like the head of a table: names between commas, semicolons or tabs."""
    return re.fullmatch(r'"?[\w .:-]+"?([,;\t]"?[\w .:-]*"?)+', line.strip()) is not None


def _record(line: str, where: str) -> Mapping[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        if is_table(line):
            raise Unreadable(f"{where}: {TABLE}") from error
        raise Unreadable(f"{where}: not JSON: {error}") from error
    if not isinstance(record, dict):
        raise Unreadable(f"{where}: not a document")
    if record.get("id") is None or not isinstance(record.get("text"), str):
        raise Unreadable(f"{where}: a document has an id and a text")
    return record
