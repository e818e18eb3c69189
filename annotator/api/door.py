"""Where every request under a project comes in: the project of the URL, the caller's membership, the right."""

from functools import cache
from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from annotator.accounts.models import User
from annotator.accounts.roles import may
from annotator.annotations.sets import Expected
from annotator.errors import Forbidden, Invalid, NotFound
from annotator.projects.archive import refuse_archived
from annotator.projects.models import Membership, Project


def person(request: Request) -> User:
    """Who asks; views without a permission class of their own are reached by signed-in people only."""
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user


def membership_of(user: User, slug: str) -> Membership:
    """The caller's membership with its project; for who has none the project does not exist."""
    memberships = Membership.objects.select_related("project").filter(project__slug=slug, user=user.pk)
    membership = memberships.first()
    if membership is None:
        raise NotFound("not_found", "There is no such project.")
    return membership


class ProjectView(APIView):
    """A view below /projects/{p}/: `rights` says, by method, what the caller's role must allow."""

    rights: ClassVar[dict[str, str]] = {}
    membership: Membership

    @property
    def project(self) -> Project:
        return self.membership.project

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.membership = membership_of(person(request), kwargs["p"])
        right = self.rights.get("GET" if request.method == "HEAD" else request.method or "")
        if right and not may(self.membership.role, right):
            raise Forbidden("no_right", f"As {self.membership.role} you may not do this.")
        if request.method not in SAFE_METHODS:
            refuse_archived(self.project, right)

    def paged(self, request: Request, rows: "QuerySet[Any]", record: Any, paginator: Any) -> Response:
        """One page of rows, each as the record says."""
        page = paginator.paginate_queryset(rows, request, view=self)
        answer: Response = paginator.get_paginated_response([record(row) for row in page])
        return answer


def body(request: Request, serializer: type["Serializer[Any]"]) -> dict[str, Any]:
    """The checked body; what is wrong with it is answered as 400 with its place."""
    return dict(prepared(serializer).run_validation(request.data))


@cache
def prepared(serializer: type["Serializer[Any]"]) -> "Serializer[Any]":
    """One instance a class: checking keeps nothing in it, and building its fields anew costs more than checking them."""
    return serializer()


def query(request: Request, allowed: set[str]) -> dict[str, str]:
    """The query's parameters; an unknown one is refused, so that no filter is silently without effect."""
    unknown = sorted(set(request.query_params) - allowed - {"page", "page_size", "cursor", "format"})
    if unknown:
        raise Invalid("unknown_parameter", f"There is no parameter {unknown[0]!r} here.", attr=unknown[0])
    return {key: str(value) for key, value in request.query_params.items() if key in allowed}


def expected(request: Request) -> Expected:
    """What the caller believes about the object, from If-Match and If-None-Match; a weak tag's W/ is ignored."""
    if request.headers.get("If-None-Match", "").strip() == "*":
        return Expected(absent=True)
    tag = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    if not tag or tag == "*":
        return Expected()
    if not tag.isascii() or not tag.isdigit() or len(tag) > 10:
        raise Invalid("bad_if_match", 'If-Match holds a version, such as "3".', attr="If-Match")
    return Expected(version=int(tag))
