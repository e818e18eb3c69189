"""What an agreement report found, in a sentence: a value, how sure it is, and what it is worth."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeGuard

from annotator.web.report.figures import (
    FEW,
    FEWEST,
    LINES,
    Figures,
    digits,
    fit,
    limits,
    question,
    reason,
    shown,
    together,
)

Json = Mapping[str, Any]
NEAR = 0.05
NOTHING = "There is no figure of how far the readers agree"
TENTATIVE, RELIABLE = LINES
SHORT = {"u_alpha": "u-alpha", "pooled_label_u_alpha": "pooled u-alpha", "link_f1": "F1"}
WHAT = {"stance": "their stance", "role": "their role"}
CALLED = {"stance": "which stance", "role": "which role"}
GIVEN = {"stance": "a stance", "role": "a role"}


def headline(layer: str, figures: Figures, *, documents: int) -> str:
    """One sentence, or one for each question on documents."""
    if not documents:
        return "No two readers have read the same document yet."
    if layer == "document":
        groups = [group for group in figures.groups() if group]
        return " ".join(of_question(figures, group, documents) for group in groups) or nothing(figures)
    if layer == "relation":
        return of_relations(figures, documents)
    return of_spans(layer, figures, documents)


def of_spans(layer: str, figures: Figures, documents: int) -> str:
    """Where spans are, and what they are called there; of overlapping spans only the pooled figure can speak."""
    where, what = figures.find("bar_u_alpha"), figures.find("cu_alpha")
    pooled = figures.find("pooled_label_u_alpha")
    if defined(where) and defined(what):
        places = together((where, what))
        return (
            f"Readers agree on where spans are {told(where, documents, places)} and "
            f"{compared(where, what, documents)}on {WHAT.get(layer, 'their labels')} where two gave "
            f"{GIVEN.get(layer, 'a label')} {told(what, documents, places)}."
        )
    if defined(where):
        return f"Readers agree on where spans are {told(where, documents)}."
    if defined(pooled):
        return f"Readers agree at {told(pooled, documents, bare=True)}, each label taken on its own."
    return nothing(figures)


def coverage(layer: str, figures: Figures) -> str:
    """Of how much of the marked text the figure of labels speaks, or nothing where there is none."""
    share = shared(figures)
    if share is None or not defined(figures.find("cu_alpha")):
        return ""
    given = GIVEN.get(layer, "a label")
    return f"Of the text to which one reader gave {given}, another gave {given} too in {100 * share:.0f} %."


def shared(figures: Figures) -> float | None:
    """The share of what one marked that another marked too, from the coincidences of both figures."""
    both, alone = (figures.find(name) for name in ("cu_coverage", "bar_u_alpha"))
    if not defined(both) or not defined(alone) or both.get("numerator") is None:
        return None
    marked = both["numerator"] + (alone.get("numerator") or 0.0)
    return float(both["numerator"] / marked) if marked else None


def of_relations(figures: Figures, documents: int) -> str:
    """How far relations agree where spans have a partner, and how many have one."""
    alpha, links, aligned = (figures.find(name) for name in ("relation_alpha", "link_f1", "aligned_share"))
    also = f"; {shown(aligned)} of the spans have a partner" if defined(aligned) else ""
    if defined(alpha):
        return f"Readers agree on relations at {told(alpha, documents, bare=True)}{also}."
    if defined(links):
        return f"Readers share {told(links, documents, bare=True)} of their relations (F1){also}."
    return f"There is no figure of how far the readers agree on relations: {lower(alpha)}"


def of_question(figures: Figures, group: str, documents: int) -> str:
    alpha = figures.find("alpha_nominal", group=group)
    if not defined(alpha):
        return f"On “{question(group)}” there is no figure: {lower(alpha)}"
    return f"On “{question(group)}” readers agree at {told(alpha, documents, bare=True)}."


def nothing(figures: Figures) -> str:
    """That there is no figure, and why."""
    first = next(iter(figures.all), None)
    return f"{NOTHING}: {lower(first)}" if first is not None and first["reason"] else f"{NOTHING}."


def gap(layer: str, figures: Figures) -> str:
    """Why the headline says less than it might, or nothing."""
    where, what = figures.find("bar_u_alpha"), figures.find("cu_alpha")
    if layer in ("document", "relation") or where is None or what is None:
        return ""
    if not defined(where) and defined(figures.find("pooled_label_u_alpha")):
        why = "spans of one annotator overlap with different labels"
        because = f", because {why}." if where["reason"] == "overlapping_spans" else f": {lower(where)}"
        return f"Where spans are and what they are called have no figures of their own here{because}"
    if defined(where) and not defined(what):
        return f"On {WHAT.get(layer, 'their labels')} alone there is no figure: {lower(what)}"
    return ""


def worth(layer: str, figures: Figures, *, documents: int) -> str:
    """What conclusions the main figure carries by the customary thresholds; of several, the lowest one."""
    found = [figure for figure in main_figures(layer, figures) if defined(figure)]
    if not found:
        return ""
    least = min(found, key=lambda figure: float(figure["value"]))
    return f"{subject(layer, least, len(found), documents)} {verdict(least, documents)}"


def subject(layer: str, figure: Json, among: int, documents: int) -> str:
    """The figure that is judged, named where the headline did not name it."""
    if figure["name"] == "u_alpha":
        called = CALLED.get(layer, "which label")
        return f"Where spans are and {called} they have, taken together, come to {told(figure, documents, bare=True)}:"
    return f"The lowest, on “{question(figure['group'])}”," if among > 1 else "That"


def verdict(figure: Json, documents: int) -> str:
    """Krippendorff's customary thresholds, on the value as it is told; how often resamples fall on their other side."""
    value, is_ = round(figure["value"], 3), "this is" if figure["name"] == "u_alpha" else "is"
    if value >= RELIABLE:
        return (
            f"{is_} .800 or more; by custom, conclusions may rest on such labels."
            f"{falling(figure, RELIABLE, documents)}"
        )
    if value >= TENTATIVE:
        return (
            f"{is_} between .667 and .800; by custom, only tentative conclusions may rest on such labels."
            f"{falling(figure, TENTATIVE, documents)}"
        )
    if value > 0:
        return (
            f"{is_} below .667; by custom, conclusions should not rest on such labels yet. What divides the readers "
            "is worth a look first."
        )
    return f"{is_} no better than chance would give."


