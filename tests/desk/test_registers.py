"""Every model is at the desk, opens, and shows nobody another project's rows."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from annotator.accounts import tokens
from annotator.accounts.models import User
from annotator.annotations import comments, document_labels, relations, rules
from annotator.annotations.models import AnnotationSet, Recusal, Span
from annotator.annotations.sets import Address
from annotator.assignments import reviewing
from annotator.desk.registers import Register, SuperuserRegister
from annotator.documents.models import Document, FoldedText
from annotator.exchange.models import Import, ImportProblem
from annotator.history.models import Event
from annotator.jobs.models import Job, JobPart
from annotator.projects import holders, members
from annotator.projects.models import Project
from annotator.reports.models import AgreementReport
from tests.conftest import add_document, claim, membership_of
from tests.desk.conftest import list_of, mark, page_of, staff, submit

# Django's own permissions play no part here, and its registry of models says nothing to people.
NOT_SHOWN = {Group, Permission, ContentType, FoldedText}
REGISTERED = sorted(admin.site._registry, key=lambda model: model._meta.label)
OF_NO_PROJECT = [model for model in REGISTERED if isinstance(admin.site._registry[model], SuperuserRegister)]
OF_PROJECTS = [
    model for model in REGISTERED if not isinstance(admin.site._registry[model], SuperuserRegister)
]
MOST_QUERIES = 8


@pytest.fixture
def furnished(
    project: Project, submitted: AnnotationSet, mona: User, ada: User, ben: User, rosa: User
) -> Project:
    """Harbour with at least one row of everything; Ada's reading is accepted, Ben's is open."""
    furnish(project, mona, ada, rosa, submitted)
    add_document(project, mona, "d2", "Another text.")
    mark(claim(project, ben), ben, 0, 4, stance="nuanced", role="claim")
    return project


def furnish(project: Project, manager: User, annotator: User, reviewer: User, found: AnnotationSet) -> None:
    now = timezone.now()
    address = Address(project.slug, found.pk)
    membership = membership_of(project, annotator)
    holders.add(project, slug="chief", name="The chief", parent=None, membership=membership, actor=annotator)
    members.invite(project, actor=manager, alias="N1", role="annotator", now=now)
    tokens.make(annotator, name="script", now=now, actor=annotator)
    reviewing.decide(address, "returned", note="Look again.", actor=reviewer, now=now)
    first, second = Span.objects.filter(set=found).values_list("uid", flat=True)[:2]
    draft = rules.RelationDraft("supports", source=second, to_span=first)
    relations.put(address, uuid4(), draft, actor=annotator, now=now)
    group = project.labels.filter(kind="document").first()
    assert group is not None
    document_labels.put(address, {group.group: group.slug}, actor=annotator, now=now)
    comments.put(address, uuid4(), rules.CommentDraft("Is it?"), actor=annotator, now=now)
    submit(found, annotator)
    Recusal.objects.create(document=found.document, membership=membership_of(project, reviewer))
    job = Job.objects.create(
        project=project, kind="agreement", created_by=manager, state="done", result={"report": 1}
    )
    AgreementReport.objects.create(
        project=project, job=job, specification={"layer": "stance"}, created_by=manager
    )
    came_in(project, manager)
    JobPart.objects.create(job=job, number=1, parameters={})


def came_in(project: Project, user: User) -> None:
    """A file that was looked at, with a problem in it."""
    imported = Import.objects.create(
        project=project, name="texts.zip", size=9, sha256="0" * 64, format="zip", created_by=user
    )
    ImportProblem.objects.create(
        imported=imported, phase="preview", place="a.txt", code="empty", detail="", taken=False
    )


def test_every_model_is_registered_or_left_out_on_purpose() -> None:
    assert set(apps.get_models()) - set(REGISTERED) == NOT_SHOWN


def test_every_list_can_be_searched_and_filtered() -> None:
    bare = [
        model._meta.label
        for model, found in admin.site._registry.items()
        if model is not Session and not (found.search_fields and found.list_filter)
    ]
    assert bare == []


def test_a_superuser_opens_every_list_and_page(
    furnished: Project, sue: User, desk: Callable[[User], Client]
) -> None:
    client = desk(sue)
    pages = [list_of(model) for model in REGISTERED] + [f"{list_of(model)}?q=a" for model in REGISTERED]
    pages += [page_of(row) for model in REGISTERED if model is not Session for row in model.objects.all()[:2]]
    assert {page: status for page in pages if (status := client.get(page).status_code) != 200} == {}


def test_a_manager_of_the_staff_opens_every_list_and_page_of_their_project(
    furnished: Project, mona: User, desk: Callable[[User], Client]
) -> None:
    client = desk(staff(mona))
    for model in OF_PROJECTS:
        answer = client.get(list_of(model))
        assert answer.status_code == 200, model
        rows = answer.context["cl"].result_list[:2]
        assert [client.get(page_of(row)).status_code for row in rows] == [200] * len(rows) != [], model


def test_another_projects_rows_are_neither_listed_nor_there(
    furnished: Project,
    elsewhere: AnnotationSet,
    mona: User,
    sam: User,
    ben: User,
    desk: Callable[[User], Client],
) -> None:
    rita = person_named("rita")
    members.add(elsewhere.project, actor=sam, alias="R9", role="reviewer", username=rita.username)
    mark_again(elsewhere, ben)
    furnish(elsewhere.project, sam, ben, rita, elsewhere)
    client = desk(staff(mona))
    for model in OF_PROJECTS:
        foreign = set(keys_in(model, elsewhere.project))
        assert foreign, model
        page = client.get(list_of(model))
        assert {row.pk for row in page.context["cl"].result_list}.isdisjoint(foreign), model
        assert b"Elsewhere" not in page.content, model
        for key in sorted(foreign, key=str)[:2]:
            assert statuses(client, model, key) == {"change": 404, "delete": 404, "history": 404}, model


def statuses(client: Client, model: Any, key: Any) -> dict[str, int]:
    """What each page of this row answers."""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    pages = {page: reverse(f"{name}_{page}", args=[key]) for page in ("change", "delete", "history")}
    return {page: client.get(address).status_code for page, address in pages.items()}


def person_named(name: str) -> User:
    return User.objects.create_user(username=name, password=None)


def mark_again(found: AnnotationSet, user: User) -> None:
    """A second span in a submitted reading, which its annotator reopened for it."""
    from annotator.assignments import submission

    submission.reopen(Address(found.project.slug, found.pk), actor=user, now=timezone.now())
    mark(found, user, 5, 11, stance="nuanced")
    submit(found, user)


def keys_in(model: Any, project: Project) -> Iterator[Any]:
    """The keys of the model's rows that belong to the project."""
    if model is Project:
        return iter([project.pk])
    names = {field.name for field in model._meta.get_fields()}
    paths = {
        "project": "project",
        "project_id": "project_id",
        "document": "document__project",
        "set": "set__project",
    }
    paths |= {"imported": "imported__project", "job": "job__project"}
    path = next(path for name, path in paths.items() if name in names)
    return iter(model._default_manager.filter(**{path: project.pk}).values_list("pk", flat=True))


