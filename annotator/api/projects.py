"""Projects, their members and their scheme."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.accounts.roles import SEES_USERNAMES
from annotator.annotations.blindness import reads, refuse_who_reads
from annotator.api import answers
from annotator.api.door import ProjectView, body, person, query
from annotator.api.fields import Strict, StrictBoolean, StrictChar, StrictInteger
from annotator.api.paging import Pages
from annotator.assignments import departures, taking_part
from annotator.errors import NotFound
from annotator.projects import archive, holders, members, removals, studies
from annotator.projects import scheme as schemes
from annotator.projects.models import Holder, Invitation, Membership, Project, SchemeEntry


class ProjectSettings(Strict):
    name = StrictChar(max_length=200, required=False)
    description = StrictChar(allow_blank=True, required=False)
    readers_per_document = StrictInteger(required=False)
    open_after = StrictChar(required=False)
    lease_minutes = StrictInteger(required=False)
    may_reopen = StrictBoolean(required=False)


class NewProject(ProjectSettings):
    slug = StrictChar(max_length=80)
    name = StrictChar(max_length=200)
    template = StrictChar(required=False, allow_null=True)


def project_record(project: Project) -> dict[str, Any]:
    return {name: getattr(project, name) for name in ("slug", *studies.SETTINGS, "archived_at")}


class ProjectsView(APIView):
    """The caller's projects; POST makes the caller the manager of a new one."""

    @extend_schema(responses=answers.page(answers.Project))
    def get(self, request: Request) -> Response:
        query(request, set())
        pages = Pages()
        page = pages.paginate_queryset(Project.objects.visible_to(person(request)), request, view=self)
        return pages.get_paginated_response([project_record(project) for project in page or ()])

    @extend_schema(request=NewProject, responses={201: answers.Project})
    def post(self, request: Request) -> Response:
        project = studies.create(actor=person(request), **body(request, NewProject))
        return Response(project_record(project), status=201)


class OneProjectView(ProjectView):
    """A project's settings."""

    rights: ClassVar = {"GET": "see_project", "PATCH": "manage_project"}

    @extend_schema(responses=answers.Project)
    def get(self, request: Request, p: str) -> Response:
        return Response(project_record(self.project))

    @extend_schema(request=ProjectSettings, responses=answers.Project)
    def patch(self, request: Request, p: str) -> Response:
        return Response(
            project_record(
                studies.change(self.project, body(request, ProjectSettings), actor=person(request))
            )
        )


class ArchiveView(ProjectView):
    """PUT makes the project read only, DELETE opens it again."""

    rights: ClassVar = {"PUT": "archive_project", "DELETE": "archive_project"}

    @extend_schema(request=None, responses=answers.Project)
    def put(self, request: Request, p: str) -> Response:
        return Response(
            project_record(archive.archive(self.project, actor=person(request), now=timezone.now()))
        )

    @extend_schema(responses={200: answers.Project})
    def delete(self, request: Request, p: str) -> Response:
        return Response(project_record(archive.reopen(self.project, actor=person(request))))


class MembershipBody(Strict):
    username = StrictChar(allow_null=True, default=None)
    alias = StrictChar(max_length=80)
    role = StrictChar()
    takes_part = StrictBoolean(required=False)


class MembershipChange(Strict):
    role = StrictChar(required=False)
    takes_part = StrictBoolean(required=False)


class MembershipsView(ProjectView):
    """Members; observers read aliases only."""

    rights: ClassVar = {"GET": "see_members", "POST": "manage_members"}

    @extend_schema(responses=answers.page(answers.Member))
    def get(self, request: Request, p: str) -> Response:
        query(request, set())
        rows = Membership.objects.present().filter(project=self.project).select_related("user")
        named = self.membership.role in SEES_USERNAMES
        return self.paged(request, rows, lambda row: member_record(row, named=named), Pages())

    @extend_schema(request=MembershipBody, responses={201: answers.Member})
    def post(self, request: Request, p: str) -> Response:
        member = members.add(self.project, actor=person(request), **body(request, MembershipBody))
        return Response(member_record(member, named=True), status=201)


