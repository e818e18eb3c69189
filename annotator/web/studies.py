"""Starting a project."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods

from annotator.projects import studies
from annotator.web.door import Visit, show, signed_in
from annotator.web.forms import NewProject, posted, tried


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new_project(request: Visit) -> HttpResponse:
    """The form, and with POST the project, which the person manages."""
    form = NewProject(posted(request))
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        given["slug"] = given["slug"] or slugify(given["name"], allow_unicode=True)[:80] or "project"
        given["template"] = given["template"] or None
        project = tried(form, lambda: studies.create(actor=request.user, **given))
        if project is not None:
            return redirect("web:progress", p=project.slug)
    return show(request, "new_project.html", {"form": form}, status=400 if form.is_bound else 200)
