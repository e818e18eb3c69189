"""The database itself refuses what the rules refuse: each constraint by itself, on either database."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from annotator.accounts.models import ApiToken, User
from annotator.annotations.models import AnnotationSet, Comment, DocumentLabel, Recusal, Relation, Span
from annotator.assignments.models import Assignment, Review, Submission
from annotator.documents.models import Document
from annotator.exchange.models import Import, ImportProblem
from annotator.history.models import Event
from annotator.jobs.models import Job, JobPart
from annotator.projects.models import Guideline, Holder, Invitation, Label, Membership, Project, Target

pytestmark = pytest.mark.django_db
U = uuid.UUID(int=1)
NOW = timezone.now()


class Rows:
    """A small study, and functions that make rows of it with one thing wrong."""

    def __init__(self, reading: AnnotationSet, actor: User) -> None:
        self.reading, self.actor, self.project = reading, actor, reading.project
        self.document, self.membership = reading.document, reading.membership
        self.label = Label.objects.get(project=self.project, kind="role", slug="claim")
        self.relation_label = Label.objects.get(project=self.project, kind="relation", slug="attacks")
        self.one, self.two = self.span(), self.span()
        self.between = self.relation()

    def span(self, **values: Any) -> Span:
        given = {
            "set": self.reading,
            "uid": uuid.uuid4(),
            "fragments": [[0, 1]],
            "start": 0,
            "end": 1,
            **values,
        }
        return Span.objects.create(**given)

    def relation(self, **values: Any) -> Relation:
        given = {"set": self.reading, "uid": uuid.uuid4(), "label": self.relation_label, "source": self.one}
        return Relation.objects.create(**{**given, **(values or {"to_span": self.two})})

    def set(self, **values: Any) -> AnnotationSet:
        given = {
            "project": self.project,
            "document": self.document,
            "membership": self.membership,
            "kind": "model",
        }
        return AnnotationSet.objects.create(**{**given, **values})

    def job(self, **values: Any) -> Job:
        return Job.objects.create(project=self.project, kind="x", created_by=self.actor, **values)

    def again(self, row: models.Model, **values: Any) -> models.Model:
        """The same row once more, under another key."""
        names = [field.attname for field in row._meta.concrete_fields if not field.primary_key]
        copied = type(row)(**{**{name: getattr(row, name) for name in names}, **values})
        models.Model.save(copied, force_insert=True)
        return copied


# Every constraint of ours: how to break it.
BROKEN: dict[str, Callable[[Rows], Any]] = {
    "project_readers_positive": lambda r: Project.objects.create(slug="x", name="X", readers_per_document=0),
    "project_lease_positive": lambda r: Project.objects.create(slug="x", name="X", lease_minutes=0),
    "project_open_after_known": lambda r: Project.objects.create(slug="x", name="X", open_after="soon"),
    "membership_alias_once": lambda r: Membership.objects.create(project=r.project, alias="A1"),
    "membership_user_once": lambda r: Membership.objects.create(
        project=r.project, alias="X", user=r.membership.user
    ),
    "membership_former_once": lambda r: [
        Membership.objects.create(project=r.project, alias=alias, former=r.membership.user, takes_part=False)
        for alias in ("X", "Y")
    ],
    "membership_former_is_gone": lambda r: Membership.objects.create(
        project=r.project, alias="X", former=r.membership.user, takes_part=True
    ),
    "membership_role_known": lambda r: Membership.objects.create(project=r.project, alias="X", role="god"),
    "target_slug_once": lambda r: r.again(Target.objects.get()),
    "label_slug_once": lambda r: r.again(r.label, key=""),
    "label_key_once": lambda r: r.again(r.label, slug="other"),
    "label_group_of_document_only": lambda r: Label.objects.create(
        project=r.project, kind="role", group="genre", slug="x", name="X"
    ),
    "guideline_version_once": lambda r: r.again(Guideline.objects.get()),
    "holder_slug_once": lambda r: [
        Holder.objects.create(project=r.project, slug="x", name="X") for _ in range(2)
    ],
    "holder_private_slug_once": lambda r: [
        Holder.objects.create(project=r.project, slug="x", name="X", private_to=r.membership)
        for _ in range(2)
    ],
    "document_external_id_once": lambda r: r.again(r.document),
    "document_not_empty": lambda r: Document.objects.create(project=r.project, external_id="x", text=""),
    "set_once_a_reading": lambda r: r.set(kind="human"),
    "set_kind_known": lambda r: r.set(kind="robot"),
    "set_state_known": lambda r: r.set(state="lost"),
    "set_round_positive": lambda r: r.set(round=0),
    "set_submitted_has_time": lambda r: r.set(state="submitted"),
    "recusal_once": lambda r: [
        Recusal.objects.create(document=r.document, membership=r.membership) for _ in range(2)
    ],
    "span_uid_once": lambda r: r.again(r.one),
    "span_not_empty": lambda r: r.span(start=5, end=5),
    "span_confidence_share": lambda r: r.span(confidence=1.5),
    "relation_uid_once": lambda r: r.again(r.between),
    "relation_one_end": lambda r: r.relation(to_span=r.two, to_relation=r.between),
    "relation_not_to_itself": lambda r: r.relation(to_span=r.one),
    "relation_confidence_share": lambda r: r.relation(to_span=r.two, confidence=-0.1),
    "document_label_group_once": lambda r: [
        DocumentLabel.objects.create(set=r.reading, group="genre", label=r.label) for _ in range(2)
    ],
    "comment_uid_once": lambda r: [
        Comment.objects.create(set=r.reading, uid=U, author=r.membership, text="?") for _ in range(2)
    ],
    "assignment_one_open": lambda r: Assignment.objects.create(
        project=r.project, set=r.reading, created_at=NOW
    ),
    "assignment_ended_has_outcome": lambda r: Assignment.objects.update(ended_at=NOW),
    "submission_one_standing": lambda r: [
        Submission.objects.create(set=r.reading, actor=r.actor, at=NOW) for _ in range(2)
    ],
    "review_decision_known": lambda r: Review.objects.create(
        set=r.reading, actor=r.actor, decision="maybe", at=NOW
    ),
    "job_progress_share": lambda r: r.job(progress=1.01),
    "job_state_known": lambda r: r.job(state="asleep"),
    "job_part_number_once": lambda r: [
        JobPart.objects.create(job=job, number=0, parameters={}) for job in [r.job()] * 2
    ],
    "import_state_known": lambda r: Import.objects.create(
        project=r.project, name="x", size=1, sha256="x", format="csv", created_by=r.actor, state="lost"
    ),
    "import_format_known": lambda r: Import.objects.create(
        project=r.project, name="x", size=1, sha256="x", format="exe", created_by=r.actor
    ),
    "import_problem_phase_known": lambda r: ImportProblem.objects.create(
        imported=Import.objects.create(
            project=r.project, name="x", size=1, sha256="x", format="csv", created_by=r.actor
        ),
        phase="never",
        place="line 1",
        code="x",
        detail="x",
        taken=False,
    ),
}

MORE: list[tuple[str, Callable[[Rows], Any]]] = [
    ("a span that ends before it starts", lambda r: r.span(start=5, end=2)),
    ("a span before the text", lambda r: r.span(start=-1, end=2)),
    ("negative confidence", lambda r: r.span(confidence=-0.01)),
    ("a relation to nothing", lambda r: r.relation(confidence=0.5)),
    ("an accepted set without a time", lambda r: r.set(state="accepted")),
    ("a document label without a group", lambda r: Label.objects.create(
        project=r.project, kind="document", slug="x", name="X")),
    ("an open assignment with an outcome", lambda r: Assignment.objects.update(outcome="lapsed")),
    ("negative progress", lambda r: r.job(progress=-0.01)),
    ("a second project of one address", lambda r: Project.objects.create(slug="harbour", name="X")),
    ("a second token of one digest", lambda r: [
        ApiToken.objects.create(user=r.actor, name="x", digest="x") for _ in range(2)]),
    ("a second invitation of one digest", lambda r: [
        Invitation.objects.create(project=r.project, alias="x", digest="x", created_by=r.actor, expires_at=NOW)
        for _ in range(2)]),
    ("a set of no document", lambda r: r.set(document_id=10**6)),
]  # fmt: skip


@pytest.fixture
def rows(reading: AnnotationSet, mona: User) -> Rows:
    return Rows(reading, mona)


def refused(work: Callable[[Rows], Any], rows: Rows) -> str:
    """What the database says; foreign keys are looked at too."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():  # noqa: PT012
        work(rows)
        connection.check_constraints()
    return str(error.value)


