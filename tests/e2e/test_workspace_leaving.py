"""Handing in: what is asked before, what is possible where it was done elsewhere, and when a connection returns."""

import re
import secrets

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import People
from tests.e2e.marking import data_of, mark, post, ready, saved, submit
from tests.e2e.studies import new_study, open_next, spans_of

pytestmark = [pytest.mark.browser, pytest.mark.embedded]
TEXT = "The mayor said the ordinance keeps the streets safe. The sheriff answered that it protects nobody.\n"
CLAIM, REPLY = "the ordinance keeps the streets safe", "it protects nobody"


def study(people: People, **texts: str) -> tuple[Page, str]:
    slug = f"leaving-{secrets.token_hex(4)}"
    return new_study(people, slug, texts or {"minutes": TEXT}), slug


def hand_in(page: Page) -> None:
    """Submits this reading by the API, as another device would."""
    address = page.locator("main#label").get_attribute("data-api")
    token = page.locator('meta[name="csrf-token"]').get_attribute("content") or ""
    number = page.url.rstrip("/").rsplit("/", 1)[1]
    answer = page.request.put(
        f"{address}/sets/{number}/submission/", headers={"X-CSRFToken": token, "Referer": page.url}
    )
    assert answer.ok, answer.text()


def take_first(page: Page, key: str) -> None:
    page.locator("#spans button").first.click()
    page.locator("#text").focus()
    page.keyboard.press(key)


def test_what_was_submitted_elsewhere_is_reopened_and_the_change_sent(people: People) -> None:
    page, _ = study(people)
    mark(page, CLAIM, "1")
    hand_in(page)
    take_first(page, "2")
    notice = page.locator("#notices")
    expect(notice).to_contain_text("submitted in another tab or on another device")
    expect(notice.get_by_role("button", name="Try again")).to_have_count(0)
    notice.get_by_role("button", name="Reopen it and send them").click()
    saved(page)
    assert data_of(page)["editable"]
    assert [span["stance"] for span in spans_of(page)] == ["anti-sanctuary"]
    expect(notice).to_be_empty()


def test_what_was_submitted_elsewhere_is_read_when_the_change_is_given_up(people: People) -> None:
    page, _ = study(people)
    mark(page, CLAIM, "1")
    hand_in(page)
    take_first(page, "2")
    page.get_by_role("button", name="Let them go and look at it").click()
    expect(page.locator("#notices")).to_contain_text("1 change that the server does not have will be lost")
    with page.expect_navigation():
        page.get_by_role("button", name="Lose it and show what is saved").click()
    expect(page.locator("footer .closed")).to_contain_text("This reading is submitted")
    expect(page.locator("#saved")).to_have_text("read only")
    assert spans_of(page)[0]["stance"] == "pro-sanctuary"


def test_another_tab_learns_that_the_reading_was_handed_in(people: People) -> None:
    page, _ = study(people)
    mark(page, CLAIM, "1")
    other = page.context.new_page()
    other.goto(page.url)
    ready(other)
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Submit as it is").click()
    expect(other.locator("#notices")).to_contain_text(
        "submitted this reading in another tab or on another device"
    )
    expect(other.locator("#key-bar")).to_be_hidden()
    with other.expect_navigation():
        other.get_by_role("button", name="Reopen it").click()
    ready(other)
    assert data_of(other)["editable"]


def test_a_stance_without_target_and_stances_over_each_other_are_asked_about(people: People) -> None:
    page, slug = study(people)
    manager = people.arrive("ines")
    post(manager, f"/api/v1/projects/{slug}/targets/", {"slug": "funding", "name": "City funding"})
    page.reload()
    ready(page)
    mark(page, CLAIM, "1c")
    mark(page, "keeps the streets", "2")
    mark(page, REPLY, "c")
    page.keyboard.press("Control+Enter")
    notice = page.locator("#notices")
    expect(notice).to_contain_text("2 spans have a stance, but no target")
    expect(notice).to_contain_text(
        "2 spans with different stances toward the same target lie over each other"
    )
    notice.get_by_role("button").filter(has_text=re.compile("“.?keeps the streets")).last.click()
    expect(page.locator("#spans button[aria-current]")).to_contain_text("keeps the streets")
    page.keyboard.press("x")
    page.locator("#spans button", has_text="ordinance keeps").click()
    page.locator("#field-target").select_option(label="City funding")
    saved(page)
    page.keyboard.press("Control+Enter")
    expect(notice).to_contain_text("no label for")
    expect(notice).not_to_contain_text("target")
    page.get_by_role("button", name="Submit as it is").click()
    page.wait_for_url(re.compile(r"/label/$"))


