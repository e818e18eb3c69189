"""Matrices of a report as tables whose cells are shaded in steps: who agrees with whom, what is taken for what."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotator.reports.counts import Which
from annotator.web.report.figures import OF_PAIRS, TITLES, Figures, digits, limits, reason
from annotator.web.report.filters import NOTHING, said

Json = Mapping[str, Any]
# A coefficient's step is how many of these it reaches, a share's likewise; the shade only repeats the number.
REACHED = (0.0, 0.2, 0.4, 0.667, 0.8)
SHARES = (0.02, 0.1, 0.25, 0.5, 0.75)
# Matrices of single pairs that a page shows; the others are in the download.
MOST_PAIRS = 15
NONE = "none"
UNMARKED = {"characters": "not marked", "pairs of nodes": "no relation"}
UNITS = {"characters": "characters", "pairs of nodes": "pairs of spans", "documents": "documents"}
UNIT = {"characters": "character", "pairs of nodes": "pair of spans", "documents": "document"}
PLACES = "places"
# A cell that a matrix of places cannot count, by layer.
UNCOUNTED = "–"
NOT_COUNTED = {
    "stance": "“–” is not counted here: what neither reader gave a stance is no part of this report.",
    "role": "“–” is not counted here: what neither reader gave a role is no part of this report.",
    "relation": "“–” is not counted here: nobody counts the relations that neither reader drew.",
}
# The type that says what something is called in a layer.
CALLED = {"stance": "stance", "role": "role", "relation": "relation", "document": "document_label"}


@dataclass(frozen=True)
class Cell:
    """A number, its shade (0 to 5, None: no shade), what it is in words, and where it leads."""

    text: str
    step: int | None
    said: str
    url: str = ""


@dataclass(frozen=True)
class Matrix:
    title: str
    note: str
    corner: str
    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Cell]]]

    @property
    def reasons(self) -> list[str]:
        """Why cells have no number, each reason once."""
        return list(dict.fromkeys(cell.said for _, cells in self.rows for cell in cells if cell.text == NONE))


def pair_matrix(
    figures: Figures, group: str | None, lead: Callable[[tuple[str, str]], str] = lambda pair: ""
) -> Matrix | None:
    """Everybody against everybody by the figure of pairs; None where fewer than two pairs can be compared."""
    pairs = figures.pairs(group)
    name = figure_of(figures, group, pairs)
    if name is None or len(pairs) < 2:
        return None
    found = {pair: figures.find(name, pair=pair, group=group) for pair in pairs}
    if all(figure is None or figure["value"] is None for figure in found.values()):
        return None
    readers = sorted({alias for pair in pairs for alias in pair})
    rows = [(one, [pair_cell(found, one, other, lead) for other in readers]) for one in readers]
    title = f"Who agrees with whom: {TITLES[name]}"
    return Matrix(
        title,
        "The stronger the tint, the closer to 1. Every value leads to where the two differ.",
        "",
        readers,
        rows,
    )


def figure_of(figures: Figures, group: str | None, pairs: Sequence[tuple[str, str]]) -> str | None:
    """The first figure of pairs that has a value for any, else the first there is."""
    names = figures.named(OF_PAIRS, group, pair=pairs)

    def defined(name: str) -> bool:
        found = [figures.find(name, pair=pair, group=group) for pair in pairs]
        return any(figure and figure["value"] is not None for figure in found)

    return next(filter(defined, names), names[0] if names else None)


def pair_cell(
    found: Mapping[tuple[str, str], Json | None],
    one: str,
    other: str,
    lead: Callable[[tuple[str, str]], str],
) -> Cell:
    if one == other:
        return Cell("·", None, "the same reader")
    pair = (one, other) if (one, other) in found else (other, one)
    figure = found.get(pair)
    if figure is None or figure["value"] is None:
        if figure is None or figure["reason"] == "no_pairable_units":
            return Cell(NONE, None, "They read no document together.")
        return Cell(NONE, None, reason(figure), lead(pair))
    told = f"interval {limits(figure, 2)}" if figure["interval"] else ""
    return Cell(digits(figure["value"], 2), step(figure["value"], REACHED), told, lead(pair))


def step(value: float, limits: Sequence[float]) -> int:
    return sum(value >= limit for limit in limits)


Lead = Callable[[Which], str]


@dataclass(frozen=True)
class Sayings:
    """What one says where another says something, of one layer or question: how it is named, and where a cell leads."""

    layer: str
    group: str | None
    names: Mapping[str, str]
    lead: Lead

    def matrices(self, found: Sequence[Json]) -> tuple[Matrix | None, list[Matrix]]:
        """In places that can be opened: of all pairs, and of the first single pairs."""
        here = [each for each in found if each["group"] == self.group and each["unit"] == PLACES]
        whole = next((self.read(each) for each in here if each["pair"] is None), None)
        return whole, [self.read(each) for each in here if each["pair"] is not None][:MOST_PAIRS]

    def read(self, matrix: Json) -> Matrix:
        """The matrix of places; a number beside the diagonal leads to them."""
        pair = tuple(matrix["pair"]) if matrix["pair"] else None
        labels = matrix["labels"]
        rows = [
            (self.name(one), [self.cell(pair, one, other, int(n), sum(row)) for other, n in cells])
            for one, row in zip(labels, matrix["cells"], strict=True)
            for cells in [list(zip(labels, row, strict=True))]
        ]
        columns = [self.name(label) for label in labels]
        never = (
            NOT_COUNTED.get(self.layer, "")
            if any(self.is_uncounted(label, label) for label in labels)
            else ""
        )
        if pair:
            one, other = pair
            note = f"Rows: what {one} says. Columns: what {other} says of the same. In places. {never}"
            return Matrix(f"{one} (rows) and {other} (columns)", note, one, columns, rows)
        note = (
            "How often one reader says what stands at the left and the other what stands above, over every two "
            "readings of a document. On the diagonal both say the same; every other number leads to its places. "
            f"The stronger the tint, the larger its share of the row. {never}"
        )
        return Matrix("What is taken for what", note, "one reader says", columns, rows)

    def cell(
        self, pair: tuple[str, str] | None, one: str | None, other: str | None, count: int, total: float
    ) -> Cell:
        if self.is_uncounted(one, other) and not count:
            return Cell(UNCOUNTED, None, "not counted here")
        shade = step(count / total, SHARES) if count else 0
        if one == other:
            return Cell(f"{count:,}", shade, f"both say {self.name(one)}")
        which = self.which(pair, one, other)
        words = said((one or "", other or ""), self.names, self.layer, which)
        return Cell(f"{count:,}", shade, words, self.lead(which) if count else "")

    def is_uncounted(self, one: str | None, other: str | None) -> bool:
        """Whether neither reader says anything that the report is about, so that no place is counted."""
        nothing = {None} if self.layer == "relation" else {None, ""}
        return self.layer != "document" and {one, other} <= nothing

    def which(self, pair: tuple[str, str] | None, one: str | None, other: str | None) -> Which:
        """The differences that a cell counts."""
        unmarked = None in (one, other) and self.layer in ("stance", "role")
        values = (one or "", other or "")
        kind = "missing_unit" if unmarked else CALLED[self.layer]
        if unmarked and pair is None:
            return Which(kind, one or other)
        if pair is None:
            values = (min(values), max(values))
        return Which(kind, self.group, pair, values, pair is not None)

    def name(self, label: str | None) -> str:
        if label is None:
            return "no relation" if self.layer == "relation" else "not marked"
        return " and ".join(self.names.get(part, part) for part in label.split("+")) or NOTHING[self.layer]


def coincidences(matrices: Sequence[Json], group: str | None, names: Mapping[str, str]) -> Matrix | None:
    """The coincidences that the coefficients rest on, of all pairs."""
    here = [each for each in matrices if each["group"] == group and each["unit"] != PLACES]
    return next((read(each, names) for each in here if each["pair"] is None), None)


def read(matrix: Json, names: Mapping[str, str]) -> Matrix | None:
    """The matrix in percents of its rows; None where nothing was compared."""
    unit = matrix["unit"]
    labels = [
        UNMARKED.get(unit, "none") if label is None else names.get(label, label) for label in matrix["labels"]
    ]
    if not any(any(row) for row in matrix["cells"]):
        return None
    rows = [
        (label, [share_cell(count, sum(row), unit) for count in row])
        for label, row in zip(labels, matrix["cells"], strict=True)
    ]
    note = (
        "By row: where one reader says what stands at the left, how often another says what stands above. "
        f"Counted in {UNITS[unit]}, as the coefficients count."
    )
    return Matrix(f"In {UNITS[unit]}", note, "one reader says", labels, rows)


def share_cell(count: float, total: float, unit: str) -> Cell:
    if not total:
        return Cell(NONE, None, "Nobody said this.")
    share = count / total
    units = UNITS[unit] if f"{count:,.0f}" != "1" else UNIT[unit]
    return Cell(f"{100 * share:.0f} %", step(share, SHARES), f"{count:,.0f} {units}")
