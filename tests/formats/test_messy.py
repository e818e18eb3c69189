"""Awkward files, each by what is expected of it.

The small files in `data/` were made for tests of this kind. More of them, larger ones too, are read where they are at hand.
"""

import json
import struct
import unicodedata
from pathlib import Path

import pytest

from annotator.formats import archives, encodings, jsonl, tables, text_files
from annotator.formats.rows import Problem, Row, Unreadable

DATA = Path(__file__).parent / "data"
SHARED = Path(__file__).resolve().parents[3] / "shared"


NEWS = (
    "The council met on Tuesday.\r\n“Nobody hides behind this ordinance,” the defender said. “People do,” the steward "
    "answered – and nobody’s mind was changed.\r\n"
)


def text_of(
    name: str, data: bytes | None = None, encoding: str | None = None
) -> tuple[str, list[Problem], str | None]:
    """The text of a file, the remarks on it, and the encoding that was guessed."""
    row, *remarks = text_files.row_or_problem(
        name, (DATA / name).read_bytes() if data is None else data, encoding
    )
    assert isinstance(row, Row), row
    return row.text, [remark for remark in remarks if isinstance(remark, Problem)], row.guessed


def refusal(name: str, data: bytes | None = None) -> Problem:
    found = text_files.row_or_problem(name, (DATA / name).read_bytes() if data is None else data)
    assert len(found) == 1
    assert isinstance(found[0], Problem)
    assert not found[0].taken
    return found[0]


# code points that the file has, and what its text begins with
TEXTS = {
    "mixed_newlines.txt": (84, "line one\r\nline two\nline three\rline four\u2028"),
    "latin1.txt": (21, "Café à Zürich – naïve"),
    "emoji_zwj.txt": (89, "I support sanctuary"),
    "hebrew_bidi.txt": (107, "ראש העיר"),
    "astral_only.txt": (18, "𝒮𝒶𝓃𝒸𝓉𝓊𝒶𝓇𝓎"),
    "html_special.txt": (136, "<script>"),
}


@pytest.mark.parametrize(("name", "expected"), TEXTS.items())
def test_a_text_is_kept_code_point_by_code_point(name: str, expected: tuple[int, str]) -> None:
    text, remarks, _ = text_of(name)
    assert len(text) == expected[0]
    assert text.startswith(expected[1])
    assert not remarks


def test_carriage_returns_are_kept() -> None:
    text, _, _ = text_of("news.txt", NEWS.encode())
    assert text == NEWS
    assert text.count("\r\n") == 2


def test_no_normal_form_is_forced_on_a_text() -> None:
    text, _, _ = text_of("nfd_vs_nfc.txt")
    lengths = [len(text), len(unicodedata.normalize("NFD", text)), len(unicodedata.normalize("NFC", text))]
    assert lengths == [44, 46, 42]


def test_a_mark_of_byte_order_goes_and_only_at_the_beginning() -> None:
    text, _ = encodings.decoded("\ufeffone\ufefftwo".encode())
    assert text == "one\ufefftwo"


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "utf-8"])
def test_every_byte_order_mark_is_read(name: str) -> None:
    text, found = encodings.decoded("\ufeffStädte 😊".encode(name))
    assert (text, found.name, found.guess) == ("Städte 😊", name, False)


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_a_guess(name: str) -> None:
    assert text_of("news.txt", NEWS.encode(name)) == (NEWS, [], name)


def test_windows_quotes_become_quotes_and_the_encoding_is_a_guess() -> None:
    assert text_of("news.txt", NEWS.encode("cp1252")) == (NEWS, [], "cp1252")


def test_a_chosen_encoding_is_no_guess() -> None:
    assert text_of("news.txt", NEWS.encode("cp1252"), "windows-1252") == (NEWS, [], None)


