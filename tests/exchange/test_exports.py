"""Exports: to each what they may see, nothing a spreadsheet would run, and said what could not be."""

import csv
import io
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annotator.accounts.models import User
from annotator.annotations import spans
from annotator.annotations.models import AnnotationSet
from annotator.annotations.rules import SpanDraft
from annotator.annotations.sets import Address
from annotator.assignments import reviewing, submission
from annotator.errors import Forbidden, Invalid, NotFound
from annotator.exchange import exports
from annotator.exchange.uploads import full
from annotator.formats.spans_csv import unguarded
from annotator.jobs import running
from annotator.jobs.models import Job
from annotator.projects import members
from annotator.projects import scheme as schemes
from annotator.projects.models import Membership, Project
from tests.conftest import TEXT, add_document, claim, membership_of
from tests.exchange.conftest import documents_of, done, exported

pytestmark = pytest.mark.django_db


def mark(reading: AnnotationSet, actor: User, **fields: Any) -> None:
    draft = SpanDraft(((2, 19),), **{"stance": "pro-sanctuary", "role": "claim", **fields})
    spans.put(Address("harbour", reading.pk), uuid.uuid4(), draft, actor=actor, now=timezone.now())


def submit(reading: AnnotationSet, actor: User) -> None:
    submission.submit(Address("harbour", reading.pk), actor=actor, now=timezone.now())


@pytest.fixture
def read(project: Project, document: Any, ada: User, ben: User) -> dict[str, AnnotationSet]:
    """Ada has submitted, Ben is still reading; each has one span."""
    found = {"ada": claim(project, ada), "ben": claim(project, ben)}
    mark(found["ada"], ada)
    mark(found["ben"], ben)
    submit(found["ada"], ada)
    return found


def readers(project: Project, actor: User, **given: Any) -> set[str]:
    _, data = exported(project, actor, **given)
    return {one["annotator"] for document in documents_of(data) for one in document["sets"]}


def test_each_role_exports_what_it_may_see(
    project: Project, read: Any, mona: User, rosa: User, ada: User, ben: User, otto: User
) -> None:
    assert readers(project, mona, sets="all") == {"A1", "A2"}
    assert readers(project, mona, sets="submitted") == {"A1"}
    assert readers(project, mona, sets="gold") == set()
    assert readers(project, otto, sets="all") == {"A1"}
    Membership.objects.filter(project=project, user=rosa).update(takes_part=False)
    assert readers(project, rosa, sets="all") == {"A1"}


def test_who_labels_exports_their_own_readings_only(
    project: Project, read: Any, ada: User, ben: User, mona: User
) -> None:
    assert readers(project, ada, sets="all") == {"A1"}
    assert readers(project, ben, sets="all") == {"A2"}
    assert readers(project, ben, sets="submitted") == set()
    Membership.objects.filter(project=project, user=mona).update(takes_part=True)
    assert readers(project, mona, sets="all") == set(), (
        "who could be given the document is blind to its readings"
    )


def test_a_manager_who_takes_part_sees_in_counts_no_reading_of_others(
    project: Project, read: Any, mona: User
) -> None:
    Membership.objects.filter(project=project, user=mona).update(takes_part=True)
    for chosen in ("jsonl", "csv", "bundle"):
        result, data = exported(project, mona, sets="all", format=chosen)
        assert (result["sets"], result["spans"], result["relations"]) == (0, 0, 0)
        assert b"A1" not in data
        assert b"A2" not in data


def test_usernames_are_for_those_who_know_them(
    project: Project, read: Any, mona: User, rosa: User, otto: User, ada: User
) -> None:
    assert readers(project, mona, sets="all", names="username") == {"ada", "ben"}
    for actor in (otto, ada):
        with pytest.raises(Forbidden):
            exports.request(project, {"names": "username"}, actor=actor)
        _, data = exported(project, actor, sets="all", format="bundle")
        assert b"ada" not in data


def test_a_username_that_is_anothers_alias_stays_apart(project: Project, read: Any, mona: User) -> None:
    members.add(project, actor=mona, alias="ada", role="annotator")
    assert readers(project, mona, sets="all", names="username") == {"ada (A1)", "ben"}


def test_a_stranger_exports_nothing(project: Project, read: Any, sam: User) -> None:
    with pytest.raises(NotFound):
        exports.request(project, {}, actor=sam)


def test_rights_are_looked_at_again_when_the_job_runs(project: Project, read: Any, mona: User) -> None:
    job = exports.request(project, {"sets": "all", "names": "username"}, actor=mona)
    Membership.objects.filter(project=project, user=mona).update(role="observer")
    running.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.file) == ("failed", "")


@pytest.mark.parametrize(
    "given", [{"format": "xml"}, {"sets": "mine"}, {"names": "email"}, {"colour": "red"}, {"only": ["1"]}]
)
def test_a_choice_there_is_not_is_refused(project: Project, mona: User, given: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        exports.request(project, given, actor=mona)


def test_chosen_sets_come_with_their_documents_only(project: Project, read: Any, mona: User) -> None:
    add_document(project, mona, "d2", "Another text.")
    _, data = exported(project, mona, sets="all", only=[read["ben"].pk])
    [document] = documents_of(data)
    assert [one["annotator"] for one in document["sets"]] == ["A2"]


def test_an_export_that_failed_leaves_no_file(
    project: Project, read: Any, mona: User, monkeypatch: Any
) -> None:
    job = exports.request(project, {"format": "bundle"}, actor=mona)
    monkeypatch.setattr(exports, "scheme_json", None)
    running.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.file) == ("failed", "")
    assert not list(full("exports").iterdir())


