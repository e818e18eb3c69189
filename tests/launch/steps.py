"""The steps of `make test`, in their order."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """One command. `needs` names services and programs; `tests` says that it leaves a JUnit report."""

    name: str
    command: tuple[str, ...]
    groups: frozenset[str]
    needs: frozenset[str] = frozenset()
    tests: bool = False
    folder: str = "."
    limit: float = 900.0


def check(name: str, *command: str) -> Step:
    return Step(name, command, frozenset({"checks"}))


def python(name: str, markers: str, *options: str, needs: Sequence[str] = ()) -> Step:
    command = ("python", "-m", "pytest", "-m", markers, "--junit-xml={report}", *options)
    groups = frozenset({"browser"} if "chromium" in needs else {"python"})
    return Step(name, command, groups, frozenset(needs), tests=True, limit=1800.0)


def javascript(name: str, *command: str, tests: bool = False) -> Step:
    return Step(name, ("node", *command), frozenset({"javascript"}), frozenset({"node"}), tests, "frontend")


SERVERS = ("postgresql", "redis-server")
TWO_AT_ONCE = ("-n", "2", "--dist", "worksteal")
REPORTERS = ("--reporter=default", "--reporter=junit", "--outputFile.junit={report}")

ALL = (
    check("ruff", "ruff", "check", "--output-format=concise", "."),
    check("format", "ruff", "format", "--check", "--output-format=concise", "."),
    check("types", "mypy"),
    check("imports", "lint-imports", "--no-logo"),
    check("migrations", "python", "manage.py", "makemigrations", "--check", "--dry-run"),
    python("postgres", "not browser and not load and not worker", *TWO_AT_ONCE, needs=SERVERS),
    python("worker", "(worker or load) and not browser", needs=SERVERS),
    python("sqlite", "not postgres and not load and not worker and not browser", *TWO_AT_ONCE),
    javascript("jsdoc", "node_modules/typescript/bin/tsc", "-p", "jsconfig.json"),
    javascript("vitest", "node_modules/vitest/vitest.mjs", "run", *REPORTERS, tests=True),
    python("browser", "browser", needs=(*SERVERS, "chromium")),
    python("embedded", "browser and embedded and not postgres and not load", needs=("chromium",)),
)
BENCH = Step("bench", ("python", "-m", "tests.bench"), frozenset(), frozenset(SERVERS), limit=3600.0)


def chosen(words: Sequence[str]) -> list[Step]:
    """The steps that the words name, alone or by group, in their order; all without a word."""
    known = {step.name for step in ALL}.union(*(step.groups for step in ALL))
    unknown = [word for word in words if word not in known]
    if unknown:
        raise LookupError(f"no step is called {', '.join(unknown)}; there are {', '.join(sorted(known))}")
    return [step for step in ALL if not words or ({step.name} | step.groups).intersection(words)]
