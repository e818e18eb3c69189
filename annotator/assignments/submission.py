"""Declaring a reading finished, and taking that back."""

from datetime import datetime
from typing import Any

from annotator.accounts.models import User
from annotator.accounts.roles import may
from annotator.annotations.blindness import has_seen_others
from annotator.annotations.leases import withdrawing
from annotator.annotations.locking import lock
from annotator.annotations.models import AnnotationSet, Span
from annotator.annotations.sets import Address, lock_own, refusal
from annotator.assignments.models import Assignment, Submission
from annotator.errors import Conflict, Forbidden, Invalid, NotFound
from annotator.history.events import record
from annotator.projects import holders
from annotator.projects.archive import refuse_archived
from annotator.projects.models import Membership


@withdrawing
def submit(address: Address, *, actor: User, now: datetime) -> AnnotationSet:
    """Declares the actor's reading finished; again is harmless. An empty one is a reading too.

    Raises Invalid where a span has neither stance nor role, naming the spans.
    """
    try:
        locked = lock_own(address, actor=actor, now=now)
    except Conflict:
        # Asked only now: of two submissions at once, the second finds what the first has done.
        mine = AnnotationSet.objects.filter(
            pk=address.set_id, project__slug=address.project, membership__user=actor
        )
        if already := mine.readings().first():
            return already
        raise
    refuse_unfinished_spans(locked)
    share_holders(locked)
    Submission.objects.create(set=locked, actor=actor, at=now)
    AnnotationSet.objects.filter(pk=locked.pk).update(
        state="submitted", submitted_at=now, lease_until=None, version=locked.version + 1
    )
    Assignment.objects.filter(set=locked, ended_at=None).update(ended_at=now, outcome="submitted")
    record("set_submitted", f"set:{locked.pk}", actor_id=actor.pk, project_id=locked.project_id)
    locked.refresh_from_db(fields=["state", "submitted_at", "lease_until", "version"])
    return locked


def refuse_unfinished_spans(locked: AnnotationSet) -> None:
    unfinished = Span.objects.filter(set=locked, deleted_at=None, stance=None, role=None)
    uids = [str(uid) for uid in unfinished.values_list("uid", flat=True)[:100]]
    if uids:
        raise Invalid(
            "span_without_label",
            f"{len(uids)} span(s) have neither a stance nor a role.",
            attr="spans",
            spans=uids,
        )


def overlooked(found: AnnotationSet) -> list[dict[str, Any]]:
    """What a submitted reading may have forgotten, and is taken all the same: stances that name none of several targets."""
    if found.project.targets.count() < 2:
        return []
    bare = Span.objects.filter(set=found, deleted_at=None, target=None).exclude(stance=None)
    count = bare.count()
    if not count:
        return []
    detail = f"{count} span(s) have a stance and say toward none of the targets."
    uids = [str(uid) for uid in bare.values_list("uid", flat=True)[:100]]
    return [{"code": "stance_without_target", "detail": detail, "spans": uids}]


def share_holders(locked: AnnotationSet) -> None:
    """The holders that the set's annotator added for it become everybody's."""
    used = Span.objects.filter(set=locked, deleted_at=None, holder__private_to=locked.membership_id)
    joined = holders.share(locked.membership, set(used.values_list("holder_id", flat=True)))
    for old, new in joined.items():
        Span.objects.filter(holder=old).update(holder=new)
    holders.drop(list(joined))


@withdrawing
def reopen(address: Address, *, actor: User, now: datetime) -> AnnotationSet:
    """Takes the actor's submission back while the project allows it; reopening what is open is harmless.

    Raises Conflict where the project does not allow it, or the reading is already accepted.
    """
    locked = lock(address.project, address.set_id)
    if locked is None or locked.membership.user_id != actor.pk:
        raise refusal(address, locked, actor)
    refuse_archived(locked.project)
    if locked.editable:
        return locked
    if locked.state != "submitted":
        raise Conflict("set_accepted", "This reading has been reviewed; ask a reviewer to return it.")
    if not may(locked.membership.role, "label"):
        raise Forbidden("no_right", "Your role does not label.")
    if has_seen_others(locked.membership, locked):
        raise Conflict("has_looked", "You have seen, or can see, what others made of this document.")
    if not locked.project.may_reopen:
        raise Conflict("no_reopening", "This project does not reopen submitted readings.")
    # Asked anew, for they may have been removed while the row was waited for: nobody could go on with the reading.
    if not Membership.objects.filter(pk=locked.membership_id, user=actor.pk).exists():
        raise NotFound("not_found", "There is no such reading.")
    Submission.objects.filter(set=locked, withdrawn_at=None).update(withdrawn_at=now)
    # A submitted reading holds its seat without a lease; returned, it goes on doing so while its annotator works.
    AnnotationSet.objects.filter(pk=locked.pk).update(state="returned", version=locked.version + 1)
    Assignment.objects.create(project_id=locked.project_id, set=locked, created_at=now)
    record("set_reopened", f"set:{locked.pk}", actor_id=actor.pk, project_id=locked.project_id)
    locked.refresh_from_db(fields=["state", "version"])
    return locked
