"""Measures the labelling page in a real browser and prints Markdown: `python -m tests.bench.workspace`.

What goes over the wire, when the text is seen, how soon a key is answered beside 500 spans, and how a text of 1.2 MB opens,
scrolls and takes a span near its end. Each figure is the median of five, on the loopback of one machine, with the browser
on it; times are the browser's own. ANNOTATOR_CHROMIUM names another browser than Debian's.
"""

import os
import statistics
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from tests.bench.tables import drawn
from tests.e2e.conftest import People, Server, serving
from tests.e2e.marking import data_of, mark, ready, saved
from tests.e2e.studies import long_text, new_study

ROUNDS = 5
SHORT, MIDDLE, LONG = 5_000, 100_000, 1_200_000
SPANS = 500
PRESSES = 40
HEAD = ("figure", "unit", "at most", "median", "least to most", "met")
FRAME = 1000 / 60
END = "the very last speaker thanked everyone"
# Runs before the page's own scripts: notes when text of the document was painted, when keys are taken, every task that is
# long, and for each press of a label's key how long it took until the frame after it was on the screen.
WATCH = """
window.seen = {text: 0, ready: 0, tasks: [], presses: []};
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!seen.text && entry.element?.closest("#text")) seen.text = entry.startTime;
}).observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver((list) => { for (const {duration} of list.getEntries()) seen.tasks.push(duration); })
  .observe({type: "longtask", buffered: true});
const look = () => {
  if (document.querySelector("#key-bar button")) setTimeout(() => { seen.ready = performance.now(); });
  else requestAnimationFrame(look);
};
requestAnimationFrame(look);
addEventListener("keydown", ({key, timeStamp}) => {
  if (key !== "1") return;
  requestAnimationFrame(() => {
    const {port1, port2} = new MessageChannel();
    port1.onmessage = () => seen.presses.push(performance.now() - timeStamp);
    port2.postMessage(0);
  });
}, true);
"""
SCROLL = """
async () => {
  const box = document.querySelector("#text").closest(".reader");
  for (let step = 0; step < 60; step++) {
    box.scrollTop += box.scrollHeight / 60;
    await new Promise((done) => requestAnimationFrame(done));
  }
  for (let turn = 0; turn < 10 && box.scrollTop + box.clientHeight < box.scrollHeight - 2; turn++) {
    box.scrollTop = box.scrollHeight;
    await new Promise((done) => setTimeout(done, 60));
  }
}
"""


@dataclass(frozen=True)
class Line:
    """One figure beside what it should be at most."""

    what: str
    unit: str
    goal: float
    figures: Sequence[float]

    def drawn(self) -> list[str]:
        median = statistics.median(self.figures)
        spread = f"{min(self.figures):.0f} to {max(self.figures):.0f}"
        return [
            self.what,
            self.unit,
            f"{self.goal:.0f}",
            f"{median:.1f}",
            spread,
            "yes" if median <= self.goal else "no",
        ]


def main() -> int:
    with (
        tempfile.TemporaryDirectory(prefix="annotator-bench-") as folder,
        serving(Path(folder)) as server,
        chromium() as browser,
    ):
        print(
            f"{browser.browser_type.name} {browser.version}, {os.cpu_count()} processors, medians of {ROUNDS}.\n",
            flush=True,
        )
        for measured in (first_sight, many_spans, long_document):
            print(drawn(HEAD, [line.drawn() for line in measured(browser, server)]), end="\n\n", flush=True)
    return 0


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("ANNOTATOR_CHROMIUM", "/usr/bin/chromium"),
            args=["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"],
        )
        yield browser
        browser.close()


def first_sight(browser: Browser, server: Server) -> list[Line]:
    """A document of the usual length, in a browser that was never here and in one that was."""
    address, storage = prepared(browser, server, "short", long_text(SHORT))
    wire: list[float] = []
    cold: list[float] = []
    warm: list[float] = []
    for _ in range(ROUNDS):
        with window(browser, server, storage) as context:
            page = context.new_page()
            asked: list[Request] = []
            page.on("requestfinished", lambda one: asked.append(one))  # noqa: B023
            cold.append(opened(page, address)["text"])
            wire.append(sum(kilobytes(one) for one in asked))
            warm.append(opened(page, address)["text"])
    return [
        Line("JS + CSS on the wire", "kB", 60, wire),
        Line("text visible, cold", "ms", 300, cold),
        Line("text visible, warm", "ms", 150, warm),
    ]


