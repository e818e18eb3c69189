"""Texts as they are searched: no offset moves, and what people type alike is alike."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.documents.folding import fold, forms


@given(st.text())
def test_a_folded_text_is_as_long_as_the_text_and_folds_no_further(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Málaga", "malaga"),
        ("ΆΘΛΟΣ", "αθλοσ"),
        ("Ёлка", "елка"),
        ("İstanbul", "istanbul"),
        ("“We’ll see” – so", '"we\'ll see" - so'),
        ("a\r\nb\u00a0c\td", "a  b c d"),
        ("が", "が"),  # the voicing mark is no accent
        ("की", "की"),
        ("Straße", "straße"),
    ],
)
def test_case_accents_spaces_and_quotation_marks_are_made_alike(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_what_is_typed_is_looked_for_with_its_accents_in_the_letters_and_after_them() -> None:
    apart = unicodedata.normalize("NFD", "Cafés")
    assert forms("Cafés") == ["cafes", fold(apart)]
    assert any(form in fold(apart) for form in forms("cafés"))
    assert forms("plain") == ["plain"]


def test_a_phrase_is_looked_for_with_two_blanks_at_one_joint_or_at_all() -> None:
    assert forms("a b") == ["a b", "a  b"]
    assert forms("a b c") == ["a b c", "a  b c", "a b  c", "a  b  c"]
    assert len(forms(" ".join("abcdefghijklmnop"))) == 8
    assert forms("é f") == ["e f", "e  f", "e\u0301 f", "e\u0301  f"]
