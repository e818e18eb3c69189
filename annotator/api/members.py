"""Members of a project, and invitations to become one."""

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from annotator.accounts.roles import SEES_USERNAMES
from annotator.api import answers
from annotator.api.door import ProjectView, body, person, query
from annotator.api.fields import Strict, StrictBoolean, StrictChar
from annotator.api.paging import Pages
from annotator.assignments import departures, taking_part
from annotator.errors import NotFound
from annotator.projects import members
from annotator.projects.models import Invitation, Membership


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
