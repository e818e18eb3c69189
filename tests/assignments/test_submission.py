"""Declaring a reading finished, taking that back, accepting and returning it."""

import uuid
from typing import Any

import pytest

from annotator.accounts.models import User
from annotator.annotations.models import AnnotationSet, Recusal
from annotator.assignments.models import Assignment, Review, Submission
from annotator.history.models import Event
from annotator.projects.models import Project
from tests.api.refusals import check_refused, nothing_stored

pytestmark = pytest.mark.django_db
P = "/api/v1/projects/harbour"


@pytest.fixture
def url(reading: AnnotationSet) -> str:
    return f"{P}/sets/{reading.pk}/"


@pytest.fixture
def submitted(api: Any, ada: User, url: str, reading: AnnotationSet) -> AnnotationSet:
    assert api(ada).put(f"{url}submission/").status_code == 200
    return reading


def verbs(found: AnnotationSet) -> list[str]:
    return list(Event.objects.filter(subject=f"set:{found.pk}").values_list("verb", flat=True))


def test_an_empty_reading_is_a_reading(api: Any, ada: User, url: str, reading: AnnotationSet) -> None:
    answer = api(ada).put(f"{url}submission/")
    assert (answer.status_code, answer.json()["state"]) == (200, "submitted")
    assert answer.headers["X-Set-Version"] == str(answer.json()["version"]) == "1"
    reading.refresh_from_db()
    assert (reading.state, reading.lease_until) == ("submitted", None)
    assert reading.submitted_at is not None
    assert Assignment.objects.get().outcome == "submitted"
    assert Submission.objects.get().actor == ada
    assert verbs(reading) == ["document_claimed", "set_submitted"]


def test_submitting_again_is_harmless(api: Any, ada: User, url: str, submitted: AnnotationSet) -> None:
    with nothing_stored():
        again = api(ada).put(f"{url}submission/")
    assert (again.status_code, again.json()["state"]) == (200, "submitted")


def test_spans_without_stance_and_role_hold_a_submission_up(api: Any, ada: User, url: str) -> None:
    client = api(ada)
    bare, stance, role = (uuid.uuid4() for _ in range(3))
    client.put(f"{url}spans/{bare}/", {"start": 0, "end": 1, "note": "what is this?"})
    client.put(f"{url}spans/{stance}/", {"start": 0, "end": 1, "stance": "no-stance"})
    client.put(f"{url}spans/{role}/", {"start": 0, "end": 1, "role": "premise"})
    with nothing_stored():
        answer = client.put(f"{url}submission/")
    check_refused(answer, 400, "span_without_label", attr="spans")
    assert answer.json()["spans"] == [str(bare)]
    client.delete(f"{url}spans/{bare}/")
    assert client.put(f"{url}submission/").status_code == 200, "a deleted one holds nothing up"


def test_stances_toward_none_of_several_targets_are_pointed_out_and_taken(
    api: Any, ada: User, url: str, project: Project
) -> None:
    client = api(ada)
    bare, role = uuid.uuid4(), uuid.uuid4()
    stance = project.labels.filter(kind="stance").values_list("slug", flat=True)[0]
    client.put(f"{url}spans/{role}/", {"start": 20, "end": 24, "role": "claim"})
    assert client.put(f"{url}submission/").json()["warnings"] == [], "one target is every stance's"
    client.delete(f"{url}submission/")
    project.targets.create(slug="curfew", name="Curfew")
    client.put(f"{url}spans/{bare}/", {"start": 2, "end": 19, "stance": stance})
    named = {"start": 2, "end": 19, "stance": stance, "target": "curfew"}
    client.put(f"{url}spans/{uuid.uuid4()}/", named)
    for answer in (client.put(f"{url}submission/"), client.put(f"{url}submission/")):
        assert (answer.status_code, answer.json()["state"]) == (200, "submitted")
        [warning] = answer.json()["warnings"]
        assert (warning["code"], warning["spans"]) == ("stance_without_target", [str(bare)])


