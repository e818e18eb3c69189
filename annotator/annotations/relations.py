"""Putting, restoring and deleting relations."""

from datetime import datetime
from uuid import UUID

from annotator.accounts.models import User
from annotator.annotations import rules
from annotator.annotations.leases import withdrawing
from annotator.annotations.marks import (
    Deleted,
    Put,
    find_deleted,
    is_known,
    is_stale,
    keep,
    refuse_deleted,
    same,
)
from annotator.annotations.models import AnnotationSet, Relation, Span
from annotator.annotations.records import relation_record
from annotator.annotations.sets import Address, Expected, lock_own, note_change
from annotator.annotations.spans import ANY, reaching
from annotator.errors import Conflict, Invalid, NotFound, Stale
from annotator.history.events import record
from annotator.projects import scheme as schemes
from annotator.projects.scheme import Scheme


@withdrawing
def put(
    address: Address,
    uid: UUID,
    draft: rules.RelationDraft,
    *,
    actor: User,
    now: datetime,
    expected: Expected = ANY,
    restore: bool = False,
) -> Put:
    """Makes the relation what the draft says, or leaves it where it says so already.

    Raises Invalid for ends that are not in the set, for itself and for circles; Stale, Gone and Conflict as spans do.
    """
    locked = lock_own(address, actor=actor, now=now)
    scheme = schemes.of(locked.project)
    stored = find(locked, uid)
    before = relation_record(stored, scheme=scheme) if stored else None
    alive = stored is not None and stored.deleted_at is None
    wanted = stored or Relation(set=locked, uid=uid, version=0)
    settle(wanted, draft, locked, scheme)
    after = relation_record(wanted, scheme=scheme)
    if before and alive and same(before, after):
        return Put(before, created=False, set_version=locked.version)
    refuse_deleted(stored is not None and not alive, restore)
    if is_stale(expected, before["version"] if before and alive else None):
        raise Stale(before or {})
    return keep(wanted, after, locked=locked, guideline=scheme.guideline_version, actor=actor, now=now)


def find(locked: AnnotationSet, uid: UUID) -> Relation | None:
    """The set's relation of this id, deleted or not; a span's id is refused."""
    relations = Relation.objects.select_related("source", "to_span", "to_relation")
    return relations.get(set=locked, uid=uid) if is_known("relation", locked, uid) else None


def settle(relation: Relation, draft: rules.RelationDraft, locked: AnnotationSet, scheme: Scheme) -> None:
    """Writes the draft into the relation; raises Invalid where a label or an end is not there."""
    label = scheme.label_ids.get(("relation", "", draft.label))
    if label is None:
        raise Invalid(
            "unknown_label", f"There is no relation label {draft.label!r} in this project.", attr="label"
        )
    relation.label_id = label
    spans = living_spans(locked, [draft.source, draft.to_span])
    relation.source = end(spans, draft.source, "from")
    relation.to_span = end(spans, draft.to_span, "to") if draft.to_span else None
    relation.to_relation = (
        living_relation(locked, relation.uid, draft.to_relation) if draft.to_relation else None
    )
    if relation.to_span and relation.to_span.pk == relation.source.pk:
        raise Invalid("relation_circle", "A span cannot be related to itself.", attr="to")
    relation.note = draft.note
    relation.confidence = draft.confidence


def living_spans(locked: AnnotationSet, uids: list[UUID | None]) -> dict[UUID, Span]:
    spans = Span.objects.filter(set=locked, deleted_at=None, uid__in=[uid for uid in uids if uid])
    return {span.uid: span for span in spans}


def end(spans: dict[UUID, Span], uid: UUID, attr: str) -> Span:
    if uid not in spans:
        raise Invalid("unknown_span", f"There is no span {uid} in this reading.", attr=attr)
    return spans[uid]


def living_relation(locked: AnnotationSet, uid: UUID, to: UUID) -> Relation:
    """The relation another points to; one query for the whole graph, so that a circle is seen."""
    relations = {relation.pk: relation for relation in Relation.objects.filter(set=locked, deleted_at=None)}
    by_uid = {relation.uid: relation for relation in relations.values()}
    if to not in by_uid and to != uid:
        raise Invalid("unknown_relation", f"There is no relation {to} in this reading.", attr="to")
    above = {
        relation.uid: relations[relation.to_relation_id].uid if relation.to_relation_id else None
        for relation in relations.values()
    }
    rules.check_no_circle(uid, to, above)
    return by_uid[to]


@withdrawing
def delete(address: Address, uid: UUID, *, actor: User, now: datetime, expected: Expected = ANY) -> Deleted:
    """Deletes the relation and those that lead to it, and says which; again is harmless."""
    try:
        locked = lock_own(address, actor=actor, now=now)
    except Conflict:
        # Sent again after a submission, by a page that did not hear the first answer.
        if before := find_deleted(Relation, address, uid, actor=actor):
            return Deleted([], went_with(before), before.set.version)
        raise
    relation = find(locked, uid)
    if relation is None:
        raise NotFound("not_found", "There is no such relation in this reading.")
    if relation.deleted_at is not None:
        return Deleted([], went_with(relation), locked.version)
    if is_stale(expected, relation.version):
        raise Stale(relation_record(relation, scheme=schemes.of(locked.project)))
    living = list(Relation.objects.filter(set=locked, deleted_at=None))
    gone = reaching(living, {relation.pk})
    Relation.objects.filter(pk__in=gone).update(deleted_at=now)
    note_change(locked, now=now)
    uids = [str(other.uid) for other in living if other.pk in gone]
    record(
        "relation_deleted",
        f"relation:{uid}",
        actor_id=actor.pk,
        project_id=locked.project_id,
        set=locked.pk,
        relations=uids,
    )
    return Deleted([], uids, locked.version)


def went_with(relation: Relation) -> list[str]:
    """The relations that were deleted together with a deleted one."""
    same_time = Relation.objects.filter(set=relation.set_id, deleted_at=relation.deleted_at)
    return [str(other.uid) for other in same_time]
