"""What the closing summary says: the counts of every step, and how many there were in all."""

import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Outcome:
    """How one step went. A check without single tests counts as one test."""

    name: str
    seconds: float
    passed: int
    failed: int
    skipped: int
    remark: str = ""


def of_check(name: str, code: int, seconds: float) -> Outcome:
    """A step that only passes or fails."""
    return Outcome(name, seconds, int(code == 0), int(code != 0), 0, remark_on(code))


def of_tests(name: str, code: int, seconds: float, report: Path) -> Outcome:
    """A step that left a JUnit report. It has failed when it ran nothing, whatever its exit code."""
    try:
        passed, failed, skipped = counts(report)
    except (OSError, ElementTree.ParseError):
        return Outcome(name, seconds, 0, 1, 0, remark_on(code) or "left no report")
    if passed + failed == 0:
        return Outcome(name, seconds, 0, 1, skipped, "ran no test")
    if code != 0 and failed == 0:
        return Outcome(name, seconds, passed, 1, skipped, remark_on(code))
    return Outcome(name, seconds, passed, failed, skipped)


def of_lack(name: str, reason: str) -> Outcome:
    """A step that could not begin."""
    return Outcome(name, 0.0, 0, 1, 0, reason)


def counts(report: Path) -> tuple[int, int, int]:
    """How many tests of a JUnit report passed, failed and were skipped; each test once, however it ended."""
    passed = failed = skipped = 0
    for case in ElementTree.parse(report).iter("testcase"):
        kinds = {child.tag for child in case}
        if kinds & {"failure", "error"}:
            failed += 1
        elif "skipped" in kinds:
            skipped += 1
        else:
            passed += 1
    return passed, failed, skipped


def remark_on(code: int) -> str:
    if code == 0:
        return ""
    return {124: "took too long"}.get(code, f"ended with {code}")


def table(outcomes: Sequence[Outcome]) -> str:
    """One line a step, and as the last line, alone, the sum."""
    width = max((len(outcome.name) for outcome in outcomes), default=0)
    lines = [f"{'step':<{width}}  seconds  passed  failed  skipped"]
    for outcome in outcomes:
        figures = f"{outcome.seconds:7.1f}  {outcome.passed:6}  {outcome.failed:6}  {outcome.skipped:7}"
        lines.append(f"{outcome.name:<{width}}  {figures}  {outcome.remark}".rstrip())
    passed, failed, skipped = (
        sum(getattr(outcome, kind) for outcome in outcomes) for kind in ("passed", "failed", "skipped")
    )
    return "\n".join([*lines, "", f"{passed} passed, {failed} failed, {skipped} skipped"])
