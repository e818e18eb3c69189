"""The u-alpha family against a straight-line implementation that looks at every character."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from annotator.agreement import Specification, report
from tests.agreement.made import STANCES, corpora, document, reading, span

ONCE = Specification(resamples=0)


def sections(spans: list[dict[str, Any]], length: int) -> list[tuple[int, int, int]]:
    """(start, end, label) of units and gaps; label 0 is the gap."""
    found, reached = [], 0
    for one in sorted(spans, key=lambda s: s["start"]):
        if one["start"] > reached:
            found.append((reached, one["start"], 0))
        found.append((one["start"], one["end"], 1 + STANCES.index(one["stance"])))
        reached = one["end"]
    return found + ([(reached, length, 0)] if reached < length else [])


def slowly(corpus: list[dict[str, Any]]) -> dict[str, Any]:
    """Every sum of section 2 of the paper, written as it is printed."""
    q = len(STANCES) + 1
    observed, square, star, total = np.zeros((q, q)), np.zeros(q), np.zeros(q), 0.0
    for text in corpus:
        length, m = len(text["text"]), len(text["sets"])
        cut = [sections(one["spans"], length) for one in text["sets"]]
        total += m * length
        for own in cut:
            for start, end, label in own:
                square[label] += (end - start) ** 2 if label else end - start
        for one, other in permutations(cut, 2):
            for s, e, c in one:
                covered = 0
                for t, f, k in other:
                    both = len(set(range(s, e)) & set(range(t, f)))
                    observed[c, k] += both / (m - 1)
                    covered += both if k else 0
                if c:
                    star[c] += covered**2 / (m - 1)
    return {"l": observed, "S": square, "S*": star, "total": total}


def expected(rows: np.ndarray, square: np.ndarray, factor: float) -> np.ndarray:
    return factor * (np.outer(rows, rows) - np.diag(square))


def the_family(sums: dict[str, Any]) -> dict[str, float]:
    observed, square, star, total = sums["l"], sums["S"], sums["S*"], sums["total"]
    eps = expected(observed.sum(1), square, total / (total**2 - square.sum()))
    found = {
        "u_alpha": ratio(total - np.trace(observed), total - np.trace(eps)),
        "bar_u_alpha": ratio(observed[0].sum() - observed[0, 0], eps[0].sum() - eps[0, 0]),
    }
    joint = observed[1:, 1:]
    both = joint.sum()
    if both and abs(both - star.sum() / both) > 1e-9:
        eps = expected(joint.sum(1), star[1:], 1 / (both - star.sum() / both))
        found["cu_alpha"] = ratio(both - np.trace(joint), both - np.trace(eps))
        for k, stance in enumerate(STANCES):
            if joint[k].sum() and abs(eps[k].sum()) > 1e-9:
                scale = eps[k].sum() / joint[k].sum()
                found[f"ku_alpha {stance}"] = ratio(
                    scale * (joint[k].sum() - joint[k, k]), eps[k].sum() - eps[k, k]
                )
    return found


def ratio(numerator: float, denominator: float) -> float:
    return 1 - numerator / denominator if abs(denominator) > 1e-9 else float("nan")


@settings(max_examples=50, deadline=None)
@given(corpora())
def test_the_joint_figures_equal_the_paper_s_sums_character_by_character(
    corpus: list[dict[str, Any]],
) -> None:
    found = report(corpus, specification=ONCE, scheme=None)
    wanted = the_family(slowly(corpus))
    for name, value in wanted.items():
        figure, _, label = name.partition(" ")
        got = found.figure(figure, label=label or None) if not label or label in found.labels else None
        if got is None or got.value is None:
            assert np.isnan(value), (name, value)
        else:
            assert got.value == pytest.approx(value, abs=1e-9), name


@settings(max_examples=40, deadline=None)
@given(corpora(overlapping=True))
def test_a_label_s_own_figure_equals_alpha_on_that_label_alone(corpus: list[dict[str, Any]]) -> None:
    found = report(corpus, specification=ONCE)
    disagreed = chance = 0.0
    for stance in found.labels:
        numerator, denominator = own_continuum(corpus, stance)
        disagreed, chance = disagreed + numerator, chance + denominator
        figure = found.figure("label_u_alpha", label=stance)
        if figure.value is None:
            assert denominator == pytest.approx(0, abs=1e-9)
        else:
            assert figure.value == pytest.approx(1 - numerator / denominator, abs=1e-9)
    pooled = found.figure("pooled_label_u_alpha")
    if pooled.value is not None:
        assert pooled.value == pytest.approx(1 - disagreed / chance, abs=1e-9)


def own_continuum(corpus: list[dict[str, Any]], stance: str) -> tuple[float, float]:
    """D_k and E_k with intersecting spans of the label made one, by characters."""
    same = mass = square = total = 0.0
    for text in corpus:
        length, m = len(text["text"]), len(text["sets"])
        marked = [united(one["spans"], stance) for one in text["sets"]]
        total += m * length
        for own in marked:
            mass += sum(e - s for s, e in own)
            square += sum((e - s) ** 2 for s, e in own)
        covered = [{p for s, e in own for p in range(s, e)} for own in marked]
        same += sum(len(a & b) for a, b in permutations(covered, 2)) / (m - 1)
    gap = total - mass
    free = total**2 - square - gap
    eps = total * (mass**2 - square) / free + total * (gap**2 - gap) / free
    return 2 * (mass - same), total - eps


def united(spans: list[dict[str, Any]], stance: str) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for start, end in sorted((s["start"], s["end"]) for s in spans if s["stance"] == stance):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def test_touching_units_stay_apart() -> None:
    apart = [
        document(
            "d", 40, reading("Ada", (2, 9, "nuanced"), (9, 15, "nuanced")), reading("Ben", (2, 15, "nuanced"))
        )
    ]
    one = [document("d", 40, reading("Ada", (2, 15, "nuanced")), reading("Ben", (2, 15, "nuanced")))]
    two = report(apart, specification=ONCE).figure("u_alpha")
    assert (two.units, two.denominator) != (
        report(one, specification=ONCE).figure("u_alpha").units,
        report(one, specification=ONCE).figure("u_alpha").denominator,
    )


def test_intersecting_spans_of_one_label_are_united_and_counted() -> None:
    found = report(
        [
            document(
                "d",
                40,
                reading("Ada", (2, 9, "nuanced"), (7, 15, "nuanced")),
                reading("Ben", (2, 15, "nuanced")),
            )
        ],
        specification=ONCE,
    )
    assert found.figure("u_alpha").value == 1
    assert [(entry.reason, entry.count) for entry in found.left_out] == [("united_spans", 1)]


def test_spans_that_overlap_with_different_labels_leave_the_pooled_figure_as_the_headline() -> None:
    found = report(
        [
            document(
                "d",
                40,
                reading("Ada", (2, 9, "nuanced"), (7, 15, STANCES[0])),
                reading("Ben", (2, 15, "nuanced")),
            )
        ],
        specification=ONCE,
    )
    for name in ("u_alpha", "bar_u_alpha", "cu_alpha"):
        figure = found.figure(name)
        assert (figure.value, figure.reason) == (None, "overlapping_spans")
        assert figure.dropped[0].ids == ("d/Ada",)
    assert found.figure("pooled_label_u_alpha").value is not None
    assert found.figure("span_f1_exact").value == 0


def test_every_fragment_of_a_discontinuous_span_is_a_unit_but_f1_compares_whole_lists() -> None:
    broken = span(2, 15, "nuanced", fragments=[[2, 6], [10, 15]])
    found = report(
        [document("d", 40, reading("Ada", broken), reading("Ben", (2, 6, "nuanced"), (10, 15, "nuanced")))],
        specification=ONCE,
    )
    assert found.figure("u_alpha").value == 1
    assert found.figure("span_f1_exact").value == 0
    assert found.figure("span_f1_characters").value == 1


@settings(max_examples=5, deadline=None)
@given(corpora(overlapping=True, documents=2))
def test_hundreds_of_labels_that_nobody_used_change_nothing(corpus: list[dict[str, Any]]) -> None:
    unused = [f"unused {n:03}" for n in range(200)]
    scheme = {"labels": [{"kind": "stance", "slug": slug} for slug in (*unused, *STANCES)]}
    few, many = report(corpus, specification=ONCE), report(corpus, specification=ONCE, scheme=scheme)
    for name in ("u_alpha", "bar_u_alpha", "cu_alpha", "pooled_label_u_alpha", "span_f1_characters"):
        wanted = few.figure(name).value
        assert many.figure(name).value == (None if wanted is None else pytest.approx(wanted, abs=1e-9))
    for label in few.labels:
        wanted = few.figure("ku_alpha", label=label).value
        got = many.figure("ku_alpha", label=label).value
        assert got == (None if wanted is None else pytest.approx(wanted, abs=1e-9))
