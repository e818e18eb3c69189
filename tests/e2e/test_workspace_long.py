"""A text as long as a book opens, scrolls and takes a mark near its end."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.conftest import SHARED
from tests.e2e.conftest import People
from tests.e2e.marking import check_quotes, data_of, mark
from tests.e2e.studies import long_text, new_study

pytestmark = [pytest.mark.browser, pytest.mark.embedded]
CHARACTERS = 1_200_000
QUOTE = "the very last speaker thanked everyone"
FOUND = SHARED / "data/messy/very_long_document.txt"


def test_a_text_of_many_paragraphs(people: People) -> None:
    label_the_end(people, "long", long_text(CHARACTERS) + f"And {QUOTE}.\n")


def test_a_text_of_a_single_paragraph(people: People) -> None:
    label_the_end(people, "long-line", long_text(CHARACTERS // 3).replace("\n", " ") + f"And {QUOTE}.")


def test_a_text_that_was_found(people: People) -> None:
    if not FOUND.exists():
        pytest.skip("the long text that was found elsewhere is not part of the project")
    text = Path(FOUND).read_bytes().decode()
    label_the_end(people, "long-found", text, text.rstrip()[-40:].rpartition("\n")[2].strip())


def label_the_end(people: People, slug: str, text: str, quote: str = QUOTE) -> None:
    page = new_study(people, slug, {"book": text})
    to_the_end(page)
    marked = mark(page, quote, "1c", occurrence=text.count(quote) - 1)
    record = data_of(page)
    check_quotes(record, [marked])
    [span] = record["spans"]
    assert span["end"] == text.rindex(quote) + len(quote)


def to_the_end(page: Page) -> None:
    """Scrolls to the last line as a reader does; text far away may be laid out only then."""
    page.evaluate(
        """async () => {
          const box = document.querySelector("#text").closest(".reader");
          for (let turn = 0; turn < 10 && box.scrollTop + box.clientHeight < box.scrollHeight - 2; turn++) {
            box.scrollTop = box.scrollHeight;
            await new Promise((done) => setTimeout(done, 60));
          }
        }"""
    )
