"""What a step runs in: its environment, with the servers it needs started when the first step needs them."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from tests.launch import debian, node, services
from tests.launch.steps import Step

SERVERS = {"postgresql": ("DATABASE_URL", services.postgres), "redis-server": ("REDIS_URL", services.redis)}
OURS = ("ANNOTATOR_", "DATABASE_URL", "REDIS_URL", "DJANGO_", "PYTEST_")


class Lacking(Exception):
    """A step cannot begin; the message says what it needs and how to get it."""


class Surroundings:
    """Starts each server at most once and keeps it until `house` is closed."""

    def __init__(self, root: Path, scratch: Path, house: contextlib.ExitStack) -> None:
        self.root = root
        self.scratch = scratch
        self.house = house
        self.lacks: dict[str, str] = {}
        self.urls: dict[str, str] = {}

    def provide(self, steps: Iterable[Step]) -> None:
        """Install what the steps need, as far as we may."""
        needs = {need for step in steps for need in step.needs}
        self.lacks = debian.provide(sorted(needs & debian.PRESENT.keys()))

    def of(self, step: Step) -> dict[str, str]:
        """The environment of a step: a data folder of its own, and none of the caller's settings."""
        lacks = [self.lacks[need] for need in sorted(step.needs) if need in self.lacks]
        if lacks:
            raise Lacking("; ".join(lacks))
        env = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        env |= {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            "PYTHONUNBUFFERED": "1",
            "ANNOTATOR_PROFILE": "test",
            "ANNOTATOR_DATA": str(self.scratch / step.name),
        }
        env |= {SERVERS[need][0]: self.url(need) for need in SERVERS if need in step.needs}
        return self.with_node(env) if "node" in step.needs else env

    def url(self, server: str) -> str:
        if server not in self.urls:
            try:
                self.urls[server] = self.house.enter_context(SERVERS[server][1]())
            except (OSError, RuntimeError, LookupError, subprocess.SubprocessError) as error:
                raise Lacking(f"{server} did not start: {error}") from error
        return self.urls[server]

    def with_node(self, env: dict[str, str]) -> dict[str, str]:
        try:
            return node.prepare(self.root / "frontend", env)
        except (OSError, RuntimeError) as error:
            raise Lacking(str(error)) from error
