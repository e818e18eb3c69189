"""A PostgreSQL and a Redis that live as long as a block: free ports of 127.0.0.1, passwords of their own."""

import contextlib
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.launch import processes

QUIET = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"}
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}


@contextlib.contextmanager
def postgres(settings: Mapping[str, str] = FAST) -> Iterator[str]:
    """Start a PostgreSQL that goes with the block; give its URL. Its user may create databases."""
    programs = postgres_programs()
    if programs is None:
        raise FileNotFoundError("PostgreSQL is not installed")
    user = unprivileged("postgres", "nobody")
    with room("postgres", user) as folder:
        port, password = processes.free_port(), secrets.token_hex(16)
        data, log = folder / "data", folder / "log"
        write_secret(folder / "password", password, user)
        subprocess.run(
            [programs / "initdb", "-D", data, "-U", "annotator", "--pwfile", folder / "password",
             "-A", "scram-sha-256", "-E", "UTF8", "--locale", "C.UTF-8", "--no-sync"],
            check=True, stdout=subprocess.DEVNULL, cwd=folder, env=QUIET, **processes.identity(user),
        )  # fmt: skip
        options = {
            **settings,
            "port": str(port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
        }
        command = [str(programs / "postgres"), "-D", str(data)]
        command += [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        asks = [str(programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]

        def ready() -> bool:  # listening comes earlier than answering
            return subprocess.run(asks, env=QUIET).returncode == 0

        with processes.server(command, user=user, log=log, env=QUIET, ready=ready):
            yield f"postgresql://annotator:{password}@127.0.0.1:{port}/postgres"


@contextlib.contextmanager
def redis() -> Iterator[str]:
    """Start a Redis that keeps nothing; give its URL."""
    program = shutil.which("redis-server")
    if program is None:
        raise FileNotFoundError("Redis is not installed")
    user = unprivileged("redis", "nobody")
    with room("redis", user) as folder:
        port, password = processes.free_port(), secrets.token_hex(16)
        settings, log = folder / "redis.conf", folder / "log"
        lines = ["bind 127.0.0.1", f"port {port}", f"requirepass {password}", 'save ""', "appendonly no"]
        write_secret(settings, "\n".join(lines), user)
        command = [program, str(settings)]
        with processes.server(command, user=user, log=log, env=QUIET, ready=lambda: processes.listens(port)):
            yield f"redis://:{password}@127.0.0.1:{port}/0"


def postgres_programs() -> Path | None:
    """The folder of the newest PostgreSQL's programs; Debian keeps them off the PATH."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3])
    )
    found = installed[-1] if installed else shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def unprivileged(*names: str) -> str | None:
    """The first of these users that exists; nobody else than root needs one, because initdb refuses root."""
    if os.geteuid() != 0:
        return None
    for name in names:
        with contextlib.suppress(KeyError):
            processes.identity(name)
            return name
    raise LookupError(f"none of the users {', '.join(names)} exists")


@contextlib.contextmanager
def room(name: str, user: str | None) -> Iterator[Path]:
    """A folder of the user's own that goes with the block."""
    folder = Path(tempfile.mkdtemp(prefix=f"annotator-{name}-"))
    try:
        if user is not None:
            shutil.chown(folder, user)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write_secret(path: Path, content: str, user: str | None) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(content)
    if user is not None:
        shutil.chown(path, user)
