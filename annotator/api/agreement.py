"""Agreement: asking for a report, and reading it."""

from typing import ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ListField

from annotator.api import answers
from annotator.api.door import ProjectView, body, person, query
from annotator.api.fields import Strict, StrictChar, StrictInteger
from annotator.api.jobs import job_record
from annotator.api.paging import NewestFirst
from annotator.errors import Conflict, Invalid
from annotator.reports import agreement, details


class AgreementBody(Strict):
    """What is left out or null does not narrow the report. Days are UTC's, the first and the last included."""

    layer = StrictChar(default="stance")
    target = StrictChar(allow_null=True, default=None)
    sets = StrictChar(default="submitted")
    annotators = ListField(child=StrictChar(), allow_null=True, default=None, max_length=1000)
    labels = ListField(child=StrictChar(), allow_null=True, default=None, max_length=1000)
    documents = ListField(child=StrictChar(), allow_null=True, default=None, max_length=10_000)
    submitted_from = StrictChar(allow_null=True, default=None)
    submitted_until = StrictChar(allow_null=True, default=None)
    candidates = StrictChar(
        allow_null=True,
        default=None,
        help_text="Which two spans a relation might join: of a document, or of a paragraph.",
    )
    guidelines = ListField(child=StrictInteger(), allow_null=True, default=None, max_length=1000)
    resamples = StrictInteger(required=False)
    seed = StrictInteger(required=False)


class AgreementsView(ProjectView):
    """Reports, newest first; POST asks for one and answers 202 with its job."""

    rights: ClassVar = {"GET": "see_agreement", "POST": "request_agreement"}

    @extend_schema(responses=answers.stretch(answers.ReportRow))
    def get(self, request: Request, p: str) -> Response:
        query(request, set())
        rows = agreement.visible_to(self.membership).defer(*agreement.HEAVY)
        return self.paged(request, rows, agreement.report_record, NewestFirst())

    @extend_schema(request=AgreementBody, responses={202: answers.StartedReport})
    def post(self, request: Request, p: str) -> Response:
        given = body(request, AgreementBody)
        report = agreement.request(self.membership, given, actor=person(request))
        return Response({"id": report.pk, "job": job_record(report.job)}, status=202)


class AgreementView(ProjectView):
    """One report with its figures, with ?details=1 also what stands behind them; 409 while it is being computed.

    Of single documents the details name those to whose readings the caller is not blind.
    """

    rights: ClassVar = {"GET": "see_agreement"}

    @extend_schema(
        parameters=[OpenApiParameter("details", OpenApiTypes.STR, enum=["0", "1"])],
        responses=answers.Report,
    )
    def get(self, request: Request, p: str, report_id: int) -> Response:
        wanted = query(request, {"details"}).get("details", "0")
        if wanted not in ("0", "1"):
            raise Invalid("invalid_choice", "details is 0 or 1.", attr="details")
        report = agreement.find(self.membership, report_id)
        if report.result is None:
            raise Conflict("not_ready", "This report is not computed yet.", job=job_record(report.job))
        if wanted == "0":
            return Response(report.result)
        return Response({**report.result, "details": details.of(report, self.membership)})
