"""An agreement report as people read it: tables and a picture of the figures' own dicts (design.md, section 6)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotator.agreement import REASONS
from annotator.reports.counts import Which

Json = Mapping[str, Any]
Lead = Callable[[Which], str]
MANY_ROWS = 30

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
    "gamma": "Gamma",
    "alpha_words": "Alpha over words",
    "alpha_u_2004": "alpha-U of 2004",
    "alpha_ordinal": "Alpha, ordinal",
    "alpha_interval": "Alpha, interval",
    "alpha_ratio": "Alpha, ratio",
    "fleiss_kappa": "Fleiss’ kappa",
    "gwet_ac1": "Gwet’s AC1",
    "brennan_prediger": "Brennan & Prediger",
    "conger_kappa": "Conger’s kappa",
    "cohen_kappa": "Cohen’s kappa",
    "cohen_kappa_words": "Cohen’s kappa over words",
    "mean_pairwise_kappa": "Mean pairwise kappa",
    "relation_alpha": "Alpha of relations",
    "relation_kappa": "Cohen’s kappa of relations",
    "link_f1": "F1 of relations",
    "link_f1_unlabelled": "F1, any label",
    "link_f1_undirected": "F1, any label and direction",
    "aligned_share": "Spans that have a partner",
    "attachment": "Nodes attached alike",
    "attachment_alpha": "Alpha of attachment",
    "attachment_kappa": "Cohen’s kappa of attachment",
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
SHARES = ("cu_coverage", "ku_coverage", "percent", "aligned_share", "attachment")
RELATIONS = (
    "relation_alpha",
    "link_f1",
    "link_f1_unlabelled",
    "link_f1_undirected",
    "attachment_alpha",
    "attachment",
    "aligned_share",
)
ANSWERS = ("alpha_nominal", "alpha_ordinal", "alpha_interval", "alpha_ratio", "percent")
# Coefficients that other papers report: for comparison, not for judging.
COMPARED = (
    "gamma",
    "alpha_words",
    "alpha_u_2004",
    "fleiss_kappa",
    "gwet_ac1",
    "brennan_prediger",
    "conger_kappa",
    "mean_pairwise_kappa",
)
# The figure that pairs, absent readers and pictures of labels are about: the first that a report has.
OF_PAIRS = ("u_alpha", "pooled_label_u_alpha", "alpha_nominal", "relation_alpha", "link_f1")
OF_LABELS = ("label_u_alpha", "alpha_nominal", "relation_alpha")
SHORT = {"u_alpha": "u-alpha", "pooled_label_u_alpha": "Pooled", "cu_alpha": "cu-alpha"}
FAILING = "Below .667 and .800: in how many of the resamples the value is under the threshold."
# Krippendorff's customary thresholds, drawn as lines; how near to one a value is told with three digits.
LINES, CLOSE = (0.667, 0.8), 0.01


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


def fit(figure: Json) -> int:
    """With how many digits a coefficient is told in words: near a customary threshold with three."""
    near = any(abs(figure["value"] - limit) < CLOSE for limit in LINES)
    return 3 if near and figure["name"] not in SHARES else 2


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

    def named(self, names: Iterable[str], group: str | None, **which: Sequence[Any]) -> list[str]:
        """Those of the names that the report has for any of these labels, pairs or absent readers."""
        [(kind, values)] = which.items()
        return [
            name
            for name in names
            if any(self.find(name, group=group, **{kind: value}) is not None for value in values)
        ]


def key(
    *, name: str, label: Any = None, pair: Any = None, group: Any = None, without: Any = None, **_: Any
) -> Any:
    return name, label, tuple(pair) if pair else None, group, without


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
