"""The tables as the steps before this one leave them, made at once where there are none."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import uuid
from django.conf import settings
from django.db import migrations, models

from workspaces.migrations._together import CreateModels


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ("workspaces", "0001_initial"),
        ("workspaces", "0002_fiscal_year"),
        ("workspaces", "0003_receipts"),
        ("workspaces", "0004_notifications"),
        ("workspaces", "0005_stakes"),
        ("workspaces", "0006_sla"),
        ("workspaces", "0007_notice_bundles"),
        ("workspaces", "0008_streams"),
        ("workspaces", "0009_post"),
    ]

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='User',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('password', models.CharField(max_length=128, verbose_name='password')),
                    ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                    ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                    ('email', models.EmailField(max_length=254, unique=True, verbose_name='e-mail')),
                    ('name', models.CharField(blank=True, max_length=120, verbose_name='name')),
                    ('timezone', models.CharField(blank=True, default='', max_length=64, verbose_name='time zone')),
                    ('language', models.CharField(blank=True, default='', max_length=10, verbose_name='language')),
                    ('wants_digest', models.BooleanField(default=True)),
                    ('quiet_days', models.BooleanField(default=False)),
                    ('is_active', models.BooleanField(default=True)),
                    ('is_staff', models.BooleanField(default=False)),
                    ('joined_at', models.DateTimeField(auto_now_add=True)),
                    ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                    ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='one_user_per_email', violation_error_message='Somebody with this e-mail address exists.')],
                },
            ),
            migrations.CreateModel(
                name='Delivery',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('channel', models.CharField(max_length=10)),
                    ('day', models.DateField(null=True)),
                    ('key', models.UUIDField(default=uuid.uuid4, unique=True)),
                    ('state', models.CharField(default='waiting', max_length=10)),
                    ('tries', models.PositiveSmallIntegerField(default=0)),
                    ('starts', models.PositiveSmallIntegerField(default=0)),
                    ('version', models.PositiveIntegerField(default=1)),
                    ('made_at', models.DateTimeField()),
                    ('send_at', models.DateTimeField()),
                    ('leased_until', models.DateTimeField(null=True)),
                    ('ended_at', models.DateTimeField(null=True)),
                    ('fault', models.CharField(blank=True, max_length=40)),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('state__in', ('waiting', 'sending'))), fields=['send_at'], name='delivery_open'), models.Index(fields=['user', '-made_at'], name='delivery_by_person')],
                    'constraints': [models.UniqueConstraint(fields=('user', 'day'), name='one_digest_per_person_and_day', violation_error_message='This person has had a digest for this day.'), models.CheckConstraint(condition=models.Q(models.Q(('channel', 'digest'), ('day__isnull', False)), models.Q(('channel', 'mail'), ('day__isnull', True)), _connector='OR'), name='digest_has_a_day', violation_error_message='A digest is of a day, another mail is not.')],
                },
            ),
            migrations.CreateModel(
                name='Workspace',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('slug', models.CharField(max_length=40, unique=True, validators=[django.core.validators.RegexValidator('^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?\\Z', 'Use 1 to 40 small letters, digits and hyphens; no hyphen first or last.')], verbose_name='short name')),
                    ('name', models.CharField(max_length=80, verbose_name='name')),
                    ('timezone', models.CharField(default='UTC', max_length=64, verbose_name='time zone')),
                    ('week_starts_on', models.PositiveSmallIntegerField(choices=[(1, 'Monday'), (6, 'Saturday'), (7, 'Sunday')], default=1, verbose_name='first day of the week')),
                    ('fiscal_year_starts_in', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(12)], verbose_name='first month of the fiscal year')),
                    ('last_card_number', models.PositiveIntegerField(default=0)),
                    ('opened_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('week_starts_on__in', [1, 6, 7])), name='week_starts_on_a_known_day', violation_error_message='A week starts on Monday, Saturday or Sunday.'), models.CheckConstraint(condition=models.Q(('fiscal_year_starts_in__range', (1, 12))), name='fiscal_year_starts_in_a_month', violation_error_message='A fiscal year starts in a month from 1 to 12.')],
                },
            ),
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
                name='Stream',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('last_seq', models.PositiveBigIntegerField(default=0)),
                    ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='Membership',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('role', models.PositiveSmallIntegerField(choices=[(10, 'Viewer'), (20, 'Editor'), (30, 'Manager'), (40, 'Owner')], verbose_name='role')),
                    ('joined_at', models.DateTimeField()),
                    ('reports_to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workspaces.membership')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                    ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='workspaces.workspace')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('workspace', 'user'), name='one_membership_each', violation_error_message='This person is already a member.')],
                },
            ),
            migrations.CreateModel(
                name='Stakeholder',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=120, verbose_name='name')),
                    ('role', models.CharField(blank=True, max_length=120, verbose_name='role')),
                    ('need', models.TextField(blank=True, max_length=2000, verbose_name='need')),
                    ('unspoken', models.TextField(blank=True, max_length=2000, verbose_name='unspoken needs')),
                    ('outcome', models.TextField(blank=True, max_length=2000, verbose_name='outcome')),
                    ('contact', models.EmailField(blank=True, max_length=254, verbose_name='contact')),
                    ('influence', models.PositiveSmallIntegerField(blank=True, choices=[(3, 'High'), (2, 'Medium'), (1, 'Low')], null=True, verbose_name='influence')),
                    ('interest', models.PositiveSmallIntegerField(blank=True, choices=[(3, 'High'), (2, 'Medium'), (1, 'Low')], null=True, verbose_name='interest')),
                    ('version', models.PositiveIntegerField(default=1)),
                    ('retired_at', models.DateTimeField(null=True)),
                    ('calendar', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workspaces.calendar', verbose_name='working calendar')),
                    ('member', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workspaces.membership', verbose_name='member')),
                    ('reports_to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workspaces.stakeholder', verbose_name='reports to')),
                    ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('retired_at', None)), fields=('workspace', 'name'), name='one_stakeholder_per_name', violation_error_message='A stakeholder of this name exists.'), models.CheckConstraint(condition=models.Q(('reports_to', None), models.Q(('reports_to', models.F('id')), _negated=True), _connector='OR'), name='stakeholder_reports_to_another', violation_error_message='Nobody reports to themselves.'), models.CheckConstraint(condition=models.Q(('influence', None), ('influence__range', (1, 3)), _connector='OR'), name='stakeholder_influence_is_a_level', violation_error_message='There is no such level.'), models.CheckConstraint(condition=models.Q(('interest', None), ('interest__range', (1, 3)), _connector='OR'), name='stakeholder_interest_is_a_level', violation_error_message='There is no such level.')],
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
                    ('promise', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='clocks', to='workspaces.slapromise')),
                    ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('broken_at', None), ('stopped_at', None)), fields=['warn_at'], name='sla_clock_waiting')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('stopped_at', None), models.Q(('paused_at', None), ('stopped_at__gte', models.F('started_at'))), _connector='OR'), name='sla_clock_stops_after_it_starts', violation_error_message='A clock stops after it starts.')],
                },
            ),
            migrations.CreateModel(
                name='Webhook',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=80, verbose_name='name')),
                    ('host', models.CharField(max_length=255)),
                    ('sealed', models.TextField()),
                    ('body', models.CharField(choices=[('json', 'JSON, signed'), ('slack', 'Slack, Mattermost'), ('teams', 'Microsoft Teams')], default='json', max_length=10)),
                    ('groups', models.JSONField(default=list)),
                    ('place_type', models.CharField(blank=True, default='', max_length=40)),
                    ('place_id', models.BigIntegerField(default=0)),
                    ('version', models.PositiveIntegerField(default=1)),
                    ('made_at', models.DateTimeField()),
                    ('told_until', models.BigIntegerField(default=0)),
                    ('tries', models.PositiveSmallIntegerField(default=0)),
                    ('failing_since', models.DateTimeField(null=True)),
                    ('next_try_at', models.DateTimeField(null=True)),
                    ('leased_until', models.DateTimeField(null=True)),
                    ('lease', models.PositiveIntegerField(default=0)),
                    ('disabled_at', models.DateTimeField(null=True)),
                    ('disabled_why', models.CharField(blank=True, max_length=40)),
                    ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workspaces.membership')),
                    ('stream', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.stream')),
                    ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('workspace', 'name'), name='one_webhook_per_name', violation_error_message='A webhook of this name exists.')],
                },
            ),
            migrations.CreateModel(
                name='WebhookCall',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('event_id', models.BigIntegerField()),
                    ('verb', models.CharField(blank=True, max_length=60)),
                    ('state', models.CharField(choices=[('waiting', 'waits'), ('sent', 'sent'), ('failed', 'failed')], max_length=10)),
                    ('tries', models.PositiveSmallIntegerField(default=1)),
                    ('status', models.PositiveSmallIntegerField(null=True)),
                    ('fault', models.CharField(blank=True, max_length=40)),
                    ('again_at', models.DateTimeField(null=True)),
                    ('at', models.DateTimeField()),
                    ('webhook', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='calls', to='workspaces.webhook')),
                    ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
                ],
                options={
                    'indexes': [models.Index(fields=['webhook', '-at', '-id'], name='webhook_call_latest'), models.Index(condition=models.Q(('again_at__isnull', False)), fields=['again_at'], name='webhook_call_again')],
                    'constraints': [models.UniqueConstraint(fields=('webhook', 'event_id'), name='one_call_per_event', violation_error_message='This event has been told.')],
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
            migrations.CreateModel(
                name='Receipt',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('endpoint', models.CharField(max_length=500)),
                    ('key', models.CharField(max_length=200)),
                    ('digest', models.CharField(max_length=64)),
                    ('status', models.PositiveSmallIntegerField()),
                    ('headers', models.JSONField(default=dict)),
                    ('body', models.TextField()),
                    ('created_at', models.DateTimeField(db_index=True)),
                    ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.membership')),
                    ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('workspace', 'member', 'endpoint', 'key'), name='one_receipt_per_key', violation_error_message='This key was used.')],
                },
            ),
            migrations.CreateModel(
                name='Notification',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(max_length=30)),
                    ('verb', models.CharField(max_length=60)),
                    ('subject_type', models.CharField(max_length=40)),
                    ('subject_id', models.BigIntegerField()),
                    ('occasion', models.CharField(blank=True, default='', max_length=60)),
                    ('count', models.PositiveIntegerField(default=1)),
                    ('by_name', models.CharField(blank=True, max_length=120)),
                    ('data', models.JSONField(default=dict)),
                    ('link', models.CharField(blank=True, max_length=300)),
                    ('place_type', models.CharField(blank=True, default='', max_length=40)),
                    ('place_id', models.BigIntegerField(default=0)),
                    ('place_name', models.CharField(blank=True, default='', max_length=120)),
                    ('at', models.DateTimeField()),
                    ('read_at', models.DateTimeField(null=True)),
                    ('in_app', models.BooleanField(default=True)),
                    ('by_mail', models.BooleanField(default=False)),
                    ('in_digest', models.BooleanField(default=False)),
                    ('bundle', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='workspaces.notification')),
                    ('digest', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='digested', to='workspaces.delivery')),
                    ('mail', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='mailed', to='workspaces.delivery')),
                    ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to='workspaces.membership')),
                    ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
                ],
                options={
                    'indexes': [models.Index(fields=['member', '-at', '-id'], name='notification_by_member'), models.Index(condition=models.Q(('in_app', True), ('read_at__isnull', True)), fields=['member'], name='notification_unread'), models.Index(condition=models.Q(('read_at__isnull', True)), fields=['subject_id', 'member'], name='notification_standing'), models.Index(condition=models.Q(('digest__isnull', True), ('in_digest', True), ('read_at__isnull', True)), fields=['member', 'at'], name='notification_for_digest')],
                    'constraints': [models.UniqueConstraint(fields=('member', 'verb', 'subject_type', 'subject_id', 'occasion'), name='one_notification_per_person_and_thing', violation_error_message='This person has been told already.')],
                },
            ),
            migrations.CreateModel(
                name='NoticePreference',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(max_length=30)),
                    ('channel', models.CharField(default='in_app', max_length=10)),
                    ('place_type', models.CharField(blank=True, default='', max_length=40)),
                    ('place_id', models.BigIntegerField(default=0)),
                    ('wanted', models.BooleanField(default=True)),
                    ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.membership')),
                    ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('member', 'kind', 'channel', 'place_type', 'place_id'), name='one_preference_per_kind', violation_error_message='This preference exists.')],
                },
            ),
            migrations.CreateModel(
                name='Invitation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('email', models.EmailField(max_length=254, verbose_name='e-mail')),
                    ('role', models.PositiveSmallIntegerField(choices=[(10, 'Viewer'), (20, 'Editor'), (30, 'Manager'), (40, 'Owner')], verbose_name='role')),
                    ('secret_hash', models.CharField(max_length=64, unique=True)),
                    ('invited_at', models.DateTimeField()),
                    ('expires_at', models.DateTimeField()),
                    ('accepted_at', models.DateTimeField(null=True)),
                    ('revoked_at', models.DateTimeField(null=True)),
                    ('invited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workspaces.membership')),
                    ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('accepted_at', None), ('revoked_at', None)), fields=('workspace', 'email'), name='one_open_invitation_each', violation_error_message='This address already has an open invitation.')],
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
                name='Event',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('verb', models.CharField(max_length=60)),
                    ('subject_type', models.CharField(max_length=40)),
                    ('subject_id', models.BigIntegerField()),
                    ('by_name', models.CharField(blank=True, max_length=120)),
                    ('at', models.DateTimeField()),
                    ('data', models.JSONField(default=dict)),
                    ('seq', models.PositiveBigIntegerField(null=True)),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workspaces.membership')),
                    ('stream', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workspaces.stream')),
                    ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('seq', None), ('stream__isnull', False)), fields=['stream', 'id'], name='event_without_number'), models.Index(fields=['workspace', '-id'], name='event_by_workspace'), models.Index(fields=['subject_type', 'subject_id', '-id'], name='event_by_subject')],
                    'constraints': [models.UniqueConstraint(fields=('stream', 'seq'), name='one_event_per_number')],
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
                    ('sla', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='assurances', to='workspaces.sla')),
                    ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('sla', 'stage', 'text'), name='one_assurance_of_a_kind', violation_error_message='This outcome is there already.')],
                },
            ),
            migrations.CreateModel(
                name='ApiToken',
                fields=[
                    ('digest', models.CharField(max_length=128, primary_key=True, serialize=False)),
                    ('token_key', models.CharField(db_index=True, max_length=25)),
                    ('created', models.DateTimeField(auto_now_add=True)),
                    ('expiry', models.DateTimeField(blank=True, null=True)),
                    ('name', models.CharField(blank=True, max_length=80)),
                    ('scope', models.CharField(choices=[('read', 'read'), ('write', 'write')], default='write', max_length=10)),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='auth_token_set', to=settings.AUTH_USER_MODEL)),
                    ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
                ],
                options={
                    'abstract': False,
                },
            ),
        ]),
    ]
