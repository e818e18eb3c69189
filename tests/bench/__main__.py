"""Measures the program beside its floor and prints Markdown: `python -m tests.bench` (or `make bench`).

Opens a reading, saves a span and claims a document, with 1 and 16 clients, and again with little and much stored; on
PostgreSQL with Redis and on the embedded default. The floor is a bare view that inserts one row, in the same server and the
same minutes. Everything is on the loopback of one machine, the clients with it, so what is compared are the ratios.
"""

import os
import platform
import sys
from collections.abc import Callable, Iterator
from functools import partial
from importlib.metadata import version

from tests.bench import load
from tests.bench.arrangements import ALL, Site
from tests.bench.load import Ask, Figure
from tests.bench.tables import drawn, growth_of, table
from tests.launch import processes

ROUNDS = 3
PAIRS = [
    ("change a span of 10", "change a span of 2,000"),
    ("change a span beside 10 documents", "change a span beside 2,000 documents"),
    ("open a reading of 10 spans", "open a reading of 2,000 spans"),
    ("claim one of 10 documents", "claim one of 2,000 documents"),
]
MANY_CLIENTS = 16
Clients = list[Callable[[], Iterator[Ask]]]


def main() -> int:
    processes.interrupt_on_termination()
    print(surroundings(), flush=True)
    for name, arrangement in ALL.items():
        with arrangement() as site:
            print(f"\n## {name}\n", flush=True)
            print(report(site), flush=True)
    return 0


def surroundings() -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in ("Django", "djangorestframework", "granian"))
    return (
        f"Python {platform.python_version()}, {packages}; {os.cpu_count()} processors, clients on the same."
    )


def report(site: Site) -> str:
    begun = site.meter.megabytes()
    reading = site.stock["readers"][0]
    load.Client(site.port).put(Ask("GET", load.address(reading), reading["session"]))
    rest = site.meter.megabytes()
    figures = measured(site, main_operations(site))
    sizes = measured(site, growth_operations(site))
    memory = drawn(
        ("memory", "MB"),
        [
            ["when it listens", f"{begun:.0f}"],
            ["at rest, after the first request", f"{rest:.0f}"],
            ["after the benchmark", f"{site.meter.megabytes():.0f}"],
        ],
    )
    return "\n\n".join([table(figures), table(sizes), growth(sizes), memory])


def growth(figures: list[Figure]) -> str:
    """What an operation costs with much stored, as a multiple of what it costs with little."""
    named = {figure.name: figure for figure in figures}
    return drawn(
        ("with much stored", "CPU to little"), [growth_of(named[few], named[many]) for few, many in PAIRS]
    )


def main_operations(site: Site) -> dict[tuple[str, int], Clients]:
    """Each operation by one client and by many, every client with a reading of its own."""
    writers = site.stock["writers"]
    people = Queue(site.stock["claims_many"][:-250])
    operations: dict[tuple[str, int], Clients] = {}
    for number in (1, MANY_CLIENTS):
        operations["floor", number] = [load.floors] * number
        operations["open a reading", number] = [
            partial(load.opens, reading) for reading in site.stock["readers"][:number]
        ]
        operations["save a span", number] = [partial(load.saves, reading) for reading in writers[:number]]
        operations["claim a document", number] = [partial(people.claims, 160 // number)] * number
        if number == 1:
            operations["claim a document", 1] = [partial(people.claims, 100)]
    return operations


def growth_operations(site: Site) -> dict[tuple[str, int], Clients]:
    """The same with little and much stored, by one client."""
    stock = site.stock
    few, many = Queue(stock["claims_few"]), Queue(stock["claims_many"][-250:])
    return {
        ("floor", 1): [load.floors],
        ("change a span of 10", 1): [partial(load.changes, stock["marks_few"][0])],
        ("change a span of 2,000", 1): [partial(load.changes, stock["marks_many"][0])],
        ("change a span beside 10 documents", 1): [partial(load.changes, stock["documents_few"][0])],
        ("change a span beside 2,000 documents", 1): [partial(load.changes, stock["documents_many"][0])],
        ("open a reading of 10 spans", 1): [partial(load.opens, stock["marks_few"][0])],
        ("open a reading of 2,000 spans", 1): [partial(load.opens, stock["marks_many"][0])],
        ("claim one of 10 documents", 1): [partial(few.claims, 50)],
        ("claim one of 2,000 documents", 1): [partial(many.claims, 50)],
    }


class Queue:
    """People who have not claimed yet; each is taken once."""

    def __init__(self, people: list[dict]) -> None:
        self.people = list(people)

    def claims(self, count: int) -> Iterator[Ask]:
        taken, self.people = self.people[:count], self.people[count:]
        return load.claims(taken)


def measured(site: Site, operations: dict[tuple[str, int], Clients]) -> list[Figure]:
    """Every operation in every round, so that a slow minute of the machine meets all of them."""
    figures = [Figure(name, number) for name, number in operations]
    for clients in operations.values():
        load.warm(clients[0], site.port)
    for _ in range(ROUNDS):
        for figure, clients in zip(figures, operations.values(), strict=True):
            figure.rounds.append(load.run([asks() for asks in clients], site.port, site.meter))
    return figures


if __name__ == "__main__":
    sys.exit(main())
