"""What somebody could see counts as seen, also once it was reopened or returned: searching leaves no trace."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from annotator.accounts.models import User
from annotator.annotations.models import AnnotationSet, Recusal
from annotator.assignments import departures, queue, taking_part
from annotator.projects import members
from annotator.projects.models import Project
from tests.api.refusals import check_refused
from tests.conftest import claim, membership_of

pytestmark = pytest.mark.django_db
P = "/api/v1/projects/harbour"
ENDS = ["reopened", "returned", "given back"]


def submit(client: Any, reading: AnnotationSet, note: str = "zanzibar") -> None:
    span = {"start": 2, "end": 19, "role": "claim", "note": note}
    assert client.put(f"{P}/sets/{reading.pk}/spans/{uuid.uuid4()}/", span).status_code == 201
    assert client.put(f"{P}/sets/{reading.pk}/submission/").status_code == 200


def finds_it(user: User) -> bool:
    """Whether the note stands among what a search for it shows, below the form that repeats it."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/projects/harbour/documents/?q=zanzibar&in=annotations").content.decode()
    return "zanzibar" in page.split("</form>")[-1]


def take_away(api: Any, reading: AnnotationSet, end: str) -> None:
    """The submitted reading is its annotator's alone again, or nobody's."""
    where = f"{P}/sets/{reading.pk}"
    annotator = reading.membership.user
    assert annotator is not None
    if end == "returned":
        mona = User.objects.get(username="mona")
        answer = api(mona).put(f"{where}/review/", {"decision": "returned", "note": "Again."})
    else:
        answer = api(annotator).delete(f"{where}/submission/")
    assert answer.status_code == 200
    if end == "given back":
        queue.give_back(
            reading.membership,
            reading.assignments.filter(ended_at=None).get().pk,  # type: ignore[attr-defined]
            actor=annotator,
            now=timezone.now(),
        )


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("name", ["rosa", "otto"])
def test_who_could_search_a_reading_is_not_given_its_document(
    api: Any,
    project: Project,
    mona: User,
    ada: User,
    reading: AnnotationSet,
    end: str,
    name: str,
) -> None:
    seer = User.objects.get(username=name)
    submit(api(ada), reading)
    assert finds_it(seer)
    assert not Recusal.objects.exists()
    take_away(api, reading, end)
    taking_part.change(membership_of(project, seer), {"role": "annotator", "takes_part": True}, actor=mona)
    assert queue.claim_next(membership_of(project, seer), actor=seer, now=timezone.now()) is None
    assert Recusal.objects.get(membership__user=seer).document_id == reading.document_id


@pytest.mark.parametrize("end", ENDS)
def test_who_could_search_a_reading_does_not_reopen_their_own(
    api: Any,
    project: Project,
    mona: User,
    ada: User,
    rosa: User,
    reading: AnnotationSet,
    end: str,
) -> None:
    Project.objects.update(open_after="own_submission")
    taking_part.change(membership_of(project, rosa), {"takes_part": True}, actor=mona)
    own = claim(project, rosa)
    submit(api(rosa), own, "mine")
    submit(api(ada), reading)
    assert finds_it(rosa)
    take_away(api, reading, end)
    check_refused(api(rosa).delete(f"{P}/sets/{own.pk}/submission/"), 409, "has_looked")
    again = {"decision": "returned", "note": "Again."}
    check_refused(api(mona).put(f"{P}/sets/{own.pk}/review/", again), 409, "has_looked")


def test_what_was_never_submitted_was_seen_by_no_reviewer(
    project: Project, mona: User, rosa: User, reading: AnnotationSet
) -> None:
    taking_part.change(membership_of(project, rosa), {"takes_part": True}, actor=mona)
    assert claim(project, rosa).document_id == reading.document_id


def test_what_was_seen_in_one_role_counts_in_the_next_but_one(
    api: Any, project: Project, mona: User, ada: User, otto: User, reading: AnnotationSet
) -> None:
    submit(api(ada), reading)
    for step in ({"role": "annotator"}, {"takes_part": True}):
        taking_part.change(membership_of(project, otto), step, actor=mona)
    assert queue.claim_next(membership_of(project, otto), actor=otto, now=timezone.now()) is None


@pytest.mark.parametrize("way", ["changed", "removed and taken back"])
def test_who_labels_and_reviews_does_not_reopen_their_own_in_a_lesser_role(
    api: Any, project: Project, mona: User, ada: User, rosa: User, reading: AnnotationSet, way: str
) -> None:
    Project.objects.update(open_after="own_submission")
    taking_part.change(membership_of(project, rosa), {"takes_part": True}, actor=mona)
    own = claim(project, rosa)
    submit(api(rosa), own, "mine")
    submit(api(ada), reading)
    if way == "changed":
        taking_part.change(membership_of(project, rosa), {"role": "annotator"}, actor=mona)
    else:
        gone = departures.remove(membership_of(project, rosa), actor=mona, now=timezone.now())
        members.take_back(gone, role="annotator", actor=mona)
    check_refused(api(rosa).delete(f"{P}/sets/{own.pk}/submission/"), 409, "has_looked")
