"""How many more documents two people must read for a narrower interval, by the figures that stand for a report."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from annotator.agreement import Figure, Interval
from annotator.agreement.planner import more_documents
from annotator.web.report.figures import TITLES, digits, question
from annotator.web.report.headlines import defined

Json = Mapping[str, Any]
HALF_WIDTHS = (0.1, 0.05, 0.025)


@dataclass(frozen=True)
class Plan:
    """A figure, how far its interval reaches to either side, and the documents to add for narrower ones."""

    title: str
    present: str
    steps: tuple[tuple[str, int], ...]


def plans(figures: list[Json | None], *, documents: int) -> list[Plan]:
    """A plan for every figure that has an interval; nothing where none has."""
    return [plan(figure, documents) for figure in figures if defined(figure) and figure["interval"]]


def plan(figure: Json, documents: int) -> Plan:
    given = figure["interval"]
    interval = Interval(given["low"], given["high"], given["level"], given.get("method", ""), 0, None)
    known = Figure(figure["name"], figure["value"], interval=interval)
    steps = [(width, more_documents(known, documents=documents, half_width=width)) for width in HALF_WIDTHS]
    group = f" on “{question(figure['group'])}”" if figure.get("group") else ""
    return Plan(
        TITLES[figure["name"]] + group,
        digits((given["high"] - given["low"]) / 2, 2),
        tuple((digits(width, 3).rstrip("0"), more) for width, more in steps if more is not None),
    )
