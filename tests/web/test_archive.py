"""A project is put away, opened again, and deleted for good by who types its name."""

import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from annotator.accounts.models import User
from annotator.annotations.models import AnnotationSet, Span
from annotator.documents.models import Document
from annotator.exchange import deletion, demo
from annotator.exchange.uploads import full
from annotator.history.models import Event
from annotator.jobs import running
from annotator.jobs.models import Job
from annotator.projects import archive, members
from annotator.projects.models import Membership, Project
from tests.api.refusals import check_refused, nothing_stored
from tests.conftest import claim

pytestmark = pytest.mark.django_db
P = "/api/v1/projects/harbour"
HERE = "/projects/harbour"
SPAN = {"start": 2, "end": 19, "role": "claim"}


@pytest.fixture
def away(project: Project, mona: User) -> Project:
    return archive.archive(project, actor=mona, now=timezone.now())


def test_nothing_of_an_archived_project_changes(
    api: Any, project: Project, mona: User, ada: User, rosa: User, reading: AnnotationSet
) -> None:
    url = f"{P}/sets/{reading.pk}"
    span = f"{url}/spans/{uuid.uuid4()}/"
    api(ada).put(span, SPAN)
    archive.archive(project, actor=mona, now=timezone.now())
    changes: list[tuple[User, str, str, Any]] = [
        (ada, "put", f"{url}/spans/{uuid.uuid4()}/", SPAN),
        (ada, "delete", span, None),
        (ada, "put", f"{url}/comments/{uuid.uuid4()}/", {"text": "Why?"}),
        (ada, "put", f"{url}/document-labels/", {"genre": "news"}),
        (ada, "put", f"{url}/submission/", None),
        (ada, "post", f"{P}/assignments/", None),
        (ada, "post", f"{P}/holders/", {"slug": "x", "name": "X"}),
        (mona, "patch", f"{P}/", {"name": "Other"}),
        (mona, "post", f"{P}/labels/", {"kind": "role", "slug": "x", "name": "X"}),
        (mona, "post", f"{P}/guidelines/", {"text": "Other"}),
        (mona, "post", f"{P}/documents/", {"external_id": "x", "text": "X"}),
        (mona, "post", f"{P}/memberships/", {"alias": "X", "role": "annotator"}),
        (mona, "post", f"{P}/invitations/", {"alias": "X", "role": "annotator"}),
    ]
    with nothing_stored():
        for person, method, path, body in changes:
            answer = getattr(api(person), method)(path, body, format="json")
            check_refused(answer, 409, "project_archived")
    AnnotationSet.objects.filter(pk=reading.pk).update(state="submitted", submitted_at=timezone.now())
    check_refused(api(rosa).put(f"{url}/review/", {"decision": "accepted"}), 409, "project_archived")
    check_refused(api(ada).delete(f"{url}/submission/"), 409, "project_archived")


def test_it_is_read_and_exported_all_the_same(
    api: Any, visitor: Any, document: Document, away: Project, mona: User, ada: User
) -> None:
    for path in ("", "documents/", "sets/", "labels/", "jobs/"):
        assert api(mona).get(f"{P}/{path}").status_code == 200, path
    assert api(mona).get(f"{P}/").json()["archived_at"]
    assert api(mona).post(f"{P}/exports/", {"format": "bundle"}).status_code == 202
    client = visitor(mona)
    for page in (
        "",
        "documents/",
        "members/",
        "settings/",
        "exports/",
        "guideline/",
        "imports/",
        "agreement/",
    ):
        shown = client.get(f"{HERE}/{page}")
        assert shown.status_code == 200, page
        assert "This project is archived" in shown.content.decode(), page
    assert "Open it again" not in visitor(ada).get(f"{HERE}/").content.decode()


def test_a_page_that_posts_is_told(visitor: Any, away: Project, mona: User) -> None:
    answer = visitor(mona).post(f"{HERE}/settings/targets/", {"target-name": "Curfew"})
    assert answer.status_code == 409
    assert "archived" in answer.content.decode()


def test_an_invitation_waits_until_the_project_is_open_again(
    visitor: Any, project: Project, mona: User, sam: User
) -> None:
    _, key = members.invite(project, actor=mona, alias="A9", role="annotator", now=timezone.now())
    archive.archive(project, actor=mona, now=timezone.now())
    page = visitor(sam)
    answer = page.post(f"/invitations/{key}/", follow=True)
    assert "archived" in answer.content.decode()
    assert not Membership.objects.filter(user=sam).exists()
    archive.reopen(project, actor=mona)
    page.post(f"/invitations/{key}/")
    assert Membership.objects.get(user=sam).alias == "A9"


def test_it_is_out_of_the_way_and_comes_back_as_it_was(
    api: Any, visitor: Any, project: Project, mona: User, ada: User, reading: AnnotationSet
) -> None:
    client = visitor(mona)
    assert "Archive this project?" in client.get(f"{HERE}/archive/").content.decode()
    client.post(f"{HERE}/archive/")
    home = client.get("/").content.decode()
    assert "Archived (1)" in home
    assert "Label next" not in visitor(ada).get("/").content.decode()
    assert Event.objects.filter(verb="project_archived").count() == 1
    client.post(f"{HERE}/archive/end/")
    assert "Archived (1)" not in client.get("/").content.decode()
    assert api(ada).put(f"{P}/sets/{reading.pk}/spans/{uuid.uuid4()}/", SPAN).status_code == 201
    with nothing_stored():
        assert api(mona).delete(f"{P}/archive/").json()["archived_at"] is None


