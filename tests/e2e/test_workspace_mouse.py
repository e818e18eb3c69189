"""What the mouse does in the text: words, sentences, paragraphs, the ends of a span, and relations pulled to their end."""

import secrets
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import People
from tests.e2e.marking import PLACE, data_of, label, mark, ready, saved
from tests.e2e.studies import new_study, spans_of

pytestmark = pytest.mark.browser
FIRST = "The mayor said the ordinance keeps the streets of the harbour safe for all who live and work there."
SECOND = "It stays, she said."
THIRD = "The sheriff answered that it protects nobody."
TEXT = f"{FIRST} {SECOND}\n{THIRD} He wants it repealed.\n"
# How far the frames of the span in hand reach beyond what is a letter of it on their line, in pixels.
BEYOND = """
() => {
  const letters = [];
  const walker = document.createTreeWalker(document.querySelector("#text"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const range = document.createRange();
    for (const {index} of walker.currentNode.data.matchAll(/\\S/g)) {
      range.setStart(walker.currentNode, index); range.setEnd(walker.currentNode, index + 1);
      letters.push(range.getBoundingClientRect());
    }
  }
  return [...document.querySelectorAll("#frame .box.hand")].map((box) => {
    const {top, bottom, right} = box.getBoundingClientRect();
    const middle = (top + bottom) / 2;
    const inside = letters.filter((one) => one.top < middle && middle < one.bottom && one.right < right + 1);
    return right - Math.max(...inside.map((one) => one.right));
  });
}
"""
# Where the middle of a line is seen.
MIDDLE = """
(line) => {
  const {x, y} = line.getPointAtLength(line.getTotalLength() / 2).matrixTransform(line.getScreenCTM());
  return [x, y];
}
"""


@pytest.fixture
def minutes(people: People) -> Page:
    """A new study's text, in a window so narrow that the first sentence is on several lines."""
    page = new_study(people, f"mouse-{secrets.token_hex(4)}", {"minutes": TEXT})
    page.set_viewport_size({"width": 1000, "height": 700})
    return page


def place_of(page: Page, quote: str) -> dict[str, Any]:
    return dict(page.evaluate(PLACE, [quote, 0]))


def selected(page: Page) -> str:
    return str(page.evaluate("getSelection().toString()")).strip()


def test_clicks_select_a_word_a_sentence_and_a_paragraph(minutes: Page) -> None:
    at = place_of(minutes, "stays")["from"]
    for count, expected in enumerate(["stays", SECOND, f"{FIRST} {SECOND}"], start=2):
        minutes.mouse.click(*at, click_count=count)
        assert selected(minutes) == expected
    minutes.keyboard.press("1")
    saved(minutes)
    assert [span["quote"] for span in spans_of(minutes)] == [f"{FIRST} {SECOND}"]


def test_the_frame_ends_with_the_last_letter_of_each_line(minutes: Page) -> None:
    mark(minutes, FIRST, "1c")
    minutes.locator("#spans button").first.click()
    beyond = minutes.evaluate(BEYOND)
    assert len(beyond) > 1
    assert max(beyond) < 4, "the frame goes around the space at which a line was broken"


def test_an_end_of_a_span_is_dragged(minutes: Page) -> None:
    mark(minutes, "the streets", "1")
    minutes.locator("#spans button").first.click()
    handle = minutes.locator("#frame .handle.end").bounding_box()
    assert handle is not None
    minutes.mouse.move(handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2)
    minutes.mouse.down()
    minutes.mouse.move(*place_of(minutes, "of the harbour")["to"], steps=6)
    minutes.mouse.up()
    saved(minutes)
    assert [span["quote"] for span in spans_of(minutes)] == ["the streets of the harbour"]


def pull_to(page: Page, x: float, y: float) -> None:
    """Drags from the knob of the span in hand to a place."""
    knob = page.locator("#frame .knob").bounding_box()
    assert knob is not None
    page.mouse.move(knob["x"] + knob["width"] / 2, knob["y"] + knob["height"] / 2)
    page.mouse.down()
    page.mouse.move(x, y, steps=8)
    page.mouse.up()


def still(line: Locator) -> list[float]:
    """Where the middle of a line is, once it stays there: the arcs follow some frames after the text."""
    before: list[float] = []
    for _ in range(50):
        now = list(line.evaluate(MIDDLE))
        if now == before:
            return now
        before = now
        line.page.wait_for_timeout(150)
    raise AssertionError("the arcs do not come to rest")


