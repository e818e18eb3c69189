"""What somebody types becomes words and phrases; names are found by their beginnings."""

import sqlite3
from types import SimpleNamespace

import pytest
from django.db import connection

from annotator.accounts.models import User
from annotator.annotations import search, sightings
from annotator.annotations.models import AnnotationSet
from annotator.annotations.search import asked, places_of
from annotator.annotations.vocabulary import Vocabulary
from annotator.documents.models import Document
from annotator.projects import scheme as schemes
from annotator.projects.models import Project
from tests.conftest import add_document


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


def test_words_after_the_eighth_are_left_out_and_known() -> None:
    assert asked("a b c d e f g h i “j k” a").left_out == ("i", "j k")
    assert asked("a b c d e f g h").left_out == ()


@pytest.mark.django_db
def test_more_documents_than_a_database_takes_parameters_are_found(project: Project, mona: User) -> None:
    for number in range(40):
        add_document(project, mona, f"d{number}", "Text.")
    keys = list(Document.objects.order_by("pk").values_list("pk", flat=True))
    known = Vocabulary(project.pk, tuple(("said", key, "The old ledger", "") for key in keys[1:]))
    told = search.condition(asked("ledger old"), AnnotationSet.objects.none(), schemes.of(project), known)
    found = Document.objects.filter(told).order_by("pk")
    ids = Document.objects.filter(search.among("external_id", ["d3", "d5", "d'7"])).order_by("pk")
    assert connection.connection is not None
    if connection.vendor == "sqlite":
        before = connection.connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 30)
    try:
        assert list(found.values_list("pk", flat=True)) == keys[1:]
        assert list(ids.values_list("external_id", flat=True)) == ["d3", "d5"]
    finally:
        if connection.vendor == "sqlite":
            connection.connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, before)
