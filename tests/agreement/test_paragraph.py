"""The paragraph says what was compared, how, and with which result."""

from __future__ import annotations

from pathlib import Path

from annotator.agreement import Specification, report
from annotator.agreement.paragraph import headline, paragraph
from annotator.agreement.records import Records
from tests.agreement.made import document, reading

FIXTURES = Path(__file__).parents[2] / "fixtures" / "agreement"


def test_it_names_the_figures_their_intervals_and_whom_to_cite() -> None:
    text = paragraph(report(Records(FIXTURES / "mdpi.jsonl"), specification=Specification(layer="role")))
    assert "4 documents read by at least two of 2 annotators (8 readings)" in text
    assert "u_alpha = 0.813, 95% interval [0." in text
    assert "1000 resamples, seed 2026" in text
    assert "Quality & Quantity 50:2347" in text


def test_where_spans_overlap_the_pooled_figure_is_the_headline() -> None:
    texts = [
        document(
            "d",
            60,
            reading("Ada", (0, 20, "nuanced"), (10, 30, "pro-sanctuary")),
            reading("Ben", (0, 20, "nuanced")),
        )
    ]
    assert headline(report(texts, specification=Specification())).name == "pooled_label_u_alpha"


def test_a_headline_that_is_not_defined_says_why() -> None:
    text = paragraph(
        report([document("d", 60, reading("Ada"), reading("Ben"))], specification=Specification())
    )
    assert "not defined (no_spans" in text


def test_what_was_left_out_is_part_of_the_method() -> None:
    texts = [
        document("d", 60, reading("Ada", (0, 20, None)), reading("Ben")),
        document("e", 60, reading("Ada")),
    ]
    text = paragraph(report(texts, specification=Specification()))
    assert text.endswith("Left out: 1 fewer than two sets, 1 no stance.")
