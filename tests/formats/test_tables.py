"""Tables: separators, quotes, columns, and the places of what cannot be read."""

import io

import pytest

from annotator.formats import spans_csv, tables
from annotator.formats.rows import Problem, Row, Unreadable


def read(data: bytes, **options: object) -> list[Row | Problem]:
    file = io.BytesIO(data)
    found = tables.dialect(file, options)
    return list(tables.rows(file, found, tables.columns(file, found, options), stem="t"))


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(separator: str) -> None:
    data = "\n".join(
        separator.join(row) for row in (["id", "text"], ["1", "first, of two; or"], ["2", "second"])
    )
    quoted = data.replace("first, of two; or", '"first, of two; or"')
    assert [(row.id, row.text) for row in read(quoted.encode()) if isinstance(row, Row)] == [
        ("1", "first, of two; or"),
        ("2", "second"),
    ]


def test_a_table_of_one_column_is_a_table() -> None:
    assert [(row.id, row.text) for row in read(b"text\none\ntwo\n") if isinstance(row, Row)] == [
        ("t-2", "one"),
        ("t-3", "two"),
    ]


def test_the_text_column_is_guessed_by_length_where_no_name_tells() -> None:
    [row] = read(b"a,b,c\nx,a rather longer cell,y\n")
    assert isinstance(row, Row)
    assert (row.text, row.meta) == ("a rather longer cell", {"a": "x", "c": "y"})


def test_the_text_column_may_be_chosen() -> None:
    [row] = read(b"text,note\nx,the real text\n", text="note")
    assert isinstance(row, Row)
    assert (row.text, row.meta) == ("the real text", {"text": "x"})


def test_an_unknown_column_is_refused_with_the_known_ones() -> None:
    with pytest.raises(Unreadable) as refused:
        read(b"text,note\nx,y\n", text="body")
    assert refused.value.code == "unknown_column"
    assert "text, note" in refused.value.detail


def test_a_column_may_not_stand_twice() -> None:
    with pytest.raises(Unreadable) as refused:
        read(b"text,text\nx,y\n")
    assert refused.value.code == "column_repeated"


def test_cells_too_many_are_refused_and_too_few_remarked_on() -> None:
    found = read(b"id,text,source\n1,one,x,y\n2,two\n")
    assert [(row.place, row.code, row.taken) for row in found if isinstance(row, Problem)] == [
        ("line 2", "too_many_cells", False),
        ("line 3", "too_few_cells", True),
    ]
    assert [row.text for row in found if isinstance(row, Row)] == ["two"]


def test_a_quote_that_never_closes_is_named_with_its_lines() -> None:
    found = read(b'id,text\n1,one\n2,"two\n3,three\n')
    assert [row.text for row in found if isinstance(row, Row)] == ["one"]
    [problem] = [row for row in found if isinstance(row, Problem)]
    assert (problem.place, problem.code) == ("line 3", "bad_quotes")


def test_a_long_cell_is_one_text() -> None:
    text = "A sentence. " * 50_000
    [row] = read(f'id,text\n1,"{text}"\n'.encode())
    assert isinstance(row, Row)
    assert row.text == text


def test_a_table_in_another_encoding_is_a_guess() -> None:
    [row] = read("id,text\n1,“Zürich” is safe\n".encode("cp1252"))
    assert isinstance(row, Row)
    assert (row.text, row.guessed) == ("“Zürich” is safe", "cp1252")


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "'=1", "''=1"])
def test_no_cell_is_a_formula_and_the_text_can_be_had_back(cell: str) -> None:
    guarded = spans_csv.guarded(cell)
    assert guarded == f"'{cell}"
    assert spans_csv.unguarded(guarded) == cell


@pytest.mark.parametrize("cell", ["a=1", "'quoted'", "", "1", "’=1"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert spans_csv.guarded(cell) == cell == spans_csv.unguarded(cell)