def falling(figure: Json, threshold: float, documents: int) -> str:
    """How many of the resamples lie below the threshold that the value reaches."""
    shares = (figure["interval"] or {}).get("below") or {}
    share = shares.get(f"{threshold:.3f}")
    if documents < FEWEST or not share:
        return ""
    percent = "fewer than 1 %" if share < 0.01 else f"{100 * share:.0f} %"
    return f" In {percent} of the resamples it is below {digits(threshold)}."


def caution(documents: int, figures: Sequence[Json | None]) -> str:
    """How little the intervals of few documents say, or nothing; by the main figures."""
    intervals = any(has_interval(figure) for figure in figures)
    if documents == 1 and any(defined(figure) for figure in figures):
        return "One document cannot show how much documents differ, so no figure has an interval."
    if not intervals or documents >= FEW:
        return ""
    few = f"Intervals would rest on {documents} documents only. So few cannot show how much documents differ"
    if documents < FEWEST:
        return f"{few}: this page gives none."
    return f"{few.replace('would rest', 'rest')}: the intervals are likely to be too narrow."


def defined(figure: Json | None) -> TypeGuard[Json]:
    return figure is not None and figure["value"] is not None


def has_interval(figure: Json | None) -> bool:
    return defined(figure) and bool(figure["interval"])


def compared(where: Json, what: Json, documents: int) -> str:
    """Whether the second value is more or less: only where the intervals lie apart; nothing where it cannot be told."""
    if abs(what["value"] - where["value"]) <= NEAR:
        return "about as much "
    if documents < FEWEST or not has_interval(where) or not has_interval(what):
        return ""
    if what["interval"]["low"] > where["interval"]["high"]:
        return "more "
    return "less " if what["interval"]["high"] < where["interval"]["low"] else ""


def told(figure: Json | None, documents: int, places: int = 0, *, bare: bool = False) -> str:
    """(.71, .64 to .77), or .71 (.64 to .77); near a threshold with three digits, of few documents without interval."""
    if figure is None:
        return ""
    places = places or fit(figure)
    value, interval = digits(figure["value"], places), limits(figure, places)
    if documents < FEWEST:
        interval = ""
    if bare:
        return f"{value} ({interval})" if interval else value
    return f"({value}, {interval})" if interval else f"({value})"


def lower(figure: Json | None) -> str:
    words = reason(figure) if figure else "it was not computed."
    return words[:1].lower() + words[1:]


def in_short(kept: Sequence[Json]) -> str:
    """The figures that stand for a report, for a list: alpha .64 (.52 to .68), or one for each question.

    A report from before the number of documents was kept with them is told without intervals.
    """
    told_of: dict[str | None, str] = {}
    places = together(kept)
    for figure in kept:
        group = figure["group"]
        if group not in told_of and figure["value"] is not None:
            words = told(figure, figure.get("documents") or 0, places, bare=True)
            told_of[group] = (
                f"{question(group)} {words}" if group else f"{SHORT.get(figure['name'], 'alpha')} {words}"
            )
    return "; ".join(told_of.values()) or ("no figure" if kept else "")


def main_figures(layer: str, figures: Figures) -> Sequence[Json | None]:
    """The figure that stands for all: one for each question, or of spans the joint one, else the pooled one."""
    if layer == "document":
        return [figures.find("alpha_nominal", group=group) for group in figures.groups()]
    if layer == "relation":
        return [figures.find("relation_alpha")]
    joint = figures.find("u_alpha")
    return [joint if defined(joint) else figures.find("pooled_label_u_alpha")]
