"""The documents in which readers differ, and the differences of one, side by side."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache

from annotator.accounts.roles import may
from annotator.agreement.differences import Difference
from annotator.annotations.models import AnnotationSet
from annotator.projects import scheme as schemes
from annotator.projects.models import Holder, Project
from annotator.reports import agreement as verbs
from annotator.reports import details
from annotator.reports import places as verbs_of_places
from annotator.reports.counts import Counts, Which, plain, unpacked
from annotator.reports.models import AgreementReport
from annotator.web.door import MemberVisit, member, show
from annotator.web.report.disagreements import MEANT
from annotator.web.report.figures import question
from annotator.web.report.filters import WORDS, link, menus, said, wanted
from annotator.web.report.questions import asked
from annotator.web.report.sides import direction, sides

A_PAGE = 50
DIFFERENCES = 40


@member(see="see_agreement")
def documents(request: MemberVisit, report_id: int) -> HttpResponse:
    """The documents with differences of the kind asked for, most first; those the viewer is blind to are only counted."""
    report = verbs.find(request.membership, report_id)
    which = wanted(request.GET)
    counts = counts_of(report)
    found = counts.by_document(which) if counts else {}
    known = details.open_documents(request.membership, found)
    rows = [(known[name], count) for name, count in found.items() if name in known]
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    layer = report.specification["layer"]
    names = label_names(request.project, layer)
    context = {
        **of_report(request, report),
        "counts": counts,
        "menus": menus(plain(counts, Which()), which, names, layer=layer) if counts else [],
        "narrowed": which != Which(),
        "page": page,
        "rows": [(row, count, link(where(request, report, row.pk), which)) for row, count in page],
        "differences": sum(count for _, count in rows),
        "said": said(which.values, names, layer, which) if which.values else "",
        "hidden": len(found) - len(rows),
        "query": query_of(request),
    }
    return show(request, "report_documents.html", context)


@never_cache
@member(see="see_agreement")
def document(request: MemberVisit, report_id: int, document_id: int) -> HttpResponse:
    """One document's differences, each with both readings side by side in the text."""
    report = verbs.find(request.membership, report_id)
    found = verbs_of_places.of(report, request.membership, document_id)
    which = wanted(request.GET)
    layer = report.specification["layer"]
    shown = [each for each in found.differences if which.means(each, layer)]
    page = Paginator(shown, DIFFERENCES).get_page(request.GET.get("page"))
    listed = [
        {"type": each.type, "labels": each.labels, "pair": each.pair, "values": each.values}
        for each in found.differences
    ]
    counts = counts_of(report)
    then = counts.kinds_of(found.document.external_id) if counts else None
    now = Counter((each.type, *sorted(each.pair)) for each in found.differences)
    context = {
        **of_report(request, report),
        "document": found.document,
        "menus": menus(listed, which, label_names(request.project, layer), layer=layer),
        "narrowed": which != Which(),
        "page": page,
        "cards": cards(page, found, request.project, layer),
        "direction": direction(found.document.text),
        "sets": found.sets,
        "total": len(found.differences),
        "then": then.total() if then is not None else 0,
        "changed": then is not None and then != now,
        "all_documents": link(reverse_documents(request, report), which),
        "query": query_of(request),
    }
    return show(request, "report_document.html", context)


def of_report(request: MemberVisit, report: AgreementReport) -> dict[str, Any]:
    return {
        "report": report,
        "asked": asked(report, request.project),
        "tab": "web:agreement",
        "gives_up": may(request.membership.role, "label") and not request.membership.takes_part,
    }


def counts_of(report: AgreementReport) -> Counts | None:
    return unpacked(report.differences) if report.differences is not None else None


def where(request: MemberVisit, report: AgreementReport, document_id: int) -> str:
    kwargs = {"p": request.project.slug, "report_id": report.pk, "document_id": document_id}
    return reverse("web:report_document", kwargs=kwargs)


def reverse_documents(request: MemberVisit, report: AgreementReport) -> str:
    return reverse("web:report_documents", kwargs={"p": request.project.slug, "report_id": report.pk})


def query_of(request: MemberVisit) -> str:
    """The query without its page, to be kept by the links to other pages."""
    kept = request.GET.copy()
    kept.pop("page", None)
    return kept.urlencode()


def label_names(project: Project, layer: str) -> dict[str, str]:
    """The names of the layer's labels by slug."""
    return {label.slug: label.name for label in schemes.of(project).labels if label.kind == layer}


def cards(
    page: Sequence[Difference], found: verbs_of_places.Places, project: Project, layer: str
) -> list[dict[str, Any]]:
    """The differences of a page as they are shown."""
    names = names_of(project, layer, found.sets)
    hues = {label.slug: label.color for label in schemes.of(project).labels if label.kind == layer}
    own = {one.membership.alias: str(one.pk) for one in found.sets}
    return [
        {
            "title": f"{WORDS[each.type]}: {question(each.labels[0])}"
            if layer == "document"
            else WORDS[each.type],
            "meant": MEANT[each.type],
            "sides": sides(each, found.document.text, names, hues, own, found.spans),
        }
        for each in page
    ]


def names_of(project: Project, layer: str, sets: Sequence[AnnotationSet]) -> Mapping[tuple[str, str], str]:
    """What stands in a difference by its name: labels by kind ("" for the layer's own), holders, targets."""
    scheme = schemes.of(project)
    names = {(label.kind, label.slug): label.name for label in scheme.labels}
    names |= {("", label.slug): label.name for label in scheme.labels if label.kind == layer}
    names |= {("target", target.slug): target.name for target in scheme.targets}
    theirs = Q(private_to=None) | Q(private_to__in={one.membership_id for one in sets})
    holders = Holder.objects.filter(theirs, project=project).values_list("slug", "name")
    return names | {("holder", slug): name for slug, name in holders}
