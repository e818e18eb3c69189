"""Who is at the desk: staff with the memberships through which they see anything."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Exists, OuterRef
from django.http import HttpRequest

from annotator.accounts.models import User
from annotator.accounts.roles import MANAGER, REVIEWER, may
from annotator.annotations.models import AnnotationSet
from annotator.projects.models import Membership


@dataclass(frozen=True)
class Viewer:
    """A person at the desk.

    Staff see the projects they manage or review. A superuser sees every project; where they are a member, in whatever
    role, they are as blind to readings as that membership is.
    """

    user: User
    memberships: tuple[Membership, ...]

    @property
    def everywhere(self) -> bool:
        return self.user.is_superuser

    @property
    def unbound(self) -> bool:
        """Whether nothing at all is hidden from them."""
        return self.everywhere and not self.memberships

    @cached_property
    def project_ids(self) -> list[int]:
        return [membership.project_id for membership in self.memberships]

    @cached_property
    def blind_in(self) -> list[int]:
        """The projects in which they read, or could be given, documents: figures over all readings are kept from them."""
        return [
            membership.project_id
            for membership in self.memberships
            if membership.takes_part or reads(membership)
        ]

    @cached_property
    def sees_own_work_in(self) -> list[int]:
        """The projects in which they are not a manager, or one who is blind: of jobs and files they see their own."""
        managed = [row.project_id for row in self.memberships if row.role == MANAGER]
        return [key for key in self.project_ids if key not in managed or key in self.blind_in]

    def may(self, right: str, project_id: int | None) -> bool:
        if self.everywhere:
            return True
        return any(row.project_id == project_id and may(row.role, right) for row in self.memberships)

    def may_somewhere(self, right: str) -> bool:
        return self.everywhere or any(may(row.role, right) for row in self.memberships)

    def with_right(self, right: str) -> list[int]:
        """The keys of their own projects in which they have the right."""
        return [row.project_id for row in self.memberships if may(row.role, right)]

    def membership_in(self, project_id: int) -> Membership | None:
        return next((row for row in self.memberships if row.project_id == project_id), None)


def viewer_of(request: HttpRequest) -> Viewer:
    """The viewer of this request; their memberships are one query a request."""
    found: Viewer | None = getattr(request, "desk_viewer", None)
    if found is None:
        user = request.user
        found = Viewer(user, tuple(memberships_of(user))) if isinstance(user, User) else Viewer(User(), ())
        request.desk_viewer = found  # type: ignore[attr-defined]
    return found


def memberships_of(user: User) -> Iterable[Membership]:
    own = AnnotationSet.objects.filter(membership=OuterRef("pk"), kind="human").exclude(state="withdrawn")
    rows = Membership.objects.filter(user=user.pk).select_related("project").annotate(reads=Exists(own))
    return rows if user.is_superuser else rows.filter(role__in=[MANAGER, REVIEWER])


def reads(membership: Membership) -> bool:
    """Whether the member has a reading of their own, taking part or not."""
    return bool(getattr(membership, "reads", False))
