"""Exactly the wanted number of readers, whoever asks and however many at once (promise 3)."""

import threading
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from annotator.accounts.models import User
from annotator.annotations import rules, sets, spans
from annotator.annotations.models import AnnotationSet, Span
from annotator.assignments import queue, submission
from annotator.assignments.models import Assignment
from annotator.errors import Conflict, Forbidden
from annotator.history.models import Event
from annotator.projects import members
from annotator.projects.models import Membership, Project
from tests.conftest import add_document, membership_of

NOW = timezone.now()
HOUR = timedelta(hours=1)
CLAIM = rules.SpanDraft(((0, 5),), role="claim")


def together(work: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each gives, all begun at the same moment, each on a connection of its own; what one raises is given."""
    gate = threading.Barrier(len(work))
    given: list[Any] = [None] * len(work)

    def run(at: int) -> None:
        try:
            gate.wait()
            given[at] = work[at]()
        except Exception as error:
            given[at] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(at,)) for at in range(len(work))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return given


def claim(user: User, project: Project, now: datetime = NOW) -> AnnotationSet | None:
    claimed = queue.claim_next(membership_of(project, user), actor=user, now=now)
    return AnnotationSet.objects.get(pk=claimed.assignment.set_id) if claimed else None


def put(user: User, found: AnnotationSet | None, now: datetime = NOW, draft: rules.SpanDraft = CLAIM) -> Any:
    assert found
    return spans.put(sets.Address("harbour", found.pk), uuid.uuid4(), draft, actor=user, now=now)


def submit(user: User, found: AnnotationSet, now: datetime = NOW) -> AnnotationSet:
    return submission.submit(sets.Address("harbour", found.pk), actor=user, now=now)


def lease(found: AnnotationSet) -> datetime | None:
    return AnnotationSet.objects.values_list("lease_until", flat=True).get(pk=found.pk)


def state(found: AnnotationSet) -> str:
    return AnnotationSet.objects.values_list("state", flat=True).get(pk=found.pk)


def seats(found: AnnotationSet, now: datetime = NOW) -> int:
    """How many readings of the document count."""
    from annotator.annotations import leases

    return AnnotationSet.objects.filter(leases.taken_seats(now), document=found.document_id).count()


def crowd(project: Project, actor: User, size: int) -> list[User]:
    people = [User.objects.create_user(f"person{at}") for at in range(size)]
    for at, person in enumerate(people):
        members.add(project, actor=actor, alias=f"P{at}", role="annotator", username=person.username)
    return people


# All at once


@pytest.mark.django_db(transaction=True)
def test_many_who_ask_at_once_are_exactly_as_many_as_wanted(project: Project, mona: User) -> None:
    """Twelve people, four documents, two readers each, three rounds of asking: eight seats and not one more."""
    documents = [add_document(project, mona, f"d{at}", f"Text {at}.") for at in range(4)]
    people = crowd(project, mona, 12)

    def work(person: User) -> None:
        for _ in range(3):
            found = claim(person, project)
            if found:
                submit(person, found)

    failed = [each for each in together([partial(work, person) for person in people]) if each]
    assert failed == []
    readings = AnnotationSet.objects.values_list("document", "membership")
    assert Counter(document for document, _ in readings) == {document.pk: 2 for document in documents}
    assert len(set(readings)) == len(readings) == 8


@pytest.mark.django_db(transaction=True)
def test_one_person_who_asks_many_times_at_once_gets_one_document(
    project: Project, mona: User, ada: User
) -> None:
    for at in range(6):
        add_document(project, mona, f"d{at}", "A text.")
    given = together([lambda: claim(ada, project)] * 6)
    assert {found.pk for found in given} == {AnnotationSet.objects.get().pk}
    assert Assignment.objects.count() == 1
    assert Event.objects.filter(verb="document_claimed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_nobody_goes_away_empty_while_documents_wait(project: Project, mona: User) -> None:
    """Fourteen people, fourteen documents of one reader each: whoever is late is given a later one."""
    Project.objects.filter(pk=project.pk).update(readers_per_document=1)
    people = crowd(project, mona, 14)
    for at in range(14):
        add_document(project, mona, f"d{at}", "A text.")
    given = together([partial(claim, person, project) for person in people])
    assert len({getattr(found, "document_id", found) for found in given} - {None}) == 14


@pytest.mark.django_db(transaction=True)
def test_the_last_seat_goes_to_one_of_many(project: Project, mona: User, document: Any) -> None:
    people = crowd(project, mona, 8)
    assert claim(people[0], project)
    given = together([partial(claim, person, project) for person in people[1:]])
    assert Counter(type(found).__name__ for found in given) == {"AnnotationSet": 1, "NoneType": 6}


@pytest.mark.django_db(transaction=True)
def test_a_save_after_the_lease_and_a_claim_at_once_leave_no_seat_too_many(
    project: Project, mona: User, document: Any
) -> None:
    """Two readings have lapsed, both readers save and two others claim, all at the same moment."""
    people = crowd(project, mona, 4)
    lapsed = [claim(person, project) for person in people[:2]]
    late = NOW + timedelta(minutes=project.lease_minutes + 1)
    given = together(
        [partial(put, people[at], lapsed[at], late) for at in range(2)]
        + [partial(claim, people[at], project, late) for at in (2, 3)]
    )
    for each in given:
        assert not isinstance(each, Exception) or (
            isinstance(each, Conflict) and each.code == "lease_lost"
        ), each
    assert lapsed[0]
    assert seats(lapsed[0], late) == 2


@pytest.mark.django_db(transaction=True)
def test_submitting_twice_at_once_submits_once(project: Project, ada: User, reading: AnnotationSet) -> None:
    given = together([lambda: submit(ada, reading)] * 5)
    assert [each.state for each in given] == ["submitted"] * 5
    assert reading.submissions.count() == 1
    assert Event.objects.filter(verb="set_submitted").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_submit_the_same_new_holder_at_once_share_it(
    project: Project, document: Any, ada: User, ben: User
) -> None:
    from annotator.projects import holders
    from annotator.projects.models import Holder

    found = {}
    for user in (ada, ben):
        one = claim(user, project)
        assert one
        holders.add(
            project, slug="clerk", name=f"As {user} says", parent=None, membership=membership_of(project, user),
            actor=user,
        )  # fmt: skip
        put(user, one, draft=rules.SpanDraft(((0, 5),), role="claim", holder="clerk"))
        found[user] = one
    given = together([partial(submit, user, found[user]) for user in found])
    assert [getattr(each, "state", each) for each in given] == ["submitted", "submitted"]
    clerk = Holder.objects.get(slug="clerk")
    assert clerk.private_to is None
    assert {span.holder_id for span in Span.objects.all()} == {clerk.pk}


@pytest.mark.django_db(transaction=True)
def test_many_saves_at_once_each_make_one_version(
    project: Project, ada: User, reading: AnnotationSet
) -> None:
    given = together([lambda: put(ada, reading)] * 8)
    assert sorted(each.set_version for each in given) == list(range(1, 9))
    assert AnnotationSet.objects.get().version == Span.objects.count() == 8


@pytest.mark.django_db(transaction=True)
def test_one_span_put_many_times_at_once_is_one(project: Project, ada: User, reading: AnnotationSet) -> None:
    uid = uuid.uuid4()
    address = sets.Address("harbour", reading.pk)
    given = together([lambda: spans.put(address, uid, CLAIM, actor=ada, now=NOW)] * 6)
    assert [getattr(each, "record", each)["version"] for each in given] == [1] * 6
    assert [each.created for each in given].count(True) == 1
    assert Span.objects.get().version == 1


@pytest.mark.django_db(transaction=True)
def test_sixteen_people_who_save_at_once_are_all_kept(project: Project, mona: User) -> None:
    """Nobody is told that the database is locked, and what was acknowledged is there."""
    people = crowd(project, mona, 16)
    for at in range(8):
        add_document(project, mona, f"d{at}", "A text.")
    readings = [claim(person, project) for person in people]

    def work(at: int) -> int:
        return sum(put(people[at], readings[at]).created for _ in range(4))

    assert together([partial(work, at) for at in range(16)]) == [4] * 16
    assert Span.objects.count() == 64
    assert set(AnnotationSet.objects.values_list("version", flat=True)) == {4}


# Leases


@pytest.fixture
def full(db: None, project: Project, reading: AnnotationSet, ben: User) -> AnnotationSet:
    """Ben sits on the document's second seat."""
    found = claim(ben, project)
    assert found
    assert found.document_id == reading.document_id
    return found


@pytest.fixture
def cleo(project: Project, mona: User) -> User:
    """A third annotator."""
    user = User.objects.create_user("cleo")
    members.add(project, actor=mona, alias="A3", role="annotator", username="cleo")
    return user


@pytest.mark.django_db
def test_any_save_renews_the_lease(project: Project, ada: User, reading: AnnotationSet) -> None:
    first = lease(reading)
    assert first
    put(ada, reading, NOW + HOUR)
    assert lease(reading) == NOW + HOUR + timedelta(minutes=project.lease_minutes)


@pytest.mark.django_db
def test_a_seat_is_free_again_when_its_lease_has_lapsed(
    project: Project, full: AnnotationSet, reading: AnnotationSet, cleo: User
) -> None:
    minutes = timedelta(minutes=project.lease_minutes)
    assert claim(cleo, project, NOW + minutes - HOUR) is None
    found = claim(cleo, project, NOW + minutes + HOUR)
    assert found
    assert found.document_id == full.document_id


@pytest.mark.django_db
def test_a_save_after_the_lease_renews_it_while_a_seat_is_free(
    project: Project, full: AnnotationSet, ada: User, reading: AnnotationSet
) -> None:
    late = NOW + timedelta(minutes=project.lease_minutes) + HOUR
    put(ada, reading, late)
    assert state(reading) == "open"
    assert lease(reading) == late + timedelta(minutes=project.lease_minutes)


@pytest.mark.django_db
def test_a_save_after_the_seat_was_taken_is_lost_and_the_marks_stay(
    project: Project, ada: User, ben: User, reading: AnnotationSet, full: AnnotationSet, cleo: User, api: Any
) -> None:
    put(ada, reading)
    late = NOW + timedelta(minutes=project.lease_minutes) + HOUR
    put(ben, full, late)
    assert claim(cleo, project, late)
    with pytest.raises(Conflict) as lost:
        put(ada, reading, late)
    assert (lost.value.code, lost.value.status) == ("lease_lost", 409)
    assert state(reading) == "withdrawn"
    assert Span.objects.filter(set=reading, deleted_at=None).count() == 1
    assert seats(reading, late) == 2
    assert Event.objects.filter(verb="lease_lost", subject=f"set:{reading.pk}").count() == 1
    for again in (put, submit):
        with pytest.raises(Conflict):
            again(ada, reading, late)
    shown = api(ada).get(f"/api/v1/projects/harbour/sets/{reading.pk}/").json()
    assert (shown["state"], shown["editable"], len(shown["spans"])) == ("withdrawn", False, 1)
    assert Event.objects.filter(verb="lease_lost").count() == 1


@pytest.mark.django_db
def test_a_submission_after_the_seat_was_taken_is_lost_too(
    project: Project, ada: User, ben: User, reading: AnnotationSet, full: AnnotationSet, cleo: User
) -> None:
    late = NOW + timedelta(minutes=project.lease_minutes) + HOUR
    put(ben, full, late)
    assert claim(cleo, project, late)
    with pytest.raises(Conflict, match="lease_lost"):
        submit(ada, reading, late)
    assert state(reading) == "withdrawn"


@pytest.mark.django_db
def test_the_lost_document_comes_back_when_a_seat_is_free_again(
    project: Project, ada: User, ben: User, reading: AnnotationSet, full: AnnotationSet, cleo: User
) -> None:
    """What was lost is not lost for ever: the same set opens again with its marks."""
    put(ada, reading)
    late = NOW + timedelta(minutes=project.lease_minutes) + HOUR
    put(ben, full, late)
    assert claim(cleo, project, late)
    with pytest.raises(Conflict, match="lease_lost"):
        put(ada, reading, late)
    assert claim(ada, project, late) is None
    queue.give_back(
        membership_of(project, cleo),
        Assignment.objects.get(set__membership__user=cleo).pk,
        actor=cleo,
        now=late,
    )
    found = claim(ada, project, late)
    assert found
    assert found.pk == reading.pk
    assert state(found) == "open"
    assert seats(found, late) == 2
    assert Assignment.objects.filter(set=found, ended_at=None).count() == 1


@pytest.mark.django_db
def test_a_save_that_began_before_the_lease_ended_takes_no_seat_twice(
    project: Project, ada: User, ben: User, reading: AnnotationSet, full: AnnotationSet, cleo: User
) -> None:
    """The save came in a moment before the end and waited for its lock a moment after it."""
    end = NOW + timedelta(minutes=project.lease_minutes)
    AnnotationSet.objects.filter(pk=reading.pk).update(lease_until=end)
    put(ben, full, end - HOUR)
    moment = timedelta(seconds=1)
    assert claim(cleo, project, end + moment)
    with pytest.raises(Conflict, match="lease_lost"):
        put(ada, reading, end - moment)
    assert seats(reading, end + moment) == 2


@pytest.mark.django_db
def test_coming_back_to_a_lapsed_reading_renews_it_or_gives_the_next(
    project: Project,
    mona: User,
    ada: User,
    ben: User,
    reading: AnnotationSet,
    full: AnnotationSet,
    cleo: User,
) -> None:
    late = NOW + timedelta(minutes=project.lease_minutes) + HOUR
    again = claim(ada, project, late)
    assert again
    assert (again.pk, lease(again)) == (reading.pk, late + timedelta(minutes=project.lease_minutes))
    other = add_document(project, mona, "d2", "Another text.")
    later = late + timedelta(minutes=project.lease_minutes) + HOUR
    assert claim(cleo, project, later)
    assert claim(ben, project, later)
    found = claim(ada, project, later)
    assert found
    assert found.document_id == other.pk
    assert state(reading) == "withdrawn"
    assert Assignment.objects.get(set=reading).outcome == "lapsed"


@pytest.mark.django_db
def test_a_heartbeat_renews_and_a_lost_seat_is_told(
    project: Project, ada: User, ben: User, reading: AnnotationSet, full: AnnotationSet, cleo: User
) -> None:
    mine = membership_of(project, ada)
    key = reading.assignments.get().pk
    queue.beat(mine, key, now=NOW + HOUR)
    assert lease(reading) == NOW + HOUR + timedelta(minutes=project.lease_minutes)
    late = NOW + 2 * HOUR + timedelta(minutes=project.lease_minutes)
    put(ben, full, late)
    assert claim(cleo, project, late)
    for _ in range(2):
        with pytest.raises(Conflict):
            queue.beat(mine, key, now=late)
    assert state(reading) == "withdrawn"


# Who counts, and in which order


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["gold", "imported", "model"])
def test_only_human_sets_count(project: Project, document: Any, ada: User, ben: User, kind: str) -> None:
    for at in range(3):
        one = Membership.objects.create(project=project, alias=f"m{at}", role="annotator")
        AnnotationSet.objects.create(
            project=project, document=document, membership=one, kind=kind, state="submitted", submitted_at=NOW
        )
    assert claim(ada, project)
    assert claim(ben, project)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("held", "counts"),
    [("open", True), ("submitted", True), ("returned", True), ("accepted", True), ("withdrawn", False)],
)
def test_states_that_hold_a_seat(
    project: Project, reading: AnnotationSet, full: AnnotationSet, cleo: User, held: str, counts: bool
) -> None:
    AnnotationSet.objects.filter(pk=full.pk).update(state=held, submitted_at=NOW)
    assert (claim(cleo, project) is None) is counts


