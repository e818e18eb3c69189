"""Who labels a document sees nothing of what others made of it, by no road, until the study opens it (promise 4)."""

import uuid
from typing import Any

import pytest
from django.utils import timezone

from annotator.accounts.models import User
from annotator.annotations.models import AnnotationSet, Recusal, Span
from annotator.assignments import queue
from annotator.documents.models import Document
from annotator.history.models import Event
from annotator.jobs.models import Job
from annotator.projects.models import Holder, Membership, Project
from annotator.reports.models import AgreementReport
from tests.api.refusals import check_refused, nothing_stored
from tests.conftest import add_document, claim, membership_of
from tests.jobs.hands import finish

pytestmark = pytest.mark.django_db
P = "/api/v1/projects/harbour"
SPAN = {"start": 2, "end": 19, "role": "claim"}


@pytest.fixture
def theirs(project: Project, document: Document, ben: User) -> AnnotationSet:
    """Ben's submitted reading of the document, of which Ada and Rosa know nothing."""
    found = claim(project, ben)
    AnnotationSet.objects.filter(pk=found.pk).update(state="submitted", submitted_at=timezone.now())
    return AnnotationSet.objects.get(pk=found.pk)


def give(project: Project, user: User, document: Document, state: str, **values: Any) -> AnnotationSet:
    """A reading of the document in this state."""
    if state in ("submitted", "accepted"):
        values["submitted_at"] = timezone.now()
    mine = membership_of(project, user)
    return AnnotationSet.objects.create(
        project=project, document=document, membership=mine, state=state, **values
    )


def set_project(project: Project, **values: Any) -> None:
    Project.objects.filter(pk=project.pk).update(**values)


def set_member(project: Project, user: User, **values: Any) -> None:
    Membership.objects.filter(project=project, user=user).update(**values)


def sees(client: Any, found: AnnotationSet) -> bool:
    """Whether this person is shown the set; every road to it says the same."""
    listed = [row["id"] for row in client.get(f"{P}/sets/").json()["results"]]
    alias = Membership.objects.get(pk=found.membership_id).alias
    filters = (
        f"document={found.document_id}",
        f"membership={alias}",
        f"state={found.state}",
        f"kind={found.kind}",
    )
    roads = {found.pk in listed}
    for given in filters:
        rows = client.get(f"{P}/sets/?{given}").json()["results"]
        roads.add(found.pk in [row["id"] for row in rows])
    roads.add(client.get(f"{P}/sets/{found.pk}/").status_code == 200)
    assert len(roads) == 1, "one road shows what another hides"
    return roads.pop()


# takes part, own reading, open_after, gold, recused -> does a reviewer see Ben's submitted reading?
REVIEWERS: list[tuple[bool, str | None, str, str | None, bool, bool]] = [
    (False, None, "never", None, False, True),
    (False, None, "adjudication", None, False, True),
    (True, None, "never", None, False, False),
    (True, None, "own_submission", None, False, False),
    (True, None, "adjudication", "submitted", False, False),
    (True, "open", "own_submission", "submitted", False, False),
    (True, "returned", "own_submission", "submitted", False, False),
    (True, "withdrawn", "own_submission", "submitted", False, False),
    (True, "submitted", "never", "submitted", False, False),
    (True, "accepted", "never", "accepted", False, False),
    (True, "submitted", "own_submission", None, False, True),
    (True, "accepted", "own_submission", None, False, True),
    (True, "submitted", "adjudication", None, False, False),
    (True, "submitted", "adjudication", "open", False, False),
    (True, "submitted", "adjudication", "submitted", False, True),
    (True, "accepted", "adjudication", "accepted", False, True),
    (True, None, "never", None, True, True),
    (False, "open", "own_submission", None, False, False),
    (False, "submitted", "never", None, False, False),
    (False, "submitted", "own_submission", None, False, True),
    (False, "withdrawn", "never", None, False, True),
]


