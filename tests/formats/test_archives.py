"""ZIPs of text files: what is read, and what is not and why."""

import io
import zipfile
from collections.abc import Callable

import pytest

from annotator.formats import archives
from annotator.formats.rows import Problem, Row, Unreadable

Fill = Callable[[zipfile.ZipFile], None]


def made(fill: Fill) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        fill(archive)
    file.seek(0)
    return file


def codes(file: io.BytesIO, encoding: str | None = None) -> dict[str, str]:
    found = archives.rows(file, encoding)
    return {row.place: row.code if isinstance(row, Problem) else "taken" for row in found}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../up.txt", "unsafe_name"),
        ("a/../../up.txt", "unsafe_name"),
        ("/root.txt", "unsafe_name"),
        ("C:/root.txt", "unsafe_name"),
        ("inner.zip", "nested_archive"),
        ("inner.tar.gz", "nested_archive"),
        ("picture.png", "not_a_text_file"),
        ("page.html", "not_a_text_file"),
        ("__MACOSX/a.txt", "system_file"),
        ("folder/._a.txt", "system_file"),
        ("Thumbs.db", "system_file"),
        ("folder/a.txt", "taken"),
        ("README", "taken"),
    ],
)
def test_a_name_decides_what_is_read(name: str, code: str) -> None:
    assert codes(made(lambda archive: archive.writestr(name, "text"))) == {name: code}


def test_a_name_with_marks_of_direction_is_written_out() -> None:
    file = made(lambda archive: archive.writestr("a\u202etxt.exe.txt", "text"))
    [row] = archives.rows(file)
    assert isinstance(row, Row)
    assert (row.place, row.id, row.title) == ("a\\u202etxt.exe.txt", "a\\u202etxt.exe.txt", "a\\u202etxt.exe")


def test_a_backslash_is_no_folder_here() -> None:
    file = made(lambda archive: archive.writestr(zipfile.ZipInfo("x"), "text"))
    data = file.getvalue().replace(b"x", b"\\")
    assert list(codes(io.BytesIO(data)).values()) == ["unsafe_name"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_repeated_name_is_read_once() -> None:
    def fill(archive: zipfile.ZipFile) -> None:
        archive.writestr("a.txt", "first")
        archive.writestr("a.txt", "second")

    first, second = archives.rows(made(fill))
    assert isinstance(first, Row)
    assert first.text == "first"
    assert isinstance(second, Problem)
    assert second.code == "name_repeated"


def test_what_packs_too_well_is_not_unpacked() -> None:
    file = made(lambda archive: archive.writestr("zeros.txt", "0" * 20_000_000))
    assert codes(file) == {"zeros.txt": "suspicious_ratio"}


def test_a_file_that_lies_about_its_size_is_damaged() -> None:
    data = made(lambda archive: archive.writestr("a.txt", "some text " * 50)).getvalue()
    lying = data.replace((500).to_bytes(4, "little"), (40).to_bytes(4, "little"))
    assert lying != data
    assert codes(io.BytesIO(lying)) == {"a.txt": "damaged"}


def test_all_files_together_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LARGEST_TOTAL", 10)

    def fill(archive: zipfile.ZipFile) -> None:
        archive.writestr("a.txt", "1234567")
        archive.writestr("b.txt", "1234567")

    assert codes(made(fill)) == {"a.txt": "taken", "b.txt": "archive_too_large"}


def test_an_encrypted_file_is_named() -> None:
    data = bytearray(made(lambda archive: archive.writestr("a.txt", "text")).getvalue())
    for mark, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.find(mark) + at] |= 1
    assert codes(io.BytesIO(bytes(data))) == {"a.txt": "encrypted"}


def test_a_link_is_not_followed() -> None:
    link = zipfile.ZipInfo("a.txt")
    link.external_attr = 0o120777 << 16
    assert codes(made(lambda archive: archive.writestr(link, "/etc/passwd"))) == {"a.txt": "not_a_text_file"}


@pytest.mark.parametrize("data", [b"", b"PK\3\4", b"no zip at all", b"PK\5\6" + b"\0" * 10])
def test_what_is_no_zip_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        list(archives.rows(io.BytesIO(data)))
    assert refused.value.code == "not_a_zip"


def test_a_chosen_encoding_leaves_the_files_that_are_utf_8() -> None:
    def fill(archive: zipfile.ZipFile) -> None:
        archive.writestr("new.txt", "Zürich".encode())
        archive.writestr("old.txt", "Zürich".encode("cp1252"))

    rows = list(archives.rows(made(fill), "cp1252"))
    assert [row.text for row in rows if isinstance(row, Row)] == ["Zürich", "Zürich"]
    assert all(isinstance(row, Row) and row.guessed is None for row in rows)
