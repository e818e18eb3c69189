"""Stopping long work."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from annotator.errors import Conflict, NotFound
from annotator.jobs import running
from annotator.jobs.models import Job
from annotator.web.door import MemberVisit, member

PAGES = {"agreement": "web:agreement", "import": "web:imports", "export": "web:exports"}


@member(change="see_project")
def cancel(request: MemberVisit, job_id: UUID) -> HttpResponse:
    """Asks a job of one's own to stop, and goes back to the page of its kind."""
    job = Job.objects.filter(project=request.project, pk=job_id, created_by=request.user).first()
    if job is None:
        raise NotFound("not_found", "There is no such job of yours.")
    try:
        running.cancel(job, actor=request.user, now=timezone.now())
    except Conflict as refused:
        messages.error(request, refused.detail)
    return redirect(page_of(job), p=request.project.slug)


def page_of(job: Job) -> str:
    """Where jobs of this kind are asked for, and what came of them is shown."""
    return next((url for kind, url in PAGES.items() if job.kind.startswith(kind)), "web:progress")
