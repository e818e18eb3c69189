"""Celery's shell around what is done to imports now and then."""

from celery import shared_task
from django.utils import timezone

from annotator.exchange import imports


@shared_task(name="annotator.exchange.tasks.tidy")
def tidy() -> None:
    imports.tidy(timezone.now())
