"""Relations: on fixed nodes as pairs of nodes, on free nodes after aligning them."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.agreement import Specification, alpha, graphs, ratings, report
from tests.agreement.made import PEOPLE, document, link, reading, span

RELATION = Specification(layer="relation", resamples=0)
NODES = [span(10 * i, 10 * i + 8, role="claim" if i == 0 else "premise") for i in range(4)]


@st.composite
def drawn_links(draw: st.DrawFn) -> list[dict[str, Any]]:
    chosen = draw(st.sets(st.sampled_from(list(permutations(range(4), 2))), max_size=5))
    kinds = st.sampled_from(["supports", "attacks"])
    return [link(NODES[i], NODES[j], draw(kinds)) for i, j in sorted(chosen)]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(drawn_links(), min_size=3, max_size=3), min_size=1, max_size=3))
def test_on_fixed_nodes_alpha_is_alpha_over_ordered_pairs_of_nodes(
    texts: list[list[list[dict[str, Any]]]],
) -> None:
    corpus = [
        document(f"d{n}", 50, *(reading(a, *NODES, relations=r) for a, r in zip(PEOPLE, sets, strict=False)))
        for n, sets in enumerate(texts)
    ]
    rows = []
    for sets in texts:
        said = [{(r["from"]["span"], r["to"]["span"]): r["label"] for r in one} for one in sets]
        rows += [[s.get((a["id"], b["id"]), "none") for s in said] for a, b in permutations(NODES, 2)]
    observed = alpha.coincidences(ratings.from_matrix(rows).distinct())
    wanted = alpha.alpha(observed, alpha.distances("nominal", observed))
    figure = report(corpus, specification=RELATION).figure("relation_alpha")
    if bool(wanted.defined):
        assert figure.value == pytest.approx(float(wanted.agreement), abs=1e-9)
        assert figure.units == 12 * len(texts)
    else:
        assert figure.reason == "single_label"


def two(left: Any, right: Any, mine: Any = NODES, theirs: Any = NODES) -> Any:
    sets = reading("Ada", *mine, relations=left), reading("Ben", *theirs, relations=right)
    return report([document("d", 50, *sets)], specification=RELATION)


def test_link_f1_with_and_without_label_and_direction() -> None:
    a, b, c, _ = NODES
    found = two([link(b, a), link(c, a)], [link(b, a, "attacks"), link(a, c)])
    values = [found.figure(n).value for n in ("link_f1", "link_f1_unlabelled", "link_f1_undirected")]
    assert values == [0, 0.5, 1]
    assert found.figure("link_f1", label="attacks").value == 0


def test_a_link_whose_end_the_other_did_not_mark_is_a_disagreement() -> None:
    a, b, c, _ = NODES
    found = two([link(b, a), link(c, a)], [link(b, a)], theirs=[a, b])
    assert found.figure("link_f1").value == pytest.approx(2 / 3)
    assert found.figure("aligned_share").value == pytest.approx(4 / 6)


def test_nodes_with_other_boundaries_are_aligned_by_overlap() -> None:
    a, b, *_ = NODES
    moved = span(12, 18, role="premise")
    found = two([link(b, a)], [link(moved, a)], mine=[a, b], theirs=[a, moved])
    assert found.figure("link_f1").value == 1
    assert found.figure("attachment").value == 1
    far = span(15, 30, role="premise")
    apart = two([link(b, a)], [link(far, a)], mine=[a, b], theirs=[a, far])
    assert apart.figure("link_f1").value == 0
    assert apart.figure("aligned_share").value == 0.5


def test_an_undercut_is_common_only_if_it_attacks_the_same_inference() -> None:
    a, b, c, d = NODES
    one, other = link(b, a), link(c, a)
    both = [one, other, link(d, one, "attacks")]
    same = two(both, both)
    assert same.figure("link_f1").value == 1
    differ = two(both, [one, other, link(d, other, "attacks")])
    assert differ.figure("link_f1").value == pytest.approx(2 / 3)
    assert differ.figure("attachment").value == pytest.approx(3 / 4)


def test_attachment_needs_role_label_and_target_to_be_the_same() -> None:
    a, b, c, d = NODES
    found = two([link(b, a), link(c, a)], [link(b, a, "attacks"), link(c, b)])
    assert found.figure("attachment").value == pytest.approx(2 / 4)
    other_role = {**b, "role": "claim"}
    renamed = two([link(b, a)], [link(other_role, a)], theirs=[a, other_role, c, d])
    assert renamed.figure("attachment").value == pytest.approx(3 / 4)


def test_a_node_that_supports_itself_is_no_pair_of_nodes() -> None:
    a, b, *_ = NODES
    found = two([link(b, a), link(a, a)], [link(b, a), link(a, a)])
    assert found.figure("relation_alpha").value == 1
    assert found.figure("relation_alpha").units == 12
    assert found.figure("link_f1").denominator == 4
    only = two([link(b, a), link(a, a)], [link(b, a)])
    assert only.figure("relation_alpha").value == 1
    assert only.figure("link_f1").value == pytest.approx(2 / 3)


def test_a_relation_to_what_is_not_there_or_in_a_circle_is_left_out_by_name() -> None:
    a, b, *_ = NODES
    dangling = {"id": "r", "label": "supports", "from": {"span": a["id"]}, "to": {"span": "gone"}}
    circle = {"id": "c", "label": "attacks", "from": {"span": b["id"]}, "to": {"relation": "c"}}
    found = two([dangling, circle, link(b, a)], [link(b, a)])
    assert {e.reason: e.count for e in found.left_out} == {"dangling_relation": 2}
    assert found.figure("link_f1").value == 1


PARAGRAPHS = "x" * 18 + "\n\n" + "x" * 30
SMALLER = Specification(layer="relation", resamples=0, candidates="paragraph")


def two_in_paragraphs(left: Any, right: Any, specification: Specification) -> Any:
    """NODES begin at 0, 10, 20 and 30: two in each of the text's paragraphs."""
    sets = reading("Ada", *NODES, relations=left), reading("Ben", *NODES, relations=right)
    return report([{"id": "d", "text": PARAGRAPHS, "sets": list(sets)}], specification=specification)


