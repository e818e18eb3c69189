"""The pieces of the agreement pages, without a database: matrices, spreads, sentences, filters, the paragraph."""

from typing import Any

import pytest
from django.http import QueryDict

from annotator.agreement.arrows import Arrow
from annotator.agreement.differences import Difference, Place
from annotator.reports.counts import Which
from annotator.web.report.competences import competence
from annotator.web.report.disagreements import grids
from annotator.web.report.figures import Figures
from annotator.web.report.filters import link, menus, wanted
from annotator.web.report.headlines import headline
from annotator.web.report.matrices import Sayings, coincidences, pair_matrix
from annotator.web.report.paragraphs import paragraph, references
from annotator.web.report.plans import plans
from annotator.web.report.sides import direction, pieces, quoted, sides, windows
from annotator.web.report.spread import spread
from tests.web.test_figures import figure

TEXT = "First one. The second is here, at length. A third follows!\nA line of its own"


def shown(start: int, end: int, text: str = TEXT) -> list[str]:
    return [text[low:high] for low, high in windows(text, [(start, end)])]


@pytest.mark.parametrize(
    ("quote", "sentence"),
    [
        ("First", "First one."),
        ("second is", "The second is here, at length."),
        ("The second is here, at length.", "The second is here, at length."),
        ("third", "A third follows!"),
        ("line", "A line of its own"),
        ("here, at length. A third", "The second is here, at length. A third follows!"),
    ],
)
def test_a_place_is_shown_in_its_sentence(quote: str, sentence: str) -> None:
    start = TEXT.index(quote)
    assert shown(start, start + len(quote)) == [sentence]


def test_a_text_without_sentences_is_cut_at_words() -> None:
    text = "word " * 200
    [found] = shown(500, 504, text)
    assert 300 < len(found) < 420
    assert found.startswith("word")
    assert shown(5, 6, "x" * 1000)[0].startswith("x")


def test_far_places_are_two_windows_and_near_ones_one() -> None:
    text = "One here. " + "Between them much is said. " * 20 + "Two here. Three here."
    two, three = text.index("Two"), text.index("Three")
    assert len(windows(text, [(0, 3), (two, two + 3)])) == 2
    assert len(windows(text, [(two, two + 3), (three, three + 5)])) == 1


@pytest.mark.parametrize("marked", [[(11, 21)], [(11, 14), (20, 24)], [(0, 75)], [], [(11, 30), (20, 41)]])
def test_the_pieces_are_the_text_and_nothing_else(marked: list[tuple[int, int]]) -> None:
    shown = windows(TEXT, [(11, 21)])
    cut = [piece for piece in pieces(TEXT, shown, [(*each, "") for each in marked]) if not piece.gap]
    assert "".join(piece.text for piece in cut) == "The second is here, at length."
    inside = {at for start, end in marked for at in range(start, end)}
    assert "".join(piece.text for piece in cut if piece.marked) == "".join(
        TEXT[at] for at in sorted(inside) if 11 <= at < 41
    )


def test_who_marked_nothing_says_so_beside_the_same_sentence() -> None:
    place = Place("A1", "7", "s1", ((11, 21),), "pro")
    found = Difference("missing_unit", "d", ("A1", "A2"), ("pro",), place, None)
    left, right = sides(found, TEXT, {("", "pro"): "Pro"}, {"pro": "#137875"}, {"A2": "8"})
    assert (left.says, left.hue, left.set_id) == ("Pro, characters 11 to 21", "#137875", "7")
    assert (right.says, right.set_id) == ("not marked", "8")
    assert [piece.text for piece in right.pieces if not piece.gap] == ["The second is here, at length."]


def test_pairs_without_a_joint_figure_are_compared_by_the_pooled_one() -> None:
    found = Figures(
        [
            figure(name, value, pair=pair, reason=None if value else "overlapping_spans")
            for pair in (["A", "B"], ["A", "C"], ["B", "C"])
            for name, value in (("u_alpha", None), ("pooled_label_u_alpha", 0.7 if "B" in pair else None))
        ]
    )
    matrix = pair_matrix(found, None)
    assert matrix is not None
    assert [[cell.text for cell in cells] for _, cells in matrix.rows] == [
        ["·", ".70", "none"],
        [".70", "·", ".70"],
        ["none", ".70", "·"],
    ]
    assert [reason.count("overlap") for reason in matrix.reasons] == [1]


