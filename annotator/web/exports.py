"""Exports: what was asked for, and the files that came of it."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect

from annotator.accounts.roles import SEES_USERNAMES
from annotator.exchange import exports as verbs
from annotator.jobs.models import Job
from annotator.web.door import MemberVisit, member, show
from annotator.web.forms import posted, tried

RECENT = 50
FORMATS = [
    ("jsonl", "JSONL: the neutral record, one document a line"),
    ("csv", "CSV: one span a row"),
    ("bundle", "Bundle: JSONL with the scheme and a manifest, as a ZIP"),
]
SETS = [
    ("submitted", "Submitted and accepted ones"),
    ("all", "All that I may see"),
    ("gold", "Gold only"),
]
NAMES = [("alias", "By alias"), ("username", "By username")]


class ExportForm(forms.Form):
    format = forms.ChoiceField(choices=FORMATS, widget=forms.RadioSelect, initial="jsonl")
    sets = forms.ChoiceField(choices=SETS, label="Which readings")
    names = forms.ChoiceField(choices=NAMES, label="People appear")

    def __init__(self, *args: Any, usernames: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not usernames:
            del self.fields["names"]


@member(see="export", change="export")
def exports(request: MemberVisit) -> HttpResponse:
    """The person's exports, newest first; a POST asks for one."""
    form = ExportForm(posted(request), usernames=request.membership.role in SEES_USERNAMES)
    if form.is_valid():
        job = tried(form, lambda: verbs.request(request.project, form.cleaned_data, actor=request.user))
        if job is not None:
            return redirect("web:exports", p=request.project.slug)
    rows = Job.objects.filter(project=request.project, kind="export", created_by=request.user)[:RECENT]
    context = {"form": form, "exports": [described(job) for job in rows]}
    return show(request, "exports.html", context, status=400 if form.is_bound else 200)


def described(job: Job) -> dict[str, Any]:
    """An export in words, with what is in its file."""
    chosen = job.parameters
    words = dict(FORMATS).get(chosen.get("format"), "").partition(":")[0]
    return {
        "job": job,
        "about": f"{words}, {dict(SETS).get(chosen.get('sets'), '').lower()}",
        "result": job.result if job.state == "done" else None,
    }