@pytest.mark.parametrize(("takes_part", "own", "open_after", "gold", "recused", "seen"), REVIEWERS)
@pytest.mark.parametrize("role", ["reviewer", "manager"])
def test_who_reviews_is_blind_where_they_label(
    api: Any, theirs: AnnotationSet, mona: User, rosa: User, project: Project, document: Document,
    role: str, takes_part: bool, own: str | None, open_after: str, gold: str | None, recused: bool, seen: bool,
) -> None:  # fmt: skip
    set_project(project, open_after=open_after)
    set_member(project, rosa, takes_part=takes_part, role=role)
    if own:
        give(project, rosa, document, own)
    if gold:
        give(project, mona, document, gold, kind="gold")
    if recused:
        Recusal.objects.create(document=document, membership=membership_of(project, rosa))
    assert sees(api(rosa), theirs) is seen


@pytest.mark.parametrize("open_after", ["never", "own_submission", "adjudication"])
@pytest.mark.parametrize("own", [None, "open", "submitted"])
def test_an_annotator_never_sees_anothers_reading(
    api: Any,
    theirs: AnnotationSet,
    project: Project,
    document: Document,
    ada: User,
    open_after: str,
    own: str | None,
) -> None:
    set_project(project, open_after=open_after)
    if own:
        give(project, ada, document, own)
    assert not sees(api(ada), theirs)


@pytest.mark.parametrize("state", ["open", "submitted", "returned", "accepted", "withdrawn"])
def test_states_that_each_role_sees(
    api: Any, theirs: AnnotationSet, mona: User, rosa: User, otto: User, state: str
) -> None:
    AnnotationSet.objects.filter(pk=theirs.pk).update(state=state)
    theirs.state = state
    assert sees(api(mona), theirs)
    assert sees(api(rosa), theirs) is (state in ("submitted", "accepted"))
    assert sees(api(otto), theirs) is (state in ("submitted", "accepted"))


def test_what_is_hidden_answers_as_what_does_not_exist(
    api: Any, theirs: AnnotationSet, project: Project, rosa: User, ada: User
) -> None:
    set_member(project, rosa, takes_part=True)
    uid = uuid.uuid4()
    for person in (rosa, ada):
        client = api(person)
        for method, path, body in [
            ("get", "", None),
            ("put", f"spans/{uid}/", SPAN),
            ("delete", f"spans/{uid}/", None),
            ("put", f"comments/{uid}/", {"text": "?"}),
            ("delete", f"comments/{uid}/", None),
            ("put", "document-labels/", {}),
            ("put", "submission/", None),
            ("delete", "submission/", None),
            ("put", "review/", {"decision": "accepted"}),
        ]:
            hidden, missing = (
                getattr(client, method)(f"{P}/sets/{key}/{path}", body)
                for key in (theirs.pk, theirs.pk + 1000)
            )
            assert (hidden.status_code, hidden.json()) == (404, missing.json()), path


def test_giving_the_reading_up_opens_the_document(
    api: Any, theirs: AnnotationSet, project: Project, document: Document, rosa: User
) -> None:
    set_member(project, rosa, takes_part=True)
    client = api(rosa)
    assert not sees(client, theirs)
    assert client.put(f"{P}/documents/{document.pk}/recusal/").status_code == 204
    with nothing_stored():
        assert client.put(f"{P}/documents/{document.pk}/recusal/").status_code == 204
    assert sees(client, theirs)
    assert client.post(f"{P}/assignments/").status_code == 204, "it is never given to her any more"


def test_a_reading_that_was_begun_is_not_given_up_for_a_look(
    api: Any, theirs: AnnotationSet, project: Project, document: Document, rosa: User
) -> None:
    set_member(project, rosa, takes_part=True)
    own = claim(project, rosa)
    with nothing_stored():
        check_refused(api(rosa).put(f"{P}/documents/{document.pk}/recusal/"), 409, "has_reading")
    assert own.document_id == document.pk
    assert not sees(api(rosa), theirs)


