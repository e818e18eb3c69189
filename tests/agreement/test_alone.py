"""The library stands alone: neither Django nor Celery nor scipy need be there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
BLOCK = """
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {absent}:
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Absent())
"""
ABSENT = {"django", "celery", "kombu", "redis", "rest_framework", "scipy", "structlog", "rules", "psycopg"}


def alone(code: str) -> subprocess.CompletedProcess[str]:
    script = BLOCK.replace("{absent}", repr(ABSENT)) + code
    command = [sys.executable, "-c", script]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)


def test_the_blocked_packages_really_are_absent() -> None:
    assert "ModuleNotFoundError" in alone("import django").stderr


def test_every_module_imports_without_the_platform() -> None:
    code = (
        "import pkgutil, importlib, annotator.agreement as package\n"
        "for found in pkgutil.iter_modules(package.__path__):\n"
        "    importlib.import_module('annotator.agreement.' + found.name)\n"
        f"assert not {ABSENT!r} & {{name.partition('.')[0] for name in sys.modules}}\n"
    )
    run = alone(code)
    assert run.returncode == 0, run.stderr


def test_the_command_runs_without_the_platform() -> None:
    code = (
        "from annotator.agreement.__main__ import main\n"
        "sys.exit(main(['fixtures/agreement/paper.jsonl', '--json']))\n"
    )
    run = alone(code)
    assert run.returncode == 0, run.stderr
    assert '"u_alpha"' in run.stdout
