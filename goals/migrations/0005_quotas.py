import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("goals", "0004_strategy"),
        ('metrics', '0011_facts_without_gaps'),
        ('workspaces', '0006_sla'),
    ]

    operations = [
        migrations.CreateModel(
            name='Quota',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('aspect', models.CharField(choices=[('quantity', 'Quantity'), ('quality', 'Quality')], max_length=8, verbose_name='measures')),
                ('bound', models.CharField(choices=[('at_least', 'at least'), ('at_most', 'at most')], max_length=8, verbose_name='bound')),
                ('amount', models.CharField(max_length=40, verbose_name='amount')),
                ('version', models.PositiveIntegerField(default=1)),
                ('removed_at', models.DateTimeField(null=True)),
                ('metric', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='metrics.metric', verbose_name='metric')),
                ('promise', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.slapromise')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('removed_at', None)), fields=('promise', 'metric', 'bound'), name='one_quota_per_metric', violation_error_message='This metric measures the promise already.')],
            },
        ),
        migrations.CreateModel(
            name='QuotaBreach',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(verbose_name='month')),
                ('value', models.CharField(blank=True, max_length=40)),
                ('reason', models.TextField(max_length=2000, verbose_name='reason')),
                ('mitigation', models.TextField(blank=True, max_length=2000, verbose_name='mitigation')),
                ('told_at', models.DateTimeField()),
                ('quota', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='breaches', to='goals.quota')),
                ('told_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workspaces.membership')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('quota', 'month'), name='one_reason_a_month', violation_error_message='This month has a reason already.')],
            },
        ),
    ]
