from django.db import migrations, models


def mark_neutral_files(apps, schema_editor):
    """Neutral files that came before nobody has looked through for sets: most hold some."""
    apps.get_model("exchange", "Import").objects.filter(format="neutral").update(holds_sets=True)


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_imports")]

    operations = [
        migrations.AddField(
            model_name="import",
            name="holds_sets",
            field=models.BooleanField(default=False, help_text="Readings are in the file."),
        ),
        migrations.RunPython(mark_neutral_files, migrations.RunPython.noop),
    ]
