"""Whoever runs pytest gets the test profile, and a data folder apart from the demo's.

Loaded by `-p` in pyproject.toml: pytest-django reads the settings before any conftest.py is imported.
"""

import os
from pathlib import Path

os.environ.setdefault("ANNOTATOR_PROFILE", "test")
os.environ.setdefault("ANNOTATOR_DATA", str(Path(__file__).resolve().parents[2] / "build/data"))
