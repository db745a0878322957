import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('metrics', '0002_sqlite_without_rowid'),
        ('workspaces', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='MetricInput',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('input', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='users', to='metrics.metric')),
                ('metric', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='inputs', to='metrics.metric')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('metric', 'input'), name='one_row_per_input', violation_error_message='This metric reads that one already.')],
            },
        ),
        migrations.CreateModel(
            name='MetricVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('effective_from', models.DateField(null=True, verbose_name='in force from')),
                ('kind', models.CharField(choices=[('additive', 'Additive: values add up'), ('last', 'Level: the last value counts'), ('unique', 'Unique: each person counts once'), ('ratio', 'Ratio: one sum over another'), ('derived', 'Derived: a formula over other metrics')], max_length=10)),
                ('scale_text', models.CharField(default='1', max_length=24)),
                ('formula', models.TextField(blank=True, max_length=2000)),
                ('defined_at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workspaces.membership')),
                ('denominator', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='metrics.metric')),
                ('metric', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='metrics.metric')),
                ('numerator', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='metrics.metric')),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('metric', 'number'), name='one_version_per_number', violation_error_message='This version exists.')],
            },
        ),
        migrations.RemoveConstraint(
            model_name='metric',
            name='a_ratio_has_two_parts',
        ),
        migrations.AddField(
            model_name='metric',
            name='allowed_dims',
            field=models.JSONField(blank=True, default=list, verbose_name='allowed dimensions'),
        ),
        migrations.AddField(
            model_name='metric',
            name='cadence_days',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='expected every'),
        ),
        migrations.AddField(
            model_name='metric',
            name='counting',
            field=models.CharField(choices=[('exact', 'Exact, by a list of the people'), ('sketch', 'Estimated, ids are kept only as hashes')], default='exact', max_length=6, verbose_name='counting'),
        ),
        migrations.AddField(
            model_name='metric',
            name='formula',
            field=models.TextField(blank=True, max_length=2000, verbose_name='formula'),
        ),
        migrations.AddField(
            model_name='metric',
            name='lag_days',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='usual lag'),
        ),
        migrations.AddField(
            model_name='metric',
            name='stage',
            field=models.CharField(blank=True, choices=[('awareness', 'Awareness'), ('consideration', 'Consideration'), ('decision', 'Decision'), ('retention', 'Retention'), ('advocacy', 'Advocacy')], max_length=13, verbose_name='journey stage'),
        ),
        migrations.AlterField(
            model_name='metric',
            name='kind',
            field=models.CharField(choices=[('additive', 'Additive: values add up'), ('last', 'Level: the last value counts'), ('unique', 'Unique: each person counts once'), ('ratio', 'Ratio: one sum over another'), ('derived', 'Derived: a formula over other metrics')], default='additive', max_length=10, verbose_name='kind'),
        ),
        migrations.AddConstraint(
            model_name='metric',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('denominator__isnull', False), ('kind', 'ratio'), ('numerator__isnull', False)), models.Q(models.Q(('kind', 'ratio'), _negated=True), ('denominator__isnull', True), ('numerator__isnull', True)), _connector='OR'), name='a_ratio_has_two_parts', violation_error_message='A ratio has a numerator and a denominator.'),
        ),
        migrations.AddConstraint(
            model_name='metric',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'derived'), models.Q(('formula', ''), _negated=True)), models.Q(models.Q(('kind', 'derived'), _negated=True), ('formula', '')), _connector='OR'), name='only_a_derived_metric_has_a_formula', violation_error_message='A derived metric has a formula, and no other has.'),
        ),
    ]