def test_one_pair_is_no_matrix() -> None:
    assert pair_matrix(Figures([figure("u_alpha", 0.5, pair=["A", "B"])]), None) is None


def test_what_neither_reader_gave_a_label_is_not_counted_and_not_said_to_be_none() -> None:
    labels, cells = [None, "pro", ""], [[0, 3, 0], [3, 0, 2], [0, 2, 0]]
    said = Sayings("stance", None, {"pro": "Pro"}, lambda which: "/x/")
    matrix = said.read({"labels": labels, "cells": cells, "pair": None})
    assert [head for head, _ in matrix.rows] == ["not marked", "Pro", "left blank"]
    assert [[cell.text for cell in cells] for _, cells in matrix.rows] == [
        ["–", "3", "–"],
        ["3", "0", "2"],
        ["–", "2", "–"],
    ]
    assert "“–” is not counted here" in matrix.note
    assert "the other not marked" not in matrix.rows[2][1][0].said


def test_coincidences_are_shares_of_their_row() -> None:
    given = {"labels": [None, "pro"], "cells": [[6.0, 2.0], [2.0, 0.0]], "unit": "characters", "pair": None}
    whole = coincidences([{**given, "group": None}], None, {"pro": "Pro"})
    assert whole is not None
    assert whole.columns == ["not marked", "Pro"]
    assert [[cell.text for cell in cells] for _, cells in whole.rows] == [["75 %", "25 %"], ["100 %", "0 %"]]
    empty = {**given, "cells": [[0.0, 0.0], [0.0, 0.0]], "group": None}
    assert coincidences([empty], None, {}) is None
    [_, (_, [one, _])] = coincidences(
        [{**given, "cells": [[6.0, 1.0], [1.0, 0.0]], "group": None}], None, {}
    ).rows
    assert one.said == "1 character"


def row(value: float | None, **more: Any) -> dict[str, Any]:
    return {"id": "d", "readings": 2, "figures": {"u_alpha": value}, "differences": {}, **more}


def test_every_document_falls_into_one_bar() -> None:
    values = [-0.5, 0.0, 0.05, 0.1, 0.3, 0.7, 0.999, 1.0]
    found = spread([row(value) for value in [*values, None]], None)
    assert found is not None
    assert [bar.count for bar in found.bars] == [1, 2, 1, 0, 1, 0, 0, 0, 1, 0, 2]
    assert found.undefined == 1
    assert spread([row(None)], None) is None
    assert spread([], None) is None


def test_a_model_whose_interval_misses_its_value_is_not_to_be_used() -> None:
    annotator = {
        "annotator": "A",
        "judged": 9,
        "accuracy": 0.05,
        "interval": {"low": 0.1, "high": 0.6},
        "confusion": [[1.0]],
    }
    given = {
        "group": None,
        "labels": ["pro"],
        "units": 9,
        "converged": True,
        "annotators": [annotator],
        "method": "",
    }
    found = competence([given], None, {})
    assert found is not None
    assert "Do not use these values." in found.unsettled
    inside = {**given, "annotators": [{**annotator, "accuracy": 0.3}]}
    assert competence([inside], None, {}).unsettled == ""
    two = {**inside, "reason": "fewer_than_three"}
    assert "judged by three readers" in competence([two], None, {}).unsettled
    assert competence([], None, {}) is None


@pytest.mark.parametrize(
    "which",
    [
        Which(),
        Which("stance"),
        Which(label="a&b=c"),
        Which(label=""),
        Which("role", "pro", ('A"1', "B,2")),
        Which("stance", values=("", "pro")),
        Which("relation", pair=("A", "B"), values=("supports+attacks", ""), ordered=True),
    ],
)
def test_a_filter_comes_back_from_its_address(which: Which) -> None:
    address = link("/here/", which)
    assert wanted(QueryDict(address.partition("?")[2])) == which


