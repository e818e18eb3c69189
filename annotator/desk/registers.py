"""A register: one table as the desk shows it, read-only but for what it names."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from annotator.accounts.models import User
from annotator.annotations import blindness, reading
from annotator.desk import visibility
from annotator.desk.paging import BoundedPaginator
from annotator.desk.viewers import Viewer, viewer_of
from annotator.errors import Refused
from annotator.projects.models import Project

if TYPE_CHECKING:
    Admin = admin.ModelAdmin[Any]
else:
    Admin = admin.ModelAdmin


class Register(Admin):
    """Shows the rows the viewer sees; Django's own permissions play no part.

    `adds`, `changes` and `deletes` name the right (accounts.roles) that somebody needs in the row's project; without a
    name nobody does it. `added` and `editable` are the fields that can be given then, `hidden` those never shown.
    """

    adds: ClassVar[str | None] = None
    changes: ClassVar[str | None] = None
    deletes: ClassVar[str | None] = None
    added: ClassVar[tuple[str, ...]] = ()
    editable: ClassVar[tuple[str, ...]] = ()
    hidden: ClassVar[tuple[str, ...]] = ()
    deferred: ClassVar[tuple[str, ...]] = ()
    project_path: ClassVar[str] = "project_id"

    list_per_page = 50
    list_max_show_all = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = BoundedPaginator
    save_as = False
    view_on_site = False

    def visible(self, viewer: Viewer) -> "QuerySet[Any]":
        """The rows this viewer sees; each register says which."""
        raise NotImplementedError

    def opens_to(self, viewer: Viewer) -> bool:
        return viewer.everywhere or bool(viewer.memberships)

    # What Django asks

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        rows = self.visible(viewer_of(request)).defer(*self.deferred)
        ordering = self.get_ordering(request)
        return rows.order_by(*ordering) if ordering else rows

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row; what the viewer does not see is not there, and Django would redirect instead of saying so."""
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return is_staff(request) and self.opens_to(viewer_of(request))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.is_allowed(request, self.adds, None)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.is_allowed(request, self.changes, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.is_allowed(request, self.deletes, obj)

    def is_allowed(self, request: HttpRequest, right: str | None, obj: Model | None) -> bool:
        if right is None or not self.has_view_permission(request):
            return False
        viewer = viewer_of(request)
        return viewer.may_somewhere(right) if obj is None else viewer.may(right, self.project_of(obj))

    def project_of(self, row: Any) -> int | None:
        for name in self.project_path.split("."):
            row = getattr(row, name)
        return None if row is None else int(row)

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any] | tuple[Any, ...]:
        return self.shown() if obj else self.added

    def get_readonly_fields(
        self, request: HttpRequest, obj: Model | None = None
    ) -> list[Any] | tuple[Any, ...]:
        return [name for name in self.shown() if name not in self.editable] if obj else ()

    def shown(self) -> list[str]:
        return [field.name for field in self.model._meta.concrete_fields if field.name not in self.hidden]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A new row's project is one in which the viewer may add."""
        if db_field.related_model is Project and self.adds:
            viewer = viewer_of(request)
            rows = visibility.projects(viewer)
            kwargs["queryset"] = (
                rows if viewer.everywhere else rows.filter(pk__in=viewer.with_right(self.adds))
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Only what the filters beside the list ask: a free lookup would read fields that are not shown."""
        names = [item[0] if isinstance(item, tuple) else item for item in self.list_filter]
        allowed = {getattr(name, "parameter_name", name) for name in names}
        return lookup.split("__")[0] in allowed

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions: dict[str, Any] = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """The rows alone: what hangs on them may be readings the viewer is blind to, and the verb refuses what is used."""
        named = [str(row) for row in objs]
        return named, {str(self.opts.verbose_name_plural): len(named)}, set(), []

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        raise NotImplementedError

    # A verb that refuses is answered on the page it was asked from

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> Any:
        try:
            return super().changeform_view(request, object_id, *args, **kwargs)
        except Refused as refused:
            return self.say(request, refused)

    def delete_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().delete_view(request, object_id, *args, **kwargs)
        except Refused as refused:
            return self.say(request, refused)

    def history_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> Any:
        self.get_object(request, unquote(object_id))
        return super().history_view(request, object_id, *args, **kwargs)

    def say(self, request: HttpRequest, refused: Refused) -> HttpResponse:
        self.message_user(request, refused.detail, messages.ERROR)
        return redirect(request.get_full_path())


class SuperuserRegister(Register):
    """A table that belongs to no project: people, keys, sign-ins."""

    def opens_to(self, viewer: Viewer) -> bool:
        return viewer.everywhere

    def visible(self, viewer: Viewer) -> "QuerySet[Any]":
        rows: QuerySet[Any] = self.model._default_manager.all()
        return rows if viewer.everywhere else rows.none()

    def is_allowed(self, request: HttpRequest, right: str | None, obj: Model | None) -> bool:
        return right is not None and self.has_view_permission(request)


class ProjectRegister(Register):
    """A table whose rows belong to a project each and tell nothing of readings."""

    def visible(self, viewer: Viewer) -> "QuerySet[Any]":
        return visibility.within(self.model._default_manager.all(), viewer)


class SetRegister(Register):
    """A table whose rows belong to a reading each, and are seen with it."""

    project_path = "set.project_id"
    shows_marks: ClassVar[bool] = False
    list_select_related = ["set", "set__membership", "set__document", "set__project"]
    deferred = ("set__document__text", "set__document__meta", "set__project__description")

    def visible(self, viewer: Viewer) -> "QuerySet[Any]":
        return visibility.of_sets(self.model._default_manager.all(), viewer)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row; a member who is shown a mark has looked at the reading and is never given its document."""
        found = super().get_object(request, object_id, from_field)
        membership = viewer_of(request).membership_in(found.set.project_id)
        if self.shows_marks and membership is not None:
            reading.find(membership, found.set_id)
        return found

    @admin.display(description="reading", ordering="set")
    def reading(self, row: Any) -> str:
        return named(row.set)


def named(found: Any) -> str:
    """A reading by who and what; needs membership and document at hand."""
    return f"{found.membership.alias} on {found.document.title or found.document.external_id}"


def is_staff(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and request.user.is_active and request.user.is_staff


def actor_of(request: HttpRequest) -> User:
    """The person at the desk, who is signed in wherever a register asks."""
    assert isinstance(request.user, User)
    return request.user


def refuse_who_reads(request: HttpRequest, project_id: int) -> None:
    """Raises Forbidden where the answer to removing something would tell the viewer whether anybody used it."""
    membership = viewer_of(request).membership_in(project_id)
    if membership is not None:
        blindness.refuse_who_reads(membership)
