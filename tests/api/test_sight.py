"""Who looks and then labels, what refusals tell, and what stands beside a text: ways around blindness, each closed."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from annotator.accounts.models import User
from annotator.annotations.models import AnnotationSet, Recusal
from annotator.annotations.sets import Address
from annotator.assignments import submission
from annotator.documents.models import Document
from annotator.projects.models import Membership, Project
from tests.conftest import add_document, claim, membership_of

pytestmark = pytest.mark.django_db
P = "/api/v1/projects/harbour/"


@pytest.fixture
def submitted(project: Project, reading: AnnotationSet, ada: User) -> AnnotationSet:
    submission.submit(Address("harbour", reading.pk), actor=ada, now=timezone.now())
    reading.refresh_from_db()
    return reading


@pytest.mark.parametrize(
    ("who", "change"), [("mona", {"takes_part": True}), ("otto", {"role": "annotator", "takes_part": True})]
)
def test_who_begins_to_label_is_not_given_what_they_could_see(
    api: Any, mona: User, submitted: AnnotationSet, project: Project, who: str, change: dict[str, Any]
) -> None:
    user = User.objects.get(username=who)
    add_document(project, mona, "unread", "Nobody has read this yet.")
    key = membership_of(project, user).pk
    assert api(mona).patch(f"{P}memberships/{key}/", change).status_code == 200
    given = api(user).post(f"{P}assignments/").json()
    assert Document.objects.get(pk=given["document"]).external_id == "unread"
    assert Recusal.objects.filter(membership=key, document=submitted.document_id).exists()


def test_who_labelled_before_gives_nothing_up_by_a_change(
    api: Any, mona: User, ada: User, ben: User, submitted: AnnotationSet, project: Project
) -> None:
    key = membership_of(project, ben).pk
    assert api(mona).patch(f"{P}memberships/{key}/", {"takes_part": True}).status_code == 200
    assert not Recusal.objects.exists()


def test_nobody_reopens_after_looking(api: Any, mona: User, rosa: User, ada: User, project: Project) -> None:
    Project.objects.update(open_after="own_submission")
    Membership.objects.filter(user=rosa).update(takes_part=True)
    add_document(project, mona, "d1", "Cities are safer. Data show it.")
    for user in (ada, rosa):
        own = claim(project, user)
        submission.submit(Address("harbour", own.pk), actor=user, now=timezone.now())
    answer = api(rosa).delete(f"{P}sets/{own.pk}/submission/")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "has_looked")
    returned = api(mona).put(f"{P}sets/{own.pk}/review/", {"decision": "returned", "note": "Again."})
    assert (returned.status_code, returned.json()["errors"][0]["code"]) == (409, "has_looked")


def test_a_label_in_use_tells_a_reader_nothing(api: Any, mona: User, reading: AnnotationSet) -> None:
    label = reading.project.labels.first()
    Membership.objects.filter(user=mona).update(takes_part=True)
    answer = api(mona).delete(f"{P}labels/{label.pk}/")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (403, "takes_part")


def test_a_holder_that_stands_nowhere_is_not_seen_in_a_submitted_set(
    api: Any, ada: User, otto: User, reading: AnnotationSet
) -> None:
    for slug in ("used", "unused"):
        api(ada).post(f"{P}holders/", {"slug": slug, "name": slug})
    uid = "7b6ce4a0-0000-4000-8000-000000000001"
    body = {"start": 2, "end": 19, "stance": "pro-sanctuary", "holder": "used"}
    assert api(ada).put(f"{P}sets/{reading.pk}/spans/{uid}/", body).status_code == 201
    api(ada).put(f"{P}sets/{reading.pk}/submission/")
    seen = {holder["slug"] for holder in api(otto).get(f"{P}sets/{reading.pk}/").json()["scheme"]["holders"]}
    assert "used" in seen
    assert "unused" not in seen


def test_source_data_is_not_shown_to_who_reads(api: Any, mona: User, ada: User, project: Project) -> None:
    meta = {"annotators": {"x": {"spans": [[0, 3, "pro"]]}}}
    document = add_document(project, mona, "d1", "Cities are safer.", meta=meta)
    own = claim(project, ada)
    assert api(mona).get(f"{P}documents/{document.pk}/").json()["meta"] == meta
    for where in (f"{P}documents/{document.pk}/", f"{P}documents/", f"{P}sets/{own.pk}/"):
        assert "annotators" not in api(ada).get(where).content.decode()


def test_a_comment_needs_the_seat_and_keeps_it(
    api: Any, ada: User, ben: User, mona: User, reading: AnnotationSet
) -> None:
    uid = "7b6ce4a0-0000-4000-8000-000000000002"
    where = f"{P}sets/{reading.pk}/comments/{uid}/"
    past = timezone.now() - timedelta(hours=1)
    AnnotationSet.objects.filter(pk=reading.pk).update(lease_until=past)
    assert api(ada).put(where, {"text": "Unsure."}).status_code == 201
    reading.refresh_from_db()
    assert reading.lease_until is not None
    assert reading.lease_until > timezone.now()


def test_one_id_is_one_mark_comments_too(api: Any, ada: User, reading: AnnotationSet) -> None:
    uid = "7b6ce4a0-0000-4000-8000-000000000003"
    base = f"{P}sets/{reading.pk}/"
    assert api(ada).put(f"{base}spans/{uid}/", {"start": 2, "end": 19, "role": "claim"}).status_code == 201
    answer = api(ada).put(f"{base}comments/{uid}/", {"text": "Mine."})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "id_taken")


def test_answers_on_the_document_are_not_overwritten_by_a_stale_tab(
    api: Any, ada: User, reading: AnnotationSet
) -> None:
    where = f"{P}sets/{reading.pk}/document-labels/"
    first = api(ada).put(where, {"genre": "news"})
    assert first.headers["ETag"] == f'"{first.headers["X-Set-Version"]}"'
    answer = api(ada).put(where, {"genre": "opinion"}, headers={"If-Match": '"0"'})
    assert (answer.status_code, answer.json()["current"]) == (412, {"genre": "news"})


def test_a_returned_reading_comes_before_an_open_one(
    api: Any, mona: User, ada: User, rosa: User, submitted: AnnotationSet, project: Project
) -> None:
    add_document(project, mona, "d2", "Another text.")
    opened = claim(project, ada)
    note = {"decision": "returned", "note": "Look at the second claim."}
    assert api(rosa).put(f"{P}sets/{submitted.pk}/review/", note).status_code == 200
    assert opened.pk != submitted.pk
    assert api(ada).post(f"{P}assignments/").json()["set"] == submitted.pk
