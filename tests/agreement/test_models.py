"""Dawid-Skene against loops; competence with intervals; soft labels; passages."""

from __future__ import annotations

from math import log, prod
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import distance
from scipy.stats import entropy, wasserstein_distance

from annotator.agreement import Specification, dawid_skene, report, soft_labels
from annotator.agreement.bootstrap import Resampling
from annotator.agreement.competence import WARNING, Competences, competences
from annotator.agreement.marks import Mark
from annotator.agreement.passages import passages
from tests.agreement.made import corpora, document, reading

Rows = list[tuple[int, int, int]]


@st.composite
def judgements(draw: st.DrawFn) -> Rows:
    """Every one of 6 units is judged by someone; labels 0 to 2, annotators 0 to 2."""
    one = st.tuples(st.integers(0, 2), st.integers(0, 2))
    return [(u, a, k) for u in range(6) for a, k in draw(st.lists(one, min_size=1, max_size=4))]


def slowly(rows: Rows, steps: int, smoothing: float) -> tuple[list[float], list[Any], list[Any]]:
    """The paper's steps, one number at a time."""
    units, people, labels = 6, 3, 3
    given_ = [
        [[sum(r == (u, a, k) for r in rows) for k in range(labels)] for a in range(people)]
        for u in range(units)
    ]
    truth = []
    for u in range(units):
        votes = [sum(given_[u][a][k] for a in range(people)) for k in range(labels)]
        truth.append([v / sum(votes) for v in votes])
    for step in range(steps + 1):
        prior = [sum(truth[u][j] for u in range(units)) / units for j in range(labels)]
        error = []
        for a in range(people):
            table = [
                [sum(truth[u][j] * given_[u][a][k] for u in range(units)) + smoothing for k in range(labels)]
                for j in range(labels)
            ]
            error.append([[c / sum(line) if sum(line) else 0.0 for c in line] for line in table])
        if step == steps:
            return prior, error, truth
        for u in range(units):
            like = [
                prior[j]
                * prod(error[a][j][k] ** given_[u][a][k] for a in range(people) for k in range(labels))
                for j in range(labels)
            ]
            truth[u] = [x / sum(like) for x in like]
    raise AssertionError


@settings(max_examples=40, deadline=None)
@given(judgements(), st.sampled_from([1, 3, 10]))
def test_dawid_skene_equals_its_steps_one_number_at_a_time(rows: Rows, steps: int) -> None:
    columns = np.array(rows).T
    fitted = dawid_skene.fit(*columns, shape=(6, 3, 3), smoothing=0.01, steps=steps, tolerance=0)
    prior, error, truth = slowly(rows, steps, 0.01)
    np.testing.assert_allclose(fitted.prior, prior, atol=1e-9)
    np.testing.assert_allclose(fitted.confusion, error, atol=1e-9)
    np.testing.assert_allclose(fitted.posterior, truth, atol=1e-9)


@settings(max_examples=20, deadline=None)
@given(judgements())
def test_many_fits_at_once_equal_one_by_one_and_a_unit_twice_counts_twice(rows: Rows) -> None:
    columns = np.array(rows).T
    times = np.array([[1.0] * 6, [2.0, 1, 1, 1, 1, 0]])
    many = dawid_skene.fit(*columns, shape=(6, 3, 3), times=times, smoothing=0.01, steps=5, tolerance=0)
    for row, often in enumerate(times):
        one = dawid_skene.fit(*columns, shape=(6, 3, 3), times=often, smoothing=0.01, steps=5, tolerance=0)
        np.testing.assert_allclose(many.accuracy[row], one.accuracy, atol=1e-12)
    columns = np.array([r for r in rows if r[0] != 5] + [(6, a, k) for u, a, k in rows if u == 0]).T
    written = dawid_skene.fit(*columns, shape=(7, 3, 3), smoothing=0.01, steps=5, tolerance=0)
    np.testing.assert_allclose(many.prior[1], written.prior, atol=1e-9)


def test_no_judgements_have_no_model() -> None:
    with pytest.raises(ValueError, match="no judgements"):
        dawid_skene.fit(*np.zeros((3, 0), dtype=np.int64), shape=(0, 0, 0))


def answered(name: str, **labels: str | None) -> Any:
    sets = [reading(who, document_labels={} if a is None else {"tone": a}) for who, a in labels.items()]
    return document(name, 20, *sets)