def test_each_constraint_refuses_by_itself(rows: Rows, subtests: Any) -> None:
    for name, work in BROKEN.items():
        with subtests.test(name):
            said = refused(work, rows)
            # SQLite names the columns of a plain unique constraint and not the constraint.
            assert name in said or (connection.vendor == "sqlite" and "UNIQUE" in said), said


def test_every_constraint_is_tried() -> None:
    ours = {
        constraint.name
        for model in apps.get_models()
        if model.__module__.startswith("annotator.")
        for constraint in model._meta.constraints
    }
    assert ours == set(BROKEN)


def test_what_else_the_database_refuses(rows: Rows, subtests: Any) -> None:
    for name, work in MORE:
        with subtests.test(name):
            refused(work, rows)


def test_the_same_rows_without_the_fault_are_taken(rows: Rows) -> None:
    """The tests above fail for the reason they name: all these may be."""
    rows.span(start=0, end=1, confidence=0.0)
    rows.span(start=0, end=1, confidence=1.0)
    rows.relation(to_relation=rows.between, confidence=1.0)
    rows.set(state="submitted", submitted_at=NOW)
    rows.set(round=2)
    rows.again(rows.label, slug="other", key="")
    rows.again(rows.one, uid=uuid.uuid4())
    rows.job(progress=1.0)
    other = Membership.objects.create(project=rows.project, alias="X")
    for one in (None, other, rows.membership):
        Holder.objects.create(project=rows.project, slug="x", name="X", private_to=one)
    Membership.objects.create(project=rows.project, alias="Y")
    Assignment.objects.update(ended_at=NOW, outcome="lapsed")
    Assignment.objects.create(project=rows.project, set=rows.reading, created_at=NOW)