def test_one_byte_far_in_is_enough_to_doubt_utf_8() -> None:
    text = "The ordinance stays. " * 120_000 + "Z\u00fcrich"
    assert text_of("long.txt", text.encode("cp1252")) == (text, [], "cp1252")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Burmistrz powiedział, że miasto jest bezpieczne. Źródło: gęś. " * 4, "cp1250"),
        ("Мэр сказал, что город безопасен. " * 4, "cp1251"),
        ("El alcalde dijo que la ciudad está segura. ¿Y mañana? " * 2, "cp1252"),
        ("他说城市是安全的。" * 5, "gb18030"),
    ],
)
def test_other_encodings_are_guessed(text: str, encoding: str) -> None:
    assert encodings.decoded(text.encode(encoding)) == (text, encodings.Encoding(encoding, guess=True))


def test_a_chosen_encoding_that_does_not_fit_is_refused_and_nothing_is_replaced() -> None:
    with pytest.raises(Unreadable) as refused:
        encodings.decoded("Zürich".encode("cp1252"), "utf-8")
    assert refused.value.code == "wrong_encoding"
    assert "byte at 1 " in refused.value.detail


@pytest.mark.parametrize(
    "name", ["zlib", "base64", "rot13", "idna", "punycode", "unicode_escape", "no such", "a\0b"]
)
def test_a_codec_that_is_no_encoding_of_text_cannot_be_chosen(name: str) -> None:
    with pytest.raises(Unreadable) as refused:
        encodings.decoded(b"text", name)
    assert refused.value.code == "unknown_encoding"


def test_mojibake_is_kept_as_it_is_with_a_remark() -> None:
    text, remarks, guess = text_of("double_encoded_mojibake.txt")
    assert text == "â€œWe have your back.â€\ufffd"
    assert guess is None
    assert [(remark.code, remark.taken) for remark in remarks] == [("replacement_character", True)]


def test_an_override_of_direction_is_remarked_on() -> None:
    text, remarks, _ = text_of("bidi_override_attack.txt")
    assert "\u202e" in text
    assert [remark.code for remark in remarks] == ["direction_override"]


def test_nul_is_refused_with_its_place() -> None:
    found = refusal("nul_and_controls.txt")
    assert found.code == "nul_character"
    assert found.detail == "There is a NUL character at 4."


@pytest.mark.parametrize("data", [b"", b" \n\t\xc2\xa0\n", b"\xef\xbb\xbf"])
def test_a_text_with_nothing_in_it_is_refused(data: bytes) -> None:
    assert refusal("nothing.txt", data).code == "empty_text"


@pytest.mark.parametrize("name", ["page.html", "page.HTM", "scan.pdf", "paper.docx"])
def test_what_is_no_plain_text_is_refused_by_name(name: str) -> None:
    assert refusal(name, b"<p>text</p>").code == "not_a_text_file"


def test_a_million_characters_on_one_line_are_one_text() -> None:
    sentence = "sanctuary city stance "
    [row] = text_files.row_or_problem("long.txt", (sentence * 60_000).encode())
    assert isinstance(row, Row)
    assert len(row.text) == 1_320_000


# Tables


def table(name: str) -> list[Row | Problem]:
    with (DATA / name).open("rb") as file:
        found = tables.dialect(file, {})
        columns = tables.columns(file, found, {})
        return list(tables.rows(file, found, columns, stem="t"))


def test_newlines_within_cells_do_not_end_a_row() -> None:
    found = table("embedded_newlines.csv")
    rows = {row.place: row for row in found if isinstance(row, Row)}
    assert list(rows) == ["line 2", "line 4", "line 6", "line 8", "line 9"]
    assert rows["line 2"].text == 'Line one\nLine two, with comma and "quotes"'
    assert rows["line 4"].text == 'He said ""stop""\r\nand left'
    assert rows["line 6"].text == '=HYPERLINK("http://x","click")'
    assert rows["line 6"].meta == {"source": "+1", "stance": "@cmd"}
    assert [(row.place, row.code) for row in found if isinstance(row, Problem)] == [("line 7", "empty_text")]


