"""Importing: kept, looked at, taken over once, and every row that was not taken is named."""

import io
import json
import uuid
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annotator.accounts.models import User
from annotator.annotations.models import AnnotationSet, Comment, Relation, Span
from annotator.assignments import departures
from annotator.assignments.models import Assignment, Submission
from annotator.celery import app
from annotator.documents.models import Document
from annotator.errors import Conflict, Forbidden, Invalid, NotFound
from annotator.exchange import applications, imports, previews, tasks
from annotator.exchange.models import Import, ImportProblem
from annotator.exchange.uploads import full
from annotator.history.models import Event
from annotator.jobs import running
from annotator.jobs.attempts import take
from annotator.jobs.models import Job
from annotator.projects import archive, members, studies
from annotator.projects.models import Label, Membership, Project
from tests.conftest import TEXT, membership_of
from tests.exchange.conftest import (
    Record,
    Sent,
    applied,
    documents_of,
    done,
    exported,
    lines,
    previewed,
    span,
    taken,
)

pytestmark = pytest.mark.django_db
DATA = Path(__file__).resolve().parents[1] / "formats" / "data"


def codes(imported: Import, phase: str = "application") -> list[tuple[str, str]]:
    """Where and why, of what was not taken."""
    found = ImportProblem.objects.filter(imported=imported, phase=phase, taken=False)
    return list(found.values_list("place", "code"))


# The file and its preview


def test_a_preview_shows_what_would_come_and_takes_nothing(project: Project, mona: User) -> None:
    imported = previewed(project, mona, "bad_lines.jsonl", (DATA / "bad_lines.jsonl").read_bytes())
    assert imported.state == "previewed"
    assert imported.format == "jsonl"
    preview = imported.preview
    assert preview is not None
    assert preview["counts"]["documents"] == 3
    assert preview["counts"]["not_taken"] == 7
    assert preview["columns"]["text"] == "text"
    assert preview["columns"]["guessed"] is True
    assert [row["external_id"] for row in preview["rows"]] == ["a", "c", "f"]
    assert [(problem["place"], problem["code"]) for problem in preview["problems"]] == [
        ("line 3", "lone_surrogate"),
        ("line 5", "no_text"),
        ("line 6", "no_text"),
        ("line 7", "not_json"),
        ("line 10", "not_a_number"),
        ("line 11", "not_an_object"),
        ("line 9", "document_differs"),
    ]
    assert not Document.objects.exists()


def test_what_was_previewed_is_taken_and_the_file_is_gone(project: Project, mona: User) -> None:
    imported = previewed(project, mona, "bad_lines.jsonl", (DATA / "bad_lines.jsonl").read_bytes())
    kept = full(imported.path)
    assert kept.is_file()
    result = applied(imported, mona)
    assert result["counts"] == {"documents": 3, "not_taken": 7, "foreign_kept": 4}
    assert result["problem_counts"]["document_differs"] == 1
    assert list(Document.objects.values_list("external_id", flat=True)) == ["a", "c", "f"]
    assert Document.objects.get(external_id="f").text == "U+2028 inside \u2028 line"
    assert (imported.state, imported.path) == ("applied", "")
    assert not kept.exists()
    assert Event.objects.filter(verb="import_applied", actor_id=mona.pk).count() == 1


def test_all_rows_of_a_table_are_accounted_for(project: Project, mona: User) -> None:
    imported = previewed(project, mona, "posts.csv", (DATA / "embedded_newlines.csv").read_bytes())
    result = applied(imported, mona)
    assert result["counts"]["documents"] == 4
    assert codes(imported) == [("line 7", "empty_text"), ("line 9", "document_differs")]
    formula = Document.objects.get(external_id="3")
    assert formula.text == '=HYPERLINK("http://x","click")'
    assert formula.meta == {"source": "+1", "stance": "@cmd"}


def test_texts_of_a_zip_are_taken_by_their_names(project: Project, mona: User) -> None:
    imported = previewed(project, mona, "texts.zip", (DATA / "nasty.zip").read_bytes())
    assert imported.format == "zip"
    applied(imported, mona)
    assert {document.external_id: document.title for document in Document.objects.all()} == {
        "docs/a.txt": "a",
        "docs/ünïcode – naïve.txt": "ünïcode – naïve",
    }
    assert len(codes(imported)) == 7


def test_crlf_comes_in_as_it_is(project: Project, mona: User) -> None:
    text = "😊 one\r\ntwo\rthree\u2028four\n"
    taken(project, mona, "a.txt", text.encode())
    document = Document.objects.get()
    assert (document.text, document.length, document.external_id, document.title) == (
        text,
        len(text),
        "a.txt",
        "a",
    )


def test_the_same_file_again_adds_nothing(project: Project, mona: User) -> None:
    data = b'{"id": "1", "text": "one"}\n{"id": "2", "text": "two"}\n'
    taken(project, mona, "a.jsonl", data)
    assert taken(project, mona, "a.jsonl", data)["counts"] == {"documents_there": 2}
    assert Document.objects.count() == 2


