"""The sentence above a report."""

from typing import Any

import pytest

from annotator.web.figures import Figures
from annotator.web.headlines import gap, headline, worth
from tests.web.test_figures import figure


def spans(where: float | None, what: float | None, pooled: float | None = 0.6, **more: Any) -> Figures:
    def one(name: str, value: float | None) -> dict[str, Any]:
        reason = None if value is not None else "overlapping_spans"
        return figure(name, value, reason=reason, interval=more.get("interval", (None, None)))

    return Figures(
        [
            one("u_alpha", where),
            one("bar_u_alpha", where),
            one("cu_alpha", what),
            one("pooled_label_u_alpha", pooled),
        ]
    )


@pytest.mark.parametrize(
    ("where", "what", "words"),
    [(0.71, 0.52, "and less on"), (0.5, 0.9, "and more on"), (0.7, 0.72, "and about as much on")],
)
def test_it_compares_where_with_what(where: float, what: float, words: str) -> None:
    assert words in headline("stance", spans(where, what))


def test_values_stand_with_their_intervals() -> None:
    said = headline("stance", spans(0.71, 0.52, interval=(0.4, 0.9)))
    assert said.startswith("Readers agree on where spans are (.71, .40 to .90)")
    assert "their stance" in said


def test_of_overlapping_spans_the_pooled_figure_speaks_and_the_gap_says_why() -> None:
    figures = spans(None, None)
    assert headline("role", figures) == "Readers agree at .60, each label taken on its own."
    assert "overlap" in gap("role", figures)


def test_without_any_figure_it_says_so() -> None:
    assert "no figure" in headline("stance", spans(None, None, None))
    assert worth("stance", spans(None, None, None)) == ""


def test_each_question_has_its_sentence() -> None:
    figures = Figures(
        [
            figure("alpha_nominal", 0.885, group="genre"),
            figure("alpha_nominal", None, group="tone", reason="single_label"),
        ]
    )
    said = headline("document", figures)
    assert "On “genre” readers agree at .89." in said or "On “genre” readers agree at .88." in said
    assert "On “tone” there is no figure: only one label was used" in said


@pytest.mark.parametrize(
    ("value", "low", "words"),
    [
        (0.85, 0.82, "may rest on these labels."),
        (0.85, 0.7, "though the interval reaches below"),
        (0.7, 0.68, "only tentative conclusions may rest on these labels."),
        (0.7, 0.5, "and the interval reaches below"),
        (0.5, 0.4, "should not rest"),
        (-0.1, -0.2, "no better than chance"),
    ],
)
def test_what_it_is_worth_follows_the_customary_thresholds(value: float, low: float, words: str) -> None:
    figures = Figures([figure("u_alpha", value, interval=(low, 1.0))])
    assert words in worth("stance", figures)


def test_of_several_questions_the_lowest_decides() -> None:
    figures = Figures([figure("alpha_nominal", 0.9, group="a"), figure("alpha_nominal", 0.3, group="b")])
    assert "should not rest" in worth("document", figures)
