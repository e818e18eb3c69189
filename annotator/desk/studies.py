"""Projects with their members, scheme and guideline; every change is a verb of `projects`."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from annotator.accounts.models import User
from annotator.assignments import taking_part
from annotator.desk import visibility
from annotator.desk.filters import ProjectFilter
from annotator.desk.registers import ProjectRegister, actor_of, refuse_who_reads
from annotator.desk.viewers import Viewer
from annotator.documents.models import Document
from annotator.errors import Refused
from annotator.history.events import record
from annotator.projects import holders as registry
from annotator.projects import members, removals, studies
from annotator.projects.models import Guideline, Holder, Invitation, Label, Membership, Project, Target


def counted(rows: "QuerySet[Any]", key: str) -> Any:
    """How many of the rows refer by `key` to the outer one, without a join that would multiply them."""
    counts = (
        rows.order_by()
        .filter(**{key: OuterRef("pk")})
        .values(key)
        .annotate(count=Count("pk"))
        .values("count")
    )
    return Coalesce(Subquery(counts, output_field=IntegerField()), 0)


@admin.register(Project)
class Projects(ProjectRegister):
    adds = changes = "manage_project"
    added = (
        "slug",
        "name",
        "description",
        "readers_per_document",
        "open_after",
        "lease_minutes",
        "may_reopen",
    )
    editable = studies.SETTINGS
    project_path = "pk"
    list_display = (
        "name",
        "slug",
        "document_count",
        "member_count",
        "readers_per_document",
        "open_after",
        "created_at",
    )
    list_filter = ("open_after", "may_reopen", "created_at")
    search_fields = ("slug", "name", "description")

    def visible(self, viewer: Viewer) -> "QuerySet[Project]":
        rows = visibility.projects(viewer)
        return rows.annotate(
            documents_n=counted(Document.objects.all(), "project"),
            members_n=counted(Membership.objects.all(), "project"),
        )

    @admin.display(description="documents", ordering="documents_n")
    def document_count(self, row: Any) -> int:
        return int(row.documents_n)

    @admin.display(description="members", ordering="members_n")
    def member_count(self, row: Any) -> int:
        return int(row.members_n)

    def save_model(self, request: HttpRequest, obj: Project, form: Any, change: bool) -> None:
        if change:
            values = {name: form.cleaned_data[name] for name in form.changed_data}
            studies.change(obj, values, actor=actor_of(request))
        else:
            obj.pk = studies.create(actor=actor_of(request), **form.cleaned_data).pk


class NewMembership(forms.ModelForm):  # type: ignore[type-arg]
    """A member to be: a person by their username, so that no list shows everybody who has an account."""

    username = forms.CharField(required=False, help_text="Empty: an annotator without a login.")

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"]
        if username:
            try:
                members.person(username)
            except Refused as refused:
                raise forms.ValidationError(refused.detail) from None
        return username


@admin.register(Membership)
class Memberships(ProjectRegister):
    adds = changes = "manage_members"
    added = ("project", "username", "alias", "role", "takes_part")
    editable = ("role", "takes_part")
    list_display = ("alias", "user", "role", "takes_part", "project", "created_at")
    list_filter = (ProjectFilter, "role", "takes_part", "created_at")
    search_fields = ("alias", "user__username", "user__first_name", "user__last_name")
    list_select_related = ("user", "project")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = NewMembership
        return super().get_form(request, obj, change, **kwargs)

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        actor = actor_of(request)
        if change:
            taking_part.change(
                obj, {name: form.cleaned_data[name] for name in form.changed_data}, actor=actor
            )
        else:
            given = {name: form.cleaned_data[name] for name in ("alias", "role", "takes_part")}
            username = form.cleaned_data["username"] or None
            obj.pk = members.add(obj.project, actor=actor, username=username, **given).pk


@admin.register(Invitation)
class Invitations(ProjectRegister):
    """Links that were sent; their keys are nowhere, and one that went astray is withdrawn."""

    deletes = "manage_members"
    hidden = ("digest",)
    list_display = (
        "alias",
        "role",
        "project",
        "created_by",
        "created_at",
        "expires_at",
        "accepted_at",
        "accepted_by",
    )
    list_filter = (ProjectFilter, "role", "expires_at")
    search_fields = ("alias",)
    list_select_related = ("project", "created_by", "accepted_by")

    def delete_model(self, request: HttpRequest, obj: Invitation) -> None:
        members.withdraw(obj, actor=actor_of(request))


@admin.register(Label)
class Labels(ProjectRegister):
    adds = changes = deletes = "manage_scheme"
    added = ("project", "kind", "group", "slug", "name", "definition", "color", "key")
    editable = ("name", "definition", "color", "key", "position")
    list_display = ("name", "kind", "group", "slug", "key", "position", "project")
    list_filter = (ProjectFilter, "kind")
    search_fields = ("slug", "name", "definition", "group")
    list_select_related = ("project",)
    ordering = ("project", "position", "id")

    def save_model(self, request: HttpRequest, obj: Label, form: Any, change: bool) -> None:
        names = self.editable if change else self.added[1:]
        identity = {name: getattr(obj, name) for name in ("kind", "group", "slug")}
        values = identity | {name: form.cleaned_data[name] for name in names}
        obj.pk = studies.put_label(obj.project, values, actor=actor_of(request))[0].pk

    def delete_model(self, request: HttpRequest, obj: Label) -> None:
        refuse_who_reads(request, obj.project_id)
        removals.remove(obj, actor=actor_of(request))


@admin.register(Target)
class Targets(ProjectRegister):
    adds = changes = deletes = "manage_scheme"
    added = ("project", "slug", "name")
    editable = ("name",)
    list_display = ("name", "slug", "position", "project")
    list_filter = (ProjectFilter,)
    search_fields = ("slug", "name")
    list_select_related = ("project",)
    ordering = ("project", "position", "id")

    def save_model(self, request: HttpRequest, obj: Target, form: Any, change: bool) -> None:
        obj.pk = studies.put_target(
            obj.project, {"slug": obj.slug, "name": obj.name}, actor=actor_of(request)
        )[0].pk

    def delete_model(self, request: HttpRequest, obj: Target) -> None:
        refuse_who_reads(request, obj.project_id)
        removals.remove(obj, actor=actor_of(request))


@admin.register(Guideline)
class Guidelines(ProjectRegister):
    """A wording stays as it was; another is a new version."""

    adds = "manage_scheme"
    added = ("project", "text")
    list_display = ("version", "project", "created_at")
    list_filter = (ProjectFilter, "created_at")
    search_fields = ("text",)
    list_select_related = ("project",)
    deferred = ("text",)
    ordering = ("project", "-version")

    def save_model(self, request: HttpRequest, obj: Guideline, form: Any, change: bool) -> None:
        made, _ = studies.write_guideline(obj.project, obj.text, actor=actor_of(request))
        obj.pk, obj.version = made.pk, made.version


@admin.register(Holder)
class Holders(ProjectRegister):
    """Whose stances there are; a name can be put right, the slug stands in files."""

    changes = "manage_scheme"
    editable = ("name",)
    list_display = ("name", "slug", "parent", "private_to", "project")
    list_filter = (ProjectFilter,)
    search_fields = ("slug", "name")
    list_select_related = ("parent", "private_to", "project")

    def visible(self, viewer: Viewer) -> "QuerySet[Holder]":
        return visibility.holders(viewer)

    def save_model(self, request: HttpRequest, obj: Holder, form: Any, change: bool) -> None:
        if "name" in form.changed_data:
            registry.rename(obj, form.cleaned_data["name"], actor=actor_of(request))


def note(request: HttpRequest, verb: str, subject: str, project_id: int, **data: Any) -> None:
    actor: User = actor_of(request)
    record(verb, subject, actor_id=actor.pk, project_id=project_id, **data)
