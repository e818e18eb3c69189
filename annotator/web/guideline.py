"""The guideline: reading it, its versions, writing the next one."""

from django.http import HttpResponse
from django.shortcuts import redirect

from annotator.errors import NotFound
from annotator.projects import studies
from annotator.projects.guidelines import rendered
from annotator.web.door import MemberVisit, member, show
from annotator.web.forms import GuidelineForm, posted, tried


@member(see="see_project")
def guideline(request: MemberVisit) -> HttpResponse:
    """The wording in force, or an older one by ?version=."""
    versions = list(request.project.guidelines.defer("text").order_by("-version"))
    wanted = request.GET.get("version", "")
    shown = request.project.guidelines.last()
    if wanted:
        number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 10 else 0
        shown = request.project.guidelines.filter(version=number).first()
        if shown is None:
            raise NotFound("not_found", f"There is no version {wanted} of this guideline.")
    context = {"versions": versions, "shown": shown, "html": rendered(shown.text) if shown else ""}
    return show(request, "guideline.html", context)


@member(see="manage_scheme", change="manage_scheme")
def edit(request: MemberVisit) -> HttpResponse:
    """The editor; a POST shows a preview, or saves the wording as a new version."""
    last = request.project.guidelines.last()
    form = GuidelineForm(posted(request), initial={"text": last.text if last else ""})
    preview = None
    if form.is_valid():
        if request.POST.get("action") == "save":
            text = form.cleaned_data["text"]
            if (
                tried(form, lambda: studies.write_guideline(request.project, text, actor=request.user))
                is not None
            ):
                return redirect("web:guideline", p=request.project.slug)
        else:
            preview = rendered(form.cleaned_data["text"])
    return show(
        request,
        "guideline_edit.html",
        {"form": form, "last": last, "preview": preview, "tab": "web:guideline"},
    )
