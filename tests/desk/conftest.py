"""At the desk: Mona manages and Rosa reviews as staff, Sue is a superuser; Sam's staff belong to no project."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from annotator.accounts.models import User
from annotator.annotations import rules, spans
from annotator.annotations.models import AnnotationSet
from annotator.annotations.sets import Address
from annotator.assignments import submission
from annotator.projects import studies
from annotator.projects.models import Project
from tests.conftest import add_document, claim, person


def staff(user: User, **fields: bool) -> User:
    User.objects.filter(pk=user.pk).update(is_staff=True, **fields)
    user.refresh_from_db()
    return user


def list_of(model: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def page_of(row: Any) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


@pytest.fixture
def sue(db: None) -> User:
    return staff(person("sue"), is_superuser=True)


@pytest.fixture
def desk() -> Callable[[User], Client]:
    def client(user: User) -> Client:
        made = Client()
        made.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return made

    return client


@pytest.fixture
def submitted(project: Project, reading: AnnotationSet, ada: User) -> AnnotationSet:
    """Ada's finished reading, with a claim and a premise that overlap."""
    mark(reading, ada, 2, 19, stance="pro-sanctuary", role="claim")
    mark(reading, ada, 9, 33, stance="nuanced", role="premise")
    return submit(reading, ada)


def mark(found: AnnotationSet, user: User, start: int, end: int, **fields: str) -> None:
    draft = rules.SpanDraft(((start, end),), **fields)  # type: ignore[arg-type]
    spans.put(Address(found.project.slug, found.pk), uuid4(), draft, actor=user, now=timezone.now())


def submit(found: AnnotationSet, user: User) -> AnnotationSet:
    submission.submit(Address(found.project.slug, found.pk), actor=user, now=timezone.now())
    return AnnotationSet.objects.get(pk=found.pk)


@pytest.fixture
def elsewhere(sam: User, ben: User) -> AnnotationSet:
    """A submitted reading in Sam's project, in which nobody of Harbour but Ben takes part."""
    from annotator.projects import members

    other = studies.create(actor=sam, slug="elsewhere", name="Elsewhere", template="sanctuary-stance")
    members.add(other, actor=sam, alias="E1", role="annotator", username=ben.username)
    add_document(other, sam, "secret-doc", "What nobody in Harbour may read.")
    found = claim(other, ben)
    mark(found, ben, 0, 4, stance="nuanced")
    return submit(found, ben)
