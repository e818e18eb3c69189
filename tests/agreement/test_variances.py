"""Standard errors without resampling, against derivatives taken by hand and against the field's libraries."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.inter_rater import cohens_kappa

from annotator.agreement import kappa, ratings, variances
from annotator.agreement.ratings import Ratings, Tally
from annotator.agreement.weights import weights

LABELS = (1, 2, 3)
STEP = 1e-6


@st.composite
def complete(draw: st.DrawFn) -> Ratings:
    """Ratings of 4 to 12 units by 2 to 4 annotators, none missing."""
    width = draw(st.integers(2, 4))
    row = st.lists(st.sampled_from(LABELS), min_size=width, max_size=width)
    return ratings.from_matrix(draw(st.lists(row, min_size=4, max_size=12)), labels=LABELS)


def conger_slowly(codes: np.ndarray, near: np.ndarray, often: np.ndarray) -> float:
    """Conger's kappa of weighted units, pair of annotators by pair."""
    agreed = chance = 0.0
    pairs = [(g, h) for g in range(codes.shape[1]) for h in range(codes.shape[1]) if g != h]
    for g, h in pairs:
        agreed += float(often @ near[codes[:, g], codes[:, h]])
        own, other = (
            np.bincount(codes[:, a], weights=often, minlength=len(near)) / often.sum() for a in (g, h)
        )
        chance += float(own @ near @ other)
    agreed, chance = agreed / often.sum() / len(pairs), chance / len(pairs)
    return (agreed - chance) / (1 - chance)


def by_derivative(value: object, count: int) -> float:
    """The root of the mean square of what each unit's weight does to the value, over n - 1."""
    moved = []
    for unit in range(count):
        often = np.ones(count)
        often[unit] += STEP
        more = value(often)  # type: ignore[operator]
        often[unit] -= 2 * STEP
        moved.append(count * (more - value(often)) / (2 * STEP))  # type: ignore[operator]
    return sqrt(sum(change**2 for change in moved) / (count * (count - 1)))


@settings(max_examples=40, deadline=None)
@given(complete(), st.sampled_from(["identity", "linear", "quadratic", "ordinal"]))
def test_the_linearised_error_is_what_each_unit_does_to_the_coefficient(found: Ratings, family: str) -> None:
    counts, near = found.counts(), weights(family, LABELS)
    verbs = {
        "percent": kappa.observed,
        "fleiss": lambda tally, near: float(kappa.fleiss(tally, near).agreement),
        "gwet": lambda tally, near: float(kappa.gwet(tally, near).agreement),
        "brennan_prediger": lambda tally, near: float(kappa.brennan_prediger(tally, near).agreement),
    }
    assume(bool(kappa.fleiss(found.distinct(), near).defined))
    for name, verb in verbs.items():
        wanted = by_derivative(lambda often, verb=verb: verb(Tally(counts, often), near), len(counts))
        ours = variances.standard_error(name, found.distinct(), near)
        assert ours == pytest.approx(wanted, abs=2e-6), name
    # on complete data alpha without its correction for few units is Fleiss' kappa
    assert variances.standard_error("alpha", found.distinct(), near) == pytest.approx(
        variances.standard_error("fleiss", found.distinct(), near), abs=1e-9
    )


@settings(max_examples=40, deadline=None)
@given(complete(), st.sampled_from(["identity", "quadratic"]))
def test_congers_error_is_what_each_unit_does_to_it(found: Ratings, family: str) -> None:
    near, codes = weights(family, LABELS), found.codes.astype(np.int64)
    assume(bool(kappa.conger(found, near).defined))
    assert conger_slowly(codes, near, np.ones(len(codes))) == pytest.approx(
        float(kappa.conger(found, near).agreement), abs=1e-9
    )
    wanted = by_derivative(lambda often: conger_slowly(codes, near, often), len(codes))
    assert variances.conger_error(found, near) == pytest.approx(wanted, abs=2e-6)


@pytest.mark.parametrize("family", ["identity", "linear", "quadratic"])
def test_cohens_errors_are_those_of_statsmodels(family: str) -> None:
    table = np.array([[22, 2, 2, 0], [5, 7, 14, 0], [0, 2, 36, 0], [0, 1, 17, 10]], dtype=np.float64)
    near = weights(family, (1, 2, 3, 4))
    theirs = cohens_kappa(table, wt=None if family == "identity" else family)
    assert kappa.cohen_error(table, 1 - near) == pytest.approx(theirs.std_kappa, abs=1e-9)
    assert variances.cohen_null_error(table, near) == pytest.approx(theirs.std_kappa0, abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(complete())
def test_fleiss_error_under_no_agreement_by_its_formula(found: Ratings) -> None:
    counts = found.counts()
    units, size = len(counts), float(counts[0].sum())
    share = counts.sum(axis=0) / counts.sum()
    assume(float((share * (1 - share)).sum()) > 0)
    inner = sum(p * (1 - p) for p in share) ** 2 - sum(p * (1 - p) * (1 - 2 * p) for p in share)
    wanted = sqrt(2) / (sum(p * (1 - p) for p in share) * sqrt(units * size * (size - 1))) * sqrt(inner)
    assert variances.fleiss_null_error(found.distinct()) == pytest.approx(wanted, abs=1e-9)


def test_fleiss_error_under_no_agreement_needs_as_many_judgements_everywhere() -> None:
    with pytest.raises(ValueError, match="same number"):
        variances.fleiss_null_error(ratings.from_matrix([[1, 2, 1], [1, 2, None]]).distinct())


@pytest.mark.parametrize("level", [0.9, 0.95, 0.99])
def test_normal_quantile_is_that_of_scipy(level: float) -> None:
    assert variances.normal_quantile(level) == pytest.approx(stats.norm.ppf((1 + level) / 2), rel=1e-9)
