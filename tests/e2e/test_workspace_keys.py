"""A whole document from the keyboard alone: spans, roles, holders, relations, the document's labels, and handing it in."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import People, Server
from tests.e2e.marking import data_of, ready, saved

pytestmark = pytest.mark.browser
READING = """
import json
from annotator.annotations.models import AnnotationSet
print("STATE" + json.dumps([one.state for one in AnnotationSet.objects.filter(pk=%s)]))
"""
MOUSE = """
for (const name of ["pointerdown", "mousedown", "touchstart"])
  addEventListener(name, () => { throw new Error("the mouse was used"); }, true);
"""


def test_a_document_is_labelled_without_a_mouse(people: People, server: Server) -> None:
    page = people.arrive("lien")
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.context.add_init_script(MOUSE)
    page.goto("/")
    walk_to(page, "Label next")
    page.keyboard.press("Enter")
    ready(page)
    reading = page.url.rstrip("/").rsplit("/", 1)[1]

    claim = sentence(page, "1", "c")
    holder(page, "Author", known=True)
    support = sentence(page, "p")
    aim(page, "s", claim[:25])
    rebuttal = sentence(page, "2", "c")
    holder(page, "A caller who was not named")
    aim(page, "a", claim[:25])
    attack = relations(page)[-1]
    premise = sentence(page, "3", "p")
    press(page, "e", "n")
    page.keyboard.type("Both sides, with a condition.")
    press(page, "Escape")
    aim(page, "a", "Attacks:")
    answer_questions(page)
    saved(page)

    record = data_of(page)
    spans = {span["quote"]: span for span in record["spans"]}
    assert set(spans) == {claim, support, rebuttal, premise}
    assert [spans[quote]["stance"] for quote in (claim, support, rebuttal, premise)] == [
        "pro-sanctuary",
        None,
        "anti-sanctuary",
        "nuanced",
    ]
    assert [spans[quote]["role"] for quote in (claim, support, rebuttal, premise)] == [
        "claim",
        "premise",
        "claim",
        "premise",
    ]
    assert spans[claim]["holder"] == "author"
    holders = {one["slug"]: one["name"] for one in record["scheme"]["holders"]}
    assert holders[spans[rebuttal]["holder"]] == "A caller who was not named"
    assert (spans[premise]["explicit"], spans[premise]["note"]) == (True, "Both sides, with a condition.")
    drawn = {(one["label"], one["from"]["span"], json.dumps(one["to"])) for one in record["relations"]}
    assert drawn == {
        ("supports", spans[support]["id"], json.dumps({"span": spans[claim]["id"]})),
        ("attacks", spans[rebuttal]["id"], json.dumps({"span": spans[claim]["id"]})),
        ("attacks", spans[premise]["id"], json.dumps({"relation": attack})),
    }
    assert record["document_labels"].keys() == {"genre", "overall-stance"}
    assert all(record["document_labels"].values())

    press(page, "Control+Enter")
    page.wait_for_url(lambda url: not url.rstrip("/").endswith(f"/{reading}"))
    assert '["submitted"]' in server.manage("shell", "-c", READING % reading)
    assert errors == []


def walk_to(page: Page, name: str) -> None:
    """Presses Tab until something of this name has the focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if name in (page.evaluate("document.activeElement.innerText") or ""):
            return
    raise AssertionError(f"Tab does not come to {name!r}")


def sentence(page: Page, *labels: str) -> str:
    """Selects the next sentence and gives it the labels; what was selected, as the browser has it."""
    press(page, "]")
    quote = str(page.evaluate("getSelection().toString()"))
    assert quote.strip() == quote != ""
    press(page, *labels)
    expect(page.locator("#spans button[aria-current]")).to_have_count(1)
    return quote


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def holder(page: Page, name: str, *, known: bool = False) -> None:
    """Chooses the holder by typing a part of its name and a step down, or makes it by typing its name."""
    press(page, "h")
    page.keyboard.type(name)
    expect(page.locator("[role=listbox] [aria-selected=true]")).to_have_text(f"Create “{name}”")
    if known:
        press(page, "ArrowDown")
    expect(page.locator("[role=listbox] [aria-selected=true]")).to_contain_text(
        re.compile(re.escape(name), re.IGNORECASE)
    )
    press(page, "Enter")
    expect(page.locator("#spans button[aria-current] .holder")).to_contain_text(
        re.compile(name, re.IGNORECASE)
    )


def aim(page: Page, key: str, words: str) -> None:
    """Goes over the possible ends, as they are announced, until one has these words."""
    press(page, key)
    for _ in range(20):
        press(page, "Tab")
        if words in page.locator("#announcer").inner_text():
            press(page, "Enter")
            saved(page)
            return
    raise AssertionError(f"nothing with {words!r} was offered")


def relations(page: Page) -> list[str]:
    saved(page)
    return [one["id"] for one in data_of(page)["relations"]]


def answer_questions(page: Page) -> None:
    """Answers each question on the whole document by the arrow keys."""
    press(page, "Escape", "Escape", "l")
    count = page.locator("#document-labels select").count()
    for number in range(count):
        expect(page.locator("#document-labels select").nth(number)).to_be_focused()
        press(page, "ArrowDown", "Tab")
