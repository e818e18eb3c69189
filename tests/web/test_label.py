"""/projects/{p}/label/ and /projects/{p}/sets/{id}/."""

import json
import re

import pytest
from django.utils import timezone

from annotator.accounts.models import User
from annotator.annotations.models import AnnotationSet
from annotator.annotations.sets import Address
from annotator.assignments import reviewing, submission
from annotator.documents.models import Document
from annotator.projects.models import Project
from tests.conftest import TEXT, claim

pytestmark = pytest.mark.django_db


def embedded(page: str) -> dict:
    [found] = re.findall(
        r'<script id="set-data" type="application/json">(.*?)</script>', page, flags=re.DOTALL
    )
    return json.loads(found)


def test_it_claims_the_next_document_and_goes_on_with_it(visitor, ada: User, document: Document) -> None:
    client = visitor(ada)
    first = client.get(f"/projects/{document.project.slug}/label/")
    reading = AnnotationSet.objects.get()
    assert first["Location"] == f"/projects/{document.project.slug}/sets/{reading.pk}/"
    assert client.post(f"/projects/{document.project.slug}/label/")["Location"] == first["Location"]
    assert AnnotationSet.objects.count() == 1


def test_when_nothing_is_left_it_says_so(visitor, ada: User, project: Project) -> None:
    answer = visitor(ada).get(f"/projects/{project.slug}/label/")
    assert answer.status_code == 200
    assert "Nothing is waiting for you" in answer.content.decode()


def test_who_does_not_take_part_is_told_so(visitor, rosa: User, document: Document) -> None:
    assert visitor(rosa).get(f"/projects/{document.project.slug}/label/").status_code == 403


def test_the_page_carries_the_reading_character_by_character(
    visitor, ada: User, reading: AnnotationSet
) -> None:
    answer = visitor(ada).get(f"/projects/{reading.project.slug}/sets/{reading.pk}/")
    record = embedded(answer.content.decode())
    assert record["document"]["text"] == TEXT
    assert record["editable"] is True
    assert "no-store" in answer["Cache-Control"]
    assert 'name="csrf-token"' in answer.content.decode()


def test_who_is_blind_to_it_finds_nothing_and_who_may_look_cannot_write(
    visitor, ben: User, rosa: User, ada: User, reading: AnnotationSet
) -> None:
    where = f"/projects/{reading.project.slug}/sets/{reading.pk}/"
    assert visitor(rosa).get(where).status_code == 404
    submission.submit(Address(reading.project.slug, reading.pk), actor=ada, now=timezone.now())
    assert visitor(ben).get(where).status_code == 404
    assert embedded(visitor(rosa).get(where).content.decode())["editable"] is False


def test_opening_a_set_takes_few_queries(
    visitor, at_most, project: Project, document: Document, ada: User
) -> None:
    reading = claim(project, ada)
    client = visitor(ada)
    client.get(f"/projects/{project.slug}/sets/{reading.pk}/")  # a process meets a scheme once
    with at_most(8):
        assert client.get(f"/projects/{project.slug}/sets/{reading.pk}/").status_code == 200


def test_it_says_which_reading_this_is_and_what_the_reviewer_wrote(
    visitor, at_most, ada: User, rosa: User, reading: AnnotationSet
) -> None:
    where = Address(reading.project.slug, reading.pk)
    page = f"/projects/{reading.project.slug}/sets/{reading.pk}/"
    first = visitor(ada).get(page).content.decode()
    assert "1 of 1" in first
    assert "Returned" not in first
    submission.submit(where, actor=ada, now=timezone.now())
    reviewing.decide(where, "returned", note="Look at <b>line</b> 3", actor=rosa, now=timezone.now())
    client = visitor(ada)
    with at_most(8):
        again = client.get(page).content.decode()
    assert "Look at &lt;b&gt;line&lt;/b&gt; 3" in again
    assert "Look at" not in visitor(rosa).get(page).content.decode()
    assert " of 1</span>" not in visitor(rosa).get(page).content.decode()


@pytest.mark.parametrize("headers", [{"Sec-Purpose": "prefetch"}, {"Sec-Fetch-Site": "cross-site"}])
def test_a_look_ahead_or_a_link_elsewhere_takes_no_seat(
    visitor, project: Project, document: Document, ada: User, headers: dict[str, str]
) -> None:
    where = f"/projects/{project.slug}/label/"
    answer = visitor(ada).get(where, headers=headers)
    assert "Label next" in answer.content.decode()
    assert visitor(ada).head(where).status_code == 200
    assert not AnnotationSet.objects.exists()
    assert visitor(ada).post(where, headers=headers).status_code == 302
    assert AnnotationSet.objects.count() == 1
