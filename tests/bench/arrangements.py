"""Where the program is measured: on PostgreSQL and Redis, and embedded, each served as `manage.py serve` does it."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.meters import Meter
from tests.launch import processes, services

ROOT = Path(__file__).resolve().parents[2]
OURS = ("ANNOTATOR_", "DATABASE_URL", "REDIS_URL", "DJANGO_", "PYTEST_")
# Unlike the tests' own, this database keeps what it has acknowledged: that is part of what a save costs.
DURABLE = {"max_connections": "200"}


@dataclass(frozen=True)
class Site:
    """A running server, and what is stored in it."""

    port: int
    meter: Meter
    stock: dict[str, Any]


@contextlib.contextmanager
def postgres() -> Iterator[Site]:
    with (
        services.postgres(DURABLE) as database,
        services.redis() as redis,
        site({"DATABASE_URL": database, "REDIS_URL": redis}) as running,
    ):
        yield running


@contextlib.contextmanager
def embedded() -> Iterator[Site]:
    with site({}) as running:
        yield running


ALL = {"PostgreSQL and Redis": postgres, "embedded (SQLite)": embedded}


@contextlib.contextmanager
def site(servers: dict[str, str]) -> Iterator[Site]:
    """Fills the database, serves it on a free port, and ends the server with the block."""
    with tempfile.TemporaryDirectory(prefix="annotator-bench-") as folder:
        env = environment(Path(folder), servers)
        listing = Path(folder) / "stock.json"
        subprocess.run([sys.executable, "-m", "tests.bench.stock", listing], cwd=ROOT, env=env, check=True)
        stock = json.loads(listing.read_text())
        port = processes.free_port()
        env["ANNOTATOR_PORT"] = str(port)
        command = [sys.executable, "-m", "granian", "--host", "127.0.0.1", "--port", str(port)]
        command += [*stock["granian"], "tests.bench.site:application"]
        with serving(command, env, Path(folder) / "server.log", port) as pid:
            yield Site(port, Meter(pid), stock)


def environment(folder: Path, servers: dict[str, str]) -> dict[str, str]:
    """The demo's settings, in a data folder of the benchmark's own."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return env | servers | {"ANNOTATOR_PROFILE": "demo", "ANNOTATOR_DATA": str(folder / "data")}


@contextlib.contextmanager
def serving(command: list[str], env: dict[str, str], log: Path, port: int) -> Iterator[int]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            processes.bound(command), cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            start_new_session=True,
        )  # fmt: skip
    try:
        processes.wait_until(lambda: processes.listens(port), process, log)
        yield process.pid
    finally:
        processes.end(process)
