"""Imports: what came in, and how far it has been taken over."""

from django.http import HttpResponse

from annotator.jobs.models import Job
from annotator.web.door import MemberVisit, member, show

RECENT = 50


@member(see="import")
def imports(request: MemberVisit) -> HttpResponse:
    """The person's imports, newest first."""
    rows = Job.objects.filter(project=request.project, kind__startswith="import", created_by=request.user)
    return show(request, "imports.html", {"imports": rows[:RECENT]})
