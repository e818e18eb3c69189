"""The figures of a report as a picture: dots and their intervals on one axis, in all and label by label."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotator.web.report.figures import LINES, OF_LABELS, Figures, digits, fit, limits, reason

Json = Mapping[str, Any]
# Where the picture's axis may begin.
STARTS = (0.0, -0.1, -0.5, -1.0)


@dataclass(frozen=True)
class Line:
    """A figure's place in the picture, in percents of its width; without `at` there is nothing to draw."""

    name: str
    words: str
    hue: str
    y: int
    at: str = ""
    low: str = ""
    high: str = ""

    @property
    def below(self) -> int:
        return self.y + 16


@dataclass(frozen=True)
class Picture:
    """Dots and intervals, one line a label, on an axis that reaches below 0 where a figure does."""

    of: str
    lines: Sequence[Line]
    height: int
    ticks: Sequence[tuple[str, str]]
    marks: Sequence[tuple[str, str]]
    rule: int = 0

    @property
    def foot(self) -> int:
        return self.height - 24

    @property
    def base(self) -> int:
        return self.height - 6


STEP = 44
TOP = 18
# Between what is of all labels and the labels.
GAP = 12
TITLE = "How far the readers agree, in all and label by label"
# A longer name is cut: the whole one stands in the table beneath.
LONGEST = 26
# What stands above the labels, by the words of its line; of several that say the same the first that has a value.
IN_ALL = (
    (("u_alpha", "Where and what together"), ("pooled_label_u_alpha", "All labels, each on its own")),
    (("bar_u_alpha", "Where alone"),),
    (("cu_alpha", "What alone, where two marked"),),
    (("alpha_nominal", "All answers"),),
    (("relation_alpha", "All relations"),),
)


def picture(figures: Figures, group: str | None, labels: Mapping[str, Json]) -> Picture | None:
    """The figures of all labels together and each label's own, or None where there is none to draw."""
    slugs = figures.labels(group)
    name = next(iter(figures.named(OF_LABELS, group, label=slugs)), "")
    whole = in_all(figures, group)
    own = [
        (shorter(label.get("name") or slug), label.get("color") or "", figure)
        for slug in slugs
        for label in [labels.get(slug, {})]
        if (figure := figures.find(name, label=slug, group=group))
    ]
    drawn = [*whole, *own]
    if not any(figure["value"] is not None for _, _, figure in drawn):
        return None
    left = axis_start([figure for _, _, figure in drawn])
    lines = [
        line(words, hue, figure, TOP + STEP * at + (GAP if at >= len(whole) else 0), left)
        for at, (words, hue, figure) in enumerate(drawn)
    ]
    ticks = [(place(value, left), tick(value)) for value in (left, 0, 0.5, 1)]
    marks = [(place(value, left), digits(value, 3 if value < 0.7 else 1)) for value in LINES]
    rule = TOP + STEP * len(whole) - 7 if whole and own else 0
    height = TOP + STEP * len(lines) + 24 + GAP
    return Picture(TITLE, lines, height, list(dict.fromkeys(ticks)), marks, rule)


def in_all(figures: Figures, group: str | None) -> list[tuple[str, str, Json]]:
    """The figures of everybody and all labels that have a value, each with its words."""
    found = []
    for choices in IN_ALL:
        known = ((words, figures.find(name, group=group)) for name, words in choices)
        chosen = next(((words, one) for words, one in known if one and one["value"] is not None), None)
        if chosen:
            found.append((chosen[0], "", chosen[1]))
    return found


def shorter(name: str) -> str:
    return name if len(name) <= LONGEST else name[: LONGEST - 1].rstrip() + "…"


def tick(value: float) -> str:
    return digits(value, 1) if value % 1 else digits(value, 0)


def axis_start(figures: Sequence[Json]) -> float:
    lowest = min(
        min(figure["value"], (figure["interval"] or {"low": 0})["low"])
        for figure in figures
        if figure["value"] is not None
    )
    return next(start for start in STARTS if lowest >= start or start == STARTS[-1])


def line(name: str, hue: str, figure: Json, y: int, left: float) -> Line:
    if figure["value"] is None:
        return Line(name, reason(figure), hue, y)
    interval = figure["interval"] or {"low": figure["value"], "high": figure["value"]}
    places = fit(figure)
    words = digits(figure["value"], places) + (f" ({limits(figure, places)})" if figure["interval"] else "")
    return Line(
        name,
        words,
        hue,
        y,
        place(figure["value"], left),
        place(interval["low"], left),
        place(interval["high"], left),
    )


def place(value: float, left: float) -> str:
    """Where a value stands, in percent of the width, a little in from both edges."""
    share = (min(max(value, left), 1.0) - left) / (1.0 - left)
    return f"{2 + 96 * share:.2f}%"
