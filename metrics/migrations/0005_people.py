"""Facts about people: whose they are, how many days a value covers, and tallies that merge."""


import django.db.models.deletion
from django.db import migrations, models

# By hand: Django would make SQLite's tables anew, and not as WITHOUT ROWID.
SPANS = [
    "ALTER TABLE metrics_observation ADD COLUMN span smallint NOT NULL DEFAULT 1",
    "ALTER TABLE metrics_observationhistory ADD COLUMN span smallint NOT NULL DEFAULT 1",
]


def store_as_it_is(apps, schema_editor):
    """Bitmaps are packed already: PostgreSQL need not try to."""
    if schema_editor.connection.vendor == "postgresql":
        for table in ("metrics_seriestally", "metrics_metrictally"):
            schema_editor.execute(f"ALTER TABLE {table} ALTER COLUMN tally SET STORAGE EXTERNAL")


class Migration(migrations.Migration):

    dependencies = [
        ('metrics', '0004_versions_of_ratios'),
        ('workspaces', '0001_initial'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddField("observation", "span", models.SmallIntegerField(default=1)),
                migrations.AddField(
                    "observationhistory", "span", models.SmallIntegerField(default=1)
                ),
            ],
            database_operations=[migrations.RunSQL(SPANS, migrations.RunSQL.noop)],
        ),
        migrations.CreateModel(
            name='MetricTally',
            fields=[
                ('pk', models.CompositePrimaryKey('grain', 'metric_id', 'bucket', blank=True, editable=False, primary_key=True, serialize=False)),
                ('grain', models.SmallIntegerField()),
                ('bucket', models.DateField()),
                ('tally', models.BinaryField()),
                ('metric', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='metrics.metric')),
            ],
            options={
                'verbose_name': 'tally of a metric',
            },
        ),
        migrations.CreateModel(
            name='SeriesTally',
            fields=[
                ('pk', models.CompositePrimaryKey('grain', 'series_id', 'bucket', blank=True, editable=False, primary_key=True, serialize=False)),
                ('grain', models.SmallIntegerField()),
                ('bucket', models.DateField()),
                ('tally', models.BinaryField()),
                ('series', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='metrics.series')),
            ],
            options={
                'verbose_name': 'tally',
            },
        ),
        migrations.CreateModel(
            name='Recipient',
            fields=[
                ('id', models.AutoField(primary_key=True, serialize=False)),
                ('external_id', models.CharField(max_length=300)),
                ('workspace', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('workspace', 'external_id'), name='one_recipient_per_id', violation_error_message='This person is known already.')],
            },
        ),
        migrations.RunPython(store_as_it_is, migrations.RunPython.noop),
    ]
