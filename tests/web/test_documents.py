"""/projects/{p}/documents/ and one document."""

import pytest
from django.utils import timezone

from annotator.accounts.models import User
from annotator.annotations.models import AnnotationSet, Recusal
from annotator.annotations.sets import Address
from annotator.assignments import submission
from annotator.documents.models import Document
from annotator.projects import members
from annotator.projects.models import Project
from tests.conftest import add_document, claim, membership_of
from tests.web.conftest import HOSTILE

pytestmark = pytest.mark.django_db


def main(page: bytes) -> str:
    return page.decode().split("<main")[1]


def test_the_list_is_searched_in_titles_ids_and_texts(visitor, project: Project, mona: User) -> None:
    add_document(project, mona, "alpha", "Nothing.", title="The mayor speaks")
    add_document(project, mona, "beta", "The sheriff answers.")
    client = visitor(mona)
    for words, found, other in (
        ("mayor", "alpha", "beta"),
        ("sheriff", "beta", "alpha"),
        ("beta", "beta", "alpha"),
    ):
        page = main(client.get(f"/projects/{project.slug}/documents/", {"q": words}).content)
        assert f">{found}<" in page
        assert f">{other}<" not in page
    assert "No document has" in main(client.get(f"/projects/{project.slug}/documents/", {"q": "%"}).content)


def test_the_list_comes_in_pages_that_keep_the_search(visitor, project: Project, mona: User) -> None:
    for number in range(51):
        add_document(project, mona, f"d{number}", "Same words & more.")
    client = visitor(mona)
    page = main(client.get(f"/projects/{project.slug}/documents/", {"q": "words & more"}).content)
    assert "Page 1 of 2" in page
    assert "?q=words+%26+more&amp;page=2" in page
    assert "d50" in main(client.get(f"/projects/{project.slug}/documents/", {"page": "2"}).content)
    assert client.get(f"/projects/{project.slug}/documents/", {"page": "x"}).status_code == 200


@pytest.mark.parametrize("documents", [1, 50])
def test_the_list_takes_few_queries_whatever_its_length(
    documents: int, visitor, at_most, project: Project, mona: User, ada: User
) -> None:
    for number in range(documents):
        add_document(project, mona, f"d{number}", f"Text {number}.")
    claim(project, ada)
    client = visitor(mona)
    client.get(f"/projects/{project.slug}/documents/")  # a process meets a scheme once
    with at_most(8):
        assert client.get(f"/projects/{project.slug}/documents/").status_code == 200


def test_a_count_tells_nothing_of_what_one_is_blind_to(
    visitor, project: Project, document: Document, ada: User, ben: User, otto: User
) -> None:
    where = [f"/projects/{project.slug}/documents/", f"/projects/{project.slug}/documents/{document.pk}/"]
    before = [main(visitor(ada).get(each).content) for each in where]
    theirs = claim(project, ben)
    submission.submit(Address(project.slug, theirs.pk), actor=ben, now=timezone.now())
    assert [main(visitor(ada).get(each).content) for each in where] == before
    assert "1 submitted" in main(visitor(otto).get(where[0]).content)


def test_a_document_shows_its_text_and_the_readings_one_may_see(
    visitor, reading: AnnotationSet, mona: User, ada: User, ben: User
) -> None:
    where = f"/projects/{reading.project.slug}/documents/{reading.document_id}/"
    link = f'href="/projects/{reading.project.slug}/sets/{reading.pk}/"'
    assert "😊 Cities are safer." in visitor(mona).get(where).content.decode()
    assert link in visitor(mona).get(where).content.decode()
    assert link in visitor(ada).get(where).content.decode()
    assert link not in visitor(ben).get(where).content.decode()


def test_a_hostile_text_title_or_source_is_only_text(visitor, project: Project, mona: User) -> None:
    found = add_document(
        project, mona, HOSTILE, HOSTILE, title=HOSTILE, meta={HOSTILE: HOSTILE}, language="en"
    )
    client = visitor(mona)
    for where in ("documents/", f"documents/{found.pk}/"):
        assert "<script>alert" not in client.get(f"/projects/{project.slug}/{where}").content.decode()
        assert "<b onmouseover" not in client.get(f"/projects/{project.slug}/{where}").content.decode()


def test_whoever_looks_gives_the_reading_up(
    visitor, project: Project, document: Document, rosa: User, ben: User
) -> None:
    members.change(membership_of(project, rosa), {"takes_part": True}, actor=rosa)
    theirs = claim(project, ben)
    submission.submit(Address(project.slug, theirs.pk), actor=ben, now=timezone.now())
    where = f"/projects/{project.slug}/documents/{document.pk}/"
    client = visitor(rosa)
    assert "Look at the readings of others" in client.get(where).content.decode()
    client.post(f"{where}recusal/")
    assert Recusal.objects.filter(document=document, membership__user=rosa).exists()
    assert f"/sets/{theirs.pk}/" in client.get(where).content.decode()


def test_only_a_document_nobody_has_read_is_removed(visitor, mona: User, reading: AnnotationSet) -> None:
    other = add_document(reading.project, mona, "d2", "Another.")
    client = visitor(mona)
    client.post(f"/projects/{reading.project.slug}/documents/{other.pk}/removal/")
    answer = client.post(
        f"/projects/{reading.project.slug}/documents/{reading.document_id}/removal/", follow=True
    )
    assert "Somebody has read this document" in answer.content.decode()
    assert list(Document.objects.values_list("external_id", flat=True)) == ["d1"]


def test_a_manager_who_takes_part_does_not_learn_by_removing_whether_somebody_reads(
    visitor, project: Project, document: Document, mona: User, ben: User
) -> None:
    members.change(membership_of(project, mona), {"takes_part": True}, actor=mona)
    other = add_document(project, mona, "d2", "Nobody reads this.")
    claim(project, ben)
    client = visitor(mona)
    for each in (document, other):
        answer = client.post(f"/projects/{project.slug}/documents/{each.pk}/removal/")
        assert answer.status_code == 403
    assert Document.objects.count() == 2
