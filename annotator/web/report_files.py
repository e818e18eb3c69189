"""A report to take away: the API's own object, and its figures as a table."""

import csv
import io
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse, JsonResponse

from annotator.errors import Conflict
from annotator.reports import agreement as verbs
from annotator.reports import details
from annotator.reports.models import AgreementReport
from annotator.web.door import MemberVisit, member

COLUMNS = (
    *("name", "group", "label", "pair", "without", "value", "low", "high", "level", "reason"),
    *("numerator", "denominator", "units", "resamples", "seed", "interval_method", "method"),
)
# What a spreadsheet would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@member(see="see_agreement")
def as_json(request: MemberVisit, report_id: int) -> HttpResponse:
    """The report as the API gives it, with ?details=1 also what stands behind it."""
    found = computed(request, report_id)
    given = dict(found.result or {})
    if request.GET.get("details") == "1":
        given["details"] = details.of(found, request.membership)
    answer = JsonResponse(given, json_dumps_params={"ensure_ascii": False, "indent": 1})
    return attached(answer, request, found, "json")


@member(see="see_agreement")
def as_csv(request: MemberVisit, report_id: int) -> HttpResponse:
    """The figures, one a row; a word that a spreadsheet would run as a formula gets an apostrophe before it."""
    found = computed(request, report_id)
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for figure in (found.result or {})["figures"]:
        table.writerow([safe(value) for value in row(figure)])
    answer = HttpResponse(written.getvalue(), content_type="text/csv; charset=utf-8; header=present")
    return attached(answer, request, found, "csv")


def computed(request: MemberVisit, report_id: int) -> AgreementReport:
    found = verbs.find(request.membership, report_id)
    if found.result is None:
        raise Conflict("not_ready", "This report is not computed yet.")
    return found


def row(figure: Mapping[str, Any]) -> list[Any]:
    interval = figure["interval"] or {}
    return [
        figure["name"],
        figure.get("group"),
        figure["label"],
        " / ".join(figure["pair"]) if figure["pair"] else None,
        figure.get("without"),
        figure["value"],
        interval.get("low"),
        interval.get("high"),
        interval.get("level"),
        figure["reason"],
        figure.get("numerator"),
        figure.get("denominator"),
        figure.get("units"),
        interval.get("resamples"),
        interval.get("seed"),
        interval.get("method"),
        figure.get("method"),
    ]


def safe(value: Any) -> Any:
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def attached(answer: HttpResponse, request: MemberVisit, found: AgreementReport, kind: str) -> HttpResponse:
    name = f"{request.project.slug}-agreement-{found.pk}.{kind}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"' if name.isascii() else "attachment"
    return answer
