"""Coefficients on fixed units against straight lines and against the field's libraries."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import krippendorff
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from nltk.metrics.agreement import AnnotationTask
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import cohens_kappa as statsmodels_kappa
from statsmodels.stats.inter_rater import fleiss_kappa as statsmodels_fleiss

from annotator.agreement import alpha, counts, kappa, ratings
from annotator.agreement.ratings import Ratings, Tally
from annotator.agreement.weights import weights

LABELS = (1, 2, 3, 4)


@st.composite
def judged(draw: st.DrawFn, *, missing: bool = True, annotators: int | None = None) -> Ratings:
    """Ratings of up to 15 units by up to 5 annotators."""
    width = annotators or draw(st.integers(2, 5))
    one = st.sampled_from([*LABELS, *([None] if missing else [])])
    rows = draw(st.lists(st.lists(one, min_size=width, max_size=width), min_size=1, max_size=15))
    return ratings.from_matrix(rows, labels=LABELS)


def rows_of(found: Ratings) -> list[list[int]]:
    """The labels themselves, missing ones left away."""
    return [[LABELS[code] for code in row if code >= 0] for row in found.codes.tolist()]


def distance_of(metric: str, a: int, b: int, marginal: dict[int, float]) -> float:
    if metric == "nominal":
        return float(a != b)
    if metric == "interval":
        return float((a - b) ** 2)
    if metric == "ratio":
        return ((a - b) / (a + b)) ** 2
    low, high = sorted((a, b))
    return (sum(n for k, n in marginal.items() if low <= k <= high) - (marginal[a] + marginal[b]) / 2) ** 2


def alpha_slowly(found: Ratings, metric: str) -> float:
    """Every ordered pair of values within and over units (Krippendorff 2011, without matrices)."""
    units = [row for row in rows_of(found) if len(row) >= 2]
    values = [value for row in units for value in row]
    marginal = {k: float(values.count(k)) for k in LABELS}
    n = len(values)
    observed = sum(
        distance_of(metric, a, b, marginal) / (len(row) - 1)
        for row in units
        for i, a in enumerate(row)
        for j, b in enumerate(row)
        if i != j
    )
    expected = sum(
        distance_of(metric, a, b, marginal)
        for i, a in enumerate(values)
        for j, b in enumerate(values)
        if i != j
    )
    return 1 - observed / (expected / (n - 1)) if n > 1 and expected else float("nan")


def same(got: Any, wanted: float) -> None:
    value = float(got)
    if np.isnan(wanted):
        assert np.isnan(value)
    else:
        assert value == pytest.approx(wanted, abs=1e-9)


@pytest.mark.parametrize("metric", ["nominal", "ordinal", "interval", "ratio"])
@settings(max_examples=60, deadline=None)
@given(found=judged())
def test_alpha_equals_its_definition_for_every_metric(metric: str, found: Ratings) -> None:
    observed = alpha.coincidences(found.distinct())
    same(
        alpha.alpha(observed, alpha.distances(metric, observed, LABELS)).agreement,
        alpha_slowly(found, metric),
    )


@pytest.mark.parametrize("metric", ["nominal", "ordinal", "interval", "ratio"])
@settings(max_examples=30, deadline=None)
@given(found=judged())
def test_alpha_equals_the_krippendorff_library(metric: str, found: Ratings) -> None:
    observed = alpha.coincidences(found.distinct())
    ours = float(alpha.alpha(observed, alpha.distances(metric, observed, LABELS)).agreement)
    assume(np.isfinite(ours))
    data = np.where(found.codes.T >= 0, np.array(LABELS)[found.codes.T], np.nan)
    theirs = krippendorff.alpha(data, level_of_measurement=metric, value_domain=list(LABELS))
    assert ours == pytest.approx(theirs, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(judged())
def test_the_nominal_shortcut_equals_the_whole_coincidence_matrix(found: Ratings) -> None:
    observed = alpha.coincidences(found.distinct())
    whole = alpha.alpha(observed, alpha.distances("nominal", observed)).agreement
    same(counts.nominal_alpha(counts.nominal_parts(found.counts()).sum(axis=0)).agreement, float(whole))


@settings(max_examples=40, deadline=None)
@given(judged())
def test_alpha_without_an_annotator_equals_alpha_on_the_rest(found: Ratings) -> None:
    everybody = range(len(found.annotators))
    for absent, value in enumerate(kappa.leave_one_out(found)):
        rest = found.chosen([a for a in everybody if a != absent])
        same(value, alpha_slowly(rest, "nominal"))


@settings(max_examples=40, deadline=None)
@given(judged())
def test_the_units_disagreements_sum_to_the_whole(found: Ratings) -> None:
    observed = alpha.coincidences(found.distinct())
    distance = alpha.distances("interval", observed, LABELS)
    each, own = alpha.of_units(found.counts(), distance)
    assert each.sum() == pytest.approx(float(alpha.alpha(observed, distance).numerator), abs=1e-9)
    assert np.isnan(own[[len(row) < 2 for row in rows_of(found)]]).all()


def cohen_slowly(pairs: list[tuple[int, int]], distance: Any) -> float:
    n = len(pairs)
    observed = sum(distance(a, b) for a, b in pairs) / n
    chance = sum(distance(a, b) for a, _ in pairs for _, b in pairs) / n**2
    return 1 - observed / chance if chance else float("nan")


@pytest.mark.parametrize("power", [0, 1, 2])
@settings(max_examples=40, deadline=None)
@given(found=judged(missing=False, annotators=2))
def test_cohens_kappa_equals_its_definition_and_scikit_learn(power: int, found: Ratings) -> None:
    apart = np.abs(np.subtract.outer(LABELS, LABELS)).astype(float) ** power if power else 1 - np.eye(4)
    ours = float(kappa.cohen(kappa.pair_tables(found)[0, 1], apart).agreement)
    pairs = [(one, other) for one, other in rows_of(found)]
    wanted = cohen_slowly(pairs, lambda a, b: abs(a - b) ** power if power else float(a != b))
    same(ours, wanted)
    if np.isfinite(wanted):
        name = [None, "linear", "quadratic"][power]
        theirs = cohen_kappa_score(*zip(*pairs, strict=True), labels=list(LABELS), weights=name)
        assert ours == pytest.approx(theirs, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.integers(1, 30), min_size=3, max_size=3), min_size=3, max_size=3))
def test_the_standard_error_of_kappa_is_that_of_statsmodels(table: list[list[int]]) -> None:
    counts_ = ratings.from_table(table)
    theirs = statsmodels_kappa(counts_)
    assert float(kappa.cohen(counts_).agreement) == pytest.approx(theirs.kappa, abs=1e-9)
    assert kappa.cohen_error(counts_) == pytest.approx(theirs.std_kappa, abs=1e-9)
    apart = np.subtract.outer(np.arange(3), np.arange(3)).astype(float) ** 2
    weighted = statsmodels_kappa(counts_, wt="quadratic")
    assert kappa.cohen_error(counts_, apart) == pytest.approx(weighted.std_kappa, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(judged(missing=False))
def test_fleiss_kappa_is_that_of_statsmodels_on_complete_data(found: Ratings) -> None:
    ours = kappa.fleiss(found.distinct())
    assume(bool(ours.defined))
    assert float(ours.agreement) == pytest.approx(statsmodels_fleiss(found.counts()), abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(judged(missing=False, annotators=2))
def test_nltk_agrees_on_pi_and_s_and_percent(found: Ratings) -> None:
    task = AnnotationTask(
        [(name, unit, LABELS[code]) for unit, row in enumerate(found.codes) for name, code in enumerate(row)]
    )
    table = kappa.pair_tables(found)[0, 1]
    pi = kappa.scott(table)
    assert kappa.observed(found.distinct(), np.eye(4)) == pytest.approx(task.avg_Ao(), abs=1e-9)
    if bool(pi.defined):
        assert float(pi.agreement) == pytest.approx(task.pi(), abs=1e-9)
    tally = found.distinct()
    used = tally.rows.sum(axis=0) > 0
    if used.sum() > 1:
        s = kappa.brennan_prediger(Tally(tally.rows[:, used], tally.times))
        assert float(s.agreement) == pytest.approx(task.S(), abs=1e-9)


def multi_slowly(found: Ratings, near: np.ndarray, chance: str) -> float:
    """Po over units judged twice, Pe by each idea of chance, in plain loops (Gwet's handbook)."""
    rows = [[code for code in row if code >= 0] for row in found.codes.tolist()]
    judged_rows, pairable = [r for r in rows if r], [r for r in rows if len(r) >= 2]
    if not pairable:
        return float("nan")
    q = len(LABELS)
    agreed = [
        sum(near[a, b] for i, a in enumerate(r) for j, b in enumerate(r) if i != j) / (len(r) * (len(r) - 1))
        for r in pairable
    ]
    po = sum(agreed) / len(agreed)
    share = [sum(r.count(k) / len(r) for r in judged_rows) / len(judged_rows) for k in range(q)]
    if chance == "fleiss":
        pe = sum(near[k, m] * share[k] * share[m] for k in range(q) for m in range(q))
    elif chance == "gwet":
        pe = near.sum() / (q * (q - 1)) * sum(p * (1 - p) for p in share)
    elif chance == "brennan_prediger":
        pe = near.sum() / q**2
    else:
        columns = [[c for c in col if c >= 0] for col in found.codes.T.tolist()]
        columns = [c for c in columns if c]
        own = [[c.count(k) / len(c) for k in range(q)] for c in columns]
        both = [
            sum(near[k, m] * g[k] * h[m] for k in range(q) for m in range(q)) for g, h in combinations(own, 2)
        ]
        if not both:
            return float("nan")
        pe = sum(both) / len(both)
    return (po - pe) / (1 - pe) if abs(1 - pe) > 1e-12 else float("nan")


@pytest.mark.parametrize("family", ["identity", "linear", "quadratic", "ordinal"])
@pytest.mark.parametrize("chance", ["fleiss", "gwet", "brennan_prediger", "conger"])
@settings(max_examples=15, deadline=None)
@given(found=judged())
def test_many_annotators_with_missing_judgements_by_every_idea_of_chance(
    chance: str, family: str, found: Ratings
) -> None:
    near = weights(family, LABELS)
    given_to = found if chance == "conger" else found.distinct()
    same(getattr(kappa, chance)(given_to, near).agreement, multi_slowly(found, near, chance))


@settings(max_examples=40, deadline=None)
@given(judged())
def test_all_pairs_at_once_equal_pair_by_pair(found: Ratings) -> None:
    values, shared = kappa.pairwise_cohen(found)
    for a, b in combinations(range(len(found.annotators)), 2):
        pairs = [(x, y) for x, y in found.codes[:, [a, b]].tolist() if x >= 0 and y >= 0]
        assert shared[a, b] == len(pairs)
        same(values[a, b], cohen_slowly(pairs, lambda x, y: float(x != y)) if pairs else float("nan"))


def test_who_judged_matters_to_conger_and_not_to_alpha_ac1_and_fleiss() -> None:
    """Krippendorff's C data and Gwet's four raters differ only in who judged unit 12."""
    common: list[list[int | None]] = [
        [1, 1, None, 1], [2, 2, 3, 2], [3, 3, 3, 3], [3, 3, 3, 3], [2, 2, 2, 2], [1, 2, 3, 4], [4, 4, 4, 4],
        [1, 1, 2, 1], [2, 2, 2, 2], [None, 5, 5, 5], [None, None, 1, 1],
    ]  # fmt: skip
    krippendorffs = ratings.from_matrix([*common, [None, 3, None, None]])
    gwets = ratings.from_matrix([*common, [None, None, 3, None]])
    for verb in (kappa.fleiss, kappa.gwet):
        assert float(verb(krippendorffs.distinct()).agreement) == float(verb(gwets.distinct()).agreement)
    assert float(kappa.conger(krippendorffs).agreement) == pytest.approx(0.76207, abs=1e-5)
    assert float(kappa.conger(gwets).agreement) == pytest.approx(0.76282, abs=1e-5)


def test_an_unused_label_changes_ac1_and_brennan_prediger_and_not_alpha() -> None:
    rows = [[1, 1], [1, 1], [1, 2], [2, 2], [1, 1]]
    two, three = ratings.from_matrix(rows, labels=[1, 2]), ratings.from_matrix(rows, labels=[1, 2, 3])
    for verb in (kappa.gwet, kappa.brennan_prediger):
        assert float(verb(three.distinct()).agreement) > float(verb(two.distinct()).agreement)
        more = verb(two.distinct(), labels=3)
        assert float(more.agreement) == pytest.approx(float(verb(three.distinct()).agreement), abs=1e-12)
    assert alpha_slowly(two, "nominal") == pytest.approx(
        float(counts.nominal_alpha(counts.nominal_parts(three.counts()).sum(axis=0)).agreement)
    )


def test_the_ordinal_metric_takes_the_declared_order_not_that_of_the_data() -> None:
    rows = [["low", "low"], ["high", "low"], ["middle", "high"], ["high", "high"]]
    values = []
    for order in (["low", "middle", "high"], ["middle", "low", "high"]):
        observed = alpha.coincidences(ratings.from_matrix(rows, labels=order).distinct())
        values.append(float(alpha.alpha(observed, alpha.distances("ordinal", observed)).agreement))
    assert values[0] != pytest.approx(values[1])


def test_distances_of_label_sets() -> None:
    sets = [frozenset(), frozenset("a"), frozenset("ab"), frozenset("bc")]
    jaccard, masi = alpha.jaccard(sets), alpha.masi(sets)
    assert jaccard[1, 2] == 0.5
    assert jaccard[2, 3] == pytest.approx(2 / 3)
    assert masi[1, 2] == pytest.approx(1 - 0.5 * 2 / 3)
    assert masi[2, 3] == pytest.approx(1 - 1 / 3 / 3)
    assert jaccard[0, 1] == masi[0, 1] == 1
    assert not np.diag(masi).any()


@pytest.mark.parametrize(
    "wrong", [[[0, 1], [2, 0]], [[1, 0], [0, 0]], [[0, -1], [-1, 0]], [[0, 1, 1], [1, 0, 1]]]
)
def test_a_custom_distance_must_be_one(wrong: list[list[float]]) -> None:
    with pytest.raises(ValueError, match="distance"):
        alpha.checked_distance(wrong, ["a", "b"])


@settings(max_examples=30, deadline=None)
@given(judged())
def test_equal_rows_may_be_counted_once(found: Ratings) -> None:
    tally = found.distinct()
    assert tally.times.sum() == len(found.codes)
    assert len(np.unique(tally.rows, axis=0)) == len(tally.rows)
    np.testing.assert_allclose(tally.times @ tally.rows, found.counts().sum(axis=0))
