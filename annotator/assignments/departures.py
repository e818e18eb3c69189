"""Removing a member: what they finished stays under their alias, what they had begun goes back, they see nothing more."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from annotator.accounts.models import User
from annotator.annotations import blindness
from annotator.annotations.models import AnnotationSet
from annotator.assignments.models import Assignment
from annotator.history.events import record
from annotator.projects import members
from annotator.projects.models import Membership

FINISHED = ("submitted", "accepted")
BEGUN = ("open", "returned")


@dataclass(frozen=True)
class Work:
    """How many readings of a member stay when they go, and how many are given back."""

    stays: int
    given_back: int


def work_of(membership: Membership) -> Work:
    """What a member leaves behind."""
    own = AnnotationSet.objects.filter(membership=membership, kind="human")
    return Work(own.filter(state__in=FINISHED).count(), own.filter(state__in=BEGUN).count())


@transaction.atomic
def remove(membership: Membership, *, actor: User, now: datetime) -> Membership:
    """Takes the person out of the project; again is harmless, and adding or inviting them brings all of it back.

    Raises Conflict for the last manager, for an annotator without a login, and in an archived project.
    """
    locked = (
        Membership.objects.select_for_update(of=("self",)).select_related("project").get(pk=membership.pk)
    )
    if locked.former_id is not None:
        return locked
    # What they could see they never read themselves, should they come back to label, nor do they reopen what they have read.
    blindness.give_up(locked, blindness.seen_by(locked))
    give_back(locked, actor=actor, now=now)
    members.detach(locked, actor=actor)
    return locked


def give_back(membership: Membership, *, actor: User, now: datetime) -> None:
    """Frees the seats of what the member had begun; the marks are kept, and are there again with a new seat."""
    own = AnnotationSet.objects.filter(membership=membership, kind="human").order_by("pk")
    # The finished ones too: one that is being returned or reopened at this moment is begun when its turn comes.
    list(own.select_for_update().values_list("pk"))
    keys = list(own.filter(state__in=BEGUN).values_list("pk", flat=True))
    AnnotationSet.objects.filter(pk__in=keys).update(state="withdrawn", lease_until=None)
    mine = Assignment.objects.filter(set__membership=membership, ended_at=None)
    mine.update(ended_at=now, outcome=Assignment.Outcome.GIVEN_BACK)
    for key in keys:
        record("document_given_back", f"set:{key}", actor_id=actor.pk, project_id=membership.project_id)