def test_tables_of_no_project_are_for_superusers(
    project: Project, mona: User, desk: Callable[[User], Client]
) -> None:
    client = desk(staff(mona))
    assert {client.get(list_of(model)).status_code for model in OF_NO_PROJECT} == {403}


def test_staff_without_a_project_see_an_empty_desk(
    furnished: Project, elsewhere: AnnotationSet, ada: User, desk: Callable[[User], Client]
) -> None:
    client = desk(staff(ada))
    assert client.get(reverse("admin:index")).context["app_list"] == []
    for model in OF_PROJECTS:
        assert client.get(list_of(model)).status_code == 403


def test_who_is_not_staff_is_asked_to_sign_in(
    project: Project, mona: User, desk: Callable[[User], Client]
) -> None:
    assert desk(mona).get(list_of(Document)).status_code == 302


@pytest.mark.parametrize("who", ["sue", "mona"])
def test_every_list_takes_the_same_few_queries_whatever_its_length(
    who: str, furnished: Project, sue: User, mona: User, desk: Callable[[User], Client]
) -> None:
    client, models = (desk(sue), REGISTERED) if who == "sue" else (desk(staff(mona)), OF_PROJECTS)
    client.get(list_of(Project))
    before = {model: queries(client, model) for model in models}
    grow(furnished, mona)
    after = {model: queries(client, model) for model in models}
    assert {model: len(asked) for model, asked in after.items()} == {
        m: len(asked) for m, asked in before.items()
    }
    assert [asked for asked in after.values() if len(asked) > MOST_QUERIES] == []


