"""/: my work."""

from uuid import uuid4

import pytest
from django.utils import timezone
from django.utils.html import strip_tags

from annotator.accounts.models import User
from annotator.annotations import rules, spans
from annotator.annotations.models import AnnotationSet
from annotator.annotations.sets import Address
from annotator.assignments import reviewing, submission
from annotator.documents.models import Document
from annotator.exchange.models import Import
from annotator.projects import members, studies
from annotator.projects.models import Project
from tests.conftest import add_document, claim, membership_of
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
    page = visitor(ada).get("/").content.decode()
    assert "Go on labelling" in page
    assert "You have begun" in page
    assert "nothing marked yet" in page


def test_who_has_read_everything_is_told_so(visitor, ada: User, reading: AnnotationSet) -> None:
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
    assert "7" not in strip_tags(before.split("<main", 1)[1].split(">", 1)[1])
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


def test_one_goes_on_with_the_document_that_the_button_opens_and_is_told_how_far(
    visitor, reading: AnnotationSet, mona: User, ada: User
) -> None:
    add_document(reading.project, mona, "d2", "Another text.", title="Another")
    draft = rules.SpanDraft(((2, 31),), role="claim")
    spans.put(Address("harbour", reading.pk), uuid4(), draft, actor=ada, now=timezone.now())
    page = visitor(ada).get("/").content.decode()
    assert ">d1</strong>" in page
    assert f"1 span, the last one at {round(100 * 31 / reading.document.length)} % of the text" in page
    submission.submit(Address("harbour", reading.pk), actor=ada, now=timezone.now())
    second = claim(reading.project, ada)
    assert ">Another</strong>" in visitor(ada).get("/").content.decode()
    reviewing.decide(Address("harbour", reading.pk), "returned", note="", actor=mona, now=timezone.now())
    page = visitor(ada).get("/").content.decode()
    assert "came back to you" in page
    assert ">d1</strong>" in page
    opened = visitor(ada).get("/projects/harbour/label/")
    assert opened.url == f"/projects/harbour/sets/{reading.pk}/" != f"/projects/harbour/sets/{second.pk}/"


def test_a_reviewer_is_told_what_waits_for_a_review_and_nobody_who_reads(
    visitor, reading: AnnotationSet, ada: User, ben: User, rosa: User, mona: User
) -> None:
    before = [visitor(user).get("/").content.decode() for user in (ben, rosa)]
    submission.submit(Address("harbour", reading.pk), actor=ada, now=timezone.now())
    after = [visitor(user).get("/").content.decode() for user in (ben, rosa)]
    assert after[0].split("<main")[1] == before[0].split("<main")[1]
    assert "1 submitted reading</a> waits for a review" in after[1]
    assert "1 submitted reading</a>" in visitor(mona).get("/").content.decode()
    members.change(membership_of(reading.project, rosa), {"takes_part": True}, actor=mona)
    assert "for a review" not in visitor(rosa).get("/").content.decode()


def test_a_file_that_was_looked_at_waits_for_the_yes_of_who_uploaded_it(
    visitor, project: Project, mona: User, rosa: User
) -> None:
    uploaded = Import.objects.create(
        project=project, name="x.csv", path="x", size=1, sha256="0" * 64, format="csv", created_by=mona,
        state="previewed", preview={}, holds_sets=True,
    )  # fmt: skip
    assert "1 uploaded file</a> waits for your yes" in visitor(mona).get("/").content.decode()
    assert "uploaded file" not in visitor(rosa).get("/").content.decode()
    members.change(membership_of(project, mona), {"takes_part": True}, actor=mona)
    assert "uploaded file" not in visitor(mona).get("/").content.decode()
    Import.objects.filter(pk=uploaded.pk).update(holds_sets=False)
    assert "1 uploaded file</a>" in visitor(mona).get("/").content.decode()


@pytest.mark.parametrize("projects", [1, 12])
def test_it_takes_few_queries_for_who_reviews_too(
    projects: int, visitor, at_most, mona: User, rosa: User
) -> None:
    for number in range(projects):
        project = studies.create(actor=mona, slug=f"p{number}", name=f"P{number}")
        members.add(project, actor=mona, alias="R1", role="reviewer", username="rosa")
    for user in (mona, rosa):
        client = visitor(user)
        with at_most(8):
            client.get("/")