def test_competence_comes_with_an_interval_and_a_warning() -> None:
    tones = ["calm", "angry", "calm", "angry", "calm", "calm"] * 3
    corpus = [
        answered(f"d{n}", Ada=t, Ben=t, Chloe=t if n % 3 else "angry", Dan=None if n % 2 else t)
        for n, t in enumerate(tones)
    ]
    ((group, found),) = report(corpus, specification=Specification(layer="document")).details.competences
    assert group == "tone"
    by_name = {a.name: a for a in found.annotators}
    assert by_name["Ada"].accuracy > by_name["Chloe"].accuracy
    assert by_name["Dan"].judged == 9
    interval = by_name["Chloe"].interval
    assert interval is not None
    assert interval.low <= by_name["Chloe"].accuracy <= interval.high
    assert found.as_dict()["warning"] == WARNING


@settings(max_examples=20, deadline=None)
@given(corpora(overlapping=True))
def test_accuracies_of_spans_are_shares(corpus: list[dict[str, Any]]) -> None:
    for _, found in report(corpus, specification=Specification(resamples=20)).details.competences:
        assert all(0 <= a.accuracy <= 1 for a in found.annotators)
        assert sum(found.prior) == pytest.approx(1)


def simulated(accuracies: tuple[float, ...], *, labels: int, units: int, seed: int) -> Any:
    """Codes (units, annotators): each gives the true label as often as it says, else any other."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, labels, units)
    wrong = (truth[:, None] + rng.integers(1, labels, (units, len(accuracies)))) % labels
    return np.where(rng.random(wrong.shape) < accuracies, truth[:, None], wrong)


def fitted(codes: Any, *, labels: int, names: str = "ABCDE") -> Competences:
    """The model of documents of two units each."""
    documents = np.arange(len(codes)) // 2
    found = competences(
        codes,
        documents,
        labels=[f"{k}" for k in range(labels)],
        annotators=names[: codes.shape[1]],
        resampling=Resampling(int(documents.max()) + 1, 200, 1, 0.95, "bootstrap"),
    )
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("accuracies", "labels"), [((0.9, 0.85, 0.3), 2), ((0.75, 0.7, 0.8, 0.35), 3), ((0.6,) * 5, 3)]
)
def test_intervals_hold_the_true_accuracy_as_often_as_they_say(
    accuracies: tuple[float, ...], labels: int
) -> None:
    held, told = 0, 0
    for seed in range(20):
        found = fitted(simulated(accuracies, labels=labels, units=160, seed=seed), labels=labels)
        for true, annotator in zip(accuracies, found.annotators, strict=True):
            if annotator.interval is None:
                assert found.reason is not None
                continue
            told += 1
            held += annotator.interval.low <= true <= annotator.interval.high
    assert told >= 0.9 * 20 * len(accuracies)
    assert held / told >= 0.88


@pytest.mark.parametrize("seed", range(10))
def test_whoever_reads_against_the_majority_is_not_flipped_in_resamples(seed: int) -> None:
    found = fitted(simulated((0.9, 0.85, 0.8, 0.2), labels=2, units=100, seed=seed), labels=2)
    *most, against = found.annotators
    assert found.reason is None
    assert against.interval is not None
    assert against.interval.high < 0.5
    assert all(one.interval is not None and one.interval.low > 0.5 for one in most)


def test_two_readers_never_tell_who_is_right() -> None:
    found = fitted(simulated((0.9, 0.6), labels=2, units=100, seed=1), labels=2)
    assert found.reason == "fewer_than_three"
    assert all(one.interval is None for one in found.annotators)
    assert found.as_dict()["reason"] == "fewer_than_three"


def test_a_solution_as_good_as_the_first_takes_the_intervals_away() -> None:
    """Ada and Ben differ in half of the units, and Chloe is with Ada as often as with Ben."""
    judged = [(0, 0, 0), (0, 1, 0), (0, 1, 1), (1, 1, 1), (1, 0, 1), (1, 0, 0), (0, 0, 1), (1, 1, 0)]
    found = fitted(np.array(judged * 20), labels=2)
    assert found.reason in ("another_solution", "not_converged")
    assert all(one.interval is None for one in found.annotators)


def test_noise_is_not_told_as_competence() -> None:
    doubted = [
        fitted(simulated((0.5, 0.5, 0.5), labels=2, units=100, seed=seed), labels=2).reason is not None
        for seed in range(20)
    ]
    assert sum(doubted) >= 12


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 50), st.permutations(range(3)), st.permutations(range(4)))
def test_names_and_order_of_labels_and_annotators_change_no_competence(
    seed: int, labels: list[int], people: list[int]
) -> None:
    codes = simulated((0.8, 0.7, 0.75, 0.4), labels=3, units=60, seed=seed)
    plain = fitted(codes, labels=3)
    renamed = fitted(np.array(labels)[codes][:, people], labels=3)
    assert (renamed.reason is None) == (plain.reason is None)
    for place, one in enumerate(people):
        mine, yours = renamed.annotators[place], plain.annotators[one]
        assert mine.accuracy == pytest.approx(yours.accuracy, abs=1e-4)
        if mine.interval and yours.interval:
            assert mine.interval.low == pytest.approx(yours.interval.low, abs=1e-2)
            assert mine.interval.high == pytest.approx(yours.interval.high, abs=1e-2)


shares = st.lists(st.floats(0.01, 1), min_size=3, max_size=3).map(lambda xs: np.array(xs) / sum(xs))


@settings(max_examples=60, deadline=None)
@given(shares, shares)
def test_soft_labels_are_as_far_apart_as_scipy_says(p: Any, q: Any) -> None:
    middle = (p + q) / 2
    divergence = (entropy(p, middle, base=2) + entropy(q, middle, base=2)) / 2
    assert soft_labels.jensen_shannon(p, q) == pytest.approx(divergence, abs=1e-9)
    assert soft_labels.jensen_shannon(p, q) >= 0
    assert soft_labels.manhattan(p, q) == pytest.approx(distance.cityblock(p, q), abs=1e-12)
    assert soft_labels.cross_entropy(p, q) == pytest.approx(
        -sum(a * log(b) for a, b in zip(p, q, strict=True))
    )
    steps = np.arange(3)
    assert soft_labels.wasserstein(p, q) == pytest.approx(wasserstein_distance(steps, steps, p, q), abs=1e-9)
    assert soft_labels.entropy(p) == pytest.approx(-sum(a * log(a) for a in p) / log(3), abs=1e-9)


def test_votes_become_shares_and_units_without_any_stay_unknown() -> None:
    counts = np.array([[3.0, 1, 0], [0, 0, 0], [2, 0, 0]])
    found = soft_labels.vote_shares(counts)
    np.testing.assert_allclose(found[[0, 2]], np.array([[0.75, 0.25, 0], [1, 0, 0]]))
    assert np.isnan(found[1]).all()
    assert soft_labels.entropy(found[2]) == 0
    np.testing.assert_allclose(soft_labels.vote_shares(counts, smoothing=1)[1], np.full(3, 1 / 3))


def mark(start: int, end: int, label: str = "a") -> Mark:
    return Mark(f"{start}-{end}", ((start, end),), label, None)


def test_a_passage_holds_at_most_one_span_of_each_annotator() -> None:
    found = passages([[mark(0, 10), mark(20, 30)], [mark(1, 10), mark(1, 9)], [mark(21, 30), mark(50, 60)]])
    assert found == [[0, 2], [0, 1], [2, 3]]


def test_of_equally_near_spans_those_with_one_label_are_a_passage() -> None:
    found = passages([[mark(0, 10, "a"), mark(0, 10, "b")], [mark(0, 10, "b"), mark(0, 10, "a")]])
    assert found[0][0] == found[1][1]
    assert found[0][1] == found[1][0]


def test_judgements_one_by_one_fit_as_their_table_does(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(5)
    units, annotators = np.divmod(chance.choice(60 * 30, size=240, replace=False), 30)
    labels, times = chance.integers(0, 3, size=240), chance.integers(0, 3, size=(4, 60)).astype(float)

    def fitted(sparse: int) -> dawid_skene.Competence:
        monkeypatch.setattr(dawid_skene, "SPARSE", sparse)
        return dawid_skene.fit(
            units, annotators, labels, shape=(60, 30, 3), times=times, smoothing=0.01, steps=30
        )

    dense, sparse = fitted(10**9), fitted(1)
    np.testing.assert_allclose(dense.posterior, sparse.posterior, atol=1e-9)
    np.testing.assert_allclose(dense.confusion, sparse.confusion, atol=1e-9)
    np.testing.assert_allclose(dense.likelihood, sparse.likelihood, rtol=1e-9)
