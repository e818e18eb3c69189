"""Celery's shells around the verbs of jobs."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from annotator.jobs import parts, running


@shared_task(name="annotator.jobs.tasks.run_job")
def run_job(key: str) -> None:
    running.run(UUID(key))


@shared_task(name="annotator.jobs.tasks.run_part")
def run_part(key: str, number: str, token: str) -> None:
    parts.run(UUID(key), int(number), UUID(token))


@shared_task(name="annotator.jobs.tasks.sweep")
def sweep() -> None:
    running.sweep(timezone.now())
