"""Adding, reading and removing documents."""

from typing import Any

import pytest

from annotator.accounts.models import User
from annotator.annotations.models import AnnotationSet
from annotator.documents.models import Document
from annotator.projects.models import Membership, Project

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