@settings(max_examples=50, deadline=None)
@given(drawn_links(), drawn_links())
def test_candidates_of_a_paragraph_are_the_pairs_inside_it(left: Any, right: Any) -> None:
    said = [{(r["from"]["span"], r["to"]["span"]): r["label"] for r in one} for one in (left, right)]
    pairs = [(a["id"], b["id"]) for half in (NODES[:2], NODES[2:]) for a, b in permutations(half, 2)]
    rows = [[one.get(pair, "none") for one in said] for pair in pairs]
    observed = alpha.coincidences(ratings.from_matrix(rows).distinct())
    wanted = alpha.alpha(observed, alpha.distances("nominal", observed))
    found = two_in_paragraphs(left, right, SMALLER)
    figure = found.figure("relation_alpha")
    if bool(wanted.defined):
        assert figure.value == pytest.approx(float(wanted.agreement), abs=1e-9)
        assert figure.units == 4
    else:
        assert figure.reason == "single_label"
    wide = two_in_paragraphs(left, right, RELATION)
    assert found.figure("link_f1").value == wide.figure("link_f1").value
    assert found.figure("attachment").value == wide.figure("attachment").value
    assert "of one paragraph" in figure.method
    assert "of one paragraph" not in wide.figure("relation_alpha").method


def test_paragraphs_begin_after_blank_lines() -> None:
    assert graphs.paragraph_starts("one\n\ntwo\nstill two\n \t\n\n three") == (5, 24)
    assert graphs.paragraph_starts("one paragraph\nof two lines") == ()


def test_candidates_are_of_a_document_or_a_paragraph() -> None:
    with pytest.raises(ValueError, match="paragraph"):
        Specification(layer="relation", candidates="sentence")
