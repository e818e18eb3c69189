"""The closing summary counts every test once and lets nothing that failed look like a success."""

from pathlib import Path

import pytest

from tests.launch import summary

REPORT = """<testsuites><testsuite>
  <testcase name="one"/><testcase name="two"/>
  <testcase name="three"><failure/></testcase>
  <testcase name="four"><failure/><error/></testcase>
  <testcase name="five"><skipped/></testcase>
</testsuite></testsuites>"""


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.xml"
    path.write_text(REPORT)
    return path


def test_each_test_is_counted_once(report: Path) -> None:
    assert summary.counts(report) == (2, 2, 1)


@pytest.mark.parametrize(("code", "failed"), [(0, 0), (1, 1), (124, 1), (-9, 1)])
def test_a_check_counts_as_one_test(code: int, failed: int) -> None:
    outcome = summary.of_check("ruff", code, 1.0)
    assert (outcome.passed, outcome.failed) == (1 - failed, failed)


def test_a_step_that_ran_nothing_has_failed(report: Path) -> None:
    report.write_text("<testsuites><testsuite><testcase><skipped/></testcase></testsuite></testsuites>")
    outcome = summary.of_tests("sqlite", 0, 1.0, report)
    assert (outcome.failed, outcome.skipped, outcome.remark) == (1, 1, "ran no test")


@pytest.mark.parametrize("left", [None, "", "<testsuites><testcase/>"])
def test_a_step_without_a_whole_report_has_failed(report: Path, left: str | None) -> None:
    report.unlink()
    if left is not None:
        report.write_text(left)
    assert summary.of_tests("sqlite", 0, 1.0, report).failed == 1


def test_a_step_that_ended_badly_though_its_tests_passed_has_failed(report: Path) -> None:
    report.write_text("<testsuites><testsuite><testcase/></testsuite></testsuites>")
    outcome = summary.of_tests("sqlite", 3, 1.0, report)
    assert (outcome.passed, outcome.failed, outcome.remark) == (1, 1, "ended with 3")


def test_the_last_line_is_the_sum_alone(report: Path) -> None:
    outcomes = [summary.of_tests("sqlite", 1, 2.0, report), summary.of_lack("browser", "needs chromium")]
    lines = summary.table(outcomes).splitlines()
    assert lines[-1] == "2 passed, 3 failed, 1 skipped"
    assert "needs chromium" in lines[2]
