"""What a report leaves out, and whose readings keep figures from being computed, in words."""

from collections.abc import Iterable, Mapping
from typing import Any

Json = Mapping[str, Any]
# What is left out, of one and of several.
LEFT_OUT = {
    "fewer_than_two_sets": (
        "document with fewer than two finished readings",
        "documents with fewer than two finished readings",
    ),
    "no_stance": ("span without a stance", "spans without a stance"),
    "no_role": ("span without a role", "spans without a role"),
    "other_target": ("span with a stance toward another target", "spans with a stance toward another target"),
    "older_round": (
        "older reading of a reader who has a newer one",
        "older readings of readers who have newer ones",
    ),
    "no_label": ("question left unanswered", "questions left unanswered"),
    "other_group": ("answer to another question", "answers to other questions"),
    "united_spans": (
        "span that overlaps another of the same reader and label, and counts as one with it",
        "spans that overlap another of the same reader and label, and count as one with it",
    ),
    "annotator_not_asked": (
        "reading of a reader who was not asked for",
        "readings of readers who were not asked for",
    ),
    "kind_not_asked": (
        "reading of a kind that was not asked for",
        "readings of a kind that was not asked for",
    ),
    "state_not_asked": ("reading that is not finished", "readings that are not finished"),
    "document_not_asked": ("document that was not asked for", "documents that were not asked for"),
    "outside_the_dates": ("reading submitted on another day", "readings submitted on other days"),
    "other_guideline": (
        "reading with marks made under another version of the guideline",
        "readings with marks made under another version of the guideline",
    ),
    "other_label": (
        "judgement with a label that was not asked for",
        "judgements with labels that were not asked for",
    ),
    "no_target": ("span without a target", "spans without a target"),
    "no_relation": ("relation without a label", "relations without a label"),
    "dangling_relation": ("relation that lacks one of its ends", "relations that lack one of their ends"),
}


def left_out(why: str, count: int) -> str:
    """What was left out, in words that agree with its number."""
    plain = why.replace("_", " ")
    return LEFT_OUT.get(why, (plain, plain))[count != 1]


def offenders(figures: Iterable[Json]) -> list[str]:
    """The readings (document and annotator) that kept figures from being computed."""
    named = {
        name
        for figure in figures
        if figure["reason"] == "overlapping_spans"
        for entry in figure.get("dropped") or ()
        for name in entry["ids"]
    }
    return sorted(named)
