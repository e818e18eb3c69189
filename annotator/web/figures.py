"""An agreement report as people read it: tables and a picture of the figures' own dicts (design.md, section 6)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotator.agreement import REASONS

Json = Mapping[str, Any]

TITLES = {
    "u_alpha": "Boundaries and labels together (u-alpha)",
    "bar_u_alpha": "Boundaries alone (|u-alpha)",
    "cu_alpha": "Labels alone, where two marked (cu-alpha)",
    "cu_coverage": "Share of the text that cu-alpha speaks about",
    "pooled_label_u_alpha": "Every label on its own, pooled",
    "label_u_alpha": "Own u-alpha",
    "ku_alpha": "(k)u-alpha",
    "ku_coverage": "Coverage",
    "span_f1_exact": "F1, exact",
    "span_f1_unlabelled": "F1, any label",
    "span_f1_overlap": "F1, overlap",
    "span_f1_characters": "F1, characters",
    "alpha_nominal": "Alpha",
    "percent": "Agreement in percent",
}
JOINT = ("u_alpha", "bar_u_alpha", "cu_alpha", "cu_coverage", "pooled_label_u_alpha")
BY_LABEL = (
    "label_u_alpha",
    "ku_alpha",
    "ku_coverage",
    "span_f1_exact",
    "span_f1_overlap",
    "span_f1_characters",
)
F1 = ("span_f1_exact", "span_f1_unlabelled", "span_f1_overlap", "span_f1_characters")
SHARES = ("cu_coverage", "ku_coverage", "percent")
LEFT_OUT = {
    "fewer_than_two_sets": "documents with fewer than two finished readings",
    "no_stance": "spans without a stance",
    "no_role": "spans without a role",
    "other_target": "spans with a stance toward another target",
    "older_round": "older rounds of a reader who has a newer one",
    "no_label": "questions left unanswered",
    "other_group": "answers to other questions",
    "united_spans": "spans that touch or overlap another of the same reader and label, and count as one with it",
    "annotator_not_asked": "readings of annotators who were not asked for",
    "kind_not_asked": "readings of a kind that was not asked for",
    "state_not_asked": "readings that are not finished",
}
# Krippendorff's customary thresholds, drawn as lines.
LINES = (0.667, 0.8)
# Where the picture's axis may begin.
STARTS = (0.0, -0.1, -0.5, -1.0)


@dataclass(frozen=True)
class Cell:
    """A figure in a table: its value and interval in digits, or why there is none."""

    value: str
    interval: str = ""
    why: str = ""
    units: int = 0


@dataclass(frozen=True)
class Row:
    head: str
    cells: Sequence[Cell]
    hue: str = ""


@dataclass(frozen=True)
class Table:
    title: str
    note: str
    columns: Sequence[str]
    rows: Sequence[Row]


def digits(value: float, places: int = 3) -> str:
    """A coefficient as journals print it: .641, 1.000, −.050."""
    text = f"{abs(value):.{places}f}"
    sign = "−" if value < 0 and float(text) != 0 else ""
    return sign + (text[1:] if text.startswith("0.") else text)


def shown(figure: Json, places: int = 3) -> str:
    """The figure's value; a share in percent."""
    if figure["name"] in SHARES:
        return f"{100 * figure['value']:.1f} %"
    return digits(figure["value"], places)


def limits(figure: Json, places: int = 3) -> str:
    """The interval's limits in words, or nothing where the figure has none."""
    interval = figure.get("interval")
    if not interval:
        return ""
    if figure["name"] in SHARES:
        return f"{100 * interval['low']:.1f} to {100 * interval['high']:.1f} %"
    return f"{digits(interval['low'], places)} to {digits(interval['high'], places)}"


def cell(figure: Json | None) -> Cell:
    """A figure as a cell; a missing one is said to be missing."""
    if figure is None:
        return Cell("–", why="Not part of this report.")
    if figure["value"] is None:
        return Cell("–", why=reason(figure), units=figure["units"])
    return Cell(shown(figure), limits(figure), units=figure["units"])


def reason(figure: Json) -> str:
    """Why the figure has no value."""
    return REASONS.get(figure["reason"], str(figure["reason"]).replace("_", " ").capitalize() + ".")


def offenders(figures: Iterable[Json]) -> list[str]:
    """The readings (document and annotator) that kept figures from being computed."""
    named = {
        name
        for figure in figures
        if figure["reason"] == "overlapping_spans"
        for entry in figure.get("dropped") or ()
        for name in entry["ids"]
    }
    return sorted(named)


class Figures:
    """The figures of a report, found by what they are of."""

    def __init__(self, figures: Iterable[Json]) -> None:
        self.all = list(figures)
        self.by_key = {key(**figure): figure for figure in self.all}

    def find(self, name: str, **which: Any) -> Json | None:
        return self.by_key.get(key(name=name, **which))

    def groups(self) -> list[str | None]:
        """The questions that document labels answer; of spans there is one group, without a name."""
        return list(dict.fromkeys(figure.get("group") for figure in self.all))

    def labels(self, group: str | None) -> list[str]:
        named = [figure["label"] for figure in self.all if figure["label"] and figure.get("group") == group]
        return list(dict.fromkeys(named))

    def pairs(self, group: str | None) -> list[tuple[str, str]]:
        named = [
            tuple(figure["pair"]) for figure in self.all if figure["pair"] and figure.get("group") == group
        ]
        return list(dict.fromkeys(named))

    def absent(self, group: str | None) -> list[str]:
        named = [
            figure["without"] for figure in self.all if figure.get("without") and figure.get("group") == group
        ]
        return list(dict.fromkeys(named))


