"""/: my work."""

import pytest

from annotator.accounts.models import User
from annotator.annotations.models import AnnotationSet
from annotator.annotations.sets import Address
from annotator.assignments import submission
from annotator.documents.models import Document
from annotator.projects import members, studies
from annotator.projects.models import Project
from tests.conftest import add_document, claim
from tests.web.conftest import HOSTILE

pytestmark = pytest.mark.django_db


def test_who_is_in_no_project_is_offered_the_first_step(visitor, sam: User) -> None:
    page = visitor(sam).get("/").content.decode()
    assert "You are in no project yet" in page
    assert 'href="/projects/new/"' in page


def test_an_annotator_is_offered_the_next_document(visitor, ada: User, document: Document) -> None:
    page = visitor(ada).get("/").content.decode()
    assert "A document is waiting for you" in page
    assert f'href="/projects/{document.project.slug}/label/"' in page
    assert "Label next" in page


def test_who_has_begun_goes_on(visitor, ada: User, reading: AnnotationSet) -> None:
    assert "Go on labelling" in visitor(ada).get("/").content.decode()


def test_who_has_read_everything_is_told_so(visitor, ada: User, reading: AnnotationSet) -> None:
    from django.utils import timezone

    submission.submit(Address(reading.project.slug, reading.pk), actor=ada, now=timezone.now())
    page = visitor(ada).get("/").content.decode()
    assert "Nothing is waiting for you at the moment" in page
    assert "1 submitted so far" in page


def test_how_many_documents_wait_is_not_told_for_it_would_tell_of_other_readers(
    visitor, project: Project, mona: User, ada: User, ben: User
) -> None:
    for number in range(7):
        add_document(project, mona, f"d{number}", f"Text {number}.")
    before = visitor(ada).get("/").content.decode()
    claim(project, ben)
    assert "7" not in before.split("<main")[1]
    assert visitor(ada).get("/").content.decode().split("<main")[1] == before.split("<main")[1]


def test_a_manager_who_does_not_take_part_has_nothing_to_label(
    visitor, mona: User, document: Document
) -> None:
    page = visitor(mona).get("/").content.decode()
    assert "Label next" not in page
    assert document.project.name in page


@pytest.mark.parametrize("projects", [1, 12])
def test_it_takes_few_queries_however_many_projects(
    projects: int, visitor, at_most, mona: User, ada: User
) -> None:
    for number in range(projects):
        project = studies.create(
            actor=mona, slug=f"p{number}", name=f"P{number}", template="sanctuary-stance"
        )
        members.add(project, actor=mona, alias="A1", role="annotator", username="ada")
        add_document(project, mona, "d", "A text.")
    client = visitor(ada)
    with at_most(8):
        page = client.get("/").content.decode()
    assert page.count("Label next") == projects


def test_a_hostile_name_is_only_text(visitor, mona: User) -> None:
    studies.create(actor=mona, slug="x", name=HOSTILE)
    assert "<script>alert" not in visitor(mona).get("/").content.decode()
