"""Processes of the launcher: each in a group of its own, so that all of it can be ended."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

GRACE = 10.0
TIMED_OUT = 124


def run(command: Sequence[str], *, cwd: Path, env: Mapping[str, str], limit: float) -> int:
    """Run a command, its output going straight through; answer its exit code, or TIMED_OUT after the limit.

    Nothing it started outlives it: the whole group is ended, also when this is interrupted.
    """
    process = subprocess.Popen(
        bound(command), cwd=cwd, env=env, stdin=subprocess.DEVNULL, start_new_session=True
    )
    try:
        return process.wait(timeout=limit)
    except subprocess.TimeoutExpired:
        return TIMED_OUT
    finally:
        end(process)


@contextlib.contextmanager
def server(
    command: Sequence[str], *, user: str | None, log: Path, env: Mapping[str, str], ready: Callable[[], bool]
) -> Iterator[None]:
    """Keep a server running, as `user` if one is given, from when it is ready until the block ends."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            bound(command), cwd=log.parent, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            start_new_session=True, **identity(user),
        )  # fmt: skip
    try:
        wait_until(ready, process, log)
        yield
    finally:
        end(process, politely=signal.SIGINT)


def wait_until(
    ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path, seconds: float = 30.0
) -> None:
    """Return once the server is ready; raise with its own words when it ends or takes too long."""
    deadline = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < deadline:
        if ready():
            return
        time.sleep(0.05)
    raise RuntimeError(f"{log.parent.name} did not start:\n{log.read_text(errors='replace')[-2000:]}")


def bound(command: Sequence[str]) -> list[str]:
    """The command, ended by the kernel when the launcher is killed and can end nothing any more."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM", "--", *command] if setpriv else [*command]


def end(process: subprocess.Popen[bytes], politely: signal.Signals = signal.SIGTERM) -> None:
    """End a process and whatever is left of its group; by force when asking did not help."""
    if process.poll() is None:
        process.send_signal(politely)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=GRACE)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def identity(user: str | None) -> dict[str, Any]:
    """The arguments with which Popen starts a process as that user."""
    if user is None:
        return {}
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def interrupt_on_termination() -> None:
    """Being terminated unwinds as Ctrl-C does, so that every block ends what it started."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, lambda *_: sys.exit(129))
