"""The report as tables and a picture: digits, reasons, places."""

from typing import Any

import pytest

from annotator.web.report.figures import Figures, digits, limits, reason
from annotator.web.report.omissions import left_out, offenders
from annotator.web.report.pictures import picture, place
from annotator.web.report.tables import cell, tables


def figure(name: str, value: float | None, **more: Any) -> dict[str, Any]:
    """A figure as a report holds it."""
    low, high = more.pop("interval", (None, None))
    interval = {"low": low, "high": high, "level": 0.95} if low is not None else None
    empty: dict[str, Any] = {
        "label": None,
        "pair": None,
        "group": None,
        "without": None,
        "reason": None,
        "units": 3,
        "dropped": [],
    }
    return {"name": name, "value": value, "interval": interval, **empty, **more}


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (0.6407, 3, ".641"),
        (1.0, 3, "1.000"),
        (0.0, 3, ".000"),
        (-0.05, 2, "−.05"),
        (-1.5, 2, "−1.50"),
        (-0.0001, 3, ".000"),
        (0.9999, 3, "1.000"),
    ],
)
def test_a_coefficient_is_printed_as_journals_do(value: float, places: int, text: str) -> None:
    assert digits(value, places) == text


def test_a_share_is_printed_in_percent() -> None:
    found = cell(figure("cu_coverage", 0.156, interval=(0.14, 0.2)))
    assert (found.value, found.interval) == ("15.6 %", "14.0 to 20.0 %")


def test_a_figure_without_an_interval_has_none() -> None:
    assert limits(figure("u_alpha", 0.5)) == ""


@pytest.mark.parametrize("code", ["no_spans", "overlapping_spans", "single_label", "something_new"])
def test_a_missing_value_says_why_and_is_no_number(code: str) -> None:
    found = cell(figure("u_alpha", None, reason=code))
    assert found.value == "–"
    assert found.why.endswith(".")
    assert "_" not in found.why


def test_every_reason_of_the_engine_has_words() -> None:
    from annotator.agreement import REASONS

    assert all(reason({"reason": code}) == words for code, words in REASONS.items())


def test_who_kept_figures_from_being_computed_is_named_once() -> None:
    dropped = [{"reason": "overlapping_spans", "count": 2, "ids": ["d2/A1", "d1/A1"]}]
    several = [
        figure(name, None, reason="overlapping_spans", dropped=dropped) for name in ("u_alpha", "cu_alpha")
    ]
    assert offenders(several) == ["d1/A1", "d2/A1"]


@pytest.mark.parametrize(
    ("why", "count", "words"),
    [
        ("fewer_than_two_sets", 1, "document with fewer than two finished readings"),
        ("fewer_than_two_sets", 2, "documents with fewer than two finished readings"),
        ("something_new", 1, "something new"),
    ],
)
def test_what_is_left_out_agrees_with_its_number(why: str, count: int, words: str) -> None:
    assert left_out(why, count) == words


def test_how_often_a_threshold_is_failed_stands_beside_what_it_is_made_for() -> None:
    one = figure("u_alpha", 0.7, interval=(0.6, 0.8))
    one["interval"]["below"] = {"0.667": 0.25, "0.800": 0.98}
    share = figure("cu_coverage", 0.5, interval=(0.4, 0.6))
    share["interval"]["below"] = {"0.667": 1.0, "0.800": 1.0}
    [table] = tables(Figures([one, share]), None, {})
    assert table.columns == ["Value", "Below .667", "Below .800"]
    assert [[cell.value for cell in row.cells] for row in table.rows] == [
        [".700", "25 %", "98 %"],
        ["50.0 %", "–", "–"],
    ]


def test_what_there_is_without_somebody_stands_beside_what_there_is_with_all() -> None:
    found = Figures([figure("u_alpha", 0.5), figure("u_alpha", 0.6, without="A1")])
    [table] = [each for each in tables(found, None, {}) if each.title == "Without one reader"]
    assert [(row.head, row.cells[0].value) for row in table.rows] == [
        ("everybody", ".500"),
        ("without A1", ".600"),
    ]


def test_figures_are_found_by_all_that_they_are_of() -> None:
    first = figure("u_alpha", 0.1, pair=["A1", "A2"])
    second = figure("u_alpha", 0.2, without="A1")
    whole = figure("u_alpha", 0.3)
    figures = Figures([first, second, whole])
    assert figures.find("u_alpha") is whole
    assert figures.find("u_alpha", pair=("A1", "A2")) is first
    assert figures.find("u_alpha", without="A1") is second
    assert figures.find("u_alpha", pair=("A2", "A3")) is None


def test_tables_name_labels_as_the_scheme_does_and_leave_empty_ones_out() -> None:
    figures = Figures([figure("u_alpha", 0.3), figure("label_u_alpha", 0.5, label="pro")])
    found = {
        table.title: table
        for table in tables(figures, None, {"pro": {"name": "In favour", "color": "#123456"}})
    }
    assert [row.head for row in found["Label by label"].rows] == ["In favour"]
    assert "Pair by pair" not in found


@pytest.mark.parametrize(
    ("value", "left", "at"),
    [(0, 0.0, "2.00%"), (1, 0.0, "98.00%"), (0.5, 0.0, "50.00%"), (0, -1.0, "50.00%")],
)
def test_a_value_has_its_place_on_the_axis(value: float, left: float, at: str) -> None:
    assert place(value, left) == at


def test_the_axis_begins_where_the_lowest_limit_needs_it() -> None:
    def start(low: float) -> str:
        drawn = picture(Figures([figure("label_u_alpha", 0.5, label="x", interval=(low, 0.8))]), None, {})
        assert drawn is not None
        return drawn.ticks[0][1]

    assert [start(low) for low in (0.2, -0.05, -0.3, -0.9)] == ["0", "−.1", "−.5", "−1"]


def test_a_label_without_a_value_keeps_its_line_and_says_why() -> None:
    both = [
        figure("label_u_alpha", 0.5, label="x"),
        figure("label_u_alpha", None, label="y", reason="no_spans"),
    ]
    drawn = picture(Figures(both), None, {})
    assert drawn is not None
    assert [bool(line.at) for line in drawn.lines] == [True, False]
    assert "Nobody marked" in drawn.lines[1].words


def test_what_is_of_all_labels_stands_above_them() -> None:
    found = [
        figure("u_alpha", None, reason="overlapping_spans"),
        figure("bar_u_alpha", None, reason="overlapping_spans"),
        figure("pooled_label_u_alpha", 0.6),
        figure("label_u_alpha", 0.5, label="a-label-with-a-name-that-is-much-too-long"),
    ]
    drawn = picture(Figures(found), None, {})
    assert drawn is not None
    assert [line.name for line in drawn.lines] == [
        "All labels, each on its own",
        "a-label-with-a-name-that-…",
    ]
    assert drawn.lines[0].below < drawn.rule < drawn.lines[1].y


def test_where_no_label_has_a_value_there_is_no_picture() -> None:
    assert picture(Figures([figure("label_u_alpha", None, label="x", reason="no_spans")]), None, {}) is None
