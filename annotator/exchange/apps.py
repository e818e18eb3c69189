from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "annotator.exchange"

    def ready(self) -> None:
        # The handlers of its jobs have to be known wherever a job may run.
        from annotator.exchange import applications, exports, previews  # noqa: F401
