"""GET /find/: where somebody may go, by a few letters; of others' readings it knows nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annotator.accounts.models import User
from annotator.annotations.models import AnnotationSet
from annotator.annotations.sets import Address
from annotator.assignments import submission
from annotator.projects import studies
from annotator.projects.models import Project
from annotator.projects.pages import OF_SITE
from annotator.web import manual
from tests.api.refusals import check_refused
from tests.conftest import add_document, claim

pytestmark = pytest.mark.django_db
Find = Callable[..., list[dict[str, str]]]


@pytest.fixture
def find(api) -> Find:
    def ask(user: User, q: str = "", project: str = "") -> list[dict[str, str]]:
        answer = api(user).get("/api/v1/find/", {"q": q, "project": project})
        assert answer.status_code == 200
        found: list[dict[str, str]] = answer.json()["results"]
        return found

    return ask


def named(found: list[dict[str, str]], kind: str) -> list[str]:
    return [place["title"] for place in found if place["kind"] == kind]


def test_a_document_is_found_by_its_title_and_its_id_without_case_and_accents(
    find: Find, project: Project, mona: User, ada: User
) -> None:
    document = add_document(project, mona, "hb-77", "Text.", title="Hearing in Málaga")
    for words in ("malaga", "HB-77", "hear mala"):
        [place] = [each for each in find(ada, words) if each["kind"] == "document"]
        assert place["url"] == f"/projects/harbour/documents/{document.pk}/"
        assert place["detail"] == "hb-77 · Harbour"
    assert named(find(ada, "zanzibar"), "document") == []


def test_a_reader_finds_their_unfinished_readings_first_and_nobody_else_does(
    find: Find, reading: AnnotationSet, ada: User, ben: User, mona: User, rosa: User
) -> None:
    place = find(ada)[0]
    assert (place["kind"], place["url"]) == ("reading", f"/projects/harbour/sets/{reading.pk}/")
    assert place["detail"] == "begun by you · Harbour"
    for user in (ben, mona, rosa):
        assert named(find(user), "reading") == named(find(user, "d1"), "reading") == []


def test_what_one_finds_does_not_change_with_what_others_do(
    find: Find, project: Project, mona: User, ada: User, ben: User
) -> None:
    add_document(project, mona, "d1", "Text.")
    asked = ("", "d1", "harbour", "A2", "submitted", "begun")
    before = [find(user, words, "harbour") for user in (ada, mona) for words in asked]
    theirs = claim(project, ben)
    assert [find(user, words, "harbour") for user in (ada, mona) for words in asked] == before
    submission.submit(Address("harbour", theirs.pk), actor=ben, now=timezone.now())
    assert [find(user, words, "harbour") for user in (ada, mona) for words in asked] == before


# page -> who may go there, of the manager, reviewer, annotator, observer
PAGES = {
    "Settings": (True, False, False, False),
    "Imports": (True, False, False, False),
    "Members": (True, True, False, True),
    "Agreement": (True, True, False, True),
    "Exports": (True, True, True, True),
    "Documents": (True, True, True, True),
    "Guideline": (True, True, True, True),
}


@pytest.mark.parametrize("title", PAGES)
def test_a_page_is_offered_to_whose_role_opens_it(
    title: str, find: Find, project: Project, mona: User, rosa: User, ada: User, otto: User
) -> None:
    for user, expected in zip((mona, rosa, ada, otto), PAGES[title], strict=True):
        asked = (find(user, title.lower()), find(user, f"harb {title}"), find(user, "", "harbour"))
        assert [title in named(found, "page") for found in asked] == [expected] * 3


def test_a_stranger_finds_neither_the_project_nor_its_documents(
    find: Find, project: Project, mona: User, sam: User
) -> None:
    add_document(project, mona, "d1", "Text.", title="Hearing")
    before = find(sam, "")
    assert find(sam, "harbour") == find(sam, "hearing") == find(sam, "settings") == []
    assert find(sam, "", "harbour") == before  # nor whether there is such a project


def test_the_project_one_is_in_comes_first(find: Find, project: Project, mona: User) -> None:
    other = studies.create(actor=mona, slug="another", name="Another")
    for each in (other, project):
        add_document(each, mona, "d1", "Text.", title="Hearing")
    for slug, name in (("harbour", "Harbour"), ("another", "Another")):
        documents = [place for place in find(mona, "hearing", slug) if place["kind"] == "document"]
        assert documents[0]["detail"] == f"d1 · {name}"
        pages = [place for place in find(mona, "settings", slug) if place["kind"] == "page"]
        assert pages[0]["detail"] == name


def test_what_begins_with_the_word_stands_before_what_holds_it(
    find: Find, project: Project, mona: User
) -> None:
    for number, title in enumerate(("Unsettled", "The settlers", "Settled")):
        add_document(project, mona, f"d{number}", "Text.", title=title)
    assert named(find(mona, "settle"), "document") == ["Settled", "The settlers", "Unsettled"]


def test_what_is_called_so_stands_before_what_begins_so(find: Find, project: Project, mona: User) -> None:
    for key, title in (("d1", "Two halves"), ("d2", "Two")):
        add_document(project, mona, key, "Text.", title=title)
    assert [place["title"] for place in find(mona, "two") if place["kind"] == "document"] == [
        "Two",
        "Two halves",
    ]


def test_the_answer_is_short_and_takes_few_queries(api, project: Project, mona: User) -> None:
    for number in range(40):
        add_document(project, mona, f"d{number}", "Text.", title=f"Hearing {number}")
    client = api(mona)
    with CaptureQueriesContext(connection) as made:
        found = client.get("/api/v1/find/", {"q": "e", "project": "harbour"}).json()["results"]
    assert len(found) == 12
    assert len(made) <= 5


def test_too_long_a_search_and_an_unknown_parameter_are_refused(api, ada: User) -> None:
    check_refused(api(ada).get("/api/v1/find/", {"q": "x" * 201}), 400, "too_long", "q")
    check_refused(api(ada).get("/api/v1/find/", {"query": "x"}), 400, "unknown_parameter", "query")


def test_every_page_of_the_manual_can_be_found() -> None:
    known = {parts["slug"] for view, parts, _, _ in OF_SITE if view == "web:manual_page"}
    assert known == {page.slug for page in manual.pages()}


def test_every_address_answers(
    find: Find, project: Project, reading: AnnotationSet, ada: User, mona: User, client: Any
) -> None:
    for user in (ada, mona):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        for place in [*find(user, "", "harbour"), *find(user, "a", "harbour")]:
            assert client.get(place["url"]).status_code == 200, place
