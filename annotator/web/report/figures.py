"""The figures of an agreement report as people read them: names, digits, reasons (design.md, section 6)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from annotator.agreement import REASONS
from annotator.reports.counts import Which

Json = Mapping[str, Any]
Lead = Callable[[Which], str]

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
    "percent_pairwise": "Agreement in percent, over pairs of readers",
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
# Of fewer documents than FEWEST no interval is told; of fewer than FEW they are told with a caution.
FEWEST, FEW = 5, 10


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


def together(figures: Iterable[Json | None]) -> int:
    """With how many digits all coefficients of one sentence are told: as the one that needs most."""
    return max((fit(one) for one in figures if one and one["value"] is not None), default=2)


def question(group: str | None) -> str:
    """The name of a question on documents: its group, without the signs that join its words."""
    return (group or "").replace("-", " ").replace("_", " ")


def reason(figure: Json) -> str:
    """Why the figure has no value."""
    return REASONS.get(figure["reason"], str(figure["reason"]).replace("_", " ").capitalize() + ".")


def trusted(figures: Iterable[Json], documents: int) -> list[Json]:
    """The figures as a page tells them: of fewer documents than FEWEST no figure has an interval."""
    if documents >= FEWEST:
        return list(figures)
    return [{**figure, "interval": None} for figure in figures]


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
