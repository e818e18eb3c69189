"""Files that came in: what they are, what looking at them showed, how far they have been taken over."""

from django.db import models
from django.db.models import Q

from annotator.accounts.models import User
from annotator.accounts.roles import MANAGER
from annotator.annotations.models import reads
from annotator.jobs.models import Job
from annotator.projects.models import Membership, Project


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, membership: Membership) -> "ImportQuerySet":
        """The project's imports; who reads sees their own without sets, for a preview tells of readings (promise 4)."""
        here = self.filter(project=membership.project_id)
        if reads(membership):
            return here.filter(created_by=membership.user_id, holds_sets=False)
        return here if membership.role == MANAGER else here.filter(created_by=membership.user_id)


class Import(models.Model):
    """An uploaded file, its preview and its application.

    `cursor` is how many of its rows and problems have been dealt with: it rises in the transaction that takes them over, so
    that an attempt which goes on after a crash takes nothing twice. The file is deleted when all of it is.
    """

    class Format(models.TextChoices):
        TEXT = "text", "A text file"
        ZIP = "zip", "A ZIP of text files"
        CSV = "csv", "A table (CSV or TSV) with a text column"
        JSONL = "jsonl", "JSON Lines with a text column"
        NEUTRAL = "neutral", "Neutral records, as JSONL or as a bundle"

    class State(models.TextChoices):
        RECEIVED = "received"
        PREVIEWED = "previewed"
        APPLYING = "applying"
        APPLIED = "applied"
        FAILED = "failed"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="imports")
    name = models.CharField(max_length=255, help_text="The file's name where it came from.")
    path = models.CharField(
        max_length=200, blank=True, help_text="Below the files directory; empty once it is deleted."
    )
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    format = models.CharField(max_length=10, choices=Format.choices)
    holds_sets = models.BooleanField(default=False, help_text="Readings are in the file.")
    options = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    preview = models.JSONField(null=True, blank=True)
    preview_job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="+")
    application_job = models.ForeignKey(
        Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    cursor = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["received", "previewed", "applying", "applied", "failed"]),
                name="import_state_known",
            ),
            models.CheckConstraint(
                condition=Q(format__in=["text", "zip", "csv", "jsonl", "neutral"]), name="import_format_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ImportProblem(models.Model):
    """A row that was not taken, or a remark on one that was (`taken`)."""

    class Phase(models.TextChoices):
        PREVIEW = "preview"
        APPLICATION = "application"

    imported = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="problems")
    phase = models.CharField(max_length=11, choices=Phase.choices)
    place = models.CharField(max_length=300)
    code = models.CharField(max_length=40)
    detail = models.TextField()
    taken = models.BooleanField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(phase__in=["preview", "application"]), name="import_problem_phase_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.place}: {self.code}"
