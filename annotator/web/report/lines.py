"""A figure over time: the same question asked again, as a picture with its intervals and its table."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from annotator.reports.models import AgreementReport
from annotator.reports.timelines import Timeline
from annotator.web.report.figures import LINES, TITLES, digits, question, trusted
from annotator.web.report.pictures import axis_start, tick
from annotator.web.report.tables import Cell, cell

Json = Mapping[str, Any]
TALL, TOP = 150, 14


@dataclass(frozen=True)
class Point:
    """A report on the line, in percents across and pixels down; without `y` there is nothing to draw."""

    x: str
    y: float | None
    low: float | None
    high: float | None
    report: AgreementReport
    cell: Cell


@dataclass(frozen=True)
class Chart:
    title: str
    points: Sequence[Point]
    joins: Sequence[tuple[Point, Point]]
    ticks: Sequence[tuple[float, str]]
    marks: Sequence[tuple[float, str]]

    @property
    def height(self) -> int:
        return TOP + TALL + 30

    @property
    def foot(self) -> int:
        return TOP + TALL + 24


def charts(found: Sequence[Timeline], about: Callable[[AgreementReport], str]) -> list[Chart]:
    """The lines that have at least one value to draw."""
    drawn = [each for each in found if any(figure["value"] is not None for _, figure in each.moments)]
    return [chart(each, about(each.moments[-1][0])) for each in drawn]


def chart(line: Timeline, about: str) -> Chart:
    start = axis_start([trusted([each], each.get("documents") or 0)[0] for _, each in line.moments])
    count = len(line.moments)
    points = [
        point(report, figure, 12 + 82 * at / max(count - 1, 1), start)
        for at, (report, figure) in enumerate(line.moments)
    ]
    known = [each for each in points if each.y is not None]
    where = f" on “{question(line.group)}”" if line.group else ""
    ticks = [(down(value, start), tick(value)) for value in dict.fromkeys((start, 0, 0.5, 1))]
    marks = [(down(value, start), digits(value, 3 if value < 0.7 else 1)) for value in LINES]
    return Chart(
        f"{about}{where}: {TITLES[line.name]}",
        points,
        list(pairwise(known)),
        ticks,
        marks,
    )


def point(report: AgreementReport, figure: Json, x: float, start: float) -> Point:
    [figure] = trusted([figure], figure.get("documents") or 0)
    told, interval = cell({"units": 0, **figure}), figure["interval"]
    if figure["value"] is None:
        return Point(f"{x:.2f}%", None, None, None, report, told)
    low, high = (down(interval[end], start) for end in ("low", "high")) if interval else (None, None)
    return Point(f"{x:.2f}%", down(figure["value"], start), low, high, report, told)


def down(value: float, start: float) -> float:
    """Where a value stands, in pixels from above."""
    share = (min(max(value, start), 1.0) - start) / (1.0 - start)
    return round(TOP + TALL * (1 - share), 1)
