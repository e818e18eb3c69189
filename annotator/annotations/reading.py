"""Opening one set to look at: the text, the scheme, and everything marked in it."""

from typing import Any

from django.db.models import Exists, OuterRef, Q

from annotator.annotations.blindness import give_up
from annotator.annotations.models import AnnotationSet, Recusal, Span
from annotator.annotations.records import document_record, marks_of
from annotator.errors import NotFound
from annotator.projects import scheme as schemes
from annotator.projects.guidelines import rendered
from annotator.projects.models import Holder, Membership
from annotator.projects.scheme import Scheme


def find(membership: Membership, set_id: int, **also: Any) -> AnnotationSet:
    """The set, if the member may see it, with document and membership; raises NotFound otherwise.

    What else a surface wants to know of the set comes along in the same query: `also` are annotations on it.
    Whoever looks at another's reading is never given that document themselves.
    """
    looked = Recusal.objects.filter(document=OuterRef("document"), membership=membership.pk)
    sets = AnnotationSet.objects.visible_to(membership).select_related("document", "membership")
    found = sets.annotate(recused=Exists(looked), **also).filter(pk=set_id).first()
    if found is None:
        raise NotFound("not_found", "There is no such reading.")
    recused = found.recused  # type: ignore[attr-defined]
    if found.membership_id != membership.pk and not recused:
        give_up(membership, [found.document_id])
    return found


def record(found: AnnotationSet, membership: Membership) -> dict[str, Any]:
    """What the labelling page and the API show of a set: a constant number of queries."""
    scheme = schemes.of(membership.project)
    return {
        "id": found.pk,
        "version": found.version,
        "state": found.state,
        "kind": found.kind,
        "round": found.round,
        "annotator": found.membership.alias,
        "editable": found.editable and found.membership_id == membership.pk,
        "submitted_at": found.submitted_at.isoformat() if found.submitted_at else None,
        "active_seconds": found.active_seconds,
        "project": {"slug": membership.project.slug, "name": membership.project.name},
        "document": document_record(found.document, blind=found.membership_id == membership.pk),
        "scheme": scheme_record(scheme, holders_of(found, membership)),
        **marks_of(found, text=found.document.text, scheme=scheme),
    }


def holders_of(found: AnnotationSet, membership: Membership) -> list[dict[str, Any]]:
    """The holders that may stand in this set: the registry and its annotator's own, their own first where both are."""
    of_set = Q(private_to=None) | private_in(found, own=found.membership_id == membership.pk)
    holders = Holder.objects.filter(of_set, project=found.project_id).select_related("parent")
    seen: dict[str, Holder] = {}
    for holder in holders:
        if holder.slug not in seen or holder.private_to_id is not None:
            seen[holder.slug] = holder
    return [schemes.holder_record(holder) for holder in seen.values()]


def private_in(found: AnnotationSet, *, own: bool) -> Q:
    """Of the annotator's private holders all for themselves; for others those in this set and those above them."""
    private = Q(private_to=found.membership_id)
    if own:
        return private
    standing = Span.objects.filter(set=found.pk, deleted_at=None, holder__isnull=False).order_by()
    return private & (Q(pk__in=standing.values("holder")) | Q(pk__in=standing.values("holder__parent")))


def scheme_record(scheme: Scheme, holders: list[dict[str, Any]]) -> dict[str, Any]:
    guideline = scheme.guideline
    return {
        "labels": [schemes.label_record(label) for label in scheme.labels],
        "targets": [schemes.target_record(target) for target in scheme.targets],
        "holders": holders,
        "guideline": {**schemes.guideline_record(guideline), "html": rendered(guideline.text)}
        if guideline
        else None,
    }