def many_spans(browser: Browser, server: Server) -> list[Line]:
    address, storage = prepared(browser, server, "middle", long_text(MIDDLE), spans=SPANS)
    interactive: list[float] = []
    medians: list[float] = []
    slowest: list[float] = []
    for _ in range(ROUNDS):
        with window(browser, server, storage) as context:
            page = context.new_page()
            opened(page, address)
            interactive.append(opened(page, address)["ready"])
            page.wait_for_timeout(1000)
            presses = sorted(pressed(page))
            medians.append(statistics.median(presses))
            slowest.append(presses[int(0.95 * len(presses))])
    return [
        Line(f"100 kB with {SPANS} spans takes keys", "ms", 300, interactive),
        Line("key press to painted span there, median", "ms", FRAME, medians),
        Line("key press to painted span there, p95", "ms", 2 * FRAME, slowest),
    ]


def long_document(browser: Browser, server: Server) -> list[Line]:
    address, storage = prepared(browser, server, "long", long_text(LONG) + f"And {END}.\n")
    visible: list[float] = []
    tasks: dict[str, list[float]] = {"opening": [], "scrolling": [], "marking": []}
    for _ in range(ROUNDS):
        with window(browser, server, storage) as context:
            page = context.new_page()
            visible.append(opened(page, address)["text"])
            page.wait_for_timeout(500)
            tasks["opening"].append(longest_task(page))
            page.evaluate(SCROLL)
            tasks["scrolling"].append(longest_task(page))
            mark(page, END, "1")
            tasks["marking"].append(longest_task(page))
            page.locator("#spans button").first.click()
            page.keyboard.press("x")
            saved(page)
    return [
        Line("1.2 MB: text visible, cold", "ms", 300, visible),
        *(
            Line(f"1.2 MB: longest task while {doing}", "ms", 200, figures)
            for doing, figures in tasks.items()
        ),
    ]


def prepared(browser: Browser, server: Server, slug: str, text: str, *, spans: int = 0) -> tuple[str, Any]:
    """The address of a reading with this text and so many spans, and what a browser needs to be signed in there."""
    people = People(browser, server)
    page = new_study(people, f"bench-{slug}", {slug: text})
    if spans:
        fill(page, spans)
    kept = page.context.storage_state()
    address = page.url
    people.leave()
    return address, kept


def fill(page: Page, spans: int) -> None:
    """Puts spans all over the text, each over some words of it."""
    length = len(data_of(page)["document"]["text"])
    token = page.locator('meta[name="csrf-token"]').get_attribute("content") or ""
    base = f"{page.locator('main#label').get_attribute('data-api')}/sets/{page.url.rstrip('/').rsplit('/', 1)[1]}"
    stances, roles = ("pro-sanctuary", "anti-sanctuary", "nuanced"), ("claim", "premise")
    for number in range(spans):
        start = number * (length // spans) + 5
        body = {
            "start": start,
            "end": start + 60 + number % 80,
            "stance": stances[number % 3],
            "role": roles[number % 2],
        }
        answer = page.request.put(
            f"{base}/spans/{uuid.uuid4()}/", data=body, headers={"X-CSRFToken": token, "Referer": page.url}
        )
        assert answer.ok, answer.text()


@contextmanager
def window(browser: Browser, server: Server, storage: Any) -> Iterator[BrowserContext]:
    context = browser.new_context(
        base_url=server.url, storage_state=storage, viewport={"width": 1366, "height": 768}
    )
    context.add_init_script(WATCH)
    yield context
    context.close()


def opened(page: Page, address: str) -> dict[str, float]:
    """When the text was seen and keys were taken, in ms since the address was asked for."""
    page.goto(address)
    ready(page)
    wait(page, lambda: page.evaluate("seen.text > 0 && seen.ready > 0"))
    return dict(page.evaluate("seen"))


def kilobytes(request: Request) -> float:
    if request.resource_type not in ("script", "stylesheet") and not request.url.endswith((".js", ".css")):
        return 0
    return request.sizes()["responseBodySize"] / 1000


def pressed(page: Page) -> list[float]:
    """Labels sentence after sentence, and takes the marks back; ms from each press to the frame that shows it."""
    page.evaluate("seen.presses.length = 0")
    for number in range(PRESSES):
        page.keyboard.press("]")
        page.wait_for_timeout(60 + number % 16)
        page.keyboard.press("1")
        page.wait_for_timeout(60)
    figures = list(page.evaluate("seen.presses"))
    saved(page)
    for _ in range(PRESSES):
        page.keyboard.press("z")
    saved(page)
    return figures


def longest_task(page: Page) -> float:
    """The longest since it was asked last; the browser tells only of those over 50 ms."""
    page.wait_for_timeout(100)
    return float(page.evaluate("Math.max(0, ...seen.tasks.splice(0))"))


def wait(page: Page, true: Callable[[], bool]) -> None:
    for _ in range(400):
        if true():
            return
        page.wait_for_timeout(25)
    raise AssertionError("the page was not ready within 10 s")


if __name__ == "__main__":
    sys.exit(main())