def test_a_submitted_reading_takes_no_change(api: Any, ada: User, url: str, submitted: AnnotationSet) -> None:
    uid = uuid.uuid4()
    with nothing_stored():
        for method, path, body in [
            ("put", f"spans/{uid}/", {"start": 0, "end": 1, "role": "claim"}),
            ("delete", f"spans/{uid}/", None),
            (
                "put",
                f"relations/{uid}/",
                {"label": "supports", "from": {"span": str(uid)}, "to": {"span": str(uid)}},
            ),
            ("delete", f"relations/{uid}/", None),
            ("put", "document-labels/", {"genre": "news"}),
        ]:
            check_refused(getattr(api(ada), method)(f"{url}{path}", body), 409, "set_submitted")


def test_deleting_again_after_the_submission_is_answered_as_the_first_time(
    api: Any, ada: User, ben: User, project: Project, url: str
) -> None:
    """A page that did not hear the answer sends its deletions again, and may do so after the submission."""
    client = api(ada)
    claim_, premise, link, link_from = (uuid.uuid4() for _ in range(4))
    client.put(f"{url}spans/{claim_}/", {"start": 2, "end": 19, "role": "claim"})
    client.put(f"{url}spans/{premise}/", {"start": 20, "end": 33, "role": "premise"})
    relation = {"label": "supports", "from": {"span": str(premise)}, "to": {"span": str(claim_)}}
    client.put(f"{url}relations/{link}/", relation)
    client.put(f"{url}relations/{link_from}/", relation)
    paths = [f"{url}relations/{link_from}/", f"{url}spans/{claim_}/", f"{url}relations/{link}/"]
    first = [client.delete(path).json() for path in paths]
    assert client.put(f"{url}submission/").status_code == 200
    with nothing_stored():
        again = [client.delete(path) for path in paths]
        check_refused(client.delete(f"{url}spans/{premise}/"), 409, "set_submitted")
        # Whose reading it is not learns nothing by deleting.
        check_refused(api(ben).delete(paths[1]), 404, "not_found")
    assert [(answer.status_code, answer.json()) for answer in again] == [(200, each) for each in first]
    version = AnnotationSet.objects.get(membership__user=ada).version
    assert {answer.headers["X-Set-Version"] for answer in again} == {str(version)}


def test_a_reading_that_was_given_up_says_how(api: Any, ada: User, url: str, reading: AnnotationSet) -> None:
    client = api(ada)
    assignments = "/api/v1/projects/harbour/assignments/"
    uid = uuid.uuid4()
    client.put(f"{url}spans/{uid}/", {"start": 2, "end": 19, "role": "claim"})
    comment = f"{url}comments/{uuid.uuid4()}/"

    def refused(code: str) -> None:
        for answer in (
            client.put(f"{url}spans/{uid}/", {"start": 2, "end": 19, "role": "premise"}),
            client.put(f"{url}submission/"),
            client.put(comment, {"text": "Why?"}),
        ):
            check_refused(answer, 409, code)

    given = client.post(assignments).json()["id"]
    client.delete(f"{assignments}{given}/")
    refused("given_back")
    again = client.post(assignments).json()
    assert again["set"] == reading.pk
    assert client.put(f"{url}spans/{uid}/", {"start": 2, "end": 19, "role": "claim"}).status_code == 200
    client.patch(f"{assignments}{again['id']}/", {"action": "skip", "reason": "My own article."})
    refused("skipped")


def test_reopening_is_the_annotators_while_the_project_allows(
    api: Any, ada: User, url: str, submitted: AnnotationSet
) -> None:
    answer = api(ada).delete(f"{url}submission/")
    assert (answer.status_code, answer.json()["state"]) == (200, "returned")
    with nothing_stored():
        assert api(ada).delete(f"{url}submission/").json()["state"] == "returned"
    assert Submission.objects.get().withdrawn_at is not None
    assert Assignment.objects.filter(ended_at=None).count() == 1
    body = {"start": 0, "end": 1, "role": "claim"}
    assert api(ada).put(f"{url}spans/{uuid.uuid4()}/", body).status_code == 201
    assert api(ada).put(f"{url}submission/").json()["state"] == "submitted"
    assert Submission.objects.filter(withdrawn_at=None).count() == 1
    assert verbs(submitted)[1:] == ["set_submitted", "set_reopened", "set_submitted"]


def test_a_project_may_forbid_reopening(api: Any, ada: User, url: str, submitted: AnnotationSet) -> None:
    Project.objects.update(may_reopen=False)
    with nothing_stored():
        check_refused(api(ada).delete(f"{url}submission/"), 409, "no_reopening")


