"""A coefficient is known by any of its names, and nothing is guessed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from annotator.agreement import __main__ as command
from annotator.agreement import cases
from annotator.agreement.case_names import parsed, plain
from annotator.agreement.case_synonyms import MEANS, _read

#: A name in the typesetter's spelling.
TYPESET = "Cohen\N{RIGHT SINGLE QUOTATION MARK}s Kappa coefficient"
TABLE = {"kind": "table", "table": [[20, 10], [20, 50]]}
MATRIX: list[list[Any]] = [[1, 1, None, 1], [2, 2, 3, 2], [3, 3, 3, 3], [1, 2, 3, 4], [4, 4, 4, 4]]
LONG = [(unit, annotator, label) for unit, row in enumerate(MATRIX) for annotator, label in enumerate(row)]


def value(coefficient: str, data: Any, **params: Any) -> float | None:
    outcome = cases.run({"coefficient": coefficient, "data": data, "params": params, "expected": 0})
    assert outcome.known, outcome.note
    return outcome.value


@pytest.mark.parametrize(
    "name",
    ["cohen_kappa", "Cohen's kappa", "cohens-kappa", "kappa", "κ", "COHEN KAPPA", "kappa (unweighted)"],
)
def test_spelling_does_not_matter(name: str) -> None:
    assert value(name, TABLE) == value(TYPESET, TABLE) == pytest.approx(0.16 / 0.46)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("gwet_ac1_se", ("gwet_ac1", "se", None)),
        ("standard error of Fleiss' kappa", ("fleiss_kappa", "se", None)),
        ("quadratic weighted kappa", ("weighted_kappa", None, "quadratic")),
        ("krippendorff_alpha_ordinal", ("krippendorff_alpha", None, "ordinal")),
        ("Krippendorff's alpha (interval)", ("krippendorff_alpha", None, "interval")),
        ("expected agreement pi", ("pi", "pe", None)),
        ("alpha_ordinal_se", ("alpha", "se", "ordinal")),
        ("standard error of linear weighted kappa", ("weighted_kappa", "se", "linear")),
        ("cohen_kappa_max", ("cohen_kappa_max", None, None)),
        ("kappa of tomorrow", None),
        ("weighted kappas of the week", None),
    ],
)
def test_a_name_is_taken_apart_only_as_far_as_it_is_known(name: str, parts: Any) -> None:
    found = parsed(name, cases.KNOWN)
    assert (found and (found.coefficient, found.statistic, found.family)) == parts


def test_a_statistic_may_name_its_coefficient_among_the_parameters() -> None:
    wanted = value("scott_pi_pe", TABLE)
    assert value("expected_agreement", TABLE, of="Scott's pi") == wanted
    assert value("Pe", TABLE, of="pi") == wanted
    assert not cases.run({"coefficient": "expected agreement", "data": TABLE}).known


def test_every_other_name_means_a_coefficient_and_only_one() -> None:
    assert set(MEANS.values()) <= set(cases.COEFFICIENTS)
    assert not set(MEANS) & set(cases.COEFFICIENTS)
    assert all(name == plain(name) for name in cases.KNOWN)
    with pytest.raises(ValueError, match="means"):
        _read("one: same\nother: same\n")


@pytest.mark.parametrize(
    "data",
    [
        {"kind": "matrix", "units_x_raters": MATRIX},
        {"kind": "matrix", "subjects_x_coders": MATRIX},
        {"kind": "matrix", "raters_x_units": [list(row) for row in zip(*MATRIX, strict=True)]},
        {"kind": "reliability_data", "data": ["1 2 3 1 4", "1 2 3 2 4", "* 3 3 3 4", "1 2 3 4 4"]},
        {"kind": "reliability_matrix", "matrix": [list(row) for row in zip(*MATRIX, strict=True)]},
        {"kind": "matrix", "units_x_raters": [["NA" if x is None else str(x) for x in row] for row in MATRIX]},
        {"kind": "matrix", "units_x_raters": [[-9 if x is None else x for x in row] for row in MATRIX], "missing": -9},
        {"kind": "matrix", "units_x_raters": [[float("nan") if x is None else x for x in row] for row in MATRIX]},
        {"kind": "raters", "raters": dict(zip("abcd", zip(*MATRIX, strict=True), strict=True))},
        {"kind": "counts", "units_x_categories": [[row.count(k) for k in (1, 2, 3, 4)] for row in MATRIX]},
        {"kind": "long", "rows_unit_annotator_label": [[u, a, k] for u, a, k in LONG]},
        {"kind": "triples", "rows_coder_item_label": [[a, u, k] for u, a, k in LONG]},
        {"kind": "records", "records": [{"item": u, "worker": a, "label": k} for u, a, k in LONG]},
    ],
)  # fmt: skip
def test_the_same_judgements_in_any_form_have_the_same_alpha(data: dict[str, Any]) -> None:
    wanted = value("alpha", {"kind": "matrix", "units_x_raters": MATRIX}, metric="interval")
    assert value("Krippendorff's alpha", data, level="interval") == pytest.approx(wanted, abs=1e-12)


@pytest.mark.parametrize(
    "case",
    [
        "no case at all",
        {"coefficient": "weighted_kappa", "data": TABLE, "expected": 0.3},
        {"coefficient": "alpha", "data": {"kind": "matrix", "matrix": MATRIX}, "expected": 0.3},
        {"coefficient": "alpha", "data": {"kind": "telegram"}, "expected": 0.3},
        {"coefficient": "alpha", "data": [1, 2], "expected": 0.3},
        {"coefficient": "alpha", "data": {"kind": "counts", "units_x_categories": "none"}, "expected": 0.3},
        {"coefficient": "kappa", "data": {"kind": "table", "table": [[1, 2, 3], [4, 5, 6]]}, "expected": 0.3},
        {"coefficient": "kappa", "data": TABLE, "expected": "about a half"},
        {"coefficient": "kappa", "data": TABLE, "expected": 0.3, "tolerance": "small"},
        {"coefficient": "alpha", "data": TABLE, "params": {"metric": "of my own"}, "expected": 0.3},
        {"coefficient": "u_alpha", "data": {"kind": "spans", "spans_start_end_label": {"a": [[3, 1, "x"]]}, "length": 9}},
        {"coefficient": ["kappa"], "data": TABLE, "expected": 0.3},
        {},
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named_and_spoils_no_other_case(
    case: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = {"name": "good", "coefficient": "kappa", "data": TABLE, "expected": 0.348, "tolerance": 0.001}
    file = tmp_path / "cases.json"
    file.write_text(json.dumps([case, good]))
    assert command.main(["cases", str(file)]) == 0
    out = capsys.readouterr().out
    assert "agrees  good" in out
    assert out.count("unknown ") == 1
    assert "1 agree, 0 differ, 1 not known" in out


NAMED = {"kind": "matrix", "units_x_raters": MATRIX, "raters": ["A", "B", "C", "D"], "units": list("vwxyz")}


def test_annotators_and_units_can_be_chosen_by_name_only() -> None:
    two = {"kind": "matrix", "units_x_raters": [[row[1], row[3]] for row in MATRIX]}
    assert value("kappa", NAMED, raters=["B", "D"]) == value("kappa", two)
    assert value("alpha", NAMED, raters=["B", "D"]) == value("alpha", two)
    without = {"kind": "matrix", "units_x_raters": [[row[0], row[1], row[3]] for row in MATRIX]}
    assert value("alpha_without", NAMED, annotator="C") == pytest.approx(value("alpha", without), abs=1e-12)
    change = value("alpha_without_change", NAMED, annotator="C")
    assert change is not None
    assert change > 0
    assert value("item_agreement", NAMED, unit="w") == 0.5
    assert value("alpha_per_unit", NAMED, unit="x") == 1.0
    unnamed = {"kind": "matrix", "units_x_raters": MATRIX}
    assert not cases.run({"coefficient": "kappa", "data": unnamed, "params": {"raters": [1, 3]}}).known
    assert not cases.run({"coefficient": "item_agreement", "data": unnamed, "params": {"unit": 1}}).known


def test_characters_of_spans_are_judged_one_by_one() -> None:
    spans = {"kind": "spans", "length": 4, "spans_start_end_label": {"A": [[0, 2, "x"]], "B": [[1, 3, "x"]]}}
    as_units = {"kind": "pairs", "a": ["x", "x", "", ""], "b": ["", "x", "x", ""]}
    assert value("alpha_characters", spans) == value("alpha", as_units)
    assert value("cohen_kappa_characters", spans) == value("kappa", as_units)


def test_a_value_that_is_expected_to_be_undefined_agrees_only_if_it_is() -> None:
    one_label = {"kind": "matrix", "units_x_raters": [[1, 1], [1, 1]]}
    for expected in (None, "undefined", "NaN", float("nan")):
        assert cases.run({"coefficient": "alpha", "data": one_label, "expected": expected}).agrees
        assert not cases.run({"coefficient": "kappa", "data": TABLE, "expected": expected}).agrees
