"""The lock files: hashed, complete, and without anybody's address."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ("requirements.lock", "requirements-dev.lock")
JAVASCRIPT = "frontend/package-lock.json"


@pytest.mark.parametrize("name", [*PYTHON, JAVASCRIPT])
def test_a_lock_holds_no_address(name: str) -> None:
    found = re.findall(r".*(?:://|--index-url|--find-links|\bfile:).*", (ROOT / name).read_text())
    assert found == []


@pytest.mark.parametrize("name", PYTHON)
def test_every_locked_package_has_one_version_and_its_hashes(name: str) -> None:
    entries = requirements(name)
    assert len(entries) > 40
    for entry in entries:
        assert re.match(r"[a-z0-9.-]+==[^\s;]+", entry), entry
        assert "--hash=sha256:" in entry, entry


def test_the_development_lock_holds_all_of_the_other_at_the_same_versions() -> None:
    ours, theirs = ({entry.split("\n")[0] for entry in requirements(name)} for name in PYTHON)
    names = {line.split("==")[0] for line in ours}
    assert {line for line in theirs if line.split("==")[0] in names} >= {
        line for line in ours if " ; sys_platform" not in line
    }


def test_every_locked_javascript_package_has_its_hash_and_no_place() -> None:
    packages = json.loads((ROOT / JAVASCRIPT).read_text())["packages"]
    assert len(packages) > 10
    for name, package in packages.items():
        assert "resolved" not in package, name
        assert name == "" or package["integrity"].startswith("sha512-"), name


def requirements(name: str) -> list[str]:
    """The entries of a lock, each with its hashes."""
    return re.findall(r"^[a-zA-Z0-9].*(?:\n .*)*", (ROOT / name).read_text(), re.MULTILINE)
