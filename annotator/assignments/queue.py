"""Where the next document comes from: exactly the wanted number of readers each, whoever asks and however many at once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from annotator.accounts.models import User
from annotator.accounts.roles import may
from annotator.annotations import leases
from annotator.annotations.blindness import give_up
from annotator.annotations.models import AnnotationSet, Recusal
from annotator.assignments.models import Assignment
from annotator.documents.models import Document
from annotator.errors import Conflict, Forbidden, NotFound
from annotator.history.events import record
from annotator.projects.archive import refuse_archived
from annotator.projects.models import Membership


@dataclass(frozen=True)
class Claim:
    """A reading to work on, and whether it was given just now."""

    assignment: Assignment
    created: bool


@transaction.atomic
def claim_next(membership: Membership, *, actor: User, now: datetime) -> Claim | None:
    """The member's own unfinished reading, else a seat at the next document, else None.

    The member's row is locked, so that one person who asks twice at once is given one document; the document's row is locked
    while its seats are counted, so that it never has more readers than wanted.
    """
    refuse_who_does_not_label(membership)
    refuse_archived(membership.project)
    present = Membership.objects.select_for_update().only("pk").filter(pk=membership.pk, user=actor.pk)
    if present.first() is None:  # removed since they asked
        raise NotFound("not_found", "There is no such project.")
    end_lost(membership, now)
    unfinished = own_unfinished(membership, now)
    if unfinished is not None:
        return Claim(unfinished, created=False)
    document = lock_free_document(membership, now)
    if document is None:
        return None
    return Claim(seat(membership, document, actor=actor, now=now), created=True)


def refuse_who_does_not_label(membership: Membership) -> None:
    if not may(membership.role, "label") or not membership.takes_part:
        raise Forbidden("does_not_label", "You are not among those who label in this project.")


def end_lost(membership: Membership, now: datetime) -> None:
    """Ends the assignments whose seat a late save has lost."""
    lost = Assignment.objects.filter(set__membership=membership, set__state="withdrawn", ended_at=None)
    lost.update(ended_at=now, outcome=Assignment.Outcome.LAPSED)


def own_unfinished(membership: Membership, now: datetime) -> Assignment | None:
    """The assignment of the member's oldest returned reading, else of an open one whose seat is still, or again, theirs."""
    mine = Assignment.objects.filter(set__membership=membership, ended_at=None).select_related(
        "set", "set__project"
    )
    for assignment in mine.filter(set__state__in=["returned", "open"]).order_by("-set__state", "pk"):
        if assignment.set.state == "returned" or renewed(assignment, now):
            return assignment
    return None


def renewed(assignment: Assignment, now: datetime) -> bool:
    """Renews the lease; a lapsed one whose seat others took is given up, and the answer is no."""
    locked = (
        AnnotationSet.objects.select_for_update(of=("self",))
        .select_related("project")
        .get(pk=assignment.set_id)
    )
    try:
        with transaction.atomic():  # the document's lock goes where its seat is lost
            leases.hold(locked, now=now)
    except leases.LeaseLost:
        leases.withdraw(locked.pk)
        finish(assignment, Assignment.Outcome.LAPSED, now=now)
        return False
    AnnotationSet.objects.filter(pk=locked.pk).update(lease_until=leases.end_of(locked.project, now))
    return True


def lock_free_document(membership: Membership, now: datetime) -> Document | None:
    """The next document with a free seat, its row locked; documents that others are at this moment taking come last."""
    waiting = free_documents(membership, now)
    skip_locked = True
    while keys := list(waiting.values_list("pk", flat=True)[:10]):
        for key in keys:
            before = transaction.savepoint()
            documents = Document.objects.select_for_update(skip_locked=skip_locked)
            locked = documents.filter(pk=key).only("pk").first()
            if locked and is_free(locked, membership, now):
                return locked
            # Kept, the lock of a document that is full by now could make two claims wait for each other.
            transaction.savepoint_rollback(before)
        skip_locked = False
    return None


def free_documents(membership: Membership, now: datetime) -> "QuerySet[Document, Any]":
    """The documents this member may still be given, those nearest to their wanted readers first, then in order.

    As {"pk", "taken"}: grouped by the key alone, for a database that groups by the text too takes ten times as long.
    """
    own = AnnotationSet.objects.filter(membership=membership, kind="human", round=1)
    kept = own.exclude(
        state="withdrawn"
    )  # one given back or lost may be given again; what was skipped is for good
    skipped = own.filter(assignments__outcome="skipped")
    given_up = Recusal.objects.filter(membership=membership)
    documents = Document.objects.filter(project=membership.project_id).values("pk")
    out_of_question: tuple[QuerySet[Any], ...] = (kept, skipped, given_up)
    for rows in out_of_question:
        documents = documents.exclude(pk__in=rows.order_by().values("document"))
    taken = Count("annotation_sets", filter=prefixed(leases.taken_seats(now)))
    return (
        documents.annotate(taken=taken)
        .filter(taken__lt=membership.project.readers_per_document)
        .order_by("-taken", "pk")
    )


