"""What happened: history, sign-ins and what was done at this desk; nothing here is changed."""

from typing import Any

from axes import admin as axes_admin  # noqa: F401  (registers its own, which these replace)
from axes.models import AccessAttempt, AccessAttemptExpiration, AccessFailureLog, AccessLog
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest

from annotator.accounts.models import User
from annotator.desk import visibility
from annotator.desk.filters import EventProjectFilter, SubjectFilter
from annotator.desk.registers import Register, SuperuserRegister
from annotator.desk.viewers import Viewer
from annotator.history.models import Event
from annotator.projects.models import Project

for model in (AccessAttempt, AccessFailureLog, AccessLog):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


@admin.register(Event)
class Events(Register):
    list_display = ["at", "verb", "subject", "project", "person"]
    list_filter = [EventProjectFilter, SubjectFilter, "at"]
    search_fields = ["verb", "subject"]
    ordering = ("-id",)

    def visible(self, viewer: Viewer) -> "QuerySet[Event]":
        return visibility.events(viewer).annotate(
            project_name=Subquery(Project.objects.filter(pk=OuterRef("project_id")).values("name")[:1]),
            actor_name=Subquery(User.objects.filter(pk=OuterRef("actor_id")).values("username")[:1]),
        )

    @admin.display(ordering="project_id")
    def project(self, row: Any) -> str:
        return row.project_name or ""

    @admin.display(ordering="actor_id")
    def person(self, row: Any) -> str:
        return row.actor_name or ""


@admin.register(LogEntry)
class DeskLog(SuperuserRegister):
    list_display = ["action_time", "user", "content_type", "object_repr", "get_change_message"]
    list_filter = ["action_time", "action_flag"]
    search_fields = ["object_repr", "user__username"]
    list_select_related = ["user", "content_type"]


@admin.register(Session)
class Sessions(SuperuserRegister):
    """Who is signed in until when. A session's key opens it, so neither a page nor an address shows one."""

    list_display = ["person", "expire_date"]
    list_display_links = None
    list_filter = ["expire_date"]
    actions = None
    ordering = ("-expire_date",)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and super().has_view_permission(request)

    def person(self, row: Session) -> str:
        key = row.get_decoded().get(SESSION_KEY)
        return f"person {key}" if key else "nobody"


class SignIns(SuperuserRegister):
    list_display = ["attempt_time", "username", "ip_address", "path_info", "user_agent"]
    list_filter = ["attempt_time"]
    search_fields = ["username", "ip_address", "user_agent"]
    ordering = ("-attempt_time",)


@admin.register(AccessAttempt)
class Attempts(SignIns):
    """Failed sign-ins that may lock somebody out; deleting the row lets them in again."""

    deletes = "superuser"
    hidden = ("get_data", "post_data")
    list_display = [
        "attempt_time",
        "username",
        "ip_address",
        "failures_since_start",
        "path_info",
        "user_agent",
    ]

    def delete_model(self, request: HttpRequest, obj: AccessAttempt) -> None:
        obj.delete()


@admin.register(AccessFailureLog)
class Failures(SignIns):
    list_filter = ["attempt_time", "locked_out"]


@admin.register(AccessLog)
class SignInLog(SignIns):
    list_display = ["attempt_time", "logout_time", "username", "ip_address", "path_info", "user_agent"]


@admin.register(AccessAttemptExpiration)
class AttemptExpirations(SuperuserRegister):
    list_display = ["access_attempt", "expires_at"]
    list_filter = ["expires_at"]
    search_fields = ["access_attempt__username"]
    list_select_related = ["access_attempt"]
