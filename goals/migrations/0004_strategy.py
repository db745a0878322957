import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("goals", "0003_raci"),
        ('metrics', '0011_facts_without_gaps'),
        ('workspaces', '0004_notifications'),
    ]

    operations = [
        migrations.CreateModel(
            name='Strategy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('start', models.DateField(verbose_name='start')),
                ('end', models.DateField(verbose_name='end')),
                ('words', models.JSONField(default=dict)),
                ('questions', models.JSONField(default=list)),
                ('feedback_until', models.DateField(null=True, verbose_name='feedback until')),
                ('anonymous', models.BooleanField(default=False, verbose_name='anonymous answers')),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField()),
                ('started_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('end__gte', models.F('start'))), name='strategy_ends_after_it_starts', violation_error_message='The strategy must end on or after the day it starts.'), models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='strategy_has_a_title', violation_error_message='A strategy needs a title.')],
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200, verbose_name='decision')),
                ('why', models.TextField(blank=True, max_length=2000, verbose_name='why')),
                ('evidence', models.TextField(blank=True, max_length=2000, verbose_name='evidence')),
                ('decided_on', models.DateField(verbose_name='decided on')),
                ('review_on', models.DateField(null=True, verbose_name='look at it again on')),
                ('came_of_it', models.TextField(blank=True, max_length=2000, verbose_name='what came of it')),
                ('closed_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workspaces.membership')),
                ('goal', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='goals.goal')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
                ('strategy', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='decisions', to='goals.strategy')),
            ],
            options={
                'indexes': [models.Index(fields=['strategy', '-decided_on'], name='decision_by_strategy')],
            },
        ),
        migrations.CreateModel(
            name='StrategyGoal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('change', models.TextField(blank=True, max_length=2000, verbose_name='what this changes for you')),
                ('goal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='goals.goal')),
                ('strategy', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='goals.strategy')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('strategy', 'goal'), name='one_line_per_strategy_goal', violation_error_message='This goal is in the strategy already.')],
            },
        ),
        migrations.CreateModel(
            name='StrategyMetric',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('why', models.TextField(blank=True, max_length=2000, verbose_name='why')),
                ('metric', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='metrics.metric')),
                ('strategy', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='goals.strategy')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('strategy', 'metric'), name='one_line_per_strategy_metric', violation_error_message='This metric is in the strategy already.')],
            },
        ),
        migrations.CreateModel(
            name='StrategyOutcome',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('outcome', models.TextField(blank=True, max_length=2000, verbose_name='outcome')),
                ('stakeholder', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.stakeholder')),
                ('strategy', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='goals.strategy')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('strategy', 'stakeholder'), name='one_outcome_per_stakeholder', violation_error_message='This stakeholder is in the strategy already.')],
            },
        ),
        migrations.CreateModel(
            name='StrategySigner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.membership')),
                ('stakeholder', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.stakeholder')),
                ('strategy', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='signers', to='goals.strategy')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('member', None), ('stakeholder__isnull', False)), models.Q(('member__isnull', False), ('stakeholder', None)), _connector='OR'), name='signer_is_a_member_or_a_stakeholder', violation_error_message='Name a member or a stakeholder.'), models.UniqueConstraint(condition=models.Q(('member__isnull', False)), fields=('strategy', 'member'), name='one_signer_per_member', violation_error_message='This member is asked to sign already.'), models.UniqueConstraint(condition=models.Q(('stakeholder__isnull', False)), fields=('strategy', 'stakeholder'), name='one_signer_per_stakeholder', violation_error_message='This stakeholder is asked to sign already.')],
            },
        ),
        migrations.CreateModel(
            name='StrategyVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('document', models.JSONField()),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='what is new')),
                ('published_at', models.DateTimeField()),
                ('published_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workspaces.membership')),
                ('strategy', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='goals.strategy')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('strategy', 'number'), name='one_strategy_version_per_number', violation_error_message='This version exists.')],
            },
        ),
        migrations.CreateModel(
            name='StrategyShare',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(max_length=120, verbose_name='for whom')),
                ('secret_hash', models.CharField(max_length=64, unique=True)),
                ('takes_feedback', models.BooleanField(default=False, verbose_name='takes feedback')),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(null=True)),
                ('views', models.PositiveIntegerField(default=0)),
                ('seen_at', models.DateTimeField(null=True)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workspaces.membership')),
                ('stakeholder', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.stakeholder')),
                ('strategy', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shares', to='goals.strategy')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
                ('pinned', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='goals.strategyversion')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('created_at'))), name='share_expires_after_it_is_made', violation_error_message='The link must end after today.')],
            },
        ),
        migrations.CreateModel(
            name='SignOff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('agreed', models.BooleanField()),
                ('words', models.CharField(blank=True, max_length=1000, verbose_name='words')),
                ('at', models.DateTimeField()),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
                ('signer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='signoffs', to='goals.strategysigner')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='signoffs', to='goals.strategyversion')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('version', 'signer'), name='one_signature_per_version', violation_error_message='This version is signed already.')],
            },
        ),
        migrations.CreateModel(
            name='FeedbackTurn',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.membership')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='turns', to='goals.strategyversion')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('version', 'member'), name='one_turn_per_member', violation_error_message='This member has answered.')],
            },
        ),
        migrations.CreateModel(
            name='FeedbackSheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='name')),
                ('given_on', models.DateField()),
                ('member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workspaces.membership')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
                ('share', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='goals.strategyshare')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sheets', to='goals.strategyversion')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='FeedbackItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.CharField(blank=True, choices=[('outcomes', 'Outcomes'), ('metrics', 'Metrics'), ('goals', 'Goals'), ('participation', 'Participation'), ('steps', 'Steps'), ('assignments', 'Assignments')], max_length=14)),
                ('about', models.CharField(blank=True, max_length=300)),
                ('text', models.TextField(max_length=2000, verbose_name='suggestion')),
                ('disposition', models.CharField(choices=[('open', 'Open'), ('accepted', 'Accepted'), ('declined', 'Declined'), ('deferred', 'Deferred')], default='open', max_length=8)),
                ('reason', models.CharField(blank=True, max_length=1000, verbose_name='reason')),
                ('decided_at', models.DateTimeField(null=True)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workspaces.membership')),
                ('goal', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='goals.goal')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
                ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='goals.feedbacksheet')),
            ],
            options={
                'indexes': [models.Index(fields=['workspace', 'disposition'], name='feedback_by_disposition')],
                'constraints': [models.CheckConstraint(condition=models.Q(('disposition__in', ['open', 'accepted', 'declined', 'deferred'])), name='feedback_has_a_known_disposition', violation_error_message='There is no such answer.'), models.CheckConstraint(condition=models.Q(models.Q(('disposition__in', ['declined', 'deferred']), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='feedback_is_declined_with_a_reason', violation_error_message='Say why.')],
            },
        ),
    ]
