"""The first page: what is waiting for me, and my projects."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Count, Exists, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from annotator.accounts.models import User
from annotator.accounts.roles import may
from annotator.annotations.models import AnnotationSet, Span
from annotator.assignments import queue
from annotator.assignments.models import Assignment
from annotator.exchange.models import Import
from annotator.projects.models import Membership
from annotator.web.door import Visit, show, signed_in


@dataclass(frozen=True)
class Desk:
    """A project as its member finds it: what to go on with, what waits for them, and what they have done."""

    membership: Membership
    labels: bool
    waiting: bool
    begun: int
    returned: int
    submitted: int
    unfinished: "Unfinished | None" = None
    to_review: int = 0
    files: int = 0

    @property
    def asks(self) -> bool:
        """Whether there is anything here for the person to do, or to be told that there is not."""
        return self.labels or bool(self.to_review or self.files)


@dataclass(frozen=True)
class Unfinished:
    """The reading that one is given when one goes on: what it is of, and how far it is."""

    title: str
    language: str
    state: str
    marks: int
    reach: float
    last: datetime | None


@require_safe
@signed_in
def work(request: Visit) -> HttpResponse:
    """What waits for the person, project by project."""
    found = desks_of(request.user, now=timezone.now())
    desks = [desk for desk in found if desk.membership.project.archived_at is None]
    archived = [desk for desk in found if desk.membership.project.archived_at is not None]
    context = {"waiting": [desk for desk in desks if desk.asks], "desks": desks, "archived": archived}
    return show(request, "work.html", context)


def desks_of(user: User, *, now: datetime) -> list[Desk]:
    """All projects of the person, in six queries however many there are."""
    memberships = list(
        Membership.objects.select_related("project").filter(user=user).order_by("project__name", "pk")
    )
    labelling = [each for each in memberships if each.takes_part and may(each.role, "label")]
    waiting = with_something_waiting(labelling, now)
    done, unfinished = own_states(user), going_on(labelling)
    reviews, files = waiting_for_review(memberships), waiting_for_a_yes(user, memberships)
    return [
        Desk(
            membership=membership,
            labels=membership in labelling,
            waiting=membership.pk in waiting,
            begun=done[membership.pk, "open"],
            returned=done[membership.pk, "returned"],
            submitted=done[membership.pk, "submitted"] + done[membership.pk, "accepted"],
            unfinished=unfinished.get(membership.pk),
            to_review=reviews[membership.project_id],
            files=files[membership.project_id],
        )
        for membership in memberships
    ]


def going_on(memberships: Sequence[Membership]) -> dict[int, Unfinished]:
    """By membership the reading that the queue gives back to them: the oldest returned one, else the oldest open one."""
    here = Span.objects.filter(set=OuterRef("set"), deleted_at=None).order_by().values("set")
    given = Assignment.objects.filter(set__membership__in=memberships, ended_at=None)
    rows = (
        given.filter(set__state__in=["open", "returned"])
        .annotate(
            marks=Coalesce(Subquery(here.annotate(n=Count("pk")).values("n")), 0),
            furthest=Coalesce(Subquery(here.annotate(n=Max("end")).values("n")), 0),
        )
        .order_by("set__state", "-pk")
        .values_list(
            "set__membership", "set__document__title", "set__document__external_id", "set__document__language",
            "set__document__length", "set__state", "marks", "furthest", "set__active_at",
        )
    )  # fmt: skip
    return {
        key: Unfinished(title or external_id, language, state, marks, furthest / length, last)
        for key, title, external_id, language, length, state, marks, furthest, last in rows
    }


def waiting_for_review(memberships: Sequence[Membership]) -> Counter[int]:
    """By project how many submitted readings of others the person may see and review."""
    reviewing = [each for each in memberships if may(each.role, "review")]
    if not reviewing:
        return Counter()
    visible = reduce(or_, (AnnotationSet.objects.visible_to(each) for each in reviewing))
    others = visible.filter(kind="human", state="submitted").exclude(membership__in=reviewing).order_by()
    return Counter(dict(others.values_list("project").annotate(count=Count("pk"))))


def waiting_for_a_yes(user: User, memberships: Sequence[Membership]) -> Counter[int]:
    """By project how many files the person has looked at and not taken over, of those that their page shows them."""
    takes_part = {each.project_id: each.takes_part for each in memberships if may(each.role, "import")}
    found = Import.objects.filter(project__in=takes_part, created_by=user, state="previewed")
    rows = found.values_list("project", "holds_sets")
    return Counter(project for project, holds_sets in rows if not (holds_sets and takes_part[project]))


def with_something_waiting(memberships: Sequence[Membership], now: datetime) -> set[int]:
    """Who of these could be given another document; how many is not told, for it would tell of other readers."""
    if not memberships:
        return set()
    each = [
        Q(pk=membership.pk) & Q(Exists(queue.free_documents(membership, now))) for membership in memberships
    ]
    return set(Membership.objects.filter(reduce(or_, each)).values_list("pk", flat=True))


def own_states(user: User) -> Counter[tuple[int, str]]:
    """How many of the person's own readings are in which state, by membership."""
    own = AnnotationSet.objects.filter(membership__user=user, kind="human").order_by()
    rows = own.values_list("membership", "state").annotate(count=Count("pk"))
    return Counter({(membership, state): count for membership, state, count in rows})
