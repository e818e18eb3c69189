"""Jobs that several workers share: parts are rows, and whoever finishes the last one puts them together."""

import uuid
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from annotator.jobs import messages
from annotator.jobs.attempts import Attempt, Cancelled, end, ending_badly
from annotator.jobs.handlers import HANDLERS, InParts
from annotator.jobs.models import Job, JobPart

# What is left of a job when its parts are done: putting them together.
SHARE_OF_PARTS = 0.9


def send_out(attempt: Attempt, planned: list[dict[str, Any]]) -> None:
    """Keeps the plan as rows and sends a message for each part that is not done; what an earlier attempt did stays."""
    with transaction.atomic():
        attempt.lock()
        rows = [
            JobPart(job=attempt.job, number=number, parameters=parameters)
            for number, parameters in enumerate(planned)
        ]
        JobPart.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    waiting = attempt.job.parts.filter(done=False)
    for number in waiting.values_list("number", flat=True):
        dispatch(attempt, number)
    if not waiting.exists():
        put_together(attempt)


def dispatch(attempt: Attempt, number: int) -> None:
    messages.send("run_part", str(attempt.job.pk), str(number), str(attempt.token))


def run(key: uuid.UUID, number: int, token: uuid.UUID) -> None:
    """Does one part for this attempt, unless it is begun or done; after the last one, puts all together."""
    job = Job.objects.select_related("project", "created_by").filter(pk=key).first()
    if job is None:
        return
    attempt = Attempt(job, token)
    with ending_badly(attempt):
        begun = JobPart.objects.filter(job=job, number=number, done=False).filter(
            ~Q(runner=token) | Q(runner=None)
        )
        if not attempt.mine().exists() or not begun.update(runner=token):
            return
        part = JobPart.objects.get(job=job, number=number)
        work = HANDLERS[job.kind]
        assert isinstance(work, InParts)
        result = work.part(attempt, part.parameters)
        JobPart.objects.filter(pk=part.pk, done=False).update(done=True, result=result)
        go_on(attempt)


def go_on(attempt: Attempt) -> None:
    """Notes the progress of the whole; raises Cancelled where it should stop."""
    count = attempt.job.parts.aggregate(all=Count("pk"), done=Count("pk", filter=Q(done=True)))
    kept = (
        attempt.mine()
        .filter(cancel_requested=False)
        .update(progress=SHARE_OF_PARTS * count["done"] / count["all"], heartbeat_at=timezone.now())
    )
    if not kept:
        raise Cancelled
    if count["done"] == count["all"]:
        put_together(attempt)


def put_together(attempt: Attempt) -> None:
    """Reduces the parts, once: of those who finish at the same time, the one who can change the job's token does it."""
    last = Attempt(attempt.job, uuid.uuid4())
    if not attempt.mine().update(runner=last.token):
        return
    with ending_badly(last):
        work = HANDLERS[last.job.kind]
        assert isinstance(work, InParts)
        results = [part.result or {} for part in last.job.parts.all()]
        end(last, state="done", progress=1.0, result=work.reduce(last, results))
        last.job.parts.all().delete()
