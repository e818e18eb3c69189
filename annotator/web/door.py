"""Where every page comes in: who asks, the project of the URL, their membership in it, the right."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render

from annotator.accounts.models import User
from annotator.accounts.roles import may
from annotator.errors import Forbidden, NotFound
from annotator.projects.archive import refuse_archived
from annotator.projects.models import Membership, Project
from annotator.projects.pages import OF_PROJECT


class Visit(HttpRequest):
    """A request of somebody who is signed in."""

    user: User


class MemberVisit(Visit):
    """A request of a member, below /projects/{p}/."""

    membership: Membership

    @property
    def project(self) -> Project:
        return self.membership.project


View = Callable[..., HttpResponse]


def signed_in(view: View) -> View:
    """Lets in who is signed in; sends others to the sign-in page and back."""

    @wraps(view)
    def enter(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, **kwargs)

    return enter


def member(see: str | None = None, change: str | None = None) -> Callable[[View], View]:
    """Lets in members whose role has the right: `see` to look, `change` to post; a method without a right is 405.

    For strangers the project does not exist; a member without the right is told so.
    """

    def guard(view: View) -> View:
        @signed_in
        @wraps(view)
        def enter(request: HttpRequest, p: str, **kwargs: Any) -> HttpResponse:
            membership = membership_of(cast(Visit, request).user, p)
            right = change if request.method == "POST" else see
            if right is None or request.method not in ("GET", "HEAD", "POST"):
                return HttpResponseNotAllowed(
                    [name for name, named in (("GET", see), ("POST", change)) if named]
                )
            if not may(membership.role, right):
                raise Forbidden("no_right", f"As {membership.role} of this project you may not do this.")
            if request.method == "POST":
                refuse_archived(membership.project, right)
            visit = cast(MemberVisit, request)
            visit.membership = membership
            # A plain request has no such property; templates and views both ask for it.
            visit.__dict__["project"] = membership.project
            return view(visit, **kwargs)

        return enter

    return guard


def membership_of(user: User, slug: str) -> Membership:
    """The person's membership with its project; for who has none the project does not exist."""
    memberships = Membership.objects.select_related("project").filter(project__slug=slug, user=user.pk)
    membership = memberships.first()
    if membership is None:
        raise NotFound("not_found", "There is no such project, or you are not a member of it.")
    membership.user = user
    return membership


def show(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """The page, with the project's navigation where there is a project."""
    shown: dict[str, Any] = dict(context or {})
    membership = getattr(request, "membership", None)
    if membership is not None:
        shown |= {
            "membership": membership,
            "project": membership.project,
            "tabs": [(name, title) for name, title, right, _ in OF_PROJECT if may(membership.role, right)],
        }
    return render(request, f"web/{template}", shown, status=status)
