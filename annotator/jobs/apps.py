from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "annotator.jobs"

    def ready(self) -> None:
        # Celery's application, and the tasks it knows by name, have to be there before a message is sent.
        from annotator import celery  # noqa: F401
        from annotator.jobs import tasks  # noqa: F401
