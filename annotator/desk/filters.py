"""Filters of the lists that name nothing the viewer does not see."""

from typing import Any, ClassVar

from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest

from annotator.desk import visibility
from annotator.desk.viewers import viewer_of
from annotator.jobs.handlers import HANDLERS

MOST_PROJECTS = 200


class ProjectFilter(SimpleListFilter):
    """By project, of those the viewer sees: Django's own filter would name all."""

    title = "project"
    parameter_name = "project"
    path: ClassVar[str] = "project"

    def lookups(self, request: HttpRequest, model_admin: "ModelAdmin[Any]") -> list[tuple[str, str]]:
        rows = visibility.projects(viewer_of(request)).order_by("name", "id")
        return [(str(key), name) for key, name in rows.values_list("pk", "name")[:MOST_PROJECTS]]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        chosen = self.value() or ""
        return queryset.filter(**{self.path: int(chosen)}) if is_key(chosen) else queryset


class SetProjectFilter(ProjectFilter):
    path = "set__project"


class DocumentProjectFilter(ProjectFilter):
    path = "document__project"


class ImportProjectFilter(ProjectFilter):
    path = "imported__project"


class JobProjectFilter(ProjectFilter):
    path = "job__project"


class EventProjectFilter(ProjectFilter):
    path = "project_id"


class SubjectFilter(SimpleListFilter):
    """Events by the kind of thing they happened to."""

    title = "what it happened to"
    parameter_name = "subject"
    KINDS = (
        "project", "membership", "invitation", "label", "target", "guideline", "holder", "document", "set", "span",
        "relation", "comment", "job", "agreement", "user", "token",
    )  # fmt: skip

    def lookups(self, request: HttpRequest, model_admin: "ModelAdmin[Any]") -> list[tuple[str, str]]:
        return [(kind, kind) for kind in self.KINDS]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        kind = self.value()
        return queryset.filter(subject__startswith=f"{kind}:") if kind in self.KINDS else queryset


class JobKindFilter(SimpleListFilter):
    title = "kind"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: "ModelAdmin[Any]") -> list[tuple[str, str]]:
        return [(kind, kind) for kind in sorted(HANDLERS)]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        kind = self.value()
        return queryset.filter(kind=kind) if kind in HANDLERS else queryset


class DeletedFilter(SimpleListFilter):
    """Marks that were deleted stay as tombstones."""

    title = "whether it was deleted"
    parameter_name = "deleted"

    def lookups(self, request: HttpRequest, model_admin: "ModelAdmin[Any]") -> list[tuple[str, str]]:
        return [("no", "Standing"), ("yes", "Deleted")]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        match self.value():
            case "no":
                return queryset.filter(deleted_at=None)
            case "yes":
                return queryset.exclude(deleted_at=None)
        return queryset


def is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 16
