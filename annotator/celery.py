"""Celery's application: `celery -A annotator.celery worker`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "annotator.settings")
app = Celery("annotator", task_cls="annotator.jobs.embedded:EmbeddableTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["annotator.jobs", "annotator.exchange"])
