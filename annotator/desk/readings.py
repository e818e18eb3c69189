"""Annotation sets and what is in them: read, accepted, returned, exported; never written to."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Least, Substr
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from annotator.annotations import reading
from annotator.annotations.models import AnnotationSet, Comment, DocumentLabel, Relation, Span
from annotator.assignments import reviewing
from annotator.desk import files, visibility
from annotator.desk.filters import DeletedFilter, ProjectFilter, SetProjectFilter, is_key
from annotator.desk.registers import ProjectRegister, SetRegister, actor_of, named
from annotator.desk.sheets import lay_out
from annotator.desk.studies import counted
from annotator.desk.viewers import Viewer, viewer_of
from annotator.errors import Forbidden, Invalid, NotFound, Refused

READINGS = ("set__membership__alias", "set__document__external_id", "set__document__title")
DONE = {"accepted": "Accepted", "returned": "Returned"}
LONGEST_NOTE = 10_000
LONGEST_EXCERPT = 80


@admin.register(AnnotationSet)
class AnnotationSets(ProjectRegister):
    """Readings. One opens as its text with the marks in it, and is reviewed there or in the list."""

    list_display = [
        "reading",
        "project",
        "kind",
        "state",
        "span_count",
        "submitted_at",
        "minutes",
    ]
    list_filter = [ProjectFilter, "state", "kind", "submitted_at"]
    search_fields = ["membership__alias", "document__external_id", "document__title"]
    list_select_related = ["project", "membership", "document"]
    deferred = ("document__text", "document__meta", "project__description")
    ordering = ("-id",)
    actions = ("accept", "send_back", "export")
    asks: ClassVar[str] = "desk/return.html"

    def visible(self, viewer: Viewer) -> "QuerySet[AnnotationSet]":
        return visibility.sets(viewer)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[AnnotationSet]":
        spans = Span.objects.filter(deleted_at=None)
        rows: QuerySet[AnnotationSet] = super().get_queryset(request)
        return rows.annotate(spans_n=counted(spans, "set"))

    def has_review_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request) and viewer_of(request).may_somewhere("review")

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request) and viewer_of(request).may_somewhere("export")

    @admin.display(description="reading", ordering="membership__alias")
    def reading(self, row: AnnotationSet) -> str:
        return named(row)

    @admin.display(description="spans", ordering="spans_n")
    def span_count(self, row: Any) -> int:
        return int(row.spans_n)

    @admin.display(description="minutes of work", ordering="active_seconds")
    def minutes(self, row: AnnotationSet) -> int:
        return round(row.active_seconds / 60)

    # The list's actions

    @admin.action(description="Accept the chosen readings", permissions=["review"])
    def accept(self, request: HttpRequest, queryset: "QuerySet[AnnotationSet]") -> None:
        self.review(request, keys_of(queryset), "accepted", "")

    @admin.action(
        description="Return the chosen readings to their annotators, with a note", permissions=["review"]
    )
    def send_back(self, request: HttpRequest, queryset: "QuerySet[AnnotationSet]") -> HttpResponse | None:
        """Asks for the note first; the page it answers posts the same action again with it."""
        if "note" in request.POST:
            self.review(request, keys_of(queryset), "returned", request.POST["note"])
            return None
        chosen = queryset.select_related("membership", "document").order_by("id")
        context = self.admin_site.each_context(request) | {
            "title": "Return readings",
            "opts": self.opts,
            "chosen": [(row.pk, named(row)) for row in chosen],
            "checkbox": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, self.asks, context)

    @admin.action(description="Export the chosen readings", permissions=["export"])
    def export(self, request: HttpRequest, queryset: "QuerySet[AnnotationSet]") -> None:
        for level, message in files.export(request, queryset):
            self.message_user(request, message, level)

    def review(self, request: HttpRequest, keys: Iterable[int], decision: str, note: str) -> None:
        """Decides on each reading by itself, and says by name which were not moved on and why."""
        done: list[str] = []
        refused: dict[str, list[str]] = {}
        for key in keys:
            try:
                done.append(decide(request, key, decision, note))
            except Refused as refusal:
                refused.setdefault(refusal.detail, []).append(name_of(key))
        if done:
            self.message_user(request, f"{DONE[decision]}: {', '.join(done)}.", messages.SUCCESS)
        for why, names in refused.items():
            self.message_user(request, f"Left as it was: {', '.join(names)}. {why}", messages.ERROR)

    # The page of one reading

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        found = self.look(request, unquote(object_id))
        if request.method == "POST":
            self.review(request, [found.pk], request.POST.get("decision", ""), request.POST.get("note", ""))
            return redirect(
                request.path
                if self.still_seen(request, found.pk)
                else "admin:annotations_annotationset_changelist"
            )
        context = self.admin_site.each_context(request) | {
            "title": f"{found.membership.alias} on {found.document}",
            "opts": self.opts,
            "found": found,
            "sheet": lay_out(found),
            "reviews": found.reviews.select_related("actor").order_by("id"),
            "reviewable": found.state in ("submitted", "accepted")
            and found.membership.user_id != actor_of(request).pk
            and viewer_of(request).may("review", found.project_id),
        }
        return TemplateResponse(request, "desk/reading.html", context)

    def still_seen(self, request: HttpRequest, key: int) -> bool:
        """Whether who reviews goes on seeing the reading: a returned one is its annotator's until it is submitted again."""
        return self.visible(viewer_of(request)).filter(pk=key).exists()

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> AnnotationSet:
        """The reading with its text."""
        rows = self.visible(viewer_of(request)).select_related("project", "document", "membership")
        found = rows.filter(pk=object_id).first() if is_key(object_id) else None
        if found is None:
            raise Http404
        return found

    def look(self, request: HttpRequest, object_id: str) -> AnnotationSet:
        """The reading, for somebody who will be shown what is in it: a member who looks is never given its document."""
        found = self.get_object(request, object_id)
        membership = viewer_of(request).membership_in(found.project_id)
        if membership is not None:
            reading.find(membership, found.pk)
        return found


