"""What hands do without thinking: Enter takes what was typed, Escape keeps the place, what was found is what is marked."""

import secrets

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import People
from tests.e2e.marking import data_of, mark, post, ready, saved, submit
from tests.e2e.studies import long_text, new_study, spans_of
from tests.e2e.test_workspace_leaving import hand_in

pytestmark = pytest.mark.browser
TEXT = "The mayor said the ordinance keeps the streets safe. The sheriff answered that it protects nobody.\n"
CLAIM = "the ordinance keeps the streets safe"
SELECTED = "getSelection().toString()"


def study(people: People, text: str = TEXT) -> Page:
    return new_study(people, f"habits-{secrets.token_hex(4)}", {"minutes": text})


def holder_of(page: Page) -> str:
    """The name of the stored holder of the only span."""
    saved(page)
    record = data_of(page)
    names = {one["slug"]: one["name"] for one in record["scheme"]["holders"]}
    return str(names[record["spans"][0]["holder"]])


def type_holder(page: Page, *keys: str, name: str) -> None:
    page.keyboard.press("h")
    page.keyboard.type(name)
    for key in (*keys, "Enter"):
        page.keyboard.press(key)


def test_enter_takes_the_holder_that_was_typed_and_no_other(people: People) -> None:
    page = study(people)
    post(people.arrive("ines"), f"{api(page)}/holders/", {"slug": "quill", "name": "Mayor Ada Quill"})
    page.reload()
    mark(page, CLAIM, "1")
    page.locator("#spans button").first.click()
    page.locator("#text").focus()
    type_holder(page, name="Ada Quill")
    assert holder_of(page) == "Ada Quill"
    type_holder(page, name="mayor ADA quíll")
    assert holder_of(page) == "Mayor Ada Quill"
    type_holder(page, name="Ada Q")
    assert holder_of(page) == "Ada Q"
    type_holder(page, "ArrowDown", name="Mayor Ad")
    saved(page)
    assert holder_of(page) == "Mayor Ada Quill", "one step down stands what the words are a part of"


def api(page: Page) -> str:
    return str(page.locator("main#label").get_attribute("data-api"))


def test_a_place_that_was_found_is_what_the_next_key_marks(people: People) -> None:
    page = study(people)
    page.keyboard.press("/")
    page.keyboard.type("the")
    for key in ("Enter", "Enter", "Escape"):
        page.keyboard.press(key)
    assert page.evaluate(SELECTED) == "the"
    page.keyboard.press("2")
    saved(page)
    start = TEXT.index("the ordinance")
    assert [(span["quote"], span["start"]) for span in spans_of(page)] == [("the", start)]


def test_escape_keeps_the_place_in_the_text(people: People) -> None:
    page = study(people, long_text(4000))
    seen = []
    for key in (*["]"] * 7, "Escape", "]", "1", "Escape", "Escape", "]"):
        page.keyboard.press(key)
        seen.append(page.evaluate(SELECTED))
    for number, at in ((6, 6), (7, 8), (8, 12)):
        assert seen[at].startswith(f"The {number}th speaker"), seen


def test_a_place_that_was_scrolled_away_is_left(people: People) -> None:
    page = study(people, long_text(20_000))
    page.keyboard.press("]")
    page.keyboard.press("Escape")
    page.locator(".reader").evaluate("reader => { reader.scrollTop = reader.scrollHeight / 2; }")
    page.wait_for_timeout(100)
    page.keyboard.press("]")
    assert not page.evaluate(SELECTED).startswith(("The 0th", "The 1th"))


def test_a_submitted_reading_takes_no_key_and_says_so(people: People) -> None:
    page = study(people)
    mark(page, CLAIM, "1c")
    other = page.context.new_page()
    other.goto(page.url)
    ready(other)
    submit(page)
    expect(other.locator("#notices")).to_contain_text("You submitted this reading")
    page.goto(other.url)
    before = data_of(page)["spans"]
    for window in (page, other):
        window.locator("#spans button").first.click()
        window.locator("#text").focus()
        for key in ("z", "Shift+Z", "2", "p", "x", "h", "e", "s"):
            window.evaluate("document.querySelector('#announcer').textContent = ''")
            window.keyboard.press(key)
            expect(window.locator("#announcer")).to_contain_text("This reading is submitted.")
        expect(window.locator("#span-count")).to_have_text("1")
        expect(window.locator("#saved")).to_have_text("read only")
    assert data_of(page)["spans"] == before


def test_what_was_let_go_leaves_nothing_to_take_back(people: People) -> None:
    page = study(people)
    mark(page, CLAIM, "1c")
    hand_in(page)
    page.keyboard.press("z")
    expect(page.locator("#saved")).to_have_text("not saved: 1 waiting")
    for key in ("z", "z", "Shift+Z"):
        page.keyboard.press(key)
        expect(page.locator("#announcer")).to_contain_text("This reading is submitted.")
    expect(page.locator("#saved")).to_have_text("not saved: 1 waiting")
    page.get_by_role("button", name="Let them go and look at it").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Lose it and show what is saved").click()
    expect(page.locator("#saved")).to_have_text("read only")
    assert page.evaluate("Object.values(sessionStorage).map(kept => JSON.parse(kept).undo.length)") == [0]
    page.keyboard.press("z")
    expect(page.locator("#announcer")).to_contain_text("This reading is submitted.")
    expect(page.locator("#notices")).to_be_empty()
    assert spans_of(page)[0]["role"] == "claim"


def test_quick_open_comes_when_it_is_asked_for_and_keeps_its_keys(people: People) -> None:
    page = study(people)
    mark(page, CLAIM, "1")
    assert page.locator("script[src*='label/going']").count() == 0
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="A project, a page, a document")
    expect(field).to_be_focused()
    page.keyboard.type("12zx habits")
    page.keyboard.press("Escape")
    expect(field).to_be_hidden()
    page.keyboard.press("Control+k")
    expect(field).to_have_value("")
    expect(page.locator("#span-count")).to_have_text("1")
    expect(page.locator("#quick-places li").first).to_be_visible()
    here = page.url
    page.keyboard.type("documents")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != here)
