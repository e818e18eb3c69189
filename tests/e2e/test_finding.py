"""Finding without a mouse: quick-open from any page, and a search through texts and annotations."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import People
from tests.e2e.test_pages_sound import axe

pytestmark = [pytest.mark.browser, pytest.mark.embedded]
P = "/projects/harbour-ordinance/"


def opened(page: Page) -> None:
    """Quick-open by its key, once its first answer stands."""
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog", name="Go to")).to_be_visible()
    expect(chosen(page)).to_be_visible()


def chosen(page: Page) -> Locator:
    """The place that Enter would lead to."""
    return page.get_by_role("dialog").locator("[role=option][aria-selected=true]")


def test_from_any_page_to_another_by_keys_alone(people: People) -> None:
    page = people.arrive("ines")
    page.goto(f"{P}documents/")
    opened(page)
    field = page.get_by_role("combobox", name="A project, a page, a document")
    expect(field).to_be_focused()
    page.keyboard.type("sett", delay=30)
    expect(chosen(page)).to_contain_text("Settings")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{P}settings/")
    opened(page)
    page.keyboard.type("manual label", delay=30)
    expect(chosen(page)).to_contain_text("Manual: labelling")
    page.keyboard.press("Enter")
    page.wait_for_url("**/docs/labelling/")
    opened(page)
    assert axe(page) == []
    first = chosen(page).inner_text()
    page.keyboard.press("ArrowDown")
    assert chosen(page).inner_text() != first
    active = str(chosen(page).get_attribute("id"))
    expect(page.get_by_role("combobox", name="A project")).to_have_attribute("aria-activedescendant", active)


def test_escape_gives_the_focus_back_and_text_fields_keep_their_key(people: People) -> None:
    page = people.arrive("tomas")
    page.goto(f"{P}documents/")
    link = page.get_by_role("link", name="Progress")
    link.focus()
    opened(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(link).to_be_focused()
    page.get_by_role("searchbox").focus()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_a_document_is_reached_by_its_title_and_a_server_that_is_away_is_said(people: People) -> None:
    page = people.arrive("tomas")
    title = page.request.get(f"/api/v1{P}documents/").json()["results"][0]["title"]
    page.goto("/")
    opened(page)
    page.keyboard.type(title[:12], delay=20)
    expect(chosen(page)).to_contain_text(title)
    page.context.set_offline(True)
    page.keyboard.type("x")
    expect(page.get_by_role("dialog").get_by_role("status")).to_contain_text("cannot be reached")
    page.context.set_offline(False)
    page.keyboard.press("Backspace")
    expect(chosen(page)).to_contain_text(title)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def test_the_list_is_searched_and_narrowed_by_keys_alone(people: People) -> None:
    page = people.arrive("ines")
    page.goto(f"{P}documents/")
    total = page.locator("tbody tr").count()
    page.get_by_role("searchbox").focus()
    page.keyboard.type("mayor")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=mayor**")
    assert 0 < page.locator("tbody tr").count() <= total
    expect(page.locator("mark").first).to_have_text("mayor", ignore_case=True)
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("Annot")  # the menu beside the field, chosen by its first letters
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**in=annotations**")
    where = page.locator(".sightings .where")
    if where.count():
        assert not where.filter(has_text="text").count()
    page.keyboard.press("Shift+Tab")
    page.goto(f"{P}documents/?q=zanzibar")
    page.get_by_role("link", name="show all documents").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{P}documents/")
    assert page.locator("tbody tr").count() == total
