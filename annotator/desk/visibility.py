"""Which rows a viewer sees, each table by the project or the reading its rows belong to (design, promise 4)."""

from functools import reduce
from operator import or_
from typing import TypeVar

from django.db.models import CharField, Model, Q, QuerySet, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Concat

from annotator.annotations.models import AnnotationSet
from annotator.desk.viewers import Viewer
from annotator.exchange.models import Import
from annotator.history.models import Event
from annotator.projects.holders import known_by
from annotator.projects.models import Holder, Project

M = TypeVar("M", bound=Model)

# What events of these things tell is about the study; all others are about a reading and seen with it.
STUDY_EVENTS = (
    "project:", "membership:", "invitation:", "label:", "target:", "guideline:", "document:", "job:", "agreement:",
    "import:", "export:",
)  # fmt: skip


# What was imported is told with the number of readings that were new, or here already.
TELLS_OF_ALL_READINGS = Q(subject__startswith="import:") | Q(verb="readings_imported")


def projects(viewer: Viewer) -> "QuerySet[Project]":
    return within(Project.objects.all(), viewer, path="pk")


def within(rows: "QuerySet[M]", viewer: Viewer, *, path: str = "project") -> "QuerySet[M]":
    """The rows of the projects the viewer sees."""
    return rows if viewer.everywhere else rows.filter(**{f"{path}__in": viewer.project_ids})


def sets(viewer: Viewer) -> "QuerySet[AnnotationSet]":
    """The readings the viewer sees: in each project what their membership there sees."""
    seen: list[QuerySet[AnnotationSet]] = [
        AnnotationSet.objects.visible_to(row) for row in viewer.memberships
    ]
    if viewer.unbound:
        return AnnotationSet.objects.all()
    if viewer.everywhere:
        seen.append(AnnotationSet.objects.exclude(project__in=viewer.project_ids))
    return reduce(or_, seen, AnnotationSet.objects.none())


def of_sets(rows: "QuerySet[M]", viewer: Viewer, *, path: str = "set") -> "QuerySet[M]":
    """The rows that belong to readings the viewer sees."""
    return rows if viewer.unbound else rows.filter(**{f"{path}__in": sets(viewer).order_by().values("pk")})


def holders(viewer: Viewer) -> "QuerySet[Holder]":
    """The registry, and the additions of others where the viewer may know them."""
    seen: list[QuerySet[Holder]] = [
        known_by(row)
        if row.project_id in viewer.blind_in
        else Holder.objects.visible_to(row).filter(project=row.project_id)
        for row in viewer.memberships
    ]
    if viewer.everywhere:
        seen.append(Holder.objects.exclude(project__in=viewer.project_ids))
    return reduce(or_, seen, Holder.objects.none())


def over_all_readings(rows: "QuerySet[M]", viewer: Viewer) -> "QuerySet[M]":
    """Rows whose content is made from all readings of a project: none where the viewer is blind to any."""
    seen = within(rows, viewer)
    return seen.exclude(project__in=viewer.blind_in) if viewer.blind_in else seen


def work(rows: "QuerySet[M]", viewer: Viewer) -> "QuerySet[M]":
    """Long work and files: all of it for a manager who is blind to nothing, else what they asked for, as in the API."""
    seen = within(rows, viewer)
    partly = viewer.sees_own_work_in
    return seen.filter(~Q(project__in=partly) | Q(created_by=viewer.user.pk)) if partly else seen


def imports(viewer: Viewer) -> "QuerySet[Import]":
    """The files that came in, in each project as its pages show them to this member."""
    if viewer.unbound:
        return Import.objects.all()
    seen: list[QuerySet[Import]] = [Import.objects.visible_to(row) for row in viewer.memberships]
    if viewer.everywhere:
        seen.append(Import.objects.exclude(project__in=viewer.project_ids))
    return reduce(or_, seen, Import.objects.none())


def events(viewer: Viewer) -> "QuerySet[Event]":
    """History of the viewer's projects: of the study all lines, of readings those whose reading they see."""
    rows = within(Event.objects.all(), viewer, path="project_id")
    if viewer.unbound:
        return rows
    seen = sets(viewer).order_by().annotate(text=Cast("pk", CharField()))
    rows = rows.alias(of_set=Cast(KeyTextTransform("set", "data"), CharField()))
    study = reduce(or_, [Q(subject__startswith=prefix) for prefix in STUDY_EVENTS])
    study &= ~(TELLS_OF_ALL_READINGS & Q(project_id__in=viewer.blind_in))
    elsewhere = ~Q(project_id__in=viewer.project_ids) if viewer.everywhere else Q(pk__in=[])
    subjects = seen.annotate(subject=Concat(Value("set:"), "text")).values("subject")
    readings = Q(subject__in=subjects) | Q(of_set__in=seen.values("text"))
    return rows.filter(study | readings | elsewhere | Q(actor_id=viewer.user.pk))