def test_labels_stand_in_the_order_of_the_scheme_and_every_count_is_a_link() -> None:
    counts = [{"type": "stance", "count": 2, "label": label, "pair": None} for label in ("anti", "pro", None)]
    differences = {
        "by_type": [{"type": "stance", "count": 6, "label": None, "pair": None}],
        "by_label": counts,
        "by_pair": [{"type": "stance", "count": 6, "label": None, "pair": ["A", "B"]}],
    }
    by_label, by_pair = grids(differences, {"pro": "Pro", "anti": "Anti"}, "/x/")
    assert [head for head, _ in by_label.rows] == ["All", "Pro", "Anti", "left blank"]
    assert [head for head, _ in by_pair.rows] == ["All", "A and B"]
    assert all(cell.url.startswith("/x/?type=stance") for _, cells in by_label.rows for cell in cells)
    assert grids({"by_type": [], "by_label": [], "by_pair": []}, {}, "/x/") == []


def test_a_menu_without_a_choice_is_not_shown() -> None:
    found = [
        {"type": "stance", "labels": (label, None), "pair": ("A", "B"), "values": (label, None)}
        for label in ("pro", "anti")
    ]
    assert [menu.name for menu in menus(found[:1], Which(), {}, layer="stance")] == ["label"]
    shown = menus(found, Which("stance"), {"pro": "Pro"}, layer="stance")
    assert [menu.name for menu in shown] == ["type", "label", "values"]
    assert [option[:2] for option in shown[2].options] == [
        ("", "all"),
        (",pro", "left blank / Pro (1)"),
        (",anti", "left blank / anti (1)"),
    ]


def test_questions_on_documents_are_told_by_their_words() -> None:
    rows = [
        {"type": "document_label", "labels": (group,), "pair": ("A", "B"), "values": ("x", "y")}
        for group in ("overall-stance", "genre")
    ]
    [menu] = [menu for menu in menus(rows, Which(), {}, layer="document") if menu.name == "label"]
    assert [words for _, words, _ in menu.options] == ["all", "genre (1)", "overall stance (1)"]
    figures = Figures([figure("alpha_nominal", 0.9, group="overall-stance")])
    assert headline("document", figures, documents=40) == "On “overall stance” readers agree at .90."


def test_the_paragraph_says_what_was_compared_and_cites() -> None:
    figures = Figures(
        [figure("u_alpha", 0.5, interval=(0.4, 0.6)), figure("cu_alpha", None, reason="no_coverage")]
    )
    result = {
        "layer": "stance",
        "target": "policy",
        "documents": 1,
        "sets": 2,
        "annotators": ["A", "B"],
        "left_out": [{"reason": "fewer_than_two_sets", "count": 3, "ids": []}],
    }
    text = paragraph(result, figures)
    assert "No intervals are given: 1 document cannot show how much documents differ." in text
    assert "likely to be too narrow" in paragraph({**result, "documents": 5}, figures)
    assert "too narrow" not in paragraph({**result, "documents": 40}, figures)
    assert "toward “policy” was computed on 1 document with 2 readings by 2 annotators." in text
    assert "(u-alpha; Krippendorff et al. 2016) .50 [.40 to .60]." in text
    assert "cu-alpha" not in text
    assert "Left out: 3 documents with fewer than two finished readings." in text
    assert len(references(figures)) == 1
    nothing = Figures([figure("u_alpha", None, reason="no_spans")])
    assert "No interval could be computed." in paragraph({**result, "documents": 40}, nothing)
    assert references(nothing) == []


def test_the_paragraph_on_relations_says_how_spans_are_aligned_and_cites_both_figures() -> None:
    figures = Figures(
        [figure("relation_alpha", 0.84), figure("link_f1", 0.64), figure("aligned_share", 0.731)]
    )
    result = {"layer": "relation", "target": None, "documents": 9, "sets": 18, "annotators": ["A", "B"]}
    text = paragraph({**result, "left_out": []}, figures)
    assert "aligned one to one" in text
    assert "73.1 % of the spans had a partner" in text
    cited = " ".join(references(figures))
    assert all(name in cited for name in ("Krippendorff, K. (2019)", "Stab, C.", "Hripcsak, G."))


def test_the_paragraph_says_of_how_much_text_cu_alpha_speaks() -> None:
    figures = Figures(
        [
            figure("bar_u_alpha", 0.5, numerator=30.0),
            figure("cu_alpha", 0.8),
            figure("cu_coverage", 0.1, numerator=90.0),
        ]
    )
    result = {"layer": "role", "target": None, "documents": 9, "sets": 18, "annotators": ["A", "B"]}
    text = paragraph({**result, "left_out": []}, figures)
    assert "75 % of the text to which an annotator gave a role (10.0 % of all text)" in text


