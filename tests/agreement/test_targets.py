"""Stances toward several targets: a report is about one, and what is toward another is counted and left out."""

from typing import Any

import pytest

from annotator.agreement import Specification, report

TEXT = "Cities are safer. Data show it. The sheriff disagrees."
SCHEME = {
    "labels": [
        {"kind": "stance", "group": "", "slug": slug, "name": slug} for slug in ("pro", "anti", "nuanced")
    ],
    "targets": [{"slug": "ordinance", "name": "Ordinance"}, {"slug": "detention", "name": "Detention"}],
}


def span(key: str, start: int, end: int, stance: str, target: str | None) -> dict[str, Any]:
    return {
        "id": key,
        "fragments": [[start, end]],
        "start": start,
        "end": end,
        "stance": stance,
        "target": target,
    }


def document(name: str, target: str | None) -> dict[str, Any]:
    sets = [
        {
            "id": f"{name}-{alias}",
            "annotator": alias,
            "kind": "human",
            "round": 1,
            "state": "submitted",
            "spans": [span("a", 0, 17, stance, "ordinance"), span("b", 32, 54, other, target)],
            "relations": [],
            "document_labels": {},
            "comments": [],
        }
        for alias, stance, other in (("A1", "pro", "anti"), ("A2", "pro", "nuanced"))
    ]
    return {"id": name, "text": TEXT, "sets": sets}


@pytest.mark.parametrize("target", ["ordinance", "detention"])
@pytest.mark.parametrize("other", ["detention", None])
def test_labels_of_spans_toward_another_target_are_no_trouble(target: str, other: str | None) -> None:
    answer = report(
        [document("d1", other), document("d2", other)],
        specification=Specification(target=target),
        scheme=SCHEME,
    )
    assert answer.documents == 2
    assert answer.target == target
    if target == "ordinance":
        assert answer.figure("u_alpha", label=None, pair=None, without=None).value == pytest.approx(1.0)
    left = {entry.reason: entry.count for entry in answer.left_out}
    assert sum(left.values()) >= 4 if target == "ordinance" or other is None else left


def test_a_target_that_nobody_named_says_so() -> None:
    answer = report([document("d1", None)], specification=Specification(target="detention"), scheme=SCHEME)
    assert answer.figure("u_alpha", label=None, pair=None, without=None).reason is not None
