"""The report on published data gives the published figures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from annotator.agreement import Specification, report
from annotator.agreement.records import Records

FIXTURES = Path(__file__).parents[2] / "fixtures" / "agreement"

#: Krippendorff, Mathet, Bouvry & Widlöcher 2016, "Alex, Paul, Suzan": printed to three digits.
PRINTED = {"u_alpha": 0.510, "bar_u_alpha": 0.413, "cu_alpha": 0.724}
PRINTED_BY_LABEL = {"1": 1.0, "2": 0.0, "3": 0.0, "4": 0.0, "5": 1.0, "6": 1.0}


@pytest.mark.parametrize("layer", ["stance", "role"])
def test_the_paper_example_has_its_printed_values(layer: str) -> None:
    found = report(Records(FIXTURES / "paper.jsonl"), specification=Specification(layer=layer))
    for name, value in PRINTED.items():
        assert found.figure(name).value == pytest.approx(value, abs=0.0005)
    for label, value in PRINTED_BY_LABEL.items():
        assert found.figure("ku_alpha", label=label).value == pytest.approx(value, abs=1e-9)
    seventh = found.figure("ku_alpha", label="7")
    assert (seventh.value, seventh.reason) == (None, "no_coverage")
    assert found.figure("ku_coverage", label="5").value == pytest.approx(8 / 18)
    assert found.figure("u_alpha").interval is None, "one document cannot be resampled"


def test_a_label_on_its_own_continuum_is_another_figure_than_in_the_joint_one() -> None:
    found = report(Records(FIXTURES / "paper.jsonl"), specification=Specification())
    assert found.figure("label_u_alpha", label="5").value == pytest.approx(0.388, abs=0.0005)
    assert found.figure("ku_alpha", label="5").value == pytest.approx(1.0)


def test_the_reviews_have_the_figures_of_independent_libraries() -> None:
    expected: dict[str, Any] = json.loads((FIXTURES / "expected.json").read_text())["mdpi"]["pooled"]
    scheme = json.loads((FIXTURES / "mdpi_scheme.json").read_text())
    found = report(Records(FIXTURES / "mdpi.jsonl"), specification=Specification(layer="role"), scheme=scheme)
    for name in ("u_alpha", "bar_u_alpha", "cu_alpha", "span_f1_exact"):
        figure = found.figure(name)
        assert figure.value == pytest.approx(expected[name], abs=1e-6)
        assert figure.interval is not None
        assert figure.value is not None
        assert figure.interval.low <= figure.value <= figure.interval.high
    assert found.labels == ("author_argument", "reviewer_argument")
    assert (found.documents, found.sets) == (4, 8)


def test_the_manifestos_have_the_figures_of_independent_libraries() -> None:
    expected: dict[str, Any] = json.loads((FIXTURES / "expected.json").read_text())["csta"]
    found = report(
        Records(FIXTURES / "csta.jsonl"), specification=Specification(layer="document", resamples=10)
    )
    known = {
        ("alpha_nominal", "stance"): "label_alpha_nominal",
        ("alpha_nominal", "topic"): "immigration_vs_not_alpha_nominal",
        ("percent_pairwise", "stance"): "percent_pairwise",
    }
    for (name, group), key in known.items():
        assert found.figure(name, group=group).value == pytest.approx(expected[key], abs=1e-6)
    assert found.documents == expected["documents"]
    assert len(found.annotators) == expected["annotators"]
    assert found.sets == expected["ratings"]
    spans = report(Records(FIXTURES / "csta.jsonl"), specification=Specification(resamples=0))
    assert spans.figure("span_f1_exact").value == pytest.approx(expected["percent_pairwise"], abs=1e-6)
    strangers = [f for f in found.figures if f.pair is not None and f.reason == "no_pairable_units"]
    assert strangers, "who read nothing in common has a figure that says so"
