"""A report to take away: the API's own object, and its tables."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils.http import content_disposition_header

from annotator.errors import Conflict, NotFound
from annotator.reports import agreement as verbs
from annotator.reports import details
from annotator.reports.models import AgreementReport
from annotator.web.door import MemberVisit, member
from annotator.web.report.rows import BEHIND, figure_rows

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
    """The figures, one a row, or with ?table= another of the report's tables."""
    found = computed(request, report_id)
    table = request.GET.get("table") or "figures"
    rows = figure_rows(found.result or {}) if table == "figures" else behind_rows(request, found, table)
    answer = HttpResponse(written(rows), content_type="text/csv; charset=utf-8; header=present")
    return attached(answer, request, found, "csv", "" if table == "figures" else f"-{table}")


def behind_rows(request: MemberVisit, found: AgreementReport, table: str) -> list[list[Any]]:
    """A table of what stands behind the figures; raises NotFound for one that there is not."""
    behind = details.of(found, request.membership) if table in BEHIND else None
    if behind is None:
        raise NotFound("not_found", f"This report has no table {table!r}.")
    return BEHIND[table](behind)


def written(rows: Iterable[Sequence[Any]]) -> str:
    """Rows as CSV; a word that a spreadsheet would run as a formula gets an apostrophe before it."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\r\n")
    for row in rows:
        table.writerow([safe(value) for value in row])
    return text.getvalue()


def computed(request: MemberVisit, report_id: int) -> AgreementReport:
    found = verbs.find(request.membership, report_id)
    if found.result is None:
        raise Conflict("not_ready", "This report is not computed yet.")
    return found


def safe(value: Any) -> Any:
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def attached(
    answer: HttpResponse, request: MemberVisit, found: AgreementReport, kind: str, which: str = ""
) -> HttpResponse:
    layer = found.specification["layer"]
    name = f"{request.project.slug}-agreement-{layer}-{found.pk}{which}.{kind}"
    answer["Content-Disposition"] = content_disposition_header(True, name)
    return answer
