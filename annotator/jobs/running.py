"""Requesting, running, cancelling and reviving jobs; each takes effect once, however often its message is delivered."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from annotator.accounts.models import User
from annotator.errors import Conflict
from annotator.history.events import record
from annotator.jobs import messages, parts
from annotator.jobs.attempts import STALE_AFTER, Attempt, Cancelled, end, ending_badly, take
from annotator.jobs.handlers import HANDLERS, InParts
from annotator.jobs.models import Job
from annotator.projects.models import Project

__all__ = ["Attempt", "Cancelled", "cancel", "request", "resume", "run", "sweep"]

QUEUED_LOST_AFTER = timedelta(seconds=120)
MOST_ATTEMPTS = 3


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
    messages.send("run_job", str(key))


def run(key: uuid.UUID) -> None:
    """Takes the job if nobody has it, and does it; or plans its parts and sends them out."""
    attempt = take(key, now=timezone.now())
    if attempt is None:
        return
    with ending_badly(attempt):
        work = HANDLERS[attempt.job.kind]
        if isinstance(work, InParts):
            parts.send_out(attempt, work.plan(attempt))
        else:
            end(attempt, state="done", progress=1.0, result=work(attempt))


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
    give_hopeless_up(stale, now)
    keys = list(Job.objects.filter(lost | stale).values_list("pk", flat=True)[:100])
    for key in keys:
        dispatch(key)
    return len(keys)


def give_hopeless_up(dead: Q, now: datetime) -> None:
    """Fails the jobs without a runner that have been tried often enough."""
    hopeless = {
        "code": "gave_up",
        "detail": f"The job stopped {MOST_ATTEMPTS} times without an end.",
        "attr": None,
    }
    Job.objects.filter(dead, attempts__gte=MOST_ATTEMPTS).update(
        state="failed", error=hopeless, finished_at=now
    )


def resume(now: datetime) -> int:
    """For a server that runs jobs itself and has just started: nobody else works at them, so all are dispatched again.

    All but those that ended every attempt with the server: they would do so for ever.
    """
    give_hopeless_up(Q(state="running"), now)
    left = Job.objects.filter(state="running")
    left.filter(cancel_requested=True).update(state="cancelled", finished_at=now)
    left.update(state="queued", runner=None)
    keys = list(Job.objects.filter(state="queued", cancel_requested=False).values_list("pk", flat=True))
    for key in keys:
        dispatch(key)
    return len(keys)
