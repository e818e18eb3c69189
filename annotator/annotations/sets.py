"""Opening a set to write in it, and noting that it changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from annotator.accounts.models import User
from annotator.accounts.roles import may
from annotator.annotations import leases
from annotator.annotations.locking import lock
from annotator.annotations.models import AnnotationSet
from annotator.errors import Conflict, Forbidden, NotFound
from annotator.projects.archive import refuse_archived
from annotator.projects.models import Membership

# A pause longer than this is not work on the text.
LONGEST_PAUSE = timedelta(minutes=2)


@dataclass(frozen=True)
class Address:
    """Where a set is: the project's slug and the set's id, both from the URL."""

    project: str
    set_id: int


@dataclass(frozen=True)
class Expected:
    """What the writer believes: the object's version (If-Match), or that there is none (If-None-Match: *)."""

    version: int | None = None
    absent: bool = False


def lock_own(
    address: Address, *, actor: User, now: datetime, quote: Sequence[tuple[int, int]] = ()
) -> AnnotationSet:
    """The actor's own set, its row locked and its lease held, ready to be written to.

    One query gives the set with its project, membership and document (without the text); `quote` asks for the text of these
    fragments, cut by the database, as the attribute `quote`.
    Raises NotFound for strangers, Forbidden for who may not write it, Conflict where the state forbids.
    """
    locked = lock(address.project, address.set_id, quote)
    if locked is None or locked.membership.user_id != actor.pk:
        raise refusal(address, locked, actor)
    if not may(locked.membership.role, "label"):
        raise Forbidden("no_right", "Your role does not label.")
    refuse_archived(locked.project)
    if locked.state == "withdrawn":
        raise leases.withdrawn(locked)
    if not locked.editable:
        raise Conflict("set_submitted", "This reading is submitted. Reopen it to change it.")
    leases.hold(locked, now=now)
    return locked


def refusal(address: Address, found: AnnotationSet | None, actor: User) -> Exception:
    """Why this set is not the actor's to write: 404 for whom it does not exist, 403 for who may only see it."""
    membership = (
        Membership.objects.select_related("project")
        .filter(project__slug=address.project, user=actor.pk)
        .first()
    )
    if membership and found and AnnotationSet.objects.visible_to(membership).filter(pk=found.pk).exists():
        return Forbidden("not_yours", "Only its own annotator changes a reading.")
    return NotFound("not_found", "There is no such reading.")


def note_change(locked: AnnotationSet, *, now: datetime) -> None:
    """Raises the locked set's version, renews its lease and adds the time since the last change."""
    locked.version += 1
    pause = now - locked.active_at if locked.active_at else timedelta(0)
    worked = pause.total_seconds() if timedelta(0) < pause <= LONGEST_PAUSE else 0
    if locked.state == "open" and locked.kind == "human":
        locked.lease_until = leases.end_of(locked.project, now)
    AnnotationSet.objects.filter(pk=locked.pk).update(
        version=locked.version,
        lease_until=locked.lease_until,
        active_at=now,
        active_seconds=locked.active_seconds + round(worked),
    )
