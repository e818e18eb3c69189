"""Taking labels and targets out of the scheme: a question first, and a way back after."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from annotator.annotations.blindness import refuse_who_reads
from annotator.annotations.usage import usage_of
from annotator.projects import removals
from annotator.projects.models import Label, Target
from annotator.web.door import MemberVisit, member, show
from annotator.web.settings import find, here, told

WORDS = {
    "spans": ("on a span", "on {} spans"),
    "relations": ("on a relation", "on {} relations"),
    "answers": ("in an answer on a document", "in {} answers on documents"),
    "deleted": ("on a deleted mark that may be brought back", "on {} deleted marks that may be brought back"),
}


@member(see="manage_scheme", change="manage_scheme")
def remove_label(request: MemberVisit, label_id: int) -> HttpResponse:
    return asked(request, find(Label, request, label_id), "labels")


@member(see="manage_scheme", change="manage_scheme")
def remove_target(request: MemberVisit, target_id: int) -> HttpResponse:
    return asked(request, find(Target, request, target_id), "targets")


def asked(request: MemberVisit, found: Label | Target, place: str) -> HttpResponse:
    """The question, with where the entry stands; a post takes it out. Who reads would learn by it what others used."""
    refuse_who_reads(request.membership)
    if request.method == "POST":
        done = f"“{found}” was removed. It can be put back below."
        return told(request, lambda: removals.remove(found, actor=request.user), done, place)
    used = [WORDS[what][count > 1].format(f"{count:,}") for what, count in usage_of(found).items()]
    context = {"found": found, "used": used, "place": place, "tab": "web:settings"}
    return show(request, "scheme_removal.html", context)


@member(change="manage_scheme")
def put_back(request: MemberVisit, line_id: int) -> HttpResponse:
    """Makes again what was removed."""
    entry = removals.put_back(request.project, line_id, actor=request.user)
    messages.success(request, f"“{entry}” is in the scheme again.")
    return redirect(here(request, "labels" if isinstance(entry, Label) else "targets"))
