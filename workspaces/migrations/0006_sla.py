import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('workspaces', '0005_stakes'),
    ]

    operations = [
        migrations.CreateModel(
            name='Calendar',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('timezone', models.CharField(max_length=64, verbose_name='time zone')),
                ('week', models.JSONField()),
                ('version', models.PositiveIntegerField(default=1)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('workspace', 'name'), name='one_calendar_per_name', violation_error_message='A calendar of this name exists.')],
            },
        ),
        migrations.CreateModel(
            name='Holiday',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('name', models.CharField(blank=True, max_length=80, verbose_name='name')),
                ('calendar', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='holidays', to='workspaces.calendar')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('calendar', 'day'), name='one_holiday_a_day', violation_error_message='This day is a holiday already.')],
            },
        ),
        migrations.CreateModel(
            name='Sla',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('counts', models.CharField(choices=[('both', 'Only while both parties work'), ('promiser', 'While the party that promised works')], default='both', max_length=8)),
                ('starts_on', models.DateField(verbose_name='from')),
                ('expectations', models.TextField(blank=True, max_length=2000, verbose_name='expectations')),
                ('version', models.PositiveIntegerField(default=1)),
                ('ended_at', models.DateTimeField(null=True)),
                ('provider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workspaces.stakeholder', verbose_name='first party')),
                ('receiver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workspaces.stakeholder', verbose_name='second party')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('provider', models.F('receiver')), _negated=True), name='sla_has_two_parties', violation_error_message='Nobody agrees with themselves: choose two parties.'), models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('workspace', 'name'), name='one_sla_per_name', violation_error_message='An agreement of this name exists.')],
            },
        ),
        migrations.CreateModel(
            name='Assurance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveSmallIntegerField()),
                ('stage', models.CharField(blank=True, max_length=60, verbose_name='stage')),
                ('text', models.CharField(max_length=200, verbose_name='outcome')),
                ('assured_at', models.DateTimeField(null=True)),
                ('assured_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workspaces.membership')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
                ('sla', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='assurances', to='workspaces.sla')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('sla', 'stage', 'text'), name='one_assurance_of_a_kind', violation_error_message='This outcome is there already.')],
            },
        ),
        migrations.CreateModel(
            name='SlaPromise',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('provider', 'The first party'), ('receiver', 'The second party')], max_length=8, verbose_name='who promises')),
                ('deliverable', models.CharField(max_length=200, verbose_name='deliverable')),
                ('quality', models.TextField(blank=True, max_length=2000, verbose_name='quality')),
                ('mitigation', models.TextField(blank=True, max_length=2000, verbose_name='if it fails')),
                ('response_minutes', models.PositiveIntegerField(null=True, verbose_name='response time')),
                ('version', models.PositiveIntegerField(default=1)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('sla', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='promises', to='workspaces.sla')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('response_minutes', None), ('response_minutes__gt', 0), _connector='OR'), name='sla_response_takes_time', violation_error_message='A response time is more than nothing.')],
            },
        ),
        migrations.CreateModel(
            name='SlaClock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(max_length=200, verbose_name='subject')),
                ('started_at', models.DateTimeField()),
                ('promised_minutes', models.PositiveIntegerField()),
                ('paused_at', models.DateTimeField(null=True)),
                ('stopped_at', models.DateTimeField(null=True)),
                ('due_at', models.DateTimeField(null=True)),
                ('warn_at', models.DateTimeField(null=True)),
                ('warned_at', models.DateTimeField(null=True)),
                ('broken_at', models.DateTimeField(null=True)),
                ('reason', models.TextField(blank=True, max_length=2000, verbose_name='reason')),
                ('mitigation', models.TextField(blank=True, max_length=2000, verbose_name='mitigation')),
                ('version', models.PositiveIntegerField(default=1)),
                ('started_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workspaces.membership')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
                ('promise', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='clocks', to='workspaces.slapromise')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('broken_at', None), ('stopped_at', None)), fields=['warn_at'], name='sla_clock_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(('stopped_at', None), models.Q(('paused_at', None), ('stopped_at__gte', models.F('started_at'))), _connector='OR'), name='sla_clock_stops_after_it_starts', violation_error_message='A clock stops after it starts.')],
            },
        ),
        migrations.CreateModel(
            name='SlaPause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField(null=True)),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('clock', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pauses', to='workspaces.slaclock')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('until', None)), fields=('clock',), name='one_open_pause_per_clock', violation_error_message='This clock is paused.'), models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='sla_pause_runs_forward', violation_error_message='A pause ends after it begins.')],
            },
        ),
        migrations.AddField(
            model_name='stakeholder',
            name='calendar',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workspaces.calendar', verbose_name='working calendar'),
        ),
    ]
