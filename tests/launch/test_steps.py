"""What `make test` runs, and what a part of it is called."""

import os
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.launch import services, steps
from tests.launch.steps import ALL, chosen

ROOT = Path(__file__).resolve().parents[2]
MARKERS = {"postgres", "worker", "load", "browser", "embedded"}


def test_without_a_word_all_of_it_runs_and_a_word_names_a_step_or_a_group() -> None:
    assert chosen([]) == list(ALL)
    assert [step.name for step in chosen(["python"])] == ["postgres", "worker", "sqlite"]
    assert [step.name for step in chosen(["vitest", "ruff"])] == ["ruff", "vitest"]


def test_an_unknown_word_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(LookupError, match=r"no step is called pyhton; there are .*python"):
        chosen(["pyhton"])


def test_every_test_runs_on_postgresql_exactly_once() -> None:
    on_postgres = [expression(step) for step in ALL if "postgresql" in step.needs]
    for marks in every_choice():
        assert sum(holds(expression, marks) for expression in on_postgres) == 1, marks


def test_every_test_that_may_runs_once_on_sqlite() -> None:
    on_sqlite = [expression(step) for step in ALL if step.tests and not {"postgresql", "node"} & step.needs]
    for marks in every_choice():
        embedded = "embedded" in marks if "browser" in marks else "worker" not in marks
        expected = embedded and not marks & {"postgres", "load"}
        assert sum(holds(expression, marks) for expression in on_sqlite) == expected, marks


def test_every_marker_of_a_step_is_declared() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"][
        "markers"
    ]
    assert {line.split(":")[0] for line in declared} >= MARKERS


def test_continuous_integration_calls_make_test_and_nothing_else() -> None:
    lines = (ROOT / ".ci/run").read_text().splitlines()
    assert lines[0] == "#!/bin/sh"
    assert lines[1:] == ['cd "$(dirname "$0")/.." && exec make test']
    assert os.access(ROOT / ".ci/run", os.X_OK)


def test_a_throw_away_postgresql_answers_and_leaves_nothing() -> None:
    if services.postgres_programs() is None:
        pytest.skip("PostgreSQL is not installed")
    import psycopg

    with services.postgres() as url:
        with psycopg.connect(url) as connection:
            assert connection.execute("SHOW fsync").fetchone() == ("off",)
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(url.replace("annotator:", "annotator:x"))
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


def test_the_shell_scripts_have_no_syntax_error() -> None:
    for name in (".ci/environment", ".ci/lock", ".ci/run"):
        assert subprocess.run(["sh", "-n", ROOT / name]).returncode == 0


def expression(step: steps.Step) -> str:
    return step.command[step.command.index("-m", 2) + 1]


def every_choice() -> list[frozenset[str]]:
    return [
        frozenset(name for bit, name in enumerate(sorted(MARKERS)) if number >> bit & 1)
        for number in range(1 << len(MARKERS))
    ]


def holds(markers: str, marks: frozenset[str]) -> bool:
    """Whether a test with these marks is chosen by an expression of marker names."""
    return bool(eval(markers, {}, {name: name in marks for name in MARKERS}))
