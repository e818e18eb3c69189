"""`manage.py serve`: one server a data directory, its links, and that nothing of it stays behind."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 90.0


@dataclass
class Server:
    """A server that was started as `make run` starts it."""

    process: "subprocess.Popen[bytes]"
    port: int
    data: Path

    @property
    def said(self) -> str:
        return (self.data / "said").read_text()

    def status(self, path: str = "/sign-in/") -> int | None:
        """What it answers, or None where nobody does."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except OSError:
            return None
        finally:
            connection.close()


def free_port() -> int:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        return int(chosen.getsockname()[1])


def start(data: Path, port: int) -> Server:
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    environment = kept | {"ANNOTATOR_PROFILE": "demo", "ANNOTATOR_DATA": str(data)}
    data.mkdir(exist_ok=True)
    with (data / "said").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--port", str(port)],
            cwd=ROOT,
            env=environment,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    return Server(process, port, data)


def until(condition: object, *, seconds: float = PATIENCE) -> bool:
    """Whether the condition came true in time."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if condition():  # type: ignore[operator]
            return True
        time.sleep(0.1)
    return False


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    started = start(tmp_path_factory.mktemp("served"), free_port())
    try:
        assert until(lambda: started.status() == 200), started.said
        yield started
    finally:
        started.process.kill()
        started.process.wait()


def test_it_prints_a_link_for_each_person_that_signs_them_in(server: Server) -> None:
    links = re.findall(
        r"^  (\S+) .*?(Manager|Reviewer|Annotator|Observer)\s+(http://\S+)$", server.said, re.MULTILINE
    )
    assert {role for _, role, _ in links} == {"Manager", "Reviewer", "Annotator", "Observer"}
    jar = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    name, _, link = links[0]
    page = opener.open(link).read().decode()
    assert f"Sign in as {name.capitalize()}" in page
    token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[0]
    home = opener.open(link, data=f"csrfmiddlewaretoken={token}".encode())
    assert home.url == f"http://127.0.0.1:{server.port}/"
    # Two servers of one machine share its cookies, so theirs carry the port.
    assert {cookie.name for cookie in jar} == {f"session-{server.port}", f"csrftoken-{server.port}"}


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="only Linux tells who listens where")
def test_nobody_listens_for_other_machines(server: Server) -> None:
    hexadecimal = f":{server.port:04X} "
    listening = [
        row.split()[1] for row in Path("/proc/net/tcp").read_text().splitlines() if hexadecimal in row
    ]
    assert {row for row in listening if row.endswith(hexadecimal.strip())} == {f"0100007F:{server.port:04X}"}


def test_a_second_server_of_the_same_data_says_what_is_wrong(server: Server) -> None:
    second = subprocess.run(
        [sys.executable, "manage.py", "serve", "--port", str(free_port())],
        cwd=ROOT,
        env=os.environ | {"ANNOTATOR_PROFILE": "demo", "ANNOTATOR_DATA": str(server.data)},
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    assert second.returncode != 0
    assert b"Another server is using" in second.stderr
    assert server.status() == 200


def test_a_taken_port_is_said_before_anything_is_prepared(server: Server, tmp_path: Path) -> None:
    other = start(tmp_path / "other", server.port)
    assert other.process.wait(PATIENCE) != 0
    assert f"Port {server.port} of 127.0.0.1 cannot be opened" in other.said
    assert not (tmp_path / "other" / "annotator.sqlite3").exists()


def test_a_link_of_an_earlier_run_opens_nothing(server: Server) -> None:
    assert server.status("/welcome/Mw:1xV6iQ:CBR40nnZ8XbHJo9hTGhhy6KBh3WlA8kA0r1QRjE78MA/") == 404
    assert "CBR40nnZ8" not in server.said


@pytest.fixture(scope="module")
def served_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory that one ended server after another leaves to the next."""
    return tmp_path_factory.mktemp("left")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_ending_it_ends_all_of_it_and_leaves_the_data_to_the_next(
    how: signal.Signals, served_before: Path
) -> None:
    started = start(served_before, free_port())
    try:
        assert until(lambda: started.status() == 200), started.said
        started.process.send_signal(how)
        started.process.wait(15)
        assert until(lambda: started.status() is None, seconds=10)
    finally:
        started.process.kill()
