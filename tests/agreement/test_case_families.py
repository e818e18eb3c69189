"""The families and labels that a case names are read under whichever name, or not guessed at."""

from __future__ import annotations

from typing import Any

import pytest

from annotator.agreement import cases

#: The same eight judgements of presence: both four times, one alone twice and once, neither once.
FOURFOLD = {"kind": "2x2", "a": 4, "b": 2, "c": 1, "d": 1}
ONE, OTHER = [1, 1, 1, 1, 1, 1, 0, 0], [1, 1, 1, 1, 0, 0, 1, 0]
WORDS = [
    (1, 0), (True, False), ("1", "0"), ("yes", "no"), ("Yes", "unsure"),
    ("positive", "negative"), ("pos", "neg"), ("present", "absent"),
]  # fmt: skip
OF_TWO = ("f1", "positive agreement", "negative_agreement", "prevalence_index", "bias_index")


def value(coefficient: str, data: Any, **params: Any) -> float | None:
    outcome = cases.run({"coefficient": coefficient, "data": data, "params": params, "expected": 0})
    assert outcome.known, outcome.note
    return outcome.value


def is_known(coefficient: str, data: Any, **params: Any) -> bool:
    return cases.run({"coefficient": coefficient, "data": data, "params": params, "expected": 0}).known


def pairs(yes: Any, no: Any) -> dict[str, Any]:
    return {
        "kind": "pairs",
        **{side: [yes if x else no for x in row] for side, row in (("a", ONE), ("b", OTHER))},
    }


@pytest.mark.parametrize("coefficient", OF_TWO)
@pytest.mark.parametrize("words", WORDS, ids=str)
def test_single_judgements_have_the_same_positive_label_as_their_table(coefficient: str, words: Any) -> None:
    assert value(coefficient, pairs(*words)) == pytest.approx(value(coefficient, FOURFOLD))


@pytest.mark.parametrize("coefficient", OF_TWO)
def test_two_labels_of_which_neither_is_positive_are_not_guessed_at(coefficient: str) -> None:
    attacks = pairs("attack", "support")
    assert not is_known(coefficient, attacks)
    assert not is_known(coefficient, pairs("yes", "true"))
    wanted = value(coefficient, FOURFOLD)
    assert value(coefficient, attacks, label="attack") == pytest.approx(wanted)
    assert value(coefficient, attacks, pos_label="attack") == pytest.approx(wanted)
    assert value(coefficient, attacks, labels=["attack", "support"]) == pytest.approx(wanted)
    turned = value(coefficient, pairs("yes", "no"), labels=["no", "yes"])
    assert turned == pytest.approx(value(coefficient, pairs("yes", "no"), label="no"))
    assert not is_known(coefficient, pairs(1, 0), average="macro")


GRADES = {"kind": "table", "table": [[20, 5, 1], [4, 15, 6], [2, 3, 18]], "labels": [1, 2, 3]}
RAW = {
    "kind": "matrix",
    "units_x_raters": [[1, 1, 2], [2, 3, 3], [4, 4, 4], [1, 2, 4], [3, 3, None], [2, 2, 2]],
}
FAR = [[0, 1, 4], [1, 0, 1], [4, 1, 0]]
E = 1e-12


@pytest.mark.parametrize(
    ("remark", "family"),
    [
        ("linear weights", "linear"),
        ("quadratic weights", "quadratic"),
        ("linearly weighted", "linear"),
        ("weights: quadratic", "quadratic"),
        ("Cohen 1968, quadratic weights", "quadratic"),
        ("Cicchetti-Allison weights", "linear"),
        ("squared", "quadratic"),
        ("unweighted", "identity"),
        ("no weights", "identity"),
        ("nominal data", "identity"),
    ],
)
def test_a_remark_that_names_weights_is_not_ignored(remark: str, family: str) -> None:
    assert value(f"Cohen's kappa ({remark})", GRADES) == pytest.approx(
        value("kappa", GRADES, weights=family), abs=E
    )


@pytest.mark.parametrize("metric", ["ordinal", "interval", "ratio"])
@pytest.mark.parametrize("remark", ["{}", "{} metric", "{} data", "{} level", "{}-scaled data", "metric: {}"])
def test_a_remark_that_names_a_metric_is_not_ignored(metric: str, remark: str) -> None:
    wanted = value("alpha", RAW, metric=metric)
    assert wanted != value("alpha", RAW)
    assert value(f"Krippendorff's alpha ({remark.format(metric)})", RAW) == wanted


@pytest.mark.parametrize(
    ("remark", "statistic"),
    [
        ("upper 95% CI", "ci_high"),
        ("95% CI, lower bound", "ci_low"),
        ("lower limit of the 95% confidence interval", "ci_low"),
        ("expected agreement", "pe"),
        ("SE", "se"),
    ],
)
def test_a_remark_that_names_a_statistic_is_not_ignored(remark: str, statistic: str) -> None:
    assert value(f"Cohen's kappa ({remark})", GRADES) == value(f"cohen_kappa_{statistic}", GRADES)


