"""Agreement reports: what was asked, over what, and the answer."""

from django.db import models

from annotator.accounts.models import User
from annotator.jobs.models import Job
from annotator.projects.models import Project


class AgreementReport(models.Model):
    """One computation of agreement: its specification, what it is true of, and its figures.

    `through_event` is the last line of history it knows; `inputs_sha256` the digest of what entered.
    `headline` holds the figures that stand for the report (`timelines.main_figures`), `details` what stands behind
    them (matrices, documents, competence), `differences` how many there are by document, type, label and pair
    (`counts.unpacked`).
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="agreement_reports")
    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="agreement_report")
    specification = models.JSONField()
    inputs_sha256 = models.CharField(max_length=64, blank=True)
    through_event = models.BigIntegerField(null=True, blank=True)
    result = models.JSONField(null=True, blank=True)
    headline = models.JSONField(null=True, blank=True)
    details = models.JSONField(null=True, blank=True)
    differences = models.BinaryField(null=True, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"agreement {self.pk}"
