"""The scheme.json of a bundle: what the readings in it refer to."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Q

from annotator.projects import scheme as schemes
from annotator.projects.models import Guideline, Holder, Label, Membership, Project, Target


def scheme_json(
    membership: Membership,
    aliases: Collection[str],
    holders: Collection[str],
    *,
    usernames: Mapping[str, str] | None,
) -> dict[str, Any]:
    """The project's scheme, with the people (`aliases`) and the holders that the bundle's readings refer to.

    `usernames` gives the names people have in the bundle, where it does not call them by their aliases.
    """
    project = Project.objects.get(pk=membership.project_id)
    fields = ("slug", "name", "description", "readers_per_document", "open_after")
    return {
        "project": {name: getattr(project, name) for name in fields},
        "targets": [schemes.target_record(target) for target in Target.objects.filter(project=project)],
        "labels": [schemes.label_record(label) for label in Label.objects.filter(project=project)],
        "holders": holder_records(membership, aliases, holders),
        "guidelines": [schemes.guideline_record(one) for one in Guideline.objects.filter(project=project)],
        "memberships": member_records(project, aliases, usernames),
    }


def holder_records(
    membership: Membership, aliases: Collection[str], used: Collection[str]
) -> list[dict[str, Any]]:
    """The registry's holders, the member's own additions, and those of others that stand in the exported readings.

    Each comes after the one who reports it; where a slug has several, the registry's stands for all.
    """
    wanted = (
        Q(private_to=None) | Q(private_to=membership.pk) | Q(slug__in=used, private_to__alias__in=aliases)
    )
    holders = (
        Holder.objects.filter(wanted, project=membership.project_id).select_related("parent").order_by("pk")
    )
    found: dict[str, Holder] = {}
    for holder in holders:
        if holder.slug not in found or holder.private_to_id is None:
            found[holder.slug] = holder
    ordered: dict[str, dict[str, Any]] = {}
    for holder in list(found.values()):
        place(holder, found, ordered)
    return list(ordered.values())


def place(
    holder: Holder, found: dict[str, Holder], ordered: dict[str, dict[str, Any]], depth: int = 0
) -> None:
    """Puts the holder behind the one who reports it, who comes along; a chain that leads back to itself ends somewhere."""
    if holder.parent and holder.parent.slug not in ordered and depth < 100:
        place(found.setdefault(holder.parent.slug, holder.parent), found, ordered, depth + 1)
    ordered.setdefault(holder.slug, schemes.holder_record(holder))


def member_records(
    project: Project, aliases: Collection[str], usernames: Mapping[str, str] | None
) -> list[dict[str, Any]]:
    """The people whose readings are in the bundle."""
    rows = []
    for member in (
        Membership.objects.filter(project=project, alias__in=aliases).select_related("user").order_by("alias")
    ):
        row: dict[str, Any] = {"alias": member.alias, "role": member.role}
        if usernames is not None:
            row = {"alias": usernames[member.alias], "role": member.role}
            row["username"] = member.user.username if member.user else None
        rows.append(row)
    return rows
