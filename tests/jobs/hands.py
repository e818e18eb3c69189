"""Doing jobs here and now: what is sent to the task queue runs at once, in the test's own transaction."""

import uuid
from typing import Any

import pytest

from annotator.jobs import running
from annotator.jobs.embedded import EmbeddableTask
from annotator.jobs.models import Job


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages are delivered the moment they are sent."""

    def deliver(task: EmbeddableTask, args: Any = None, kwargs: Any = None, **options: Any) -> Any:
        return task.apply(args=args, kwargs=kwargs, throw=True)

    monkeypatch.setattr(EmbeddableTask, "apply_async", deliver)


def finish(key: str | uuid.UUID) -> Job:
    """The job, done; its error where it failed."""
    running.run(uuid.UUID(str(key)))
    job = Job.objects.get(pk=key)
    assert job.state == "done", job.error
    return job
