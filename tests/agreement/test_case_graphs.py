"""Graphs and soft labels of published cases: against values worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from annotator.agreement import cases

LINKS = {
    "Ada": [[1, 0, "support"], [2, 0, "support"], [3, 2, "attack"]],
    "Ben": [[1, 0, "support"], [0, 2, "support"], [3, 2, "support"]],
}
GRAPHS = {"kind": "graphs", "nodes": 4, "links_source_target_label": LINKS, "paragraphs": [0, 0, 1, 1]}


def value(coefficient: str, data: Any, **params: Any) -> float | None:
    outcome = cases.run({"coefficient": coefficient, "data": data, "params": params, "expected": 0})
    assert outcome.known, outcome.note
    return outcome.value


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("link_f1", 1 / 3),
        ("link_f1_unlabelled", 2 / 3),
        ("link_f1_undirected", 1.0),
        ("relation_percent", 9 / 12),
        # both: none 8, support 1; Ada only: support 1, attack 1 against support; Ben only: support 1
        ("relation_kappa", (9 / 12 - (81 + 6) / 144) / (1 - (81 + 6) / 144)),
        ("attachment", 1 / 4),
    ],
)
def test_links_of_two_annotators_by_hand(name: str, wanted: float) -> None:
    assert value(name, GRAPHS) == pytest.approx(wanted, abs=1e-12)


def test_candidates_can_be_those_of_a_paragraph() -> None:
    # two ordered pairs in each paragraph: 1-0 support by both, 3-2 attack and support, 0-1 and 2-3 nothing
    assert value("relation_percent", GRAPHS, candidates="paragraph") == pytest.approx(3 / 4)


def test_one_label_against_the_rest() -> None:
    # attack: Ada once, Ben never
    assert value("relation_percent", GRAPHS, label="attack") == pytest.approx(11 / 12)
    assert value("relation_kappa", GRAPHS, label="attack") == pytest.approx(0.0)


def test_three_annotators_have_the_mean_f1_of_their_pairs() -> None:
    three = {**GRAPHS, "links_source_target_label": {**LINKS, "Chloe": LINKS["Ada"]}}
    assert value("link_f1", three) == pytest.approx((1 / 3 + 1 + 1 / 3) / 3)
    assert value("link_f1", three, annotators=["Ada", "Chloe"]) == 1


@pytest.mark.parametrize(
    ("name", "data", "params", "wanted"),
    [
        ("Manhattan distance", {"a": [0.5, 0.5, 0], "b": [0.25, 0.25, 0.5]}, {}, 1.0),
        (
            "average manhattan distance",
            {"target": [[1, 0], [0.5, 0.5]], "predicted": [[1, 0], [0, 1]]},
            {},
            0.5,
        ),
        ("euclidean", {"p": [1, 0], "q": [0, 1]}, {}, 2**0.5),
        ("wasserstein", {"a": [1, 0, 0], "b": [0, 0, 1]}, {}, 2.0),
        ("nmd", {"a": [1, 0, 0], "b": [0, 0, 1]}, {}, 1.0),
        ("cross entropy", {"target": [0.5, 0.5], "predicted": [0.25, 0.75]}, {"base": 2}, 1.2075187496394219),
        ("KL divergence", {"p": [0.5, 0.5], "q": [0.25, 0.75]}, {"base": 2}, 0.2075187496394219),
        ("jensen_shannon_divergence", {"a": [1, 0], "b": [0, 1]}, {}, 1.0),
        ("jsd", {"a": [1, 0], "b": [0, 1]}, {"base": "e"}, 0.6931471805599453),
        ("entropy", {"votes": [2, 1, 1]}, {"base": 2}, 1.5),
        ("normalised entropy", {"shares": [0.25, 0.25, 0.25, 0.25]}, {}, 1.0),
    ],
)
def test_soft_labels_by_hand(name: str, data: Any, params: Any, wanted: float) -> None:
    assert value(name, data, **params) == pytest.approx(wanted, abs=1e-12)
