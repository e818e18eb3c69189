"""Imports: a file comes in, is looked at, and is taken over when somebody has seen what it would come to."""

from collections.abc import Sequence
from contextlib import closing
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from annotator.errors import Invalid
from annotator.exchange import imports as verbs
from annotator.exchange.models import Import
from annotator.formats.encodings import CHOICES
from annotator.formats.standoff import number_of
from annotator.web.door import MemberVisit, member, show
from annotator.web.forms import posted, tried
from annotator.web.refusals import refused
from annotator.web.uploads import Bundle, UploadForm

RECENT = 50
MOST_NAMES = 50
SHOWN = 3
SEPARATORS = [("", "found by itself"), (",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "bar")]
COUNTS = {
    "documents": "new documents",
    "documents_there": "documents that are here already, with the same text",
    "sets": "readings",
    "sets_there": "readings that are here already",
    "spans": "spans",
    "relations": "relations",
    "document_labels": "answers on documents",
    "comments": "comments",
    "foreign_kept": "annotations of another tool, kept beside the texts and not as labels",
    "foreign_left": "annotations of another tool that are not taken",
    "not_taken": "rows or parts that are not taken",
    "remarks": "remarks on what is taken",
}


class LookForm(forms.Form):
    """How to read the file, where the first look was wrong; an empty choice leaves it to be found out."""

    encoding = forms.ChoiceField(
        required=False, choices=[("", "found by itself"), *((name, name) for name in CHOICES)]
    )
    separator = forms.ChoiceField(required=False, choices=SEPARATORS, label="Columns are separated by")
    add_labels = forms.BooleanField(
        required=False, label="Add the labels, targets, holders and guideline the project lacks"
    )

    def __init__(self, *args: Any, imported: Import, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": imported.options, **kwargs})
        names = (imported.preview or {}).get("columns", {}).get("names", [])
        choices = [("", "found by its name"), *((name, name) for name in names)]
        for option, title in (("text", "Text"), ("id", "Id"), ("title", "Title"), ("language", "Language")):
            if names:
                self.fields[option] = forms.ChoiceField(
                    required=False, choices=choices, label=f"{title} is the column"
                )
        self.names: list[str] = [each["name"] for each in (imported.preview or {}).get("annotators", [])][
            :MOST_NAMES
        ]
        if self.names:
            aliases = imported.project.memberships.values_list("alias", flat=True)
            known = [("", "as the preview says"), *((alias, alias) for alias in aliases)]
        for number, name in enumerate(self.names):
            chosen = imported.options.get("map", {}).get(name)
            self.fields[f"map-{number}"] = forms.ChoiceField(
                required=False, choices=known, label=f"Readings of {name} are those of", initial=chosen
            )
        if imported.format != "csv":
            del self.fields["separator"]
        if imported.format != "neutral":
            del self.fields["add_labels"]

    def options(self) -> dict[str, Any]:
        chosen = {name: value for name, value in self.cleaned_data.items() if value not in ("", False)}
        mapped = {
            name: chosen.pop(key)
            for number, name in enumerate(self.names)
            if (key := f"map-{number}") in chosen
        }
        return {**chosen, "map": mapped} if mapped else chosen


@csrf_exempt
def imports(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """The imports and the form for another; a body that is too large is refused before it is read for its token."""
    declared = request.META.get("CONTENT_LENGTH") or "0"
    if not declared.isdigit() or int(declared) > settings.UPLOAD_LIMIT + settings.JSON_BODY_LIMIT:
        return refused(request, 413, "file_too_large", "A file may have 1 GB.")
    return protected_imports(request, **kwargs)


@csrf_protect
@member(see="import", change="import")
def protected_imports(request: MemberVisit) -> HttpResponse:
    form = UploadForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        imported = tried(form, lambda: received(request, **form.cleaned_data))
        if imported is not None:
            return redirect("web:import", p=request.project.slug, import_id=imported.pk)
    rows = (
        Import.objects.visible_to(request.membership)
        .defer("preview")
        .select_related("preview_job", "application_job")
    )
    return show(
        request,
        "imports.html",
        {"form": form, "imports": rows[:RECENT]},
        status=400 if form.is_bound else 200,
    )


def received(request: MemberVisit, *, file: "Sequence[UploadedFile[Any]]", format: str) -> Import:  # noqa: A002
    """The import of one file, or of several text files as one ZIP of them."""
    project, actor = request.project, request.user
    if len(file) == 1:
        return verbs.request(project, file[0], format, {}, actor=actor)
    if format not in ("auto", "text"):
        raise Invalid("several_files", "Only text files can come several at once.", attr="format")
    with closing(Bundle(file)) as bundle:
        return verbs.request(project, bundle, "zip", {}, actor=actor)


@member(see="import")
def one_import(request: MemberVisit, import_id: int) -> HttpResponse:
    """What the file would come to, or has come to."""
    return page(request, verbs.find(request.membership, import_id))


def page(
    request: MemberVisit, found: Import, *, look: forms.Form | None = None, status: int = 200
) -> HttpResponse:
    preview = found.preview or {}
    phase = "application" if found.state in ("applying", "applied") else "preview"
    counts = found.counts if phase == "application" else preview.get("counts", {})
    context = {
        "imported": found,
        "preview": preview,
        "job": found.application_job if phase == "application" else found.preview_job,
        "counts": [(words, counts[name]) for name, words in COUNTS.items() if counts.get(name)],
        "columns": preview.get("columns"),
        "problems": found.problems.filter(phase=phase)[:100],
        "left_out": left_out(found) if found.state == "previewed" else [],
        "problem_count": sum(counts.get(name, 0) for name in ("not_taken", "remarks")),
        "look": look or LookForm(imported=found),
        "foreign": [
            {**each, "words": number_of(each["what"], each["count"])} for each in preview.get("foreign", ())
        ],
        "offers_additions": offers_additions(found),
        "adding": [("add_labels", "on"), *said(found)],
        "tab": "web:imports",
    }
    return show(request, "import.html", context, status=status)


def offers_additions(found: Import) -> bool:
    """Whether the file's scheme has something that the project lacks, and nobody has asked for it yet."""
    added = (found.preview or {}).get("additions", {})
    return any(added.values()) and not found.options.get("add_labels")


def said(found: Import) -> list[tuple[str, str]]:
    """The fields of the form in which what was chosen before stands, so that another look keeps it."""
    names = [each["name"] for each in (found.preview or {}).get("annotators", [])][:MOST_NAMES]
    mapped = found.options.get("map", {})
    fields = [(f"map-{number}", mapped[name]) for number, name in enumerate(names) if name in mapped]
    encoding = found.options.get("encoding")
    return [("encoding", encoding), *fields] if encoding else fields


def left_out(found: Import) -> list[str]:
    """What of the file is not going to be taken, in a sentence each: the first three, beside the question."""
    problems = found.problems.filter(phase="preview", taken=False)
    return [f"{each.place}: {each.detail}" for each in problems[:SHOWN]]


@member(change="import")
def look_again(request: MemberVisit, import_id: int) -> HttpResponse:
    """Looks at the same file with other options."""
    found = verbs.find(request.membership, import_id)
    form = LookForm(request.POST, imported=found)
    if form.is_valid():
        looking = tried(form, lambda: verbs.look_again(found, form.options(), actor=request.user))
        if looking is not None:
            return back(request, looking)
    return page(request, found, look=form, status=400)


@member(change="import")
def apply(request: MemberVisit, import_id: int) -> HttpResponse:
    """Takes over what was previewed; the button says yes to the guessed encoding that stands beside it."""
    found = verbs.find(request.membership, import_id)
    verbs.apply(found, actor=request.user, encoding=request.POST.get("encoding") or None)
    return back(request, found)


@member(change="import")
def discard(request: MemberVisit, import_id: int) -> HttpResponse:
    """Forgets a file that was not taken over."""
    verbs.discard(verbs.find(request.membership, import_id), actor=request.user)
    return redirect("web:imports", p=request.project.slug)


def back(request: MemberVisit, found: Import) -> HttpResponse:
    return redirect("web:import", p=request.project.slug, import_id=found.pk)
