import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("goals", "0008_waivers"),
        ('metrics', '0011_facts_without_gaps'),
        ('workspaces', '0004_notifications'),
    ]

    operations = [
        migrations.CreateModel(
            name='CheckIn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('note', models.TextField(blank=True, max_length=4000, verbose_name='note')),
                ('value_note', models.CharField(blank=True, max_length=500, verbose_name='about the number')),
                ('confidence_value', models.CharField(blank=True, max_length=40)),
                ('created_at', models.DateTimeField()),
                ('told_at', models.DateTimeField(null=True)),
                ('value', models.CharField(blank=True, max_length=40)),
                ('progress', models.CharField(blank=True, max_length=40)),
                ('status', models.CharField(blank=True, choices=[('off_track', 'Off track'), ('at_risk', 'At risk'), ('unknown', 'Unknown'), ('new', 'New'), ('on_track', 'On track'), ('achieved', 'Achieved'), ('missed', 'Missed')], max_length=12)),
                ('until', models.DateField(null=True)),
                ('acknowledged_at', models.DateTimeField(null=True)),
                ('acknowledged_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workspaces.membership')),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workspaces.membership')),
                ('goal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='checkins', to='goals.goal')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
            ],
            options={
                'indexes': [models.Index(fields=['goal', 'told_at'], name='checkin_by_goal')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('told_at', None)), fields=('goal', 'author'), name='one_draft_per_goal_and_author', violation_error_message='There is a draft already.')],
            },
        ),
        migrations.AddField(
            model_name='goal',
            name='cadence',
            field=models.CharField(choices=[('never', 'Never'), ('weekly', 'Every week'), ('fortnightly', 'Every two weeks'), ('monthly', 'Every month')], default='never', max_length=12, verbose_name='check-in'),
        ),
        migrations.AddField(
            model_name='goal',
            name='retrospective',
            field=models.TextField(blank=True, max_length=2000, verbose_name='retrospective'),
        ),
        migrations.AddField(
            model_name='goal',
            name='verdict',
            field=models.CharField(blank=True, choices=[('off_track', 'Off track'), ('at_risk', 'At risk'), ('unknown', 'Unknown'), ('new', 'New'), ('on_track', 'On track'), ('achieved', 'Achieved'), ('missed', 'Missed')], max_length=12),
        ),
        migrations.AddField(
            model_name='goal',
            name='verdict_share',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name='goal',
            name='verdict_until',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='goal',
            name='verdict_value',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddConstraint(
            model_name='goal',
            constraint=models.CheckConstraint(condition=models.Q(('cadence__in', ['never', 'weekly', 'fortnightly', 'monthly'])), name='goal_has_a_known_cadence', violation_error_message='There is no such cadence.'),
        ),
    ]
