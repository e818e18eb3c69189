"""Every published case has its published value, and the command says so."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from annotator.agreement import __main__ as command
from annotator.agreement import cases

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "fixtures" / "agreement"
ORACLES = FOLDER / "oracles.json"
ALL = cases.read(ORACLES)
FILES = ("oracles.json", "published.json", "pygamma.json")
EVERY = [case for name in FILES for case in cases.read(FOLDER / name)]


@pytest.mark.parametrize("case", EVERY, ids=[case["name"] for case in EVERY])
def test_the_published_value_is_reached(case: dict[str, Any]) -> None:
    outcome = cases.run(case)
    assert outcome.known, outcome.note
    assert outcome.agrees, f"{outcome.value} is not {case['expected']}: {case['source']}"
    if case["expected"] is not None:
        assert outcome.value == pytest.approx(case["expected"], abs=case["tolerance"], rel=0)


def test_there_are_as_many_cases_as_were_collected() -> None:
    assert len(ALL) == 121
    assert len(EVERY) >= 121 + 140 + 66
    assert all(case["source"] for case in EVERY)


ONE_OF_EACH = {case["coefficient"]: case for case in EVERY if case["coefficient"] != "gamma"}
WRONG: tuple[Any, ...] = (None, 0, -1, 0.5, "x", [], {}, [[]], [None], True)


@pytest.mark.parametrize("case", ONE_OF_EACH.values(), ids=ONE_OF_EACH)
def test_a_field_that_is_missing_or_wrong_never_ends_the_run(case: dict[str, Any]) -> None:
    for part in ("data", "params"):
        for key, value in case[part].items():
            rest = {k: v for k, v in case[part].items() if k != key}
            for other in (rest, *({**rest, key: wrong} for wrong in WRONG)):
                outcome = cases.run({**case, part: other})
                assert outcome.value is not None or outcome.note, (key, value)


def test_the_command_ends_well_and_counts_what_agrees() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "annotator.agreement", "cases", str(ORACLES)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert "121 agree, 0 differ, 0 not known" in run.stdout


def test_a_case_that_differs_is_named_and_ends_the_command_with_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = {**ALL[0], "name": "wrong on purpose", "expected": 0.123}
    file = tmp_path / "cases.json"
    file.write_text(json.dumps([wrong]))
    assert command.main(["cases", str(file)]) == 1
    assert "DIFFERS wrong on purpose" in capsys.readouterr().out


def test_a_coefficient_that_is_not_known_is_named_but_differs_from_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "cases.json"
    new = {**ALL[0], "name": "new", "coefficient": "kappa of tomorrow"}
    file.write_text(json.dumps({"cases": [new, ALL[0], {**new, "coefficient": "pi of tomorrow"}, new]}))
    assert command.main(["cases", str(file)]) == 0
    out = capsys.readouterr().out
    assert "unknown new" in out
    assert out.splitlines()[-1] == "1 agree, 0 differ, 3 not known: kappa of tomorrow, pi of tomorrow"


@pytest.mark.parametrize(
    "content",
    [
        [],
        {"cases": []},
        {"documents": []},
        ["no case", 3],
        [{**ALL[0], "coefficient": "kappa of tomorrow"}],
        [{"text": "a record", "sets": []}],
    ],
)
def test_a_file_in_which_nothing_is_a_case_ends_with_two_and_says_so(
    content: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "cases.json"
    file.write_text(json.dumps(content))
    assert command.main(["cases", str(file)]) == 2
    assert f"{file}: " in capsys.readouterr().err


def test_an_unreadable_file_of_cases_ends_with_two(tmp_path: Path) -> None:
    file = tmp_path / "cases.json"
    file.write_text("not json")
    assert command.main(["cases", str(file)]) == 2
