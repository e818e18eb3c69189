"""Jobs in parts: each part once, the whole put together once, whatever is delivered twice or dies."""

import uuid
from typing import Any

import pytest
from django.utils import timezone

from annotator.accounts.models import User
from annotator.errors import Invalid
from annotator.jobs import parts, running
from annotator.jobs.attempts import STALE_AFTER, Attempt, take
from annotator.jobs.handlers import HANDLERS, InParts
from annotator.jobs.models import Job, JobPart
from annotator.projects.models import Project

pytestmark = pytest.mark.django_db


class Sum:
    """A job that adds numbers, a part each, and counts how often it was asked to."""

    def __init__(self) -> None:
        self.done: list[int] = []
        self.reduced = 0
        self.sent: list[tuple[Attempt, int]] = []
        self.broken_at: int | None = None

    def plan(self, attempt: Attempt) -> list[dict[str, Any]]:
        return [{"number": number} for number in attempt.job.parameters["numbers"]]

    def part(self, attempt: Attempt, parameters: dict[str, Any]) -> dict[str, Any]:
        if parameters["number"] == self.broken_at:
            raise Invalid("broken", "This part cannot be done.")
        self.done.append(parameters["number"])
        return {"number": parameters["number"]}

    def reduce(self, attempt: Attempt, results: list[dict[str, Any]]) -> dict[str, Any]:
        self.reduced += 1
        return {"sum": sum(result["number"] for result in results)}

    def deliver(self, index: int) -> None:
        attempt, number = self.sent[index]
        parts.run(attempt.job.pk, number, attempt.token)


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Sum:
    made = Sum()
    monkeypatch.setitem(HANDLERS, "sum", InParts(made.plan, made.part, made.reduce))
    monkeypatch.setattr(parts, "dispatch", lambda attempt, number: made.sent.append((attempt, number)))
    return made


@pytest.fixture
def job(project: Project, mona: User, work: Sum) -> Job:
    return Job.objects.create(project=project, kind="sum", created_by=mona, parameters={"numbers": [1, 2, 3]})


def test_the_last_part_puts_all_together(job: Job, work: Sum) -> None:
    running.run(job.pk)
    for index in (2, 0, 1):
        work.deliver(index)
    job.refresh_from_db()
    assert (job.state, job.progress, job.result) == ("done", 1.0, {"sum": 6})
    assert work.reduced == 1
    assert not JobPart.objects.exists()


def test_progress_is_the_share_of_parts_done(job: Job, work: Sum) -> None:
    running.run(job.pk)
    work.deliver(0)
    job.refresh_from_db()
    assert job.state == "running"
    assert job.progress == pytest.approx(parts.SHARE_OF_PARTS / 3)


def test_a_part_delivered_twice_is_done_once(job: Job, work: Sum) -> None:
    running.run(job.pk)
    for index in (0, 0, 1, 1, 2, 2):
        work.deliver(index)
    assert work.done == [1, 2, 3]
    assert work.reduced == 1


def test_the_job_delivered_twice_is_planned_once(job: Job, work: Sum) -> None:
    running.run(job.pk)
    running.run(job.pk)
    assert len(work.sent) == 3


def test_a_later_attempt_keeps_what_is_done(job: Job, work: Sum) -> None:
    running.run(job.pk)
    work.deliver(0)
    Job.objects.filter(pk=job.pk).update(heartbeat_at=timezone.now() - 2 * STALE_AFTER)
    running.run(job.pk)
    assert [number for _, number in work.sent[3:]] == [1, 2]
    for index in range(len(work.sent)):
        work.deliver(index)
    job.refresh_from_db()
    assert job.result == {"sum": 6}
    assert sorted(work.done) == [1, 2, 3]


def test_a_message_of_an_attempt_that_lost_the_job_does_nothing(job: Job, work: Sum) -> None:
    running.run(job.pk)
    Job.objects.filter(pk=job.pk).update(runner=uuid.uuid4())
    work.deliver(0)
    assert work.done == []


def test_a_cancelled_job_stops_at_the_next_part(job: Job, work: Sum, mona: User) -> None:
    running.run(job.pk)
    work.deliver(0)
    running.cancel(job, actor=mona, now=timezone.now())
    work.deliver(1)
    work.deliver(2)
    job.refresh_from_db()
    assert job.state == "cancelled"
    assert work.reduced == 0


def test_a_part_that_is_refused_fails_the_job_with_its_reason(job: Job, work: Sum) -> None:
    work.broken_at = 2
    running.run(job.pk)
    work.deliver(1)
    work.deliver(0)
    job.refresh_from_db()
    assert job.state == "failed"
    assert (job.error or {})["code"] == "broken"
    assert work.done == []


def test_a_job_without_parts_ends_at_once(project: Project, mona: User, work: Sum) -> None:
    empty = Job.objects.create(project=project, kind="sum", created_by=mona, parameters={"numbers": []})
    running.run(empty.pk)
    empty.refresh_from_db()
    assert (empty.state, empty.result) == ("done", {"sum": 0})


def test_only_one_attempt_takes_a_job(job: Job) -> None:
    assert take(job.pk, now=timezone.now()) is not None
    assert take(job.pk, now=timezone.now()) is None