@pytest.mark.django_db
def test_documents_nearest_to_their_readers_come_first(
    project: Project, mona: User, ada: User, ben: User
) -> None:
    first, second, third = (add_document(project, mona, f"d{at}", "A text.") for at in range(3))
    one = claim(ada, project)
    assert one
    assert one.document_id == first.pk
    submit(ada, one)
    two = claim(ada, project)
    assert two
    assert two.document_id == second.pk
    queue.skip(membership_of(project, ada), two.assignments.get().pk, reason="Not mine", actor=ada, now=NOW)
    three = claim(ada, project)
    assert three
    assert three.document_id == third.pk
    found = claim(ben, project)
    assert found
    assert found.document_id == first.pk
    submit(ben, found)
    found = claim(ben, project)
    assert found
    assert found.document_id == third.pk, "the one that has a reader comes before the one that has none"


@pytest.mark.django_db
def test_a_document_is_never_given_twice(project: Project, reading: AnnotationSet, ada: User) -> None:
    submit(ada, reading)
    assert claim(ada, project) is None
    submission.reopen(sets.Address("harbour", reading.pk), actor=ada, now=NOW)
    again = claim(ada, project)
    assert again
    assert again.pk == reading.pk, "what was reopened comes back to its annotator"


@pytest.mark.django_db
def test_what_was_skipped_never_comes_back(
    project: Project, reading: AnnotationSet, ada: User, api: Any
) -> None:
    put(ada, reading)
    url = f"/api/v1/projects/harbour/assignments/{reading.assignments.get().pk}/"
    for body in ({"action": "skip"}, {"action": "skip", "reason": "  "}, {"action": "sleep"}, {}):
        assert api(ada).patch(url, body).status_code == 400
    answer = api(ada).patch(url, {"action": "skip", "reason": "My own article"})
    assert (answer.status_code, answer.json()["outcome"]) == (200, "skipped")
    assert api(ada).patch(url, {"action": "skip", "reason": "Again"}).status_code == 409
    assert api(ada).patch(url, {"action": "heartbeat"}).status_code == 409
    assert state(reading) == "withdrawn"
    assert Span.objects.count() == 1
    assert api(ada).post("/api/v1/projects/harbour/assignments/").status_code == 204
    assert seats(reading) == 0
    assert Event.objects.get(verb="document_skipped").data["reason"] == "My own article"


