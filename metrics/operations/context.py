"""Writing down what numbers are read against: benchmarks, annotations, targets."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from metrics.models.context import DIGITS, PLACES, Annotation, Benchmark, MetricTarget
from metrics.models.definitions import Metric
from metrics.rules.amounts import plain
from metrics.rules.dims import is_sound
from metrics.rules.periods import Grain, is_known_day
from metrics.verbs import (
    ANNOTATION_ADDED,
    ANNOTATION_CHANGED,
    ANNOTATION_REMOVED,
    BENCHMARK_ADDED,
    BENCHMARK_CHANGED,
    BENCHMARK_REMOVED,
    TARGET_CHANGED,
    TARGET_REMOVED,
    TARGET_SET,
)
from workspaces.models import Membership, Workspace
from workspaces.operations.recording import record
from workspaces.rules.errors import Refused, Stale

LONGEST_NOTE, LONGEST_SOURCE, LONGEST_INDUSTRY = 300, 200, 120
LARGEST = Decimal(10) ** (DIGITS - PLACES) - 1
MOST = 500  # benchmarks or targets of a metric
MOST_NOTES = 10_000  # of a workspace
PERCENTILES = range(1, 100)


@dataclass(frozen=True)
class Reference:
    """A benchmark as it is written down."""

    value: Decimal
    source: str
    dated: date
    percentile: int | None = None
    industry: str = ""


@dataclass(frozen=True)
class Aim:
    """A target as it is set: for each period of the grain that lies in the days."""

    value: Decimal
    first: date
    last: date
    grain: str = Grain.MONTH.value
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True)
class Note:
    """An annotation as it is written: of one metric, or (None) of the whole workspace."""

    day: date
    text: str
    metric: Metric | None = None


def reference_of(benchmark: Benchmark) -> Reference:
    """A benchmark as it is written down now."""
    return Reference(**{field.name: getattr(benchmark, field.name) for field in fields(Reference)})


def note_of(annotation: Annotation) -> Note:
    """An annotation as it is written now."""
    return Note(annotation.day, annotation.text, annotation.metric)


def aim_of(target: MetricTarget) -> Aim:
    """A target as it is set now."""
    return Aim(**{field.name: getattr(target, field.name) for field in fields(Aim)})


@transaction.atomic
def add_benchmark(
    metric: Metric, *, reference: Reference, by: Membership, at: datetime
) -> Benchmark:
    """Note what others reach, with source and date."""
    clean = _checked_reference(reference, metric.workspace.day_of(at))
    _check_room(Benchmark.objects.filter(metric=metric).count(), MOST)
    made = Benchmark.objects.create(
        workspace_id=metric.workspace_id, metric=metric, by=by, at=at, **vars(clean)
    )
    record(BENCHMARK_ADDED, metric, by=by, at=at, name=metric.name, source=clean.source)
    return made


@transaction.atomic
def change_benchmark(
    benchmark: Benchmark, *, reference: Reference, version: int, by: Membership, at: datetime
) -> Benchmark:
    """Write a benchmark anew; Stale where another has changed it since that version."""
    held = _hold(benchmark, version)
    metric = held.metric
    clean = _checked_reference(reference, metric.workspace.day_of(at))
    _rewrite(held, vars(clean))
    record(BENCHMARK_CHANGED, metric, by=by, at=at, name=metric.name, source=clean.source)
    return held


@transaction.atomic
def remove_benchmark(benchmark: Benchmark, *, by: Membership, at: datetime) -> None:
    """Take a benchmark away."""
    metric = benchmark.metric
    record(BENCHMARK_REMOVED, metric, by=by, at=at, name=metric.name, source=benchmark.source)
    benchmark.delete()


@transaction.atomic
def annotate(workspace: Workspace, *, note: Note, by: Membership, at: datetime) -> Annotation:
    """Pin a note to a day."""
    clean = _checked_note(note)
    _check_room(Annotation.objects.filter(workspace=workspace).count(), MOST_NOTES)
    made = Annotation.objects.create(workspace=workspace, by=by, at=at, **vars(clean))
    record(ANNOTATION_ADDED, made, by=by, at=at, day=clean.day.isoformat(), text=clean.text)
    return made


@transaction.atomic
def change_annotation(
    annotation: Annotation, *, note: Note, version: int, by: Membership, at: datetime
) -> Annotation:
    """Write a note anew; Stale where another has changed it since that version."""
    held = _hold(annotation, version)
    clean = _checked_note(note)
    _rewrite(held, vars(clean))
    record(ANNOTATION_CHANGED, held, by=by, at=at, day=clean.day.isoformat(), text=clean.text)
    return held


@transaction.atomic
def remove_annotation(annotation: Annotation, *, by: Membership, at: datetime) -> None:
    """Take a note off its day."""
    told = {"day": annotation.day.isoformat(), "text": annotation.text}
    record(ANNOTATION_REMOVED, annotation, by=by, at=at, **told)
    annotation.delete()


@transaction.atomic
def set_target(metric: Metric, *, aim: Aim, by: Membership, at: datetime) -> MetricTarget:
    """Set what each period of a span should come to; spans of one grain do not overlap."""
    _check_aim(aim)
    held = Metric.objects.select_for_update().get(pk=metric.pk)
    others = MetricTarget.objects.filter(metric=held, grain=aim.grain)
    _refuse_overlap(others, aim)
    _check_room(others.count(), MOST)
    made = MetricTarget.objects.create(
        workspace_id=held.workspace_id, metric=held, by=by, at=at, **vars(aim)
    )
    record(TARGET_SET, held, by=by, at=at, name=held.name, value=plain(aim.value), **held.measure)
    return made


@transaction.atomic
def change_target(
    target: MetricTarget, *, aim: Aim, version: int, by: Membership, at: datetime
) -> MetricTarget:
    """Set a target anew; Stale where another has changed it since that version."""
    metric = Metric.objects.select_for_update().get(pk=target.metric_id)
    held = _hold(target, version)
    _check_aim(aim)
    others = MetricTarget.objects.filter(metric=metric, grain=aim.grain)
    _refuse_overlap(others.exclude(pk=held.pk), aim)
    _rewrite(held, vars(aim))
    record(
        TARGET_CHANGED,
        metric,
        by=by,
        at=at,
        name=metric.name,
        value=plain(aim.value),
        **metric.measure,
    )
    return held


@transaction.atomic
def remove_target(target: MetricTarget, *, by: Membership, at: datetime) -> None:
    """Take a target away."""
    metric = target.metric
    record(TARGET_REMOVED, metric, by=by, at=at, name=metric.name, value=plain(target.value))
    target.delete()


Written = TypeVar("Written", Benchmark, Annotation, MetricTarget)


def _hold(written: Written, version: int) -> Written:
    """The row, held, as it stands; Stale where its version is another, or it is gone."""
    held = type(written)._default_manager.select_for_update().filter(pk=written.pk).first()
    if held is None or held.version != version:
        raise Stale(_("Somebody else has changed this meanwhile."), current=held or written)
    return held


def _rewrite(held: Benchmark | Annotation | MetricTarget, values: Mapping[str, object]) -> None:
    for name, value in values.items():
        setattr(held, name, value)
    held.version += 1
    held.save()


def _checked_reference(reference: Reference, today: date) -> Reference:
    """The benchmark without space around its words, or the first thing that is wrong with it."""
    source = _text(reference.source, LONGEST_SOURCE, "source")
    _check_number(reference.value, "value")
    if not is_known_day(reference.dated) or reference.dated > today:
        raise Refused(_("A benchmark has a day in the past."), code="out_of_range", field="dated")
    if reference.percentile is not None and reference.percentile not in PERCENTILES:
        message = _("A percentile lies from 1 to 99.")
        raise Refused(message, code="out_of_range", field="percentile")
    industry = reference.industry.strip()
    if len(industry) > LONGEST_INDUSTRY or not is_sound(industry):
        raise Refused(_("That is too long."), field="industry")
    return replace(reference, source=source, industry=industry)


def _checked_note(note: Note) -> Note:
    """The note without space around it, or the first thing that is wrong with it."""
    text = _text(note.text, LONGEST_NOTE, "text")
    if not is_known_day(note.day):
        raise Refused(_("Days lie between 1900 and 2200."), code="out_of_range", field="day")
    return replace(note, text=text)


def _check_aim(aim: Aim) -> None:
    """Refuse what no target can be."""
    for name in ("value", "low", "high"):
        _check_number(getattr(aim, name), name)
    if aim.grain not in set(Grain):
        message = _("Choose one of: %s.") % ", ".join(Grain)
        raise Refused(message, code="invalid_choice", field="grain")
    if not (is_known_day(aim.first) and is_known_day(aim.last)) or aim.first > aim.last:
        message = _("A target ends on or after the day it begins.")
        raise Refused(message, code="backwards", field="last")
    if aim.low is not None and aim.low > aim.value:
        message = _("The band begins above the target: let “good from” be the target or less.")
        raise Refused(message, code="outside_band", field="low")
    if aim.high is not None and aim.high < aim.value:
        message = _("The band ends below the target: let “good to” be the target or more.")
        raise Refused(message, code="outside_band", field="high")


def _refuse_overlap(others: QuerySet[MetricTarget], aim: Aim) -> None:
    if others.filter(first__lte=aim.last, last__gte=aim.first).exists():
        message = _("These days have a target already; change or remove that one.")
        raise Refused(message, code="overlap", field="first")


def _text(text: str, longest: int, field: str) -> str:
    clean = text.strip()
    if not clean or len(clean) > longest or not is_sound(clean):
        message = _("Write 1 to %(most)s letters.") % {"most": longest}
        raise Refused(message, code="required", field=field)
    return clean


def _check_number(value: Decimal | None, field: str) -> None:
    if value is not None and not (value.is_finite() and abs(value) <= LARGEST):
        raise Refused(_("This number is too large."), code="out_of_range", field=field)


def _check_room(count: int, most: int) -> None:
    if count >= most:
        message = _("There are %(most)s of them already.") % {"most": f"{most:,}"}
        raise Refused(message, code="too_many")
