"""Putting a project away, opening it again, and deleting what has been put away."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from annotator.annotations import blindness
from annotator.assignments import pauses
from annotator.exchange import deletion
from annotator.projects import archive as verbs
from annotator.web.door import MemberVisit, member, show
from annotator.web.forms import tried


class NameForm(forms.Form):
    name = forms.CharField(label="The project's name", max_length=200, strip=True)


@member(see="archive_project", change="archive_project")
def archive(request: MemberVisit) -> HttpResponse:
    """Asks whether the project shall be put away; a post does it."""
    if request.method == "POST":
        verbs.archive(request.project, actor=request.user, now=timezone.now())
        messages.success(request, "The project is archived.")
        return redirect("web:archive", p=request.project.slug)
    return page(request, NameForm())


def page(request: MemberVisit, form: forms.Form, *, status: int = 200) -> HttpResponse:
    # Who takes part learns of nobody how much they have read.
    counts = None if blindness.reads(request.membership) else deletion.contents(request.project)
    context = {"form": form, "counts": counts, "tab": "web:settings"}
    return show(request, "archive.html", context, status=status)


@member(change="archive_project")
def reopen(request: MemberVisit) -> HttpResponse:
    """Opens the project again."""
    pauses.end(request.project, actor=request.user, now=timezone.now())
    messages.success(request, "The project is open again.")
    return redirect("web:progress", p=request.project.slug)


@member(change="archive_project")
def delete(request: MemberVisit) -> HttpResponse:
    """Deletes an archived project, where its name was typed."""
    deletion.refuse_open(request.project)
    form = NameForm(request.POST)
    name = request.project.name

    def deleted() -> bool:
        deletion.delete(request.project, name=form.cleaned_data["name"], actor=request.user)
        return True

    if form.is_valid() and tried(form, deleted):
        messages.success(request, f"“{name}” was deleted.")
        return redirect("web:work")
    return page(request, form, status=400)
