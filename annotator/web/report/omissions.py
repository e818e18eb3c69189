"""What a report leaves out, and whose readings keep figures from being computed, in words."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from annotator.annotations.models import AnnotationSet
from annotator.projects.models import Membership

Json = Mapping[str, Any]
# What is left out by the name of its document, what as a reading; of each the first that are named.
DOCUMENTS = ("fewer_than_two_sets", "document_not_asked")
READINGS = (
    "state_not_asked",
    "older_round",
    "annotator_not_asked",
    "kind_not_asked",
    "outside_the_dates",
    "other_guideline",
)
NAMED = 10
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


def omissions(rows: Sequence[Json], membership: Membership) -> list[tuple[str, Json, list[str]]]:
    """What was left out: in words, the row, and its documents or readings by name as far as the member may see them."""
    ids = {key for row in rows if row["reason"] in READINGS for key in row["ids"][:NAMED] if key.isdecimal()}
    known = readings(ids, membership) if ids else {}
    return [(left_out(row["reason"], row["count"]), row, named(row, known)) for row in rows]


def readings(ids: Iterable[str], membership: Membership) -> dict[str, str]:
    """Readings as document and alias, by their key."""
    seen = AnnotationSet.objects.visible_to(membership).filter(pk__in=[int(key) for key in ids])
    rows = seen.values_list("pk", "document__external_id", "membership__alias")
    return {str(key): f"{document} by {alias}" for key, document, alias in rows}


def named(row: Json, known: Mapping[str, str]) -> list[str]:
    first = row["ids"][:NAMED]
    if row["reason"] in DOCUMENTS:
        return list(first)
    return [known[key] for key in first if key in known] if row["reason"] in READINGS else []


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
