"""The columns of a fact in the order in which they fit without gaps: 8 bytes less for each.

The table is written anew in the order of its key, so that its index is packed, too. SQLite has no
such gaps.
"""

from django.db import migrations

COLUMNS = "khash, value, series_id, day, import_id, source, span"
STATEMENTS = (
    """CREATE TABLE metrics_observation_packed (
           khash bigint NOT NULL, value bigint NOT NULL, series_id integer NOT NULL,
           day date NOT NULL, import_id integer NOT NULL, source smallint NOT NULL,
           span smallint NOT NULL DEFAULT 1)""",
    f"""INSERT INTO metrics_observation_packed ({COLUMNS})
        SELECT {COLUMNS} FROM metrics_observation ORDER BY series_id, day, khash""",
    "DROP TABLE metrics_observation",
    "ALTER TABLE metrics_observation_packed RENAME TO metrics_observation",
    """ALTER TABLE metrics_observation
           ADD CONSTRAINT metrics_observation_pkey PRIMARY KEY (series_id, day, khash)""",
)


def pack(apps, schema_editor):
    """Write the table anew, on PostgreSQL."""
    if schema_editor.connection.vendor == "postgresql":
        for statement in STATEMENTS:
            schema_editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [("metrics", "0009_saved_views")]
    operations = [migrations.RunPython(pack, migrations.RunPython.noop)]
