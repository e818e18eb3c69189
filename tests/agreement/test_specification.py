"""What a report is asked to be about, and what it leaves out by name."""

from __future__ import annotations

import json
from typing import Any

import pytest

from annotator.agreement import LeftOut, SeveralTargets, Specification, report
from annotator.agreement.figures import Figure, find
from tests.agreement.made import document, link, reading, span


def test_a_specification_survives_its_row() -> None:
    asked = Specification(
        layer="role", annotators=("Ada", "Ben"), labels=("claim",), guidelines=(1, 2), seed=5
    )
    assert Specification.from_dict(json.loads(json.dumps(asked.as_dict()))) == asked


@pytest.mark.parametrize(
    "wrong",
    [
        {"layer": "span"},
        {"interval": "exact"},
        {"level": 1},
        {"resamples": -1},
        {"metric": "cardinal"},
        {"colour": "red"},
    ],
)
def test_what_cannot_be_asked_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Specification.from_dict(wrong)


def left_out(asked: dict[str, Any], *sets: dict[str, Any], name: str = "d") -> dict[str, int]:
    found = report([document(name, 60, *sets)], specification=Specification(resamples=0, **asked))
    return {entry.reason: entry.count for entry in found.left_out}


ADA = reading("Ada", (0, 9, "nuanced"), (20, 29, "pro-sanctuary"), submitted_at="2026-03-01T10:00:00Z")
BEN = reading("Ben", (0, 9, "nuanced"), (20, 29, "pro-sanctuary"), submitted_at="2026-03-02T10:00:00+00:00")


@pytest.mark.parametrize(
    ("asked", "counted"),
    [
        ({}, {}),
        ({"documents": ("other",)}, {"document_not_asked": 1}),
        ({"labels": ("nuanced",)}, {"other_label": 2}),
        ({"guidelines": (3,)}, {"other_guideline": 2, "fewer_than_two_sets": 1}),
        ({"since": "2026-03-02"}, {"outside_the_dates": 1, "fewer_than_two_sets": 1}),
        ({"until": "2026-03-02"}, {"outside_the_dates": 1, "fewer_than_two_sets": 1}),
        ({"since": "2026-03-01", "until": "2026-03-03"}, {}),
        ({"annotators": ("Ada",)}, {"annotator_not_asked": 1, "fewer_than_two_sets": 1}),
        ({"states": ("accepted",)}, {"state_not_asked": 2, "fewer_than_two_sets": 1}),
    ],
)
def test_what_does_not_enter_is_counted_by_reason(asked: dict[str, Any], counted: dict[str, int]) -> None:
    assert left_out(asked, ADA, BEN) == counted


def test_relations_are_left_out_by_label_too() -> None:
    a, b = span(0, 9, role="claim"), span(10, 19, role="premise")
    sets = [reading(who, a, b, relations=[link(b, a), link(a, b, "attacks")]) for who in ("Ada", "Ben")]
    assert left_out({"layer": "relation", "labels": ("attacks",)}, *sets) == {"other_label": 2}


def test_a_reading_with_one_mark_under_another_guideline_is_left_out_whole() -> None:
    first = [span(0, 9, "nuanced", guideline=1), span(20, 29, "nuanced", guideline=1)]
    mixed = [first[0], {**first[1], "guideline": 2}]
    readings = (reading("Ada", *first), reading("Ben", *mixed), reading("Chloe"))
    asked = {"guidelines": (1,)}
    assert left_out(asked, *readings) == {"other_guideline": 1}, "nothing marked was marked under no version"
    linked = reading("Dan", *first, relations=[{**link(first[0], first[1]), "guideline": 2}])
    assert left_out(asked, readings[0], linked, readings[2]) == {"other_guideline": 1}
    assert left_out({"guidelines": (1, 2)}, *readings, linked) == {}


def test_a_set_without_a_time_is_in_no_bounded_time() -> None:
    assert left_out({"since": "2026-01-01"}, reading("Ada"), BEN) == {
        "outside_the_dates": 1,
        "fewer_than_two_sets": 1,
    }


def test_a_scheme_with_several_targets_asks_for_one() -> None:
    scheme = {"targets": [{"slug": "a"}, {"slug": "b"}], "labels": []}
    with pytest.raises(SeveralTargets) as asked:
        Specification().resolved(scheme)
    assert asked.value.targets == ("a", "b")
    assert Specification(target="b").resolved(scheme).target == "b"
    assert Specification(layer="role").resolved(scheme).target is None


def test_a_figure_has_a_value_or_a_known_reason_and_never_both() -> None:
    for wrong in (
        {"value": None},
        {"value": 1.0, "reason": "no_spans"},
        {"value": None, "reason": "why not"},
    ):
        with pytest.raises(ValueError, match="u_alpha"):
            Figure("u_alpha", **wrong)


def test_figures_are_found_by_all_that_names_them() -> None:
    one, other = Figure("u_alpha", 0.5), Figure("u_alpha", 0.6, pair=("Ada", "Ben"))
    assert find([one, other], "u_alpha") is one
    assert find([one, other], "u_alpha", pair=("Ada", "Ben")) is other
    with pytest.raises(LookupError):
        find([one, other], "u_alpha", label="nuanced")


def test_ids_of_what_is_left_out_are_named_up_to_a_point_but_all_counted() -> None:
    sets = [reading(who, *((i, i + 1, None) for i in range(60))) for who in ("Ada", "Ben")]
    (entry,) = report([document("d", 60, *sets)], specification=Specification(resamples=0)).left_out
    assert isinstance(entry, LeftOut)
    assert entry.count == 120
    assert len(entry.ids) == 50