@pytest.mark.django_db
def test_what_was_given_back_may_come_again_with_its_marks(
    project: Project, reading: AnnotationSet, ada: User, api: Any
) -> None:
    put(ada, reading)
    client = api(ada)
    key = reading.assignments.get().pk
    assert client.delete(f"/api/v1/projects/harbour/assignments/{key}/").status_code == 204
    assert client.delete(f"/api/v1/projects/harbour/assignments/{key}/").status_code == 204, (
        "again is harmless"
    )
    assert seats(reading) == 0
    answer = client.post("/api/v1/projects/harbour/assignments/")
    assert (answer.status_code, answer.json()["set"]) == (201, reading.pk)
    assert len(client.get(f"/api/v1/projects/harbour/sets/{reading.pk}/").json()["spans"]) == 1


@pytest.mark.django_db
def test_asking_answers_200_then_201_then_204(project: Project, mona: User, ada: User, api: Any) -> None:
    add_document(project, mona, "d1", "A text.")
    client, url = api(ada), "/api/v1/projects/harbour/assignments/"
    first = client.post(url)
    assert first.status_code == 201
    again = client.post(url)
    assert (again.status_code, again.json()["id"]) == (200, first.json()["id"])
    client.put(f"/api/v1/projects/harbour/sets/{first.json()['set']}/submission/")
    assert client.post(url).status_code == 204


@pytest.mark.django_db
def test_who_does_not_take_part_is_given_nothing(
    project: Project, document: Any, ada: User, mona: User, otto: User
) -> None:
    Membership.objects.filter(user=ada).update(takes_part=False)
    for person in (ada, mona, otto):
        with pytest.raises(Forbidden):
            claim(person, project)
    assert AnnotationSet.objects.count() == 0


@pytest.mark.django_db
def test_fewer_wanted_readers_close_the_queue_and_more_open_it(
    project: Project, full: AnnotationSet, cleo: User
) -> None:
    assert claim(cleo, project) is None
    Project.objects.filter(pk=project.pk).update(readers_per_document=3)
    assert claim(cleo, project)
