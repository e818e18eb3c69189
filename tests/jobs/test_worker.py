"""A real Celery worker on Redis that dies in the middle of a job."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from annotator.accounts.models import User
from annotator.annotations.models import AnnotationSet
from annotator.documents import texts
from annotator.history.models import Event
from annotator.jobs import attempts, running, tasks
from annotator.jobs.models import Job
from annotator.projects.models import Project
from annotator.reports import agreement

pytestmark = [pytest.mark.postgres, pytest.mark.worker, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).parents[2]
PATIENCE = 40.0


def until(true: Callable[[], Any], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.05)


def database_url() -> str:
    """The address of the database that this test runs in."""
    at = connection.settings_dict
    return f"postgresql://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """A function that starts a worker on this test's database; what still runs at the end is ended."""
    if connection.vendor != "postgresql" or not settings.REDIS_URL:
        pytest.skip("needs PostgreSQL and Redis")
    started: list[subprocess.Popen[bytes]] = []
    environment = {**os.environ, "DATABASE_URL": database_url(), "REDIS_URL": settings.REDIS_URL}
    command = [sys.executable, "-m", "celery", "-A", "tests.jobs.slow", "worker", "--pool=solo", "--loglevel=WARNING",
               "--without-gossip", "--without-mingle"]  # fmt: skip

    def begin() -> subprocess.Popen[bytes]:
        with (tmp_path / f"worker-{len(started)}.log").open("wb") as log:
            worker = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
            )
        started.append(worker)
        return worker

    yield begin
    for worker in started:
        kill(worker)


def kill(worker: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(worker.pid, signal.SIGKILL)
    worker.wait(10)


def test_a_job_survives_its_worker_and_takes_effect_once(
    project: Project, mona: User, start: Callable[[], subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    begun, leave = tmp_path / "begun", tmp_path / "leave"
    first = start()
    job = running.request(project, "slow", {"begun": str(begun), "leave": str(leave)}, actor=mona)
    until(begun.exists, "the first worker to begin")
    kill(first)
    begun.unlink()
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("running", 1)
    assert not Event.objects.filter(verb="slow_done").exists()

    now = timezone.now()
    assert running.sweep(now) == 0, "its heartbeat is still fresh"
    Job.objects.filter(pk=job.pk).update(heartbeat_at=now - attempts.STALE_AFTER - timedelta(seconds=1))
    assert running.sweep(now) == 1
    start()
    until(begun.exists, "the second worker to begin")
    leave.touch()
    until(lambda: Job.objects.get(pk=job.pk).finished, "the job's end")
    ended = Job.objects.values().get(pk=job.pk)
    assert (ended["state"], ended["attempts"], ended["error"]) == ("done", 2, None)
    assert ended["result"] != {"by": first.pid}

    begun.unlink()
    tasks.run_job.delay(str(job.pk))
    after = running.request(project, "slow", {"begun": str(begun), "leave": str(leave)}, actor=mona)
    until(lambda: Job.objects.get(pk=after.pk).finished, "a job sent after the repeated message")
    assert Job.objects.values().get(pk=job.pk) == ended
    assert Event.objects.filter(verb="slow_done", subject=f"job:{job.pk}").count() == 1


def test_a_job_is_stopped_in_another_process(
    project: Project, mona: User, start: Callable[[], subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    begun, leave = tmp_path / "begun", tmp_path / "leave"
    start()
    job = running.request(project, "slow", {"begun": str(begun), "leave": str(leave)}, actor=mona)
    until(begun.exists, "the worker to begin")
    running.cancel(job, actor=mona, now=timezone.now())
    until(lambda: Job.objects.get(pk=job.pk).finished, "the job to stop")
    assert Job.objects.get(pk=job.pk).state == "cancelled"
    assert not Event.objects.filter(verb="slow_done").exists()


def test_an_agreement_report_is_shared_in_parts_and_stored_once(
    project: Project, mona: User, start: Callable[[], subprocess.Popen[bytes]]
) -> None:
    """250 documents are three parts; the messages come twice, and two workers hear them."""
    news = [texts.NewDocument(str(at), f"Text number {at}.") for at in range(250)]
    documents = [document for document, _ in texts.add(project, news, actor=mona)]
    memberships = project.memberships.filter(role="annotator")
    AnnotationSet.objects.bulk_create(
        AnnotationSet(
            project=project, document=document, membership=one, state="submitted", submitted_at=timezone.now()
        )
        for document in documents
        for one in memberships
    )
    mine = project.memberships.select_related("project").get(user=mona)
    start()
    start()
    report = agreement.request(mine, {"layer": "role", "resamples": 20}, actor=mona)
    tasks.run_job.delay(str(report.job_id))
    until(lambda: Job.objects.get(pk=report.job_id).finished, "the report")
    job = Job.objects.get(pk=report.job_id)
    assert (job.state, job.error, job.attempts) == ("done", None, 1)
    report.refresh_from_db()
    assert (report.result["documents"], report.result["sets"]) == (250, 500)
    assert job.parts.count() == 0
