"""Exports: what was asked for, and the files that came of it."""

from django.http import HttpResponse

from annotator.jobs.models import Job
from annotator.web.door import MemberVisit, member, show

RECENT = 50


@member(see="export")
def exports(request: MemberVisit) -> HttpResponse:
    """The person's exports, newest first."""
    rows = Job.objects.filter(project=request.project, kind="export", created_by=request.user)
    return show(request, "exports.html", {"exports": rows[:RECENT]})
