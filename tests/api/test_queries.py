"""Saving a span, opening a set and every list take a constant number of queries, at most eight, however much is stored."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annotator.accounts.models import User
from annotator.annotations.models import AnnotationSet, Comment, DocumentLabel, Relation, Span
from annotator.documents.models import Document
from annotator.history.events import record
from annotator.jobs.models import Job
from annotator.projects import holders, members
from annotator.projects.models import Holder, Invitation, Label, Membership, Project
from annotator.reports.models import AgreementReport
from tests.conftest import add_document, membership_of

pytestmark = pytest.mark.django_db
MOST = 8
P = "/api/v1/projects/harbour"
GOOD: dict[str, Any] = {"start": 2, "end": 19, "stance": "pro-sanctuary", "role": "claim"}
TRANSACTIONS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


def queries(ask: Callable[[], Any]) -> int:
    """How many queries the request made; the transaction's own words are not counted."""
    with CaptureQueriesContext(
        connection,
    ) as made:
        answer = ask()
    assert answer.status_code in (200, 201), answer.content
    return len([query for query in made if not query["sql"].startswith(TRANSACTIONS)])


def fill(reading: AnnotationSet, number: int) -> None:
    """This many more spans, a relation from each to the last, a comment on each."""
    claim = Label.objects.get(project=reading.project, kind="role", slug="claim")
    supports = Label.objects.get(project=reading.project, kind="relation", slug="supports")
    spans = Span.objects.bulk_create(
        Span(set=reading, uid=uuid.uuid4(), fragments=[[0, 5]], start=0, end=5, role=claim)
        for _ in range(number)
    )
    Relation.objects.bulk_create(
        Relation(set=reading, uid=uuid.uuid4(), label=supports, source=span, to_span=spans[-1])
        for span in spans[:-1]
    )
    Comment.objects.bulk_create(
        Comment(set=reading, uid=uuid.uuid4(), author=reading.membership, text="?", span=span)
        for span in spans
    )


@pytest.fixture
def clerk(reading: AnnotationSet, mona: User) -> Holder:
    mine = membership_of(reading.project, mona)
    return holders.add(
        reading.project, slug="clerk", name="The clerk", parent=None, membership=mine, actor=mona
    )[0]


def save_counts(client: Any, reading: AnnotationSet) -> dict[str, int]:
    """The queries of each way to save."""
    url = f"{P}/sets/{reading.pk}/spans/{uuid.uuid4()}/"
    other = f"{P}/sets/{reading.pk}/spans/{uuid.uuid4()}/"
    end = {"span": url.split("/")[-2]}
    relation = {"label": "supports", "from": {"span": other.split("/")[-2]}, "to": end}
    related = f"{P}/sets/{reading.pk}/relations/{uuid.uuid4()}/"
    return {
        "create": queries(lambda: client.put(url, GOOD)),
        "repeat": queries(lambda: client.put(url, GOOD)),
        "change": queries(lambda: client.put(url, {**GOOD, "note": "n"})),
        "create with holder": queries(lambda: client.put(other, {**GOOD, "holder": "clerk"})),
        "repeat with holder": queries(lambda: client.put(other, {**GOOD, "holder": "clerk"})),
        "give a holder": queries(lambda: client.put(url, {**GOOD, "holder": "clerk"})),
        "several fragments": queries(
            lambda: client.put(url, {"fragments": [[0, 1], [2, 3], [5, 9]], "role": "claim"})
        ),
        "relate": queries(lambda: client.put(related, relation)),
        "relate again": queries(lambda: client.put(related, relation)),
        "delete a relation": queries(lambda: client.delete(related)),
        "delete": queries(lambda: client.delete(url)),
        "restore": queries(lambda: client.put(f"{url}?restore=1", GOOD)),
        "document labels": queries(
            lambda: client.put(f"{P}/sets/{reading.pk}/document-labels/", {"genre": "news"})
        ),
        "open": queries(lambda: client.get(f"{P}/sets/{reading.pk}/")),
    }


def test_saving_and_opening_do_not_depend_on_the_size_of_the_set(
    api: Any, ada: User, reading: AnnotationSet, clerk: Holder
) -> None:
    client = api(ada)
    client.get(f"{P}/sets/{reading.pk}/")  # the scheme is read once a version
    fill(reading, 10)
    small = save_counts(client, reading)
    DocumentLabel.objects.all().delete()
    fill(reading, 490)
    large = save_counts(client, reading)
    assert small == large
    assert max(large.values()) <= MOST, large
    assert len(client.get(f"{P}/sets/{reading.pk}/").json()["spans"]) >= 500