def test_a_reviewer_accepts(api: Any, ada: User, rosa: User, url: str, submitted: AnnotationSet) -> None:
    answer = api(rosa).put(f"{url}review/", {"decision": "accepted", "note": "Good."})
    assert (answer.status_code, answer.json()["state"]) == (200, "accepted")
    recusals = submitted.document.recusals.count()
    with nothing_stored():
        assert api(rosa).put(f"{url}review/", {"decision": "accepted"}).status_code == 200
        check_refused(api(ada).delete(f"{url}submission/"), 409, "set_accepted")
        assert api(ada).put(f"{url}submission/").json()["state"] == "accepted"
    assert submitted.document.recusals.count() == recusals
    review = Review.objects.get()
    assert (review.actor, review.decision, review.note) == (rosa, "accepted", "Good.")
    assert verbs(submitted)[-1] == "set_accepted"


def test_a_reviewer_returns_and_the_annotator_goes_on(
    api: Any, ada: User, rosa: User, url: str, submitted: AnnotationSet
) -> None:
    answer = api(rosa).put(f"{url}review/", {"decision": "returned", "note": "The last claim is missing."})
    assert (answer.status_code, answer.json()["state"]) == (200, "returned")
    with nothing_stored():
        assert api(rosa).put(f"{url}review/", {"decision": "returned"}).status_code == 200
        check_refused(api(rosa).put(f"{url}review/", {"decision": "accepted"}), 409, "not_submitted")
    given = api(ada).post(f"{P}/assignments/")
    assert (given.status_code, given.json()["set"]) == (200, submitted.pk)
    assert api(ada).put(f"{url}submission/").json()["state"] == "submitted"
    assert api(rosa).put(f"{url}review/", {"decision": "accepted"}).json()["state"] == "accepted"
    assert api(rosa).put(f"{url}review/", {"decision": "returned"}).json()["state"] == "returned", (
        "and back again"
    )


def test_who_returned_a_reading_sees_it_again_when_it_is_submitted(
    api: Any, ada: User, rosa: User, url: str, submitted: AnnotationSet
) -> None:
    """A reviewer reads what is submitted (design, section 8): what its annotator works at again is theirs alone."""
    reviewer = api(rosa)
    assert reviewer.get(url).status_code == 200
    reviewer.put(f"{url}review/", {"decision": "returned", "note": "The last claim is missing."})
    check_refused(reviewer.get(url), 404, "not_found")
    assert reviewer.get(f"{P}/sets/").json()["results"] == []
    answer = reviewer.put(f"{url}review/", {"decision": "returned", "note": "The last two claims."})
    assert answer.status_code == 200, "the note can be mended"
    api(ada).put(f"{url}submission/")
    assert reviewer.get(url).status_code == 200
    Recusal.objects.all().delete()
    api(ada).delete(f"{url}submission/")
    check_refused(reviewer.get(url), 404, "not_found")


def test_what_no_review_may_be(api: Any, mona: User, rosa: User, url: str, reading: AnnotationSet) -> None:
    with nothing_stored():
        check_refused(api(mona).put(f"{url}review/", {"decision": "accepted"}), 409, "not_submitted")
        for body in ({"decision": "open"}, {"decision": None}, {}, {"decision": "accepted", "note": 1}):
            check_refused(api(mona).put(f"{url}review/", body), 400)


def test_a_returned_reading_keeps_its_seat(
    api: Any, ben: User, rosa: User, url: str, submitted: AnnotationSet, project: Project
) -> None:
    Project.objects.update(readers_per_document=1)
    api(rosa).put(f"{url}review/", {"decision": "returned"})
    assert api(ben).post(f"{P}/assignments/").status_code == 204


def test_active_time_counts_work_and_not_pauses(project: Project, ada: User, reading: AnnotationSet) -> None:
    from datetime import timedelta

    from annotator.annotations import rules, sets, spans

    now = reading.active_at
    assert now
    for seconds in (30, 60, 3600, 10):
        now += timedelta(seconds=seconds)
        draft = rules.SpanDraft(((0, 5),), role="claim")
        spans.put(sets.Address("harbour", reading.pk), uuid.uuid4(), draft, actor=ada, now=now)
    reading.refresh_from_db()
    assert reading.active_seconds == 100
