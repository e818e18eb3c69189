"""What a server of one machine loads instead of annotator.wsgi: the pages, the API and, without Redis, the jobs.

Served by granian with one worker process; `manage.py serve` starts it.
"""

import logging
import os
import threading
import time

from django.core.handlers.wsgi import WSGIHandler

LOOK_EVERY = 0.5
SWEEP_EVERY = 60.0
log = logging.getLogger(__name__)


def application() -> WSGIHandler:
    """The application, made in the process that serves it: importing this module starts nothing."""
    from annotator.wsgi import application as made

    leave_with(os.getppid())
    prepare()
    return made


def prepare() -> None:
    """Loads the addresses before the first visitor asks for one, and takes up the jobs that were not finished."""
    from django.conf import settings
    from django.urls import resolve
    from django.utils import timezone

    from annotator.exchange import imports
    from annotator.jobs import running

    resolve("/")
    if settings.EMBEDDED:
        running.resume(timezone.now())
        imports.tidy(timezone.now())
        threading.Thread(target=sweep_for_ever, name="sweep", daemon=True).start()


def sweep_for_ever() -> None:
    """Revives jobs whose thread died, as Celery's beat does where there is a broker."""
    from django.db import DatabaseError, connections
    from django.utils import timezone

    from annotator.jobs import running

    while True:
        time.sleep(SWEEP_EVERY)
        try:
            running.sweep(timezone.now())
        except DatabaseError:
            log.exception("jobs were not swept")
        finally:
            connections.close_all()


def leave_with(parent: int) -> None:
    """Ends this worker when the process that started it is gone: it would go on serving the port by itself."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(LOOK_EVERY)
        os._exit(1)

    threading.Thread(target=watch, name="parent", daemon=True).start()