def queries(client: Client, model: Any) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(list_of(model)).status_code == 200
    return [query["sql"] for query in captured.captured_queries]


def grow(project: Project, mona: User) -> None:
    """More of everything, each with related rows of its own."""
    for number in range(6):
        user = person_named(f"n{number}")
        members.add(project, actor=mona, alias=f"N{number}x", role="annotator", username=user.username)
        members.invite(project, actor=mona, alias=f"I{number}", role="annotator", now=timezone.now())
        add_document(project, mona, f"more-{number}", f"Cities are safer, says number {number}. And so on.")
        found = claim(project, user)
        mark(found, user, 0, 6, stance="nuanced", role="claim")
        mark(found, user, 3, 9, stance="anti-sanctuary", role="premise")
        furnish_lightly(project, user, found, mona)
        Client().force_login(user, backend="django.contrib.auth.backends.ModelBackend")


def furnish_lightly(project: Project, user: User, found: AnnotationSet, mona: User) -> None:
    now, address = timezone.now(), Address(project.slug, found.pk)
    first, second = Span.objects.filter(set=found).values_list("uid", flat=True)
    relations.put(
        address, uuid4(), rules.RelationDraft("supports", source=second, to_span=first), actor=user, now=now
    )
    comments.put(address, uuid4(), rules.CommentDraft("Is it?"), actor=user, now=now)
    group = project.labels.filter(kind="document").first()
    assert group is not None
    document_labels.put(address, {group.group: group.slug}, actor=user, now=now)
    holders.add(
        project,
        slug=f"h-{user}",
        name=f"H {user}",
        parent=None,
        membership=membership_of(project, user),
        actor=user,
    )
    submit(found, user)
    reviewing.decide(address, "accepted", note="", actor=mona, now=now)
    tokens.make(user, name="script", now=now, actor=user)
    job = Job.objects.create(project=project, kind="agreement", created_by=user, state="queued")
    AgreementReport.objects.create(
        project=project, job=job, specification={"layer": "stance"}, created_by=user
    )
    came_in(project, user)
    JobPart.objects.create(job=job, number=1, parameters={})


def test_no_lookup_reads_a_field_that_is_not_shown(
    furnished: Project, mona: User, desk: Callable[[User], Client]
) -> None:
    client = desk(staff(mona))
    for address, query in [
        ("admin:projects_invitation_changelist", "digest__startswith"),
        ("admin:projects_membership_changelist", "user__password__startswith"),
        ("admin:jobs_job_changelist", "created_by__password__startswith"),
    ]:
        assert client.get(reverse(address), {query: "a"}).status_code == 400


def test_keys_and_digests_are_on_no_page(
    furnished: Project, sue: User, desk: Callable[[User], Client]
) -> None:
    client = desk(sue)
    [token] = User.objects.get(username="ada").api_tokens.all()
    [invitation] = furnished.invitations.all()
    session = client.session.session_key
    assert session
    for address in [
        page_of(token),
        page_of(invitation),
        list_of(Session),
        list_of(type(token)),
        list_of(type(invitation)),
    ]:
        page = client.get(address).content.decode()
        for secret in (token.digest, invitation.digest, session):
            assert secret not in page


def test_every_register_is_one_of_ours() -> None:
    assert all(isinstance(found, Register) for found in admin.site._registry.values())


def test_history_cannot_be_written_at_the_desk(
    furnished: Project, sue: User, desk: Callable[[User], Client]
) -> None:
    client = desk(sue)
    event = Event.objects.first()
    assert event is not None
    assert client.post(page_of(event), {"verb": "forged"}).status_code == 403
    assert client.get(reverse("admin:history_event_add")).status_code == 403
    assert (
        client.post(reverse("admin:history_event_delete", args=[event.pk]), {"post": "yes"}).status_code
        == 403
    )
