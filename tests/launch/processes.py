"""Processes of the launcher: each in a group of its own, so that all of it can be ended."""

import contextlib
import ctypes
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

GRACE = 20.0
TIMED_OUT = 124
PR_SET_CHILD_SUBREAPER = 36
SERVERS: set[int] = set()  # started by this process, and to be kept while commands come and go


def run(command: Sequence[str], *, cwd: Path, env: Mapping[str, str], limit: float) -> int:
    """Run a command, its output going straight through; answer its exit code, or TIMED_OUT after the limit.

    Nothing it started outlives it, also when this is interrupted: the whole group is ended, and so is what left the
    group, which the kernel hands to the launcher as an orphan (see `adopt_orphans`).
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
        end_orphans()


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
    SERVERS.add(process.pid)
    try:
        wait_until(ready, process, log)
        yield
    finally:
        end(process)
        SERVERS.discard(process.pid)


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
    return [setpriv, "--pdeathsig", "INT", "--", *command] if setpriv else [*command]


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process and whatever is left of its group; by force when asking did not help.

    It is asked as by Ctrl-C: pytest then ends what its fixtures started, and PostgreSQL does not wait for its clients.
    """
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=GRACE)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def adopt_orphans() -> None:
    """Become the parent of every process whose own parent has ended; Linux only, elsewhere nothing changes."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_orphans() -> None:
    """End every child that is none of the servers; those it leaves behind are children in the next round."""
    while orphans := children() - SERVERS:
        for pid in orphans:
            with contextlib.suppress(ProcessLookupError, ChildProcessError):
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)


def children() -> set[int]:
    """The processes whose parent is this one."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            after_name = path.read_text().rsplit(")", 1)[1].split()
            if int(after_name[1]) == os.getpid():
                found.add(int(path.parent.name))
    return found


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
    """Being terminated unwinds as Ctrl-C does, so that every block ends what it started.

    A shell makes what it runs in the background deaf to Ctrl-C, and children inherit that: undone here.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, lambda *_: sys.exit(129))
