"""How a figure spreads over documents: a picture of counts, its table, and the documents that agree least."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotator.documents.models import Document
from annotator.web.report.figures import TITLES, digits

Json = Mapping[str, Any]
SPANS = ("u_alpha", "pooled_label_u_alpha", "relation_alpha", "link_f1", "span_f1_exact")
BINS = 10
TALLEST = 120
WORST = 10


@dataclass(frozen=True)
class Bar:
    """How many documents have a value in a range, and the bar's place: percents across, pixels up."""

    range: str
    count: int
    left: str
    middle: str
    width: str
    top: int
    height: int

    @property
    def number(self) -> int:
        return self.top - 6


@dataclass(frozen=True)
class Spread:
    title: str
    bars: Sequence[Bar]
    ticks: Sequence[tuple[str, str]]
    undefined: int

    @property
    def base(self) -> int:
        return TALLEST + 24

    @property
    def height(self) -> int:
        return TALLEST + 46

    @property
    def foot(self) -> int:
        return self.height - 4


def spread(rows: Sequence[Json], group: str | None) -> Spread | None:
    """The documents' own figures; None where no document has one."""
    name = figure_of(rows, group)
    values = [row["figures"].get(name) for row in rows] if name else []
    known = [value for value in values if value is not None]
    if name is None or not known:
        return None
    counts = [0] * (BINS + 1)
    for value in known:
        counts[0 if value < 0 else min(1 + int(value * BINS + 1e-9), BINS)] += 1
    ticks = [(f"{100 * (at + 1) / (BINS + 1):.2f}%", digits(at / BINS, 1)) for at in range(0, BINS, 2)]
    bars = [bar(at, count, max(counts)) for at, count in enumerate(counts)]
    return Spread(TITLES.get(name, "Share of agreeing pairs"), bars, ticks, len(values) - len(known))


def figure_of(rows: Sequence[Json], group: str | None) -> str | None:
    """The figure that most documents have; of several the first."""
    names = SPANS if group is None else (f"percent [{group}]",)
    counted = {name: sum(row["figures"].get(name) is not None for row in rows) for name in names}
    best = max(names, key=lambda name: counted[name])
    return best if counted[best] else None


def bar(at: int, count: int, most: int) -> Bar:
    wide = 100 / (BINS + 1)
    tall = round(TALLEST * count / most)
    low, high = digits((at - 1) / BINS, 1), digits(at / BINS, 1)
    words = "below 0" if at == 0 else f"{low} to {high}"
    left = f"{wide * at + 0.4:.2f}%"
    return Bar(
        words, count, left, f"{wide * (at + 0.5):.2f}%", f"{wide - 0.8:.2f}%", TALLEST + 24 - tall, tall
    )


@dataclass(frozen=True)
class Least:
    """A document that agrees little: its value in digits and its differences by type."""

    document: Document
    value: str
    readings: int
    differences: Sequence[tuple[str, str, int]]
    total: int


def worst(
    rows: Sequence[Json], group: str | None, known: Mapping[str, Document], words: Mapping[str, str]
) -> list[Least]:
    """The documents of the lowest value, of equal ones those with more differences; only where there are any."""
    name = figure_of(rows, group) or ""

    def order(row: Json) -> tuple[bool, float, int, str]:
        value = row["figures"].get(name)
        return value is None, value or 0.0, -sum(row["differences"].values()), row["id"]

    differing = sorted((row for row in rows if row["differences"] and row["id"] in known), key=order)
    return [
        Least(
            known[row["id"]],
            "none" if row["figures"].get(name) is None else digits(row["figures"][name], 2),
            row["readings"],
            [(kind, words.get(kind, kind), count) for kind, count in row["differences"].items()],
            sum(row["differences"].values()),
        )
        for row in differing[:WORST]
    ]
