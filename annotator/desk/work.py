"""What moves readings on, and long work: assignments, submissions, reviews, jobs, agreement; all read-only."""

from django.contrib import admin
from django.db.models import QuerySet

from annotator.assignments.models import Assignment, Review, Submission
from annotator.desk import visibility
from annotator.desk.filters import JobKindFilter, JobProjectFilter, ProjectFilter, SetProjectFilter
from annotator.desk.registers import ProjectRegister, SetRegister
from annotator.desk.viewers import Viewer
from annotator.jobs.models import Job, JobPart
from annotator.reports.models import AgreementReport

READINGS = ("set__membership__alias", "set__document__external_id", "set__document__title")


@admin.register(Assignment)
class Assignments(SetRegister):
    list_display = ["reading", "project", "created_at", "ended_at", "outcome", "reason"]
    list_filter = [ProjectFilter, "outcome", "created_at"]
    search_fields = [*READINGS]
    list_select_related = ["project", "set", "set__membership", "set__document"]


@admin.register(Submission)
class Submissions(SetRegister):
    list_display = ["reading", "actor", "at", "withdrawn_at"]
    list_filter = [SetProjectFilter, "at"]
    search_fields = [*READINGS]
    list_select_related = ["actor", "set", "set__membership", "set__document"]


@admin.register(Review)
class Reviews(SetRegister):
    list_display = ["reading", "decision", "actor", "note", "at"]
    list_filter = [SetProjectFilter, "decision", "at"]
    search_fields = [*READINGS, "note"]
    list_select_related = ["actor", "set", "set__membership", "set__document"]


@admin.register(Job)
class Jobs(ProjectRegister):
    """Long work; what it found may be about all readings, so only managers who are not blind see those of others."""

    hidden = ("runner",)
    list_display = [
        "kind",
        "state",
        "share",
        "project",
        "created_by",
        "created_at",
        "finished_at",
        "attempts",
    ]
    list_filter = [ProjectFilter, JobKindFilter, "state", "created_at"]
    search_fields = ["kind", "created_by__username"]
    list_select_related = ["project", "created_by"]
    deferred = ("parameters", "result", "project__description")

    def visible(self, viewer: Viewer) -> "QuerySet[Job]":
        return visibility.work(Job.objects.all(), viewer)

    @admin.display(description="progress", ordering="progress")
    def share(self, row: Job) -> str:
        return f"{row.progress:.0%}"


@admin.register(JobPart)
class JobParts(ProjectRegister):
    """The pieces of a job that workers share."""

    project_path = "job.project_id"
    hidden = ("runner", "result")
    list_display = ["job", "number", "done", "project"]
    list_filter = [JobProjectFilter, "done"]
    search_fields = ["job__kind"]
    list_select_related = ["job", "job__project"]
    deferred = ("parameters", "result", "job__parameters", "job__result", "job__project__description")
    ordering = ["-id"]

    def visible(self, viewer: Viewer) -> "QuerySet[JobPart]":
        rows = JobPart.objects.all()
        if viewer.unbound:
            return rows
        seen = visibility.work(Job.objects.all(), viewer)
        return rows.filter(job__in=seen.order_by().values("pk"))

    @admin.display(ordering="job__project")
    def project(self, row: JobPart) -> str:
        return row.job.project.name


@admin.register(AgreementReport)
class AgreementReports(ProjectRegister):
    list_display = ["name", "project", "created_by", "created_at", "state"]
    list_filter = [ProjectFilter, "created_at"]
    search_fields = ["project__name", "created_by__username", "inputs_sha256"]
    list_select_related = ["project", "created_by", "job"]
    deferred = ("result", "project__description", "job__result", "job__parameters")

    def visible(self, viewer: Viewer) -> "QuerySet[AgreementReport]":
        return visibility.over_all_readings(AgreementReport.objects.all(), viewer)

    @admin.display(description="report", ordering="id")
    def name(self, row: AgreementReport) -> str:
        asked = row.specification
        return " · ".join(str(asked[key]) for key in ("layer", "target") if asked.get(key)) or str(row)

    @admin.display(description="state", ordering="job__state")
    def state(self, row: AgreementReport) -> str:
        return row.job.state
