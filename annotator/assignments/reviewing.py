"""Accepting a submitted reading, or returning it to its annotator."""

from datetime import datetime

from django.db import transaction

from annotator.accounts.models import User
from annotator.accounts.roles import may
from annotator.annotations.blindness import has_seen_others
from annotator.annotations.models import AnnotationSet
from annotator.annotations.sets import Address
from annotator.assignments.models import Assignment, Review, Submission
from annotator.errors import Conflict, Forbidden, NotFound
from annotator.history.events import record
from annotator.projects.archive import refuse_archived
from annotator.projects.models import Membership


@transaction.atomic
def decide(address: Address, decision: str, *, note: str, actor: User, now: datetime) -> AnnotationSet:
    """Accepts or returns a reading the actor may see; the same decision again is harmless.

    Raises NotFound for what the actor is blind to, Forbidden without the right or for their own reading, Conflict where the
    reading is not submitted.
    """
    memberships = Membership.objects.select_related("project")
    membership = memberships.filter(project__slug=address.project, user=actor.pk).first()
    if membership is None:
        raise NotFound("not_found", "There is no such reading.")
    visible = AnnotationSet.objects.visible_to(membership).filter(pk=address.set_id).exists()
    if not visible and not returned_by(membership, address.set_id, actor):
        raise NotFound("not_found", "There is no such reading.")
    locked = (
        AnnotationSet.objects.select_for_update(of=("self",))
        .select_related("membership", "project")
        .get(pk=address.set_id)
    )
    if not may(membership.role, "review"):
        raise Forbidden("no_right", "Your role does not review.")
    return settle(locked, decision, note=note, actor=actor, now=now)


def returned_by(membership: Membership, set_id: int, actor: User) -> bool:
    """Whether the reading lies with its annotator because the actor, who sees it no more, has returned it."""
    mine = AnnotationSet.objects.filter(pk=set_id, project=membership.project_id, state="returned")
    last = Review.objects.filter(set__in=mine.order_by()).first()
    return last is not None and last.actor_id == actor.pk and last.decision == "returned"


def settle(locked: AnnotationSet, decision: str, *, note: str, actor: User, now: datetime) -> AnnotationSet:
    """Moves a locked reading on; the admin calls it for sets it has chosen through the same visibility."""
    refuse_archived(locked.project)
    if locked.membership.user_id == actor.pk:
        raise Forbidden("own_reading", "Nobody reviews their own reading.")
    last = Review.objects.filter(set=locked).first()
    decided = locked.state == decision and last is not None and last.decision == decision
    if decided and last is not None and note in ("", last.note):
        return locked
    if locked.state not in ("submitted", "accepted") and not decided:
        raise Conflict("not_submitted", f"This reading is {locked.state}; only a submitted one is reviewed.")
    if decision == "returned" and not decided:
        refuse_no_way_back(locked)
    Review.objects.create(set=locked, actor=actor, decision=decision, note=note, at=now)
    AnnotationSet.objects.filter(pk=locked.pk).update(state=decision, version=locked.version + 1)
    if decision == "returned" and not decided:
        Submission.objects.filter(set=locked, withdrawn_at=None).update(withdrawn_at=now)
        Assignment.objects.create(project_id=locked.project_id, set=locked, created_at=now)
    record(f"set_{decision}", f"set:{locked.pk}", actor_id=actor.pk, project_id=locked.project_id, note=note)
    locked.refresh_from_db(fields=["state", "version"])
    return locked


def refuse_no_way_back(locked: AnnotationSet) -> None:
    """Raises Conflict where the annotator could not read it again: it would hold its seat for ever, or not be blind."""
    # Asked anew, for they may have been removed while the row was waited for.
    if Membership.objects.removed().filter(pk=locked.membership_id).exists():
        raise Conflict(
            "member_removed", "Its annotator was removed: accept the reading, or take the member back first."
        )
    if has_seen_others(locked.membership, locked):
        raise Conflict(
            "has_looked", "Its annotator has seen what others made of the document, so it stays as it is."
        )
