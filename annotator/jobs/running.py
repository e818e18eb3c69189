"""Requesting, taking, running and ending jobs; each takes effect once, however often its message is delivered."""

import logging
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from annotator.accounts.models import User
from annotator.errors import Conflict, Refused
from annotator.history.events import record
from annotator.jobs.models import Job
from annotator.projects.models import Project

log = logging.getLogger(__name__)

STALE_AFTER = timedelta(seconds=90)
QUEUED_LOST_AFTER = timedelta(seconds=120)
BEAT_EVERY = timedelta(seconds=1)
MOST_ATTEMPTS = 3


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
        if not self.mine().filter(cancel_requested=False).select_for_update().exists():
            raise Cancelled


@transaction.atomic
def request(project: Project, kind: str, parameters: dict[str, Any], *, actor: User) -> Job:
    """A new job, dispatched once the caller's transaction has committed."""
    job = Job.objects.create(project=project, kind=kind, parameters=parameters, created_by=actor)
    record("job_requested", f"job:{job.pk}", actor_id=actor.pk, project_id=project.pk, kind=kind)
    # The row is kept whether or not the message gets through: a broker that is down is the sweeper's to mend.
    transaction.on_commit(lambda: dispatch(job.pk), robust=True)
    return job


def dispatch(key: uuid.UUID) -> None:
    """Sends the message that makes some worker look at the job; the sweeper sends it again where it is lost."""
    from annotator.jobs.tasks import run_job

    run_job.delay(str(key))


def run(key: uuid.UUID) -> None:
    """Takes the job if nobody has it, runs its handler and stores how it ended."""
    from annotator.jobs.handlers import HANDLERS

    attempt = take(key, now=timezone.now())
    if attempt is None:
        return
    try:
        result = HANDLERS[attempt.job.kind](attempt)
        end(attempt, state="done", progress=1.0, result=result)
    except Cancelled:
        end(attempt, state="cancelled")
    except Refused as refused:
        end(
            attempt,
            state="failed",
            error={"code": refused.code, "detail": refused.detail, "attr": refused.attr},
        )
    except Exception:
        log.exception("job %s (%s) failed", key, attempt.job.kind)
        end(
            attempt,
            state="failed",
            error={"code": "error", "detail": "The job failed on an error of the program.", "attr": None},
        )


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


@transaction.atomic
def cancel(job: Job, *, actor: User, now: datetime) -> Job:
    """Asks the job to stop: at once when it waits, between two parts when it runs. Raises Conflict once it has ended."""
    locked = Job.objects.select_for_update().get(pk=job.pk)
    if locked.state == "cancelled" or locked.cancel_requested:
        return locked
    if locked.finished:
        raise Conflict("job_finished", "This job has already ended.")
    locked.cancel_requested = True
    if locked.state == "queued":
        locked.state, locked.finished_at = "cancelled", now
    locked.save(update_fields=["cancel_requested", "state", "finished_at"])
    record("job_cancelled", f"job:{locked.pk}", actor_id=actor.pk, project_id=locked.project_id)
    return locked


def sweep(now: datetime) -> int:
    """Sends again the messages of jobs that nobody works at; fails those that have killed every attempt."""
    lost = Q(state="queued", created_at__lt=now - QUEUED_LOST_AFTER, cancel_requested=False)
    stale = Q(state="running", heartbeat_at__lt=now - STALE_AFTER)
    hopeless = {
        "code": "gave_up",
        "detail": f"The job stopped {MOST_ATTEMPTS} times without an end.",
        "attr": None,
    }
    Job.objects.filter(stale, attempts__gte=MOST_ATTEMPTS).update(
        state="failed", error=hopeless, finished_at=now
    )
    keys = list(Job.objects.filter(lost | stale).values_list("pk", flat=True)[:100])
    for key in keys:
        dispatch(key)
    return len(keys)


def resume(now: datetime) -> int:
    """For a server that runs jobs itself and has just started: nobody else works at them, so all are dispatched again."""
    Job.objects.filter(state="running").update(state="queued", runner=None)
    keys = list(Job.objects.filter(state="queued", cancel_requested=False).values_list("pk", flat=True))
    for key in keys:
        dispatch(key)
    return len(keys)
