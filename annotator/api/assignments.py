"""Claiming the next document, keeping the seat, giving it up."""

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from annotator.api import answers
from annotator.api.door import ProjectView, body, person, query
from annotator.api.fields import Strict, StrictChar
from annotator.api.paging import NewestFirst
from annotator.assignments import queue
from annotator.assignments.models import Assignment
from annotator.errors import Invalid, NotFound


class AssignmentChange(Strict):
    action = StrictChar()
    reason = StrictChar(allow_blank=True, default="", max_length=2000)


class AssignmentsView(ProjectView):
    """The caller's assignments; POST answers 200 with an unfinished one, else 201 with a new one, else 204."""

    rights: ClassVar = {"GET": "label", "POST": "label"}

    @extend_schema(responses=answers.stretch(answers.Assignment))
    def get(self, request: Request, p: str) -> Response:
        query(request, set())
        mine = Assignment.objects.filter(
            project=self.project, set__membership=self.membership
        ).select_related("set")
        return self.paged(request, mine, assignment_record, NewestFirst())

    @extend_schema(request=None, responses={200: answers.Assignment, 201: answers.Assignment, 204: None})
    def post(self, request: Request, p: str) -> Response:
        claim = queue.claim_next(self.membership, actor=person(request), now=timezone.now())
        if claim is None:
            return Response(status=204)
        return Response(assignment_record(claim.assignment), status=201 if claim.created else 200)


def assignment_record(assignment: Assignment) -> dict[str, Any]:
    return {
        "id": assignment.pk,
        "set": assignment.set_id,
        "document": assignment.set.document_id,
        "lease_until": assignment.set.lease_until,
        "created_at": assignment.created_at,
        "ended_at": assignment.ended_at,
        "outcome": assignment.outcome,
        "reason": assignment.reason,
    }


class AssignmentView(ProjectView):
    """PATCH {"action": "heartbeat"} keeps the seat, {"action": "skip", "reason"} gives it up; DELETE gives it back."""

    rights: ClassVar = {"GET": "label", "PATCH": "label", "DELETE": "label"}

    @extend_schema(responses=answers.Assignment)
    def get(self, request: Request, p: str, assignment_id: int) -> Response:
        mine = Assignment.objects.filter(
            project=self.project, set__membership=self.membership, pk=assignment_id
        )
        assignment = mine.select_related("set").first()
        if assignment is None:
            raise NotFound("not_found", "There is no such assignment.")
        return Response(assignment_record(assignment))

    @extend_schema(request=AssignmentChange, responses=answers.Assignment)
    def patch(self, request: Request, p: str, assignment_id: int) -> Response:
        given = body(request, AssignmentChange)
        now = timezone.now()
        if given["action"] == "heartbeat":
            kept = queue.beat(self.membership, assignment_id, now=now)
        elif given["action"] == "skip":
            if not given["reason"].strip():
                raise Invalid("no_reason", "Say why you skip this document.", attr="reason")
            kept = queue.skip(
                self.membership, assignment_id, reason=given["reason"], actor=person(request), now=now
            )
        else:
            raise Invalid("invalid_choice", "An action is heartbeat or skip.", attr="action")
        return Response(assignment_record(Assignment.objects.select_related("set").get(pk=kept.pk)))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, p: str, assignment_id: int) -> Response:
        queue.give_back(self.membership, assignment_id, actor=person(request), now=timezone.now())
        return Response(status=204)