def test_history_is_only_added_to(rows: Rows) -> None:
    event = Event.objects.latest("id")
    event.verb = "nothing_happened"
    with pytest.raises(TypeError):
        event.save()
    with pytest.raises(TypeError):
        event.delete()
    assert Event.objects.latest("id").verb != "nothing_happened"


def test_a_text_never_changes(rows: Rows) -> None:
    rows.document.text = "Another text."
    for fields in (None, ["text"], ["title", "text"]):
        with pytest.raises(TypeError):
            rows.document.save(**({"update_fields": fields} if fields else {}))
    rows.document.title = "A title"
    rows.document.save(update_fields=["title"])
    assert Document.objects.get().text != "Another text."


def test_what_somebody_has_read_or_used_stays(rows: Rows, api: Any) -> None:
    from tests.api.refusals import check_refused, nothing_stored

    Span.objects.filter(pk=rows.one.pk).update(role=rows.label)
    client = api(rows.actor)
    with nothing_stored():
        url = f"/api/v1/projects/harbour/documents/{rows.document.pk}/"
        check_refused(client.delete(url), 409, "document_read")
        check_refused(client.delete(f"/api/v1/projects/harbour/labels/{rows.label.pk}/"), 409, "in_use")
        check_refused(
            client.delete(f"/api/v1/projects/harbour/labels/{rows.relation_label.pk}/"), 409, "in_use"
        )
