"""Starting a project, and how far it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods

from annotator.accounts.roles import SEES_USERNAMES, may
from annotator.annotations.models import AnnotationSet
from annotator.documents.models import Document
from annotator.projects import scheme as schemes
from annotator.projects import studies
from annotator.projects.models import Membership, Project
from annotator.web.door import MemberVisit, Visit, member, show, signed_in
from annotator.web.forms import NewProject, posted, tried

STATES = ("open", "returned", "submitted", "accepted", "withdrawn")
RECENT = 12


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


@dataclass(frozen=True)
class Step:
    """Something a new project still needs, and where it is done."""

    title: str
    why: str
    url: str
    done: bool


@dataclass(frozen=True)
class Person:
    """What one member has read, as far as the one who looks may see it."""

    alias: str
    username: str
    counts: list[int]
    seconds: int

    @property
    def submitted(self) -> int:
        return self.counts[STATES.index("submitted")]

    @property
    def hours(self) -> str:
        return f"{self.seconds // 3600}:{self.seconds // 60 % 60:02}"


@member(see="see_project")
def progress(request: MemberVisit) -> HttpResponse:
    """How far the study is: by document and by person for who may see that, else one's own readings."""
    membership = request.membership
    sees_all = may(membership.role, "see_progress")
    sets = AnnotationSet.objects.visible_to(membership)
    documents = Document.objects.filter(project=membership.project_id)
    context: dict[str, Any] = {
        "states": STATES,
        "labels": membership.takes_part and may(membership.role, "label"),
        "sees_all": sees_all,
        "bars": bars(documents, sets, membership.project.readers_per_document) if sees_all else None,
        "people": people(sets, membership) if sees_all else None,
        "to_review": 0,
        "mine": sets.filter(membership=membership)
        .select_related("document")
        .defer("document__text")
        .order_by("-id")[:RECENT],
        "total": documents.count(),
    }
    if may(membership.role, "review"):
        context["to_review"] = sum(person.submitted for person in context["people"])
    if may(membership.role, "manage_project"):
        steps = list(steps_of(membership.project, context["total"]))
        context["steps"] = [] if all(step.done for step in steps) else steps
    return show(request, "progress.html", context)


@dataclass(frozen=True)
class Bar:
    """Documents with so many finished readings, and their share of all."""

    words: str
    count: int
    share: float


def bars(documents: QuerySet[Document], sets: QuerySet[AnnotationSet], readers: int) -> list[Bar]:
    """How many documents have all their readers, some, or none; only readings that may be seen count."""
    human = sets.filter(kind="human", document=OuterRef("pk"), state__in=["submitted", "accepted"]).order_by()
    each = human.values("document").annotate(n=Count("pk")).values("n")
    finished = Coalesce(Subquery(each, output_field=IntegerField()), 0)
    rows = documents.order_by().annotate(finished=finished).values_list("finished").annotate(n=Count("pk"))
    counted: dict[int, int] = {}
    for count, n in rows:
        counted[min(count, readers)] = counted.get(min(count, readers), 0) + n
    total = sum(counted.values())
    return [
        Bar(words_for(count, readers), counted[count], counted[count] / total)
        for count in sorted(counted, reverse=True)
    ]


def words_for(count: int, readers: int) -> str:
    if count >= readers:
        return "read by all" if readers > 1 else "read"
    return f"{count} of {readers} readings submitted" if count else "no reading submitted"


def people(sets: QuerySet[AnnotationSet], membership: Membership) -> list[Person]:
    """Every member with readings that may be seen, or who labels."""
    rows = (
        sets.order_by()
        .values_list("membership", "state")
        .annotate(n=Count("pk"), seconds=Sum("active_seconds"))
    )
    counted: dict[int, dict[str, tuple[int, int]]] = {}
    for key, state, n, seconds in rows:
        counted.setdefault(key, {})[state] = (n, seconds)
    members = Membership.objects.filter(project=membership.project_id).select_related("user")
    named = membership.role in SEES_USERNAMES
    return [
        person_of(one, counted.get(one.pk, {}), named=named)
        for one in members
        if one.takes_part or one.pk in counted
    ]


def person_of(member_: Membership, counted: dict[str, tuple[int, int]], *, named: bool) -> Person:
    return Person(
        alias=member_.alias,
        username=member_.user.username if named and member_.user else "",
        counts=[counted.get(state, (0, 0))[0] for state in STATES],
        seconds=sum(seconds for _, seconds in counted.values()),
    )


def steps_of(project: Project, documents: int) -> Iterator[Step]:
    """What makes an empty project a study, in order."""
    scheme = schemes.of(project)
    others = Membership.objects.filter(project=project, takes_part=True).exists()
    yield Step(
        "Say what stances are toward",
        "A project has one target or more.",
        "web:settings",
        bool(scheme.targets),
    )
    yield Step("Choose the labels", "Each with a definition and a key.", "web:settings", bool(scheme.labels))
    written = bool(scheme.guideline and scheme.guideline.text)
    yield Step("Write the guideline", "It is one key away while labelling.", "web:guideline_edit", written)
    yield Step("Upload documents", "Text files, a ZIP, CSV, JSONL.", "web:imports", documents > 0)
    yield Step("Add those who label", "By username, or by an invitation link.", "web:members", others)
