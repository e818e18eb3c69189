"""A member is removed: what they finished stays under their alias, what they had begun goes back, they see nothing more."""

import threading
import uuid
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from annotator.accounts import tokens
from annotator.accounts.models import User
from annotator.annotations.models import AnnotationSet, Recusal, Span
from annotator.annotations.sets import Address
from annotator.assignments import departures, queue, reviewing, submission
from annotator.documents.models import Document
from annotator.errors import Conflict, NotFound
from annotator.exchange.aliases import Aliases
from annotator.history.models import Event
from annotator.projects import members
from annotator.projects.models import Membership, Project
from tests.api.refusals import check_refused
from tests.conftest import add_document, claim, membership_of

pytestmark = pytest.mark.django_db
P = "/api/v1/projects/harbour"
SPAN = {"start": 2, "end": 19, "role": "claim"}


def put(client: Any, reading: AnnotationSet) -> None:
    assert client.put(f"{P}/sets/{reading.pk}/spans/{uuid.uuid4()}/", SPAN).status_code == 201


@pytest.fixture
def finished(api: Any, project: Project, ada: User, reading: AnnotationSet) -> AnnotationSet:
    """Ada's submitted reading of the first document."""
    put(api(ada), reading)
    assert api(ada).put(f"{P}/sets/{reading.pk}/submission/").status_code == 200
    reading.refresh_from_db()
    return reading


@pytest.fixture
def begun(project: Project, mona: User, ada: User, finished: AnnotationSet, api: Any) -> AnnotationSet:
    """Another that Ada has begun."""
    add_document(project, mona, "d2", "😊 Cities are safer than they were.")
    found = claim(project, ada)
    put(api(ada), found)
    return found


def remove(project: Project, user: User, actor: User) -> Membership:
    return departures.remove(membership_of(project, user), actor=actor, now=timezone.now())


def test_what_was_finished_stays_and_what_was_begun_goes_back(
    project: Project, mona: User, ada: User, ben: User, finished: AnnotationSet, begun: AnnotationSet
) -> None:
    Project.objects.update(readers_per_document=1)
    project.refresh_from_db()
    alias = membership_of(project, ada).alias
    assert departures.work_of(membership_of(project, ada)) == departures.Work(stays=1, given_back=1)
    gone = remove(project, ada, mona)
    finished.refresh_from_db()
    begun.refresh_from_db()
    assert (finished.state, begun.state) == ("submitted", "withdrawn")
    assert finished.membership.alias == alias
    assert (gone.user, gone.former, gone.takes_part) == (None, ada, False)
    assert Span.objects.filter(set=begun, deleted_at=None).count() == 1
    assert claim(project, ben).document_id == begun.document_id, "its seat is free again"
    assert Event.objects.filter(verb="member_removed", subject=f"membership:{gone.pk}").count() == 1
    remove_again = departures.remove(gone, actor=mona, now=timezone.now())
    assert remove_again.former == ada
    assert Event.objects.filter(verb="member_removed").count() == 1


def test_who_was_removed_sees_nothing_any_more(
    api: Any,
    visitor: Any,
    project: Project,
    mona: User,
    ada: User,
    finished: AnnotationSet,
    begun: AnnotationSet,
) -> None:
    key = tokens.make(ada, name="script", now=timezone.now(), actor=ada)
    client, page = api(ada), visitor(ada)
    by_token = api(None)
    by_token.credentials(HTTP_AUTHORIZATION=f"Token {key}")
    remove(project, ada, mona)
    for caller in (client, by_token):
        for path in ("", "sets/", f"sets/{finished.pk}/", "documents/", "holders/", "exports/", "jobs/"):
            check_refused(caller.get(f"{P}/{path}"), 404)
        check_refused(caller.post(f"{P}/assignments/"), 404)
        check_refused(caller.put(f"{P}/sets/{begun.pk}/spans/{uuid.uuid4()}/", SPAN), 404)
        check_refused(caller.put(f"{P}/sets/{begun.pk}/submission/"), 404)
        check_refused(caller.delete(f"{P}/sets/{finished.pk}/submission/"), 404)
        assert caller.get("/api/v1/projects/").json()["results"] == []
    for path in ("", "label/", f"sets/{finished.pk}/", "documents/", "exports/"):
        assert page.get(f"/projects/harbour/{path}").status_code == 404
    assert "Harbour" not in page.get("/").content.decode()