@pytest.mark.parametrize("role", ["reviewer", "manager"])
def test_who_has_looked_is_never_given_the_document(
    api: Any, theirs: AnnotationSet, project: Project, document: Document, rosa: User, mona: User, role: str
) -> None:
    """Looking first and taking part later would be reading with open eyes."""
    other = add_document(project, mona, "d2", "Another text.")
    set_member(project, rosa, role=role)
    assert api(rosa).get(f"{P}/sets/{theirs.pk}/").status_code == 200
    set_member(project, rosa, takes_part=True)
    assert claim(project, rosa).document_id == other.pk
    assert sees(api(rosa), theirs), "what was seen stays open"
    set_member(project, rosa, role="annotator")
    AnnotationSet.objects.filter(document=other).delete()
    other.delete()
    assert api(rosa).post(f"{P}/assignments/").status_code == 204


def test_ones_own_set_costs_no_recusal(api: Any, reading: AnnotationSet, ada: User) -> None:
    with nothing_stored():
        api(ada).get(f"{P}/sets/{reading.pk}/")


def test_counts_do_not_tell(api: Any, theirs: AnnotationSet, project: Project, rosa: User, ada: User) -> None:
    """No list says how many there are of what is hidden, and documents say nothing of their readers."""
    set_member(project, rosa, takes_part=True)
    with_theirs = {}
    for person in (rosa, ada):
        for name in ("sets", "documents", "assignments", "events", "jobs"):
            answer = api(person).get(f"{P}/{name}/")
            with_theirs[person, name] = (answer.status_code, answer.content)
    AnnotationSet.objects.all().delete()
    for (person, name), before in with_theirs.items():
        answer = api(person).get(f"{P}/{name}/")
        assert (answer.status_code, answer.content) == before, name


def test_events_tell_who_labels_only_of_themselves(
    api: Any, project: Project, reading: AnnotationSet, ben: User, mona: User, rosa: User
) -> None:
    uid = uuid.uuid4()
    theirs = claim(project, ben)
    assert api(ben).put(f"{P}/sets/{theirs.pk}/spans/{uid}/", SPAN).status_code == 201
    verbs = {row["verb"] for row in api(mona).get(f"{P}/events/").json()["results"]}
    assert "span_put" in verbs, "a manager who does not label sees history"
    set_member(project, mona, takes_part=True)
    rows = api(mona).get(f"{P}/events/").json()["results"]
    assert {row["actor_id"] for row in rows} <= {mona.pk}
    set_member(project, mona, takes_part=False)
    give(project, mona, reading.document, "open")
    rows = api(mona).get(f"{P}/events/").json()["results"]
    assert {row["actor_id"] for row in rows} <= {mona.pk}, "one who has begun a reading is still blind"
    assert {row["actor_id"] for row in api(rosa).get(f"{P}/events/").json()["results"]} <= {rosa.pk}
    assert Event.objects.filter(actor_id=ben.pk).exists()


def test_jobs_tell_who_labels_only_of_their_own(api: Any, project: Project, mona: User, rosa: User) -> None:
    job = Job.objects.create(project=project, kind="agreement", created_by=rosa)
    listed = f"{P}/jobs/"
    assert [row["id"] for row in api(mona).get(listed).json()["results"]] == [str(job.pk)]
    document = add_document(project, mona, "d1", "A text.")
    reading = give(project, mona, document, "open")
    assert api(mona).get(listed).json()["results"] == []
    check_refused(api(mona).get(f"{listed}{job.pk}/"), 404)
    check_refused(api(mona).delete(f"{listed}{job.pk}/"), 404)
    reading.delete()
    set_member(project, mona, takes_part=True)
    assert api(mona).get(listed).json()["results"] == []


# Agreement


def compute(client: Any) -> dict[str, Any]:
    """A new report of the client's, computed here."""
    asked = client.post(f"{P}/agreement/", {"layer": "role", "resamples": 20}).json()
    finish(asked["job"]["id"])
    report: dict[str, Any] = client.get(f"{P}/agreement/{asked['id']}/").json()
    return report


@pytest.mark.usefixtures("at_once")
def test_a_report_leaves_out_what_its_reader_is_blind_to(
    api: Any, theirs: AnnotationSet, project: Project, document: Document, ada: User, mona: User, rosa: User
) -> None:
    give(project, ada, document, "submitted")
    assert compute(api(mona))["sets"] == 2
    set_member(project, rosa, takes_part=True)
    blind = compute(api(rosa))
    assert blind["sets"] == 0
    assert blind["annotators"] == []
    AnnotationSet.objects.all().delete()
    empty = compute(api(rosa))
    for report in (blind, empty):
        for key in ("id", "through_event"):
            report.pop(key)
    assert blind == empty, "not even what was left out tells"


