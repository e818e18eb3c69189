"""Student's t stands once, for jackknife and printed limits alike, and is that of SciPy."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from annotator.agreement import bootstrap, case_statistics, student


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 7, 11, 29, 99, 222])
@pytest.mark.parametrize("level", [0.9, 0.95, 0.99])
def test_students_quantile_is_that_of_scipy(freedom: int, level: float) -> None:
    wanted = stats.t.ppf((1 + level) / 2, freedom)
    assert student.student_quantile(level, freedom) == pytest.approx(wanted, rel=1e-9)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 60), st.floats(0, 0.999))
def test_it_is_so_for_any_level(freedom: int, level: float) -> None:
    wanted = stats.t.ppf((1 + level) / 2, freedom)
    assert student.student_quantile(level, freedom) == pytest.approx(wanted, rel=1e-7, abs=1e-9)


def test_both_who_need_it_take_the_same() -> None:
    assert vars(bootstrap)["student_quantile"] is student.student_quantile
    assert vars(case_statistics)["student_quantile"] is student.student_quantile
