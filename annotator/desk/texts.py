"""Documents: found, read, put right in title and language, taken out while nobody has read them."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from annotator.annotations.models import Recusal
from annotator.assignments import queue
from annotator.desk import visibility
from annotator.desk.filters import DocumentProjectFilter, ProjectFilter
from annotator.desk.registers import ProjectRegister, actor_of, refuse_who_reads
from annotator.desk.studies import counted, note
from annotator.desk.viewers import Viewer, viewer_of
from annotator.documents import texts
from annotator.documents.models import Document
from annotator.errors import Refused
from annotator.projects.archive import refuse_archived


@admin.register(Document)
class Documents(ProjectRegister):
    changes = deletes = "add_documents"
    editable = ("title", "language")
    deferred = ("text", "meta")
    list_display = ("name", "external_id", "project", "language", "length", "readings", "created_at")
    list_filter = (ProjectFilter, "created_at")
    search_fields = ("external_id", "title")
    list_select_related = ("project",)
    actions = ("give_up_reading",)

    def visible(self, viewer: Viewer) -> "QuerySet[Document]":
        """Documents with the number of readings that the viewer sees, for others must not even be counted."""
        rows = visibility.within(Document.objects.all(), viewer)
        return rows.annotate(readings_n=counted(visibility.sets(viewer), "document"))

    @admin.display(description="document", ordering="title")
    def name(self, row: Document) -> str:
        return row.title or row.external_id

    @admin.display(description="readings", ordering="readings_n")
    def readings(self, row: Any) -> int:
        return int(row.readings_n)

    def save_model(self, request: HttpRequest, obj: Document, form: Any, change: bool) -> None:
        names = [name for name in self.editable if name in form.changed_data]
        if names:
            refuse_archived(obj.project)
            for name in names:
                texts.refuse_unstorable(getattr(obj, name), attr=name)
            obj.save(update_fields=names)
            values = {name: getattr(obj, name) for name in names}
            note(request, "document_changed", f"document:{obj.pk}", obj.project_id, **values)

    def delete_model(self, request: HttpRequest, obj: Document) -> None:
        refuse_who_reads(request, obj.project_id)
        texts.remove(obj, actor=actor_of(request))

    @admin.action(description="Never be given these to label, and so see how others read them")
    def give_up_reading(self, request: HttpRequest, queryset: "QuerySet[Document]") -> None:
        for document in queryset:
            membership = viewer_of(request).membership_in(document.project_id)
            if membership is None:
                continue
            try:
                queue.recuse(membership, document)
            except Refused as refused:
                self.message_user(request, f"{document}: {refused.detail}", messages.ERROR)


@admin.register(Recusal)
class Recusals(ProjectRegister):
    """Who gave up reading what, in order to look."""

    project_path = "document.project_id"
    deferred = ("document__text", "document__meta")
    list_display = ("membership", "document", "project", "created_at")
    list_filter = (DocumentProjectFilter, "created_at")
    search_fields = ("membership__alias", "document__external_id", "document__title")
    list_select_related = ("membership", "document", "document__project")

    def visible(self, viewer: Viewer) -> "QuerySet[Recusal]":
        return visibility.within(Recusal.objects.all(), viewer, path="document__project")

    @admin.display(ordering="document__project")
    def project(self, row: Recusal) -> str:
        return row.document.project.name
