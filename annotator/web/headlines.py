"""What an agreement report found, in a sentence: a value, how sure it is, and what it is worth."""

from collections.abc import Mapping
from typing import Any, TypeGuard

from annotator.web.figures import Figures, digits, limits, reason

Json = Mapping[str, Any]
NEAR = 0.05
WHAT = {"stance": "their stance", "role": "their role"}


def headline(layer: str, figures: Figures, groups: Mapping[str, str]) -> str:
    """One sentence, or one for each question on documents."""
    if layer == "document":
        return " ".join(
            of_question(figures, group, groups.get(group, group)) for group in figures.groups() if group
        )
    return of_spans(layer, figures)


def of_spans(layer: str, figures: Figures) -> str:
    """Where spans are, and what they are called there; of overlapping spans only the pooled figure can speak."""
    where, what = figures.find("bar_u_alpha"), figures.find("cu_alpha")
    pooled = figures.find("pooled_label_u_alpha")
    named = WHAT.get(layer, "their labels")
    if defined(where) and defined(what):
        relation = compared(what["value"] - where["value"])
        return (
            f"Readers agree on where spans are {told(where)} and {relation} on {named} "
            f"where two marked the same passage {told(what)}."
        )
    if defined(where):
        return f"Readers agree on where spans are {told(where)}. On {named} there is no figure: {lower(what)}"
    if defined(pooled):
        missing = f"The joint figures are missing: {lower(where)}"
        return f"Readers agree at {told(pooled, bare=True)}, each label taken on its own. {missing}"
    return f"There is no figure. {reason(pooled) if pooled else ''}".strip()


def of_question(figures: Figures, group: str, name: str) -> str:
    alpha = figures.find("alpha_nominal", group=group)
    if not defined(alpha):
        return f"On “{name}” there is no figure: {lower(alpha)}"
    return f"On “{name}” readers agree at {told(alpha, bare=True)}."


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
    """What conclusions the main figure carries, by Krippendorff's customary thresholds."""
    names = {"document": "alpha_nominal"}
    groups = figures.groups() if layer == "document" else [None]
    found = [figures.find(names.get(layer, "u_alpha"), group=group) for group in groups]
    values = [figure["value"] for figure in found if figure and figure["value"] is not None]
    if not values:
        return ""
    lowest = min(values)
    if lowest >= 0.8:
        return "By the customary thresholds (.667 and .8) conclusions may rest on these labels."
    if lowest >= 0.667:
        return (
            "By the customary thresholds (.667 and .8) only tentative conclusions may rest on these labels."
        )
    if lowest > 0:
        return (
            "By the customary threshold (.667) conclusions should not rest on these labels yet; "
            "what divides the readers is worth a look first."
        )
    return "This is no better than chance."