def test_a_guessed_encoding_waits_for_a_yes(project: Project, mona: User) -> None:
    data = "“Zürich” is a city of refuge, said the mayor’s office.".encode("cp1252")
    imported = previewed(project, mona, "a.txt", data)
    assert imported.preview is not None
    assert imported.preview["encoding"] == {"name": "cp1252", "guess": True, "counts": {"cp1252": 1}}
    for refused in (None, "cp1250"):
        with pytest.raises(Conflict) as conflict:
            imports.apply(imported, actor=mona, encoding=refused)
        assert conflict.value.code == "encoding_unconfirmed"
    applied(imported, mona, encoding="cp1252")
    assert Document.objects.get().text.startswith("“Zürich”")


def test_another_encoding_is_looked_at_without_a_second_upload(project: Project, mona: User) -> None:
    data = "Łódź".encode("cp1250")
    imported = previewed(project, mona, "a.txt", data)
    done(imports.look_again(imported, {"encoding": "cp1250"}, actor=mona).preview_job)
    imported.refresh_from_db()
    assert imported.preview is not None
    assert imported.preview["rows"][0]["text"] == "Łódź"
    assert imported.preview["encoding"]["guess"] is False
    applied(imported, mona)
    assert Document.objects.get().text == "Łódź"


def test_the_text_column_can_be_chosen(project: Project, mona: User) -> None:
    data = b"text,body\nx,The ordinance stays.\n"
    taken(project, mona, "a.csv", data, text="body")
    assert Document.objects.get().text == "The ordinance stays."


@pytest.mark.parametrize(
    ("options", "attr"),
    [
        ({"colour": "red"}, "colour"),
        ({"encoding": "zlib"}, "encoding"),
        ({"encoding": 5}, "encoding"),
        ({"separator": ",,"}, "separator"),
        ({"separator": "\n"}, "separator"),
        ({"add_labels": "yes"}, "add_labels"),
        ({"map": {"A": 1}}, "map"),
        ({"map": {"A": "nobody"}}, "map"),
    ],
)
def test_options_that_cannot_be_are_refused_and_no_file_is_kept(
    project: Project, mona: User, files: Path, options: dict[str, Any], attr: str
) -> None:
    with pytest.raises(Invalid) as refused:
        imports.request(project, Sent("a.txt", b"text"), "auto", options, actor=mona)
    assert refused.value.attr == attr
    assert not list(files.rglob("*")) or not any(path.is_file() for path in files.rglob("*"))
    assert not Import.objects.exists()


def test_a_file_too_large_is_refused_and_not_kept(
    project: Project, mona: User, files: Path, settings: Any
) -> None:
    settings.UPLOAD_LIMIT = 100
    with pytest.raises(Invalid) as refused:
        imports.request(project, Sent("a.txt", b"x" * 101), "auto", {}, actor=mona)
    assert refused.value.code == "file_too_large"
    assert not any(path.is_file() for path in files.rglob("*"))


@pytest.mark.parametrize(
    ("name", "data", "kind", "code"),
    [
        ("a.zip", b"no zip", "zip", "not_a_zip"),
        ("a.csv", b"", "csv", "no_header"),
        ("a.csv", b"text\nx\n", "csv", "unknown_column"),
        ("a.jsonl", b'{"n": 1}\n', "jsonl", "unknown_column"),
        ("a.jsonl", b"no json\n" * 3, "jsonl", "no_objects"),
    ],
)
def test_a_file_that_is_not_what_it_is_said_to_be_fails_with_its_reason(
    project: Project, mona: User, name: str, data: bytes, kind: str, code: str
) -> None:
    options = {"text": "body"} if code == "unknown_column" else {}
    imported = imports.request(project, Sent(name, data), kind, options, actor=mona)
    assert imported.preview_job is not None
    running.run(imported.preview_job.pk)
    job = Job.objects.get(pk=imported.preview_job.pk)
    assert job.state == "failed"
    assert job.error is not None
    assert job.error["code"] == code
    imported.refresh_from_db()
    assert imported.state == "failed"
    with pytest.raises(Conflict):
        imports.apply(imported, actor=mona)


