"""A job takes effect once, however often its message is delivered, and never hangs for ever."""

import threading
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from annotator.accounts.models import User
from annotator.errors import Conflict, Invalid
from annotator.history.models import Event
from annotator.jobs import attempts, embedded, running, tasks
from annotator.jobs.attempts import Attempt
from annotator.jobs.handlers import HANDLERS, InParts
from annotator.jobs.models import Job, JobPart
from annotator.projects.models import Project

STALE = attempts.STALE_AFTER + timedelta(seconds=1)


class Work:
    """A kind of job that notes each time it is done."""

    def __init__(self) -> None:
        self.done: list[uuid.UUID] = []
        self.during: Any = None

    def __call__(self, attempt: Attempt) -> dict[str, Any]:
        attempt.tell(0.5)
        if self.during:
            self.during(attempt)
        with transaction.atomic():
            attempt.lock()
            self.done.append(attempt.job.pk)
        return {"answer": 42}


@pytest.fixture
def work() -> Iterator[Work]:
    HANDLERS["tested"] = made = Work()
    yield made
    del HANDLERS["tested"]


def ask(project: Project, actor: User, **values: Any) -> Job:
    return Job.objects.create(project=project, kind="tested", created_by=actor, **values)


def ended(job: Job) -> Job:
    job.refresh_from_db()
    return job


@pytest.mark.django_db
def test_a_job_runs_and_keeps_its_result(project: Project, mona: User, work: Work) -> None:
    job = ask(project, mona)
    running.run(job.pk)
    ended(job)
    assert (job.state, job.progress, job.result, job.error, job.attempts) == (
        "done",
        1.0,
        {"answer": 42},
        None,
        1,
    )
    assert job.finished_at is not None
    assert work.done == [job.pk]


@pytest.mark.django_db
def test_a_second_delivery_changes_nothing(project: Project, mona: User, work: Work) -> None:
    job = ask(project, mona)
    running.run(job.pk)
    before = Job.objects.values().get(pk=job.pk)
    running.run(job.pk)
    running.run(uuid.uuid4())
    assert Job.objects.values().get(pk=job.pk) == before
    assert len(work.done) == 1