def is_free(document: Document, membership: Membership, now: datetime) -> bool:
    """Whether a locked document still has a seat; the member's own rows cannot have changed, their membership is locked."""
    taken = AnnotationSet.objects.filter(leases.taken_seats(now), document=document.pk).count()
    return taken < membership.project.readers_per_document


def prefixed(condition: Q) -> Q:
    """The condition on sets as one on the documents they belong to."""
    return Q(
        *[
            prefixed(child) if isinstance(child, Q) else (f"annotation_sets__{child[0]}", child[1])  # type: ignore[index]
            for child in condition.children
        ],
        _connector=condition.connector,
        _negated=condition.negated,
    )


def seat(membership: Membership, document: Document, *, actor: User, now: datetime) -> Assignment:
    """Opens the member's reading of the document, or again the one that lapsed."""
    until = leases.end_of(membership.project, now)
    reading, created = AnnotationSet.objects.get_or_create(
        document=document,
        membership=membership,
        kind="human",
        round=1,
        defaults={"project_id": membership.project_id, "lease_until": until, "active_at": now},
    )
    if not created:
        AnnotationSet.objects.filter(pk=reading.pk).update(state="open", lease_until=until, active_at=now)
        finish_open(reading, now=now)
    assignment = Assignment.objects.create(project_id=membership.project_id, set=reading, created_at=now)
    record("document_claimed", f"set:{reading.pk}", actor_id=actor.pk, project_id=membership.project_id)
    return assignment


def finish_open(reading: AnnotationSet, *, now: datetime) -> None:
    for assignment in Assignment.objects.filter(set=reading, ended_at=None):
        finish(assignment, Assignment.Outcome.LAPSED, now=now)


def finish(assignment: Assignment, outcome: str, *, now: datetime, reason: str = "") -> None:
    Assignment.objects.filter(pk=assignment.pk).update(ended_at=now, outcome=outcome, reason=reason)


def lock_mine(membership: Membership, key: int) -> Assignment:
    """The member's own assignment, its set's row locked; raises NotFound for anybody else's, Conflict once ended."""
    assignment = Assignment.objects.select_related("set").filter(pk=key, set__membership=membership).first()
    if assignment is None:
        raise NotFound("not_found", "There is no such assignment.")
    AnnotationSet.objects.select_for_update().get(pk=assignment.set_id)
    assignment.refresh_from_db()
    if assignment.ended_at is not None:
        raise Conflict("assignment_ended", "This assignment has ended.")
    return assignment


@leases.withdrawing
def beat(membership: Membership, key: int, *, now: datetime) -> Assignment:
    """Renews the lease of the member's own assignment."""
    assignment = lock_mine(membership, key)
    reading = AnnotationSet.objects.select_related("project").get(pk=assignment.set_id)
    if reading.state == "withdrawn":
        raise leases.withdrawn(reading)
    leases.hold(reading, now=now)
    if reading.state == "open":
        AnnotationSet.objects.filter(pk=reading.pk).update(lease_until=leases.end_of(reading.project, now))
    return assignment


@transaction.atomic
def skip(membership: Membership, key: int, *, reason: str, actor: User, now: datetime) -> Assignment:
    """Gives the document up for good, saying why; its marks stay and do not count."""
    return leave(membership, key, Assignment.Outcome.SKIPPED, reason=reason, actor=actor, now=now)


@transaction.atomic
def give_back(membership: Membership, key: int, *, actor: User, now: datetime) -> Assignment:
    """Gives the seat back for others; the member may be given the document again later. Again is harmless."""
    given = Assignment.objects.select_related("set").filter(pk=key, set__membership=membership)
    if ended := given.filter(outcome=Assignment.Outcome.GIVEN_BACK).first():
        return ended
    return leave(membership, key, Assignment.Outcome.GIVEN_BACK, reason="", actor=actor, now=now)


def leave(
    membership: Membership, key: int, outcome: str, *, reason: str, actor: User, now: datetime
) -> Assignment:
    assignment = lock_mine(membership, key)
    AnnotationSet.objects.filter(pk=assignment.set_id).update(state="withdrawn", lease_until=None)
    finish(assignment, outcome, now=now, reason=reason)
    record(
        f"document_{outcome}",
        f"set:{assignment.set_id}",
        actor_id=actor.pk,
        project_id=membership.project_id,
        reason=reason,
    )
    assignment.refresh_from_db()
    return assignment


@transaction.atomic
def recuse(membership: Membership, document: Document) -> None:
    """Gives up being given the document, in order to look at the readings of others; again is harmless.

    Raises Conflict where the member is reading it: that reading has to be finished or skipped first.
    """
    if may(membership.role, "review") is False:
        raise Forbidden("no_right", "Your role does not look at the readings of others.")
    refuse_archived(membership.project)
    Membership.objects.select_for_update().only("pk").get(pk=membership.pk)
    own = AnnotationSet.objects.filter(document=document, membership=membership, kind="human")
    if own.exclude(state="withdrawn").exists():
        raise Conflict("has_reading", "You have a reading of this document yourself.")
    give_up(membership, [document.pk])
