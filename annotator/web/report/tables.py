"""The tables of an agreement report, and how the figures are laid out in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from annotator.reports.counts import Which
from annotator.web.report.figures import (
    ANSWERS,
    BY_LABEL,
    COMPARED,
    F1,
    FAILING,
    JOINT,
    LINES,
    RELATIONS,
    SHARES,
    SHORT,
    TITLES,
    Figures,
    Json,
    Lead,
    digits,
    limits,
    reason,
    shown,
)

MANY_ROWS = 30


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
    url: str = ""


@dataclass(frozen=True)
class Table:
    title: str
    note: str
    columns: Sequence[str]
    rows: Sequence[Row]

    @property
    def long(self) -> bool:
        """Whether it has so many rows that a page folds it away."""
        return len(self.rows) > MANY_ROWS


def cell(figure: Json | None) -> Cell:
    """A figure as a cell; a missing one is said to be missing."""
    if figure is None:
        return Cell("–", why="Not part of this report.")
    if figure["value"] is None:
        return Cell("–", why=reason(figure), units=figure["units"])
    return Cell(shown(figure), limits(figure), units=figure["units"])


def tables(
    figures: Figures, group: str | None, labels: Mapping[str, Json], lead: Lead = lambda which: ""
) -> list[Table]:
    """The tables of one layer, or of one question; those without rows are left out. `lead` gives a row its places."""
    found = [
        *whole_tables(figures, group),
        label_table(figures, group, labels, lead),
        pair_table(figures, group, lead),
        absent_table(figures, group),
        table_of(
            figures,
            group,
            COMPARED,
            "For comparison with other papers",
            "What other studies report; read the method before setting them beside each other.",
        ),
    ]
    return [table for table in found if table.rows]


def whole_tables(figures: Figures, group: str | None) -> list[Table]:
    """The figures of everybody and all labels."""
    if group is not None:
        return [
            table_of(
                figures,
                group,
                ANSWERS,
                "All answers together",
                "Percent is not corrected for chance.",
                judged=True,
            )
        ]
    chance = "1 is perfect agreement, 0 what chance would give; coverage is a share."
    shared = "Shared by two readers, summed over pairs and documents; not corrected for chance."
    links = (
        "Alpha is corrected for chance, F1 and shares are not. Relations join spans that both readers marked."
    )
    return [
        table_of(figures, group, JOINT, "All labels together", chance, judged=True),
        table_of(figures, group, F1, "Spans shared by pairs of readers", shared),
        table_of(figures, group, RELATIONS, "All relations together", links, judged=True),
    ]


def table_of(
    figures: Figures, group: str | None, names: Sequence[str], title: str, note: str, *, judged: bool = False
) -> Table:
    """One row a figure; of those that are `judged` by the customary thresholds, how often resamples fail them."""
    found = [(name, one) for name in names if (one := figures.find(name, group=group))]
    judged = judged and any(below(one) for _, one in found)
    columns = ["Value", *(f"Below {digits(limit)}" for limit in LINES if judged)]
    rows = [
        Row(TITLES[name], [cell(one), *(failing(one, limit) for limit in LINES if judged)])
        for name, one in found
    ]
    return Table(title, f"{note} {FAILING}" if judged else note, columns, rows)


def below(figure: Json) -> Mapping[str, float]:
    """The share of resamples under each threshold; nothing for shares and F1, which no threshold was made for."""
    interval = figure.get("interval") or {}
    apt = (
        figure["name"] not in SHARES and figure["name"] not in F1 and not figure["name"].startswith("link_f1")
    )
    return (interval.get("below") or {}) if apt else {}


def failing(figure: Json, limit: float) -> Cell:
    share = below(figure).get(f"{limit:.3f}")
    return Cell("–" if share is None else f"{100 * share:.0f} %")


def label_table(figures: Figures, group: str | None, labels: Mapping[str, Json], lead: Lead) -> Table:
    """One row a label."""
    slugs = figures.labels(group)
    names = figures.named((*BY_LABEL, "alpha_nominal", "relation_alpha", "link_f1"), group, label=slugs)
    rows = []
    for slug in slugs:
        label = labels.get(slug, {})
        cells = [cell(figures.find(name, label=slug, group=group)) for name in names]
        url = lead(Which(label=group or slug))
        rows.append(Row(label.get("name") or slug, cells, label.get("color") or "", url))
    return Table(
        "Label by label",
        "Each label against everything else; its name leads to where readers differ on it.",
        [TITLES[name] for name in names],
        rows,
    )


def pair_table(figures: Figures, group: str | None, lead: Lead) -> Table:
    """One row a pair of readers."""
    pairs = figures.pairs(group)
    wanted = ("alpha_nominal", "cohen_kappa", "percent", "u_alpha", "pooled_label_u_alpha", "cu_alpha", *F1)
    names = figures.named((*wanted, "relation_alpha", "relation_kappa", "link_f1"), group, pair=pairs)
    rows = [
        Row(
            " and ".join(pair),
            [cell(figures.find(name, pair=pair, group=group)) for name in names],
            url=lead(Which(label=group, pair=pair)),
        )
        for pair in pairs
    ]
    columns = [SHORT.get(name, TITLES[name]) for name in names]
    return Table(
        "Pair by pair", "Who agrees with whom; the names lead to where the two differ.", columns, rows
    )


def absent_table(figures: Figures, group: str | None) -> Table:
    """What the figure is without each reader: one who reads differently shows here."""
    absent = figures.absent(group)
    wanted = ("alpha_nominal", "u_alpha", "pooled_label_u_alpha", "relation_alpha", "link_f1")
    names = figures.named(wanted, group, without=absent)
    rows = [
        Row(f"without {alias}", [cell(figures.find(name, without=alias, group=group)) for name in names])
        for alias in absent
    ]
    if rows:
        rows.insert(0, Row("everybody", [cell(figures.find(name, group=group)) for name in names]))
    return Table(
        "Without one reader",
        "A figure that rises without somebody says that they read differently, not that they read worse.",
        [SHORT.get(name, TITLES[name]) for name in names],
        rows,
    )
