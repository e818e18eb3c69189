"""Nothing is lost: the server goes away, the tab is reloaded, another tab was faster."""

import json
import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from tests.e2e.conftest import People, Server, environment_for, free_port, own_database, running
from tests.e2e.marking import data_of, drag_over, label, ready, saved
from tests.e2e.studies import long_text, new_study, spans_of

pytestmark = [pytest.mark.browser, pytest.mark.embedded]
CHANGES = 50
KEPT = """
() => new Promise((done, failed) => {
  const opening = indexedDB.open("annotator-outbox");
  opening.onerror = () => failed(opening.error);
  opening.onsuccess = () => {
    const count = opening.result.transaction("entries").objectStore("entries").count();
    count.onsuccess = () => { opening.result.close(); done(count.result); };
  };
})
"""
HISTORY = """
import json
from annotator.history.models import Event
lines = Event.objects.filter(subject__in=%s).order_by("id")
print("LINES" + json.dumps([[line.verb, line.subject, line.data["span"]["version"]] for line in lines]))
"""


@pytest.fixture
def stopped_at_will() -> Iterator[Server]:
    """A server that is not running yet, with a port and data of its own."""
    with tempfile.TemporaryDirectory(prefix="annotator-e2e-") as folder, own_database() as database:
        yield Server(f"http://127.0.0.1:{free_port()}", environment_for(Path(folder), database))


def test_fifty_changes_without_a_server_arrive_once_and_in_order(
    browser: Browser, stopped_at_will: Server
) -> None:
    server = stopped_at_will
    people = People(browser, server)
    with running(server) as process:
        page = new_study(people, "outbox", {"minutes": long_text(9000)})
        address, text = page.url, data_of(page)["document"]["text"]
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=15)
    made = make_changes(page)
    expect(page.locator("#saved")).to_have_attribute("data-state", "offline")
    expect(page.locator("#saved")).to_contain_text(str(CHANGES))
    kept(page)
    with pytest.raises(Error, match="ERR_"):
        reload(page)
    with running(server):
        page.goto(address)
        ready(page)
        expect(page.locator("#span-count")).to_have_text(str(len(made)))
        saved(page)
        stored = spans_of(page)
        assert [(span["quote"], span["stance"], span["role"]) for span in stored] == made
        assert all(text[span["start"] : span["end"]] == span["quote"] for span in stored)
        check_history(server, stored)
    people.leave()


def make_changes(page: Page) -> list[tuple[str, str, str]]:
    """Marks sentence after sentence and gives every span a stance and then a role: two changes each."""
    made = []
    for number in range(CHANGES // 2):
        page.keyboard.press("]")
        quote = page.evaluate("getSelection().toString()")
        stance, role = number % 3, number % 2
        page.keyboard.press("123"[stance])
        page.keyboard.press("cp"[role])
        made.append(
            (quote, ("pro-sanctuary", "anti-sanctuary", "nuanced")[stance], ("claim", "premise")[role])
        )
    expect(page.locator("#span-count")).to_have_text(str(len(made)))
    return made


def kept(page: Page) -> None:
    """Waits until the browser has every change in its database, some tenths of a second after the last key."""
    for _ in range(100):
        if page.evaluate(KEPT) == CHANGES:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"the browser keeps {page.evaluate(KEPT)} of {CHANGES} changes")


def reload(page: Page) -> None:
    """Reloads though the page warns of what is not sent yet."""
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload(timeout=10_000)


def check_history(server: Server, stored: list[dict[str, object]]) -> None:
    """Each span was created once and then changed once; what was made first is written first."""
    printed = server.manage("shell", "-c", HISTORY % [f"span:{span['id']}" for span in stored])
    lines = json.loads(printed.split("LINES", 1)[1])
    assert lines == [["span_put", f"span:{span['id']}", version] for span in stored for version in (1, 2)]
    assert len(lines) == CHANGES


