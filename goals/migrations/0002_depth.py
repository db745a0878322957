import django.db.models.deletion
import goals.rules.aims
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("goals", "0001_initial"),
        ('metrics', '0011_facts_without_gaps'),
        ('workspaces', '0004_notifications'),
    ]

    operations = [
        migrations.CreateModel(
            name='Guardrail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('definition_revision', models.BigIntegerField()),
                ('side', models.CharField(choices=[('above', 'Stay above'), ('below', 'Stay below')], max_length=8, verbose_name='side')),
                ('bound_value', models.CharField(max_length=40, verbose_name='bound')),
                ('grain', models.CharField(choices=[('day', 'day'), ('week', 'week'), ('month', 'month'), ('quarter', 'quarter'), ('year', 'year')], default='month', max_length=8, verbose_name='period')),
                ('created_at', models.DateTimeField()),
                ('goal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='guardrails', to='goals.goal')),
                ('metric', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='metrics.metric', verbose_name='metric')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('goal', 'metric', 'side'), name='one_guardrail_per_metric_and_side', violation_error_message='This goal has such a guardrail already.'), models.CheckConstraint(condition=models.Q(('side__in', [goals.rules.aims.Aim['ABOVE'], goals.rules.aims.Aim['BELOW']])), name='guardrail_has_a_known_side', violation_error_message='There is no such side.')],
            },
        ),
        migrations.AddField(
            model_name='goal',
            name='aim',
            field=models.CharField(choices=[('reach', 'Reach'), ('above', 'Stay above'), ('below', 'Stay below')], default='reach', max_length=8, verbose_name='aim'),
        ),
        migrations.AddField(
            model_name='goal',
            name='checkpoints',
            field=models.JSONField(blank=True, default=list, verbose_name='checkpoints'),
        ),
        migrations.AddField(
            model_name='goal',
            name='course',
            field=models.CharField(choices=[('linear', 'Even'), ('phased', 'Through checkpoints'), ('seasonal', 'As in earlier years')], default='linear', max_length=8, verbose_name='course'),
        ),
        migrations.AddField(
            model_name='goal',
            name='weight',
            field=models.CharField(default='1', max_length=40, verbose_name='weight'),
        ),
        migrations.AddConstraint(
            model_name='goal',
            constraint=models.CheckConstraint(condition=models.Q(('aim__in', ['reach', 'above', 'below'])), name='goal_has_a_known_aim', violation_error_message='There is no such aim.'),
        ),
        migrations.AddConstraint(
            model_name='goal',
            constraint=models.CheckConstraint(condition=models.Q(('course__in', ['linear', 'phased', 'seasonal'])), name='goal_has_a_known_course', violation_error_message='There is no such course.'),
        ),
    ]
