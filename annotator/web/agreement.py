"""Agreement: asking for a report, the list, and one report to be read."""

from typing import Any

from django import forms
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect

from annotator.accounts.roles import may
from annotator.agreement import methods
from annotator.errors import Conflict
from annotator.projects import scheme as schemes
from annotator.projects.models import Project
from annotator.reports import agreement as verbs
from annotator.reports.models import AgreementReport
from annotator.web.door import MemberVisit, member, show
from annotator.web.figures import LEFT_OUT, TITLES, Figures, offenders, picture, tables
from annotator.web.forms import posted, tried
from annotator.web.headlines import gap, headline, worth

RECENT = 50
LAYERS = [
    ("stance", "Stances of spans"),
    ("role", "Roles of spans"),
    ("document", "Answers on whole documents"),
]
SETS = [
    ("submitted", "Readings of people, submitted or accepted"),
    ("all", "Those, and gold and model readings"),
]


class AgreementForm(forms.Form):
    layer = forms.ChoiceField(choices=LAYERS, label="Compare", widget=forms.RadioSelect, initial="stance")
    target = forms.ChoiceField(required=False, label="Stances toward")
    sets = forms.ChoiceField(choices=SETS, label="Which readings")

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        targets = [(target.slug, target.name) for target in schemes.of(project).targets]
        if len(targets) > 1:
            self.fields["target"].choices = targets  # type: ignore[attr-defined]
        else:
            del self.fields["target"]


@member(see="see_agreement", change="request_agreement")
def reports(request: MemberVisit) -> HttpResponse:
    """The reports, newest first; a POST asks for one."""
    form = AgreementForm(posted(request), project=request.project)
    if form.is_valid():
        given = dict(form.cleaned_data)
        if given["layer"] != "stance":
            given.pop("target", None)
        report = tried(form, lambda: verbs.request(request.membership, given, actor=request.user))
        if report is not None:
            return redirect("web:report", p=request.project.slug, report_id=report.pk)
    rows = verbs.visible_to(request.membership).defer("result")[:RECENT]
    context = {
        "form": form,
        "reports": [(row, asked(row, request.project)) for row in rows],
        "may_request": may(request.membership.role, "request_agreement"),
    }
    return show(request, "agreement.html", context, status=400 if form.is_bound else 200)


def asked(report: AgreementReport, project: Project) -> str:
    """What a report is about, in words."""
    layer = dict(LAYERS).get(report.specification["layer"], report.specification["layer"])
    names = {target.slug: target.name for target in schemes.of(project).targets}
    target = report.specification.get("target")
    return f"{layer} toward {names.get(target, target)}" if target else layer


@member(see="see_agreement")
def report(request: MemberVisit, report_id: int) -> HttpResponse:
    """One report: while it is computed how far it is, then what was found, on what, and how."""
    found = verbs.find(request.membership, report_id)
    context: dict[str, Any] = {
        "report": found,
        "job": found.job,
        "asked": asked(found, request.project),
        "own": found.job.created_by_id == request.user.pk,
        "tab": "web:agreement",
    }
    if found.result is not None:
        context |= read(found.result, request.project)
    return show(request, "report.html", context)


def read(result: dict[str, Any], project: Project) -> dict[str, Any]:
    """The report's parts for the page."""
    figures = Figures(result["figures"])
    labels = [label for label in schemes.of(project).labels if label.kind == result["layer"]]
    interval = next((figure["interval"] for figure in figures.all if figure["interval"]), None)
    parts = []
    for group in figures.groups():
        known = {
            label.slug: schemes.label_record(label) for label in labels if not group or label.group == group
        }
        parts.append(
            {
                "group": group,
                "picture": picture(figures, group, known),
                "tables": tables(figures, group, known),
            }
        )
    return {
        "result": result,
        "headline": headline(result["layer"], figures),
        "gap": gap(result["layer"], figures),
        "worth": worth(result["layer"], figures),
        "parts": parts,
        "interval": interval,
        "offenders": offenders(figures.all),
        "left_out": [
            (LEFT_OUT.get(row["reason"], row["reason"].replace("_", " ")), row) for row in result["left_out"]
        ],
        "methods": [
            (TITLES.get(name, name), methods.METHODS[name])
            for name in dict.fromkeys(figure["name"] for figure in figures.all)
            if name in methods.METHODS
        ],
    }


@member(see="see_agreement")
def download(request: MemberVisit, report_id: int) -> HttpResponse:
    """The report's own object, as the API gives it."""
    found = verbs.find(request.membership, report_id)
    if found.result is None:
        raise Conflict("not_ready", "This report is not computed yet.")
    name = f"{request.project.slug}-agreement-{found.pk}.json"
    answer = JsonResponse(found.result, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="{name}"' if name.isascii() else "attachment"
    return answer