class MembershipView(ProjectView):
    """One member: what they may do; DELETE removes them, and adding them again gives them the same alias back."""

    rights: ClassVar = {"GET": "see_members", "PATCH": "manage_members", "DELETE": "manage_members"}

    def find(self, key: int) -> Membership:
        present = Membership.objects.present().select_related("user")
        member = present.filter(project=self.project, pk=key).first()
        if member is None:
            raise NotFound("not_found", "There is no such member.")
        return member

    @extend_schema(responses=answers.Member)
    def get(self, request: Request, p: str, membership_id: int) -> Response:
        named = self.membership.role in SEES_USERNAMES
        return Response(member_record(self.find(membership_id), named=named))

    @extend_schema(request=MembershipChange, responses=answers.Member)
    def patch(self, request: Request, p: str, membership_id: int) -> Response:
        values = body(request, MembershipChange)
        changed = taking_part.change(self.find(membership_id), values, actor=person(request))
        return Response(member_record(changed, named=True))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, p: str, membership_id: int) -> Response:
        departures.remove(self.find(membership_id), actor=person(request), now=timezone.now())
        return Response(status=204)


def member_record(member: Membership, *, named: bool) -> dict[str, Any]:
    record = {"id": member.pk, "alias": member.alias, "role": member.role, "takes_part": member.takes_part}
    if named:
        record["username"] = member.user.username if member.user else None
    return record


class InvitationBody(Strict):
    alias = StrictChar(max_length=80)
    role = StrictChar()


class InvitationsView(ProjectView):
    """Links for people without an account; the link's key is in the answer to POST and never again."""

    rights: ClassVar = {"GET": "manage_members", "POST": "manage_members"}

    @extend_schema(responses=answers.page(answers.Invitation))
    def get(self, request: Request, p: str) -> Response:
        query(request, set())
        return self.paged(request, self.project.invitations.all(), invitation_record, Pages())

    @extend_schema(request=InvitationBody, responses={201: answers.Invitation})
    def post(self, request: Request, p: str) -> Response:
        invitation, key = members.invite(
            self.project, actor=person(request), now=timezone.now(), **body(request, InvitationBody)
        )
        link = request.build_absolute_uri(f"/invitations/{key}/")
        return Response({**invitation_record(invitation), "link": link}, status=201)


class InvitationView(ProjectView):
    """DELETE ends an invitation that nobody has accepted."""

    rights: ClassVar = {"DELETE": "manage_members"}

    @extend_schema(responses={204: None})
    def delete(self, request: Request, p: str, invitation_id: int) -> Response:
        invitation = self.project.invitations.filter(pk=invitation_id).first()
        if invitation is None:
            raise NotFound("not_found", "There is no such invitation.")
        members.withdraw(invitation, actor=person(request))
        return Response(status=204)


def invitation_record(invitation: Invitation) -> dict[str, Any]:
    names = ("alias", "role", "created_at", "expires_at", "accepted_at")
    return {"id": invitation.pk, **{name: getattr(invitation, name) for name in names}}


class LabelBody(Strict):
    kind = StrictChar()
    group = StrictChar(allow_blank=True, default="", max_length=80)
    slug = StrictChar(max_length=80)
    name = StrictChar(max_length=200)
    definition = StrictChar(allow_blank=True, required=False)
    color = StrictChar(allow_blank=True, required=False, max_length=7)
    key = StrictChar(allow_blank=True, required=False, max_length=1)
    position = StrictInteger(required=False)


class TargetBody(Strict):
    slug = StrictChar(max_length=80)
    name = StrictChar(max_length=200)


class HolderBody(Strict):
    slug = StrictChar(max_length=80)
    name = StrictChar(max_length=200)
    parent = StrictChar(allow_null=True, default=None)  # type: ignore[assignment]


class GuidelineBody(Strict):
    text = StrictChar(allow_blank=True, max_length=200_000)


