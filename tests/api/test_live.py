"""What only a real server shows: bodies of 60 MB, with and without a length, over a socket."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MEGABYTE = b"x" * 1024 * 1024
PUT = "PUT /api/v1/projects/harbour/sets/1/spans/00000000-0000-0000-0000-000000000001/ HTTP/1.1\r\n"
POST = "POST /api/v1/tokens/ HTTP/1.1\r\n"


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A server on an empty database of its own, in its own process."""
    folder = tmp_path_factory.mktemp("live")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
    environment = {
        **os.environ,
        "ANNOTATOR_PROFILE": "test",
        "ANNOTATOR_DATA": str(folder),
        "ANNOTATOR_SECRET_KEY": "k" * 50,
    }
    for name in ("DATABASE_URL", "REDIS_URL"):
        environment.pop(name, None)
    manage = [sys.executable, "manage.py", "migrate", "-v0"]
    subprocess.run(manage, cwd=ROOT, env=environment, check=True, timeout=120)
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(number), "--no-ws", "--http", "1",
               "annotator.wsgi:application"]  # fmt: skip
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 30
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", number), 1):
                break
            assert time.monotonic() < deadline, (folder / "log").read_text()
            time.sleep(0.1)
        yield number
    finally:
        server.terminate()
        server.wait(20)


def talk(port: int, head: str, chunks: Iterator[bytes]) -> tuple[int, dict[str, object], int]:
    """The status and body of the answer, and how many bytes the server took before it gave it."""
    taken, answer = 0, b""
    with socket.create_connection(("127.0.0.1", port), 30) as wire:
        wire.settimeout(30)
        wire.sendall(f"{head}Host: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            for chunk in chunks:
                wire.sendall(chunk)
                taken += len(chunk)
        with contextlib.suppress(ConnectionResetError):
            while piece := wire.recv(65536):
                answer += piece
    start, _, body = answer.partition(b"\r\n\r\n")
    assert start, "the server said nothing"
    if b"chunked" in start.lower():
        body = b"".join(body.split(b"\r\n")[1::2])
    return int(start.split()[1]), json.loads(body or b"{}"), taken


def plain(megabytes: int) -> Iterator[bytes]:
    yield from (MEGABYTE for _ in range(megabytes))


def chunked(megabytes: int) -> Iterator[bytes]:
    for _ in range(megabytes):
        yield f"{len(MEGABYTE):x}\r\n".encode() + MEGABYTE + b"\r\n"
    yield b"0\r\n\r\n"


def test_sixty_megabytes_with_their_length_are_413(port: int) -> None:
    status, body, _ = talk(
        port, f"{POST}Content-Type: application/json\r\nContent-Length: {60 * len(MEGABYTE)}\r\n", plain(60)
    )
    assert status == 413
    assert body["type"] == "client_error"
    assert body["errors"][0]["code"] == "body_too_large"  # type: ignore[index]


def test_sixty_megabytes_without_a_length_are_refused(port: int) -> None:
    status, body, _ = talk(
        port, f"{POST}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n", chunked(60)
    )
    assert status in (400, 411, 413)
    assert body["type"] in ("validation_error", "client_error")


def test_a_stranger_is_refused_before_the_body_is_looked_at(port: int) -> None:
    status, body, _ = talk(
        port, f"{PUT}Content-Type: application/json\r\nContent-Length: {60 * len(MEGABYTE)}\r\n", plain(60)
    )
    assert status == 401
    assert body["errors"][0]["code"] == "not_authenticated"  # type: ignore[index]


def test_a_small_body_without_a_length_makes_nothing_up(port: int) -> None:
    sent = json.dumps({"username": "ada", "password": "x", "name": "x"}).encode()
    one = f"{len(sent):x}\r\n".encode() + sent + b"\r\n0\r\n\r\n"
    status, body, _ = talk(
        port, f"{POST}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n", iter([one])
    )
    assert status in (400, 401, 411), body


def test_the_server_goes_on(port: int) -> None:
    status, _, _ = talk(port, "GET /api/v1/me/ HTTP/1.1\r\n", iter([]))
    assert status == 401
