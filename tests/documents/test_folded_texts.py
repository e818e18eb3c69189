"""Every document stands a second time, folded, however it came in."""

from importlib import import_module

import pytest
from django.apps import apps

from annotator.accounts.models import User
from annotator.documents.models import Document, FoldedText
from annotator.projects.models import Project
from tests.conftest import add_document

pytestmark = pytest.mark.django_db


def test_a_document_is_folded_when_it_is_added_or_made(project: Project, mona: User) -> None:
    add_document(project, mona, "D1", "The Mayor of Málaga.", title="Óne")
    Document.objects.create(project=project, external_id="D2", text="Two.")
    assert list(FoldedText.objects.order_by("pk").values_list("name", "text")) == [
        ("one d1", "the mayor of malaga."),
        (" d2", "two."),
    ]


def test_documents_that_were_there_before_are_folded_by_the_migration(project: Project, mona: User) -> None:
    for number in range(120):
        add_document(project, mona, f"d{number}", f"Text {number}.")
    before = list(FoldedText.objects.order_by("pk").values())
    FoldedText.objects.all().delete()
    import_module("annotator.documents.migrations.0002_folded_text").fold_all(apps, None)
    assert list(FoldedText.objects.order_by("pk").values()) == before


def test_the_folded_text_goes_with_its_document(project: Project, document: Document) -> None:
    document.delete()
    assert not FoldedText.objects.exists()
