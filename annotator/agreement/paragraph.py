"""A methods paragraph to paste into a paper, with the works it cites."""

from __future__ import annotations

from annotator.agreement.figures import Figure
from annotator.agreement.reports import Report

_SUBJECT = {
    "stance": "stance spans",
    "role": "argument spans by role",
    "document": "document labels",
    "relation": "relations between spans",
}
_HEADLINES = {
    "stance": ("u_alpha", "pooled_label_u_alpha"),
    "role": ("u_alpha", "pooled_label_u_alpha"),
    "document": ("alpha_nominal",),
    "relation": ("relation_alpha", "link_f1"),
}


def headline(report: Report) -> Figure:
    """The figure a page leads with: the joint one, or the pooled one where spans overlap."""
    names = _HEADLINES[report.layer]
    found = [f for name in names for f in report.figures if _whole(f, name)]
    return next((figure for figure in found if figure.value is not None), found[0])


def paragraph(report: Report) -> str:
    """What was compared, how, with which result and how sure, in sentences of a methods section."""
    return " ".join([_material(report), *(_result(f) for f in _main(report)), *_left_out(report)])


def _main(report: Report) -> list[Figure]:
    """The headline, and beside a span layer's where, what and exact match."""
    beside = {"bar_u_alpha", "cu_alpha", "span_f1_exact", "percent", "link_f1"}
    first = headline(report)
    rest = [f for f in report.figures if any(_whole(f, name) for name in beside) and f is not first]
    return [first, *(f for f in rest if f.value is not None)]


def _whole(figure: Figure, name: str) -> bool:
    return figure.name == name and (figure.label, figure.pair, figure.without) == (None, None, None)


def _material(report: Report) -> str:
    toward = f" toward {report.target}" if report.target else ""
    return (
        f"Agreement on {_SUBJECT[report.layer]}{toward} was computed over {report.documents} documents read "
        f"by at least two of {len(report.annotators)} annotators ({report.sets} readings)."
    )


def _result(figure: Figure) -> str:
    name = figure.name + (f" ({figure.group})" if figure.group else "")
    if figure.value is None:
        return f"{name} is not defined ({figure.reason}; {figure.method})."
    return f"{name} = {figure.value:.3f}{_limits(figure)} ({figure.method})."


def _limits(figure: Figure) -> str:
    interval = figure.interval
    if interval is None:
        return ""
    drawn = f", {interval.resamples} resamples, seed {interval.seed}" if interval.seed is not None else ""
    return (
        f", {interval.level:.0%} interval [{interval.low:.3f}, {interval.high:.3f}], {interval.method}{drawn}"
    )


def _left_out(report: Report) -> list[str]:
    if not report.left_out:
        return []
    counts = ", ".join(f"{entry.count} {entry.reason.replace('_', ' ')}" for entry in report.left_out)
    return [f"Left out: {counts}."]