def key(
    *, name: str, label: Any = None, pair: Any = None, group: Any = None, without: Any = None, **_: Any
) -> Any:
    return name, label, tuple(pair) if pair else None, group, without


def tables(figures: Figures, group: str | None, labels: Mapping[str, Json]) -> list[Table]:
    """The tables of one layer, or of one question; those without rows are left out."""
    found = (
        [documents_table(figures, group)] if group is not None else [joint_table(figures), f1_table(figures)]
    )
    names = ("alpha_nominal",) if group is not None else BY_LABEL
    found += [
        label_table(figures, group, labels, names),
        pair_table(figures, group),
        absent_table(figures, group),
    ]
    return [table for table in found if table.rows]


def joint_table(figures: Figures) -> Table:
    rows = [Row(TITLES[name], [cell(found)]) for name in JOINT if (found := figures.find(name))]
    note = "1 is perfect agreement, 0 what chance would give; coverage is a share."
    return Table("All labels together", note, ["Value"], rows)


def f1_table(figures: Figures) -> Table:
    rows = [Row(TITLES[name], [cell(found)]) for name in F1 if (found := figures.find(name))]
    note = "Shared by two readers, summed over pairs and documents; not corrected for chance."
    return Table("Spans shared by pairs of readers", note, ["Value"], rows)


def documents_table(figures: Figures, group: str | None) -> Table:
    names = ("alpha_nominal", "percent")
    rows = [Row(TITLES[name], [cell(found)]) for name in names if (found := figures.find(name, group=group))]
    return Table("All answers together", "Percent is not corrected for chance.", ["Value"], rows)


def label_table(
    figures: Figures, group: str | None, labels: Mapping[str, Json], names: Sequence[str]
) -> Table:
    """One row a label."""
    rows = []
    for slug in figures.labels(group):
        label = labels.get(slug, {})
        cells = [cell(figures.find(name, label=slug, group=group)) for name in names]
        rows.append(Row(label.get("name") or slug, cells, label.get("color") or ""))
    return Table(
        "Label by label", "Each label against everything else.", [TITLES[name] for name in names], rows
    )


def pair_table(figures: Figures, group: str | None) -> Table:
    """One row a pair of readers."""
    names = ("alpha_nominal", "percent") if group is not None else ("u_alpha", *F1)
    rows = [
        Row(" and ".join(pair), [cell(figures.find(name, pair=pair, group=group)) for name in names])
        for pair in figures.pairs(group)
    ]
    columns = [TITLES[name] if name != "u_alpha" else "u-alpha" for name in names]
    return Table("Pair by pair", "Who agrees with whom.", columns, rows)


def absent_table(figures: Figures, group: str | None) -> Table:
    """What the figure is without each reader: one who reads differently shows here."""
    names = ("alpha_nominal",) if group is not None else ("u_alpha", "pooled_label_u_alpha")
    rows = [
        Row(f"without {alias}", [cell(figures.find(name, without=alias, group=group)) for name in names])
        for alias in figures.absent(group)
    ]
    columns = {"alpha_nominal": "Alpha", "u_alpha": "u-alpha", "pooled_label_u_alpha": "Pooled"}
    return Table(
        "Without one reader",
        "A figure that rises without somebody says that they read differently.",
        [columns[name] for name in names],
        rows,
    )


@dataclass(frozen=True)
class Line:
    """A label's place in the picture, in percents of its width; without `at` there is nothing to draw."""

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

    lines: Sequence[Line]
    height: int
    ticks: Sequence[tuple[str, str]]
    marks: Sequence[tuple[str, str]]

    @property
    def foot(self) -> int:
        return self.height - 24

    @property
    def base(self) -> int:
        return self.height - 6


STEP = 44
TOP = 18


def picture(figures: Figures, group: str | None, labels: Mapping[str, Json]) -> Picture | None:
    """The labels' own figures, or None where there is none to draw."""
    name = "label_u_alpha" if group is None else "alpha_nominal"
    drawn = [
        (slug, figure)
        for slug in figures.labels(group)
        if (figure := figures.find(name, label=slug, group=group))
    ]
    if not any(figure["value"] is not None for _, figure in drawn):
        return None
    left = axis_start([figure for _, figure in drawn])
    lines = [
        line(labels.get(slug, {"name": slug}), figure, TOP + STEP * at, left)
        for at, (slug, figure) in enumerate(drawn)
    ]
    ticks = [(place(value, left), tick(value)) for value in (left, 0, 0.5, 1)]
    marks = [(place(value, left), digits(value, 3 if value < 0.7 else 1)) for value in LINES]
    return Picture(lines, TOP + STEP * len(lines) + 24, list(dict.fromkeys(ticks)), marks)


def tick(value: float) -> str:
    return digits(value, 1) if value % 1 else digits(value, 0)


def axis_start(figures: Sequence[Json]) -> float:
    lowest = min(
        min(figure["value"], (figure["interval"] or {"low": 0})["low"])
        for figure in figures
        if figure["value"] is not None
    )
    return next(start for start in STARTS if lowest >= start or start == STARTS[-1])


def line(label: Json, figure: Json, y: int, left: float) -> Line:
    name, hue = label.get("name") or "", label.get("color") or ""
    if figure["value"] is None:
        return Line(name, reason(figure), hue, y)
    interval = figure["interval"] or {"low": figure["value"], "high": figure["value"]}
    words = digits(figure["value"], 2) + (f" ({limits(figure, 2)})" if figure["interval"] else "")
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
