"""gamma: the alignment against an integer programme and brute force; sampling that can be repeated."""

from __future__ import annotations

import time
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, milp

from annotator.agreement import Specification, choice, gamma, report
from annotator.agreement.gamma import Dissimilarity, Shape, Unit
from annotator.agreement.shuffles import Shuffle
from tests.agreement.made import document, reading, span


@st.composite
def units(draw: st.DrawFn, *, most: int) -> list[Unit]:
    found = []
    for _ in range(draw(st.integers(0, most))):
        start = draw(st.integers(0, 20))
        found.append(Unit(start, start + draw(st.integers(1, 10)), draw(st.sampled_from("ab"))))
    return found


def unlike(u: Unit, v: Unit, measure: Dissimilarity) -> float:
    moved = (abs(u.start - v.start) + abs(u.end - v.end)) / (u.end - u.start + v.end - v.start)
    return (measure.alpha * moved**2 + measure.beta * (u.label != v.label)) * measure.delta


@settings(max_examples=80, deadline=None)
@given(units(most=6), units(most=6), st.sampled_from([(1.0, 1.0, 1.0), (3.0, 2.0, 1.0), (1.0, 1.0, 0.5)]))
def test_two_annotators_disorder_is_that_of_a_linear_assignment(
    left: list[Unit], right: list[Unit], weights: tuple[float, float, float]
) -> None:
    measure = Dissimilarity(*weights)
    size = len(left) + len(right)
    cost = np.zeros((size, size))
    cost[: len(left), len(right) :] = cost[len(left) :, : len(right)] = measure.delta
    for i, j in product(range(len(left)), range(len(right))):
        cost[i, j] = unlike(left[i], right[j], measure)
    rows, columns = linear_sum_assignment(cost)
    wanted = cost[rows, columns].sum() / (size / 2) if size else 0.0
    assert gamma.disorder([left, right], measure) == pytest.approx(wanted, abs=1e-9)


def cheapest(left: list[list[Unit]], measure: Dissimilarity) -> float:
    """Every unitary alignment that holds the first unit left, and what the rest then costs."""
    owner = next((a for a, own in enumerate(left) if own), None)
    if owner is None:
        return 0.0
    first, pairs = left[owner][0], len(left) * (len(left) - 1) / 2
    best = float("inf")
    others = [[None, *own] if a != owner else [first] for a, own in enumerate(left)]
    for chosen in product(*others):
        cost = 0.0
        for a in range(len(left)):
            for b in range(a + 1, len(left)):
                u, v = chosen[a], chosen[b]
                cost += measure.delta if u is None or v is None else unlike(u, v, measure)
        rest = [[u for u in own if u is not chosen[a]] for a, own in enumerate(left)]
        best = min(best, cost / pairs + cheapest(rest, measure))
    return best


@settings(max_examples=40, deadline=None)
@given(st.lists(units(most=2), min_size=3, max_size=3))
def test_three_annotators_disorder_is_the_least_of_all_alignments(continuum: list[list[Unit]]) -> None:
    count = sum(map(len, continuum))
    wanted = cheapest(continuum, Dissimilarity()) / (count / 3) if count else 0.0
    assert gamma.disorder(continuum, Dissimilarity()) == pytest.approx(wanted, abs=1e-9)


def by_integer_program(continuum: list[list[Unit]], measure: Dissimilarity) -> float:
    """The least disorder by HiGHS, over all unitary alignments there are."""
    pairs = len(continuum) * (len(continuum) - 1) / 2
    number = {id(unit): i for i, unit in enumerate(u for own in continuum for u in own)}
    held: list[list[int]] = []
    prices: list[float] = []
    for chosen in product(*([None, *own] for own in continuum)):
        members = [unit for unit in chosen if unit is not None]
        if members:
            inside = sum(unlike(u, v, measure) for u, v in combinations(members, 2))
            prices.append((inside + (pairs - len(members) * (len(members) - 1) / 2) * measure.delta) / pairs)
            held.append([number[id(unit)] for unit in members])
    covers = np.zeros((len(number), len(prices)))
    for column, mine in enumerate(held):
        covers[mine, column] = 1
    ones = np.ones(len(prices))
    found = milp(prices, constraints=LinearConstraint(covers, 1, 1), integrality=ones, bounds=Bounds(0, 1))
    return float(found.fun)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(units(most=4), min_size=3, max_size=4),
    st.sampled_from([Dissimilarity(), Dissimilarity(3, 2, 1), Dissimilarity(0.5, 0, 2)]),
)
def test_many_annotators_disorder_is_that_of_an_integer_program(
    continuum: list[list[Unit]], measure: Dissimilarity
) -> None:
    count = sum(map(len, continuum))
    wanted = by_integer_program(continuum, measure) / (count / len(continuum)) if count else 0.0
    assert gamma.disorder(continuum, measure) == pytest.approx(wanted, abs=1e-7)


