"""What the launcher starts has ended when it is done with it, whatever happened."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.launch import processes

ROOT = Path(__file__).resolve().parents[2]
ENV = {"PATH": os.environ["PATH"]}
LEAVES_A_CHILD = """
import pathlib, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
pathlib.Path(sys.argv[1]).write_text(str(child.pid))
time.sleep(float(sys.argv[2]))
"""
NOTES_ITSELF = """
import os, pathlib, sys, time
pathlib.Path(sys.argv[1]).write_text(str(os.getpid()))
time.sleep(600)
"""


def test_the_exit_code_is_handed_on(tmp_path: Path) -> None:
    assert processes.run([sys.executable, "-c", "raise SystemExit(7)"], cwd=tmp_path, env=ENV, limit=30) == 7


@pytest.mark.parametrize(("sleep", "code"), [("0", 0), ("600", processes.TIMED_OUT)])
def test_what_a_command_leaves_behind_is_ended(tmp_path: Path, sleep: str, code: int) -> None:
    note = tmp_path / "child"
    command = [sys.executable, "-c", LEAVES_A_CHILD, str(note), sleep]
    limit = 30 if code == 0 else 3
    assert processes.run(command, cwd=tmp_path, env=ENV, limit=limit) == code
    assert soon(lambda: gone(int(note.read_text())))


def test_a_server_ends_with_its_block_even_when_the_block_fails(tmp_path: Path) -> None:
    note = tmp_path / "child"
    command = [sys.executable, "-c", LEAVES_A_CHILD, str(note), "600"]
    with pytest.raises(ZeroDivisionError):
        fail_within(processes.server(command, user=None, log=tmp_path / "log", env=ENV, ready=note.exists))
    assert soon(lambda: gone(int(note.read_text())))


def test_a_server_that_does_not_start_is_reported_in_its_own_words(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "print('the port is taken'); raise SystemExit(1)"]
    server = processes.server(command, user=None, log=tmp_path / "log", env=ENV, ready=lambda: False)
    with pytest.raises(RuntimeError, match="the port is taken"):
        server.__enter__()


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_launcher_that_is_ended_takes_along_what_it_started(tmp_path: Path, sign: signal.Signals) -> None:
    if sign == signal.SIGKILL and shutil.which("setpriv") is None:
        pytest.skip("without setpriv nobody is left who could")
    note = tmp_path / "child"
    launcher = f"""
import pathlib, sys
from tests.launch import processes
processes.interrupt_on_termination()
command = [sys.executable, "-c", {NOTES_ITSELF!r}, {str(note)!r}]
processes.run(command, cwd=pathlib.Path.cwd(), env=dict(), limit=600)
"""
    started = subprocess.Popen([sys.executable, "-c", launcher], cwd=ROOT, stderr=subprocess.DEVNULL)
    assert soon(lambda: note.exists() and note.read_text() != "")
    started.send_signal(sign)
    assert started.wait(timeout=30) != 0
    assert soon(lambda: gone(int(note.read_text())))


def test_a_child_that_left_the_group_is_ended_too(tmp_path: Path) -> None:
    note = tmp_path / "child"
    leaves = LEAVES_A_CHILD.replace('"]', '"], start_new_session=True')
    launcher = f"""
import pathlib, sys
from tests.launch import processes
processes.adopt_orphans()
command = [sys.executable, "-c", {leaves!r}, {str(note)!r}, "0"]
raise SystemExit(processes.run(command, cwd=pathlib.Path.cwd(), env=dict(), limit=60))
"""
    assert subprocess.run([sys.executable, "-c", launcher], cwd=ROOT).returncode == 0
    assert gone(int(note.read_text()))


def fail_within(block: contextlib.AbstractContextManager[None]) -> None:
    with block:
        _ = 1 // 0


def soon(true: Callable[[], bool], seconds: float = 20.0) -> bool:
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def gone(pid: int) -> bool:
    """Whether the process has ended; a zombie that nobody has collected yet has."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True
