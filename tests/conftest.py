"""The cast: Mona manages, Ada and Ben label, Rosa reviews, Otto observes, Sam is a stranger."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("ANNOTATOR_PROFILE", "test")
os.environ.setdefault("ANNOTATOR_SECRET_KEY", "only-for-tests-" + "x" * 40)
if "ANNOTATOR_DATA" not in os.environ:
    import tempfile

    os.environ["ANNOTATOR_DATA"] = tempfile.mkdtemp(prefix="annotator-tests-")

import pytest
from django.utils import timezone
from hypothesis import settings
from rest_framework.test import APIClient

from annotator.accounts.models import User
from annotator.annotations.models import AnnotationSet
from annotator.assignments import queue
from annotator.documents import texts
from annotator.documents.models import Document
from annotator.projects import members, studies
from annotator.projects.models import Membership, Project

SHARED = Path(__file__).resolve().parents[2] / "shared"
TEXT = "😊 Cities are safer. Data show it.\r\nThe sheriff disagrees."


# The same examples in every run, so that a change is judged by what it changes; HYPOTHESIS_PROFILE=default looks further.
settings.register_profile("steady", derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


@pytest.fixture(autouse=True)
def fresh_caches() -> None:
    """Keys come again after a rollback, so nothing that was read by key may outlive a test."""
    from django.core.cache import cache

    from annotator.projects import scheme

    scheme.read.cache_clear()
    cache.clear()


def person(name: str) -> User:
    return User.objects.create_user(username=name, password=None)


@pytest.fixture
def mona(db: None) -> User:
    return person("mona")


@pytest.fixture
def ada(db: None) -> User:
    return person("ada")


@pytest.fixture
def ben(db: None) -> User:
    return person("ben")


@pytest.fixture
def rosa(db: None) -> User:
    return person("rosa")


@pytest.fixture
def otto(db: None) -> User:
    return person("otto")


@pytest.fixture
def sam(db: None) -> User:
    return person("sam")


@pytest.fixture
def project(mona: User, ada: User, ben: User, rosa: User, otto: User) -> Project:
    """A sanctuary-stance study of two readers a document, with everybody in it but Sam."""
    project = studies.create(
        actor=mona, slug="harbour", name="Harbour", template="sanctuary-stance", readers_per_document=2
    )
    for user, alias, role in [
        (ada, "A1", "annotator"),
        (ben, "A2", "annotator"),
        (rosa, "R1", "reviewer"),
        (otto, "O1", "observer"),
    ]:
        members.add(project, actor=mona, alias=alias, role=role, username=user.username)
    project.refresh_from_db()
    return project


@pytest.fixture
def document(project: Project, mona: User) -> Document:
    return add_document(project, mona, "d1", TEXT)


def add_document(project: Project, actor: User, external_id: str, text: str, **fields: Any) -> Document:
    [(document, _)] = texts.add(project, [texts.NewDocument(external_id, text, **fields)], actor=actor)
    return document


def membership_of(project: Project, user: User) -> Membership:
    return Membership.objects.select_related("project").get(project=project, user=user)


def claim(project: Project, user: User) -> AnnotationSet:
    """The next reading of this annotator."""
    claimed = queue.claim_next(membership_of(project, user), actor=user, now=timezone.now())
    assert claimed is not None
    return AnnotationSet.objects.get(pk=claimed.assignment.set_id)


@pytest.fixture
def reading(project: Project, document: Document, ada: User) -> AnnotationSet:
    """Ada's open reading of the document."""
    return claim(project, ada)


@pytest.fixture
def api() -> Callable[[User | None], APIClient]:
    """A client of the API, signed in as somebody or as nobody; CSRF is checked as in a browser where a test says so."""

    def client(user: User | None, **kwargs: Any) -> APIClient:
        made = APIClient(raise_request_exception=False, **kwargs)
        if user is not None:
            made.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return made

    return client
