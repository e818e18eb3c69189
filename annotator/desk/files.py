"""What went in and out by files: imports with their problems, and exporting the chosen readings."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from annotator.annotations.models import AnnotationSet
from annotator.desk import visibility
from annotator.desk.filters import ImportProjectFilter, ProjectFilter
from annotator.desk.registers import ProjectRegister, actor_of
from annotator.desk.viewers import Viewer
from annotator.errors import NotFound, Refused
from annotator.exchange import exports
from annotator.exchange.models import Import, ImportProblem
from annotator.projects.models import Project


@admin.register(Import)
class Imports(ProjectRegister):
    """Files may hold readings, so only managers who are not blind see those of others, and theirs with readings in them."""

    hidden = ("path",)
    list_display = ["name", "format", "state", "size", "project", "created_by", "created_at"]
    list_filter = [ProjectFilter, "format", "state", "created_at"]
    search_fields = ["name", "sha256", "created_by__username"]
    list_select_related = ["project", "created_by"]
    deferred = ("preview", "options", "project__description")

    def visible(self, viewer: Viewer) -> "QuerySet[Import]":
        return visibility.imports(viewer)


@admin.register(ImportProblem)
class ImportProblems(ProjectRegister):
    project_path = "imported.project_id"
    list_display = ["imported", "phase", "place", "code", "detail", "taken"]
    list_filter = [ImportProjectFilter, "phase", "taken"]
    search_fields = ["imported__name", "place", "code", "detail"]
    list_select_related = ["imported"]
    deferred = ("imported__preview", "imported__options")
    ordering = ["-id"]

    def visible(self, viewer: Viewer) -> "QuerySet[ImportProblem]":
        rows = ImportProblem.objects.all()
        if viewer.unbound:
            return rows
        seen = visibility.imports(viewer)
        return rows.filter(imported__in=seen.order_by().values("pk"))


def export(request: HttpRequest, queryset: "QuerySet[AnnotationSet]") -> list[tuple[int, str]]:
    """Asks for one export a project of the chosen readings, and answers each level and message for the page."""
    chosen: dict[int, list[int]] = {}
    for project_id, key in queryset.order_by("project_id", "id").values_list("project_id", "pk"):
        chosen.setdefault(project_id, []).append(key)
    projects = Project.objects.in_bulk(chosen)
    return [export_of(request, projects[project_id], keys) for project_id, keys in chosen.items()]


def export_of(request: HttpRequest, project: Project, keys: list[int]) -> tuple[int, str]:
    try:
        exports.request(project, {"sets": "all", "only": keys}, actor=actor_of(request))
    except NotFound:
        return messages.ERROR, f"{project}: only a member of the project exports from it."
    except Refused as refused:
        return messages.ERROR, f"{project}: {refused.detail}"
    link = format_html(
        '<a href="{}">{}</a>', reverse("web:exports", args=[project.slug]), f"exports of {project}"
    )
    return messages.SUCCESS, format_html(
        "{} under way: see the {}.", f"Export of {len(keys)} reading(s)", link
    )
