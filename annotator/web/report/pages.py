"""Agreement: asking for a report, the list, and one report to be read."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from annotator.accounts.roles import may
from annotator.agreement import methods
from annotator.documents.models import Document
from annotator.projects import scheme as schemes
from annotator.reports import agreement as verbs
from annotator.reports import details
from annotator.reports.counts import Which
from annotator.reports.models import AgreementReport
from annotator.reports.timelines import timelines
from annotator.web.door import MemberVisit, member, show
from annotator.web.forms import posted, tried
from annotator.web.report import disagreements, filters, paragraphs
from annotator.web.report.competences import competence
from annotator.web.report.figures import FEW, TITLES, Figures, question, trusted
from annotator.web.report.headlines import (
    caution,
    coverage,
    gap,
    has_interval,
    headline,
    in_short,
    main_figures,
    worth,
)
from annotator.web.report.lines import charts
from annotator.web.report.matrices import Sayings, coincidences, pair_matrix
from annotator.web.report.omissions import offenders, omissions
from annotator.web.report.pictures import picture
from annotator.web.report.plans import plans
from annotator.web.report.questions import AgreementForm, asked, narrowed
from annotator.web.report.spread import spread, worst
from annotator.web.report.tables import tables

RECENT = 50


@member(see="see_agreement", change="request_agreement")
def reports(request: MemberVisit) -> HttpResponse:
    """The reports, newest first, and the same question over time; a POST asks for one."""
    form = AgreementForm(posted(request), project=request.project)
    if form.is_valid():
        given = form.given()
        report = tried(form, lambda: verbs.request(request.membership, given, actor=request.user))
        if report is not None:
            return redirect("web:report", p=request.project.slug, report_id=report.pk)
    rows = list(verbs.visible_to(request.membership).defer(*verbs.HEAVY)[:RECENT])
    context = {
        "form": form,
        "reports": [
            (row, asked(row, request.project), narrowed(row, request.project), in_short(row.headline or []))
            for row in rows
        ],
        "charts": charts(timelines(rows), lambda row: asked(row, request.project)),
        "may_request": may(request.membership.role, "request_agreement"),
    }
    return show(request, "agreement.html", context, status=400 if form.is_bound else 200)


@member(see="see_agreement")
def report(request: MemberVisit, report_id: int) -> HttpResponse:
    """One report: while it is computed how far it is, then what was found, on what, and how."""
    found = verbs.find(request.membership, report_id)
    context: dict[str, Any] = {
        "report": found,
        "job": found.job,
        "asked": asked(found, request.project),
        "narrowed": narrowed(found, request.project),
        "own": found.job.created_by_id == request.user.pk,
        "tab": "web:agreement",
    }
    if found.result is not None:
        context |= read(found, request)
    return show(request, "report.html", context)


def read(found: AgreementReport, request: MemberVisit) -> dict[str, Any]:
    """The report's parts for the page."""
    result: dict[str, Any] = found.result or {}
    everything = Figures(result["figures"])
    figures = Figures(trusted(result["figures"], result["documents"]))
    behind = details.of(found, request.membership)
    known = (
        details.open_documents(request.membership, [row["id"] for row in behind["documents"]])
        if behind
        else {}
    )
    interval = next((figure["interval"] for figure in figures.all if figure["interval"]), None)
    main = list(main_figures(result["layer"], figures))
    return {
        "result": result,
        "headline": headline(result["layer"], figures, documents=result["documents"]),
        "gap": gap(result["layer"], figures),
        "worth": worth(result["layer"], figures, documents=result["documents"]),
        "coverage": coverage(result["layer"], figures),
        "caution": caution(result["documents"], main_figures(result["layer"], everything)),
        "bracketed": any(has_interval(each) for each in main),
        "parts": [part(found, request, figures, behind, known, group) for group in figures.groups()],
        "plans": plans(main, documents=result["documents"]) if result["documents"] >= FEW else [],
        "grids": grids(found, request, behind),
        "behind": behind,
        "interval": interval,
        "offenders": offenders(figures.all),
        "left_out": omissions(result["left_out"], request.membership),
        "paragraph": paragraphs.paragraph(
            result,
            figures,
            target=target_name(result["target"], request),
            narrowed=narrowed(found, request.project),
        ),
        "references": paragraphs.references(figures),
        "methods": [
            (TITLES.get(name, name), methods.METHODS[name])
            for name in dict.fromkeys(figure["name"] for figure in figures.all)
            if name in methods.METHODS
        ],
        "may_set_up": may(request.membership.role, "manage_project"),
        "gives_up": may(request.membership.role, "label") and not request.membership.takes_part,
    }


def target_name(slug: str | None, request: MemberVisit) -> str:
    names = {target.slug: target.name for target in schemes.of(request.project).targets}
    return names.get(slug or "", slug or "")


def part(
    found: AgreementReport,
    request: MemberVisit,
    figures: Figures,
    behind: Mapping[str, Any] | None,
    documents: Mapping[str, Document],
    group: str | None,
) -> dict[str, Any]:
    """Everything of one layer, or of one question: figures, and what stands behind them."""
    layer = found.specification["layer"]
    labels = [
        label
        for label in schemes.of(request.project).labels
        if label.kind == layer and (not group or label.group == group)
    ]
    records = {label.slug: schemes.label_record(label) for label in labels}
    names = {label.slug: label.name for label in labels}
    address = places(found, request)
    shown: dict[str, Any] = {
        "group": group,
        "question": question(group),
        "picture": picture(figures, group, records),
        "tables": tables(
            figures, group, records, lambda which: filters.link(address, which) if behind else ""
        ),
        "matrix": pair_matrix(
            figures,
            group,
            lambda pair: filters.link(address, Which(pair=pair)) if behind else "",
        ),
    }
    if behind is None:
        return shown
    rows = behind["documents"]
    said = Sayings(layer, group, names, lambda which: filters.link(address, which))
    whole, single = said.matrices(behind["matrices"])
    return shown | {
        "confusion": whole,
        "single": single,
        "coincidences": coincidences(behind["matrices"], group, names),
        "spread": spread(rows, group),
        "worst": worst(rows, group, documents, filters.WORDS),
        "competence": competence(
            behind["competence"], group, names, documents=(found.result or {}).get("documents", 0)
        ),
    }


def grids(
    found: AgreementReport, request: MemberVisit, behind: Mapping[str, Any] | None
) -> list[disagreements.Grid]:
    if behind is None:
        return []
    layer = found.specification["layer"]
    if layer == "document":
        groups = {group: question(group) for group in sorted(schemes.of(request.project).groups())}
        return disagreements.grids(behind["differences"], groups, places(found, request), head="Question")
    names = {label.slug: label.name for label in schemes.of(request.project).labels if label.kind == layer}
    return disagreements.grids(behind["differences"], names, places(found, request))


def places(found: AgreementReport, request: MemberVisit) -> str:
    """The page of the documents in which readers differ."""
    return reverse("web:report_documents", kwargs={"p": request.project.slug, "report_id": found.pk})
