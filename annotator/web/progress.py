"""How far a study is: by document and by person for who may see that, else one's own readings; and what is going on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet, Sum
from django.http import HttpResponse
from django.utils import timezone

from annotator.accounts.roles import SEES_USERNAMES, may
from annotator.annotations.models import AnnotationSet
from annotator.assignments import standing
from annotator.assignments.standing import Tally
from annotator.documents.models import Document
from annotator.jobs.models import Job
from annotator.projects import scheme as schemes
from annotator.projects.models import Membership, Project
from annotator.web.door import MemberVisit, member, show
from annotator.web.jobs import page_of

STATES = ("open", "returned", "submitted", "accepted", "withdrawn")
FINISHED = ("submitted", "accepted")
RECENT = 12
# How long a job that has ended is still news.
NEWS = timedelta(hours=1)
MOST_JOBS = 5
JOBS = {
    "agreement": "Agreement report",
    "export": "Export",
    "import_preview": "Look at an uploaded file",
    "import_application": "Import",
}


@member(see="see_project")
def progress(request: MemberVisit) -> HttpResponse:
    """The project's page; at most eight queries however many documents and members."""
    membership, now = request.membership, timezone.now()
    sees_all = may(membership.role, "see_progress")
    archived = membership.project.archived_at is not None
    sets = AnnotationSet.objects.visible_to(membership)
    total = Document.objects.filter(project=membership.project_id).count()
    mine = list(own(sets, membership))
    jobs = jobs_of(request, now)
    context: dict[str, Any] = {
        "labels": membership.takes_part and may(membership.role, "label") and not archived,
        "sees_all": sees_all,
        "total": total,
        "jobs": jobs,
        "under_way": any(each.job.state != "done" for each in jobs),
        "mine": mine,
        "unfinished": any(reading.editable for reading in mine),
    }
    if sees_all:
        known = standing.tally(sets, documents=total, membership=membership, now=now)
        members = list(Membership.objects.filter(project=membership.project_id).select_related("user"))
        persons = people(members, sets, membership)
        submitted = sum(person.counts.get("submitted", 0) for person in persons)
        context |= {
            "bars": bars(known, membership.project.readers_per_document),
            "going_on": numbers(known, GOING_ON),
            "stuck": [each for each in numbers(known, STUCK) if each[2]],
            "people": persons,
            "states": STATES,
            "to_review": submitted if may(membership.role, "review") else 0,
        }
        if may(membership.role, "manage_project") and not archived:
            steps = list(steps_of(membership.project, documents=total, members=members))
            context["steps"] = [] if all(step.done for step in steps) else steps
    return show(request, "progress.html", context)


def own(sets: QuerySet[AnnotationSet], membership: Membership) -> QuerySet[AnnotationSet]:
    """The member's own readings, the newest first."""
    mine = sets.filter(membership=membership).select_related("document").order_by("-id")
    return mine.defer("document__text", "document__meta")[:RECENT]


@dataclass(frozen=True)
class Bar:
    """Documents with so many finished readings, their share of all, and where they are listed."""

    words: str
    count: int
    share: float
    state: str


def bars(known: Tally, readers: int) -> list[Bar]:
    """From those with all their readers to those with none; a number of readings that no document has is left out."""
    names = [each for each in known.standing if each in ("unsubmitted", "partly", "complete") or "-" in each]
    return [
        Bar(words_for(name, readers), known.standing[name], known.standing[name] / known.total, name)
        for name in reversed(names)
        if known.standing[name]
    ]


def words_for(name: str, readers: int) -> str:
    match name:
        case "complete":
            return "read by all" if readers > 1 else "read"
        case "unsubmitted":
            return "no reading submitted"
        case "partly":
            return f"some of {readers} readings submitted"
        case _:
            return f"{name.partition('-')[0]} of {readers} readings submitted"


GOING_ON = {
    "unread": "not begun",
    "begun": "being read",
    "review": "waiting for a review",
    "returned": "returned",
    "settled": "settled",
}
STUCK = {
    "lapsed": "begun, and the seat has lapsed",
    "skipped": "skipped by somebody",
    "flagged": "flagged",
}


def numbers(known: Tally, words: dict[str, str]) -> list[tuple[str, str, int]]:
    """(state, words, count) of what this member can be told."""
    return [(name, said, known.standing[name]) for name, said in words.items() if name in known.standing]


@dataclass(frozen=True)
class Person:
    """What one member has read and how long it took, as far as the one who looks may see it."""

    alias: str
    username: str
    removed: bool
    counts: dict[str, int]
    seconds: int
    seconds_finished: int
    last: datetime | None

    @property
    def cells(self) -> list[tuple[str, int]]:
        return [(state, self.counts.get(state, 0)) for state in STATES]

    @property
    def hours(self) -> str:
        return f"{self.seconds // 3600}:{self.seconds // 60 % 60:02}" if self.seconds else ""

    @property
    def each(self) -> str:
        """Minutes for a finished reading, on average; nothing where none was timed."""
        finished = sum(self.counts.get(state, 0) for state in FINISHED)
        if not finished or not self.seconds_finished:
            return ""
        return f"{max(round(self.seconds_finished / finished / 60), 1)} min"


def people(members: list[Membership], sets: QuerySet[AnnotationSet], membership: Membership) -> list[Person]:
    """Every member with readings that may be seen, or who labels."""
    rows = (
        sets.order_by()
        .values("membership", "state")
        .annotate(n=Count("pk"), seconds=Sum("active_seconds"), last=Max("active_at"))
    )
    counted: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        counted.setdefault(row["membership"], []).append(dict(row))
    named = membership.role in SEES_USERNAMES
    return [
        person_of(one, counted.get(one.pk, []), named=named)
        for one in members
        if (one.takes_part and may(one.role, "label")) or one.pk in counted
    ]


def person_of(member_: Membership, rows: list[dict[str, Any]], *, named: bool) -> Person:
    return Person(
        alias=member_.alias,
        username=member_.user.username if named and member_.user else "",
        removed=member_.former_id is not None,
        counts={row["state"]: row["n"] for row in rows},
        seconds=sum(row["seconds"] for row in rows),
        seconds_finished=sum(row["seconds"] for row in rows if row["state"] in FINISHED),
        last=max((row["last"] for row in rows if row["last"]), default=None),
    )


@dataclass(frozen=True)
class GoingOn:
    """Long work of the person's own, and the page on which its result stands."""

    words: str
    job: Job
    page: str


def jobs_of(request: MemberVisit, now: datetime) -> list[GoingOn]:
    """What the person asked for and is not done yet, or ended a moment ago."""
    lately = Q(finished_at=None) | Q(finished_at__gt=now - NEWS)
    rows = Job.objects.filter(lately, project=request.project, created_by=request.user)
    return [
        GoingOn(JOBS.get(job.kind, job.kind), job, page_of(job))
        for job in rows.order_by(F("finished_at").desc(nulls_first=True), "-created_at").defer(
            "result", "parameters"
        )[:MOST_JOBS]
    ]


@dataclass(frozen=True)
class Step:
    """Something a new project still needs, and where it is done."""

    title: str
    why: str
    url: str
    done: bool


def steps_of(project: Project, *, documents: int, members: list[Membership]) -> Iterator[Step]:
    """What makes an empty project a study, in order."""
    scheme = schemes.of(project)
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
    somebody = any(each.takes_part for each in members)
    yield Step("Add those who label", "By username, or by an invitation link.", "web:members", somebody)
