"""A reading opens as its marked text; the actions move it on, one by one, and say by name what they refused."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annotator.accounts.models import User
from annotator.annotations import comments, document_labels, relations, rules
from annotator.annotations.models import AnnotationSet, Span
from annotator.annotations.sets import Address
from annotator.assignments.models import Assignment, Review, Submission
from annotator.history.models import Event
from annotator.jobs.models import Job
from annotator.projects.models import Project
from tests.conftest import TEXT, claim
from tests.desk.conftest import list_of, mark, page_of, staff, submit


def said(answer: object) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def test_the_text_is_shown_whole_with_overlapping_spans_around_their_pieces(
    submitted: AnnotationSet, rosa: User, desk: Callable[[User], Client]
) -> None:
    page = desk(staff(rosa)).get(page_of(submitted)).content.decode()
    article = page.split("<article")[1].split("</article>")[0]
    assert article.count("<mark") == 4
    assert 'data-lane="0"' in article
    assert 'data-lane="1"' in article
    assert plain(article.split(">", 1)[1]) == TEXT


def plain(html: str) -> str:
    from html import unescape

    from django.utils.html import strip_tags

    return unescape(strip_tags(html))


def test_stance_role_holder_quote_relations_answers_and_comments_are_all_there(
    project: Project, reading: AnnotationSet, ada: User, rosa: User, desk: Callable[[User], Client]
) -> None:
    mark(reading, ada, 2, 19, stance="pro-sanctuary", role="claim", note="Rates & dates")
    mark(reading, ada, 21, 33, stance="anti-sanctuary", role="premise")
    first, second = Span.objects.filter(set=reading).values_list("uid", flat=True)
    address, now = Address(project.slug, reading.pk), timezone.now()
    draft = rules.RelationDraft("attacks", source=second, to_span=first)
    made = relations.put(address, uuid4(), draft, actor=ada, now=now)
    undercut = rules.RelationDraft("supports", source=first, to_relation=UUID(made.record["id"]))
    relations.put(address, uuid4(), undercut, actor=ada, now=now)
    answer = project.labels.filter(kind="document").first()
    assert answer is not None
    document_labels.put(address, {answer.group: answer.slug}, actor=ada, now=now)
    comments.put(address, uuid4(), rules.CommentDraft("Who says so?", span=first), actor=ada, now=now)
    submit(reading, ada)
    page = desk(staff(rosa)).get(page_of(reading)).content.decode()
    for expected in (
        "Pro-sanctuary", "Anti-sanctuary", "Cities are safer.", "Rates &amp; dates", "2 to 19", "Attacks", "relation 1",
        answer.name, "Who says so?",
    ):  # fmt: skip
        assert expected in page


def test_markup_in_text_and_notes_stays_text(
    project: Project, mona: User, ada: User, rosa: User, desk: Callable[[User], Client]
) -> None:
    from tests.conftest import add_document

    add_document(project, mona, "hostile", "<script>alert(1)</script> & <b>bold</b>", title="<i>t</i>")
    found = claim(project, ada)
    mark(found, ada, 0, 8, stance="nuanced", note="<img src=x>")
    submit(found, ada)
    page = desk(staff(rosa)).get(page_of(found)).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<i>t</i>" not in page


def test_no_style_or_script_stands_in_the_page(
    submitted: AnnotationSet, rosa: User, desk: Callable[[User], Client]
) -> None:
    answer = desk(staff(rosa)).get(page_of(submitted))
    page = answer.content.decode()
    assert " style=" not in page
    assert "<style" not in page
    assert "script-src 'self'" in answer["Content-Security-Policy"]


def test_opening_takes_the_same_queries_however_much_is_marked(
    project: Project, reading: AnnotationSet, ada: User, mona: User, desk: Callable[[User], Client]
) -> None:
    client = desk(staff(mona))
    mark(reading, ada, 0, 1, stance="nuanced")
    client.get(page_of(reading))
    with CaptureQueriesContext(connection) as few:
        client.get(page_of(reading))
    for start in range(30):
        mark(reading, ada, start, start + 9, stance="nuanced", role="claim")
    with CaptureQueriesContext(connection) as many:
        client.get(page_of(reading))
    assert len(few) == len(many) <= 11


def test_accepting_leaves_a_row_and_an_event(
    submitted: AnnotationSet, rosa: User, desk: Callable[[User], Client]
) -> None:
    answer = desk(staff(rosa)).post(
        list_of(AnnotationSet), {"action": "accept", "_selected_action": [submitted.pk]}
    )
    submitted.refresh_from_db()
    assert submitted.state == "accepted"
    assert Review.objects.get(set=submitted).actor == rosa
    assert (
        Event.objects.filter(verb="set_accepted", subject=f"set:{submitted.pk}", actor_id=rosa.pk).count()
        == 1
    )
    assert said(answer) == ["Accepted: A1 on d1."]


def test_returning_asks_for_a_note_and_gives_the_reading_back(
    submitted: AnnotationSet, rosa: User, desk: Callable[[User], Client]
) -> None:
    client = desk(staff(rosa))
    chosen = {"action": "send_back", "_selected_action": [submitted.pk]}
    asked = client.post(list_of(AnnotationSet), chosen)
    submitted.refresh_from_db()
    assert (asked.status_code, submitted.state) == (200, "submitted")
    assert b"A1 on d1" in asked.content
    client.post(list_of(AnnotationSet), chosen | {"note": "The second span is too long."})
    submitted.refresh_from_db()
    assert submitted.state == "returned"
    assert Review.objects.get(set=submitted).note == "The second span is too long."
    assert Submission.objects.filter(set=submitted, withdrawn_at=None).count() == 0
    assert Assignment.objects.filter(set=submitted, ended_at=None).count() == 1
    assert Event.objects.filter(verb="set_returned", actor_id=rosa.pk).count() == 1


def test_what_cannot_be_accepted_is_named_with_its_reason_and_the_rest_goes_through(
    project: Project, submitted: AnnotationSet, ben: User, mona: User, desk: Callable[[User], Client]
) -> None:
    unfinished = claim(project, ben)
    chosen = {"action": "accept", "_selected_action": [submitted.pk, unfinished.pk]}
    answer = desk(staff(mona)).post(list_of(AnnotationSet), chosen)
    assert said(answer) == [
        "Accepted: A1 on d1.",
        "Left as it was: A2 on d1. This reading is open; only a submitted one is reviewed.",
    ]
    unfinished.refresh_from_db()
    assert unfinished.state == "open"


def test_nobody_accepts_their_own(
    project: Project, submitted: AnnotationSet, ada: User, desk: Callable[[User], Client]
) -> None:
    project.memberships.filter(user=ada).update(role="reviewer")
    answer = desk(staff(ada)).post(
        list_of(AnnotationSet), {"action": "accept", "_selected_action": [submitted.pk]}
    )
    submitted.refresh_from_db()
    assert submitted.state == "submitted"
    assert said(answer) == ["Left as it was: A1 on d1. Nobody reviews their own reading."]


@pytest.mark.parametrize("decision", ["accepted", "returned"])
def test_the_page_of_a_reading_decides_too(
    decision: str, submitted: AnnotationSet, rosa: User, desk: Callable[[User], Client]
) -> None:
    answer = desk(staff(rosa)).post(page_of(submitted), {"decision": decision, "note": "Seen."})
    submitted.refresh_from_db()
    assert (answer.status_code, submitted.state) == (302, decision)
    assert Review.objects.get(set=submitted).note == "Seen."


@pytest.mark.parametrize(
    "given", [{"decision": "open"}, {}, {"decision": "accepted", "note": "\0"}, {"note": "x"}]
)
def test_another_decision_changes_nothing(
    given: dict[str, str], submitted: AnnotationSet, rosa: User, desk: Callable[[User], Client]
) -> None:
    answer = desk(staff(rosa)).post(page_of(submitted), given)
    submitted.refresh_from_db()
    assert submitted.state == "submitted"
    assert said(answer)[0].startswith("Left as it was: A1 on d1.")


def test_the_chosen_readings_are_exported_by_a_job_a_project(
    project: Project, submitted: AnnotationSet, rosa: User, desk: Callable[[User], Client]
) -> None:
    answer = desk(staff(rosa)).post(
        list_of(AnnotationSet), {"action": "export", "_selected_action": [submitted.pk]}
    )
    [job] = Job.objects.filter(kind="export")
    assert (job.project, job.created_by, job.parameters["only"]) == (project, rosa, [submitted.pk])
    assert Event.objects.filter(verb="job_requested", actor_id=rosa.pk).count() == 1
    assert "Export of 1 reading(s) under way" in said(answer)[0]


def test_a_superuser_who_is_no_member_is_told_so_and_exports_nothing(
    submitted: AnnotationSet, sue: User, desk: Callable[[User], Client]
) -> None:
    answer = desk(sue).post(list_of(AnnotationSet), {"action": "export", "_selected_action": [submitted.pk]})
    assert said(answer) == ["Harbour: only a member of the project exports from it."]
    assert not Job.objects.exists()


def test_an_empty_reading_says_that_it_is_one(
    project: Project, reading: AnnotationSet, ada: User, rosa: User, desk: Callable[[User], Client]
) -> None:
    submit(reading, ada)
    page = desk(staff(rosa)).get(page_of(reading)).content.decode()
    assert "looked and marked nothing" in page
