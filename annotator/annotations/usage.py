"""Where a label or a target stands, before somebody takes it out of the scheme."""

from typing import Any

from django.db.models import Q

from annotator.annotations.models import DocumentLabel, Relation, Span
from annotator.projects.models import Label, Target


def usage_of(entry: Label | Target) -> dict[str, int]:
    """How many spans, relations and answers on documents have it; `deleted` are marks that somebody may still bring back."""
    if isinstance(entry, Target):
        return counts({"spans": Span.objects.filter(target=entry)})
    spans = Span.objects.filter(Q(stance=entry) | Q(role=entry))
    counted = counts({"spans": spans, "relations": Relation.objects.filter(label=entry)})
    answers = DocumentLabel.objects.filter(label=entry).count()
    return {**counted, "answers": answers} if answers else counted


def counts(marks: dict[str, Any]) -> dict[str, int]:
    """The living marks by their kind, and the deleted ones of all kinds; what there is none of is left out."""
    found = {what: rows.filter(deleted_at=None).count() for what, rows in marks.items()}
    found["deleted"] = sum(rows.exclude(deleted_at=None).count() for rows in marks.values())
    return {what: count for what, count in found.items() if count}
