"""Agreement: asking for a report, and reading it."""

from typing import ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from annotator.api.door import ProjectView, body, person, query
from annotator.api.fields import Strict, StrictChar, StrictInteger
from annotator.api.jobs import job_record
from annotator.api.paging import NewestFirst
from annotator.errors import Conflict, Invalid
from annotator.reports import agreement


class AgreementBody(Strict):
    layer = StrictChar(default="stance")
    target = StrictChar(allow_null=True, default=None)
    sets = StrictChar(default="submitted")
    resamples = StrictInteger(required=False)
    seed = StrictInteger(required=False)


class AgreementsView(ProjectView):
    """Reports, newest first; POST asks for one and answers 202 with its job."""

    rights: ClassVar = {"GET": "see_agreement", "POST": "request_agreement"}

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, p: str) -> Response:
        query(request, set())
        rows = agreement.visible_to(self.membership).defer("result")
        return self.paged(request, rows, agreement.report_record, NewestFirst())

    @extend_schema(request=AgreementBody, responses={202: OpenApiTypes.OBJECT})
    def post(self, request: Request, p: str) -> Response:
        given = body(request, AgreementBody)
        if not 0 <= given.get("resamples", 0) <= 10_000:
            raise Invalid("invalid", "resamples is from 0 to 10,000.", attr="resamples")
        if given.get("seed", 0) < 0:
            raise Invalid("invalid", "A seed is not negative.", attr="seed")
        report = agreement.request(self.membership, given, actor=person(request))
        return Response({"id": report.pk, "job": job_record(report.job)}, status=202)


class AgreementView(ProjectView):
    """One report with its figures; 409 while it is being computed."""

    rights: ClassVar = {"GET": "see_agreement"}

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, p: str, report_id: int) -> Response:
        report = agreement.find(self.membership, report_id)
        if report.result is None:
            raise Conflict("not_ready", "This report is not computed yet.", job=job_record(report.job))
        return Response(report.result)