@pytest.mark.usefixtures("at_once")
def test_reports_of_others_are_not_for_who_labels(
    api: Any, theirs: AnnotationSet, project: Project, document: Document, mona: User, rosa: User, otto: User
) -> None:
    seen = compute(api(mona))
    url = f"{P}/agreement/{seen['id']}/"
    assert api(rosa).get(url).status_code == api(otto).get(url).status_code == 200
    set_member(project, rosa, takes_part=True)
    check_refused(api(rosa).get(url), 404)
    assert api(rosa).get(f"{P}/agreement/").json()["results"] == []
    set_member(project, rosa, takes_part=False)
    give(project, rosa, document, "open")
    check_refused(api(rosa).get(url), 404)
    assert AgreementReport.objects.count() == 1


# Holders


@pytest.fixture
def clerk(api: Any, reading: AnnotationSet, ada: User) -> Holder:
    """Ada has found a new holder in her text."""
    assert api(ada).post(f"{P}/holders/", {"slug": "clerk", "name": "The clerk"}).status_code == 201
    return Holder.objects.get(slug="clerk")


def slugs(client: Any) -> list[str]:
    return [row["slug"] for row in client.get(f"{P}/holders/").json()["results"]]


def test_a_new_holder_is_its_finders_until_submission(
    api: Any, project: Project, reading: AnnotationSet, clerk: Holder, ada: User, ben: User, mona: User, rosa: User,
    otto: User,
) -> None:  # fmt: skip
    theirs = claim(project, ben)
    url = f"{P}/sets/{theirs.pk}/"
    assert [slugs(api(person)) for person in (ada, mona, rosa, ben, otto)] == [["clerk"]] * 3 + [[], []]
    assert api(ben).get(url).json()["scheme"]["holders"] == []
    with nothing_stored():
        check_refused(
            api(ben).put(f"{url}spans/{uuid.uuid4()}/", {**SPAN, "holder": "clerk"}), 400, "unknown_holder"
        )
    set_member(project, rosa, takes_part=True)
    assert slugs(api(rosa)) == []
    set_member(project, rosa, takes_part=False)
    give(project, rosa, reading.document, "open")
    assert slugs(api(rosa)) == [], "one who has begun a reading is still blind"


def test_two_may_find_the_same_holder_and_not_learn_of_each_other(
    api: Any, project: Project, clerk: Holder, ada: User, ben: User
) -> None:
    answer = api(ben).post(f"{P}/holders/", {"slug": "clerk", "name": "A clerk of the city"})
    assert (answer.status_code, answer.json()["name"]) == (201, "A clerk of the city")
    again = api(ben).post(f"{P}/holders/", {"slug": "clerk", "name": "A clerk of the city"})
    assert again.status_code == 200
    check_refused(api(ben).post(f"{P}/holders/", {"slug": "clerk", "name": "Other"}), 409, "holder_differs")
    assert [slugs(api(person)) for person in (ada, ben)] == [["clerk"], ["clerk"]]


