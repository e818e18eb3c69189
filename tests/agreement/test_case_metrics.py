"""Alpha under the metrics that only published cases use, against straight lines and NLTK; segment formats."""

from __future__ import annotations

from math import pi, sin
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from nltk.metrics import jaccard_distance, masi_distance
from nltk.metrics.agreement import AnnotationTask

from annotator.agreement import cases, segmentation
from annotator.agreement.case_marks import segment_lengths


def value(coefficient: str, data: Any, **params: Any) -> float | None:
    outcome = cases.run({"coefficient": coefficient, "data": data, "params": params, "expected": 0})
    assert outcome.known, outcome.note
    return outcome.value


def slowly(rows: list[list[Any]], distance: Any) -> float | None:
    """1 - Do / De over every ordered pair of values, within units and over all."""
    values = [value for row in rows for value in row]
    observed = sum(
        distance(a, b) / (len(row) - 1)
        for row in rows
        for i, a in enumerate(row)
        for b in row[:i] + row[i + 1 :]
    )
    expected = sum(distance(a, b) for i, a in enumerate(values) for b in values[:i] + values[i + 1 :])
    return 1 - observed / (expected / (len(values) - 1)) if expected else None


grades = st.lists(st.lists(st.integers(1, 5), min_size=3, max_size=3), min_size=2, max_size=8)


@settings(max_examples=60, deadline=None)
@given(grades)
def test_circular_and_bipolar_alpha_by_straight_lines(rows: list[list[int]]) -> None:
    data = {"kind": "matrix", "units_x_raters": rows}
    around = value("alpha", data, metric="circular", circumference=8)
    assert around == pytest.approx(slowly(rows, lambda a, b: sin(pi * (a - b) / 8) ** 2), abs=1e-9)

    def poles(a: int, b: int) -> float:
        return 0.0 if a == b else (a - b) ** 2 / ((a + b - 2 * 0) * (2 * 6 - a - b))

    between = value("alpha", data, metric="bipolar", minimum=0, maximum=6)
    assert between == pytest.approx(slowly(rows, poles), abs=1e-9)


def test_a_printed_coincidence_matrix_will_do() -> None:
    # Krippendorff 2011, C: the coincidences of his example with missing data
    seen = [[7, 4 / 3, 1 / 3, 1 / 3, 0], [4 / 3, 10, 4 / 3, 1 / 3, 0], [1 / 3, 4 / 3, 8, 1 / 3, 0]]
    seen += [[1 / 3, 1 / 3, 1 / 3, 4, 0], [0, 0, 0, 0, 3]]
    data = {"kind": "coincidence_matrix", "matrix": seen}
    for metric, wanted in (("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)):
        assert value("alpha", data, metric=metric) == pytest.approx(wanted, abs=0.0005)
    crooked = {"kind": "coincidence_matrix", "matrix": [[1, 2], [3, 4]]}
    assert not cases.run({"coefficient": "alpha", "data": crooked}).known


sets = st.frozensets(st.sampled_from("abc"), min_size=1)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(sets, min_size=2, max_size=2), min_size=2, max_size=8))
def test_alpha_of_label_sets_is_that_of_nltk(rows: list[list[frozenset[str]]]) -> None:
    assume(len({one for row in rows for one in row}) > 1)
    data = {"kind": "matrix", "units_x_raters": [[sorted(one) for one in row] for row in rows]}
    triples = [(str(a), str(u), one) for u, row in enumerate(rows) for a, one in enumerate(row)]
    for metric, theirs in (("masi", masi_distance), ("jaccard", jaccard_distance)):
        wanted = AnnotationTask(triples, distance=theirs).alpha()
        assert value("krippendorff_alpha", data, metric=metric) == pytest.approx(wanted)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 5), min_size=1, max_size=6))
def test_a_segmentation_is_the_same_in_every_form(masses: list[int]) -> None:
    ends = segmentation.boundaries(masses)
    marks = [int(place in ends) for place in range(1, sum(masses))]
    positions = [number for number, mass in enumerate(masses) for _ in range(mass)]
    forms: list[tuple[Any, dict[str, Any]]] = [
        (masses, {"kind": "segmentation_masses"}),
        (marks, {"kind": "segmentation_binary"}),
        (positions, {"kind": "segmentation_positions"}),
        (sorted(ends), {"kind": "segmentation_boundaries", "n": sum(masses)}),
    ]
    if marks:
        forms.append(("".join(map(str, marks)), {"kind": "segmentation_string"}))
    for given_form, data in forms:
        assert segment_lengths(given_form, data) == masses, data


def test_padded_windows_count_every_unit_as_often() -> None:
    # one boundary missed in the middle of 6 units: of 6 + 2 windows, the 2 that hold it differ
    assert segmentation.window_difference([3, 3], [6], window=2, padded=True) == pytest.approx(2 / 8)
    assert segmentation.window_difference([3, 3], [6], window=2) == pytest.approx(2 / 4)
