"""How the page sits: on a small laptop, on paper, with underlines on one another, and with keys as a person wishes them."""

import re
import secrets

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import People
from tests.e2e.marking import data_of, drag_over, label, mark, ready, saved
from tests.e2e.studies import long_text, new_study, spans_of

pytestmark = pytest.mark.browser
LAPTOP = {"width": 1366, "height": 768}
QUOTES = (
    "that the ordinance should stay as it is",
    "that the ordinance should be repealed",
    "be amended first",
)
# Of the rows in the list, those that are seen wholly.
SEEN = """
(rows) => {
  const box = document.querySelector(".lists").getBoundingClientRect();
  return rows.filter((row) => {
    const {top, bottom} = row.getBoundingClientRect();
    return top >= box.top - 1 && bottom <= box.bottom + 1;
  }).length;
}
"""
# How far above the lower edge of its box each underline of a piece of text is painted; backgrounds without that are tints.
UNDERLINES = """
(piece) => [...getComputedStyle(piece).backgroundPosition.matchAll(/100% ([-+]) ([\\d.]+)px/g)]
  .map(([, sign, far]) => (sign === "-" ? 1 : -1) * Number(far))
"""


def study(people: People) -> Page:
    page = new_study(people, f"looks-{secrets.token_hex(4)}", {"minutes": long_text(4000)})
    page.set_viewport_size(LAPTOP)  # type: ignore[arg-type]
    return page


def edges(field: Locator) -> tuple[float, float]:
    box = field.bounding_box()
    assert box is not None
    return box["x"], box["x"] + box["width"]


def test_the_list_is_still_a_list_with_a_span_in_hand_on_a_laptop(people: People) -> None:
    page = study(people)
    for number in range(6):
        page.keyboard.press("]")
        page.keyboard.press("123"[number % 3])
        page.keyboard.press("c")
    for _ in range(3):  # a span with many relations must not push the list away
        page.locator("#text").focus()
        page.keyboard.press("s")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
    expect(page.locator("#inspector .related li")).to_have_count(3)
    assert page.locator("#spans .row").evaluate_all(SEEN) >= 2
    current = page.locator("#spans .row[aria-current]")
    assert current.evaluate_all(SEEN) == 1
    holder, genre = page.locator("#field-role"), page.locator("#document-labels select").first
    assert edges(holder) == edges(genre), "all fields stand under each other"


def test_four_spans_over_each_other_have_an_underline_each(people: People) -> None:
    page = study(people)
    quote = QUOTES[0]
    for key, part in zip("1235", (quote, quote[5:], quote[9:], quote[14:]), strict=True):
        mark(page, part, key)
    piece = page.locator("#text .seg", has_text="should").first
    lines = piece.evaluate(UNDERLINES)
    assert len(set(lines)) == 4
    assert min(lines) >= 0, "an underline below its line is not seen"


def test_the_arcs_stand_beside_the_text_on_every_screen(people: People) -> None:
    page = study(people)
    for width in (1920, 1366, 900, 390):
        page.set_viewport_size({"width": width, "height": 800})
        arcs, text = page.locator("#arcs").bounding_box(), page.locator("#text").bounding_box()
        assert arcs is not None
        assert text is not None
        assert abs(arcs["x"] + arcs["width"] - text["x"]) < 2, f"at {width} pixels"


def test_on_paper_stand_the_whole_text_and_what_is_marked(people: People) -> None:
    page = study(people)
    mark(page, QUOTES[1], "2c")
    page.emulate_media(media="print")
    assert page.evaluate("document.querySelector('#text p:last-of-type').getBoundingClientRect().bottom") > 0
    height = page.evaluate("document.querySelector('#text').getBoundingClientRect().height")
    assert page.evaluate("document.documentElement.scrollHeight") > height, (
        "nothing is cut off at a page's end"
    )
    expect(page.locator("#spans .row")).to_be_visible()
    for away in ("#inspector", "#key-bar", "#tab-map", "#saved"):
        expect(page.locator(away)).to_be_hidden()


def test_switched_off_single_keys_work_with_alt_and_stay_so(people: People) -> None:
    page = study(people)
    page.keyboard.press("?")
    page.locator("#single-keys").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    ready(page)
    drag_over(page, QUOTES[0])
    page.keyboard.press("1")
    expect(page.locator("#span-count")).to_have_text("0")
    expect(page.locator("#key-bar .command").first).to_contain_text("Alt 1")
    page.keyboard.press("Alt+1")
    expect(page.locator("#span-count")).to_have_text("1")
    page.keyboard.press("Alt+c")
    saved(page)
    assert [(span["stance"], span["role"]) for span in spans_of(page)] == [("pro-sanctuary", "claim")]


def test_a_key_of_ones_own_stays_and_is_shown(people: People) -> None:
    page = study(people)
    page.keyboard.press("?")
    change = page.get_by_role(
        "button", name=re.compile("Change the key of: Delete what is in hand|Change the key of: Note")
    )
    change.first.click()
    page.keyboard.press("y")
    page.keyboard.press("Escape")
    page.reload()
    ready(page)
    drag_over(page, QUOTES[0])
    label(page, QUOTES[0], "1")
    page.locator("#spans button").first.click()
    expect(page.locator("#inspector .field", has=page.locator("#field-note")).locator("kbd")).to_have_text(
        "y"
    )
    page.locator("#text").focus()
    page.keyboard.press("y")
    page.keyboard.type("mine")
    page.keyboard.press("Escape")
    saved(page)
    assert [span["note"] for span in data_of(page)["spans"]] == ["mine"]
