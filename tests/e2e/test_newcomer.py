"""The first minutes: the printed link, the waiting document, the first span by mouse and by keyboard."""

import json
import time
import urllib.request

import pytest

from tests.e2e.conftest import People, Server
from tests.e2e.marking import data_of, drag_over, label, mark, saved

pytestmark = [pytest.mark.browser, pytest.mark.embedded]
ROWS = """
import json
from annotator.annotations.models import Span
rows = Span.objects.filter(set__membership__user__username="noor", set__state="open", deleted_at=None)
print("ROWS" + json.dumps([[row.fragments, row.stance.slug if row.stance else None, row.set.document.text] for row in rows]))
"""


def test_the_first_page_answers_at_once(server: Server) -> None:
    began = time.monotonic()
    with urllib.request.urlopen(f"{server.url}/sign-in/") as answer:
        assert answer.status == 200
    assert time.monotonic() - began < 5


def test_a_link_signs_in_whom_it_names(people: People) -> None:
    page = people.arrive("noor")
    assert "Noor" in page.locator("header").inner_text()


def test_the_waiting_document_is_labelled_by_mouse_and_by_keyboard(people: People, server: Server) -> None:
    page = people.arrive("noor")
    page.goto("/")
    page.get_by_role("link", name="Label next").or_(
        page.get_by_role("button", name="Label next")
    ).first.click()
    page.wait_for_selector("main#label")
    text = data_of(page)["document"]["text"]
    by_mouse = "so it stays" if "so it stays" in text else text.split("\n")[0].split(". ")[0][:40].strip()
    mark(page, by_mouse, "1c")
    page.locator("#text").focus()
    page.keyboard.press("]")
    page.keyboard.press("]")
    selected = page.evaluate("document.getSelection().toString()")
    label(page, selected.strip(), "2") if selected.strip() else page.keyboard.press("2")
    saved(page)
    printed = server.manage("shell", "-c", ROWS)
    rows = json.loads(printed.split("ROWS", 1)[1])
    quotes = {text[start:end]: stance for fragments, stance, text in rows for start, end in fragments}
    assert quotes[by_mouse] == "pro-sanctuary"
    assert "anti-sanctuary" in quotes.values()
    assert len(rows) == 2


def test_dragging_backwards_marks_the_same(people: People) -> None:
    page = people.arrive("tomas")
    page.goto("/projects/harbour-ordinance/label/")
    page.wait_for_selector("main#label")
    text = data_of(page)["document"]["text"]
    quote = max(text.split("\n")[2].split(". "), key=len)[:30].strip()
    drag_over(page, quote)
    label(page, quote, "3")
    assert [span["quote"] for span in data_of(page)["spans"]] == [quote]
