"""Whoever runs pytest gets the test profile.

Loaded by `-p` in pyproject.toml: pytest-django reads the settings before any conftest.py is imported.
"""

import os

os.environ.setdefault("ANNOTATOR_PROFILE", "test")