def keys_of(queryset: "QuerySet[AnnotationSet]") -> list[int]:
    return list(queryset.order_by("id").values_list("pk", flat=True))


@transaction.atomic
def decide(request: HttpRequest, key: int, decision: str, note: str) -> str:
    """Moves one reading on, its row locked, and answers its name; raises what the verb refuses."""
    if decision not in DONE:
        raise Invalid("invalid_choice", "A decision is accepted or returned.", attr="decision")
    if len(note) > LONGEST_NOTE or "\0" in note:
        raise Invalid(
            "bad_note", f"A note has at most {LONGEST_NOTE:,} characters, none of them NUL.", attr="note"
        )
    if decision == "returned" and not note.strip():
        raise Invalid("no_note", "Say what should be looked at again.", attr="note")
    rows = (
        visibility.sets(viewer_of(request)).filter(pk=key).select_related("membership", "document", "project")
    )
    locked = rows.defer("document__text", "document__meta").select_for_update(of=("self",)).first()
    if locked is None:
        raise NotFound("not_found", "There is no such reading.")
    if not viewer_of(request).may("review", locked.project_id):
        raise Forbidden("no_right", "Your role does not review.")
    reviewing.settle(locked, decision, note=note, actor=actor_of(request), now=timezone.now())
    return named(locked)


def name_of(key: int) -> str:
    return named(AnnotationSet.objects.select_related("membership", "document").get(pk=key))


class MarkRegister(SetRegister):
    """Marks of readings; tombstones are there too."""

    shows_marks = True

    list_display = ["name", "reading", "note", "version", "created_at", "deleted_at"]
    list_filter = [SetProjectFilter, DeletedFilter, "created_at"]
    search_fields = [*READINGS, "note"]
    ordering = ("-id",)


@admin.register(Span)
class Spans(MarkRegister):
    list_display = ["excerpt", "reading", "stance", "role", "holder", "target", "start", "end", "deleted_at"]
    list_select_related = [*SetRegister.list_select_related, "stance", "role", "holder", "target"]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Span]":
        """Spans with the beginning of what they cover, cut where the text is stored."""
        rows: QuerySet[Span] = super().get_queryset(request)
        length = Least(F("end") - F("start"), LONGEST_EXCERPT)
        return rows.annotate(cut=Substr("set__document__text", F("start") + 1, length))

    @admin.display(description="text", ordering="start")
    def excerpt(self, row: Any) -> str:
        return str(row.cut) + ("…" if row.end - row.start > LONGEST_EXCERPT else "")


@admin.register(Relation)
class Relations(MarkRegister):
    list_display = ["label", "source", "end", "reading", "note", "created_at", "deleted_at"]
    list_select_related = [*SetRegister.list_select_related, "label", "source", "to_span", "to_relation"]

    @admin.display(description="to")
    def end(self, row: Relation) -> str:
        return f"relation {row.to_relation_id}" if row.to_relation_id else str(row.to_span)


@admin.register(DocumentLabel)
class DocumentLabels(SetRegister):
    shows_marks = True
    list_display = ["group", "label", "reading"]
    list_filter = [SetProjectFilter]
    search_fields = [*READINGS, "group", "label__slug"]
    list_select_related = [*SetRegister.list_select_related, "label"]
    ordering = ("-id",)


@admin.register(Comment)
class Comments(SetRegister):
    shows_marks = True
    list_display = ["text", "author", "reading", "created_at", "deleted_at"]
    list_filter = [SetProjectFilter, DeletedFilter, "created_at"]
    search_fields = [*READINGS, "text", "author__alias"]
    list_select_related = [*SetRegister.list_select_related, "author"]
    ordering = ("-id",)
