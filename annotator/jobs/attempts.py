"""One attempt at a job: taking it by compare-and-set, its heartbeat, and how it ends."""

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any

from django.db import DatabaseError, connections
from django.db.models import Q
from django.utils import timezone

from annotator.errors import Refused
from annotator.jobs.models import Job

log = logging.getLogger(__name__)

STALE_AFTER = timedelta(seconds=90)
BEAT_EVERY = timedelta(seconds=1)
PULSE = 20.0


class Cancelled(Exception):
    """Somebody asked the job to stop, or another attempt has taken it over."""


@dataclass
class Attempt:
    """One attempt at a job; the handler tells it how far it is, and is stopped by it."""

    job: Job
    token: uuid.UUID
    told_at: datetime | None = None

    def tell(self, progress: float) -> None:
        """Notes the progress (0 to 1) and the heartbeat, at most once a second; raises Cancelled where it should stop."""
        now = timezone.now()
        if self.told_at and now - self.told_at < BEAT_EVERY:
            return
        self.told_at = now
        kept = (
            self.mine()
            .filter(cancel_requested=False)
            .update(progress=min(max(progress, 0.0), 1.0), heartbeat_at=now)
        )
        if not kept:
            raise Cancelled

    def mine(self) -> Any:
        """The job's row while this attempt holds it."""
        return Job.objects.filter(pk=self.job.pk, runner=self.token, state="running")

    def lock(self) -> None:
        """Locks the job's row and makes sure it is still this attempt's: what is written after, in the same transaction,
        takes effect once. Raises Cancelled otherwise."""
        if self.mine().filter(cancel_requested=False).select_for_update().first() is None:
            raise Cancelled


def take(key: uuid.UUID, *, now: datetime) -> Attempt | None:
    """Compare-and-set: one attempt gets the job, when it is queued or its runner has been silent too long."""
    token = uuid.uuid4()
    taken = (
        Job.objects.filter(pk=key)
        .filter(free(now))
        .update(state="running", runner=token, started_at=now, heartbeat_at=now, progress=0.0)
    )
    if not taken:
        return None
    job = Job.objects.select_related("project", "created_by").get(pk=key)
    Job.objects.filter(pk=key, runner=token).update(attempts=job.attempts + 1)
    return Attempt(job, token)


def free(now: datetime) -> Q:
    """The jobs that an attempt may take."""
    return Q(state="queued", cancel_requested=False) | Q(state="running", heartbeat_at__lt=now - STALE_AFTER)


def end(attempt: Attempt, **values: Any) -> None:
    """Stores the end, unless another attempt has taken over meanwhile."""
    attempt.mine().update(finished_at=timezone.now(), heartbeat_at=timezone.now(), **values)


@contextmanager
def beating(attempt: Attempt) -> Iterator[None]:
    """Notes every PULSE seconds that this process is alive, also where the work has nothing to tell for long."""
    over = Event()

    def beat() -> None:
        while not over.wait(PULSE):
            try:
                attempt.mine().update(heartbeat_at=timezone.now())
            except DatabaseError:
                log.warning("the heartbeat of job %s was not kept", attempt.job.pk)
            finally:
                connections.close_all()

    pulse = Thread(target=beat, name=f"heartbeat {attempt.job.pk}", daemon=True)
    pulse.start()
    try:
        yield
    finally:
        over.set()
        pulse.join()


@contextmanager
def ending_badly(attempt: Attempt) -> Iterator[None]:
    """Keeps the job's heart beating meanwhile, and stores why it ended without a result, when it does."""
    try:
        with beating(attempt):
            yield
    except Cancelled:
        end(attempt, state="cancelled")
    except Refused as refused:
        error = {"code": refused.code, "detail": refused.detail, "attr": refused.attr}
        end(attempt, state="failed", error=error)
    except Exception:
        log.exception("job %s (%s) failed", attempt.job.pk, attempt.job.kind)
        error = {"code": "error", "detail": "The job failed on an error of the program.", "attr": None}
        end(attempt, state="failed", error=error)
