"""Intervals: resampling by weights is resampling documents; the jackknife; the planner."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from annotator.agreement import Specification, bootstrap, report
from annotator.agreement.bootstrap import DRAWN, MANY, Resampling
from annotator.agreement.figures import Figure, Interval
from annotator.agreement.planner import more_documents
from tests.agreement.made import STANCES, document, reading


def corpus(count: int, seed: int = 7) -> list[dict[str, object]]:
    rng = np.random.default_rng(seed)
    made = []
    for number in range(count):
        start, shift = int(rng.integers(0, 20)), int(rng.integers(0, 6))
        stance, other = rng.choice(STANCES, 2)
        one = (start, start + 20, str(stance))
        two = (start + shift, start + 20, str(stance if rng.random() < 0.7 else other))
        made.append(document(f"d{number:03}", 60, reading("Ada", one), reading("Ben", two)))
    return made


@pytest.mark.parametrize("name", ["u_alpha", "pooled_label_u_alpha", "span_f1_exact", "span_f1_characters"])
def test_a_resample_by_weights_is_the_report_on_the_documents_drawn(name: str) -> None:
    texts, seed, resamples = corpus(8), 11, 12
    specification = Specification(resamples=resamples, seed=seed)
    drawn = np.random.default_rng(seed).integers(0, len(texts), size=(resamples, len(texts)))
    naive = []
    for row in drawn:
        again = [{**texts[i], "id": f"{n}"} for n, i in enumerate(row)]
        naive.append(report(again, specification=Specification(resamples=0)).figure(name).value)
    values = np.array([v for v in naive if v is not None])
    interval = report(texts, specification=specification).figure(name).interval
    assert interval is not None
    low, high = np.quantile(values, [0.025, 0.975])
    assert interval.low == pytest.approx(low, abs=1e-9)
    assert interval.high == pytest.approx(high, abs=1e-9)
    assert interval.undefined == resamples - len(values)
    assert dict(interval.below or ()) == {
        0.667: pytest.approx((values < 0.667).mean()),
        0.8: pytest.approx((values < 0.8).mean()),
    }
    assert (interval.seed, interval.resamples, interval.level) == (seed, resamples, 0.95)
    assert "bootstrap" in interval.method


def test_the_seed_is_all_that_chance_depends_on() -> None:
    texts = corpus(10)
    one, again, other = (
        report(texts, specification=Specification(seed=seed)).figure("u_alpha") for seed in (1, 1, 2)
    )
    assert one == again
    assert one.value == other.value
    assert one.interval != other.interval


def test_blocks_of_weights_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = corpus(12)
    whole = report(texts, specification=Specification(resamples=50)).as_dict()
    monkeypatch.setattr(bootstrap, "BLOCK", 100)
    assert report(texts, specification=Specification(resamples=50)).as_dict() == whole


def test_every_row_of_weights_draws_as_many_documents_as_there_are() -> None:
    resampling = Resampling(9, 40, 3, 0.95, "bootstrap")
    weights = np.concatenate(list(resampling.weights()))
    assert weights.shape == (40, 9)
    assert (weights.sum(axis=1) == 9).all()


def test_the_jackknife_leaves_out_one_document_at_a_time() -> None:
    texts = corpus(6)
    found = report(texts, specification=Specification(interval="jackknife")).figure("u_alpha")
    assert found.value is not None
    without = []
    for absent in range(6):
        rest = [text for i, text in enumerate(texts) if i != absent]
        value = report(rest, specification=Specification(resamples=0)).figure("u_alpha").value
        assert value is not None
        without.append(value)
    pseudo = 6 * found.value - 5 * np.array(without)
    reach = stats.t.ppf(0.975, 5) * pseudo.std(ddof=1) / np.sqrt(6)
    interval = found.interval
    assert interval is not None
    assert interval.low == pytest.approx(pseudo.mean() - reach, abs=1e-8)
    assert interval.high == pytest.approx(pseudo.mean() + reach, abs=1e-8)
    assert interval.seed is None
    assert "jackknife" in interval.method


@pytest.mark.parametrize(("count", "method"), [(6, "jackknife"), (31, "bootstrap")])
def test_auto_takes_the_jackknife_for_few_documents(count: int, method: str) -> None:
    found = report(corpus(count), specification=Specification(interval="auto", resamples=20)).figure(
        "u_alpha"
    )
    assert found.interval is not None
    assert method in found.interval.method


def test_one_document_has_no_interval() -> None:
    assert all(f.interval is None for f in report(corpus(1), specification=Specification()).figures)


def test_the_planner_quarters_the_width_with_sixteen_times_the_documents() -> None:
    interval = Interval(0.4, 0.8, 0.95, "bootstrap", 1000, 1)
    figure = Figure("u_alpha", 0.6, interval=interval)
    assert more_documents(figure, documents=10, half_width=0.2) == 0
    assert more_documents(figure, documents=10, half_width=0.05) == 150
    assert more_documents(Figure("u_alpha", 0.6), documents=10, half_width=0.05) is None
    with pytest.raises(ValueError, match="positive"):
        more_documents(figure, documents=10, half_width=0)


def test_no_units_have_resamples_of_nothing() -> None:
    assert not bootstrap.unit_sums(np.zeros((0, 3)), np.zeros(0), resamples=5, seed=1).any()


def test_of_many_pairs_each_is_drawn_less_often_and_says_so() -> None:
    resampling = Resampling(20, 1000, 1, 0.95, "bootstrap")
    assert resampling.of_one_pair(MANY) is resampling
    assert resampling.of_one_pair(MANY + 1).resamples == DRAWN
    assert Resampling(20, 50, 1, 0.95, "bootstrap").of_one_pair(MANY + 1).resamples == 50
