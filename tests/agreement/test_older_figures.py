"""alpha_U of 2004, segmentation and words: figures that older papers print."""

from __future__ import annotations

import json
from itertools import pairwise, permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.metrics import segmentation as nltk_segmentation

from annotator.agreement import Specification, alpha, alpha_u, kappa, ratings, report, segmentation
from annotator.agreement.records import Records
from tests.agreement.made import STANCES, corpora, document, reading

FIXTURES = Path(__file__).parents[2] / "fixtures" / "agreement"


@st.composite
def continua(draw: st.DrawFn) -> list[list[tuple[int, int]]]:
    """Units of two or three annotators on 30 characters."""
    found = []
    for _ in range(draw(st.integers(2, 3))):
        cuts = sorted(draw(st.sets(st.integers(0, 30), max_size=8)))
        found.append(list(zip(cuts[::2], cuts[1::2], strict=False)))
    return found


def slowly(continuum: list[list[tuple[int, int]]], length: int) -> tuple[float, float]:
    """D_o and D_e by the cases of the book (p. 253 f.), every section against every section."""
    cut: list[list[tuple[int, int, int]]] = []
    for own in continuum:
        rows: list[tuple[int, int, int]] = []
        reached = 0
        for start, end in own:
            rows += [(reached, start - reached, 0)] if start > reached else []
            rows.append((start, end - start, 1))
            reached = end
        cut.append(rows + ([(reached, length - reached, 0)] if reached < length else []))
    m = len(cut)
    total = 0.0
    for one, other in permutations(cut, 2):
        for bg, lg, vg in one:
            for bh, lh, vh in other:
                if vg and vh and -lg < bg - bh < lh:
                    total += (bg - bh) ** 2 + (bg + lg - bh - lh) ** 2
                elif vg and not vh and lh - lg >= bg - bh >= 0:
                    total += lg**2
                elif vh and not vg and lg - lh >= bh - bg >= 0:
                    total += lh**2
    units = [row for rows in cut for row in rows if row[2]]
    gaps = [row for rows in cut for row in rows if not row[2]]
    numerator = 0.0
    for _, n, _ in units:
        room = sum(g - n + 1 for _, g, _ in gaps if g >= n)
        numerator += (len(units) - 1) / 3 * (2 * n**3 - 3 * n**2 + n) + n**2 * room
    whole = m * length
    free = whole * (whole - 1) - sum(n * (n - 1) for _, n, _ in units)
    return total / (m * (m - 1) * length**2), 2 / length * numerator / free


@settings(max_examples=120, deadline=None)
@given(continua())
def test_alpha_u_of_2004_equals_its_cases_section_by_section(continuum: list[list[tuple[int, int]]]) -> None:
    found = alpha_u.alpha_u(continuum, begin=0, length=30)
    observed, expected = slowly(continuum, 30)
    assert float(found.numerator) == pytest.approx(observed, abs=1e-12)
    assert float(found.denominator) == pytest.approx(expected, abs=1e-12)


def test_the_reviews_have_the_older_figures_of_independent_libraries() -> None:
    expected: dict[str, Any] = json.loads((FIXTURES / "expected.json").read_text())["mdpi"]
    found = report(Records(FIXTURES / "mdpi.jsonl"), specification=Specification(layer="role"))
    assert found.figure("alpha_u_2004").value == pytest.approx(expected["pooled"]["alpha_u_2004"], abs=1e-6)
    assert found.figure("alpha_words").value == pytest.approx(
        expected["pooled"]["word_alpha_nominal"], abs=1e-6
    )
    for label, value in expected["pooled"]["alpha_u_2004_per_label"].items():
        assert found.figure("alpha_u_2004", label=label).value == pytest.approx(value, abs=1e-6)
    for record in Records(FIXTURES / "mdpi.jsonl"):
        known = expected["per_document"][record["id"]]
        alone = report([record], specification=Specification(layer="role"))
        words = alone.figure("cohen_kappa_words", pair=("annotator_1", "annotator_2"))
        assert words.value == pytest.approx(known["word_cohen_kappa"]["annotator_1|annotator_2"], abs=1e-6)
        assert alone.figure("alpha_u_2004").value == pytest.approx(known["alpha_u_2004"], abs=1e-6)
        assert alone.figure("alpha_words").value == pytest.approx(known["word_alpha_nominal"], abs=1e-6)
        assert alone.figure("alpha_words").units == known["words"]
        assert {one["annotator"]: len(one["spans"]) for one in record["sets"]} == known["spans"]


def test_alpha_u_of_2004_asks_that_everybody_read_everything() -> None:
    texts = [
        document("d1", 40, reading("Ada", (0, 9, "nuanced")), reading("Ben", (0, 9, "nuanced"))),
        document("d2", 40, reading("Ada", (0, 9, "nuanced")), reading("Chloe", (0, 9, "nuanced"))),
    ]
    figure = report(texts, specification=Specification()).figure("alpha_u_2004")
    assert (figure.value, figure.reason) == (None, "not_available")


