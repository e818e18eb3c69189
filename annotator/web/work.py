"""The first page: what is waiting for me, and my projects."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Count, Exists, Q
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from annotator.accounts.models import User
from annotator.accounts.roles import may
from annotator.annotations.models import AnnotationSet
from annotator.assignments import queue
from annotator.projects.models import Membership
from annotator.web.door import Visit, show, signed_in


@dataclass(frozen=True)
class Desk:
    """A project as its member finds it: whether there is something to label, and what they have done."""

    membership: Membership
    labels: bool
    waiting: bool
    begun: int
    returned: int
    submitted: int


@require_safe
@signed_in
def work(request: Visit) -> HttpResponse:
    """What waits for the person, project by project."""
    found = desks_of(request.user, now=timezone.now())
    desks = [desk for desk in found if desk.membership.project.archived_at is None]
    archived = [desk for desk in found if desk.membership.project.archived_at is not None]
    context = {"waiting": [desk for desk in desks if desk.labels], "desks": desks, "archived": archived}
    return show(request, "work.html", context)


def desks_of(user: User, *, now: datetime) -> list[Desk]:
    """All projects of the person, in three queries however many there are."""
    memberships = list(
        Membership.objects.select_related("project").filter(user=user).order_by("project__name", "pk")
    )
    labelling = [each for each in memberships if each.takes_part and may(each.role, "label")]
    waiting = with_something_waiting(labelling, now)
    done = own_states(user)
    return [
        Desk(
            membership=membership,
            labels=membership in labelling,
            waiting=membership.pk in waiting,
            begun=done[membership.pk, "open"],
            returned=done[membership.pk, "returned"],
            submitted=done[membership.pk, "submitted"] + done[membership.pk, "accepted"],
        )
        for membership in memberships
    ]


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