def test_every_span_covers_what_it_quotes(project: Project, read: Any, mona: User) -> None:
    _, data = exported(project, mona, sets="all")
    [document] = documents_of(data)
    assert document["text"] == TEXT
    for one in document["sets"]:
        for span in one["spans"]:
            assert (
                span["quote"]
                == " ".join(TEXT[start:end] for start, end in span["fragments"])
                == "Cities are safer."
            )


# CSV


def rows_of(data: bytes) -> list[dict[str, str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("text", ["=1+1 is a formula", "+1", "-1", "@SUM(A1)", "\tindented", "'=quoted"])
def test_no_cell_of_an_export_is_a_formula(project: Project, mona: User, ada: User, text: str) -> None:
    add_document(project, mona, text, text, title=text)
    mark_all(claim(project, ada), ada, len(text), note=text)
    _, data = exported(project, mona, format="csv", sets="all")
    [row] = rows_of(data)
    for name in ("document", "title", "quote", "note"):
        assert row[name] == f"'{text}"
        assert unguarded(row[name]) == text
    assert (row["start"], row["end"], row["stance"]) == ("0", str(len(text)), "")


def test_a_table_says_what_it_could_not(project: Project, read: Any, mona: User, ben: User) -> None:
    add_document(project, mona, "d2", "Another text.", meta={"source": "x"})
    result, data = exported(project, mona, format="csv", sets="all")
    assert len(rows_of(data)) == result["spans"] == 2
    left_out = {row["what"]: row["count"] for row in result["left_out"]}
    assert left_out == {"texts": 2, "meta": 1, "documents_without_spans": 1, "scheme": 1}
    assert all(row["reason"] for row in result["left_out"])


def test_newlines_in_a_quote_stay_in_their_cell(project: Project, mona: User, ada: User) -> None:
    add_document(project, mona, "d", 'first\r\nsecond, "third"\nfourth')
    reading = claim(project, ada)
    mark_all(reading, ada, 29)
    [row] = rows_of(exported(project, mona, format="csv", sets="all")[1])
    assert row["quote"] == 'first\r\nsecond, "third"\nfourth'


def mark_all(reading: AnnotationSet, actor: User, end: int, **fields: Any) -> None:
    draft = SpanDraft(((0, end),), role="claim", **fields)
    spans.put(Address("harbour", reading.pk), uuid.uuid4(), draft, actor=actor, now=timezone.now())


# Streaming


def test_a_chunk_costs_the_same_queries_whatever_is_in_it(
    project: Project, mona: User, ada: User, ben: User
) -> None:
    read_documents(project, mona, (ada,), 1)
    few = queries_of(project, mona)
    read_documents(project, mona, (ada, ben), 20)
    assert queries_of(project, mona) == few <= 40


def read_documents(project: Project, manager: User, people: tuple[User, ...], number: int) -> None:
    """Adds documents, each read by all of these people; who has read one before is given the new one."""
    for count in range(number):
        add_document(project, manager, f"{number}-{count}", f"😊 Cities are safer. {count}")
        for user in people:
            reading = claim(project, user)
            mark(reading, user)
            submit(reading, user)


def queries_of(project: Project, actor: User) -> int:
    """How many queries an export of all there is takes; few enough documents for one chunk."""
    job = exports.request(project, {"sets": "all"}, actor=actor)
    schemes.read.cache_clear()
    with CaptureQueriesContext(connection) as queries:
        done(job)
    return len(queries)


def test_long_texts_make_short_chunks(project: Project, mona: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "CHUNK_CHARACTERS", 25)
    for number in range(6):
        add_document(project, mona, f"d{number}", "x" * 10)
    sizes = [
        len(chunk) for chunk in exports.chunks(exports.chosen_documents(membership_of(project, mona), {}))
    ]
    assert sizes == [2, 2, 2]


# Who may have the file


def file_of(project: Project, actor: User, **given: Any) -> Job:
    return done(exports.request(project, {"sets": "all", **given}, actor=actor))


def may_have(job: Job, project: Project, user: User) -> bool:
    job.refresh_from_db()
    return exports.downloadable(job, membership_of(project, user))


def test_a_file_is_for_who_asked_and_for_a_manager_who_is_blind_to_nothing(
    project: Project, read: Any, mona: User, ada: User, rosa: User
) -> None:
    job = file_of(project, ada)
    assert may_have(job, project, ada)
    assert may_have(job, project, mona)
    assert not may_have(job, project, rosa)
    Membership.objects.filter(project=project, user=mona).update(takes_part=True)
    assert not may_have(job, project, mona)


def test_who_has_begun_to_take_part_lost_the_file_with_the_readings_of_others(
    project: Project, read: Any, mona: User
) -> None:
    job = file_of(project, mona)
    assert may_have(job, project, mona)
    Membership.objects.filter(project=project, user=mona).update(takes_part=True)
    assert not may_have(job, project, mona)
    Membership.objects.filter(project=project, user=mona).update(takes_part=False, role="annotator")
    assert not may_have(job, project, mona)


def test_an_accepted_reading_is_a_submitted_one(project: Project, read: Any, mona: User, rosa: User) -> None:
    Membership.objects.filter(project=project, user=rosa).update(takes_part=False)
    address = Address("harbour", read["ada"].pk)
    reviewing.decide(address, "accepted", note="", actor=rosa, now=timezone.now())
    assert readers(project, mona, sets="submitted") == {"A1"}