def test_a_relation_is_pulled_to_a_span_and_to_a_relation(minutes: Page) -> None:
    for quote, keys in (("the ordinance keeps", "1c"), ("It stays", "p"), ("it protects nobody", "2c")):
        mark(minutes, quote, keys)
    minutes.locator("#spans button", has_text="It stays").click()
    pull_to(minutes, *place_of(minutes, "ordinance keeps")["from"])
    menu = minutes.get_by_role("menu")
    expect(menu.get_by_role("menuitem")).to_have_count(2)
    minutes.keyboard.press("s")
    expect(menu).to_have_count(0)
    expect(minutes.locator("#relation-count")).to_have_text("1")

    minutes.locator("#spans button", has_text="it protects nobody").click()
    pull_to(minutes, *still(minutes.locator("#arcs g .hit").first))
    minutes.get_by_role("menuitem", name="Attacks").click()
    saved(minutes)

    record = data_of(minutes)
    ids = {span["quote"]: span["id"] for span in record["spans"]}
    support, attack = record["relations"]
    assert (support["label"], support["from"]["span"], support["to"]) == (
        "supports",
        ids["It stays"],
        {"span": ids["the ordinance keeps"]},
    )
    assert (attack["label"], attack["from"]["span"], attack["to"]) == (
        "attacks",
        ids["it protects nobody"],
        {"relation": support["id"]},
    )


def test_a_relation_that_is_pulled_to_nothing_is_none(minutes: Page) -> None:
    mark(minutes, "It stays", "1")
    mark(minutes, "it protects nobody", "2")
    minutes.locator("#spans button").first.click()
    pull_to(minutes, *place_of(minutes, "wants it repealed")["to"])
    expect(minutes.locator(".pull, .kinds")).to_have_count(0)
    pull_to(minutes, *place_of(minutes, "protects")["from"])
    minutes.keyboard.press("Escape")
    expect(minutes.locator(".pull, .kinds")).to_have_count(0)
    assert data_of(minutes)["relations"] == []


def test_whole_words_are_selected_where_a_person_wishes(minutes: Page) -> None:
    minutes.keyboard.press("Shift+W")
    begin, end = place_of(minutes, "dinance kee")["from"], place_of(minutes, "dinance kee")["to"]
    minutes.mouse.move(*begin)
    minutes.mouse.down()
    minutes.mouse.move(*end, steps=6)
    minutes.mouse.up()
    label(minutes, "ordinance keeps", "1")
    minutes.reload()
    ready(minutes)
    assert [span["quote"] for span in spans_of(minutes)] == ["ordinance keeps"]


def test_a_finger_pulls_a_relation_and_moves_an_end(people: People, minutes: Page) -> None:
    for quote, keys in (("the ordinance keeps", "1c"), ("It stays", "p")):
        mark(minutes, quote, keys)
    phone = people.arrive("noor", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    phone.goto(minutes.url)
    ready(phone)
    phone.touchscreen.tap(*place_of(phone, "stays")["from"])
    finger(phone, "#frame .knob", place_of(phone, "ordinance keeps")["from"])
    phone.get_by_role("menuitem", name="Supports").tap()
    expect(phone.locator("#arcs g")).to_have_count(1)
    finger(phone, "#frame .handle.end", place_of(phone, "stays, she said")["to"])
    saved(phone)
    assert [span["quote"] for span in spans_of(phone)] == ["the ordinance keeps", "It stays, she said"]
    assert [relation["label"] for relation in data_of(phone)["relations"]] == ["supports"]


def finger(page: Page, held: str, to: list[float]) -> None:
    """Drags what is held to a place, as a finger does."""
    box = page.locator(held).bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    screen = page.context.new_cdp_session(page)

    def touch(kind: str, *points: dict[str, float]) -> None:
        screen.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

    touch("touchStart", {"x": x, "y": y})
    for step in range(1, 9):
        touch("touchMove", {"x": x + (to[0] - x) * step / 8, "y": y + (to[1] - y) * step / 8})
        page.wait_for_timeout(20)  # else the browser takes it for a fling, which the next tap would only stop
    touch("touchEnd")
    page.wait_for_timeout(350)  # nor is what follows the second of two taps
