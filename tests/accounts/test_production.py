"""Production does not start without its secrets, and nothing secret has a default."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GOOD = {"ANNOTATOR_SECRET_KEY": "k" * 50, "ANNOTATOR_HOSTS": "example.org"}
REPORT = (
    "from django.conf import settings as s; "
    "print(s.DEBUG, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS > 0, s.ALLOWED_HOSTS, "
    "s.AXES_ENABLED, s.PASSWORD_HASHERS[0].rsplit('.')[-1])"
)


def start(folder: Path, profile: str | None = "production", **given: str) -> subprocess.CompletedProcess[str]:
    """What the settings say when a process with this environment starts."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("ANNOTATOR_")}
    for name in ("DATABASE_URL", "REDIS_URL"):
        plain.pop(name, None)
    environment = {
        **plain,
        "ANNOTATOR_DATA": str(folder),
        "DJANGO_SETTINGS_MODULE": "annotator.settings",
        **given,
    }
    if profile:
        environment["ANNOTATOR_PROFILE"] = profile
    return subprocess.run(
        [sys.executable, "-c", REPORT],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({}, "ANNOTATOR_SECRET_KEY"),
        ({"ANNOTATOR_HOSTS": "example.org"}, "ANNOTATOR_SECRET_KEY"),
        ({**GOOD, "ANNOTATOR_SECRET_KEY": ""}, "ANNOTATOR_SECRET_KEY"),
        ({**GOOD, "ANNOTATOR_SECRET_KEY": "short"}, "ANNOTATOR_SECRET_KEY"),
        ({**GOOD, "ANNOTATOR_HOSTS": ""}, "ANNOTATOR_HOSTS"),
        ({**GOOD, "ANNOTATOR_HOSTS": " , "}, "ANNOTATOR_HOSTS"),
        ({**GOOD, "ANNOTATOR_PROFILE": "debug"}, "ANNOTATOR_PROFILE"),
    ],
)
def test_production_refuses_to_start_without_its_secrets(
    tmp_path: Path, given: dict[str, str], named: str
) -> None:
    tried = start(tmp_path, None if "ANNOTATOR_PROFILE" in given else "production", **given)
    assert tried.returncode != 0
    assert "ImproperlyConfigured" in tried.stderr
    assert named in tried.stderr.splitlines()[-1]


def test_no_profile_means_production(tmp_path: Path) -> None:
    assert start(tmp_path, None).returncode != 0
    assert start(tmp_path, None, **GOOD).stdout.startswith("False True True True ['example.org'] True")


def test_production_starts_with_its_secrets_and_guards_its_cookies(tmp_path: Path) -> None:
    started = start(tmp_path, **GOOD)
    assert started.stdout.split() == [
        "False", "True", "True", "True", "['example.org']", "True", "PBKDF2PasswordHasher",
    ], started.stderr  # fmt: skip
    assert not (tmp_path / "secret-key").exists()


def test_the_demo_makes_a_key_of_its_own_and_keeps_it(tmp_path: Path) -> None:
    for _ in range(2):
        assert start(tmp_path, "demo").returncode == 0
    path = tmp_path / "secret-key"
    first = path.read_text()
    assert len(first) >= 50
    assert path.stat().st_mode & 0o777 == 0o600
    other = tmp_path / "other"
    start(other, "demo")
    assert (other / "secret-key").read_text() != first
