"""Deleting an archived project with all that is in it; its lines of history stay."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from annotator.accounts.models import User
from annotator.annotations.models import AnnotationSet, Comment, DocumentLabel, Recusal, Relation, Span
from annotator.documents.models import Document
from annotator.errors import Conflict, Invalid
from annotator.exchange import uploads
from annotator.exchange.models import Import
from annotator.history.events import record
from annotator.jobs.models import Job
from annotator.projects.models import Holder, Label, Membership, Project, Target
from annotator.reports.models import AgreementReport


def contents(project: Project) -> dict[str, int]:
    """How much would go."""
    sets = AnnotationSet.objects.filter(project=project)
    return {
        "documents": Document.objects.filter(project=project).count(),
        "readings": sets.count(),
        "spans": Span.objects.filter(set__in=sets, deleted_at=None).count(),
    }


@transaction.atomic
def delete(project: Project, *, name: str, actor: User) -> None:
    """Deletes the project for good; `name` is its name, typed by who means it.

    Raises Conflict for one that is not archived or in which a job still runs, Invalid for another name.
    """
    locked = Project.objects.select_for_update().get(pk=project.pk)
    refuse_open(locked)
    if name.strip() != locked.name.strip():
        raise Invalid("name_differs", f"Type the project's name: {locked.name}.", attr="name")
    jobs = Job.objects.filter(project=locked)
    if jobs.filter(state__in=["queued", "running"]).exists():
        raise Conflict("job_running", "A job of this project is still running. Wait for it, or cancel it.")
    gone = contents(locked)
    files = [*jobs.values_list("file", flat=True), *paths_of(locked)]
    for rows in all_of(locked):
        rows.delete()
    record("project_deleted", f"project:{locked.slug}", actor_id=actor.pk, project_id=locked.pk, **gone)
    locked.delete()
    transaction.on_commit(lambda: drop_all(files))


def drop_all(paths: Iterable[str]) -> None:
    for path in paths:
        uploads.drop(path)


def refuse_open(project: Project) -> None:
    if project.archived_at is None:
        raise Conflict("not_archived", "Only an archived project can be deleted.")


def paths_of(project: Project) -> Iterable[str]:
    return Import.objects.filter(project=project).values_list("path", flat=True)


def all_of(project: Project) -> "Iterable[QuerySet[Any]]":
    """The project's rows, each kind after those that refer to it and would keep it from going."""
    sets = AnnotationSet.objects.filter(project=project)
    yield Comment.objects.filter(set__in=sets)
    yield Relation.objects.filter(set__in=sets)
    yield Span.objects.filter(set__in=sets)
    yield DocumentLabel.objects.filter(set__in=sets)
    yield sets
    yield Recusal.objects.filter(document__project=project)
    yield AgreementReport.objects.filter(project=project)
    yield Import.objects.filter(project=project)
    yield Job.objects.filter(project=project)
    yield Document.objects.filter(project=project)
    Holder.objects.filter(project=project).update(parent=None)
    yield Holder.objects.filter(project=project)
    yield Label.objects.filter(project=project)
    yield Target.objects.filter(project=project)
    yield Membership.objects.filter(project=project)
