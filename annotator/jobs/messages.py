"""Sending the messages that make a worker look at a job."""

from celery import current_app


def send(task: str, *arguments: str) -> None:
    """Sends the task of jobs/tasks.py by its name, for the verbs below may not know who calls them."""
    current_app.tasks[f"annotator.jobs.tasks.{task}"].delay(*arguments)
