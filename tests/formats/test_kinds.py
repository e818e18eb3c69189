"""Files that are no texts, whatever their names say, are refused by what they are."""

import io
import zipfile

import pytest

from annotator.formats import archives, kinds, text_files
from annotator.formats.rows import Problem, Unreadable


def packed(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return file.getvalue()


SHEET = packed(**{"[Content_Types]_xml": b"<Types/>", "xl__workbook_xml": b"<workbook/>"})
FILES = {
    "an Excel sheet": SHEET,
    "a Word document": packed(**{"_rels__.rels": b"", "word__document_xml": b"", "[Content_Types]_xml": b""}),
    "an OpenDocument text": packed(mimetype=b"application/vnd.oasis.opendocument.text"),
    "an OpenDocument sheet": packed(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"),
    "an EPUB book": packed(mimetype=b"application/epub+zip"),
    "a PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "an RTF text": b"{\\rtf1\\ansi Text}",
    "a document of an older Word, Excel or PowerPoint": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(40),
    "a picture": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "a compressed file (gzip)": b"\x1f\x8b\x08\0\0\0\0\0",
    "an archive (tar)": b"a.txt" + bytes(252) + b"ustar\x0000" + bytes(248),
    "a binary file": bytes(range(256)) * 4,
}


@pytest.mark.parametrize(("kind", "data"), FILES.items())
def test_what_is_no_text_is_refused_by_its_kind_under_any_name(kind: str, data: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        kinds.refuse(io.BytesIO(data))
    assert refused.value.code == "not_a_text_file"
    assert refused.value.detail.startswith(f"This is {kind}")
    [problem] = text_files.row_or_problem("interview.txt", data)
    assert isinstance(problem, Problem)
    assert problem.detail == refused.value.detail


def test_a_sheet_is_told_to_be_saved_as_csv() -> None:
    assert "Save it as CSV" in kinds.refusal("an Excel sheet")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        "Zürich – naïve 😊".encode(),
        "Zürich".encode("utf-16"),
        "Zürich und Bern".encode("utf-16-le"),
        "Grüße aus Köln".encode("cp1252"),
        "市は避難所である".encode("shift_jis"),
        "市は避難所である".encode("iso2022_jp"),
        b"A page\x0cAnother page",
        packed(a_txt=b"Text"),
        b"PK\x03\x04 no archive",
    ],
)
def test_a_text_in_any_encoding_and_a_zip_of_texts_are_none_of_these(data: bytes) -> None:
    file = io.BytesIO(data)
    assert kinds.no_text(file) is None
    assert file.tell() == 0


def test_a_sheet_inside_a_zip_is_named_and_not_read() -> None:
    file = io.BytesIO(packed(**{"a.xlsx": SHEET, "b.txt": SHEET, "c.txt": b"A text"}))
    problems = [found for found in archives.rows(file) if isinstance(found, Problem)]
    assert [(one.place, one.code) for one in problems] == [
        ("a.xlsx", "not_a_text_file"),
        ("b.txt", "not_a_text_file"),
    ]
    assert all("This is an Excel sheet" in one.detail for one in problems)


def test_a_zip_that_is_called_a_text_is_named() -> None:
    [problem] = text_files.row_or_problem("a.txt", packed(a=b"Text"))
    assert isinstance(problem, Problem)
    assert "an archive (ZIP)" in problem.detail
