"""JSON Lines: one object a line, split at line feeds only; or one JSON list of objects."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

from annotator.formats import encodings, foreign
from annotator.formats.columns import Columns, named
from annotator.formats.rows import Problem, Row, Rows, Unreadable
from annotator.formats.text_files import LARGEST, remarks
from annotator.formats.values import Unfit, check, check_document, parsed, refuse_constant

# Every character may be written as an escape of six bytes.
LONGEST_LINE = 2 * LARGEST
SAMPLE_LINES = 50
# A list has to be read at once, and takes twelve times its size in memory; lines come one by one.
LARGEST_LIST = 16 << 20
PEEK = 256


def objects(file: BinaryIO, encoding: str | None = None) -> Iterator[tuple[str, Mapping[str, Any]] | Problem]:
    """Each line's object with its place, blank lines passed over, or the problem with the line.

    A file that is one JSON list, or one object over several lines, gives its items.
    """
    items = whole(file, encoding)
    if items is not None:
        yield from checked(items)
        return
    for number, line in lines(file, encoding):
        place = f"line {number}"
        if isinstance(line, Problem):
            yield line
            continue
        try:
            value = parsed(line)
        except Unfit as unfit:
            yield Problem(place, unfit.code, unfit.detail)
            continue
        if isinstance(value, dict):
            yield place, value
        else:
            yield Problem(place, "not_an_object", "A line holds one JSON object.")


def whole(file: BinaryIO, encoding: str | None) -> list[Any] | None:
    """The items of a file that is one JSON value over all its lines, or None; goes back to the beginning.

    Raises Unreadable for a list that is too large to be read at once.
    """
    head = file.read(PEEK)
    start = head.decode("utf-8", errors="ignore").replace("\0", "").lstrip("\ufeff\ufffe \t\r\n")
    file.seek(0)
    if not start.startswith("[") and start.split("\n", 1)[0].strip() != "{":
        return None
    data = file.read(LARGEST_LIST + 1)
    file.seek(0)
    if len(data) > LARGEST_LIST:
        detail = (
            f"A JSON list is read up to {LARGEST_LIST:,} bytes. "
            "Convert it to JSON Lines (JSONL), one object a line, and upload that."
        )
        raise Unreadable("list_too_large", detail)
    try:
        value = json.loads(encodings.decoded(data, encoding)[0], parse_constant=refuse_constant)
    except (ValueError, RecursionError, Unreadable):
        return None
    return value if isinstance(value, list) else [value]


def checked(items: Iterable[Any]) -> Iterator[tuple[str, Mapping[str, Any]] | Problem]:
    """The items of a list that are objects and may be kept, a problem for each other."""
    for number, item in enumerate(items, start=1):
        place = f"item {number}"
        if not isinstance(item, dict):
            yield Problem(place, "not_an_object", "An item of the list is one JSON object.")
            continue
        try:
            check(item)
        except Unfit as unfit:
            yield Problem(place, unfit.code, unfit.detail)
            continue
        yield place, item


def lines(file: BinaryIO, encoding: str | None = None) -> Iterator[tuple[int, str | Problem]]:
    """The lines that hold anything, with their numbers; JSON is UTF-8 unless a mark or a choice says otherwise."""
    head = file.read(4)
    mark = encodings.marked(head)
    file.seek(mark.mark if mark else 0)
    name = mark.name if mark else encodings.chosen(encoding or "utf-8")
    for number, line in enumerate(raw_lines(file, name), start=1):
        if isinstance(line, bytes):
            try:
                line = line.decode(name)
            except UnicodeDecodeError as error:
                detail = f"The line is not {name}: the byte at {error.start} does not fit. Choose the file's encoding."
                yield number, Problem(f"line {number}", "wrong_encoding", detail)
                continue
        if line is None:
            yield (
                number,
                Problem(
                    f"line {number}", "line_too_long", f"The line is longer than {LONGEST_LINE:,} bytes."
                ),
            )
        elif line.strip():
            yield number, line


def raw_lines(file: BinaryIO, name: str) -> Iterator[bytes | str | None]:
    """Lines as bytes where a line feed is one byte that nothing else contains, as text otherwise; None for one too long."""
    if name.startswith(("utf-16", "utf-32")):
        yield from codecs_lines(file, name)
        return
    while line := file.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            while (rest := file.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
                pass
            yield None
        else:
            yield line


def codecs_lines(file: BinaryIO, name: str) -> Iterator[str]:
    """Lines of wide characters, split after decoding; what does not decode ends the file as its own line."""
    decoder = codecs.getincrementaldecoder(name)(errors="surrogatepass")
    kept = ""
    while piece := file.read(1 << 16):
        try:
            kept += decoder.decode(piece)
        except UnicodeDecodeError as error:
            raise encodings.misfit(name, file.tell() - len(piece) + error.start) from None
        *whole, kept = kept.split("\n")
        yield from whole
    if kept:
        yield kept


def columns(file: BinaryIO, options: Mapping[str, Any]) -> Columns:
    """Which keys hold what, by the options or by the first lines; goes back to the beginning."""
    keys: dict[str, None] = {}
    problem: Problem | None = None
    sample: list[Mapping[str, str]] = []
    for found in objects(file, options.get("encoding")):
        if isinstance(found, Problem):
            problem = problem or found
        else:
            record = foreign.flattened(found[1])
            keys.update(dict.fromkeys(record))
            sample.append({key: value for key, value in record.items() if isinstance(value, str)})
        if len(sample) == SAMPLE_LINES:
            break
    file.seek(0)
    if not sample and problem:
        raise Unreadable("no_objects", f"No line can be read; {problem.place}: {problem.detail}")
    return named(list(keys), sample, options)


def rows(file: BinaryIO, chosen: Columns, *, stem: str, encoding: str | None = None) -> Rows:
    """A row for each object with a text in the chosen column; the other columns become meta."""
    for found in objects(file, encoding):
        if isinstance(found, Problem):
            yield found
        else:
            yield from row_or_problem(found[0], foreign.flattened(found[1]), chosen, stem)


def row_or_problem(place: str, record: Mapping[str, Any], chosen: Columns, stem: str) -> Rows:
    text = record.get(chosen.text)
    if not isinstance(text, str):
        missing = "has no" if chosen.text not in record else "holds no string in"
        yield Problem(
            place,
            "no_text",
            f"The line {missing} {chosen.text!r}.",
            held=foreign.held_in(record, chosen.text, kept=False),
        )
        return
    try:
        check_document(text)
    except Unfit as unfit:
        yield Problem(place, unfit.code, unfit.detail, held=foreign.held_in(record, chosen.text, kept=False))
        return
    named_id = identity(record.get(chosen.id)) if chosen.id else None
    yield Row(
        place,
        id=named_id or f"{stem}-{place.rpartition(' ')[2]}",
        text=text,
        title=plain(record, chosen.title),
        language=plain(record, chosen.language),
        meta={key: value for key, value in record.items() if key not in chosen.used(record)},
        held=foreign.held_in(record, chosen.text),
    )
    yield from remarks(place, text)


def identity(value: Any) -> str | None:
    """An id is a string or a whole number."""
    if isinstance(value, str) and value.strip():
        return value
    return str(value) if type(value) is int else None


def plain(record: Mapping[str, Any], column: str | None) -> str:
    value = record.get(column) if column else None
    return value if isinstance(value, str) else ""
