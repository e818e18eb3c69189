"""Celery tasks without a broker: on threads of this process."""

from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from celery import Task
from django.conf import settings
from django.db import connections

# One writer at a time is SQLite's nature; a second thread lets a short job pass a long one.
POOL = ThreadPoolExecutor(max_workers=2, thread_name_prefix="job")


class EmbeddableTask(Task):
    """A task that runs on a thread here where no broker is configured, and goes to the broker where one is."""

    def apply_async(self, args: Any = None, kwargs: Any = None, **options: Any) -> Any:
        if not settings.EMBEDDED:
            return super().apply_async(args, kwargs, **options)
        return POOL.submit(self.run_here, args or (), kwargs or {})

    def run_here(self, args: Any, kwargs: Any) -> None:
        try:
            self.apply(args=args, kwargs=kwargs, throw=True)
        finally:
            connections.close_all()


def wait(future: Future[None], seconds: float) -> None:
    """Waits until a task that was sent here has ended."""
    future.result(timeout=seconds)
