from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "annotator.jobs"

    def ready(self) -> None:
        # Celery's application has to exist before a shared task is called.
        from annotator import celery  # noqa: F401
