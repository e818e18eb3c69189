"""A job's heart beats while its handler has nothing to tell."""

import time

import pytest
from django.utils import timezone

from annotator.accounts.models import User
from annotator.jobs import attempts
from annotator.jobs.models import Job
from annotator.projects.models import Project

pytestmark = pytest.mark.django_db(transaction=True)


def test_long_silent_work_is_not_taken_for_dead(
    project: Project, mona: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "PULSE", 0.05)
    job = Job.objects.create(project=project, kind="silent", created_by=mona)
    begun = timezone.now() - attempts.STALE_AFTER
    attempt = attempts.take(job.pk, now=begun)
    assert attempt is not None
    with attempts.ending_badly(attempt):
        deadline = time.monotonic() + 10
        while Job.objects.get(pk=job.pk).heartbeat_at == begun and time.monotonic() < deadline:
            time.sleep(0.02)
    job.refresh_from_db()
    assert job.heartbeat_at is not None
    assert job.heartbeat_at > begun
    assert attempts.take(job.pk, now=timezone.now()) is None
