"""/projects/{p}/: how far a study is."""

import pytest
from django.utils import timezone

from annotator.accounts.models import User
from annotator.annotations.models import AnnotationSet
from annotator.annotations.sets import Address
from annotator.assignments import submission
from annotator.projects import members, studies
from annotator.projects.models import Project
from tests.conftest import add_document, claim, membership_of

pytestmark = pytest.mark.django_db


def main(page: bytes) -> str:
    return page.decode().split("<main")[1]


def test_an_empty_project_says_what_it_needs_and_where(visitor, mona: User) -> None:
    studies.create(actor=mona, slug="empty", name="Empty")
    page = visitor(mona).get("/projects/empty/").content.decode()
    for where in ("settings", "guideline/edit", "imports", "members"):
        assert f'href="/projects/empty/{where}/"' in page


def test_steps_go_when_all_are_done(visitor, mona: User, reading: AnnotationSet) -> None:
    assert "still needs" not in visitor(mona).get(f"/projects/{reading.project.slug}/").content.decode()


def test_a_manager_sees_documents_and_people(visitor, mona: User, ada: User, reading: AnnotationSet) -> None:
    submission.submit(Address(reading.project.slug, reading.pk), actor=ada, now=timezone.now())
    page = main(visitor(mona).get(f"/projects/{reading.project.slug}/").content)
    assert "1 of 2 readings submitted" in page
    assert "A1" in page
    assert "ada" in page


def test_an_observer_knows_people_by_alias_only(visitor, otto: User, reading: AnnotationSet) -> None:
    page = main(visitor(otto).get(f"/projects/{reading.project.slug}/").content)
    assert "A1" in page
    assert "ada" not in page


def test_an_annotator_sees_their_own_and_nothing_of_others(
    visitor, project: Project, ben: User, ada: User, mona: User
) -> None:
    add_document(project, mona, "d1", "Text.", title="The first")
    before = main(visitor(ada).get(f"/projects/{project.slug}/").content)
    theirs = claim(project, ben)
    submission.submit(Address(project.slug, theirs.pk), actor=ben, now=timezone.now())
    assert main(visitor(ada).get(f"/projects/{project.slug}/").content) == before
    assert "You have read nothing yet" in before


def test_a_manager_who_takes_part_counts_nothing_they_are_blind_to(
    visitor, project: Project, mona: User, ben: User
) -> None:
    members.change(membership_of(project, mona), {"takes_part": True}, actor=mona)
    add_document(project, mona, "d1", "Text.")
    before = main(visitor(mona).get(f"/projects/{project.slug}/").content)
    theirs = claim(project, ben)
    submission.submit(Address(project.slug, theirs.pk), actor=ben, now=timezone.now())
    assert main(visitor(mona).get(f"/projects/{project.slug}/").content) == before


@pytest.mark.parametrize("documents", [1, 60])
def test_it_takes_few_queries_however_many_documents(
    documents: int, visitor, at_most, project: Project, mona: User, ada: User
) -> None:
    for number in range(documents):
        add_document(project, mona, f"d{number}", f"Text {number}.")
    claim(project, ada)
    for user in (mona, ada):
        client = visitor(user)
        client.get(f"/projects/{project.slug}/")  # a process meets a scheme once
        with at_most(8):
            assert client.get(f"/projects/{project.slug}/").status_code == 200


def test_a_reviewer_is_told_what_waits_for_a_review(
    visitor, rosa: User, ada: User, reading: AnnotationSet
) -> None:
    where = f"/projects/{reading.project.slug}/"
    assert "wait" not in main(visitor(rosa).get(where).content)
    submission.submit(Address(reading.project.slug, reading.pk), actor=ada, now=timezone.now())
    page = main(visitor(rosa).get(where).content)
    assert "1 submitted reading waits for a review" in page
    assert "/admin/" not in page
    User.objects.filter(pk=rosa.pk).update(is_staff=True)
    assert "/admin/annotations/annotationset/" in main(visitor(rosa).get(where).content)