def test_a_plan_says_how_many_more_documents_and_what_is_reached() -> None:
    found = plans([figure("u_alpha", 0.6, interval=(0.55, 0.65)), None, figure("u_alpha", 0.6)], documents=40)
    assert [(plan.present, plan.steps) for plan in found] == [(".05", ((".1", 0), (".05", 0), (".025", 120)))]


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ([figure("relation_alpha", 0.8), figure("aligned_share", 0.9)], "at .800; 90.0 % of the spans"),
        (
            [figure("relation_alpha", None, reason="single_label"), figure("link_f1", 0.6)],
            "share .60 of their",
        ),
        ([figure("relation_alpha", None, reason="no_pairable_units")], "There is no figure"),
        ([], "There is no figure"),
    ],
)
def test_relations_have_a_sentence(figures: list[dict[str, Any]], words: str) -> None:
    assert words in headline("relation", Figures(figures), documents=40)


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("The council met.", "ltr"),
        ("«اجتمع» the council", "rtl"),
        ("12. שלום", "rtl"),
        ("… !", "ltr"),
        ("", "ltr"),
    ],
)
def test_a_text_runs_as_its_first_letter_does(text: str, way: str) -> None:
    assert direction(text) == way


def test_the_ends_of_a_relation_are_told_apart_in_the_text_and_in_words() -> None:
    arrow = Arrow("attacks", ((31, 41),), Arrow("supports", ((11, 21),), ((0, 9),)))
    place = Place("A1", "7", "r1", arrow.pieces, "attacks", arrow)
    found = Difference("relation", "d", ("A1", "A2"), ("attacks",), place, None, ("attacks", None))
    left, right = sides(found, TEXT, {("relation", "supports"): "Supports"}, {}, {"A2": "8"})
    assert right.says == "no such relation"
    assert left.relation is not None
    assert (left.relation.source, left.relation.label) == (TEXT[31:41], "attacks")
    inner = left.relation.to_relation
    assert inner is not None
    assert (inner.source, inner.label, inner.target) == (TEXT[11:21], "Supports", TEXT[0:9])
    assert [(piece.text, piece.end) for piece in left.pieces if piece.marked] == [
        (TEXT[0:9], "to relation: to"),
        (TEXT[11:21], "to relation: from"),
        (TEXT[31:41], "from"),
    ]


@pytest.mark.parametrize(
    ("spans", "there", "outlined"),
    [
        (
            [((0, 9),), ((11, 21),)],
            "marked these 2 passages and did not join them so",
            ["First one", "The second"],
        ),
        (
            [((0, 4),), ((6, 9),), ((11, 21),)],
            "marked these 2 passages as 3 and did not join them so",
            ["Firs", "one", "The second"],
        ),
        ([((0, 41),)], "did not mark these as 2 passages, but as one", [TEXT[0:41]]),
        ([((11, 20),)], "did not mark one of these 2 passages", ["The secon"]),
        ([((42, 49),)], "marked none of these passages", []),
        ([], "marked none of these passages", []),
    ],
)
def test_who_drew_no_such_relation_is_shown_with_what_they_marked_there(
    spans: list[Any], there: str, outlined: list[str]
) -> None:
    arrow = Arrow("supports", ((11, 21),), ((0, 9),))
    place = Place("A1", "7", "r1", arrow.pieces, "supports", arrow)
    found = Difference("relation", "d", ("A1", "A2"), ("supports",), place, None, ("supports", None))
    left, right = sides(found, TEXT, {}, {}, {"A2": "8"}, {"A1": [((0, 75),)], "A2": spans})
    assert right.there == there
    assert [piece.text for piece in right.pieces if piece.also] == outlined
    assert left.there == ""
    assert not [piece for piece in left.pieces if piece.also]
    assert not [piece for piece in right.pieces if piece.marked]


def test_a_long_passage_is_quoted_without_its_middle() -> None:
    said = quoted("a" * 300 + "b" * 300, ((0, 600),))
    assert said.startswith("aaa")
    assert said.endswith("bbb")
    assert " … " in said
    assert len(said) < 200
