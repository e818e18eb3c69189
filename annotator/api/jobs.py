"""Long work: how far it is, and stopping it."""

from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from annotator.accounts.roles import MANAGER
from annotator.annotations import blindness
from annotator.api import answers
from annotator.api.door import ProjectView, person, query
from annotator.api.paging import Pages
from annotator.errors import NotFound
from annotator.exchange.models import Import
from annotator.jobs import running
from annotator.jobs.models import Job
from annotator.projects.models import Membership

LOOKS = ("import_preview", "import_application")


def visible_jobs(membership: Membership) -> "QuerySet[Job]":
    """A manager who does not label sees the project's jobs; everybody else those they asked for.

    Who labels sees not even their own earlier looks at files with readings: such a result tells of readings (promise 4).
    """
    jobs = Job.objects.filter(project=membership.project_id)
    labels = blindness.reads(membership)
    if membership.role == MANAGER and not labels:
        return jobs
    own = jobs.filter(created_by=membership.user_id)
    return own.filter(~Q(kind__in=LOOKS) | Q(parameters__import__in=bare(membership))) if labels else own


def bare(membership: Membership) -> list[int]:
    """The imports of the member that hold no readings."""
    return list(Import.objects.visible_to(membership).order_by().values_list("pk", flat=True))


def find(membership: Membership, key: Any) -> Job:
    job = visible_jobs(membership).filter(pk=key).first()
    if job is None:
        raise NotFound("not_found", "There is no such job.")
    return job


def job_record(job: Job) -> dict[str, Any]:
    names = ("kind", "state", "progress", "result", "error", "created_at", "finished_at")
    return {"id": str(job.pk), **{name: getattr(job, name) for name in names}}


class JobsView(ProjectView):
    """The jobs the caller may see, newest first."""

    rights: ClassVar = {"GET": "see_project"}

    @extend_schema(responses=answers.page(answers.Job))
    def get(self, request: Request, p: str) -> Response:
        query(request, set())
        return self.paged(request, visible_jobs(self.membership), job_record, Pages())


class JobView(ProjectView):
    """One job; DELETE asks it to stop."""

    rights: ClassVar = {"GET": "see_project", "DELETE": "see_project"}

    @extend_schema(responses=answers.Job)
    def get(self, request: Request, p: str, job_id: Any) -> Response:
        return Response(job_record(find(self.membership, job_id)))

    @extend_schema(responses={200: answers.Job})
    def delete(self, request: Request, p: str, job_id: Any) -> Response:
        job = find(self.membership, job_id)
        return Response(job_record(running.cancel(job, actor=person(request), now=timezone.now())))
