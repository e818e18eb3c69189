"""The commands of the containers, run here without containers: they start, answer and take work in production."""

import contextlib
import os
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
import yaml

from tests.launch import processes

ROOT = Path(__file__).resolve().parents[2]
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text().replace("\\\n", "")

pytestmark = [pytest.mark.worker, pytest.mark.postgres]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What docker-compose.yml hands to the program, with a database of its own and the static files collected."""
    folder = tmp_path_factory.mktemp("production")
    with database() as url:
        env = {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "ANNOTATOR_PROFILE": "production",
            "ANNOTATOR_SECRET_KEY": secrets.token_urlsafe(48),
            "ANNOTATOR_HOSTS": "annotate.example.org",
            "ANNOTATOR_ORIGINS": "https://annotate.example.org",
            "ANNOTATOR_DATA": str(folder / "data"),
            "ANNOTATOR_STATIC": str(folder / "static"),
            "DATABASE_URL": url,
            "REDIS_URL": re.sub(r"/\d+$", "/15", os.environ["REDIS_URL"]),
        }
        for command in (
            SERVICES["migrate"]["command"],
            ["python", "manage.py", "collectstatic", "--noinput"],
        ):
            subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True, timeout=300)
        yield env


@contextlib.contextmanager
def database() -> Iterator[str]:
    """A new database on the PostgreSQL of the tests."""
    url, name = os.environ["DATABASE_URL"], f"production_{secrets.token_hex(6)}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')  # type: ignore[call-overload]
    try:
        yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[call-overload]


def test_the_web_server_is_healthy_and_answers_only_to_its_name(
    environment: dict[str, str], tmp_path: Path
) -> None:
    port = processes.free_port()
    command = [word.replace("8000", str(port)).replace("0.0.0.0", "127.0.0.1") for word in listed("CMD")]
    asks = [word.replace("8000", str(port)) for word in listed("HEALTHCHECK .* CMD")]

    def healthy(**changed: str) -> bool:
        return subprocess.run(asks, env=environment | changed, capture_output=True).returncode == 0

    with running(command, environment, tmp_path / "log", lambda: processes.listens(port)):
        assert soon(healthy), (tmp_path / "log").read_text()
        assert not healthy(ANNOTATOR_HOSTS="elsewhere.example.org")
    assert not healthy()


def test_the_worker_listens_for_work(environment: dict[str, str], tmp_path: Path) -> None:
    asks = ["celery", "--app", "annotator.celery", "inspect", "ping", "--timeout", "2"]

    def answers() -> bool:
        return subprocess.run(asks, cwd=ROOT, env=environment, capture_output=True).returncode == 0

    command = SERVICES["worker"]["command"]
    with running(command, environment, tmp_path / "log", lambda: "ready" in (tmp_path / "log").read_text()):
        assert soon(answers), (tmp_path / "log").read_text()


def test_the_beat_starts(environment: dict[str, str], tmp_path: Path) -> None:
    command = [word.replace("/tmp/beat", str(tmp_path / "beat")) for word in SERVICES["beat"]["command"]]
    with running(
        command, environment, tmp_path / "log", lambda: "Starting" in (tmp_path / "log").read_text()
    ):
        assert (tmp_path / "log").read_text().count("Traceback") == 0


@pytest.mark.parametrize("name", ["ANNOTATOR_SECRET_KEY", "ANNOTATOR_HOSTS"])
def test_nothing_starts_without_what_it_must_be_given(environment: dict[str, str], name: str) -> None:
    without = {key: value for key, value in environment.items() if key != name}
    done = subprocess.run(
        SERVICES["migrate"]["command"], cwd=ROOT, env=without, capture_output=True, text=True
    )
    assert done.returncode != 0
    assert name in done.stderr


def listed(instruction: str) -> list[str]:
    """The words of an instruction of the Dockerfile that is written as a list."""
    (found,) = re.findall(rf"^{instruction} (\[.*\])$", DOCKERFILE, re.MULTILINE)
    words: list[str] = yaml.safe_load(found)
    return words


@contextlib.contextmanager
def running(command: list[str], env: dict[str, str], log: Path, ready: Callable[[], bool]) -> Iterator[None]:
    program = ["env", f"--chdir={ROOT}", *command]
    with processes.server(program, user=None, log=log, env=env, ready=ready):
        yield


def soon(true: Callable[[], bool], seconds: float = 60.0) -> bool:
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True
