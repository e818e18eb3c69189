"""What holds of every text: it comes back code point by code point, whatever carries it."""

import io
import json
import subprocess
import sys
import zipfile
from contextlib import suppress
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from annotator.formats import archives, encodings, jsonl, neutral, tables, text_files
from annotator.formats.bundles import Bundle
from annotator.formats.rows import Row, Rows, Unreadable
from annotator.formats.values import check_document

SIGNS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
TEXTS = (st.text(SIGNS, min_size=1) | st.text("a😊é\r\n\u2028\x85\ufeff \"',;\t=", min_size=1)).filter(
    lambda text: bool(text.strip())
)


def texts_of(rows: Rows) -> list[str]:
    return [row.text for row in rows if isinstance(row, Row)]


@given(TEXTS)
def test_a_text_in_utf_8_is_itself(text: str) -> None:
    assert encodings.decoded("\ufeff".encode() + text.encode())[0] == text
    marked = text.startswith("\ufeff")
    assert encodings.decoded(text.encode())[0] == (text[1:] if marked else text)


@given(TEXTS, st.sampled_from(["utf-16-le", "utf-16-be"]))
def test_a_text_in_utf_16_with_its_mark_is_itself(text: str, name: str) -> None:
    found, encoding = encodings.decoded(("\ufeff" + text).encode(name))
    assert (found, encoding.name, encoding.guess) == (text, name, False)


@given(st.lists(TEXTS, min_size=1, max_size=4), st.booleans())
def test_texts_in_json_lines_are_themselves(texts: list[str], escaped: bool) -> None:
    lines = [json.dumps({"text": text}, ensure_ascii=escaped) for text in texts]
    file = io.BytesIO("\n".join(lines).encode())
    assert texts_of(jsonl.rows(file, jsonl.columns(file, {}), stem="t")) == texts


@given(st.lists(TEXTS, min_size=1, max_size=4), st.sampled_from([",", ";", "\t"]))
def test_texts_in_a_quoted_table_are_themselves(texts: list[str], separator: str) -> None:
    rows = ["id" + separator + "text"]
    rows += [
        f'{number}{separator}"{text.replace(chr(34), chr(34) * 2)}"' for number, text in enumerate(texts)
    ]
    file = io.BytesIO("\r\n".join(rows).encode())
    found = tables.dialect(file, {"separator": separator, "quoted": True})
    assert texts_of(tables.rows(file, found, tables.columns(file, found, {}), stem="t")) == texts


@given(TEXTS)
def test_a_text_in_a_zip_is_itself(text: str) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", "\ufeff" + text)
    assert texts_of(archives.rows(file)) == [text]


@given(
    TEXTS, st.dictionaries(st.text(SIGNS), st.none() | st.booleans() | st.integers(-9, 9) | st.text(SIGNS))
)
def test_a_record_is_read_as_it_was_written(text: str, meta: dict[str, Any]) -> None:
    record = {"id": "d", "title": "", "text": text, "language": "", "meta": meta, "sets": []}
    line = neutral.line(record)
    assert line.count(b"\n") == 1
    [row] = (row for row in neutral.rows(io.BytesIO(line)) if isinstance(row, Row))
    assert (row.text, row.meta) == (text, meta)


@given(st.binary(max_size=400))
def test_any_bytes_are_a_document_or_a_problem(data: bytes) -> None:
    for row in text_files.row_or_problem("a.txt", data):
        if isinstance(row, Row):
            check_document(row.text)
    for read in (neutral.rows, archives_or_nothing):
        list(read(io.BytesIO(data)))


def archives_or_nothing(file: io.BytesIO) -> Rows:
    with suppress(Unreadable):
        yield from archives.rows(file)


def test_a_bundle_written_twice_is_the_same_bytes() -> None:
    def written() -> bytes:
        file = io.BytesIO()
        bundle = Bundle(file)
        bundle.add(b'{"id": "a"}\n')
        bundle.close({"labels": []}, {"documents": 1})
        return file.getvalue()

    assert written() == written()
    with zipfile.ZipFile(io.BytesIO(written())) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_formats_can_be_read_where_no_framework_is_installed() -> None:
    program = """
import sys
for name in ("django", "celery", "kombu", "redis", "rest_framework", "psycopg", "rules"):
    sys.modules[name] = None
import annotator.formats.archives, annotator.formats.bundles, annotator.formats.jsonl, annotator.formats.neutral
import annotator.formats.spans_csv, annotator.formats.tables, annotator.formats.text_files
"""
    subprocess.run([sys.executable, "-c", program], check=True)
