"""Whose readings a file holds: from the names in the file to members of the project."""

from collections.abc import Mapping
from itertools import chain, count

from django.db.models import QuerySet

from annotator.accounts.models import User
from annotator.accounts.roles import ANNOTATOR
from annotator.errors import Invalid
from annotator.projects import members
from annotator.projects.models import Invitation, Membership, Project


class Aliases:
    """Gives each name of a file one member: the one it is mapped to, the one without a login of that alias, or a new one.

    A name that is the alias of somebody with a login, or promised to somebody invited, becomes a new alias (`A1-2`), since
    what a file says must not become what a person is held to have said. Two names never become one member by themselves.
    """

    def __init__(
        self, project: Project, mapped: Mapping[str, str], assigned: Mapping[str, str] | None = None
    ) -> None:
        self.project = project
        self.mapped = mapped
        self.members = {found.alias: found for found in members_of(project)}
        self.invited = set(
            Invitation.objects.filter(project=project, accepted_at=None).values_list("alias", flat=True)
        )
        self.assigned = {name: alias for name, alias in (assigned or {}).items() if self.free(alias)}

    def alias(self, name: str) -> str:
        """The alias that this name of the file has here; raises Invalid for what cannot be one."""
        name = name.strip()
        if name in self.mapped:
            return self.mapped[name]
        if name not in self.assigned:
            if not name or len(name) > 70:
                raise Invalid("bad_alias", "An annotator's name has 1 to 70 characters.", attr="annotator")
            self.assigned[name] = self.new(name)
        return self.assigned[name]

    def new(self, name: str) -> str:
        taken = set(self.assigned.values())
        candidates = chain([name], (f"{name}-{number}" for number in count(2)))
        return next(alias for alias in candidates if alias not in taken and self.free(alias))

    def free(self, alias: str) -> bool:
        found = self.members.get(alias)
        return alias not in self.invited and (
            found is None or (found.user_id is None and found.former_id is None)
        )

    def there(self, name: str) -> Membership | None:
        """The member this name may come to, with nothing decided by asking."""
        name = name.strip()
        return self.members.get(self.mapped.get(name) or self.assigned.get(name) or name)

    def known(self, name: str) -> Membership | None:
        """The member behind this name, if there is one already."""
        return self.members.get(self.alias(name))

    def member(self, name: str, *, actor: User) -> Membership:
        """The member behind this name, added without a login where there is none."""
        alias = self.alias(name)
        if alias not in self.members:
            self.members[alias] = members.add(
                self.project, actor=actor, alias=alias, role=ANNOTATOR, takes_part=False
            )
        return self.members[alias]


def members_of(project: Project) -> "QuerySet[Membership]":
    return Membership.objects.filter(project=project).select_related("user")


def check_map(project: Project, mapped: Mapping[str, str]) -> None:
    """Raises Invalid where a name is mapped to nobody."""
    known = set(Membership.objects.filter(project=project).values_list("alias", flat=True))
    for name, alias in mapped.items():
        if alias not in known:
            raise Invalid("unknown_member", f"{name!r} is mapped to {alias!r}, who is no member.", attr="map")
