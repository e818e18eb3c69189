"""Celery's application of the program with one more kind of job, which is slow: `celery -A tests.jobs.slow worker`.

It says that it has begun in one file, waits for another, and then leaves one line in history.
"""

import os
import time
from pathlib import Path
from typing import Any

from celery.signals import worker_init

from annotator.celery import app

__all__ = ["app"]


@worker_init.connect
def register(**kwargs: Any) -> None:
    """The models can be loaded only once Django is set up."""
    from django.db import transaction

    from annotator.history.events import record
    from annotator.jobs.attempts import Attempt
    from annotator.jobs.handlers import handler

    @handler("slow")
    def work(attempt: Attempt) -> dict[str, Any]:
        begun, leave = (Path(attempt.job.parameters[name]) for name in ("begun", "leave"))
        begun.write_text(str(os.getpid()))
        while not leave.exists():
            attempt.tell(0.5)
            time.sleep(0.05)
        with transaction.atomic():
            attempt.lock()
            record("slow_done", f"job:{attempt.job.pk}", actor_id=None, project_id=attempt.job.project_id)
        return {"by": os.getpid()}
