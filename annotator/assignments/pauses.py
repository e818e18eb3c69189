"""The time a project lies in the archive, in which nobody can read on and so nobody loses a seat."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from annotator.accounts.models import User
from annotator.annotations.models import AnnotationSet
from annotator.projects import archive
from annotator.projects.models import Project


@transaction.atomic
def end(project: Project, *, actor: User, now: datetime) -> Project:
    """Opens an archived project again, every lease as long as it was when it was put away; again is harmless."""
    locked = Project.objects.select_for_update().get(pk=project.pk)
    if locked.archived_at is not None:
        begun = AnnotationSet.objects.filter(project=locked, kind="human", state="open")
        begun.update(lease_until=F("lease_until") + (now - locked.archived_at))
    return archive.reopen(locked, actor=actor)
