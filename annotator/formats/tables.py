"""CSV and TSV with a text column: streamed, with line numbers, whatever separates the cells."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any, BinaryIO, Literal

from annotator.formats import encodings, foreign
from annotator.formats.columns import Columns, named
from annotator.formats.rows import Problem, Row, Rows, Unreadable
from annotator.formats.text_files import LARGEST, remarks
from annotator.formats.values import Unfit, check, check_document

csv.field_size_limit(LARGEST)
SEPARATORS = (",", ";", "\t", "|")
SAMPLE = 1 << 16
SAMPLE_ROWS = 50


@dataclass(frozen=True)
class Dialect:
    """How the table is written: its encoding, what separates the cells, whether quotes quote, an Excel `sep=` line."""

    encoding: encodings.Encoding
    separator: str
    quoted: bool = True
    sep_line: bool = False


def dialect(file: BinaryIO, options: Mapping[str, Any]) -> Dialect:
    """How this table is written, by the options `encoding`, `separator` and `quoted` or by looking at it."""
    encoding = encodings.detected(file, options.get("encoding"))
    with_text = opened(file, encoding)
    try:
        head = with_text.read(SAMPLE)
    except UnicodeDecodeError as error:
        raise encodings.misfit(encoding.name, error.start) from None
    finally:
        with_text.detach()
        file.seek(0)
    first = head.split("\n", 1)[0].rstrip("\r")
    sep_line = first[:4].casefold() == "sep=" and len(first) == 5
    separator = options.get("separator") or (first[4] if sep_line else sniffed(head))
    found = Dialect(encoding, separator, sep_line=sep_line)
    quoted = options.get("quoted")
    if quoted is None:
        quoted = separator != "\t" or not quotes_are_plain(file, found)
    return Dialect(encoding, separator, quoted=quoted, sep_line=sep_line)


def opened(file: BinaryIO, encoding: encodings.Encoding) -> io.TextIOWrapper:
    """The file as text from behind its mark, newlines as they are; detach it when done."""
    file.seek(encoding.mark)
    return io.TextIOWrapper(file, encoding=encoding.name, newline="")


def sniffed(head: str) -> str:
    """The separator that cuts the first rows into equally many cells, and most of them."""
    return max(SEPARATORS, key=lambda separator: regularity(head, separator))


def regularity(head: str, separator: str) -> tuple[float, int]:
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=separator)
    widths = [len(row) for row, _ in zip(reader, range(SAMPLE_ROWS), strict=False) if row]
    if not widths or widths[0] == 1:
        return 0.0, 0
    width, count = Counter(widths).most_common(1)[0]
    return count / len(widths) if width > 1 else 0.0, width


def quotes_are_plain(file: BinaryIO, found: Dialect) -> bool:
    """Whether a tab-separated file uses quotes as ordinary signs: read as quoting ones, they do not pair."""
    text = opened(file, found.encoding)
    try:
        for _ in csv.reader(text, delimiter="\t", strict=True):
            pass
    except csv.Error:
        return True
    except UnicodeDecodeError as error:
        raise encodings.misfit(found.encoding.name, error.start) from None
    finally:
        text.detach()
        file.seek(0)
    return False


def cells(file: BinaryIO, found: Dialect) -> Generator[tuple[int, list[str]] | Problem, None, None]:
    """The rows, blank ones passed over, each with the line it begins on; or the problem with a row."""
    text = opened(file, found.encoding)
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if found.quoted else csv.QUOTE_NONE
    reader = csv.reader(text, delimiter=found.separator, quoting=quoting, strict=True)
    try:
        if found.sep_line:
            next(reader)
        while True:
            line = reader.line_num + 1
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                last = f" to {reader.line_num}" if reader.line_num > line else ""
                yield Problem(
                    f"line {line}", "bad_quotes", f"The row in lines {line}{last} cannot be read: {error}."
                )
                continue
            except UnicodeDecodeError as error:
                detail = f"From here on the file is not {found.encoding.name}: {error.reason}."
                yield Problem(f"line {line}", "wrong_encoding", detail)
                return
            if any(row):
                yield line, row
    finally:
        # Whoever stops reading early may have closed the file by now.
        if not file.closed:
            text.detach()


def columns(file: BinaryIO, found: Dialect, options: Mapping[str, Any]) -> Columns:
    """Which column holds what; goes back to the beginning."""
    with closing(cells(file, found)) as reading:
        chosen = columns_of(reading, options)
    file.seek(0)
    return chosen


def columns_of(reading: Iterator[tuple[int, list[str]] | Problem], options: Mapping[str, Any]) -> Columns:
    header = next(reading, None)
    if not isinstance(header, tuple):
        raise Unreadable("no_header", "The table has no first row that names its columns.")
    names = header[1]
    if len(set(names)) != len(names):
        twice = next(name for name, count in Counter(names).items() if count > 1)
        raise Unreadable("column_repeated", f"Two columns are called {twice!r}.")
    sample = []
    for row in reading:
        if isinstance(row, tuple):
            sample.append(dict(zip(names, row[1], strict=False)))
        if len(sample) == SAMPLE_ROWS:
            break
    return named(names, sample, options)


def rows(file: BinaryIO, found: Dialect, chosen: Columns, *, stem: str) -> Rows:
    """A row for each line of the table with a text; the other columns become meta, as strings."""
    reading = cells(file, found)
    next(reading, None)
    guess = found.encoding.name if found.encoding.guess else None
    for row in reading:
        if isinstance(row, Problem):
            yield row
        else:
            yield from row_or_problem(row[0], row[1], chosen, stem, guess)


def row_or_problem(line: int, row: list[str], chosen: Columns, stem: str, guess: str | None) -> Rows:
    place = f"line {line}"
    if len(row) > len(chosen.names):
        yield Problem(
            place, "too_many_cells", f"The row has {len(row)} cells, the table {len(chosen.names)} columns."
        )
        return
    record = dict(zip(chosen.names, row, strict=False))
    text = record.get(chosen.text, "")
    try:
        check_document(text)
        check(record)
    except Unfit as unfit:
        lost = foreign.held_in_row(record, chosen.text, kept=False)
        yield Problem(place, unfit.code, unfit.detail, held=lost)
        return
    own = chosen.used(record)
    yield Row(
        place,
        id=(record.get(chosen.id) if chosen.id else None) or f"{stem}-{line}",
        text=text,
        title=record.get(chosen.title, "") if chosen.title else "",
        language=record.get(chosen.language, "") if chosen.language else "",
        meta={name: value for name, value in record.items() if name not in own},
        guessed=guess,
        held=foreign.held_in_row(record, chosen.text),
    )
    if len(row) < len(chosen.names):
        yield Problem(
            place, "too_few_cells", f"The row has {len(row)} of {len(chosen.names)} cells.", taken=True
        )
    yield from remarks(place, text)
