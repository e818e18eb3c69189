"""`manage.py serve`: everything between an empty data directory and a server that answers."""

import fcntl
import os
import secrets
import socket
import sys
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management import CommandError, call_command, get_commands
from django.core.management.base import BaseCommand, CommandParser

from annotator.accounts import welcome
from annotator.projects.models import Membership
from annotator.web import storage

DEMO = "harbour-ordinance"
# One process serves, so that the jobs of the embedded default run once; no access log, for it would hold the links' keys.
GRANIAN = [
    "--interface", "wsgi", "--factory", "--workers", "1", "--blocking-threads", "8", "--no-ws", "--no-access-log",
    "--respawn-failed-workers", "--workers-kill-timeout", "5", "--log-level", "error",
]  # fmt: skip


class Command(BaseCommand):
    help = "Migrates, loads the demo in the demo profile, and serves on this machine."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--host", default="127.0.0.1", help="127.0.0.1 unless other machines should reach it"
        )

    def handle(self, *args: Any, port: int, host: str, **options: Any) -> None:
        """Prepares in this process, then becomes the server: the lock passes on to it."""
        lock = hold_data(settings.DATA)
        refuse_taken_port(host, port)
        self.stdout.write(f"Preparing the data in {settings.DATA}")
        self.stdout.flush()
        call_command("migrate", verbosity=0, interactive=False)
        storage.collect()
        nonce = ""
        if settings.PROFILE == "demo":
            if "demo" in get_commands():
                call_command("demo", stdout=self.stdout)
            nonce = secrets.token_urlsafe(24)
            self.welcome(f"http://{host}:{port}", nonce)
        self.stdout.write(f"Serving on {host} port {port}. Ctrl-C ends it.")
        self.stdout.flush()
        become_server(host, port, lock, nonce)

    def welcome(self, site: str, nonce: str) -> None:
        """A link for each person of the demo; they end with the server."""
        people = Membership.objects.filter(project__slug=DEMO, user__is_active=True).select_related("user")
        rows = [(one.user, one) for one in people if one.user is not None]
        if not rows:
            return
        self.stdout.write("\nOpen one of these links to sign in (they work while this server runs):\n")
        for user, one in rows:
            self.stdout.write(
                f"  {user.get_username():<24} {one.get_role_display():<10} {site}/welcome/{welcome.make(user, nonce)}/"
            )
        self.stdout.write("")


def hold_data(data: Path) -> IO[str]:
    """Locks the data directory for as long as this process, and what it becomes, lives."""
    data.mkdir(parents=True, exist_ok=True)
    lock = (data / "server.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CommandError(
            f"Another server is using {data}. End it first, or give this one a directory of its own by ANNOTATOR_DATA."
        ) from None
    return lock


def refuse_taken_port(host: str, port: int) -> None:
    """Says so at once where the port cannot be opened, before anything is prepared."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((host, port))
        except (OSError, OverflowError) as error:
            detail = f"Port {port} of {host} cannot be opened ({error}). Choose another with --port."
            raise CommandError(detail) from None


def become_server(host: str, port: int, lock: IO[str], nonce: str) -> None:
    """Replaces this process: the settings are read anew with the port, and what preparing took is given back."""
    os.set_inheritable(lock.fileno(), True)
    os.chdir(settings.ROOT)
    command = [
        sys.executable,
        "-m",
        "granian",
        "--host",
        host,
        "--port",
        str(port),
        *GRANIAN,
        "annotator.web.serving:application",
    ]
    os.execve(
        sys.executable, command, os.environ | {"ANNOTATOR_PORT": str(port), "ANNOTATOR_WELCOME_NONCE": nonce}
    )
