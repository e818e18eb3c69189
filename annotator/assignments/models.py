"""Who reads which document; who moved a reading on, when and why."""

from django.db import models
from django.db.models import Q

from annotator.accounts.models import User
from annotator.annotations.models import AnnotationSet
from annotator.projects.models import Project


class Assignment(models.Model):
    """A document given to a member to read, and how that ended."""

    class Outcome(models.TextChoices):
        SUBMITTED = "submitted"
        SKIPPED = "skipped"
        GIVEN_BACK = "given_back"
        LAPSED = "lapsed"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="assignments")
    set = models.ForeignKey(AnnotationSet, on_delete=models.CASCADE, related_name="assignments")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["set"], condition=Q(ended_at=None), name="assignment_one_open"),
            models.CheckConstraint(
                condition=Q(ended_at=None, outcome="") | (Q(ended_at__isnull=False) & ~Q(outcome="")),
                name="assignment_ended_has_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"assignment of {self.set_id}"


class Submission(models.Model):
    """Somebody declared a reading finished; reopening ends it."""

    set = models.ForeignKey(AnnotationSet, on_delete=models.CASCADE, related_name="submissions")
    actor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["set"], condition=Q(withdrawn_at=None), name="submission_one_standing"
            )
        ]

    def __str__(self) -> str:
        return f"submission of {self.set_id}"


class Review(models.Model):
    """A reviewer accepted or returned a submitted reading."""

    class Decision(models.TextChoices):
        ACCEPTED = "accepted"
        RETURNED = "returned"

    set = models.ForeignKey(AnnotationSet, on_delete=models.CASCADE, related_name="reviews")
    actor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(max_length=8, choices=Decision.choices)
    note = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decision__in=["accepted", "returned"]), name="review_decision_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.decision} {self.set_id}"
