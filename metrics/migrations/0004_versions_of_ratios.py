"""Ratios that are there already get their first version, and their parts are noted as inputs."""

from django.db import migrations


def note_ratios(apps, schema_editor):
    metrics = apps.get_model("metrics", "Metric")
    inputs = apps.get_model("metrics", "MetricInput")
    versions = apps.get_model("metrics", "MetricVersion")
    for metric in metrics.objects.filter(kind="ratio").iterator():
        for part in {metric.numerator_id, metric.denominator_id}:
            inputs.objects.create(metric=metric, input_id=part)
        versions.objects.create(
            metric=metric,
            number=metric.definition_revision,
            kind=metric.kind,
            numerator_id=metric.numerator_id,
            denominator_id=metric.denominator_id,
            scale_text=metric.scale_text,
            defined_at=metric.defined_at,
            by_id=metric.owner_id,
        )


class Migration(migrations.Migration):
    """What the models of kinds and versions need to know of older definitions."""

    dependencies = [("metrics", "0003_kinds_and_versions")]

    operations = [migrations.RunPython(note_ratios, migrations.RunPython.noop)]
