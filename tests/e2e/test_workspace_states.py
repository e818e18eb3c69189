"""Nothing for axe to find in any state of the labelling page: panels, lists, questions, a relation on its way, the sheet."""

import secrets
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import People
from tests.e2e.marking import PLACE, mark
from tests.e2e.studies import new_study
from tests.e2e.test_pages_sound import axe, too_wide

pytestmark = pytest.mark.browser
TEXT = (
    "The mayor said the ordinance keeps the streets safe. It stays, she said.\n"
    "The sheriff answered that it protects nobody. He wants it repealed.\n"
)
SIZES = {"light": {"width": 1366, "height": 768}, "dark": {"width": 390, "height": 844}}


def find(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("it")
    expect(page.locator("#find-count")).not_to_be_empty()


def holder(page: Page) -> None:
    take(page)
    page.keyboard.press("h")
    page.keyboard.type("The ")
    expect(page.get_by_role("listbox")).to_be_visible()


def drawing(page: Page) -> None:
    take(page)
    page.keyboard.press("a")
    page.keyboard.press("Tab")
    expect(page.locator("#hint")).to_be_visible()


def questions(page: Page) -> None:
    page.keyboard.press("Control+Enter")
    expect(page.locator("#notices")).to_contain_text("Not submitted yet")


def comments(page: Page) -> None:
    take(page)
    page.keyboard.press(",")
    page.keyboard.type("One claim or two?")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#comments li")).not_to_have_count(0)


def kinds(page: Page) -> None:
    take(page)
    knob = page.locator("#frame .knob").bounding_box()
    assert knob is not None
    page.mouse.move(knob["x"] + knob["width"] / 2, knob["y"] + knob["height"] / 2)
    page.mouse.down()
    page.mouse.move(*page.evaluate(PLACE, ["nobody", 0])["from"], steps=4)
    page.mouse.up()
    expect(page.get_by_role("menu")).to_be_visible()


def take(page: Page) -> None:
    """The first span in hand, with the text in focus."""
    for _ in range(3):
        page.keyboard.press("Escape")
    page.locator("#text").focus()
    page.keyboard.press("j")
    expect(page.locator("#spans button[aria-current]")).to_have_count(1)


STATES: dict[str, Callable[[Page], object]] = {
    "a span in hand": take,
    "the map": lambda page: page.keyboard.press("Shift+M"),
    "comments": comments,
    "find": find,
    "the guideline": lambda page: page.keyboard.press("g"),
    "the keys": lambda page: page.keyboard.press("?"),
    "a holder": holder,
    "a relation on its way": drawing,
    "the kinds of relations": kinds,
    "questions": questions,
}


@pytest.mark.parametrize("scheme", SIZES)
def test_every_state_is_sound(people: People, scheme: str) -> None:
    page = new_study(people, f"states-{secrets.token_hex(4)}", {"minutes": TEXT})
    for quote, keys in (("the ordinance keeps the streets safe", "1c"), ("it protects nobody", "2c")):
        mark(page, quote, keys)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size(SIZES[scheme])  # type: ignore[arg-type]
    faults = []
    for name, reach in STATES.items():
        page.reload()
        page.locator("#spans button").first.wait_for(state="attached")
        reach(page)
        page.wait_for_timeout(200)
        faults += [f"{name}: {line}" for line in [*axe(page), *too_wide(page)]]
    assert faults == []
