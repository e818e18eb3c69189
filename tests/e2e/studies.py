"""Studies that tests make for themselves, through the API, so that none finds what another left."""

from typing import Any

from playwright.sync_api import Page

from tests.e2e.conftest import People
from tests.e2e.marking import data_of, post, ready

# Who marks texts of every kind: the emphasis of a claim does not depend on its stance.
SENTENCE = "The {n}th speaker said that the ordinance should {verb}, for reasons of {reason}. "
VERBS = ("stay as it is", "be repealed", "be amended first")
REASONS = ("trust", "safety", "cost", "law", "fairness", "habit", "need")


def long_text(characters: int, paragraph: int = 6) -> str:
    """So many characters (at least) of invented minutes, in paragraphs of so many sentences."""
    sentences: list[str] = []
    length = 0
    while length < characters:
        n = len(sentences)
        sentences.append(SENTENCE.format(n=n, verb=VERBS[n % 3], reason=REASONS[n % 7]))
        if n % paragraph == paragraph - 1:
            sentences[-1] = sentences[-1].rstrip() + "\n\n"
        length += len(sentences[-1])
    return "".join(sentences)


def new_study(
    people: People, slug: str, texts: dict[str, str], *, reader: str = "noor", **fields: Any
) -> Page:
    """A study with these texts and one reader; gives the reader's window, on the labelling page of the first text."""
    manager = people.arrive("ines")
    body = {
        "slug": slug,
        "name": slug.capitalize(),
        "template": "sanctuary-stance",
        "readers_per_document": 1,
    }
    post(manager, "/api/v1/projects/", body | fields)
    post(
        manager,
        f"/api/v1/projects/{slug}/memberships/",
        {"username": reader, "alias": "A1", "role": "annotator"},
    )
    for external_id, text in texts.items():
        post(manager, f"/api/v1/projects/{slug}/documents/", {"external_id": external_id, "text": text})
    page = people.arrive(reader)
    open_next(page, slug)
    return page


def open_next(page: Page, slug: str) -> None:
    page.goto(f"/projects/{slug}/label/")
    ready(page)


def spans_of(page: Page) -> list[dict[str, Any]]:
    """The stored spans in reading order."""
    return sorted(data_of(page)["spans"], key=lambda span: (span["start"], -span["end"]))
