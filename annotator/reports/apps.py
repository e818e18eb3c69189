from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "annotator.reports"

    def ready(self) -> None:
        # Registers what a job of the kind "agreement" does.
        from annotator.reports import agreement  # noqa: F401
