"""What a screen reader is told of the spans and the relations."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import People
from tests.e2e.marking import mark, ready
from tests.e2e.studies import new_study

pytestmark = pytest.mark.browser
TEXT = (
    "The mayor said the ordinance keeps the streets safe. It stays, she said.\n"
    "The sheriff answered that it protects nobody. He wants it repealed.\n"
    "قال العمدة إن المدينة آمنة.\n"
)
MARKED = [
    ("the ordinance keeps the streets safe", "1c"),
    ("It stays", "1"),
    ("it protects nobody", "2c"),
    ("المدينة آمنة", "3p"),
]
# The list as it is read, in the order of the text whatever came first.
SPANS = """
- list:
  - listitem:
    - button /Pro-sanctuary Claim .*the ordinance keeps the streets safe.* attacked by 1/
  - listitem:
    - button /Pro-sanctuary .*It stays/
  - listitem:
    - button /Anti-sanctuary Claim .*it protects nobody.* attacks 1/
  - listitem:
    - button /Nuanced Premise .*المدينة آمنة/
"""
RELATIONS = """
- list:
  - listitem:
    - button /Anti-sanctuary, Claim.*it protects nobody.* attacks Pro-sanctuary, Claim.*the ordinance keeps/
"""


def test_the_list_of_spans_says_what_the_eye_sees(people: People) -> None:
    page = new_study(people, "tree", {"minutes": TEXT})
    for quote, keys in reversed(MARKED):
        mark(page, quote, keys)
    relate(page)
    expect(page.locator("#spans")).to_match_aria_snapshot(SPANS)
    expect(page.locator("#relations")).to_match_aria_snapshot(RELATIONS)
    current = page.locator("#spans button", has_text="it protects nobody")
    expect(current).to_have_attribute("aria-current", "true")
    expect(page.get_by_role("region", name="The document's text")).to_have_text(TEXT)
    page.reload()
    ready(page)
    expect(page.locator("#spans")).to_match_aria_snapshot(SPANS)


def test_what_keys_do_is_said(people: People) -> None:
    page = new_study(people, "said", {"minutes": TEXT})
    announcer = page.locator("#announcer")
    page.keyboard.press("]")
    page.keyboard.press("1")
    expect(announcer).to_contain_text("Pro-sanctuary: ")
    page.keyboard.press("c")
    expect(announcer).to_have_text("Claim")
    page.keyboard.press("x")
    expect(announcer).to_contain_text("deleted")
    page.keyboard.press("z")
    expect(announcer).to_contain_text("Undone")
    page.keyboard.press("s")
    expect(announcer).not_to_be_empty()


def relate(page: Page) -> None:
    """The sheriff's claim attacks the mayor's."""
    page.locator("#spans button", has_text="it protects nobody").click()
    page.locator("#text").focus()
    page.keyboard.press("a")
    page.keyboard.press("Tab")
    while "the ordinance keeps" not in page.locator("#announcer").inner_text():
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#relation-count")).to_have_text("1")