class SchemeView(ProjectView):
    """A list of the scheme: read by every member, written by managers; the same again is 200 and adds nothing."""

    rights: ClassVar = {"GET": "see_project", "POST": "manage_scheme"}
    body_class: ClassVar[type[Strict]]

    def rows(self) -> "QuerySet[Any]":
        raise NotImplementedError

    def add(self, values: dict[str, Any]) -> tuple[Any, bool]:
        raise NotImplementedError

    def record(self, row: Any) -> dict[str, Any]:
        raise NotImplementedError

    def get(self, request: Request, p: str) -> Response:
        query(request, set())
        return self.paged(request, self.rows(), self.record, Pages())

    def post(self, request: Request, p: str) -> Response:
        row, created = self.add(body(request, self.body_class))
        return Response(self.record(row), status=201 if created else 200)


def told(body_class: type[Strict], row: Any) -> Any:
    """What the reference says of a list of the scheme: the body that adds to it, and what is answered."""
    return extend_schema_view(
        get=extend_schema(responses=answers.page(row)),
        post=extend_schema(request=body_class, responses={200: row, 201: row}),
    )


def numbered(record: Callable[[Any], dict[str, Any]]) -> Callable[[Any], dict[str, Any]]:
    """The record with the row's number, for the addresses of single entries."""
    return lambda row: {"id": row.pk, **record(row)}


@told(LabelBody, answers.Label)
class LabelsView(SchemeView):
    body_class = LabelBody

    def rows(self) -> "QuerySet[Any]":
        return self.project.labels.all()

    def add(self, values: dict[str, Any]) -> tuple[Any, bool]:
        return studies.put_label(self.project, values, actor=person(self.request))

    def record(self, row: Any) -> dict[str, Any]:
        return numbered(schemes.label_record)(row)


@told(TargetBody, answers.Target)
class TargetsView(SchemeView):
    body_class = TargetBody

    def rows(self) -> "QuerySet[Any]":
        return self.project.targets.all()

    def add(self, values: dict[str, Any]) -> tuple[Any, bool]:
        return studies.put_target(self.project, values, actor=person(self.request))

    def record(self, row: Any) -> dict[str, Any]:
        return numbered(schemes.target_record)(row)


@told(HolderBody, answers.Holder)
class HoldersView(SchemeView):
    """Whose stances they are: annotators add holders too, for their own eyes until they submit."""

    rights: ClassVar = {"GET": "see_project", "POST": "add_holders"}
    body_class = HolderBody

    def rows(self) -> "QuerySet[Any]":
        known = Holder.objects.filter(project=self.project)
        # Who labels, or did, would read of others' additions what these saw in the text.
        known &= (
            holders.known_by(self.membership)
            if reads(self.membership)
            else Holder.objects.visible_to(self.membership)
        )
        return known.select_related("parent")

    def add(self, values: dict[str, Any]) -> tuple[Any, bool]:
        return holders.add(self.project, membership=self.membership, actor=person(self.request), **values)

    def record(self, row: Any) -> dict[str, Any]:
        return schemes.holder_record(row)


@told(GuidelineBody, answers.Guideline)
class GuidelinesView(SchemeView):
    body_class = GuidelineBody

    def rows(self) -> "QuerySet[Any]":
        return self.project.guidelines.all()

    def add(self, values: dict[str, Any]) -> tuple[Any, bool]:
        return studies.write_guideline(self.project, values["text"], actor=person(self.request))

    def record(self, row: Any) -> dict[str, Any]:
        return schemes.guideline_record(row)


class SchemeEntryView(ProjectView):
    """DELETE takes an unused label or target out of the scheme."""

    rights: ClassVar = {"DELETE": "manage_scheme"}
    model: type[SchemeEntry]

    @classmethod
    def of(cls, model: type[SchemeEntry]) -> Any:
        return type(f"{model.__name__}View", (cls,), {"model": model, "__doc__": cls.__doc__}).as_view()  # type: ignore[attr-defined]

    @extend_schema(responses={204: None})
    def delete(self, request: Request, p: str, entry_id: int) -> Response:
        rows: Any = self.model._default_manager.all()
        entry = rows.filter(project=self.project, pk=entry_id).first()
        if entry is None:
            raise NotFound("not_found", "There is no such entry.")
        refuse_who_reads(self.membership)
        removals.remove(entry, actor=person(request))
        return Response(status=204)
