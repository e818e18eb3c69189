"""Adding, reading and removing documents."""

from typing import Any
from uuid import uuid4

import pytest

from annotator.accounts.models import User
from annotator.annotations.models import AnnotationSet
from annotator.documents.models import Document
from annotator.projects.models import Membership, Project
from tests.api.refusals import check_refused
from tests.conftest import add_document, claim

pytestmark = pytest.mark.django_db
URL = "/api/v1/projects/harbour/documents/"
ONE = {"external_id": "d1", "text": "Cities are safer.\r\nData show it."}


def test_a_document_keeps_every_character(api: Any, mona: User, project: Project) -> None:
    answer = api(mona).post(URL, ONE)
    assert answer.status_code == 201
    assert api(mona).get(f"{URL}{answer.json()['id']}/").json()["text"] == ONE["text"]


def test_the_same_again_adds_nothing(api: Any, mona: User, project: Project) -> None:
    first = api(mona).post(URL, ONE).json()
    again = api(mona).post(URL, ONE)
    assert (again.status_code, again.json()["id"]) == (200, first["id"])
    assert Document.objects.count() == 1


def test_another_text_under_the_same_id_is_a_conflict(api: Any, mona: User, project: Project) -> None:
    api(mona).post(URL, ONE)
    answer = api(mona).post(URL, ONE | {"text": "Something else."})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "document_differs")


def test_a_list_is_taken_whole_or_not_at_all(api: Any, mona: User, project: Project) -> None:
    answer = api(mona).post(URL, [ONE, {"external_id": "d2", "text": "  \n"}])
    assert answer.status_code == 400
    assert not Document.objects.exists()
    assert api(mona).post(URL, [ONE, ONE | {"external_id": "d2"}]).status_code == 201
    assert Document.objects.count() == 2


def test_a_text_never_changes(project: Project, document: Document) -> None:
    document.text = "Another."
    with pytest.raises(TypeError, match="never changes"):
        document.save()


def test_an_unread_document_is_removed(api: Any, mona: User, document: Document) -> None:
    assert api(mona).delete(f"{URL}{document.pk}/").status_code == 204
    assert not Document.objects.exists()


def test_a_document_that_somebody_reads_stays(api: Any, mona: User, reading: AnnotationSet) -> None:
    assert api(mona).delete(f"{URL}{reading.document_id}/").status_code == 409
    assert Document.objects.exists()


@pytest.mark.parametrize("read_by_somebody", [False, True])
def test_who_could_be_given_it_does_not_learn_whether_it_is_read(
    api: Any,
    mona: User,
    project: Project,
    document: Document,
    request: pytest.FixtureRequest,
    read_by_somebody: bool,
) -> None:
    if read_by_somebody:
        request.getfixturevalue("reading")
    Membership.objects.filter(user=mona).update(takes_part=True)
    answer = api(mona).delete(f"{URL}{document.pk}/")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (403, "takes_part")
    assert Document.objects.exists()


def test_the_list_is_searched_in_texts_and_in_the_readings_one_may_see(
    api, project: Project, mona: User, ada: User, ben: User
) -> None:
    for number, text in enumerate(("The mayor of Málaga spoke.", "Nobody answered.")):
        add_document(project, mona, f"d{number}", text)
    reading = claim(project, ben)
    span = f"/api/v1/projects/harbour/sets/{reading.pk}/spans/{uuid4()}/"
    assert api(ben).put(span, {"start": 4, "end": 9, "role": "claim", "note": "irony"}).status_code == 201

    def found(user: User, **query: str) -> list[str]:
        answer = api(user).get("/api/v1/projects/harbour/documents/", query)
        assert answer.status_code == 200
        return [row["external_id"] for row in answer.json()["results"]]

    assert found(ada, q="malaga") == found(ben, q="malaga mayor") == ["d0"]
    assert found(ben, q="irony") == found(mona, q="irony") == ["d0"]
    assert found(ben, q="mayor", **{"in": "annotations"}) == ["d0"]
    assert found(ada, q="irony") == found(ada, q="mayor", **{"in": "annotations"}) == []
    assert found(ada) == found(ada, q="") == ["d0", "d1"]


def test_a_search_nobody_types_is_refused(api, project: Project, ada: User) -> None:
    where = "/api/v1/projects/harbour/documents/"
    check_refused(api(ada).get(where, {"q": "x" * 201}), 400, "too_long", "q")
    assert api(ada).get(where, {"q": "a b c d e f g h a b"}).status_code == 200
    check_refused(api(ada).get(where, {"q": "a b c d e f g h i"}), 400, "too_many_words", "q")
    check_refused(api(ada).get(where, {"q": "x", "in": "dreams"}), 400, "invalid_choice", "in")