@pytest.mark.django_db(transaction=True)
def test_many_deliveries_at_once_run_it_once(project: Project, mona: User, work: Work) -> None:
    job = ask(project, mona)
    gate = threading.Barrier(8)

    def deliver() -> None:
        gate.wait()
        running.run(job.pk)
        connection.close()

    threads = [threading.Thread(target=deliver) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert work.done == [job.pk]
    assert (ended(job).state, job.attempts) == ("done", 1)


@pytest.mark.django_db
def test_a_job_whose_runner_fell_silent_is_taken_again_and_only_then(
    project: Project, mona: User, work: Work
) -> None:
    job = ask(project, mona)
    now = timezone.now()
    first = attempts.take(job.pk, now=now)
    assert first
    assert attempts.take(job.pk, now=now + STALE - timedelta(seconds=2)) is None
    second = attempts.take(job.pk, now=now + STALE)
    assert second
    assert ended(job).attempts == 2
    with pytest.raises(attempts.Cancelled), transaction.atomic():
        first.lock()
    attempts.end(first, state="done", result={"answer": "late"})
    assert ended(job).state == "running", "who lost the job does not end it"
    with transaction.atomic():
        second.lock()


@pytest.mark.django_db
def test_who_lost_the_job_is_stopped_by_its_next_word(project: Project, mona: User, work: Work) -> None:
    job = ask(project, mona)

    def lose(attempt: Attempt) -> None:
        Job.objects.filter(pk=job.pk).update(runner=uuid.uuid4())

    work.during = lose
    running.run(job.pk)
    assert work.done == []
    assert ended(job).state == "running"


@pytest.mark.django_db
@pytest.mark.usefixtures("at_once")
def test_the_sweeper_sends_lost_and_stale_jobs_again(project: Project, mona: User, work: Work) -> None:
    now = timezone.now()
    fresh, lost, stale, alive = (ask(project, mona) for _ in range(4))
    Job.objects.filter(pk=lost.pk).update(created_at=now - running.QUEUED_LOST_AFTER - timedelta(seconds=1))
    Job.objects.filter(pk=stale.pk).update(
        state="running", attempts=1, heartbeat_at=now - STALE, runner=uuid.uuid4()
    )
    Job.objects.filter(pk=alive.pk).update(state="running", attempts=1, heartbeat_at=now, runner=uuid.uuid4())
    assert running.sweep(now) == 2
    assert [ended(job).state for job in (fresh, lost, stale, alive)] == ["queued", "done", "done", "running"]
    assert running.sweep(now) == 0


@pytest.mark.django_db
@pytest.mark.usefixtures("at_once")
def test_a_job_that_killed_three_attempts_is_given_up(project: Project, mona: User, work: Work) -> None:
    now = timezone.now()
    job = ask(project, mona)
    for attempt in range(1, 4):
        assert attempts.take(job.pk, now=now)
        now += STALE
        if attempt < 3:
            assert ended(job).attempts == attempt
    assert running.sweep(now) == 0
    assert (ended(job).state, job.error and job.error["code"]) == ("failed", "gave_up")
    assert work.done == []
    running.run(job.pk)
    assert work.done == [], "a message that comes late does not begin a fourth"


@pytest.mark.django_db
def test_a_waiting_job_is_cancelled_at_once(project: Project, mona: User, work: Work) -> None:
    job = ask(project, mona)
    running.cancel(job, actor=mona, now=timezone.now())
    running.run(job.pk)
    assert ended(job).state == "cancelled"
    assert work.done == []
    running.cancel(job, actor=mona, now=timezone.now())
    assert Event.objects.filter(verb="job_cancelled").count() == 1


@pytest.mark.django_db
def test_a_running_job_is_cancelled_between_its_steps(project: Project, mona: User, work: Work) -> None:
    job = ask(project, mona)

    def stop(attempt: Attempt) -> None:
        running.cancel(job, actor=mona, now=timezone.now())
        assert ended(job).state == "running"
        attempt.told_at = None
        attempt.tell(0.6)

    work.during = stop
    running.run(job.pk)
    assert ended(job).state == "cancelled"
    assert work.done == []
    assert job.result is None


@pytest.mark.django_db
def test_what_was_cancelled_before_its_last_step_takes_no_effect(
    project: Project, mona: User, work: Work
) -> None:
    job = ask(project, mona)
    work.during = lambda attempt: running.cancel(job, actor=mona, now=timezone.now())
    running.run(job.pk)
    assert (ended(job).state, work.done) == ("cancelled", [])


@pytest.mark.django_db
def test_an_ended_job_is_not_cancelled(project: Project, mona: User, work: Work) -> None:
    job = ask(project, mona)
    running.run(job.pk)
    with pytest.raises(Conflict, match="job_finished"):
        running.cancel(job, actor=mona, now=timezone.now())
    assert ended(job).state == "done"


@pytest.mark.django_db
@pytest.mark.usefixtures("at_once")
def test_a_cancelled_job_whose_runner_died_ends_as_cancelled(
    project: Project, mona: User, work: Work
) -> None:
    now = timezone.now()
    swept, resumed = ask(project, mona), ask(project, mona)
    for job, begun in ((swept, now - STALE), (resumed, now)):
        attempts.take(job.pk, now=begun)
        running.cancel(job, actor=mona, now=now)
    running.sweep(now)
    assert [ended(job).state for job in (swept, resumed)] == ["cancelled", "running"]
    running.resume(now)
    assert ended(resumed).state == "cancelled"
    assert work.done == []


@pytest.mark.django_db
@pytest.mark.usefixtures("at_once")
def test_a_server_that_starts_finishes_what_it_left(project: Project, mona: User, work: Work) -> None:
    waiting, begun, done = (ask(project, mona) for _ in range(3))
    attempts.take(begun.pk, now=timezone.now())
    Job.objects.filter(pk=done.pk).update(state="done")
    assert running.resume(timezone.now()) == 2
    assert [ended(job).state for job in (waiting, begun, done)] == ["done"] * 3
    assert sorted(work.done) == sorted([waiting.pk, begun.pk])


@pytest.mark.django_db
def test_a_failure_says_what_may_be_said(project: Project, mona: User, work: Work, caplog: Any) -> None:
    refused, broken, unknown = ask(project, mona), ask(project, mona), ask(project, mona)

    def refuse(attempt: Attempt) -> None:
        raise Invalid("several_targets", "Name one.", attr="target")

    work.during = refuse
    running.run(refused.pk)
    assert ended(refused).error == {"code": "several_targets", "detail": "Name one.", "attr": "target"}

    def fail(attempt: Attempt) -> None:
        raise KeyError("secret")

    work.during = fail
    running.run(broken.pk)
    assert (ended(broken).state, broken.error and broken.error["code"]) == ("failed", "error")
    assert "secret" not in str(broken.error)
    assert "secret" in caplog.text
    Job.objects.filter(pk=unknown.pk).update(kind="forgotten")
    running.run(unknown.pk)
    assert ended(unknown).state == "failed"


@pytest.mark.django_db
def test_progress_stays_between_nothing_and_all(project: Project, mona: User, work: Work) -> None:
    job = ask(project, mona)
    seen = []

    def tell(attempt: Attempt) -> None:
        for value in (-1.0, 0.25, 7.0):
            attempt.told_at = None
            attempt.tell(value)
            seen.append(ended(job).progress)
        attempt.tell(0.1)
        seen.append(ended(job).progress)

    work.during = tell
    running.run(job.pk)
    assert seen == [0.0, 0.25, 1.0, 1.0], "and at most one word a second"


@pytest.mark.django_db
@pytest.mark.usefixtures("at_once")
def test_a_job_is_sent_when_its_request_has_committed_and_not_before(
    project: Project, mona: User, work: Work, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        job = running.request(project, "tested", {}, actor=mona)
        assert work.done == []
    assert len(callbacks) == 1
    assert (ended(job).state, work.done) == ("done", [job.pk])


@pytest.mark.django_db(transaction=True)
def test_a_request_that_is_rolled_back_sends_nothing(
    project: Project, mona: User, work: Work, at_once: None
) -> None:
    def fail() -> None:
        with transaction.atomic():
            running.request(project, "tested", {}, actor=mona)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert Job.objects.count() == 0
    assert work.done == []


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_loses_no_job(
    project: Project, mona: User, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*args: Any, **kwargs: Any) -> None:
        raise ConnectionError("no broker")

    monkeypatch.setattr(embedded.EmbeddableTask, "apply_async", down)
    job = running.request(project, "tested", {}, actor=mona)
    assert ended(job).state == "queued"


@pytest.mark.django_db(transaction=True)
def test_without_a_broker_a_job_runs_on_a_thread_of_this_process(
    project: Project, mona: User, work: Work, settings: Any
) -> None:
    settings.EMBEDDED = True
    threads = []

    def note(attempt: Attempt) -> None:
        threads.append(threading.current_thread())

    work.during = note
    job = ask(project, mona)
    embedded.wait(tasks.run_job.delay(str(job.pk)), 30)
    assert (ended(job).state, work.done) == ("done", [job.pk])
    assert threads[0] is not threading.current_thread()


# Jobs in parts


class Shared:
    """A job of three parts that adds numbers up."""

    def __init__(self) -> None:
        self.planned = self.reduced = 0
        self.parts: list[int] = []
        self.during: Any = None

    def plan(self, attempt: Attempt) -> list[dict[str, Any]]:
        self.planned += 1
        return [{"number": number} for number in (1, 2, 3)]

    def part(self, attempt: Attempt, parameters: dict[str, Any]) -> dict[str, Any]:
        self.parts.append(parameters["number"])
        if self.during:
            self.during(attempt, parameters["number"])
        return {"sum": parameters["number"]}

    def reduce(self, attempt: Attempt, results: list[dict[str, Any]]) -> dict[str, Any]:
        self.reduced += 1
        return {"sum": sum(result["sum"] for result in results)}


@pytest.fixture
def shared() -> Iterator[Shared]:
    made = Shared()
    HANDLERS["tested"] = InParts(made.plan, made.part, made.reduce)
    yield made
    del HANDLERS["tested"]


@pytest.mark.django_db
@pytest.mark.usefixtures("at_once")
def test_parts_are_added_up_once(project: Project, mona: User, shared: Shared) -> None:
    job = ask(project, mona)
    running.run(job.pk)
    assert (ended(job).state, job.result, job.progress) == ("done", {"sum": 6}, 1.0)
    running.run(job.pk)
    assert (shared.parts, shared.reduced) == ([1, 2, 3], 1)
    assert JobPart.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_parts_delivered_twice_and_all_at_once_are_added_up_once(
    project: Project, mona: User, shared: Shared, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[Any, ...]] = []
    monkeypatch.setattr(
        embedded.EmbeddableTask,
        "apply_async",
        lambda self, args=None, kwargs=None, **options: sent.append(args),
    )
    job = ask(project, mona)
    running.run(job.pk)
    assert len(sent) == 3
    gate = threading.Barrier(6)

    def deliver(message: tuple[Any, ...]) -> None:
        gate.wait()
        tasks.run_part(*message)
        connection.close()

    threads = [threading.Thread(target=deliver, args=(message,)) for message in sent * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (ended(job).state, job.result) == ("done", {"sum": 6})
    assert (sorted(shared.parts), shared.reduced) == ([1, 2, 3], 1)


@pytest.mark.django_db
def test_a_job_that_goes_on_keeps_the_parts_that_were_done(
    project: Project, mona: User, shared: Shared, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[Any, ...]] = []
    monkeypatch.setattr(
        embedded.EmbeddableTask,
        "apply_async",
        lambda self, args=None, kwargs=None, **options: sent.append(args),
    )
    job = ask(project, mona)
    running.run(job.pk)
    old = list(sent)
    tasks.run_part(*old[0])
    assert ended(job).progress == pytest.approx(0.3)
    Job.objects.filter(pk=job.pk).update(heartbeat_at=timezone.now() - STALE)
    sent.clear()
    running.run(job.pk)
    assert [int(message[1]) for message in sent] == [1, 2]
    for message in old:
        tasks.run_part(*message)
    assert shared.parts == [1], "messages of the attempt that was lost are not heard"
    for message in sent:
        tasks.run_part(*message)
    assert (ended(job).state, job.result, shared.parts) == ("done", {"sum": 6}, [1, 2, 3])


@pytest.mark.django_db
@pytest.mark.usefixtures("at_once")
def test_a_job_is_cancelled_between_two_parts(project: Project, mona: User, shared: Shared) -> None:
    job = ask(project, mona)

    def stop(attempt: Attempt, number: int) -> None:
        if number == 2:
            running.cancel(job, actor=mona, now=timezone.now())

    shared.during = stop
    running.run(job.pk)
    assert ended(job).state == "cancelled"
    assert (shared.parts, shared.reduced) == ([1, 2], 0)


@pytest.mark.django_db
@pytest.mark.usefixtures("at_once")
def test_a_part_that_fails_fails_the_job(project: Project, mona: User, shared: Shared) -> None:
    job = ask(project, mona)

    def refuse(attempt: Attempt, number: int) -> None:
        raise Conflict("changing", "The readings changed.")

    shared.during = refuse
    running.run(job.pk)
    assert (ended(job).state, job.error and job.error["code"], shared.parts) == ("failed", "changing", [1])