def test_what_excel_writes_is_read() -> None:
    first, second = table("excel_semicolon_bom.csv")
    assert isinstance(first, Row)
    assert isinstance(second, Row)
    assert (first.id, first.text, first.place) == ("1", "Erste Zeile\nzweite; Zeile", "line 3")
    assert (second.text, second.meta) == ("1,5 Mio. €", {"stance": "anti"})


def test_a_quote_that_never_closes_is_a_sign_in_a_tab_separated_file() -> None:
    first, second = table("tsv_unquoted_quotes.tsv")
    assert isinstance(first, Row)
    assert isinstance(second, Row)
    assert first.text == '"He started a quote and never closed it'
    assert second.text == "next row must stay a row"


# JSON Lines


def test_each_bad_line_is_named() -> None:
    with (DATA / "bad_lines.jsonl").open("rb") as file:
        found = list(jsonl.rows(file, jsonl.columns(file, {}), stem="t"))
    rows = {row.place: row for row in found if isinstance(row, Row)}
    assert {place: row.id for place, row in rows.items()} == {
        "line 1": "a",
        "line 4": "c",
        "line 8": "f",
        "line 9": "a",
    }
    assert rows["line 8"].text == "U+2028 inside \u2028 line"
    assert rows["line 4"].text == "pair 😀 ok"
    assert [(row.place, row.code) for row in found if isinstance(row, Problem)] == [
        ("line 3", "lone_surrogate"),
        ("line 5", "no_text"),
        ("line 6", "no_text"),
        ("line 7", "not_json"),
        ("line 10", "not_a_number"),
        ("line 11", "not_an_object"),
    ]


# Archives


def test_what_is_nasty_in_a_zip_is_left_out_by_name() -> None:
    with (DATA / "nasty.zip").open("rb") as file:
        found = list(archives.rows(file))
    assert {row.place: row.text for row in found if isinstance(row, Row)} == {
        "docs/a.txt": "fine",
        "docs/ünïcode – naïve.txt": "name",
    }
    assert {row.place: row.code for row in found if isinstance(row, Problem)} == {
        "../../evil.txt": "unsafe_name",
        "__MACOSX/docs/._a.txt": "system_file",
        "docs/.DS_Store": "system_file",
        "docs/a.TXT": "name_clash",
        "docs/empty.txt": "empty_text",
        "docs/zeros.txt": "suspicious_ratio",
        "/abs.txt": "unsafe_name",
    }


def test_an_archive_with_a_huge_directory_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "huge.zip"
    path.write_bytes(b"PK\5\6" + struct.pack("<HHHHLLH", 0, 0, 0xFFFF, 0xFFFF, 2**31, 0, 0))
    with path.open("rb") as file, pytest.raises(Unreadable) as refused:
        archives.opened(file)
    assert refused.value.code == "too_many_files"


# All of the kind that are at hand


def shared() -> list[dict[str, object]]:
    manifest = SHARED / "data" / "messy" / "manifest.json"
    return json.loads(manifest.read_text()) if manifest.exists() else []


@pytest.mark.skipif(not shared(), reason="the larger awkward files are not beside this checkout")
def test_every_text_at_hand_has_the_code_points_its_manifest_says() -> None:
    refused = {}
    for told in shared():
        name = str(told["file"])
        if not name.endswith((".txt", ".html")):
            continue
        data = (SHARED / "data" / "messy" / name).read_bytes()
        found = text_files.row_or_problem(name, data)[0]
        if isinstance(found, Problem):
            refused[name] = found.code
        else:
            assert len(found.text) == told["code_points"], name
            assert len(found.text.encode("utf-16-le")) // 2 == told["utf16_units"], name
    assert refused == {
        "nul_and_controls.txt": "nul_character",
        "empty.txt": "empty_text",
        "whitespace_only.txt": "empty_text",
        "page_cp1252_meta.html": "not_a_text_file",
    }
