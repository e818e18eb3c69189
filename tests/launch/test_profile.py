"""Tests that run beside each other share neither a database nor a Redis."""

import os
import re
from pathlib import Path

import pytest
from django.conf import settings

from tests.launch import profile


def test_the_settings_are_those_of_the_tests() -> None:
    assert settings.PROFILE == "test"
    assert Path(__file__).resolve().parents[2] / "data" not in [settings.DATA, *settings.DATA.parents]


def test_each_process_has_a_redis_database_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://:secret@127.0.0.1:7000/0")
    profile.take_database(2)
    assert os.environ["REDIS_URL"] == "redis://:secret@127.0.0.1:7000/2"


def test_this_process_has_taken_its_own() -> None:
    worker = re.fullmatch(r"gw(\d+)", os.environ.get("PYTEST_XDIST_WORKER", ""))
    if not settings.REDIS_URL or worker is None:
        pytest.skip("only where several processes share a Redis")
    assert settings.REDIS_URL.endswith(f"/{1 + int(worker[1])}")
