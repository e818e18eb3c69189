"""Changing what a member may do, without giving them a document of which they have seen readings."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from annotator.accounts.models import User
from annotator.accounts.roles import may
from annotator.annotations import blindness
from annotator.projects import members
from annotator.projects.models import Membership


@transaction.atomic
def change(membership: Membership, values: Mapping[str, Any], *, actor: User) -> Membership:
    """Changes role and taking part; who begins to label gives up every document whose readings they could see until now.

    What they could see counts and not what they opened: an export or the history shows readings too. It is noted whenever
    the role changes, for in another role nobody could tell any more what was seen in this one.
    """
    before = Membership.objects.select_related("project").get(pk=membership.pk)
    seen = blindness.seen_by(before)
    changed = members.change(membership, values, actor=actor)
    if changed.role != before.role or (labels(changed) and not labels(before)):
        blindness.give_up(before, seen)
    return changed


def labels(membership: Membership) -> bool:
    """Whether the member is given documents."""
    return membership.takes_part and may(membership.role, "label")
