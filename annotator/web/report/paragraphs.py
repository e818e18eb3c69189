"""A paragraph on method to paste into a paper, with its references."""

from collections.abc import Mapping, Sequence
from typing import Any

from annotator.agreement import methods
from annotator.web.report.figures import Figures, fit, limits, shown
from annotator.web.report.omissions import left_out

Json = Mapping[str, Any]
ABOUT = {
    "stance": "the stance of text spans",
    "role": "the argumentative role of text spans",
    "document": "labels of whole documents",
    "relation": "relations between text spans",
}
NAMES = {
    "u_alpha": "Krippendorff's unitizing alpha (u-alpha)",
    "bar_u_alpha": "the same for boundaries alone (|u-alpha)",
    "cu_alpha": "for labels where both annotators marked (cu-alpha)",
    "pooled_label_u_alpha": "u-alpha of each label on its own continuum, pooled over labels",
    "span_f1_exact": "F1 of exactly matching spans, over all pairs of annotators",
    "relation_alpha": "Krippendorff's alpha over ordered pairs of aligned spans",
    "link_f1": "F1 of relations, over all pairs of annotators",
    "alpha_nominal": "Krippendorff's alpha (nominal)",
    "alpha_ordinal": "Krippendorff's alpha (ordinal)",
    "alpha_interval": "Krippendorff's alpha (interval)",
    "alpha_ratio": "Krippendorff's alpha (ratio)",
    "percent": "percent agreement",
}


def paragraph(result: Json, figures: Figures, *, target: str = "", narrowed: Sequence[str] = ()) -> str:
    """What was compared, how, how far it agrees, how sure that is, and what was left out."""
    said = [
        opening(result, target or result["target"] or "", narrowed),
        *values(figures),
        intervals(figures),
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
    for group in figures.groups():
        told = [
            f"{name_of(name)} {value}"
            for name in NAMES
            if (value := told_value(figures.find(name, group=group)))
        ]
        if told:
            where = f"On “{group}”: " if group else ""
            text = "; ".join(told)
            found.append(f"{where}{text}." if where else f"{text[:1].upper()}{text[1:]}.")
    return found


def name_of(name: str) -> str:
    return NAMES[name]


def told_value(figure: Json | None) -> str:
    if figure is None or figure["value"] is None:
        return ""
    places = fit(figure)
    interval = f" [{limits(figure, places)}]" if figure["interval"] else ""
    return f"{shown(figure, places)}{interval}"


def intervals(figures: Figures) -> str:
    interval = next((figure["interval"] for figure in figures.all if figure["interval"]), None)
    if interval is None:
        return "No interval could be computed."
    resamples = f", {interval['resamples']:,} resamples" if interval.get("resamples") else ""
    seed = f", seed {interval['seed']}" if interval.get("seed") is not None else ""
    method = interval.get("method", "resampling")
    return f"Brackets hold {100 * interval['level']:.0f} % intervals ({method}{resamples}{seed})."


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
    cited = [
        methods.METHODS[name].rsplit("; ", 1)[-1].removeprefix("after ")
        for name in named
        if name in methods.METHODS
    ]
    found = [each for each in dict.fromkeys(cited) if any(letter.isdigit() for letter in each)]
    return [methods.REFERENCES.get(each, each) for each in found]
