"""Documents can be searched without case and accents: each stands here a second time, folded; languages have an index."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from annotator.documents.folding import fold


def fold_all(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Folds the documents that are there already, a few at a time."""
    folded_text = apps.get_model("documents", "FoldedText")
    documents = apps.get_model("documents", "Document").objects.only("title", "external_id", "text")
    batch = []
    for each in documents.order_by("pk").iterator(chunk_size=50):
        name = fold(f"{each.title}\n{each.external_id}")
        batch.append(folded_text(document_id=each.pk, name=name, text=fold(each.text)))
        if len(batch) == 50:
            folded_text.objects.bulk_create(batch)
            batch = []
    folded_text.objects.bulk_create(batch)


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
