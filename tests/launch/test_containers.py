"""Dockerfile and docker-compose.yml: no secret has a default, and nothing listens to the world."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = (ROOT / "docker-compose.yml").read_text()
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(COMPOSE)["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def test_every_secret_must_be_given() -> None:
    secrets = re.findall(r"\$\{(\w*(?:SECRET|PASSWORD|TOKEN|KEY)\w*)([^}]*)\}", COMPOSE)
    assert {name for name, _ in secrets} == {
        "ANNOTATOR_SECRET_KEY", "ANNOTATOR_DB_PASSWORD", "ANNOTATOR_REDIS_PASSWORD",
    }  # fmt: skip
    assert {rest[:2] for _, rest in secrets} == {":?"}


def test_every_setting_that_looks_secret_is_taken_from_the_environment() -> None:
    for name, service in SERVICES.items():
        for key, value in service.get("environment", {}).items():
            if re.search("SECRET|PASSWORD|AUTH|_URL", key):
                assert re.search(r"\$\{\w+:\?", str(value)), (name, key)


def test_only_the_web_server_has_a_port_and_it_is_on_loopback() -> None:
    ports = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert list(ports) == ["web"]
    assert all(port.startswith("127.0.0.1:") for port in ports["web"])
    assert not any(service.get("network_mode") == "host" for service in SERVICES.values())


def test_everything_that_keeps_data_has_a_volume() -> None:
    kept = {volume.split(":")[0] for service in SERVICES.values() for volume in service["volumes"]}
    assert kept == set(yaml.safe_load(COMPOSE)["volumes"])
    assert SERVICES["web"]["volumes"] == SERVICES["worker"]["volumes"]


@pytest.mark.parametrize("name", ["web", "worker", "beat", "migrate"])
def test_the_program_runs_in_production_without_privileges(name: str) -> None:
    service = SERVICES[name]
    assert service["environment"]["ANNOTATOR_PROFILE"] == "production"
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_the_image_runs_as_nobody_special_with_hashed_packages() -> None:
    assert re.findall(r"^USER (\w+)$", DOCKERFILE, re.MULTILINE) == ["annotator"]
    assert DOCKERFILE.index("\nUSER annotator") > DOCKERFILE.rindex("\nRUN ")
    assert "--require-hashes" in DOCKERFILE
    assert "\nHEALTHCHECK " in DOCKERFILE
    assert not re.search(r"^(ARG|ENV).*(SECRET|PASSWORD|TOKEN)", DOCKERFILE, re.MULTILINE)


def test_what_the_image_copies_is_let_in_and_nothing_else() -> None:
    copied = {
        word for line in re.findall(r"^COPY (.+)$", DOCKERFILE, re.MULTILINE) for word in line.split()[:-1]
    }
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert "*" in ignored
    assert {line[1:] for line in ignored if line.startswith("!")} == copied
    assert all((ROOT / name).exists() for name in copied)
