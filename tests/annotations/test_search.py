"""What somebody types becomes words and phrases; names are found by their beginnings."""

from types import SimpleNamespace

import pytest

from annotator.annotations import search, sightings
from annotator.annotations.search import asked, places_of


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", []),
        ("  Mayor   Sheriff ", ["mayor", "sheriff"]),
        ('"the  Mayor" said', ["the mayor", "said"]),
        ("“the mayor” said", ["the mayor", "said"]),
        ('"left open', ["left open"]),
        ('"" x x', ["x"]),
        ("a b c d e f g h i j", list("abcdefgh")),
        ("don’t", ["don't"]),
        ("nul\0l", ["null"]),
    ],
)
def test_words_and_phrases(typed: str, words: list[str]) -> None:
    assert [word[0] for word in asked(typed).words] == words


def test_an_unknown_place_is_everywhere() -> None:
    assert asked("x", "nowhere").place == "everywhere"
    assert asked("x", "text").place == "text"


def test_what_is_typed_is_cut_where_nobody_types_more() -> None:
    assert len(search.plain("x" * 5000)) == search.LONGEST


def test_places_do_not_overlap_and_prefer_the_longer_word() -> None:
    assert places_of([("may",), ("mayor",)], "the mayor may") == [(4, 9), (10, 13)]
    assert places_of([], "text") == []
    assert places_of([("a.c",)], "abc a.c") == [(4, 7)]


@pytest.mark.parametrize(
    ("text", "phrase", "stands"),
    [
        ("We 🏛 call them sanctuary\r\ncities.", "sanctuary cities", "sanctuary\r\ncities"),
        ("We 🏛 call them Sanctuary  Cities.", "sanctuary cities", "Sanctuary  Cities"),
        ("We 🏛 call them sanctuary\ncities.", "sanctuary cities", "sanctuary\ncities"),
        ("🏛🏛 The city council\r\nhas met.", "city council has", "city council\r\nhas"),
        ("🏛🏛 The city\r\ncouncil\r\nhas met.", "city council has", "city\r\ncouncil\r\nhas"),
    ],
)
def test_a_phrase_is_marked_where_its_line_is_broken_or_two_blanks_stand(
    text: str, phrase: str, stands: str
) -> None:
    document = SimpleNamespace(title="", external_id="d1", piece=text)
    (seen,) = sightings.in_text(document, asked(f'"{phrase}"'))
    assert [piece for piece, marked in seen.pieces if marked] == [stands]
    before = seen.pieces[0][0]
    start = text.index(stands)
    assert before.removeprefix("…") == text[start - len(before.removeprefix("…")) : start]
    assert "".join(piece for piece, _ in seen.pieces).removeprefix("…") in text
