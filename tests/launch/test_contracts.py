"""The import contracts name everything that they should hold."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = {
    contract["name"]: contract
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
}
PACKAGES = {f"annotator.{path.parent.name}" for path in ROOT.glob("annotator/*/__init__.py")}
TABLES = re.compile(r"annotator\.(\w+\.models|accounts\.roles|documents\.folding|errors)")
PURE = {"annotator.agreement", "annotator.formats"} & PACKAGES


def test_every_pure_package_is_held_to_it() -> None:
    assert set(CONTRACTS["What computes and what reads files is pure Python"]["source_modules"]) == PURE


def test_every_app_but_the_api_is_kept_from_the_rest_framework() -> None:
    held = set(CONTRACTS["Only the API knows the REST framework"]["source_modules"])
    assert held >= PACKAGES - PURE - {"annotator.api"}
    assert "annotator.api" not in held


def test_no_contract_has_an_exception() -> None:
    assert not any("ignore_imports" in contract for contract in CONTRACTS.values())


def test_models_import_no_verbs() -> None:
    for path in ROOT.glob("annotator/*/models.py"):
        imported = re.findall(r"^\s*(?:from|import) (annotator[\w.]*)", path.read_text(), re.MULTILINE)
        assert [name for name in imported if not TABLES.fullmatch(name)] == [], path.parent.name
