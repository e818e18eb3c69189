"""Clients that ask one after the other on a connection each, for a bounded time, and what that took."""

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from statistics import median
from uuid import uuid4

from tests.bench.meters import Meter

SECONDS = 1.2
WARM = 3
CSRF = "b" * 32


@dataclass(frozen=True)
class Ask:
    """One request, and the status that says it did what it should."""

    method: str
    path: str
    session: str = ""
    body: bytes = b""
    status: tuple[int, ...] = (200,)


@dataclass(frozen=True)
class Round:
    """One operation by so many clients for a while: how long each answer and all took, and the server's processor time."""

    latencies: tuple[float, ...]
    seconds: float
    cpu: float


@dataclass
class Figure:
    """The rounds of one operation; every figure is a median, so that one bad round does not speak for all."""

    name: str
    clients: int
    rounds: list[Round] = field(default_factory=list)

    def per_second(self) -> float:
        return median(len(each.latencies) / each.seconds for each in self.rounds)

    def milliseconds(self, share: float) -> float:
        return median(1000 * quantile(each.latencies, share) for each in self.rounds)

    def cpu(self) -> float:
        """The server's milliseconds on a processor for one operation."""
        return median(1000 * each.cpu / len(each.latencies) for each in self.rounds)

    def answers(self) -> int:
        return sum(len(each.latencies) for each in self.rounds)


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that is not below this share of them."""
    ordered = sorted(values)
    return ordered[max(0, -(-int(share * 1000) * len(ordered) // 1000) - 1)]


class Wrong(Exception):
    """The server answered something else: the figures would be of another thing."""


def run(asks: Sequence[Iterator[Ask]], port: int, meter: Meter, seconds: float = SECONDS) -> Round:
    """Lets each client ask its questions until they or the time run out, all beginning together."""
    begin = threading.Barrier(len(asks) + 1)
    results: list[list[float]] = [[] for _ in asks]
    wrongs: list[Exception] = []

    def work(questions: Iterator[Ask], latencies: list[float]) -> None:
        client = Client(port)
        begin.wait()
        end = time.perf_counter() + seconds
        try:
            for ask in questions:
                started = time.perf_counter()
                if started >= end:
                    return
                client.put(ask)
                latencies.append(time.perf_counter() - started)
        except Exception as wrong:
            wrongs.append(wrong)
        finally:
            client.connection.close()

    threads = [threading.Thread(target=work, args=pair) for pair in zip(asks, results, strict=True)]
    for thread in threads:
        thread.start()
    before = meter.cpu_seconds()
    begin.wait()
    started = time.perf_counter()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - started
    if wrongs:
        raise wrongs[0]
    return Round(tuple(each for result in results for each in result), took, meter.cpu_seconds() - before)


class Client:
    """One connection, kept open."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.connection.connect()

    def put(self, ask: Ask) -> bytes:
        cookies = f"session-{self.port}={ask.session}; csrftoken-{self.port}={CSRF}"
        headers = {"Cookie": cookies, "X-CSRFToken": CSRF, "Content-Type": "application/json"}
        self.connection.request(ask.method, ask.path, body=ask.body or None, headers=headers)
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status not in ask.status:
            raise Wrong(f"{ask.method} {ask.path}: {answer.status} {content[:300]!r}")
        return content


# The operations, each an endless (or, for claims, a finite) row of requests by one client


def floors() -> Iterator[Ask]:
    while True:
        yield Ask("POST", "/floor/", body=b"{}", status=(201,))


def opens(reading: dict) -> Iterator[Ask]:
    while True:
        yield Ask("GET", address(reading), reading["session"])


def saves(reading: dict) -> Iterator[Ask]:
    """New spans: what an annotator does when they mark something."""
    for number in count():
        yield save(reading, str(uuid4()), number)


def changes(reading: dict) -> Iterator[Ask]:
    """Spans that are there, each made another: the reading stays as large as it was."""
    for number in count():
        yield save(reading, reading["spans"][number % len(reading["spans"])], number)


def save(reading: dict, uid: str, number: int) -> Ask:
    start = number * 7 % 3000
    body = {
        "start": start,
        "end": start + 25,
        "stance": "nuanced",
        "role": "claim",
        "note": f"save {uuid4().hex[:8]}",
    }
    path = f"{address(reading)}spans/{uid}/"
    return Ask("PUT", path, reading["session"], json.dumps(body).encode(), status=(200, 201))


def claims(people: Sequence[dict]) -> Iterator[Ask]:
    """Each person claims once, so that every answer is a document that was not theirs before."""
    for person in people:
        yield Ask(
            "POST", f"/api/v1/projects/{person['project']}/assignments/", person["session"], status=(201,)
        )


def address(reading: dict) -> str:
    return f"/api/v1/projects/{reading['project']}/sets/{reading['set']}/"


def warm(asks: Callable[[], Iterator[Ask]], port: int) -> None:
    """Lets the server meet the request before it is measured."""
    client = Client(port)
    for _, ask in zip(range(WARM), asks(), strict=False):
        client.put(ask)
    client.connection.close()
