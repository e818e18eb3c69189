"""Readings: the list, one with all that is in it, its submission and its review."""

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.annotations import reading
from annotator.annotations.models import AnnotationSet
from annotator.annotations.sets import Address
from annotator.api import answers
from annotator.api.door import ProjectView, body, person, query
from annotator.api.fields import Strict, StrictChar
from annotator.api.paging import Cursor
from annotator.assignments import reviewing, submission
from annotator.errors import Invalid

FILTERS = ("document", "membership", "kind", "state")


class SetsView(ProjectView):
    """The readings the caller may see, without what is in them."""

    rights: ClassVar = {"GET": "see_sets"}

    @extend_schema(
        parameters=[OpenApiParameter(name) for name in FILTERS], responses=answers.stretch(answers.SetRow)
    )
    def get(self, request: Request, p: str) -> Response:
        sets = AnnotationSet.objects.visible_to(self.membership).select_related("membership", "document")
        sets = sets.defer("document__text").filter(**filters(query(request, set(FILTERS))))
        return self.paged(request, sets.order_by("id"), row_record, Cursor())


def filters(given: dict[str, str]) -> dict[str, str]:
    """The list's filters as conditions: documents by their number, memberships by alias."""
    if "document" in given and not (
        given["document"].isascii() and given["document"].isdigit() and len(given["document"]) < 16
    ):
        raise Invalid("invalid", "A document is named by its number.", attr="document")
    for name, choices in (("kind", AnnotationSet.Kind), ("state", AnnotationSet.State)):
        if name in given and given[name] not in choices.values:
            raise Invalid("invalid_choice", f"{name} is one of {', '.join(choices.values)}.", attr=name)
    names = {"membership": "membership__alias"}
    return {names.get(name, name): value for name, value in given.items()}


def row_record(found: AnnotationSet) -> dict[str, Any]:
    return {
        "id": found.pk,
        "document": {
            "id": found.document_id,
            "external_id": found.document.external_id,
            "title": found.document.title,
        },
        "annotator": found.membership.alias,
        "kind": found.kind,
        "round": found.round,
        "state": found.state,
        "version": found.version,
        "submitted_at": found.submitted_at,
        "active_seconds": found.active_seconds,
    }


class SetView(ProjectView):
    """One reading with its text, the scheme and everything marked in it; eight queries at most."""

    rights: ClassVar = {"GET": "see_sets"}

    @extend_schema(responses=answers.Set)
    def get(self, request: Request, p: str, set_id: int) -> Response:
        found = reading.find(self.membership, set_id)
        record = reading.record(found, self.membership)
        return Response(record, headers={"X-Set-Version": str(found.version), "ETag": f'"{found.version}"'})


class SubmissionView(APIView):
    """PUT declares the caller's reading finished, DELETE reopens it while the project allows."""

    @extend_schema(request=None, responses=answers.SubmittedSet)
    def put(self, request: Request, p: str, set_id: int) -> Response:
        found = submission.submit(Address(p, set_id), actor=person(request), now=timezone.now())
        return state_of(found, warnings=submission.overlooked(found))

    @extend_schema(request=None, responses={200: answers.SetState})
    def delete(self, request: Request, p: str, set_id: int) -> Response:
        return state_of(submission.reopen(Address(p, set_id), actor=person(request), now=timezone.now()))


def state_of(found: AnnotationSet, **also: Any) -> Response:
    record = {
        "id": found.pk,
        "state": found.state,
        "version": found.version,
        "submitted_at": found.submitted_at,
        **also,
    }
    return Response(record, headers={"X-Set-Version": str(found.version)})


class ReviewBody(Strict):
    decision = StrictChar()
    note = StrictChar(allow_blank=True, default="", max_length=10_000)


class ReviewView(APIView):
    """PUT accepts or returns a submitted reading."""

    @extend_schema(request=ReviewBody, responses=answers.SetState)
    def put(self, request: Request, p: str, set_id: int) -> Response:
        given = body(request, ReviewBody)
        if given["decision"] not in ("accepted", "returned"):
            raise Invalid("invalid_choice", "A decision is accepted or returned.", attr="decision")
        done = reviewing.decide(
            Address(p, set_id),
            given["decision"],
            note=given["note"],
            actor=person(request),
            now=timezone.now(),
        )
        return state_of(done)
