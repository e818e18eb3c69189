"""An import's file, opened by its format: what is in it, row by row, and how much of it has been read."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, BinaryIO

from annotator.exchange.models import Import
from annotator.exchange.uploads import full
from annotator.formats import (
    archives,
    bundles,
    encodings,
    jsonl,
    kinds,
    neutral,
    standoff,
    tables,
    text_files,
)
from annotator.formats.rows import Problem, Row, Rows, Unreadable, shown

# "guess" as the encoding says: yes, as you guessed.
AS_GUESSED = "guess"


@dataclass(frozen=True)
class Source:
    """A file being read; `facts` is what looking at it as a whole has shown, `share` how much of it has been read."""

    rows: Rows
    share: Callable[[], float]
    facts: Mapping[str, Any] = field(default_factory=dict)
    scheme: Mapping[str, Any] = field(default_factory=dict)


@contextmanager
def opened(imported: Import) -> Iterator[Source]:
    """The import's file as a source; raises Unreadable where it is not what it is said to be."""
    try:
        file = full(imported.path).open("rb")
    except OSError:
        raise Unreadable("file_gone", "The uploaded file is not here any more. Upload it again.") from None
    with file:
        refuse_annotations(imported.name, file)
        yield READERS[imported.format](file, imported)


def share_of(file: BinaryIO, imported: Import) -> Callable[[], float]:
    def share() -> float:
        return min(file.tell() / max(imported.size, 1), 1.0)

    return share


def stem_of(imported: Import) -> str:
    """The file's name without its ending, where rows have no ids of their own: `NAME-LINE`."""
    return text_files.title_of(shown(imported.name))[:150]


def choice(imported: Import) -> str | None:
    given = imported.options.get("encoding")
    return None if given == AS_GUESSED else given


def open_text(file: BinaryIO, imported: Import) -> Source:
    data = file.read(text_files.LARGEST + 1)
    rows = text_files.row_or_problem(imported.name, data, choice(imported))
    return Source(iter(rows), share_of(file, imported))


def open_zip(file: BinaryIO, imported: Import) -> Source:
    if given := choice(imported):
        encodings.chosen(given)
    return Source(archives.rows(file, choice(imported)), share_of(file, imported))


def open_csv(file: BinaryIO, imported: Import) -> Source:
    options = {**imported.options, "encoding": choice(imported)}
    found = tables.dialect(file, options)
    columns = tables.columns(file, found, options)
    facts = {"columns": columns_record(columns), "separator": found.separator, "quoted": found.quoted}
    rows = tables.rows(file, found, columns, stem=stem_of(imported))
    return Source(rows, share_of(file, imported), facts)


def open_jsonl(file: BinaryIO, imported: Import) -> Source:
    options = {**imported.options, "encoding": choice(imported)}
    columns = jsonl.columns(file, options)
    rows = jsonl.rows(file, columns, stem=stem_of(imported), encoding=options["encoding"])
    return Source(rows, share_of(file, imported), {"columns": columns_record(columns)})


def open_neutral(file: BinaryIO, imported: Import) -> Source:
    if bundles.is_bundle(file):
        scheme = bundles.scheme(file)
        return Source(bundles.rows(file), share_of(file, imported), scheme=scheme)
    return Source(neutral.rows(file, choice(imported)), share_of(file, imported))


def columns_record(columns: Any) -> dict[str, Any]:
    names = ("text", "id", "title", "language", "guessed")
    return {"names": list(columns.names)[:200], **{name: getattr(columns, name) for name in names}}


READERS: dict[str, Callable[[BinaryIO, Import], Source]] = {
    "text": open_text,
    "zip": open_zip,
    "csv": open_csv,
    "jsonl": open_jsonl,
    "neutral": open_neutral,
}


def refuse_no_text(name: str, path: str, kind: str) -> None:
    """Raises Unreadable for a file that is neither a text nor a ZIP of files, or is made of another tool's annotations.

    No more than its first bytes are read, since somebody waits; a longer file of annotations is refused by the job.
    """
    with full(path).open("rb") as file:
        kinds.refuse(file)
    head = beginning(path)
    if kind in ("text", "csv", "jsonl") and (packed := kinds.archive(head)) and not holds_readings(path):
        raise Unreadable("not_a_text_file", kinds.refusal(packed))
    if len(head) < kinds.HEAD:
        refuse_annotations(name, BytesIO(head))


def beginning(path: str) -> bytes:
    with full(path).open("rb") as file:
        return file.read(kinds.HEAD)


def refuse_annotations(name: str, file: BinaryIO) -> None:
    """Raises Unreadable for a file that is made of another tool's annotations; goes back to its beginning."""
    if kinds.archive(file.read(4)):
        file.seek(0)
        return
    file.seek(0)
    if held := standoff.held_in(name, file):
        raise Unreadable("annotations_not_read", standoff.refusal(held))


def recognised(name: str, path: str) -> str:
    """The format of a file by its name and its first bytes; raises Unreadable where neither tells."""
    if holds_readings(path):
        return "neutral"
    suffix = text_files.suffix_of(name)
    if is_zip(path):
        return "zip"
    if suffix in (".jsonl", ".ndjson", ".json"):
        return "jsonl"
    if suffix in (".csv", ".tsv"):
        return "csv"
    if suffix in (".txt", ".text", ".md", ""):
        return "text"
    if suffix in text_files.NO_TEXT:
        raise Unreadable("not_a_text_file", kinds.refusal(text_files.NO_TEXT[suffix]))
    if standoff.held_in_file(name, beginning(path).decode(errors="replace")):
        return "text"  # too long to be refused at once: the job says what is in it
    raise Unreadable("unknown_format", "The file's name does not tell what it is. Choose a format.")


def holds_sets(path: str, kind: str) -> bool:
    """Whether any reading is in the file; one that breaks off while it is looked through counts as if."""
    if kind != "neutral":
        return False
    try:
        with full(path).open("rb") as file:
            rows = bundles.rows(file) if bundles.is_bundle(file) else neutral.rows(file)
            return any(isinstance(row, Row) and row.readings for row in rows)
    except Unreadable:
        return True


def is_zip(path: str) -> bool:
    with full(path).open("rb") as file:
        return file.read(4) == b"PK\3\4"


def holds_readings(path: str) -> bool:
    """Whether the file is a bundle, or its first object a neutral record with its sets."""
    with full(path).open("rb") as file:
        if is_zip(path):
            return bundles.is_bundle(file)
        if not file.read(64).lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"{"):
            return False
        file.seek(0)
        # A long object is not taken apart to learn that it has no sets.
        if len(file.readline(kinds.HEAD)) == kinds.HEAD and not standoff.stands_in(file, ['"sets"']):
            return False
        file.seek(0)
        first = next((found for found in jsonl.objects(file) if not isinstance(found, Problem)), None)
    return first is not None and isinstance(first[1].get("sets"), list) and {"id", "text"} <= first[1].keys()
