"""Runs the project's checks: `python -m tests.launch test [STEP ...]`; its benchmark: `... bench`.

Starts a throw-away PostgreSQL and Redis where a step needs them, goes on after a step that failed, and ends
with a table and one line of counts. The exit code is 0 only if all passed.
"""

import argparse
import contextlib
import shlex
import sys
import tempfile
import time
from pathlib import Path

from tests.launch import processes, steps, summary
from tests.launch.steps import Step
from tests.launch.surroundings import Lacking, Surroundings

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    arguments = parsed()
    try:
        plan = [steps.BENCH] if arguments.task == "bench" else steps.chosen(arguments.steps)
    except LookupError as error:
        print(error.args[0], file=sys.stderr)
        return 2
    processes.interrupt_on_termination()
    processes.adopt_orphans()
    try:
        outcomes = follow(plan, shlex.split(arguments.options))
    except KeyboardInterrupt:
        return 130
    if arguments.task == "test":
        print("\n" + summary.table(outcomes), flush=True)
    return int(any(outcome.failed for outcome in outcomes))


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.launch", description=__doc__)
    parser.add_argument("task", choices=["test", "bench"])
    parser.add_argument("steps", nargs="*", help="names or groups of steps; all without one")
    parser.add_argument("--options", default="", help="more of them for pytest, such as '-k queue'")
    return parser.parse_args()


def follow(plan: list[Step], options: list[str]) -> list[summary.Outcome]:
    """Take the steps one after the other; whatever was started for them has ended when this returns."""
    with tempfile.TemporaryDirectory(prefix="annotator-test-") as scratch, contextlib.ExitStack() as house:
        surroundings = Surroundings(ROOT, Path(scratch), house)
        surroundings.provide(plan)
        return [take(step, surroundings, options) for step in plan]


def take(step: Step, surroundings: Surroundings, options: list[str]) -> summary.Outcome:
    print(f"\n== {step.name} ==", flush=True)
    begun = time.monotonic()
    try:
        env = surroundings.of(step)
    except Lacking as error:
        print(error, flush=True)
        return summary.of_lack(step.name, str(error).splitlines()[0])
    report = surroundings.scratch / f"{step.name}.xml"
    command = [part.format(report=report) for part in step.command] + (options if step.tests else [])
    code = processes.run(command, cwd=ROOT / step.folder, env=env, limit=step.limit)
    seconds = time.monotonic() - begun
    if step.tests:
        return summary.of_tests(step.name, code, seconds, report)
    return summary.of_check(step.name, code, seconds)


if __name__ == "__main__":
    sys.exit(main())
