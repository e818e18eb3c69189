"""Whoever runs pytest gets the test profile, a data folder and a Redis database of its own.

Loaded by `-p` in pyproject.toml: pytest-django reads the settings before any conftest.py is imported.
"""

import atexit
import os
import re
import shutil
import tempfile


def prepare() -> None:
    os.environ.setdefault("ANNOTATOR_PROFILE", "test")
    if "ANNOTATOR_DATA" not in os.environ:
        os.environ["ANNOTATOR_DATA"] = own = tempfile.mkdtemp(prefix="annotator-test-")
        atexit.register(shutil.rmtree, own, ignore_errors=True)
    if worker := re.fullmatch(r"gw(\d+)", os.environ.get("PYTEST_XDIST_WORKER", "")):
        take_database(1 + int(worker[1]))


def take_database(number: int) -> None:
    """Tests that run beside each other clear their caches, so each process has one to itself."""
    if url := os.environ.get("REDIS_URL"):
        os.environ["REDIS_URL"] = re.sub(r"/\d+$", f"/{number}", url)


prepare()
