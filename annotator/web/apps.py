from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "annotator.web"

    def ready(self) -> None:
        from annotator.web.discretion import keep_keys_out_of_the_log

        keep_keys_out_of_the_log()
