"""The sentences above a report."""

from typing import Any

import pytest

from annotator.web.report.figures import Figures
from annotator.web.report.headlines import caution, coverage, gap, headline, in_short, worth
from tests.web.test_figures import figure


def spans(where: float | None, what: float | None, pooled: float | None = 0.6, **more: Any) -> Figures:
    def one(name: str, value: float | None) -> dict[str, Any]:
        why = None if value is not None else more.get("reason", "overlapping_spans")
        return figure(name, value, reason=why, interval=more.get("interval", (None, None)))

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
    assert words in headline("stance", apart(where, what, 0.05), documents=40)


def apart(where: float, what: float, reach: float) -> Figures:
    both = (("bar_u_alpha", where), ("cu_alpha", what))
    return Figures([figure(name, value, interval=(value - reach, value + reach)) for name, value in both])


@pytest.mark.parametrize(("reach", "documents"), [(0.2, 40), (0.05, 4)])
def test_more_and_less_are_not_said_where_intervals_overlap_or_documents_are_few(
    reach: float, documents: int
) -> None:
    said = headline("stance", apart(0.71, 0.52, reach), documents=documents)
    assert "and on their stance where two gave a stance (.52" in said


def test_of_how_much_marked_text_the_figure_of_labels_speaks() -> None:
    figures = Figures(
        [
            figure("bar_u_alpha", 0.5, numerator=30.0),
            figure("cu_alpha", 0.8),
            figure("cu_coverage", 0.1, numerator=90.0),
        ]
    )
    assert coverage("stance", figures) == (
        "Of the text to which one reader gave a stance, another gave a stance too in 75 %."
    )
    assert coverage("stance", Figures([figure("cu_coverage", 0.1)])) == ""


def test_one_sentence_has_as_many_digits_throughout() -> None:
    said = headline("stance", spans(0.665, 0.82, interval=(0.483, 0.95)), documents=40)
    assert "(.665, .483 to .950)" in said
    assert "(.820, .483 to .950)" in said


def test_values_stand_with_their_intervals() -> None:
    said = headline("stance", spans(0.71, 0.52, interval=(0.4, 0.9)), documents=40)
    assert said.startswith("Readers agree on where spans are (.71, .40 to .90)")
    assert "their stance" in said


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (0.665, ".665, .653 to .812"),
        (0.6668, ".667, .653 to .812"),
        (0.7961, ".796, .653 to .812"),
        (0.7, ".70, .65 to .81"),
    ],
)
def test_near_a_threshold_three_digits_are_told(value: float, told: str) -> None:
    said = headline("stance", spans(value, 0.5, interval=(0.653, 0.812)), documents=40)
    assert said.startswith(f"Readers agree on where spans are ({told})")


@pytest.mark.parametrize(
    ("value", "told", "words"),
    [
        (0.665, ".665", "below .667"),
        (0.6664, ".666", "below .667"),
        (0.6668, ".667", "between .667 and .800"),
        (0.7994, ".799", "between .667 and .800"),
        (0.7996, ".800", ".800 or more"),
    ],
)
def test_a_value_is_judged_as_it_is_told(value: float, told: str, words: str) -> None:
    said = worth("stance", Figures([figure("u_alpha", value)]), documents=40)
    assert f"come to {told}: this is {words}" in said


def test_what_is_judged_is_named_where_the_headline_speaks_of_other_figures() -> None:
    several = [figure("u_alpha", 0.645), figure("bar_u_alpha", 0.67), figure("cu_alpha", 0.82)]
    said = worth("stance", Figures(several), documents=40)
    assert said.startswith("Where spans are and which stance they have, taken together, come to .65")


def test_of_overlapping_spans_the_pooled_figure_speaks_and_the_gap_says_why() -> None:
    figures = spans(None, None)
    assert headline("role", figures, documents=40) == "Readers agree at .60, each label taken on its own."
    assert gap("role", figures).endswith("because spans of one annotator overlap with different labels.")
    assert worth("role", figures, documents=40).startswith("That is below .667")


def test_labels_that_cannot_be_told_apart_are_said_to_be_missing() -> None:
    figures = Figures(
        [figure("u_alpha", 0.5), figure("bar_u_alpha", 0.5), figure("cu_alpha", None, reason="single_label")]
    )
    assert gap("stance", figures).startswith(
        "On their stance alone there is no figure: only one label was used"
    )


