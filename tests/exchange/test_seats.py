"""Readings come in while documents are given out: whoever claims waits until those are counted."""

import threading
import time
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from annotator.accounts.models import User
from annotator.annotations.models import AnnotationSet
from annotator.assignments import queue
from annotator.documents.models import Document
from annotator.exchange import imports, taking
from annotator.jobs.models import Job
from annotator.projects.models import Project
from tests.conftest import TEXT, membership_of
from tests.exchange.conftest import Record, Sent, lines


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(not settings.EMBEDDED, reason="without Redis the jobs run in this process")
def test_a_claim_waits_for_the_readings_that_are_coming_in(
    project: Project,
    document: Document,
    mona: User,
    ada: User,
    record: Record,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reading = {**record()["sets"][0], "kind": "human", "spans": [], "relations": []}
    both = [{**reading, "annotator": alias} for alias in ("Z1", "Z2")]
    data = lines(record(id=document.external_id, text=TEXT, language="", sets=both))
    imported = imports.request(project, Sent("a.jsonl", data), "auto", {}, actor=mona)
    ended(imported.preview_job)
    written = threading.Event()
    take = taking.take

    def take_and_linger(*given: Any, **named: Any) -> None:
        take(*given, **named)
        written.set()
        time.sleep(0.5)

    monkeypatch.setattr(taking, "take", take_and_linger)
    job = imports.apply(imported, actor=mona).application_job
    assert written.wait(20)
    claimed = queue.claim_next(membership_of(project, ada), actor=ada, now=timezone.now())
    assert ended(job).state == "done"
    assert claimed is None
    assert AnnotationSet.objects.count() == project.readers_per_document == 2


def ended(job: Job | None) -> Job:
    """The job once it has ended by itself, in the background."""
    assert job is not None
    for _ in range(200):
        job.refresh_from_db()
        if job.finished:
            return job
        time.sleep(0.1)
    raise AssertionError(job.state)