def test_many_problems_are_all_counted_and_the_first_are_shown(
    project: Project, mona: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(previews, "PROBLEMS_KEPT", 150)
    imported = previewed(project, mona, "a.jsonl", b'{"text": "one"}\n' + b"no json\n" * 500, "jsonl")
    assert imported.preview is not None
    assert imported.preview["counts"]["not_taken"] == 500
    assert len(imported.preview["problems"]) == previews.PROBLEMS_SHOWN
    assert imported.problems.filter(phase="preview").count() == 150
    assert applied(imported, mona)["counts"] == {"documents": 1, "not_taken": 500}
    assert imported.problems.filter(phase="application").count() == 150


def test_what_is_not_wanted_is_forgotten(
    project: Project, mona: User, django_capture_on_commit_callbacks: Any
) -> None:
    imported = previewed(project, mona, "a.txt", b"text")
    kept = full(imported.path)
    with django_capture_on_commit_callbacks(execute=True):
        imports.discard(imported, actor=mona)
    assert not Import.objects.exists()
    assert not kept.exists()


def test_what_has_been_taken_over_is_not_forgotten_nor_looked_at_again(project: Project, mona: User) -> None:
    imported = previewed(project, mona, "a.txt", b"text")
    applied(imported, mona)
    with pytest.raises(Conflict):
        imports.discard(imported, actor=mona)
    with pytest.raises(Conflict):
        imports.look_again(imported, {}, actor=mona)
    assert imports.apply(imported, actor=mona).application_job_id == imported.application_job_id


# Readings


def test_a_reading_comes_in_with_all_that_is_in_it(project: Project, mona: User, record: Record) -> None:
    comment = {
        "id": str(uuid.uuid4()),
        "author": "Y1",
        "text": "Why?",
        "span": "11111111-1111-4111-8111-111111111111",
    }
    reply = {"id": str(uuid.uuid4()), "author": "Z1", "text": "So.", "reply_to": comment["id"]}
    given = record(reading={"state": "accepted", "comments": [comment, reply]})
    imported = previewed(project, mona, "a.jsonl", lines(given))
    assert imported.format == "neutral"
    result = applied(imported, mona)
    assert result["counts"] == {
        "documents": 1, "sets": 1, "spans": 2, "relations": 1, "comments": 2, "document_labels": 1,
    }  # fmt: skip
    found = AnnotationSet.objects.select_related("membership").get()
    assert (found.kind, found.state, found.round, found.active_seconds) == ("imported", "accepted", 1, 60)
    assert found.submitted_at is not None
    assert found.submitted_at.isoformat() == "2026-03-05T11:44:48+00:00"
    assert (found.membership.alias, found.membership.user, found.membership.takes_part) == ("Z1", None, False)
    claim, premise = Span.objects.filter(set=found)
    assert found.document.text[claim.start : claim.end] == "Cities are safer."
    assert claim.stance is not None
    assert claim.stance.slug == "pro-sanctuary"
    relation = Relation.objects.get(set=found)
    assert (relation.source, relation.to_span) == (premise, claim)
    assert [one.author.alias for one in Comment.objects.filter(set=found)] == ["Y1", "Z1"]
    assert not Submission.objects.exists()


def change_span(**values: Any) -> dict[str, Any]:
    """A reading of one span, which is a good one but for these values."""
    good = {"id": str(uuid.uuid4()), "fragments": [[2, 19]], "quote": "Cities are safer.", "role": "claim"}
    return {"spans": [{**good, **values}], "relations": []}


A, B, C = (f"{digit * 8}-{digit * 4}-4{digit * 3}-8{digit * 3}-{digit * 12}" for digit in "abc")


def related(*relations: tuple[str, str, dict[str, str]]) -> dict[str, Any]:
    spans = [span(A, [[2, 8]], "Cities", role="claim"), span(B, [[20, 24]], "Data", role="premise")]
    return {
        "spans": spans,
        "relations": [
            {"id": key, "label": "supports", "from": {"span": source}, "to": to}
            for key, source, to in relations
        ],
    }


@pytest.mark.parametrize(
    ("reading", "code"),
    [
        (change_span(fragments=[[2, 400]], quote=None), "offset_past_end"),
        (change_span(fragments=[[-1, 4]], quote=None), "offset_negative"),
        (change_span(fragments=[[5, 2]], quote=None), "fragment_empty"),
        (change_span(fragments=[[2, 8], [8, 12]], quote=None), "fragments_touch"),
        (change_span(fragments=None), "no_offsets"),
        (change_span(start=3), "hull_mismatch"),
        (change_span(quote="Cities are safe."), "quote_mismatch"),
        (change_span(stance="pro-city"), "unknown_label"),
        (change_span(role="pro-sanctuary"), "unknown_label"),
        (change_span(target="nothing"), "unknown_target"),
        (change_span(holder="nobody"), "unknown_holder"),
        (change_span(role=None), "span_without_label"),
        ({"document_labels": {"genre": "poem"}}, "unknown_label"),
        ({"document_labels": {"mood": "news"}}, "unknown_label"),
        (related((C, A, {"span": A})), "relation_circle"),
        (related((C, A, {"relation": C})), "relation_circle"),
        (related((C, A, {"span": str(uuid.uuid4())})), "unknown_span"),
        (related((C, A, {"relation": A})), "unknown_relation"),
        (related((A, A, {"span": B})), "id_taken"),
        ({"annotator": "x" * 90}, "bad_alias"),
    ],
)
def test_a_reading_that_breaks_a_rule_is_left_out_whole(
    project: Project, mona: User, record: Record, reading: dict[str, Any], code: str
) -> None:
    bad = record(reading=reading)
    good = dict(record()["sets"][0], annotator="Good")
    bad["sets"].append(good)
    imported = previewed(project, mona, "a.jsonl", lines(bad))
    applied(imported, mona)
    assert [found for _, found in codes(imported)] == [code]
    assert codes(imported) == codes(imported, "preview")
    assert AnnotationSet.objects.get().membership.alias == "Good"
    assert Span.objects.count() == 2


def test_relations_to_relations_come_in_whatever_their_order(
    project: Project, mona: User, record: Record
) -> None:
    D = "dddddddd-dddd-4ddd-8ddd-dddddddddddd"  # noqa: N806
    given = record(reading=related((C, B, {"relation": D}), (D, A, {"span": B})))
    taken(project, mona, "a.jsonl", lines(given))
    undercut = Relation.objects.select_related("to_relation").get(uid=C)
    assert undercut.to_relation is not None
    assert str(undercut.to_relation.uid) == D


def test_the_alias_of_somebody_with_a_login_becomes_another(
    project: Project, mona: User, record: Record
) -> None:
    data = lines(record(reading={"annotator": "A1"}))
    imported = previewed(project, mona, "a.jsonl", data)
    assert imported.preview is not None
    assert imported.preview["annotators"] == [
        {"name": "A1", "alias": "A1-2", "new": True, "mapped": False, "sets": 1}
    ]
    applied(imported, mona)
    found = AnnotationSet.objects.select_related("membership").get()
    assert (found.membership.alias, found.membership.user) == ("A1-2", None)


def test_two_names_never_become_one_person_by_themselves(
    project: Project, mona: User, record: Record
) -> None:
    given = record(reading={"annotator": "A1"})
    given["sets"].append(dict(given["sets"][0], annotator="A1-2"))
    taken(project, mona, "a.jsonl", lines(given))
    assert sorted(found.membership.alias for found in AnnotationSet.objects.select_related("membership")) == [
        "A1-2",
        "A1-2-2",
    ]


def test_an_alias_promised_to_somebody_invited_is_not_taken(
    project: Project, mona: User, record: Record
) -> None:
    members.invite(project, actor=mona, alias="Z1", role="annotator", now=timezone.now())
    taken(project, mona, "a.jsonl", lines(record()))
    assert AnnotationSet.objects.get().membership.alias == "Z1-2"


def test_a_manager_may_map_a_name_to_a_person(
    project: Project, mona: User, ada: User, record: Record
) -> None:
    data = lines(record(reading={"annotator": "first reader", "kind": "human"}))
    taken(project, mona, "a.jsonl", data, map={"first reader": "A1"})
    found = AnnotationSet.objects.get()
    assert found.membership == membership_of(project, ada)
    assert Submission.objects.get(set=found).actor == ada
    assert Assignment.objects.get(set=found).outcome == "submitted"


def test_kind_state_and_round_are_kept(project: Project, mona: User, record: Record) -> None:
    given = record()
    for number, (kind, state) in enumerate(
        [("human", "open"), ("gold", "accepted"), ("model", "submitted"), ("imported", "withdrawn")]
    ):
        given["sets"].append(
            dict(given["sets"][0], annotator=f"B{number}", kind=kind, state=state, round=number + 1)
        )
    taken(project, mona, "a.jsonl", lines(given))
    kept = set(AnnotationSet.objects.values_list("membership__alias", "kind", "state", "round"))
    assert kept == {
        ("Z1", "imported", "submitted", 1),
        ("B0", "human", "open", 1),
        ("B1", "gold", "accepted", 2),
        ("B2", "model", "submitted", 3),
        ("B3", "imported", "withdrawn", 4),
    }


def test_another_reading_of_the_same_person_is_left_out_with_its_reason(
    project: Project, mona: User, record: Record
) -> None:
    taken(project, mona, "a.jsonl", lines(record()))
    other = record(reading=change_span())
    imported = previewed(project, mona, "a.jsonl", lines(other))
    applied(imported, mona)
    assert codes(imported) == [("line 1, set of Z1", "set_differs")]
    assert Span.objects.count() == 2


def test_readings_of_a_text_that_is_not_taken_are_named_too(
    project: Project, mona: User, record: Record
) -> None:
    taken(project, mona, "a.jsonl", lines(record()))
    imported = previewed(project, mona, "a.jsonl", lines(record(text="😊 Cities are safer. Data show that.")))
    applied(imported, mona)
    assert codes(imported) == [("line 1", "document_differs"), ("line 1, set of Z1", "document_not_taken")]


def test_a_submitted_reading_without_a_time_gets_one_and_says_so(
    project: Project, mona: User, record: Record
) -> None:
    imported = previewed(project, mona, "a.jsonl", lines(record(reading={"submitted_at": None})))
    applied(imported, mona)
    assert AnnotationSet.objects.get().submitted_at is not None
    assert list(imported.problems.filter(phase="application").values_list("code", "taken")) == [
        ("no_submission_time", True)
    ]


@pytest.mark.parametrize("kind", ["jsonl", "auto"])
def test_readings_never_become_a_column(project: Project, mona: User, record: Record, kind: str) -> None:
    imported = previewed(project, mona, "a.jsonl", lines(record()), kind)
    assert imported.format == "neutral"
    applied(imported, mona)
    assert AnnotationSet.objects.count() == 1
    assert Document.objects.get().meta == {}


# The scheme of a bundle


def bundle(scheme: dict[str, Any], *documents: dict[str, Any]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("documents.jsonl", lines(*documents))
        archive.writestr("scheme.json", json.dumps(scheme))
    return file.getvalue()


SCHEME = {
    "labels": [
        {"kind": "stance", "slug": "undecided", "name": "Undecided", "key": "1"},
        {"kind": "stance", "slug": "Bad Slug", "name": "Bad"},
        {"kind": "stance"},
    ],
    "targets": [{"slug": "curfew", "name": "Curfew"}],
    "holders": [
        {"slug": "clerk", "name": "A clerk", "parent": None},
        {"slug": "porter", "name": "A porter", "parent": "clerk"},
    ],
}


def test_labels_of_a_bundle_are_added_only_when_asked_for(
    project: Project, mona: User, record: Record
) -> None:
    given = record(reading=change_span(stance="undecided", target="curfew", holder="porter"))
    imported = previewed(project, mona, "b.zip", bundle(SCHEME, given))
    assert imported.preview is not None
    assert [label["slug"] for label in imported.preview["additions"]["labels"]] == ["undecided", "Bad Slug"]
    assert ("line 1, set of Z1", "unknown_label") in codes(imported, "preview")
    done(imports.look_again(imported, {"add_labels": True}, actor=mona).preview_job)
    imported.refresh_from_db()
    assert imported.preview["counts"]["sets"] == 1
    applied(imported, mona)
    found = Span.objects.select_related("stance", "holder", "target").get()
    assert found.stance is not None
    assert found.stance.slug == "undecided"
    assert found.stance.key == "", "the key belongs to another label already"
    assert found.holder is not None
    assert found.holder.parent is not None
    assert (found.holder.slug, found.holder.parent.slug, found.holder.private_to) == ("porter", "clerk", None)
    assert ("scheme.json", "missing_key") in codes(imported)
    assert ("scheme.json", "invalid") in codes(imported)
    assert not Label.objects.filter(slug="Bad Slug").exists()


@pytest.mark.parametrize("scheme", ["[]", "no json", '{"labels": 5}', '{"labels": [5]}'])
def test_a_scheme_that_is_none_is_said(project: Project, mona: User, record: Record, scheme: str) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("documents.jsonl", lines(record()))
        archive.writestr("scheme.json", scheme)
    imported = imports.request(project, Sent("b.zip", file.getvalue()), "auto", {}, actor=mona)
    assert imported.preview_job is not None
    running.run(imported.preview_job.pk)
    imported.refresh_from_db()
    if scheme.startswith("{"):
        assert imported.preview is not None
        assert [problem["place"] for problem in imported.preview["problems"]] == ["scheme.json"]
    else:
        assert imported.state == "failed"


# Once


def test_an_application_that_was_interrupted_goes_on_where_it_stopped(
    project: Project, mona: User, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(previews, "CHUNK_ROWS", 2)
    texts = [
        record(id=f"d{number}", text=f"😊 Cities are safer. Data show it. {number}") for number in range(7)
    ]
    imported = previewed(project, mona, "a.jsonl", lines(*texts) + b"no json\n")
    job = imports.apply(imported, actor=mona).application_job
    assert job is not None
    whole = applications.take_chunk
    calls = []

    def fails_later(*args: Any, **kwargs: Any) -> None:
        calls.append(1)
        whole(*args, **kwargs)
        if len(calls) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(applications, "take_chunk", fails_later)
    with pytest.raises(KeyboardInterrupt):
        running.run(job.pk)
    assert Document.objects.count() == 4
    monkeypatch.setattr(applications, "take_chunk", whole)
    running.run(job.pk)
    assert Document.objects.count() == 4, "the job is still held by the attempt that died"
    Job.objects.filter(pk=job.pk).update(heartbeat_at=timezone.now() - timedelta(minutes=5))
    done(job)
    imported.refresh_from_db()
    assert imported.counts["documents"] == imported.counts["sets"] == Document.objects.count() == 7
    assert imported.counts["not_taken"] == 1
    assert AnnotationSet.objects.count() == 7
    assert codes(imported) == [("line 8", "not_json")]


def test_a_file_that_a_crash_left_behind_goes_with_the_next_attempt(
    project: Project, mona: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported = previewed(project, mona, "a.txt", b"text")
    kept = full(imported.path)
    job = imports.apply(imported, actor=mona).application_job
    assert job is not None

    def crash(imported: Import) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(applications, "let_go", crash)
        with pytest.raises(KeyboardInterrupt):
            running.run(job.pk)
    assert kept.exists()
    Job.objects.filter(pk=job.pk).update(heartbeat_at=timezone.now() - timedelta(minutes=5))
    result = done(job).result
    assert result is not None
    assert result["counts"] == {"documents": 1}
    assert not kept.exists()
    assert Event.objects.filter(verb="import_applied").count() == 1


def test_an_application_that_was_cancelled_can_go_on(
    project: Project, mona: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(previews, "CHUNK_ROWS", 1)
    imported = previewed(project, mona, "a.jsonl", b'{"text": "one"}\n{"text": "two"}\n{"text": "three"}\n')
    job = imports.apply(imported, actor=mona).application_job
    assert job is not None
    whole = applications.take_chunk

    def cancels(*args: Any, **kwargs: Any) -> None:
        whole(*args, **kwargs)
        Job.objects.filter(pk=job.pk).update(cancel_requested=True)

    with monkeypatch.context() as patched:
        patched.setattr(applications, "take_chunk", cancels)
        running.run(job.pk)
    job.refresh_from_db()
    assert (job.state, Document.objects.count()) == ("cancelled", 1)
    assert applied(imported, mona)["counts"] == {"documents": 3}
    assert list(Document.objects.values_list("text", flat=True)) == ["one", "two", "three"]


def test_an_application_stops_where_its_project_is_archived_and_goes_on_after(
    project: Project, mona: User
) -> None:
    imported = previewed(project, mona, "a.jsonl", b'{"text": "one"}\n')
    waiting = imports.apply(imported, actor=mona).application_job
    assert waiting is not None
    archive.archive(project, actor=mona, now=timezone.now())
    running.run(waiting.pk)
    waiting.refresh_from_db()
    assert waiting.error is not None
    assert (waiting.state, waiting.error["code"]) == ("failed", "project_archived")
    assert not Document.objects.exists()
    archive.reopen(project, actor=mona)
    imported.refresh_from_db()
    assert applied(imported, mona)["counts"] == {"documents": 1}


def test_a_text_of_a_million_characters_comes_in_with_a_span_at_its_end(
    project: Project, mona: User, record: Record
) -> None:
    text = "😊 Sanctuary, said the clerk.\r\n" * 40_000
    start = text.rindex("Sanctuary")
    reading = change_span(fragments=[[start, start + 9]], quote="Sanctuary")
    taken(project, mona, "a.jsonl", lines(record(text=text, reading=reading)))
    _, data = exported(project, mona, sets="all")
    [document] = documents_of(data)
    [[left, right]] = document["sets"][0]["spans"][0]["fragments"]
    assert document["text"] == text
    assert document["text"][left:right] == "Sanctuary"


def test_a_chunk_takes_no_effect_for_an_attempt_that_lost_its_job(project: Project, mona: User) -> None:
    imported = previewed(project, mona, "a.txt", b"text")
    job = imports.apply(imported, actor=mona).application_job
    assert job is not None
    attempt = take(job.pk, now=timezone.now())
    assert attempt is not None
    Job.objects.filter(pk=job.pk).update(runner=uuid.uuid4())
    with pytest.raises(running.Cancelled):
        applications.apply(attempt)
    assert not Document.objects.exists()


def test_who_is_no_manager_any_more_applies_nothing(project: Project, mona: User, ben: User) -> None:
    imported = previewed(project, mona, "a.txt", b"text")
    job = imports.apply(imported, actor=mona).application_job
    assert job is not None
    Membership.objects.filter(project=project, user=mona).update(role="observer")
    running.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error and job.error["code"]) == ("failed", "no_right")
    assert not Document.objects.exists()


def test_who_is_removed_while_it_is_applied_applies_no_more(
    project: Project, mona: User, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(previews, "CHUNK_ROWS", 1)
    imported = previewed(project, mona, "a.jsonl", b'{"text": "one"}\n{"text": "two"}\n{"text": "three"}\n')
    job = imports.apply(imported, actor=mona).application_job
    assert job is not None
    Membership.objects.filter(project=project, user=ben).update(role="manager")
    mine = membership_of(project, mona)
    whole = applications.take_chunk

    def goes_after(*args: Any, **kwargs: Any) -> None:
        whole(*args, **kwargs)
        departures.remove(mine, actor=ben, now=timezone.now())

    monkeypatch.setattr(applications, "take_chunk", goes_after)
    running.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error and job.error["code"]) == ("failed", "no_right")
    assert list(Document.objects.values_list("text", flat=True)) == ["one"]


def test_a_chunk_costs_the_same_queries_whatever_is_in_it(
    project: Project, mona: User, record: Record
) -> None:
    taken(project, mona, "names.jsonl", lines(read_by(record, 8, "names")))
    few = queries_of(project, mona, [read_by(record, 1, f"a{number}") for number in range(5)])
    many = queries_of(project, mona, [read_by(record, 8, f"b{number}") for number in range(50)])
    # SQLite takes a thousand values in a statement, so that rows in bulk come in batches; PostgreSQL takes them all.
    batches = (
        2 * 50 * 8 * 40 // connection.features.max_query_params if connection.features.max_query_params else 0
    )
    assert few <= many <= few + batches
    assert Span.objects.count() == 2 * (8 + 5 + 8 * 50)


def read_by(record: Record, readers: int, name: str) -> dict[str, Any]:
    document = record(id=name, text=f"😊 Cities are safer. Data show it. {name}")
    document["sets"] = [dict(document["sets"][0], annotator=f"Z{reader}") for reader in range(readers)]
    return document


def queries_of(project: Project, actor: User, documents: list[dict[str, Any]]) -> int:
    imported = previewed(project, actor, "a.jsonl", lines(*documents))
    job = imports.apply(imported, actor=actor).application_job
    with CaptureQueriesContext(connection) as queries:
        done(job)
    return len(queries)


# Who takes part


def takes_part(project: Project, user: User, *, now: bool = True) -> None:
    Membership.objects.filter(project=project, user=user).update(takes_part=now)


def test_a_manager_who_takes_part_learns_nothing_of_readings_by_importing_some(
    project: Project, mona: User, record: Record, files: Path
) -> None:
    takes_part(project, mona)
    documents_first = lines({**record(), "id": "y", "sets": []}, record())
    for data in (lines(record()), documents_first):
        with pytest.raises(Forbidden) as refused:
            imports.request(project, Sent("a.jsonl", data), "auto", {}, actor=mona)
        assert refused.value.code == "takes_part"
    assert not Import.objects.exists()
    assert not any(path.is_file() for path in files.rglob("*"))
    assert taken(project, mona, "a.jsonl", lines(record(sets=[])))["counts"] == {"documents": 1}


def test_a_manager_who_begins_to_take_part_can_neither_look_again_nor_apply(
    project: Project, mona: User, record: Record
) -> None:
    imported = previewed(project, mona, "a.jsonl", lines(record()))
    waiting = imports.look_again(imported, {}, actor=mona).preview_job
    takes_part(project, mona)
    for refuse in (
        lambda: imports.look_again(imported, {}, actor=mona),
        lambda: imports.apply(imported, actor=mona),
    ):
        with pytest.raises(Forbidden) as refused:
            refuse()
        assert refused.value.code == "takes_part"
    assert waiting is not None
    running.run(waiting.pk)
    waiting.refresh_from_db()
    assert waiting.state == "failed"
    imported.refresh_from_db()
    assert imported.preview is None


def test_an_application_that_waits_is_refused_to_who_begins_to_take_part(
    project: Project, mona: User, record: Record
) -> None:
    imported = previewed(project, mona, "a.jsonl", lines(record()))
    job = imports.apply(imported, actor=mona).application_job
    takes_part(project, mona)
    assert job is not None
    running.run(job.pk)
    job.refresh_from_db()
    assert job.state == "failed"
    assert not AnnotationSet.objects.exists()


def test_who_reads_sees_their_own_imports_without_readings_only(
    project: Project, mona: User, sam: User, record: Record
) -> None:
    members.add(project, actor=mona, alias="M2", role="manager", username="sam")
    plain = previewed(project, mona, "plain.jsonl", b'{"id": "1", "text": "one"}')
    holding = previewed(project, mona, "holding.jsonl", lines(record()))
    theirs = previewed(project, sam, "theirs.jsonl", b'{"id": "2", "text": "two"}')
    seen = Import.objects.visible_to
    assert set(seen(membership_of(project, mona))) == {plain, holding, theirs}
    takes_part(project, mona)
    membership = membership_of(project, mona)
    assert list(seen(membership)) == [plain]
    assert imports.find(membership, plain.pk) == plain
    with pytest.raises(Forbidden):
        imports.find(membership, holding.pk)
    with pytest.raises(NotFound):
        imports.find(membership, theirs.pk)


# What is here already stays, and every difference is named


def remarks(imported: Import, phase: str) -> list[tuple[str, str]]:
    found = ImportProblem.objects.filter(imported=imported, phase=phase, taken=True)
    return list(found.values_list("place", "code"))


def test_a_document_that_is_here_with_another_title_language_or_meta_is_remarked_on(
    project: Project, mona: User
) -> None:
    taken(
        project,
        mona,
        "a.jsonl",
        b'{"id": "1", "text": "one", "title": "One", "language": "en", "year": 2020}',
    )
    told = b'{"id": "1", "text": "one", "title": "Uno", "language": "it", "year": 2021}\n'
    again = previewed(project, mona, "b.jsonl", told + b'{"id": "1", "text": "one"}\n')
    found = [("line 1", "title_differs"), ("line 1", "language_differs"), ("line 1", "meta_differs")]
    assert remarks(again, "preview") == found
    assert applied(again, mona)["counts"] == {"documents_there": 2, "remarks": 3}
    assert remarks(again, "application") == found
    document = Document.objects.get()
    assert (document.title, document.language, document.meta) == ("One", "en", {"year": 2020})


def test_two_rows_of_one_document_that_differ_in_its_title_are_remarked_on(
    project: Project, mona: User
) -> None:
    rows = b'{"id": "1", "text": "one", "title": "One"}\n{"id": "1", "text": "one", "title": "Uno"}\n'
    imported = previewed(project, mona, "a.jsonl", rows)
    applied(imported, mona)
    assert remarks(imported, "preview") == remarks(imported, "application") == [("line 2", "title_differs")]


def bundled(scheme: dict[str, Any], *documents: dict[str, Any]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("documents.jsonl", lines(*documents))
        archive.writestr("scheme.json", json.dumps(scheme))
    return file.getvalue()


@pytest.mark.parametrize("add_labels", [False, True])
def test_a_scheme_that_differs_from_the_projects_is_remarked_on_entry_by_entry(
    project: Project, mona: User, record: Record, add_labels: bool
) -> None:
    label = project.labels.get(kind="stance", slug="nuanced")
    same = {"kind": "stance", "slug": "nuanced", "name": label.name, "color": label.color, "key": label.key}
    scheme = {
        "labels": [{**same, "definition": "Another definition"}],
        "targets": [{"slug": project.targets.all()[0].slug, "name": "Another name"}],
        "guidelines": [{"version": 1, "text": "Another wording"}, {"version": 2, "text": "A second"}],
    }
    imported = previewed(project, mona, "a.zip", bundled(scheme, record()), add_labels=add_labels)
    found = ["definition_differs", "name_differs", "guideline_differs"]
    assert [code for _, code in remarks(imported, "preview")] == found
    assert codes(imported, "preview") == [("scheme.json", "guideline_differs")]
    assert imported.preview is not None
    assert imported.preview["counts"]["remarks"] == 3
    counts = applied(imported, mona)["counts"]
    assert (counts["remarks"], counts["not_taken"]) == (3, 1)
    assert [code for _, code in remarks(imported, "application")] == found
    assert codes(imported) == [("scheme.json", "guideline_differs")]
    label.refresh_from_db()
    assert label.definition != "Another definition"
    assert list(project.guidelines.values_list("version", flat=True)) == [1]


def test_all_versions_of_a_guideline_come_with_their_numbers_where_there_is_none(
    mona: User, record: Record
) -> None:
    empty = studies.create(actor=mona, slug="empty", name="Empty")
    scheme = {"guidelines": [{"version": 2, "text": "First wording"}, {"version": 5, "text": "Last wording"}]}
    taken(empty, mona, "a.zip", bundled(scheme, record(sets=[])), add_labels=True)
    found = list(empty.guidelines.values_list("version", "text"))
    assert found == [(2, "First wording"), (5, "Last wording")]


def test_a_guidelines_version_that_is_not_here_is_not_noted_and_said_so(
    project: Project, mona: User, record: Record
) -> None:
    document = record()
    document["sets"][0]["spans"][0]["guideline"] = 1
    document["sets"][0]["spans"][1]["guideline"] = 7
    document["sets"][0]["relations"][0]["guideline"] = 7
    imported = previewed(project, mona, "a.jsonl", lines(document))
    applied(imported, mona)
    assert list(Span.objects.order_by("start").values_list("guideline", flat=True)) == [1, None]
    assert Relation.objects.get().guideline is None
    told = [("line 1, set of Z1", "unknown_guideline")]
    assert remarks(imported, "preview") == remarks(imported, "application") == told


def test_human_readings_beyond_those_wanted_are_remarked_on(
    project: Project, reading: AnnotationSet, mona: User, record: Record
) -> None:
    def of(alias: str) -> dict[str, Any]:
        return {**record()["sets"][0], "annotator": alias, "kind": "human", "spans": [], "relations": []}

    data = lines(record(id="d1", text=TEXT, language="", sets=[of("Z1"), of("Z2"), of("Z3")]))
    imported = previewed(project, mona, "a.jsonl", data)
    told = [
        ("line 1, set of Z2", "more_readers_than_wanted"),
        ("line 1, set of Z3", "more_readers_than_wanted"),
    ]
    assert remarks(imported, "preview") == told
    assert applied(imported, mona)["counts"]["sets"] == 3
    assert remarks(imported, "application") == told


# Files that nobody goes on with


def test_a_file_that_nobody_goes_on_with_is_forgotten_after_thirty_days(project: Project, mona: User) -> None:
    data = b'{"id": "1", "text": "one"}'
    left, looked_at_again, begun = (previewed(project, mona, "a.jsonl", data) for _ in range(3))
    now, kept = timezone.now(), full(left.path)
    imports.apply(begun, actor=mona)
    assert imports.tidy(now + timedelta(days=29)) == 0
    Import.objects.update(created_at=now - timedelta(days=31))
    Job.objects.exclude(parameters__import=looked_at_again.pk).update(created_at=now - timedelta(days=31))
    fresh = previewed(project, mona, "b.jsonl", data)
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert imports.tidy(now) == 1
    assert set(Import.objects.all()) == {looked_at_again, begun, fresh}
    assert not kept.exists()
    assert all(full(each.path).is_file() for each in Import.objects.all())
    event = Event.objects.get(verb="import_discarded")
    assert (event.actor_id, event.project_id) == (None, project.pk)


def test_tidying_is_one_of_the_tasks_that_the_beat_asks_for() -> None:
    asked = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    app.loader.import_default_modules()
    assert tasks.tidy.name in asked
    assert asked <= set(app.tasks)
