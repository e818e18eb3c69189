"""Programs that the tests use and pip cannot bring: from Debian's packages, where we may install them."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterable

from tests.launch import services

PRESENT: dict[str, Callable[[], bool]] = {
    "postgresql": lambda: services.postgres_programs() is not None,
    "redis-server": lambda: shutil.which("redis-server") is not None,
    "chromium": lambda: shutil.which("chromium") is not None,
}
APT = ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=300"]


def provide(packages: Iterable[str]) -> dict[str, str]:
    """Install what is missing, as root on Debian; answer what is still missing, with what to do about it."""
    missing = [name for name in packages if not PRESENT[name]()]
    if missing and may_install():
        print(f"installing Debian's {', '.join(missing)}", flush=True)
        install(missing)
        missing = [name for name in missing if not PRESENT[name]()]
    return {name: f"needs {name}: as root, apt-get install {name}" for name in missing}


def may_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(packages: list[str]) -> None:
    """Install packages; their own servers are asked to stay off, for the tests start theirs."""
    command = [*APT, "install", "-y", "--no-install-recommends", *packages]
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    if subprocess.run(command, env=env).returncode != 0:
        subprocess.run([*APT, "update"], env=env)
        subprocess.run(command, env=env)
