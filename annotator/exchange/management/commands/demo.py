"""`manage.py demo` loads the demonstration study."""

from typing import Any

from django.core.management.base import BaseCommand

from annotator.exchange.demo import load_demo


class Command(BaseCommand):
    help = "Loads the demonstration study with its people, texts and readings; where it is loaded already, nothing changes."

    def handle(self, *args: Any, **options: Any) -> None:
        project, created = load_demo()
        self.stdout.write(f"{project.name}: {'loaded' if created else 'already there, left as it is'}.")