@pytest.mark.parametrize("door", ["page", "api"])
def test_nobody_loses_a_seat_while_nothing_can_be_saved(
    api: Any,
    visitor: Any,
    project: Project,
    mona: User,
    ada: User,
    ben: User,
    reading: AnnotationSet,
    door: str,
) -> None:
    """Ada has ten minutes left when the project goes away for a month, and they are there when it comes back."""
    Project.objects.update(readers_per_document=1)
    left, away = timedelta(minutes=10), timedelta(days=30)
    put_away = timezone.now() - away
    archive.archive(project, actor=mona, now=put_away)
    AnnotationSet.objects.filter(pk=reading.pk).update(lease_until=put_away + left)
    if door == "page":
        visitor(mona).post(f"{HERE}/archive/end/")
    else:
        assert api(mona).delete(f"{P}/archive/").status_code == 200
    reading.refresh_from_db()
    assert reading.lease_until is not None
    assert timedelta(minutes=9) < reading.lease_until - timezone.now() <= left
    assert api(ben).post(f"{P}/assignments/").status_code == 204
    assert api(ada).put(f"{P}/sets/{reading.pk}/spans/{uuid.uuid4()}/", SPAN).status_code == 201
    until = AnnotationSet.objects.get(pk=reading.pk).lease_until
    api(mona).delete(f"{P}/archive/")
    assert AnnotationSet.objects.get(pk=reading.pk).lease_until == until, "again adds nothing"


def test_only_an_archived_project_goes_and_only_by_its_name(
    visitor: Any, project: Project, document: Document, mona: User
) -> None:
    client = visitor(mona)
    refused = client.post(f"{HERE}/removal/", {"name": "Harbour"})
    assert refused.status_code == 409
    assert "Only an archived project" in refused.content.decode()
    archive.archive(project, actor=mona, now=timezone.now())
    asked = client.get(f"{HERE}/archive/").content.decode()
    assert asked.index("Export a bundle first") < asked.index("Delete for good")
    assert "1 document, 0 readings and 0 spans" in asked
    for name in ("", "harbor", "harbour ordinance"):
        assert client.post(f"{HERE}/removal/", {"name": name}).status_code == 400
    running_job = Job.objects.create(project=project, kind="export", created_by=mona)
    assert "still running" in client.post(f"{HERE}/removal/", {"name": "Harbour"}).content.decode()
    assert Project.objects.filter(pk=project.pk).exists()
    running_job.delete()
    assert client.post(f"{HERE}/removal/", {"name": "Harbour"}).status_code == 302
    assert not Project.objects.filter(pk=project.pk).exists()
    assert client.get(f"{HERE}/").status_code == 404


def test_a_manager_who_reads_is_not_told_how_much_was_read(visitor: Any, away: Project, mona: User) -> None:
    Membership.objects.filter(user=mona).update(takes_part=True)
    assert (
        "All documents and all readings go with it" in visitor(mona).get(f"{HERE}/archive/").content.decode()
    )


@pytest.fixture
def files(settings: Any, tmp_path: Path) -> Path:
    settings.FILES = tmp_path
    return tmp_path


def test_nothing_of_it_stays_but_its_history(
    project: Project,
    files: Path,
    ada: User,
    document: Document,
    visitor: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    """The demo's whole project, with a report and an export, beside another that is not touched."""
    mine = claim(project, ada)
    other, _ = demo.load_demo()
    manager = Membership.objects.get(project=other, role="manager").user
    assert manager is not None
    client: Client = visitor(manager)
    client.post(f"/projects/{other.slug}/exports/", {"format": "bundle", "sets": "all", "names": "alias"})
    export = Job.objects.filter(project=other, kind="export").latest("created_at")
    running.run(export.pk)
    export.refresh_from_db()
    made = full(export.file)
    assert made.is_file()
    client.post(f"/projects/{other.slug}/agreement/", {"layer": "stance"})
    before = {model: model._default_manager.count() for model in tables()}
    assert before[Span] > 10
    archive.archive(other, actor=manager, now=timezone.now())
    Job.objects.filter(project=other).exclude(pk=export.pk).update(state="done", finished_at=timezone.now())
    lines = Event.objects.filter(project_id=other.pk).count()
    key = other.pk
    with django_capture_on_commit_callbacks(execute=True):
        deletion.delete(other, name=other.name, actor=manager)
    assert not made.exists()
    for model in tables():
        for name in paths_to_project(model):
            assert not model._default_manager.filter(**{name: key}).exists(), model
    assert AnnotationSet.objects.get() == mine
    assert Document.objects.get() == document
    assert Event.objects.filter(project_id=key).count() == lines + 1


def tables() -> list[type[Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("annotator.")]


def paths_to_project(model: type[Model]) -> list[str]:
    """The columns of the model that name a project, by themselves or by a neighbour's."""
    names = {field.name for field in model._meta.get_fields() if field.many_to_one and field.concrete}
    direct = ["project"] if "project" in names else []
    return direct + [f"{name}__project" for name in names & {"set", "document"}]
