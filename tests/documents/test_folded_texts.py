"""Every document stands a second time, folded, however it came in."""

from importlib import import_module

import pytest
from django.apps import apps

from annotator.accounts.models import User
from annotator.documents.models import Document, FoldedText
from annotator.projects.models import Project
from tests.conftest import add_document

pytestmark = pytest.mark.django_db
MIGRATION = import_module("annotator.documents.migrations.0002_folded_text")


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
    MIGRATION.fold_all(apps, None)
    assert list(FoldedText.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    ("lengths", "batches"),
    [
        ([], []),
        ([10] * 120, [50, 50, 20]),
        ([1_200_000] * 3, [1, 1, 1]),
        ([900_000, 900_000, 200_000, 1, 5_000_000, 7], [3, 1, 1, 1]),
    ],
)
def test_the_migration_holds_no_more_than_two_million_characters_at_once(
    lengths: list[int], batches: list[int]
) -> None:
    found = list(MIGRATION.batches(enumerate(lengths)))
    assert [len(keys) for keys in found] == batches
    assert [key for keys in found for key in keys] == list(range(len(lengths)))


def test_the_folded_text_goes_with_its_document(project: Project, document: Document) -> None:
    document.delete()
    assert not FoldedText.objects.exists()