def test_a_change_on_top_of_another_tabs_is_shown_and_not_lost(people: People) -> None:
    first = new_study(people, "two-tabs", {"minutes": long_text(2000)})
    quote = "that the ordinance should stay as it is"
    drag_over(first, quote)
    label(first, quote, "1")
    # Another window of the same person: another device, which hears nothing of this one.
    second = people.arrive("noor")
    second.goto(first.url)
    ready(second)
    change(second, "2")
    saved(second)
    change(first, "3")
    expect(first.locator("#saved")).to_have_attribute("data-state", "conflict")
    notice = first.locator("#notices")
    expect(notice).to_contain_text("changed elsewhere")
    expect(notice).to_contain_text("Anti-sanctuary")
    assert [span["stance"] for span in spans_of(first)] == ["anti-sanctuary"], (
        "nothing was overwritten unasked"
    )
    first.reload()
    ready(first)
    expect(first.locator("#notices")).to_contain_text("changed elsewhere")
    first.get_by_role("button", name="Keep mine").click()
    saved(first)
    assert [span["stance"] for span in spans_of(first)] == ["nuanced"]


def change(page: Page, key: str) -> None:
    """Takes the first span in hand and gives it another stance."""
    page.locator("#spans button").first.click()
    page.locator("#text").focus()
    page.keyboard.press(key)


def test_two_tabs_of_one_browser_show_the_same(people: People) -> None:
    first = new_study(people, "same-browser", {"minutes": long_text(2000)})
    second = first.context.new_page()
    second.goto(first.url)
    ready(second)
    quote = "that the ordinance should be repealed"
    drag_over(first, quote)
    label(first, quote, "2")
    expect(second.locator("#span-count")).to_have_text("1")
    change(second, "1")
    saved(second)
    expect(first.locator("#spans .chip.stance").first).to_contain_text("Pro-sanctuary")
    assert [span["stance"] for span in spans_of(first)] == ["pro-sanctuary"]


# Five seconds and more have passed, and somebody looks at the page again.
COME_BACK = """
() => {
  const now = Date.now();
  Date.now = () => now + 60_000;
  dispatchEvent(new Event("focus"));
}
"""


def test_who_comes_back_from_another_device_sees_what_was_done_there(people: People) -> None:
    first = new_study(people, "other-device", {"minutes": long_text(2000)})
    for quote, key in (
        ("that the ordinance should stay as it is", "1"),
        ("that the ordinance should be repealed", "2"),
    ):
        drag_over(first, quote)
        label(first, quote, key)
    second = people.arrive("noor")
    second.goto(first.url)
    ready(second)
    change(second, "3")
    second.locator("#spans button").nth(1).click()
    second.locator("#text").focus()
    second.keyboard.press("x")
    saved(second)
    first.evaluate(COME_BACK)
    expect(first.locator("#notices")).to_contain_text("2 marks were changed elsewhere")
    expect(first.locator("#span-count")).to_have_text("1")
    expect(first.locator("#spans .chip.stance")).to_contain_text("Nuanced")
    change(first, "1")
    saved(first)
    assert [span["stance"] for span in spans_of(first)] == ["pro-sanctuary"], "it builds on what is there now"
    first.keyboard.press("z")
    first.keyboard.press("z")
    saved(first)
    assert [span["stance"] for span in spans_of(first)] == ["nuanced"], (
        "what was done elsewhere is not undone here"
    )


def test_who_comes_back_from_nowhere_is_told_nothing(people: People) -> None:
    page = new_study(people, "no-device", {"minutes": long_text(2000)})
    quote = "that the ordinance should stay as it is"
    drag_over(page, quote)
    label(page, quote, "1")
    page.locator("#spans button").first.click()
    page.keyboard.press(",")
    page.keyboard.type("Is this one claim?")
    page.keyboard.press("Control+Enter")
    saved(page)
    page.locator("#text").focus()
    page.keyboard.press("x")
    saved(page)
    with page.expect_response(lambda answer: answer.request.method == "GET" and "/sets/" in answer.url):
        page.evaluate(COME_BACK)
    page.wait_for_timeout(200)
    expect(page.locator("#notices")).to_be_empty()