def test_opening_anothers_set_costs_no_more(api: Any, mona: User, reading: AnnotationSet) -> None:
    client = api(mona)
    url = f"{P}/sets/{reading.pk}/"
    client.get(url)
    fill(reading, 100)
    assert queries(lambda: client.get(url)) <= MOST


@pytest.fixture
def grow(project: Project, mona: User, ada: User, ben: User) -> Callable[[int], None]:
    """A function that adds this many rows to everything that is listed."""
    labelled = Label.objects.filter(project=project, kind="role").first()
    assert labelled is not None
    step = iter(range(1_000_000))

    def add(number: int) -> None:
        for _ in range(number):
            at = next(step)
            document = add_document(project, mona, f"x{at}", "A text.")
            one = AnnotationSet.objects.create(
                project=project, document=document, membership=membership_of(project, ada), state="submitted",
                submitted_at=timezone.now(),
            )  # fmt: skip
            one.assignments.create(project=project, created_at=timezone.now())
            members.add(project, actor=mona, alias=f"model{at}", role="annotator")
            members.invite(project, actor=mona, alias=f"guest{at}", role="annotator", now=timezone.now())
            above = Holder.objects.filter(project=project).last()
            Holder.objects.create(project=project, slug=f"h{at}", name=f"H{at}", parent=above)
            project.targets.create(slug=f"t{at}", name="T")
            project.labels.create(kind="role", slug=f"r{at}", name="R")
            project.guidelines.create(version=100 + at)
            job = Job.objects.create(project=project, kind="agreement", created_by=mona)
            AgreementReport.objects.create(project=project, job=job, specification={}, created_by=mona)
            record("tested", "x", actor_id=ada.pk, project_id=project.pk)
            other = Project.objects.create(slug=f"p{at}", name="P")
            Membership.objects.create(project=other, user=mona, alias="M", role="manager")
            Membership.objects.create(project=other, user=ada, alias="A", role="annotator")

    return add


LISTS = [
    *(f"{P}/{name}/" for name in (
        "memberships", "invitations", "labels", "targets", "holders", "guidelines", "documents", "sets", "agreement",
        "jobs", "events",
    )),
    "/api/v1/projects/", "/api/v1/me/", "/api/v1/tokens/", f"{P}/",
]  # fmt: skip


def test_lists_take_the_same_few_queries_however_long_they_are(
    api: Any, mona: User, grow: Callable[[int], None], subtests: Any
) -> None:
    client = api(mona)
    grow(2)
    few = {url: queries(lambda url=url: client.get(url)) for url in LISTS}  # type: ignore[misc]
    grow(12)
    many = {url: queries(lambda url=url: client.get(url)) for url in LISTS}  # type: ignore[misc]
    for url in LISTS:
        with subtests.test(url):
            assert few[url] == many[url] <= MOST


def test_an_annotators_assignments_too(api: Any, ada: User, grow: Callable[[int], None]) -> None:
    client, url = api(ada), f"{P}/assignments/"
    grow(2)
    few = queries(lambda: client.get(url))
    grow(12)
    assert few == queries(lambda: client.get(url)) <= MOST


def test_claiming_takes_the_same_queries_however_many_documents_wait(
    api: Any, project: Project, mona: User
) -> None:
    counts = []
    for at, waiting in enumerate((3, 40)):
        person = User.objects.create_user(f"person{at}")
        members.add(project, actor=mona, alias=f"P{at}", role="annotator", username=person.username)
        for number in range(waiting):
            add_document(project, mona, f"w{at}-{number}", "A text.")
        client = api(person)
        counts.append(queries(lambda client=client: client.post(f"{P}/assignments/")))  # type: ignore[misc]
    assert counts[0] == counts[1]
    assert Document.objects.count() == 43


def test_the_guard_sees_a_query_per_row(api: Any, mona: User, grow: Callable[[int], None]) -> None:
    """The count counts: a list that asks once a row is noticed."""
    grow(5)

    def ask() -> Any:
        for found in Invitation.objects.all():
            found.created_by.get_username()
        return api(mona).get(f"{P}/")

    assert queries(ask) > MOST
