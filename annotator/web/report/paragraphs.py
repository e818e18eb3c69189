"""A paragraph on method to paste into a paper, with its references."""

from collections.abc import Mapping, Sequence
from typing import Any

from annotator.agreement import methods
from annotator.web.report.figures import FEW, FEWEST, Figures, limits, question, shown, together
from annotator.web.report.headlines import GIVEN, defined, shared
from annotator.web.report.omissions import left_out

Json = Mapping[str, Any]
ABOUT = {
    "stance": "the stance of text spans",
    "role": "the argumentative role of text spans",
    "document": "labels of whole documents",
    "relation": "relations between text spans",
}
NAMES = {
    "u_alpha": "Krippendorff's unitizing alpha (u-alpha; Krippendorff et al. 2016)",
    "bar_u_alpha": "the same for boundaries alone (|u-alpha)",
    "cu_alpha": "for labels where two annotators gave one (cu-alpha)",
    "pooled_label_u_alpha": "u-alpha of each label on its own continuum, pooled over labels",
    "span_f1_exact": "F1 of exactly matching spans, over all pairs of annotators (Hripcsak & Rothschild 2005)",
    "relation_alpha": "Krippendorff's alpha over ordered pairs of aligned spans (Krippendorff 2019; pairs as in "
    "Stab & Gurevych 2017)",
    "link_f1": "F1 of relations, over all pairs of annotators (Hripcsak & Rothschild 2005)",
    "alpha_nominal": "Krippendorff's alpha (nominal; Krippendorff 2019)",
    "alpha_ordinal": "Krippendorff's alpha (ordinal; Krippendorff 2019)",
    "alpha_interval": "Krippendorff's alpha (interval; Krippendorff 2019)",
    "alpha_ratio": "Krippendorff's alpha (ratio; Krippendorff 2019)",
    "percent": "percent agreement",
}


def paragraph(result: Json, figures: Figures, *, target: str = "", narrowed: Sequence[str] = ()) -> str:
    """What was compared, how, how far it agrees, how sure that is, and what was left out."""
    said = [
        opening(result, target or result["target"] or "", narrowed),
        *values(figures),
        coverage(result["layer"], figures),
        alignment(result["layer"], figures),
        intervals(figures, result["documents"]),
        gaps(result),
    ]
    return " ".join(sentence for sentence in said if sentence)


def opening(result: Json, target: str, narrowed: Sequence[str]) -> str:
    toward = f" toward “{target}”" if result["layer"] == "stance" and target else ""
    only = f" (only {'; '.join(narrowed)})" if narrowed else ""
    return (
        f"Agreement on {ABOUT[result['layer']]}{toward} was computed on {counted(result['documents'], 'document')} "
        f"with {counted(result['sets'], 'reading')} by {counted(len(result['annotators']), 'annotator')}{only}."
    )


def counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def values(figures: Figures) -> list[str]:
    found = []
    main = [each for each in figures.all if each["name"] in NAMES and is_whole(each)]
    places = together(main)
    for group in figures.groups():
        told = [
            f"{name_of(name)} {value}"
            for name in NAMES
            if (value := told_value(figures.find(name, group=group), places))
        ]
        if told:
            where = f"On “{question(group)}”: " if group else ""
            text = "; ".join(told)
            found.append(f"{where}{text}." if where else f"{text[:1].upper()}{text[1:]}.")
    return found


def name_of(name: str) -> str:
    return NAMES[name]


def is_whole(figure: Json) -> bool:
    """Whether it is of all labels and everybody."""
    return not (figure["label"] or figure["pair"] or figure.get("without"))


def coverage(layer: str, figures: Figures) -> str:
    """Of how much of the text cu-alpha speaks."""
    share, whole = shared(figures), figures.find("cu_coverage")
    if share is None or not defined(whole) or not defined(figures.find("cu_alpha")):
        return ""
    given = GIVEN.get(layer, "a label")
    return (
        f"cu-alpha speaks of {100 * share:.0f} % of the text to which an annotator gave {given} "
        f"({shown(whole)} of all text)."
    )


def alignment(layer: str, figures: Figures) -> str:
    """How the spans that relations join were set against each other, and how many had a partner."""
    aligned = figures.find("aligned_share")
    if layer != "relation" or aligned is None:
        return ""
    share = f"; {shown(aligned)} of the spans had a partner" if defined(aligned) else ""
    return (
        "Spans of two annotators were aligned one to one for the largest total overlap, where intersection over "
        f"union is at least .5{share}. Alpha is over pairs of aligned spans only; in F1 a relation with an end that "
        "is not aligned counts as not shared."
    )


def told_value(figure: Json | None, places: int) -> str:
    if figure is None or figure["value"] is None:
        return ""
    interval = f" [{limits(figure, places)}]" if figure["interval"] else ""
    return f"{shown(figure, places)}{interval}"


def intervals(figures: Figures, documents: int) -> str:
    if documents < FEWEST:
        return (
            f"No intervals are given: {counted(documents, 'document')} cannot show how much documents differ."
        )
    interval = next((figure["interval"] for figure in figures.all if figure["interval"]), None)
    if interval is None:
        return "No interval could be computed."
    resamples = f", {interval['resamples']:,} resamples" if interval.get("resamples") else ""
    seed = f", seed {interval['seed']}" if interval.get("seed") is not None else ""
    method = interval.get("method", "resampling")
    few = f"; of {documents} documents they are likely to be too narrow" if documents < FEW else ""
    return f"Brackets hold {100 * interval['level']:.0f} % intervals ({method}{resamples}{seed}){few}."


def gaps(result: Json) -> str:
    if not result["left_out"]:
        return ""
    told = [f"{row['count']:,} {left_out(row['reason'], row['count'])}" for row in result["left_out"]]
    return f"Left out: {'; '.join(told)}."


def references(figures: Figures) -> Sequence[str]:
    """Whom the paragraph's figures cite, each once."""
    named = [
        name
        for name in NAMES
        if any(figure["name"] == name and figure["value"] is not None for figure in figures.all)
    ]
    told = [methods.METHODS[name] for name in named if name in methods.METHODS]
    cited = [full for text in told for short, full in methods.REFERENCES.items() if short in text]
    return list(dict.fromkeys(cited))
