"""The demonstration study: loaded as if it had been made here, once."""

import time
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from annotator.accounts.models import User
from annotator.annotations.models import AnnotationSet, Comment, Relation, Span
from annotator.assignments import queue
from annotator.assignments.models import Assignment, Submission
from annotator.documents.models import Document
from annotator.exchange.demo import load_demo
from annotator.history.models import Event
from annotator.projects.models import Membership, Project

pytestmark = pytest.mark.django_db
EVERYTHING = (
    User,
    Project,
    Membership,
    Document,
    AnnotationSet,
    Span,
    Relation,
    Comment,
    Assignment,
    Submission,
    Event,
)


def test_people_can_be_given_sessions_but_have_no_password() -> None:
    load_demo()
    people = {found.alias: found for found in Membership.objects.select_related("user")}
    assert sorted(people) == ["A1", "A2", "A3", "M1", "O1", "R1"]
    for found in people.values():
        assert found.user is not None
        assert not found.user.has_usable_password()
        assert not found.user.is_superuser
    assert [people[alias].takes_part for alias in ("A1", "M1", "R1", "O1")] == [True, False, False, False]


def test_its_readings_look_as_if_they_had_been_made_here() -> None:
    load_demo()
    assert AnnotationSet.objects.count() == 42
    for found in AnnotationSet.objects.select_related("membership"):
        assert (found.kind, found.state) == ("human", "submitted")
        assert found.membership.user_id is not None
        submission = Submission.objects.get(set=found)
        assert (submission.actor_id, submission.at) == (found.membership.user_id, found.submitted_at)
        assignment = Assignment.objects.get(set=found)
        assert assignment.outcome == "submitted"
        assert assignment.ended_at is not None
        assert assignment.created_at < assignment.ended_at
    assert (Span.objects.count(), Relation.objects.count()) == (657, 299)
    for span in Span.objects.select_related("set__document"):
        assert span.end <= span.set.document.length


def test_a_document_waits_for_each_annotator() -> None:
    project, _ = load_demo()
    for username in ("noor", "tomas", "lien"):
        member = Membership.objects.select_related("project", "user").get(
            project=project, user__username=username
        )
        assert member.user is not None
        claimed = queue.claim_next(member, actor=member.user, now=timezone.now())
        assert claimed is not None
        assert claimed.created


def test_loading_again_changes_nothing_and_keeps_what_was_done_since() -> None:
    out = StringIO()
    call_command("demo", stdout=out)
    assert "loaded" in out.getvalue()
    Span.objects.filter(pk=Span.objects.values("pk")[:1]).update(note="mine")
    before = [model.objects.count() for model in EVERYTHING]
    call_command("demo", stdout=out)
    assert "already there" in out.getvalue()
    assert before == [model.objects.count() for model in EVERYTHING]
    assert Span.objects.filter(note="mine").count() == 1


def test_it_loads_while_one_waits() -> None:
    begun = time.perf_counter()
    load_demo()
    assert time.perf_counter() - begun < 3
