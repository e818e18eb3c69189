"""Finding and adding holders, blind to what other annotators added."""

from django.db import models, transaction

from annotator.accounts.models import User
from annotator.accounts.roles import may
from annotator.errors import Conflict, Forbidden, Invalid
from annotator.history.events import record
from annotator.projects.models import Holder, Membership, Project
from annotator.projects.studies import checked, lock


def find(slug: str, membership: Membership) -> Holder:
    """The holder this member means: their own addition before the registry's; raises Invalid for an unknown slug."""
    found = {holder.private_to_id: holder for holder in known_by(membership).filter(slug=slug)}
    holder = found.get(membership.pk) or found.get(None)
    if holder is None:
        raise Invalid("unknown_holder", f"There is no holder {slug!r} in this project.", attr="holder")
    return holder


def known_by(membership: Membership) -> models.QuerySet[Holder]:
    """What this member labels with: the registry and their own additions, whatever their role."""
    return Holder.objects.filter(project=membership.project_id).filter(
        models.Q(private_to=None) | models.Q(private_to=membership.pk)
    )


@transaction.atomic
def add(
    project: Project, *, slug: str, name: str, parent: str | None, membership: Membership, actor: User
) -> tuple[Holder, bool]:
    """Adds a holder, private to whoever labels until they submit; the same slug and name again adds nothing.

    Raises Conflict where the slug stands for another name among those the member can see.
    """
    if not may(membership.role, "add_holders"):
        raise Forbidden("no_right", "Your role does not add holders.")
    lock(project)
    above = find(parent, membership) if parent else None
    known = known_by(membership).select_related("parent").filter(slug=slug).first()
    if known and known.name == name and known.parent_id == (above.pk if above else None):
        return known, False
    if known:
        raise Conflict("holder_differs", f"{slug!r} is already the slug of {known.name!r}.", attr="slug")
    makes_the_scheme = may(membership.role, "manage_scheme") and not membership.takes_part
    private = None if makes_the_scheme else membership
    if private is None and above is not None and above.private_to_id is not None:
        raise Conflict("parent_private", f"{parent!r} is still known to you alone.", attr="parent")
    holder = Holder.objects.create(project=project, slug=slug, name=name, parent=above, private_to=private)
    record("holder_added", f"holder:{slug}", actor_id=actor.pk, project_id=project.pk, name=name)
    return holder, True


@transaction.atomic
def rename(holder: Holder, name: str, *, actor: User) -> Holder:
    """Puts the holder's name right; the slug stays, for it stands in files. The same name again changes nothing."""
    lock(holder.project)
    locked = Holder.objects.select_for_update().get(pk=holder.pk)
    if locked.name == name:
        return locked
    before, locked.name = locked.name, name
    checked(locked).save(update_fields=["name"])
    record(
        "holder_renamed",
        f"holder:{locked.slug}",
        actor_id=actor.pk,
        project_id=locked.project_id,
        name=name,
        before=before,
    )
    return locked


@transaction.atomic
def share(membership: Membership, used: set[int]) -> dict[int, int]:
    """Gives the member's private holders among `used`, and those above them, to the registry.

    Where a slug is there already, theirs becomes that one: answers which key became which, for the caller to repoint what
    refers to them before it calls `drop`. Parents were added before their children, so a chain keeps its shape.
    """
    if not used:
        return {}
    # Two who submit the same slug at once would each find the registry without it.
    Project.objects.select_for_update().only("pk").get(pk=membership.project_id)
    private = {holder.pk: holder for holder in Holder.objects.filter(private_to=membership).order_by("id")}
    registry = dict(
        Holder.objects.filter(project=membership.project_id, private_to=None).values_list("slug", "pk")
    )
    joined: dict[int, int] = {}
    for key in sorted(with_parents(used, private)):
        holder = private[key]
        if holder.slug in registry:
            joined[key] = registry[holder.slug]
        else:
            holder.private_to = None
            holder.parent_id = joined.get(holder.parent_id or 0, holder.parent_id)
            holder.save(update_fields=["private_to", "parent"])
    for old, new in joined.items():
        Holder.objects.filter(parent=old).update(parent=new)
    return joined


def with_parents(used: set[int], private: dict[int, Holder]) -> set[int]:
    found: set[int] = set()
    for key in used & private.keys():
        above: int | None = key
        while above in private and above not in found:
            found.add(above)
            above = private[above].parent_id
    return found


def drop(keys: list[int]) -> None:
    """Deletes holders that have become others."""
    Holder.objects.filter(pk__in=keys).delete()
