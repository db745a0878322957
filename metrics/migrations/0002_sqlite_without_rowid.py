"""On SQLite the facts live in their primary key, without a second copy of it as an index."""

from django.db import migrations

TABLES = ("metrics_observation", "metrics_keyplace", "metrics_rollup", "metrics_metricrollup")


def without_rowid(apps, schema_editor):
    """Make the still empty tables again as WITHOUT ROWID."""
    if schema_editor.connection.vendor != "sqlite":
        return
    with schema_editor.connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = %s", [table])
            made_by = cursor.fetchone()[0]
            if "WITHOUT ROWID" in made_by:
                continue
            cursor.execute(f'DROP TABLE "{table}"')
            cursor.execute(f"{made_by} WITHOUT ROWID")


def fill_factor(apps, schema_editor):
    """On PostgreSQL rollups are updated in place: leave room in their pages."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE metrics_rollup SET (fillfactor = 85)")
        schema_editor.execute("ALTER TABLE metrics_metricrollup SET (fillfactor = 85)")


class Migration(migrations.Migration):
    """Storage that the model's state cannot say."""

    dependencies = [("metrics", "0001_initial")]

    operations = [
        migrations.RunPython(without_rowid, migrations.RunPython.noop),
        migrations.RunPython(fill_factor, migrations.RunPython.noop),
    ]