@settings(max_examples=30, deadline=None)
@given(corpora(documents=3))
def test_alpha_over_words_is_alpha_over_the_words_labels(corpus: list[dict[str, Any]]) -> None:
    rows: list[list[str | None]] = []
    for text in corpus:
        text["text"] = "ab " * (len(text["text"]) // 3) + "x" * (len(text["text"]) % 3)
        starts = [
            i for i, c in enumerate(text["text"]) if c != " " and (i == 0 or text["text"][i - 1] == " ")
        ]
        for at in starts:
            judged: dict[str, str] = {}
            for one in text["sets"]:
                hit = [s["stance"] for s in one["spans"] if s["start"] <= at < s["end"]]
                judged[one["annotator"]] = hit[0] if hit else "unmarked"
            rows.append([judged.get(name) for name in ("Ada", "Ben", "Chloe", "Dan")])
    observed = alpha.coincidences(ratings.from_matrix(rows, labels=["unmarked", *STANCES]).distinct())
    wanted = alpha.alpha(observed, alpha.distances("nominal", observed))
    figure = report(corpus, specification=Specification(resamples=0)).figure("alpha_words")
    if figure.value is not None:
        assert figure.value == pytest.approx(float(wanted.agreement), abs=1e-9)
        assert figure.units == len(rows)
    else:
        assert figure.reason in ("no_spans", "single_label")


masses = st.lists(st.integers(1, 4), min_size=1, max_size=6)


@st.composite
def two_segmentations(draw: st.DrawFn) -> tuple[list[int], list[int]]:
    one = draw(masses)
    positions = sorted(draw(st.sets(st.integers(1, max(sum(one) - 1, 1)), max_size=5)) - {sum(one)})
    edges = [0, *positions, sum(one)]
    return one, [b - a for a, b in pairwise(edges)]


@settings(max_examples=80, deadline=None)
@given(two_segmentations())
def test_boundary_similarity_is_symmetric_and_a_near_miss_costs_half(
    pair: tuple[list[int], list[int]],
) -> None:
    one, other = pair
    there = segmentation.boundary_similarity(one, other)
    back = segmentation.boundary_similarity(other, one)
    assert float(there.denominator) == float(back.denominator)
    assert float(there.numerator) == float(back.numerator)
    if bool(there.defined):
        assert 0 <= float(there.agreement) <= 1
    found = segmentation.edits(one, other)
    shared = segmentation.boundaries(one) & segmentation.boundaries(other)
    assert found.matches == len(shared)
    every = len(segmentation.boundaries(one) ^ segmentation.boundaries(other))
    assert found.additions + 2 * len(found.transpositions) == every


def test_boundary_similarity_of_a_near_miss_and_of_a_wider_one() -> None:
    assert float(segmentation.boundary_similarity([2, 3, 6], [2, 2, 7]).agreement) == 0.75
    assert float(segmentation.boundary_similarity([2, 3, 6], [2, 5, 4]).agreement) == pytest.approx(1 / 3)
    assert float(segmentation.boundary_similarity([2, 3, 6], [2, 5, 4], n_t=3).agreement) == pytest.approx(
        2 / 3
    )
    assert float(segmentation.segmentation_similarity([2, 3, 6], [2, 2, 7]).agreement) == pytest.approx(0.95)
    assert not bool(segmentation.boundary_similarity([5], [5]).defined)


@pytest.mark.parametrize("wrong", [([2, 3], [2, 4]), ([2, 0], [1, 1])])
def test_segmentations_must_be_of_one_text_and_have_no_empty_segment(wrong: Any) -> None:
    with pytest.raises(ValueError, match="segment"):
        segmentation.edits(*wrong)


@settings(max_examples=60, deadline=None)
@given(two_segmentations())
def test_window_diff_is_that_of_nltk(pair: tuple[list[int], list[int]]) -> None:
    one, other = pair
    if sum(one) < 4:
        return
    strings = [
        "".join("1" if at in segmentation.boundaries(m) else "0" for at in range(1, sum(m))) for m in pair
    ]
    ours = segmentation.window_difference(one, other, window=2)
    assert ours == pytest.approx(nltk_segmentation.windowdiff(*strings, 2), abs=1e-9)


def test_kappa_and_pi_of_boundaries_differ_by_whose_rates_chance_has() -> None:
    items = {"i": {"a": [1, 1, 1, 7], "b": [5, 5]}}
    by_own, pooled = segmentation.fleiss_kappa(items), segmentation.fleiss_pi(items)
    assert float(by_own.denominator) == pytest.approx(1 - 3 / 9 * 1 / 9)
    assert float(pooled.denominator) == pytest.approx(1 - (2 / 9) ** 2)
    assert float(by_own.numerator) == float(pooled.numerator)


def test_cohens_ceiling() -> None:
    table = ratings.from_table([[40, 10], [0, 50]])
    assert float(kappa.cohen_ceiling(table).agreement) == pytest.approx((0.9 - 0.5) / 0.5)