def crowd(seed: int, annotators: int, number: int) -> list[list[Unit]]:
    """Readings of one text that agree in part."""
    rng = np.random.default_rng(seed)
    text = [(float(s), float(s + rng.integers(40, 200))) for s in rng.integers(0, 5000, number)]
    return [
        [Unit(s + rng.integers(-9, 9), e + rng.integers(-9, 9), str(rng.choice(["a", "b"]))) for s, e in text]
        for _ in range(annotators)
    ]


def test_an_ordinary_document_of_four_readings_stays_within_the_limit_of_a_report() -> None:
    found = gamma.gamma(crowd(1, 4, 20), samples=30, precision=None, seconds=60)
    assert found.value is not None
    assert 0 < found.value < 1


def test_a_hard_island_is_split_and_still_exact() -> None:
    """With hardly any step of search before it, splitting has to find the same."""
    continuum = Shape.of(crowd(2, 4, 12)).sample(np.random.default_rng(5))
    wanted = gamma.disorder(continuum, Dissimilarity())
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(choice, "STEPS", 1)
        patched.setattr(choice, "PASSES", ((5, 0.1),))
        assert gamma.disorder(continuum, Dissimilarity()) == pytest.approx(wanted, abs=1e-9)


SOME = [
    [Unit(1, 5, "a"), Unit(6, 10, "b"), Unit(11, 15, "a")],
    [Unit(2, 6, "a"), Unit(7, 11, "b"), Unit(12, 16, "b")],
]


def test_the_same_seed_gives_the_same_value_and_another_seed_another() -> None:
    one, again, other = (gamma.gamma(SOME, seed=seed, samples=30, precision=None) for seed in (1, 1, 2))
    assert one == again
    assert one.expected != other.expected
    assert one.value != other.value


def test_a_wanted_precision_asks_for_more_samples() -> None:
    assert gamma.gamma(SOME, samples=30, precision=0.05).samples > 30


def test_nested_units_have_a_value() -> None:
    outer, inner = Unit(0, 30, "a"), Unit(10, 20, "b")
    assert gamma.gamma([[outer, inner], [outer, inner]], samples=10, precision=None).value == 1
    missed = gamma.gamma([[outer, inner], [outer]], samples=30, precision=None)
    assert missed.value is not None
    assert missed.value < 1


def test_the_search_stops_at_its_time_limit() -> None:
    rng = np.random.default_rng(1)
    crowd = [[Unit(s, s + 10, "a") for s in rng.uniform(0, 20, 14).tolist()] for _ in range(5)]
    begun = time.monotonic()
    with pytest.raises(gamma.TimeIsUp):
        gamma.gamma(crowd, seconds=0.2)
    assert time.monotonic() - begun < 5


def test_a_report_says_that_time_was_up_and_gives_everything_else() -> None:
    readings = [
        reading(who, *(span(int(u.start) + 20, int(u.end) + 20, role=u.label) for u in own))
        for who, own in zip("ABCDE", crowd(3, 5, 20), strict=True)
    ]
    asked = Specification(layer="role", resamples=0, gamma=True, gamma_seconds=0.01)
    begun = time.monotonic()
    found = report([document("d", 6000, *readings)], specification=asked)
    assert time.monotonic() - begun < 30
    assert found.figure("gamma").value is None
    assert found.figure("gamma").reason == "time_limit"
    assert found.figure("pooled_label_u_alpha").value is not None
    assert found.figure("span_f1_overlap").value is not None


@settings(max_examples=40, deadline=None)
@given(st.lists(units(most=4), min_size=2, max_size=4), st.integers(0, 1000))
def test_a_shuffled_continuum_is_of_real_readings_moved_within_the_text(
    continuum: list[list[Unit]], seed: int
) -> None:
    if not any(continuum):
        return
    shuffle = Shuffle.of(continuum)
    found = shuffle.sample(np.random.default_rng(seed))
    assert found == shuffle.sample(np.random.default_rng(seed))
    assert len(found) == len(continuum)
    real = [sorted((u.end - u.start, u.label) for u in own) for own in continuum]
    for own in found:
        assert sorted((u.end - u.start, u.label) for u in own) in real
        assert all(u.start <= shuffle.high for u in own)


def test_gamma_with_shuffled_continua_has_the_same_observed_disorder() -> None:
    shuffled = gamma.gamma(SOME, samples=30, precision=None, sample=Shuffle.of(SOME).sample)
    shaped = gamma.gamma(SOME, samples=30, precision=None)
    assert shuffled.observed == shaped.observed
    assert shuffled.expected != shaped.expected
    assert shuffled.value is not None
    assert shuffled.value < 1


def test_one_annotator_or_no_unit_has_no_gamma() -> None:
    empty: list[list[Unit]] = [[], []]
    for nothing in ([[Unit(0, 1, "a")]], empty):
        with pytest.raises(ValueError, match="two annotators"):
            gamma.gamma(nothing)