@pytest.mark.parametrize(
    "name",
    [
        "Percent agreement (expected)",
        "Cohen's kappa (95% CI)",
        "Cohen's kappa (upper 90% CI)",
        "Cohen's kappa (weighted by hand)",
        "Cohen's kappa (a metric)",
        "Cohen's kappa (linear and quadratic weights)",
        "quadratic weighted kappa (linear weights)",
        "Cohen's kappa (chi squared)",
        "Cohen's kappa (ordinal data)",
        "Cohen's kappa (p value)",
        "Scott's pi (max)",
        "Bangdiwala's B (linear weights)",
        "Krippendorff's alpha (Fleiss' kappa)",
        "Fleiss' kappa (free-marginal)",
        "Fleiss' kappa (exact version)",
        "Krippendorff's alpha per label (ordinal)",
    ],
)
def test_a_remark_that_may_matter_and_is_not_understood_spoils_the_name(name: str) -> None:
    assert not is_known(name, GRADES, category=1)


@pytest.mark.parametrize(
    "remark",
    [
        "token level",
        "two raters",
        "Cohen 1960, p. 45",
        "crowd data",
        "chance-corrected",
        "5-point scale",
        "Cohen",
    ],
)
def test_other_remarks_are_ignored(remark: str) -> None:
    assert value(f"Cohen's kappa ({remark})", GRADES) == value("cohen_kappa", GRADES)


@pytest.mark.parametrize(
    "key",
    ["delta", "difference", "scale", "level", "level_of_measurement", "metric", "distance", "distance_function",
     "measurement", "value_domain", "type", "method", "levelOfMeasurement", "weights"],
)  # fmt: skip
@pytest.mark.parametrize("family", ["interval", "interval data"])
def test_alpha_takes_its_metric_under_any_name(key: str, family: str) -> None:
    wanted = value("alpha", RAW, metric="interval")
    assert value("alpha", RAW, **{key: family}) == pytest.approx(wanted, abs=E)
    assert value("alpha", {**RAW, "level_of_measurement": "interval"}) == pytest.approx(wanted, abs=E)


@pytest.mark.parametrize(
    "key",
    ["weights", "weighting", "weight", "weight_type", "w", "wt", "weighted", "type", "metric", "distance"],
)
@pytest.mark.parametrize("family", ["linear", "quadratic"])
def test_kappa_takes_its_weights_under_any_name(key: str, family: str) -> None:
    wanted = value(f"{family} weighted kappa", GRADES)
    assert wanted != value("kappa", GRADES)
    assert value("kappa", GRADES, **{key: family}) == wanted
    assert value("weighted_kappa", GRADES, **{key: f"{family} weights"}) == wanted


@pytest.mark.parametrize("key", ["distance", "distance_matrix", "delta", "weights", "weight_matrix", "w"])
def test_a_matrix_is_taken_under_any_name(key: str) -> None:
    assert value("kappa", GRADES, **{key: FAR}) == pytest.approx(
        value("kappa", GRADES, weights="quadratic"), abs=E
    )
    assert value("alpha", GRADES, **{key: FAR}) == pytest.approx(
        value("alpha", GRADES, metric="interval"), abs=E
    )


@pytest.mark.parametrize(
    ("coefficient", "params"),
    [
        ("alpha", {"flavour": "ordinal"}),
        ("kappa", {"flavour": "linear weights"}),
        ("alpha", {"metric": "ordinal", "level": "interval"}),
        ("kappa", {"weights": "linear", "weighting": "quadratic"}),
        ("quadratic weighted kappa", {"weights": "linear"}),
        ("kappa", {"scale": "ordinal"}),
        ("kappa", {"weighted": True}),
        ("kappa", {"weights": "custom"}),
        ("alpha", {"difference": "of my own"}),
        ("bangdiwala_b", {"weights": "linear"}),
        ("alpha_per_label", {"metric": "ordinal", "label": 1}),
        ("cohen_kappa_max", {"weights": FAR}),
        ("fleiss_kappa_z", {"weights": "linear"}),
    ],
)
def test_a_family_that_would_not_be_read_is_not_dropped(coefficient: str, params: dict[str, Any]) -> None:
    assert not is_known(coefficient, GRADES, **params)


def test_what_labels_are_changes_no_coefficient_whose_weights_are_named() -> None:
    wanted = value("kappa", GRADES, weights="linear")
    assert value("kappa", GRADES, weights="linear", scale="ordinal") == wanted
    assert value("Cohen's kappa (weighted)", GRADES, weights="linear") == wanted
    assert value("kappa", GRADES, level_of_measurement="nominal") == value("kappa", GRADES)


def test_a_metric_may_be_another_than_what_the_labels_are() -> None:
    wanted = value("alpha", RAW)
    assert value("alpha", RAW, metric="nominal", level_of_measurement="ordinal") == wanted
    assert value("alpha", {**RAW, "level": "ordinal"}, metric="nominal") == wanted
    assert value("alpha", {**RAW, "level": "ordinal"}) == value("alpha", RAW, metric="ordinal") != wanted
