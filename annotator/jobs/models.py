"""Rows for long work: the truth about a job is here, the broker only carries messages."""

import uuid

from django.db import models
from django.db.models import Q

from annotator.accounts.models import User
from annotator.projects.models import Project


class Job(models.Model):
    """A piece of long work and how far it is.

    `runner` is the token of the attempt that holds the job and `heartbeat_at` when it was last alive: a job is taken by
    compare-and-set on both, and whoever lost it finds its token gone.
    """

    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="jobs")
    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    progress = models.FloatField(default=0.0)
    parameters = models.JSONField(default=dict)
    result = models.JSONField(null=True, blank=True)
    error = models.JSONField(null=True, blank=True)
    file = models.CharField(
        max_length=200, blank=True, help_text="Path of what it made, below the files directory."
    )
    created_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    runner = models.UUIDField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    cancel_requested = models.BooleanField(default=False)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["project", "kind", "-created_at"], name="job_project_kind")]
        constraints = [
            models.CheckConstraint(condition=Q(progress__gte=0, progress__lte=1), name="job_progress_share"),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "running", "done", "failed", "cancelled"]),
                name="job_state_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def finished(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED, self.State.CANCELLED)


class JobPart(models.Model):
    """A part of a job that any worker may do; whoever finishes the last one puts them together.

    `runner` is the attempt that the part was begun for: a message that comes twice finds the part begun.
    """

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    parameters = models.JSONField()
    runner = models.UUIDField(null=True, blank=True)
    done = models.BooleanField(default=False)
    result = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["job", "number"], name="job_part_number_once")]

    def __str__(self) -> str:
        return f"part {self.number} of {self.job_id}"
