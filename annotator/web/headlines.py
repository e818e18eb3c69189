"""What an agreement report found, in a sentence: a value, how sure it is, and what it is worth."""

from collections.abc import Mapping
from typing import Any, TypeGuard

from annotator.web.figures import Figures, digits, limits, reason, shown

Json = Mapping[str, Any]
NEAR = 0.05
NOTHING = "There is no figure of how far the readers agree."
TENTATIVE, RELIABLE = 0.667, 0.8
# What the headline speaks of; the other joint figures follow from the same marks.
JOINT = ("u_alpha", "bar_u_alpha", "cu_alpha")
WHAT = {"stance": "their stance", "role": "their role"}


def headline(layer: str, figures: Figures) -> str:
    """One sentence, or one for each question on documents."""
    if layer == "document":
        return " ".join(of_question(figures, group) for group in figures.groups() if group) or NOTHING
    if layer == "relation":
        return of_relations(figures)
    return of_spans(layer, figures)


def of_spans(layer: str, figures: Figures) -> str:
    """Where spans are, and what they are called there; of overlapping spans only the pooled figure can speak."""
    where, what = figures.find("bar_u_alpha"), figures.find("cu_alpha")
    pooled = figures.find("pooled_label_u_alpha")
    if defined(where) and defined(what):
        relation = compared(what["value"] - where["value"])
        return (
            f"Readers agree on where spans are {told(where)} and {relation} on {WHAT.get(layer, 'their labels')} "
            f"where two marked the same passage {told(what)}."
        )
    if defined(where):
        return f"Readers agree on where spans are {told(where)}."
    if defined(pooled):
        return f"Readers agree at {told(pooled, bare=True)}, each label taken on its own."
    return NOTHING


def of_relations(figures: Figures) -> str:
    """How far relations agree where spans have a partner, and how many have one."""
    alpha, links, aligned = (figures.find(name) for name in ("relation_alpha", "link_f1", "aligned_share"))
    also = f"; {shown(aligned)} of the spans have a partner" if defined(aligned) else ""
    if defined(alpha):
        return f"Readers agree on relations at {told(alpha, bare=True)}{also}."
    if defined(links):
        return f"Readers share {told(links, bare=True)} of their relations (F1){also}."
    return f"There is no figure of how far the readers agree on relations: {lower(alpha)}"


def gap(layer: str, figures: Figures) -> str:
    """Why the headline says less than it might, or nothing."""
    if layer in ("document", "relation"):
        return ""
    missing = [figure for name in JOINT if (figure := figures.find(name)) and figure["value"] is None]
    if not missing:
        return ""
    why = reason(missing[0])
    return f"{'Some' if len(missing) < len(JOINT) else 'The'} joint figures are missing. {why}"


def of_question(figures: Figures, group: str) -> str:
    alpha = figures.find("alpha_nominal", group=group)
    if not defined(alpha):
        return f"On “{group}” there is no figure: {lower(alpha)}"
    return f"On “{group}” readers agree at {told(alpha, bare=True)}."


def defined(figure: Json | None) -> TypeGuard[Json]:
    return figure is not None and figure["value"] is not None


def compared(difference: float) -> str:
    if difference > NEAR:
        return "more"
    return "less" if difference < -NEAR else "about as much"


def told(figure: Json | None, *, bare: bool = False) -> str:
    """(.71, .64 to .77), or .71 (.64 to .77)."""
    if figure is None:
        return ""
    value, interval = digits(figure["value"], 2), limits(figure, 2)
    if bare:
        return f"{value} ({interval})" if interval else value
    return f"({value}, {interval})" if interval else f"({value})"


def lower(figure: Json | None) -> str:
    words = reason(figure) if figure else "it was not computed."
    return words[:1].lower() + words[1:]


def worth(layer: str, figures: Figures) -> str:
    """What conclusions the main figure carries, by Krippendorff's customary thresholds; of several, the lowest one."""
    found = [figure for figure in main_figures(layer, figures) if defined(figure)]
    if not found:
        return ""
    least = min(found, key=lambda figure: float(figure["value"]))
    value, reach = least["value"], (least["interval"] or {"low": least["value"]})["low"]
    if value >= RELIABLE:
        words = "By the customary thresholds (.667 and .8) conclusions may rest on these labels"
        return words + (", though the interval reaches below them." if reach < RELIABLE else ".")
    if value >= TENTATIVE:
        words = (
            "By the customary thresholds (.667 and .8) only tentative conclusions may rest on these labels"
        )
        return words + (", and the interval reaches below them." if reach < TENTATIVE else ".")
    if value > 0:
        words = "By the customary threshold (.667) conclusions should not rest on these labels yet"
        return words + "; what divides the readers is worth a look first."
    return "This is no better than chance."


def main_figures(layer: str, figures: Figures) -> list[Json | None]:
    """The figure that stands for all: one for each question, or of spans the joint one, else the pooled one."""
    if layer == "document":
        return [figures.find("alpha_nominal", group=group) for group in figures.groups()]
    if layer == "relation":
        return [figures.find("relation_alpha")]
    joint = figures.find("u_alpha")
    return [joint if defined(joint) else figures.find("pooled_label_u_alpha")]