@pytest.mark.parametrize("way", ["added", "invited", "taken back"])
def test_who_comes_back_has_the_same_alias_and_their_work(
    way: str,
    api: Any,
    visitor: Any,
    project: Project,
    mona: User,
    ada: User,
    finished: AnnotationSet,
    begun: AnnotationSet,
) -> None:
    before = membership_of(project, ada)
    remove(project, ada, mona)
    if way == "added":
        body = {"username": "ada", "alias": "Another", "role": "annotator"}
        answer = api(mona).post(f"{P}/memberships/", body)
        assert (answer.status_code, answer.json()["alias"]) == (201, before.alias)
    elif way == "invited":
        invitation, _ = members.invite(
            project, actor=mona, alias="Another", role="annotator", now=timezone.now()
        )
        members.accept(invitation, user=ada, now=timezone.now())
    else:
        page = visitor(mona)
        assert f"{before.alias}, ada" in page.get("/projects/harbour/members/").content.decode()
        page.post(f"/projects/harbour/members/{before.pk}/return/")
    after = membership_of(project, ada)
    assert (after.pk, after.alias, after.role, after.takes_part) == (
        before.pk,
        before.alias,
        "annotator",
        True,
    )
    assert api(ada).get(f"{P}/sets/{finished.pk}/").status_code == 200
    assert claim(project, ada).pk == begun.pk, "what was given back opens again with its marks"
    assert Membership.objects.filter(project=project, alias="Another").count() == 0


def test_an_alias_that_somebody_had_is_nobody_elses(
    project: Project, mona: User, ada: User, sam: User, finished: AnnotationSet
) -> None:
    alias = remove(project, ada, mona).alias
    assert Aliases(project, {}).alias(alias) == f"{alias}-2", "readings of a file do not become theirs"
    with pytest.raises(Conflict, match="alias_taken"):
        members.add(project, actor=mona, alias=alias, role="annotator", username="sam")


def test_the_last_manager_and_who_has_no_login_stay(project: Project, mona: User) -> None:
    with pytest.raises(Conflict, match="last_manager"):
        remove(project, mona, mona)
    imported = members.add(project, actor=mona, alias="Z1", role="annotator")
    with pytest.raises(Conflict, match="no_login"):
        departures.remove(imported, actor=mona, now=timezone.now())
    assert Membership.objects.filter(former__isnull=False).count() == 0


def test_a_reviewer_who_comes_back_to_label_is_not_given_what_they_could_see(
    project: Project, mona: User, rosa: User, finished: AnnotationSet
) -> None:
    gone = remove(project, rosa, mona)
    assert list(Recusal.objects.filter(membership=gone).values_list("document", flat=True)) == [
        finished.document_id
    ]
    members.add(project, actor=mona, alias="x", role="annotator", username="rosa")
    with pytest.raises(AssertionError):
        claim(project, rosa)


def test_a_claim_that_waited_for_the_removal_gets_nothing(
    project: Project, document: Document, mona: User, ada: User, api: Any
) -> None:
    stale = membership_of(project, ada)
    remove(project, ada, mona)
    with pytest.raises(NotFound):
        queue.claim_next(stale, actor=ada, now=timezone.now())
    assert not AnnotationSet.objects.exists()


def test_the_page_asks_before_and_names_what_becomes_of_the_work(
    visitor: Any, project: Project, mona: User, ada: User, finished: AnnotationSet, begun: AnnotationSet
) -> None:
    page = visitor(mona)
    where = f"/projects/harbour/members/{membership_of(project, ada).pk}/removal/"
    asked = page.get(where).content.decode()
    assert "1 finished reading stays under the alias" in asked
    assert "1 reading they had begun is given back" in asked
    assert Membership.objects.filter(project=project, user=ada).exists(), "looking removes nobody"
    assert page.post(where).status_code == 302
    assert not Membership.objects.filter(project=project, user=ada).exists()


