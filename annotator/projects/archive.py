"""Putting a project away: read only from then on, out of the way on the first page, and to be opened again at any time."""

from datetime import datetime

from django.db import transaction

from annotator.accounts.models import User
from annotator.accounts.roles import IN_ARCHIVE
from annotator.errors import Conflict
from annotator.history.events import record
from annotator.projects.models import Project


def refuse_archived(project: Project, right: str | None = None) -> None:
    """Raises Conflict for a change of an archived project; with a right, only where that does more than read."""
    if project.archived_at is not None and right not in IN_ARCHIVE:
        raise Conflict(
            "project_archived",
            "This project is archived: it can be read and exported, and nothing in it changes.",
        )


@transaction.atomic
def archive(project: Project, *, actor: User, now: datetime) -> Project:
    """Puts the project away; again is harmless. Readings that somebody had begun stay as they are."""
    locked = Project.objects.select_for_update().get(pk=project.pk)
    if locked.archived_at is None:
        locked.archived_at = now
        locked.save(update_fields=["archived_at"])
        record("project_archived", f"project:{locked.slug}", actor_id=actor.pk, project_id=locked.pk)
    return locked


@transaction.atomic
def reopen(project: Project, *, actor: User) -> Project:
    """Opens the project again; again is harmless. `assignments.pauses` does it for the doors, and keeps the seats too."""
    locked = Project.objects.select_for_update().get(pk=project.pk)
    if locked.archived_at is not None:
        locked.archived_at = None
        locked.save(update_fields=["archived_at"])
        record("project_reopened", f"project:{locked.slug}", actor_id=actor.pk, project_id=locked.pk)
    return locked