def test_without_any_figure_it_says_so_and_why() -> None:
    nothing = spans(None, None, None, reason="no_spans")
    assert headline("stance", nothing, documents=4).endswith(": nobody marked anything of this kind.")
    assert worth("stance", nothing, documents=4) == ""
    assert gap("stance", nothing) == ""


@pytest.mark.parametrize("layer", ["stance", "role", "relation", "document"])
def test_where_nobody_read_the_same_there_is_one_sentence(layer: str) -> None:
    figures = spans(None, None, None, reason="one_annotator")
    assert headline(layer, figures, documents=0) == "No two readers have read the same document yet."


def test_each_question_has_its_sentence() -> None:
    figures = Figures(
        [
            figure("alpha_nominal", 0.885, group="genre"),
            figure("alpha_nominal", None, group="tone", reason="single_label"),
        ]
    )
    said = headline("document", figures, documents=40)
    assert "On “genre” readers agree at .89." in said or "On “genre” readers agree at .88." in said
    assert "On “tone” there is no figure: only one label was used" in said


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.85, "is .800 or more; by custom, conclusions may"),
        (0.7, "only tentative conclusions may"),
        (0.5, "conclusions should not rest"),
        (-0.1, "no better than chance"),
    ],
)
def test_what_it_is_worth_follows_the_customary_thresholds(value: float, words: str) -> None:
    assert words in worth("stance", Figures([figure("u_alpha", value)]), documents=40)


@pytest.mark.parametrize(
    ("value", "shares", "words"),
    [
        (0.85, {"0.667": 0.0, "0.800": 0.124}, "In 12 % of the resamples it is below .800."),
        (0.85, {"0.667": 0.0, "0.800": 0.004}, "In fewer than 1 % of the resamples it is below .800."),
        (0.7, {"0.667": 0.3, "0.800": 1.0}, "In 30 % of the resamples it is below .667."),
        (0.85, {"0.667": 0.0, "0.800": 0.0}, "such labels."),
        (0.85, None, "such labels."),
    ],
)
def test_how_often_it_would_fail_a_threshold_is_told(
    value: float, shares: dict[str, float] | None, words: str
) -> None:
    one = figure("u_alpha", value, interval=(0.6, 0.9))
    one["interval"]["below"] = shares
    assert worth("stance", Figures([one]), documents=40).endswith(words)


def test_of_several_questions_the_lowest_decides_and_is_named() -> None:
    figures = Figures([figure("alpha_nominal", 0.9, group="a"), figure("alpha_nominal", 0.3, group="b")])
    assert worth("document", figures, documents=40).startswith("The lowest, on “b”, is below .667")


@pytest.mark.parametrize(
    ("documents", "interval", "words"),
    [
        (1, (None, None), "One document cannot show"),
        (2, (0.4, 0.9), "rest on 2 documents only"),
        (4, (0.4, 0.9), "this page gives none"),
        (9, (0.4, 0.9), "likely to be too narrow"),
        (10, (0.4, 0.9), ""),
        (2, (None, None), ""),
    ],
)
def test_few_documents_carry_a_caution(
    documents: int, interval: tuple[float | None, float | None], words: str
) -> None:
    said = caution(documents, [figure("u_alpha", 0.7, interval=interval)])
    assert words in said if words else said == ""


def test_of_few_documents_the_headline_gives_no_interval() -> None:
    figures = spans(0.71, 0.52, interval=(0.4, 0.9))
    assert headline("stance", figures, documents=3).startswith(
        "Readers agree on where spans are (.71) and on"
    )
    assert ".40" not in worth("stance", figures, documents=3)


@pytest.mark.parametrize(
    ("kept", "words"),
    [
        (
            [figure("u_alpha", 0.64, interval=(0.52, 0.68)), figure("pooled_label_u_alpha", 0.6)],
            "u-alpha .64 (.52 to .68)",
        ),
        ([figure("u_alpha", 0.64, interval=(0.52, 0.68), documents=4)], "u-alpha .64"),
        (
            [figure("u_alpha", None, reason="overlapping_spans"), figure("pooled_label_u_alpha", 0.6)],
            "pooled u-alpha .60",
        ),
        ([figure("alpha_nominal", 0.9, group="a"), figure("alpha_nominal", 0.3, group="b")], "a .90; b .30"),
        ([figure("u_alpha", None, reason="no_spans")], "no figure"),
        ([], ""),
    ],
)
def test_a_list_says_what_a_report_found(kept: list[dict[str, Any]], words: str) -> None:
    assert in_short([{"group": None, "documents": 40, **each} for each in kept]) == words
