"""Every difference has a type and both its places."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings

from annotator.agreement import Specification, report
from annotator.agreement.differences import TYPES, Difference, differences
from tests.agreement.made import corpora, document, link, reading, span

STANCE = Specification(resamples=0)
CLAIM = span(10, 20, "pro-sanctuary", role="claim", holder="mayor", target="policy")


def found(left: Any, right: Any, **more: Any) -> list[Difference]:
    text = document("d", 60, reading("Ada", *left), reading("Ben", *right))
    return list(differences(text, Specification(**{"resamples": 0, **more})))


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"fragments": [[11, 20]], "start": 11}, "boundary"),
        ({"stance": "anti-sanctuary"}, "stance"),
        ({"role": "premise"}, "role"),
        ({"holder": "police chief"}, "holder"),
        ({"target": "another policy"}, "target"),
    ],
)
def test_one_changed_thing_is_one_difference_of_its_type(change: dict[str, Any], kind: str) -> None:
    other = {**CLAIM, **change, "id": "other"}
    (one,) = found([CLAIM], [other])
    assert (one.type, one.pair, one.document) == (kind, ("Ada", "Ben"), "d")
    assert one.left is not None
    assert one.right is not None
    assert (one.left.id, one.right.id) == (CLAIM["id"], "other")
    assert one.right.fragments == tuple(tuple(f) for f in other["fragments"])
    if kind != "boundary":
        assert one.values == (CLAIM[kind], other[kind])


def test_equal_readings_do_not_differ() -> None:
    assert found([CLAIM], [CLAIM]) == []


def test_a_span_that_only_one_marked_is_a_missing_unit_on_the_other_side() -> None:
    (one,) = found([CLAIM], [])
    assert (one.type, one.right, one.label) == ("missing_unit", None, "pro-sanctuary")
    (other,) = found([], [CLAIM])
    assert (other.type, other.left) == ("missing_unit", None)


def test_spans_that_hardly_touch_are_two_missing_units_not_a_boundary() -> None:
    far = span(18, 40, "pro-sanctuary", role="claim", holder="mayor", target="policy")
    assert Counter(d.type for d in found([CLAIM], [far])) == {"missing_unit": 2}


def test_of_two_readings_of_one_passage_those_with_the_same_judgement_stand_together() -> None:
    chief = {**CLAIM, "id": "chief", "holder": "police chief", "stance": "anti-sanctuary"}
    assert found([CLAIM, chief], [chief, CLAIM]) == []
    wider = {**CLAIM, "id": "wider", "fragments": [[10, 22]], "end": 22}
    kinds = found([CLAIM, chief], [chief, wider])
    assert [d.type for d in kinds] == ["boundary"]


def test_a_target_that_is_not_named_is_the_scheme_s_only_one() -> None:
    nameless = {**CLAIM, "target": None}
    assert [d.type for d in found([CLAIM], [nameless])] == ["target"]
    assert found([CLAIM], [nameless], target="policy", targetless=True) == []


def test_relations_differ_by_label_and_by_being_there() -> None:
    a, b, c = (span(10 * i, 10 * i + 8, role="claim") for i in range(3))
    sets = (
        reading("Ada", a, b, c, relations=[link(b, a), link(c, a)]),
        reading("Ben", a, b, c, relations=[link(b, a, "attacks")]),
    )
    kinds = differences(document("d", 60, *sets), Specification(layer="relation"))
    assert [d.type for d in kinds] == ["relation", "relation"]
    assert {d.values for d in kinds} == {("supports", "attacks"), ("supports", None)}
    assert kinds[0].left is not None
    assert len(kinds[0].left.fragments) == 2, "a relation's place is that of its two ends"


def test_document_labels_differ_where_both_answered() -> None:
    sets = (
        reading("Ada", document_labels={"genre": "report", "tone": "calm", "side": None}),
        reading("Ben", document_labels={"genre": "column", "tone": "calm", "side": "pro"}),
    )
    (one,) = differences(document("d", 60, *sets), Specification(layer="document"))
    assert (one.type, one.label, one.values) == ("document_label", "genre", ("report", "column"))


@pytest.mark.parametrize("layer", ["stance", "role", "relation", "document"])
@settings(max_examples=15, deadline=None)
@given(corpus=corpora(overlapping=True))
def test_the_report_counts_exactly_the_differences_that_can_be_opened(
    layer: str, corpus: list[dict[str, Any]]
) -> None:
    specification = Specification(layer=layer, resamples=0)
    details = report(corpus, specification=specification).details
    opened = [d for text in corpus for d in differences(text, specification)]
    by_type = Counter(d.type for d in opened)
    assert {c.type: c.count for c in details.by_type} == by_type
    assert {(c.type, c.pair): c.count for c in details.by_pair} == Counter((d.type, d.pair) for d in opened)
    for row in details.documents:
        assert row.differences == Counter(d.type for d in opened if d.document == row.id)
    if layer != "document":
        assert {(c.type, c.label): c.count for c in details.by_label} == Counter(
            (d.type, d.label) for d in opened
        )
    assert set(by_type) <= set(TYPES)
