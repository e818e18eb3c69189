"""The program as a newcomer starts it, and a real browser in front of it.

Where the tests run on PostgreSQL and Redis the server gets a database of its own there and a real Celery worker beside it;
otherwise it runs embedded, on SQLite, with its jobs on threads.
"""

import contextlib
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"(https?://\S+/welcome/\S+)")


@dataclass
class Server:
    """A running server: where it is, how to reach its database, and what it printed."""

    url: str
    environment: dict[str, str]
    lines: list[str] = field(default_factory=list)

    def link(self, username: str) -> str:
        """The one-click sign-in link that the server printed for this person of the demo."""
        for line in self.lines:
            if username.lower() in line.lower() and (found := LINK.search(line)):
                return found[1]
        raise AssertionError(f"no link for {username} in:\n" + "".join(self.lines))

    def manage(self, *command: str) -> str:
        """What a management command prints, run beside the server."""
        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *command],
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        return done.stdout


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextlib.contextmanager
def own_database() -> Iterator[dict[str, str]]:
    """The environment's DATABASE_URL, changed to a new database on the same PostgreSQL; nothing on SQLite."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield {}
        return
    name = f"e2e_{secrets.token_hex(6)}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
    try:
        yield {
            "DATABASE_URL": urlunsplit(urlsplit(url)._replace(path=f"/{name}")),
            "REDIS_URL": os.environ["REDIS_URL"],
        }
    finally:
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextlib.contextmanager
def started(
    command: list[str], environment: dict[str, str], lines: list[str]
) -> Iterator[subprocess.Popen[str]]:
    """A process whose output is collected, ended with all it started when the block ends."""
    process = subprocess.Popen(
        command,
        env=environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    reader = threading.Thread(target=lambda: lines.extend(process.stdout or ()), daemon=True)
    reader.start()
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGINT)
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=15)
        reader.join(timeout=5)
        process.stdout.close()


def answers(url: str) -> bool:
    host, port = url.removeprefix("http://").split(":")
    with contextlib.suppress(OSError), socket.create_connection((host, int(port)), timeout=1):
        return True
    return False


def wait_for(url: str, process: subprocess.Popen[str], lines: list[str], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not answers(url):
        assert process.poll() is None, "the server ended:\n" + "".join(lines)
        assert time.monotonic() < deadline, "the server does not answer:\n" + "".join(lines)
        time.sleep(0.05)


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """`manage.py serve` on an empty data directory, with a Celery worker where there is Redis."""
    with own_database() as database:
        server = Server(f"http://127.0.0.1:{free_port()}", environment_for(folder, database))
        with running(server), worker(server.environment):
            yield server


def environment_for(folder: Path, database: dict[str, str]) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL")}
    return {
        **kept,
        **database,
        "ANNOTATOR_PROFILE": "demo",
        "ANNOTATOR_DATA": str(folder),
        "ANNOTATOR_SECRET_KEY": "e2e-" + "x" * 40,
        "PYTHONUNBUFFERED": "1",
    }


@contextlib.contextmanager
def running(server: Server) -> Iterator["subprocess.Popen[str]"]:
    """The server's process, answering; it may be started again on the same port and data when the block has ended."""
    command = [sys.executable, "manage.py", "serve", "--port", server.url.rsplit(":", 1)[1]]
    with started(command, server.environment, server.lines) as process:
        wait_for(server.url, process, server.lines)
        yield process


@contextlib.contextmanager
def worker(environment: dict[str, str]) -> Iterator[None]:
    """A real Celery worker, where there is a broker for it."""
    if "REDIS_URL" not in environment:
        yield
        return
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "annotator.celery",
        "worker",
        "-c",
        "1",
        "--loglevel",
        "WARNING",
    ]
    with started(command, environment, []):
        yield


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="annotator-e2e-") as folder, serving(Path(folder)) as running:
        yield running


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium, without the calls home that a closed network refuses."""
    quiet = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
    ]
    return {
        **browser_type_launch_args,
        "executable_path": os.environ.get("ANNOTATOR_CHROMIUM", "/usr/bin/chromium"),
        "args": [*quiet, "--disable-component-update", "--disable-sync"],
    }


@pytest.fixture
def people(browser: Browser, server: Server) -> Iterator["People"]:
    made = People(browser, server)
    yield made
    made.leave()


class People:
    """Signed-in people of the demo, a browser window each."""

    def __init__(self, browser: Browser, server: Server) -> None:
        self.browser = browser
        self.server = server
        self.windows: list[BrowserContext] = []

    def arrive(self, username: str, **options: Any) -> Page:
        """A new window, signed in by the printed link as a person would: open it and press its button."""
        window = self.browser.new_context(base_url=self.server.url, **options)
        self.windows.append(window)
        page = window.new_page()
        page.goto(self.server.link(username))
        page.get_by_role("button").first.click()
        page.wait_for_url(lambda url: "/welcome/" not in url)
        return page

    def leave(self) -> None:
        for window in self.windows:
            window.close()
