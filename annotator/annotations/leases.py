"""The seat a human set holds: kept by saving, lost when it lapsed and somebody else sat down."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import transaction
from django.db.models import Q

from annotator.annotations.models import AnnotationSet
from annotator.documents.models import Document
from annotator.errors import Conflict
from annotator.history.events import record
from annotator.history.models import Event
from annotator.projects.models import Project

# A write that came in just before its lease ended may get its lock after another claim found it lapsed; clocks differ too.
SURE_FOR = timedelta(minutes=1)
P = ParamSpec("P")
R = TypeVar("R")


class LeaseLost(Conflict):
    """The set's seat is somebody else's by now; its marks stay, it does not count."""

    def __init__(self, set_id: int) -> None:
        super().__init__(
            "lease_lost", "You were away and others have read this document. Your marks are kept aside."
        )
        self.set_id = set_id


# How a reading was given up, by the line of history that says so; without one its seat was lost.
GIVEN_UP = {
    "document_skipped": (
        "skipped",
        "You skipped this document, so it takes no change. Your marks are kept aside.",
    ),
    "document_given_back": (
        "given_back",
        "This document was given back, so it takes no change. Your marks are kept aside until you are given it again.",
    ),
}


def withdrawn(found: AnnotationSet) -> Conflict:
    """Why a withdrawn set takes no change: its annotator gave it up, or lost its seat."""
    verbs = [*GIVEN_UP, "lease_lost", "document_claimed"]
    lines = Event.objects.filter(project_id=found.project_id, subject=f"set:{found.pk}", verb__in=verbs)
    last = lines.order_by("-id").values_list("verb", flat=True).first()
    if last in GIVEN_UP:
        return Conflict(*GIVEN_UP[last])
    return Conflict("lease_lost", "This reading was withdrawn; its marks are kept aside.")


def taken_seats(now: datetime) -> Q:
    """The sets that count against the wanted number of readers, as a condition on AnnotationSet."""
    held = Q(state__in=["submitted", "accepted", "returned"]) | Q(state="open", lease_until__gt=now)
    return Q(kind="human", round=1) & held


def end_of(project: Project, now: datetime) -> datetime:
    """When a lease that begins or is renewed now ends."""
    return now + timedelta(minutes=project.lease_minutes)


def hold(locked: AnnotationSet, *, now: datetime) -> None:
    """Makes sure the set still has its seat; raises LeaseLost where others have taken them all.

    Expects the set's row locked. Locks the document's row only when the lease has lapsed or is about to: then claims wait.
    """
    sure = locked.lease_until is not None and locked.lease_until > now + SURE_FOR
    if locked.kind != "human" or locked.state != "open" or sure:
        return
    Document.objects.select_for_update().only("pk").get(pk=locked.document_id)
    others = AnnotationSet.objects.filter(taken_seats(now), document=locked.document_id).exclude(pk=locked.pk)
    if others.count() >= locked.project.readers_per_document:
        raise LeaseLost(locked.pk)


def withdrawing(verb: Callable[P, R]) -> Callable[P, R]:
    """Runs the verb in a transaction; a lost lease undoes it and withdraws the set, and then is raised."""

    @wraps(verb)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            with transaction.atomic():
                return verb(*args, **kwargs)
        except LeaseLost as lost:
            withdraw(lost.set_id)
            raise

    return run


@transaction.atomic
def withdraw(set_id: int) -> None:
    """Marks a lapsed set as withdrawn, unless it was already."""
    changed = AnnotationSet.objects.filter(pk=set_id, state="open").update(
        state="withdrawn", lease_until=None
    )
    if changed:
        project_id = AnnotationSet.objects.values_list("project_id", flat=True).get(pk=set_id)
        record("lease_lost", f"set:{set_id}", actor_id=None, project_id=project_id)