def test_holders_join_at_submission(
    api: Any, project: Project, reading: AnnotationSet, clerk: Holder, ada: User, ben: User, otto: User
) -> None:
    theirs = claim(project, ben)
    for client, found, name in ((api(ada), reading, None), (api(ben), theirs, "A clerk of the city")):
        if name:
            client.post(f"{P}/holders/", {"slug": "clerk", "name": name})
            client.post(
                f"{P}/holders/", {"slug": "by-clerk", "name": "The mayor, by the clerk", "parent": "clerk"}
            )
            client.post(f"{P}/holders/", {"slug": "unused", "name": "Not used"})
        uid = uuid.uuid4()
        body = {**SPAN, "holder": "by-clerk" if name else "clerk"}
        assert client.put(f"{P}/sets/{found.pk}/spans/{uid}/", body).status_code == 201
    assert api(ada).put(f"{P}/sets/{reading.pk}/submission/").status_code == 200
    assert slugs(api(otto)) == ["clerk"], "submitted, it is everybody's"
    assert api(ben).put(f"{P}/sets/{theirs.pk}/submission/").status_code == 200
    assert sorted(slugs(api(otto))) == ["by-clerk", "clerk"]
    assert Holder.objects.get(slug="clerk").pk == clerk.pk, "the second joined the first"
    assert Holder.objects.get(slug="by-clerk").parent_id == clerk.pk
    assert sorted(slugs(api(ben))) == ["by-clerk", "clerk", "unused"]
    assert sorted(span.holder.slug for span in Span.objects.all() if span.holder) == ["by-clerk", "clerk"]
    found = api(ben).get(f"{P}/sets/{theirs.pk}/").json()
    assert [span["holder"] for span in found["spans"]] == ["by-clerk"]


def test_a_submission_moves_the_joined_holder_in_all_readings_of_its_finder(
    api: Any, project: Project, reading: AnnotationSet, clerk: Holder, ada: User, ben: User, mona: User
) -> None:
    """Ben uses his clerk in two readings; Ada's is first in the registry; his second reading follows."""
    theirs = claim(project, ben)
    client = api(ben)
    client.post(f"{P}/holders/", {"slug": "clerk", "name": "A clerk"})
    client.put(f"{P}/sets/{theirs.pk}/spans/{uuid.uuid4()}/", {**SPAN, "holder": "clerk"})
    other = give(project, ben, add_document(project, mona, "d2", "The clerk speaks of it all."), "open")
    client.put(
        f"{P}/sets/{other.pk}/spans/{uuid.uuid4()}/",
        {"start": 0, "end": 9, "role": "claim", "holder": "clerk"},
    )
    api(ada).put(f"{P}/sets/{reading.pk}/spans/{uuid.uuid4()}/", {**SPAN, "holder": "clerk"})
    assert api(ada).put(f"{P}/sets/{reading.pk}/submission/").status_code == 200
    assert client.put(f"{P}/sets/{theirs.pk}/submission/").status_code == 200
    assert Holder.objects.filter(slug="clerk").count() == 1
    assert client.get(f"{P}/sets/{other.pk}/").json()["spans"][0]["holder"] == "clerk"


def test_comments_are_for_who_may_see_the_set(
    api: Any, theirs: AnnotationSet, project: Project, ada: User, rosa: User, otto: User
) -> None:
    uid = uuid.uuid4()
    url = f"{P}/sets/{theirs.pk}/comments/{uid}/"
    with nothing_stored():
        check_refused(api(ada).put(url, {"text": "?"}), 404)
        check_refused(api(otto).put(url, {"text": "?"}), 403, "no_right")
    assert api(rosa).put(url, {"text": "Why nuanced?"}).status_code == 201
    set_member(project, rosa, takes_part=True)
    Recusal.objects.all().delete()
    with nothing_stored():
        check_refused(api(rosa).put(url, {"text": "Because."}), 404)
        check_refused(api(rosa).delete(url), 404)


def test_observers_know_aliases_only(api: Any, theirs: AnnotationSet, ben: User, otto: User) -> None:
    client = api(otto)
    for name in ("memberships", "sets", f"sets/{theirs.pk}", "agreement", "documents", "jobs"):
        answer = client.get(f"{P}/{name}/")
        assert answer.status_code == 200
        assert b"ben" not in answer.content.lower().replace(b"number", b"")


def test_nobody_reviews_their_own(api: Any, project: Project, document: Document, rosa: User) -> None:
    own = give(project, rosa, document, "submitted")
    with nothing_stored():
        check_refused(
            api(rosa).put(f"{P}/sets/{own.pk}/review/", {"decision": "accepted"}), 403, "own_reading"
        )


def test_the_queue_knows_who_gave_up(project: Project, document: Document, rosa: User) -> None:
    set_member(project, rosa, takes_part=True)
    mine = membership_of(project, rosa)
    Recusal.objects.create(document=document, membership=mine)
    assert queue.claim_next(mine, actor=rosa, now=timezone.now()) is None
