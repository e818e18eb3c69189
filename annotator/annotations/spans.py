"""Putting, restoring and deleting spans."""

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
from annotator.annotations.records import span_record
from annotator.annotations.rules import quote_of
from annotator.annotations.sets import Address, Expected, lock_own, note_change
from annotator.documents.models import Document
from annotator.errors import Conflict, Invalid, NotFound, Stale
from annotator.history.events import record
from annotator.projects import holders
from annotator.projects import scheme as schemes
from annotator.projects.models import Holder
from annotator.projects.scheme import Scheme

ANY = Expected()


@withdrawing
def put(
    address: Address,
    uid: UUID,
    draft: rules.SpanDraft,
    *,
    actor: User,
    now: datetime,
    expected: Expected = ANY,
    restore: bool = False,
) -> Put:
    """Makes the span what the draft says, or leaves it where it says so already; at most eight queries.

    Raises Invalid for what cannot be, Stale with the stored span, Gone where it was deleted, Conflict for a relation's id.
    """
    locked = lock_own(address, actor=actor, now=now, quote=draft.fragments)
    scheme = schemes.of(locked.project)
    rules.check_within(draft.fragments, locked.document.length)
    quote: str = locked.quote  # type: ignore[attr-defined]
    rules.check_quote(draft.quote, quote)
    stored = find(locked, uid)
    before = span_record(stored, quote=quote, scheme=scheme) if stored else None
    alive = stored is not None and stored.deleted_at is None
    wanted = stored or Span(set=locked, uid=uid, version=0)
    settle(wanted, draft, locked, scheme)
    after = span_record(wanted, quote=quote, scheme=scheme)
    if before and alive and same(before, after):
        return Put(before, created=False, set_version=locked.version)
    refuse_deleted(stored is not None and not alive, restore)
    if is_stale(expected, before["version"] if before and alive else None):
        raise Stale(before | {"quote": quote_in(locked.document, before["fragments"])} if before else {})
    return keep(wanted, after, locked=locked, guideline=scheme.guideline_version, actor=actor, now=now)


def find(locked: AnnotationSet, uid: UUID) -> Span | None:
    """The set's span of this id, deleted or not; a relation's id is refused."""
    return Span.objects.get(set=locked.pk, uid=uid) if is_known("span", locked, uid) else None


def settle(span: Span, draft: rules.SpanDraft, locked: AnnotationSet, scheme: Scheme) -> None:
    """Writes the draft into the span, slugs turned into keys; raises Invalid for a slug the project does not have."""
    span.fragments = [list(fragment) for fragment in draft.fragments]
    span.start, span.end = draft.fragments[0][0], draft.fragments[-1][1]
    span.stance_id = label_id(scheme, "stance", draft.stance)
    span.role_id = label_id(scheme, "role", draft.role)
    span.target_id = target_id(scheme, draft.target)
    span.holder = holder_of(span, draft.holder, locked)
    span.explicit = draft.explicit
    span.note = draft.note
    span.confidence = draft.confidence


def label_id(scheme: Scheme, kind: str, slug: str | None) -> int | None:
    if slug is None:
        return None
    found = scheme.label_ids.get((kind, "", slug))
    if found is None:
        raise Invalid("unknown_label", f"There is no {kind} label {slug!r} in this project.", attr=kind)
    return found


def target_id(scheme: Scheme, slug: str | None) -> int | None:
    """The target's key; a span without one is toward the project's only target, if it has just one."""
    if slug is None:
        return scheme.targets[0].pk if len(scheme.targets) == 1 else None
    found = scheme.target_ids.get(slug)
    if found is None:
        raise Invalid("unknown_target", f"There is no target {slug!r} in this project.", attr="target")
    return found


def holder_of(span: Span, slug: str | None, locked: AnnotationSet) -> Holder | None:
    if slug is None:
        return None
    if span.holder and span.holder.slug == slug:
        return span.holder
    return holders.find(slug, locked.membership)


def quote_in(document: Document, fragments: list[list[int]]) -> str:
    """The text of these fragments of a stored document."""
    return quote_of(Document.objects.values_list("text", flat=True).get(pk=document.pk), fragments)


@withdrawing
def delete(address: Address, uid: UUID, *, actor: User, now: datetime, expected: Expected = ANY) -> Deleted:
    """Deletes the span and the relations that hang on it, and says which; again is harmless."""
    try:
        locked = lock_own(address, actor=actor, now=now)
    except Conflict:
        # Sent again after a submission, by a page that did not hear the first answer.
        if before := find_deleted(Span, address, uid, actor=actor):
            return Deleted([str(uid)], went_with(before), before.set.version)
        raise
    span = find(locked, uid)
    if span is None:
        raise NotFound("not_found", "There is no such span in this reading.")
    if span.deleted_at is not None:
        return Deleted([str(uid)], went_with(span), locked.version)
    if is_stale(expected, span.version):
        quote = quote_in(locked.document, span.fragments)
        raise Stale(span_record(span, quote=quote, scheme=schemes.of(locked.project)))
    relations = hanging_on(span)
    Relation.objects.filter(pk__in=[relation.pk for relation in relations]).update(deleted_at=now)
    Span.objects.filter(pk=span.pk).update(deleted_at=now)
    note_change(locked, now=now)
    gone = [str(relation.uid) for relation in relations]
    record(
        "span_deleted",
        f"span:{uid}",
        actor_id=actor.pk,
        project_id=locked.project_id,
        set=locked.pk,
        relations=gone,
    )
    return Deleted([str(uid)], gone, locked.version)


def hanging_on(span: Span) -> list[Relation]:
    """The living relations from or to the span, and those to these relations, and so on: one query."""
    relations = list(Relation.objects.filter(set=span.set_id, deleted_at=None))
    gone = {relation.pk for relation in relations if span.pk in (relation.source_id, relation.to_span_id)}
    return [relation for relation in relations if relation.pk in reaching(relations, gone)]


def reaching(relations: list[Relation], gone: set[int]) -> set[int]:
    """The keys in `gone` and of all relations that lead to one of them."""
    grown = gone | {relation.pk for relation in relations if relation.to_relation_id in gone}
    return gone if grown == gone else reaching(relations, grown)


def went_with(span: Span) -> list[str]:
    """The relations that were deleted with a deleted span."""
    relations = Relation.objects.filter(set=span.set_id, deleted_at=span.deleted_at)
    return [str(relation.uid) for relation in relations]
