"""Documents can be searched without case and accents: each stands here a second time, folded; languages have an index."""

from collections.abc import Iterable, Iterator

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from annotator.documents.folding import fold

# What is held in memory at once: so many texts, fewer where they are long, each twice.
TEXTS = 50
CHARACTERS = 2_000_000


def fold_all(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Folds the documents that are there already, a few at a time."""
    folded_text = apps.get_model("documents", "FoldedText")
    documents = apps.get_model("documents", "Document").objects
    for keys in batches(documents.order_by("pk").values_list("pk", "length")):
        rows = documents.filter(pk__in=keys).values_list("pk", "title", "external_id", "text")
        folded_text.objects.bulk_create(
            [
                folded_text(document_id=key, name=fold(f"{title}\n{external_id}"), text=fold(text))
                for key, title, external_id, text in rows.order_by("pk")
            ]
        )


def batches(lengths: Iterable[tuple[int, int]]) -> Iterator[list[int]]:
    """Keys in lists of at most fifty texts, and of no more than so many characters unless one text alone has more."""
    keys: list[int] = []
    characters = 0
    for key, length in lengths:
        if keys and (len(keys) == TEXTS or characters + length > CHARACTERS):
            yield keys
            keys, characters = [], 0
        keys.append(key)
        characters += length
    if keys:
        yield keys


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="document",
            index=models.Index(fields=["project", "language"], name="document_language"),
        ),
        migrations.CreateModel(
            name="FoldedText",
            fields=[
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="folded",
                        serialize=False,
                        to="documents.document",
                    ),
                ),
                ("name", models.TextField(help_text="Its title and its id.")),
                ("text", models.TextField()),
            ],
        ),
        migrations.RunPython(fold_all, migrations.RunPython.noop, elidable=True),
    ]
