"""Projects: made, set up, and put away."""

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.api import answers
from annotator.api.door import ProjectView, body, person, query
from annotator.api.fields import Strict, StrictBoolean, StrictChar, StrictInteger
from annotator.api.paging import Pages
from annotator.assignments import pauses
from annotator.projects import archive, studies
from annotator.projects.models import Project


class ProjectSettings(Strict):
    name = StrictChar(max_length=200, required=False)
    description = StrictChar(allow_blank=True, required=False)
    readers_per_document = StrictInteger(required=False)
    open_after = StrictChar(required=False)
    lease_minutes = StrictInteger(required=False)
    may_reopen = StrictBoolean(required=False)


class NewProject(ProjectSettings):
    slug = StrictChar(max_length=80)
    name = StrictChar(max_length=200)
    template = StrictChar(required=False, allow_null=True)


def project_record(project: Project) -> dict[str, Any]:
    return {name: getattr(project, name) for name in ("slug", *studies.SETTINGS, "archived_at")}


class ProjectsView(APIView):
    """The caller's projects; POST makes the caller the manager of a new one."""

    @extend_schema(responses=answers.page(answers.Project))
    def get(self, request: Request) -> Response:
        query(request, set())
        pages = Pages()
        page = pages.paginate_queryset(Project.objects.visible_to(person(request)), request, view=self)
        return pages.get_paginated_response([project_record(project) for project in page or ()])

    @extend_schema(request=NewProject, responses={201: answers.Project})
    def post(self, request: Request) -> Response:
        project = studies.create(actor=person(request), **body(request, NewProject))
        return Response(project_record(project), status=201)


class OneProjectView(ProjectView):
    """A project's settings."""

    rights: ClassVar = {"GET": "see_project", "PATCH": "manage_project"}

    @extend_schema(responses=answers.Project)
    def get(self, request: Request, p: str) -> Response:
        return Response(project_record(self.project))

    @extend_schema(request=ProjectSettings, responses=answers.Project)
    def patch(self, request: Request, p: str) -> Response:
        return Response(
            project_record(
                studies.change(self.project, body(request, ProjectSettings), actor=person(request))
            )
        )


class ArchiveView(ProjectView):
    """PUT makes the project read only, DELETE opens it again."""

    rights: ClassVar = {"PUT": "archive_project", "DELETE": "archive_project"}

    @extend_schema(request=None, responses=answers.Project)
    def put(self, request: Request, p: str) -> Response:
        return Response(
            project_record(archive.archive(self.project, actor=person(request), now=timezone.now()))
        )

    @extend_schema(responses={200: answers.Project})
    def delete(self, request: Request, p: str) -> Response:
        opened = pauses.end(self.project, actor=person(request), now=timezone.now())
        return Response(project_record(opened))