def test_who_was_removed_is_not_changed(visitor: Any, project: Project, mona: User, ada: User) -> None:
    gone = remove(project, ada, mona)
    page = visitor(mona)
    where = f"/projects/harbour/members/{gone.pk}/"
    answer = page.post(where, {"role": "manager", "takes_part": "on"}, follow=True)
    assert "take them back first" in answer.content.decode()
    gone.refresh_from_db()
    assert (gone.role, gone.takes_part) == ("annotator", False)


def test_a_reading_is_not_returned_to_who_was_removed(
    api: Any, project: Project, mona: User, ada: User, rosa: User, finished: AnnotationSet
) -> None:
    where = f"{P}/sets/{finished.pk}/review/"
    gone = remove(project, ada, mona)
    check_refused(api(rosa).put(where, {"decision": "returned", "note": "Again."}), 409, "member_removed")
    assert api(rosa).put(where, {"decision": "accepted"}).status_code == 200
    members.take_back(gone, actor=mona)
    assert api(rosa).put(where, {"decision": "returned", "note": "Again."}).status_code == 200


def taken(reading: AnnotationSet, way: str, **actors: User) -> AnnotationSet:
    """The reading after it was given to its annotator again, by a reviewer or by themselves."""
    where, now = Address("harbour", reading.pk), timezone.now()
    if way == "returned":
        return reviewing.decide(where, "returned", note="Again.", actor=actors["rosa"], now=now)
    return submission.reopen(where, actor=actors["ada"], now=now)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", ["removal", "change"])
@pytest.mark.parametrize("way", ["returned", "reopened"])
def test_a_reading_that_is_taken_up_while_its_annotator_is_removed_keeps_no_seat(
    project: Project, mona: User, ada: User, rosa: User, finished: AnnotationSet, way: str, first: str
) -> None:
    """Whichever has the rows first; the other waits, and sees what was done meanwhile."""

    def changes() -> None:
        with suppress(Conflict, NotFound):
            taken(finished, way, ada=ada, rosa=rosa)

    def removes() -> None:
        remove(project, ada, mona)

    begins, waits = (removes, changes) if first == "removal" else (changes, removes)

    def late() -> None:
        try:
            waits()
        finally:
            connection.close()

    other = threading.Thread(target=late)
    with transaction.atomic():
        begins()
        other.start()
        other.join(0.5)
    other.join(30)
    finished.refresh_from_db()
    assert finished.membership.former == ada
    assert finished.state == ("submitted" if first == "removal" else "withdrawn")


@pytest.mark.django_db(transaction=True)
def test_taking_back_is_one_step_and_goes_with_its_line_of_history(
    visitor: Any, project: Project, mona: User, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = remove(project, ada, mona)

    def breaks(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("the history is away")

    with monkeypatch.context() as patched:
        patched.setattr(members, "record", breaks)
        with pytest.raises(RuntimeError):
            members.take_back(gone, actor=mona)
    gone.refresh_from_db()
    assert (gone.user, gone.former) == (None, ada)
    assert visitor(mona).post(f"/projects/harbour/members/{gone.pk}/return/").status_code == 302
    assert membership_of(project, ada).pk == gone.pk


@pytest.mark.parametrize("verb", ["added again", "taken back"])
def test_who_comes_back_is_locked_before_the_project(
    project: Project, mona: User, ada: User, verb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = remove(project, ada, mona)
    locked: list[type[Any]] = []
    whole = QuerySet.select_for_update

    def noted(rows: Any, *args: Any, **kwargs: Any) -> Any:
        locked.append(rows.model)
        return whole(rows, *args, **kwargs)

    monkeypatch.setattr(QuerySet, "select_for_update", noted)
    if verb == "taken back":
        members.take_back(gone, actor=mona)
    else:
        members.add(project, actor=mona, alias="x", role="annotator", username="ada")
    assert Project in locked
    assert Membership not in locked[locked.index(Project) :]


def test_a_manager_who_reads_is_not_told_how_much_another_has_read(
    visitor: Any, project: Project, mona: User, ada: User, finished: AnnotationSet
) -> None:
    Membership.objects.filter(user=mona).update(takes_part=True)
    where = f"/projects/harbour/members/{membership_of(project, ada).pk}/removal/"
    asked = visitor(mona).get(where).content.decode()
    assert "1 finished" not in asked
    assert "Finished readings stay under the alias" in asked
