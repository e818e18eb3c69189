"""Every difference has a type and both its places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings

from annotator.agreement import Specification, report
from annotator.agreement.arrows import Arrow
from annotator.agreement.differences import OF_LAYER, TYPES, Difference, differences
from annotator.agreement.tallies import NO_LABEL, Matrix
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
    assert (one.type, one.right, one.labels) == ("missing_unit", None, ("pro-sanctuary",))
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


def test_a_relation_s_ends_are_kept_apart_also_where_it_points_at_a_relation() -> None:
    a, b, c = (span(10 * i, 10 * i + 8, role="claim") for i in range(3))
    inference = link(b, a)
    sets = (
        reading("Ada", a, b, c, relations=[inference, link(c, inference, "attacks")]),
        reading("Ben", a, b, c, relations=[inference]),
    )
    (one,) = differences(document("d", 60, *sets), Specification(layer="relation"))
    assert one.left is not None
    assert one.left.arrow == Arrow("attacks", ((20, 28),), Arrow("supports", ((10, 18),), ((0, 8),)))
    assert one.left.fragments == ((20, 28), (10, 18), (0, 8))
    assert one.left.as_dict()["arrow"]["to"]["relation"]["from"] == {"fragments": [[10, 18]]}


def test_a_relation_the_other_way_round_is_another_one() -> None:
    a, b = span(0, 8, role="claim"), span(10, 18, role="claim")
    sets = (reading("Ada", a, b, relations=[link(a, b)]), reading("Ben", a, b, relations=[link(b, a)]))
    kinds = differences(document("d", 60, *sets), Specification(layer="relation"))
    assert [d.values for d in kinds] == [("supports", None), (None, "supports")]


def test_what_the_report_is_not_about_is_no_difference_of_it() -> None:
    elsewhere = {**CLAIM, "target": "another policy"}
    asked = {"target": "policy"}
    assert found([elsewhere], [], **asked) == []
    assert found([elsewhere], [{**elsewhere, "stance": "nuanced"}], **asked) == []
    assert [d.type for d in found([CLAIM], [elsewhere], **asked)] == ["target"]
    assert found([span(0, 8, role="claim")], []) == [], "a span without a stance is none of the stances'"
    assert found([CLAIM], [], labels=("nuanced",)) == []


def test_a_place_where_two_labels_meet_is_counted_under_both() -> None:
    (one,) = found([CLAIM], [{**CLAIM, "id": "other", "stance": "nuanced"}])
    assert one.labels == ("pro-sanctuary", "nuanced")


def test_document_labels_differ_where_both_answered() -> None:
    sets = (
        reading("Ada", document_labels={"genre": "report", "tone": "calm", "side": None}),
        reading("Ben", document_labels={"genre": "column", "tone": "calm", "side": "pro"}),
    )
    (one,) = differences(document("d", 60, *sets), Specification(layer="document"))
    assert (one.type, one.labels, one.values) == ("document_label", ("genre",), ("report", "column"))


@pytest.mark.parametrize("layer", ["stance", "role", "relation", "document"])
@settings(max_examples=15, deadline=None)
@given(corpus=corpora(overlapping=True))
def test_the_report_counts_exactly_the_differences_that_can_be_opened(
    layer: str, corpus: list[dict[str, Any]]
) -> None:
    specification = Specification(layer=layer, resamples=0)
    corpus = [{**text, "sets": [richer(one) for one in text["sets"]]} for text in corpus]
    details = report(corpus, specification=specification).details
    opened = [d for text in corpus for d in differences(text, specification)]
    by_type = Counter(d.type for d in opened)
    assert {c.type: c.count for c in details.by_type} == by_type
    assert {(c.type, c.pair): c.count for c in details.by_pair} == Counter((d.type, d.pair) for d in opened)
    for row in details.documents:
        assert row.differences == Counter(d.type for d in opened if d.document == row.id)
    assert {(c.type, c.label): c.count for c in details.by_label} == Counter(
        (d.type, label) for d in opened for label in d.labels
    )
    assert set(by_type) <= set(TYPES)
    check_matrices(details.matrices, opened, layer)


def richer(one: dict[str, Any]) -> dict[str, Any]:
    """The reading with roles, relations and an answer, each following from its spans."""
    spans = [{**each, "role": (None, "claim", "premise")[each["start"] % 3]} for each in one["spans"]]
    links = [link(a, b, ("supports", "attacks")[a["end"] % 2]) for a, b in pairwise(spans)]
    answer = ("report", "column", None)[len(spans) % 3]
    return {**one, "spans": spans, "relations": links, "document_labels": {"genre": answer}}


def check_matrices(matrices: Iterable[Matrix], opened: list[Difference], layer: str) -> None:
    """Beside their diagonal the matrices of places count the differences that can be opened, no more and no less."""
    for matrix in (each for each in matrices if each.unit == "places"):
        counted = {
            (one, other): n
            for one, row in zip(matrix.labels, matrix.cells, strict=True)
            for other, n in zip(matrix.labels, row, strict=True)
            if n and one != other
        }
        here = [d for d in opened if d.type in OF_LAYER[layer] and matrix.pair in (None, d.pair)]
        here = [d for d in here if matrix.group is None or d.labels == (matrix.group,)]
        nothing = NO_LABEL if layer in ("stance", "role") else None
        said = Counter(
            d.values if d.type == "missing_unit" else tuple(nothing if v is None else v for v in d.values)
            for d in here
        )
        if matrix.pair is None:
            said = said + Counter((other, one) for one, other in said.elements())
        assert counted == said
