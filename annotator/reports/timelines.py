"""The same question asked at different times: the headline figures, one after the other."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotator.agreement import Specification
from annotator.reports.models import AgreementReport

Json = dict[str, Any]
# The figures that stand for a report, the first one there is before the others.
MAIN = {
    "stance": ("u_alpha", "pooled_label_u_alpha"),
    "role": ("u_alpha", "pooled_label_u_alpha"),
    "document": ("alpha_nominal",),
    "relation": ("relation_alpha", "link_f1"),
}
# How a figure's interval is made does not make another question of it.
MAKING = ("resamples", "seed", "level", "interval", "gamma_seconds")
LONGEST = 20


@dataclass(frozen=True)
class Timeline:
    """One figure of one question: the reports in the order they were asked, each with its figure."""

    question: Json
    name: str
    group: str | None
    moments: Sequence[tuple[AgreementReport, Json]]


def main_figures(layer: str, figures: Iterable[Mapping[str, Any]], documents: int) -> list[Json]:
    """The figures of everybody and all labels that stand for a report, with the number of its documents; few."""
    names = MAIN[layer]
    kept = ("name", "group", "value", "reason", "interval")
    found = [
        {**{key: figure[key] for key in kept}, "documents": documents}
        for figure in figures
        if figure["name"] in names
        and figure["label"] is None
        and figure["pair"] is None
        and figure["without"] is None
    ]
    return sorted(found, key=lambda figure: names.index(figure["name"]))


def timelines(reports: Iterable[AgreementReport]) -> list[Timeline]:
    """A line for every question that was answered more than once; the figure is the first that its last report has."""
    by_question: dict[tuple[tuple[str, str], ...], list[AgreementReport]] = {}
    for report in sorted(reports, key=lambda each: each.pk):
        if report.headline:
            by_question.setdefault(question(report), []).append(report)
    found = []
    for asked in by_question.values():
        if len(asked) > 1:
            found += lines(asked[-LONGEST:])
    return found


def question(report: AgreementReport) -> tuple[tuple[str, str], ...]:
    """What was asked, without how its intervals were made; what an older report could not name has its default."""
    asked = Specification.from_dict(report.specification).as_dict()
    return tuple(sorted((key, repr(value)) for key, value in asked.items() if key not in MAKING))


def lines(reports: Sequence[AgreementReport]) -> list[Timeline]:
    last = reports[-1].headline or []
    found = []
    for group in dict.fromkeys(figure["group"] for figure in last):
        here = [figure for figure in last if figure["group"] == group]
        name = next((figure["name"] for figure in here if figure["value"] is not None), here[0]["name"])
        moments = [
            (report, figure)
            for report in reports
            for figure in report.headline or []
            if (figure["name"], figure["group"]) == (name, group)
        ]
        if len(moments) > 1:
            found.append(Timeline(reports[-1].specification, name, group, moments))
    return found
