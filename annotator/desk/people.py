"""People and the keys of their scripts; superusers only."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest

from annotator.accounts import tokens
from annotator.accounts.models import ApiToken, User
from annotator.desk.registers import SuperuserRegister, actor_of
from annotator.history.events import record

# Roles in projects say what people may do; groups and Django's permissions would be a second answer.
if admin.site.is_registered(Group):
    admin.site.unregister(Group)


@admin.register(User)
class People(SuperuserRegister, UserAdmin):  # type: ignore[type-arg]
    """Accounts: made, changed and switched off, never deleted, for history names them."""

    adds = changes = "superuser"
    list_display = (
        "username",
        "full_name",
        "email",
        "is_active",
        "is_staff",
        "is_superuser",
        "last_login",
        "date_joined",
    )
    list_filter = ("is_active", "is_staff", "is_superuser", "date_joined")
    search_fields = ("username", "first_name", "last_name", "email")
    ordering = ("username",)
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("first_name", "last_name", "email")}),
        ("Access", {"fields": ("is_active", "is_staff", "is_superuser")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("last_login", "date_joined")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.readonly_fields

    @admin.display(description="name", ordering="first_name")
    def full_name(self, row: User) -> str:
        return row.get_full_name()

    def log_addition(self, request: HttpRequest, obj: User, message: Any) -> Any:
        record("account_made", f"user:{obj.pk}", actor_id=actor_of(request).pk, project_id=None)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: User, message: Any) -> Any:
        """Django logs a change of the password here too, which passes by save_model."""
        record(
            "account_changed",
            f"user:{obj.pk}",
            actor_id=actor_of(request).pk,
            project_id=None,
            changed=message,
        )
        return super().log_change(request, obj, message)


@admin.register(ApiToken)
class ApiTokens(SuperuserRegister):
    """Who has keys and when they were last used; ending one is all that is done to it."""

    deletes = "superuser"
    hidden = ("digest",)
    list_display = ("name", "user", "created_at", "expires_at", "last_used_at")
    list_filter = ("created_at", "expires_at")
    search_fields = ("name", "user__username")
    list_select_related = ("user",)

    def delete_model(self, request: HttpRequest, obj: ApiToken) -> None:
        tokens.end(obj, actor=actor_of(request))
