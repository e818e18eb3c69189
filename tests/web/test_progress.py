"""/projects/{p}/: how far a study is."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from annotator.accounts.models import User
from annotator.annotations.models import AnnotationSet
from annotator.annotations.sets import Address
from annotator.assignments import departures, submission
from annotator.documents.models import Document
from annotator.jobs.models import Job
from annotator.projects import members, studies
from annotator.projects.models import Project
from annotator.web.progress import GOING_ON
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
    assert "waits for a review" not in main(visitor(rosa).get(where).content)
    submission.submit(Address(reading.project.slug, reading.pk), actor=ada, now=timezone.now())
    page = main(visitor(rosa).get(where).content)
    assert "1 submitted reading waits for a review" in page
    assert "/admin/" not in page
    User.objects.filter(pk=rosa.pk).update(is_staff=True)
    assert "/admin/annotations/annotationset/" in main(visitor(rosa).get(where).content)


def test_the_picture_tells_how_documents_stand_and_leads_to_them(
    visitor, project: Project, mona: User, ada: User, ben: User
) -> None:
    for number in range(4):
        add_document(project, mona, f"d{number}", f"Text {number}.")
    where = f"/projects/{project.slug}/"
    client = visitor(mona)
    done, stuck = claim(project, ada), claim(project, ben)
    submission.submit(Address(project.slug, done.pk), actor=ada, now=timezone.now())
    page = main(client.get(where).content)
    assert shown(page, "1-submitted") == "1"
    assert shown(page, "unsubmitted") == shown(page, "unread") == "3"
    assert shown(page, "begun") == shown(page, "review") == "1"
    assert "Nothing is stuck" in page
    AnnotationSet.objects.filter(pk=stuck.pk).update(lease_until=timezone.now())
    page = main(client.get(where).content)
    assert shown(page, "lapsed") == "1"
    assert "Where it is stuck" in page
    for state in ("1-submitted", "unsubmitted", "unread", "begun", "review", "lapsed"):
        listed = client.get(f"{where}documents/", {"state": state}).content.decode()
        assert f">{shown(page, state)} document" in listed


def shown(page: str, state: str) -> str:
    """The number beside the link to the documents that stand so."""
    found = re.search(rf'<span class="num">(\d+)</span> <a href="[^"]*\?state={state}"', page)
    found = found or re.search(rf'\?state={state}">[^<]*</a></th><td class="num">(\d+)</td>', page)
    assert found, state
    return found[1]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("mona", {"unread", "begun", "review", "returned", "settled"}),
        ("rosa", {"review", "settled"}),
        ("otto", {"review", "settled"}),
    ],
)
def test_nobody_is_told_of_states_that_their_role_does_not_see(
    name: str, told: set[str], visitor, project: Project, document: Document, request: Any
) -> None:
    page = main(visitor(request.getfixturevalue(name)).get(f"/projects/{project.slug}/").content)
    standings = page.split('aria-label="Where they are"')[1].split("</ul>")[0]
    assert {state for state, words in GOING_ON.items() if words in standings} == told


def test_people_are_told_with_their_times(visitor, mona: User, ada: User, reading: AnnotationSet) -> None:
    submission.submit(Address("harbour", reading.pk), actor=ada, now=timezone.now())
    AnnotationSet.objects.filter(pk=reading.pk).update(active_seconds=4500, active_at=timezone.now())
    page = main(visitor(mona).get("/projects/harbour/").content)
    row = page.split('id="by-person"')[1].split(">A1 ")[1].split("</tr>")[0]
    assert ">1:15<" in row
    assert ">75 min<" in row
    assert f"{timezone.now():%Y}, " in row


def test_ones_own_work_is_shown_while_it_runs_and_when_it_has_ended(
    visitor, project: Project, mona: User, rosa: User
) -> None:
    job = Job.objects.create(project=project, kind="export", created_by=rosa, state="running", progress=0.25)
    where = f"/projects/{project.slug}/"
    page = main(visitor(rosa).get(where).content)
    assert f'data-job="/api/v1/projects/harbour/jobs/{job.pk}/"' in page
    assert "running, 25 %" in page
    assert str(job.pk) not in main(visitor(mona).get(where).content)
    Job.objects.update(state="failed", error={"detail": "No room."}, finished_at=timezone.now())
    assert "It failed: No room." in main(visitor(rosa).get(where).content)
    Job.objects.update(state="done")
    page = main(visitor(rosa).get(where).content)
    assert page.index("Documents</h2>") < page.index("Done within the hour")
    Job.objects.update(finished_at=timezone.now() - timedelta(hours=2))
    assert 'class="going-on"' not in main(visitor(rosa).get(where).content)


def test_who_has_begun_is_offered_to_go_on(visitor, reading: AnnotationSet, ada: User, ben: User) -> None:
    assert "Go on labelling" in main(visitor(ada).get("/projects/harbour/").content)
    assert "Label next" in main(visitor(ben).get("/projects/harbour/").content)


def test_who_was_removed_is_shown_as_such_by_the_readings_that_stay(
    visitor, project: Project, mona: User, ada: User, ben: User, reading: AnnotationSet
) -> None:
    submission.submit(Address("harbour", reading.pk), actor=ada, now=timezone.now())
    for user in (ada, ben):
        departures.remove(membership_of(project, user), actor=mona, now=timezone.now())
    people = main(visitor(mona).get("/projects/harbour/").content).split('id="by-person"')[1]
    assert re.search(r">A1 .*removed", people)
    assert ">A2" not in people