def test_what_was_not_submitted_for_want_of_a_connection_is_offered_when_it_returns(people: People) -> None:
    page, slug = study(people, first=TEXT, second=TEXT)
    here = page.url
    page.context.set_offline(True)
    page.keyboard.press("]")
    page.keyboard.press("1")
    expect(page.locator("#saved")).to_have_attribute("data-state", "offline")
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Submit as it is").click()
    notice = page.locator("#notices")
    expect(notice).to_contain_text("Not submitted: 1 change waits")
    page.context.set_offline(False)
    saved(page)
    expect(notice).not_to_contain_text("Not submitted")
    expect(notice).to_contain_text("Everything is saved now.")
    notice.get_by_role("button", name="Submit").click()
    page.wait_for_url(lambda url: url != here)
    open_next(page, slug)
    assert data_of(page)["document"]["external_id"] == "second"


def test_a_note_and_a_comment_under_way_keep_the_tab_from_closing_unasked(people: People) -> None:
    page, _ = study(people)
    mark(page, CLAIM, "1")
    page.locator("#spans button").first.click()
    page.keyboard.press("n")
    page.keyboard.type("Is it said?")
    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)
    asked.value.dismiss()
    saved(page)
    assert [span["note"] for span in spans_of(page)] == ["Is it said?"]

    page.keyboard.press("Escape")
    page.keyboard.press(",")
    page.keyboard.type("Not finished")
    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)
    asked.value.dismiss()
    expect(page.locator("#comment-text")).to_have_value("Not finished")


def test_who_was_removed_and_taken_back_is_told_so_and_keeps_the_work(people: People) -> None:
    page, slug = study(people, first=TEXT, second=TEXT)
    mark(page, CLAIM, "1")
    manager = people.arrive("ines")
    members = f"/api/v1/projects/{slug}/memberships/"
    [noor] = [one["id"] for one in manager.request.get(members).json()["results"] if one["alias"] == "A1"]
    delete(manager, f"{members}{noor}/")
    take_first(page, "2")
    notice = page.locator("#notices")
    expect(notice).to_contain_text("you are no longer a member of the project or may not open it")
    expect(notice).to_contain_text("1 change waits in this browser")
    expect(notice.get_by_role("link", name="My work")).to_have_attribute("href", "/")
    post(manager, members, {"username": "noor", "alias": "A1", "role": "annotator"})
    notice.get_by_role("button", name="Try again").click()
    expect(notice).to_contain_text("This document was given back.")
    expect(page.locator("#key-bar")).to_be_hidden()
    page.keyboard.press("z")
    expect(page.locator("#saved")).to_have_text("not saved: 1 waiting")
    page.once("dialog", lambda dialog: dialog.accept())
    with page.expect_navigation():
        notice.get_by_role("link", name="Label next").click()
    saved(page)
    assert [span["stance"] for span in spans_of(page)] == ["anti-sanctuary"], (
        "it is given again, and takes it"
    )


def delete(page: Page, address: str) -> None:
    token = page.locator('meta[name="csrf-token"]').get_attribute("content") or ""
    answer = page.request.delete(address, headers={"X-CSRFToken": token, "Referer": page.url})
    assert answer.ok, answer.text()


def test_on_a_phone_a_link_leads_back_to_the_project(people: People) -> None:
    page, slug = study(people)
    phone = people.arrive("noor", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    phone.goto(page.url)
    ready(phone)
    phone.locator("#sheet-toggle").click()
    expect(phone.locator("#inspector-idle")).to_have_text("Tap a span.", use_inner_text=True)
    phone.locator("#sheet-toggle").click()
    phone.get_by_role("link", name=slug.capitalize()).click()
    phone.wait_for_url(re.compile(rf"/projects/{slug}/$"))


def test_the_page_that_follows_says_that_the_reading_was_submitted(people: People) -> None:
    page, _ = study(people, first=TEXT, second=TEXT)
    mark(page, CLAIM, "1")
    submit(page)
    expect(page.locator("#landed")).to_have_text("Submitted.")
    expect(page.locator("#announcer")).to_have_text("Submitted.")
    assert "submitted" not in page.url
    mark(page, CLAIM, "2")
    expect(page.locator("#landed")).to_have_count(0)
    submit(page)
    page.wait_for_url(re.compile(r"/label/$"))
    expect(page.get_by_text("Submitted.", exact=True)).to_be_visible()
