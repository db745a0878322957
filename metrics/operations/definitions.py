"""Defining what is measured; kind, decimals and currency are fixed by observations."""

import re
from dataclasses import dataclass, fields, replace
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from metrics.models.definitions import (
    ADDITIVE,
    DIRECTION_CHOICES,
    KIND_CHOICES,
    RATIO,
    UNIT_CHOICES,
    Metric,
)
from metrics.models.observations import Observation
from metrics.models.rollups import MetricRevision
from metrics.rules.aggregation import shortest
from metrics.rules.amounts import MOST_DECIMALS, plain
from metrics.rules.dims import is_sound
from metrics.verbs import METRIC_DEFINED, METRIC_REDEFINED, METRIC_RETIRED
from workspaces.models import Membership, Workspace
from workspaces.operations.recording import record
from workspaces.rules.errors import Refused, Stale

KEY = re.compile(r"[a-z][a-z0-9_]{0,62}\Z")
CURRENCY = re.compile(r"[A-Z]{3}\Z")
LONGEST_NAME = 120
LONGEST_DESCRIPTION = 2000
MOST_METRICS = 2_000  # a workspace
HIGHEST_SCALE = Decimal(10**9)
PLAIN = re.compile(r"[0-9]{1,10}(?:\.[0-9]{1,9})?\Z", re.ASCII)
FIXED = ("kind", "decimals", "currency")
WHAT_IT_MEANS = (
    "kind", "unit", "decimals", "currency", "direction", "numerator", "denominator", "scale",
)  # fmt: skip


@dataclass(frozen=True)
class Definition:
    """What a metric is; numerator and denominator are keys of metrics, the scale a decimal text."""

    key: str
    name: str
    kind: str = ADDITIVE
    unit: str = "count"
    decimals: int = 0
    direction: str = "up"
    numerator: str = ""
    denominator: str = ""
    scale: str = "1"
    currency: str = ""
    description: str = ""


def definition_of(metric: Metric) -> Definition:
    """What the metric is defined as now."""
    return Definition(
        key=metric.key,
        name=metric.name,
        kind=metric.kind,
        unit=metric.unit,
        decimals=metric.decimals,
        direction=metric.direction,
        numerator=metric.numerator.key if metric.numerator else "",
        denominator=metric.denominator.key if metric.denominator else "",
        scale=metric.scale_text,
        currency=metric.currency,
        description=metric.description,
    )


@transaction.atomic
def define_metric(
    workspace: Workspace, *, definition: Definition, by: Membership | None, at: datetime
) -> Metric:
    """Add a metric to the workspace; a ratio divides two additive metrics of the same workspace."""
    wanted = _checked(definition)
    if Metric.objects.filter(workspace=workspace).count() >= MOST_METRICS:
        raise Refused(_("A workspace has at most %(most)s metrics.") % {"most": MOST_METRICS})
    metric = Metric(workspace=workspace, key=wanted.key, owner=by, defined_at=at)
    _write(metric, wanted, _parts(workspace, wanted))
    try:
        with transaction.atomic():
            metric.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(
            _("A metric with the key “%(key)s” exists.") % {"key": wanted.key},
            code="key_taken",
            field="key",
        ) from error
    MetricRevision.objects.create(metric=metric)
    record(METRIC_DEFINED, metric, by=by, at=at, name=metric.name, key=metric.key)
    return metric


@transaction.atomic
def redefine_metric(
    metric: Metric,
    *,
    definition: Definition,
    version: int,
    by: Membership | None,
    at: datetime,
) -> Metric:
    """Change a definition that nobody else has changed since; its key stays what it is."""
    held = _hold(metric)
    if held.version != version:
        raise Stale(_("Somebody else has changed this metric meanwhile."), current=held)
    _refuse_retired(held)
    before = definition_of(held)
    after = _checked(replace(definition, key=held.key))
    if after == before:
        return held
    changed = [field.name for field in fields(Definition) if _differ(before, after, field.name)]
    _refuse_fixed(held, changed)
    if "kind" in changed:
        _refuse_use_in_ratios(held)
    _write(held, after, _parts(held.workspace, after))
    held.version += 1
    held.definition_revision += 1 if set(changed) & set(WHAT_IT_MEANS) else 0
    held.save(force_update=True)
    record(METRIC_REDEFINED, held, by=by, at=at, name=held.name, key=held.key, fields=changed)
    return held


@transaction.atomic
def retire_metric(metric: Metric, *, by: Membership | None, at: datetime) -> Metric:
    """Take a metric out of use: it keeps its numbers, takes no more, and leaves the catalogue."""
    held = _hold(metric)
    if held.retired_at is not None:
        return held
    _refuse_use_in_ratios(held)
    held.retired_at = at
    held.version += 1
    held.save(update_fields=["retired_at", "version"])
    record(METRIC_RETIRED, held, by=by, at=at, name=held.name, key=held.key)
    return held


def _hold(metric: Metric) -> Metric:
    """The metric as it is, kept from changing and from taking observations until the end."""
    rows = Metric.objects.select_for_update(of=("self",)).select_related(
        "numerator", "denominator", "workspace"
    )
    return rows.get(pk=metric.pk)


def _differ(before: Definition, after: Definition, name: str) -> bool:
    return bool(getattr(before, name) != getattr(after, name))


def _refuse(message: str, field: str, code: str = "invalid") -> Refused:
    return Refused(message, code=code, field=field)


def _refuse_retired(metric: Metric) -> None:
    if metric.retired_at is not None:
        raise Refused(_("“%(name)s” is retired.") % {"name": metric.name}, code="metric_retired")


def _refuse_fixed(metric: Metric, changed: list[str]) -> None:
    """What observations were stored by cannot change under them."""
    fixed = [name for name in FIXED if name in changed]
    if fixed and has_observations(metric):
        raise _refuse(
            _("The metric has observations: its kind, decimals and currency are fixed."),
            fixed[0],
            "fixed_by_observations",
        )


def _refuse_use_in_ratios(metric: Metric) -> None:
    """A metric that a ratio divides stays additive and in use."""
    users = Metric.objects.filter(workspace_id=metric.workspace_id, retired_at=None)
    using = users.filter(numerator=metric) | users.filter(denominator=metric)
    names = list(using.values_list("name", flat=True)[:3])
    if names:
        raise _refuse(
            _("“%(name)s” is a part of %(ratios)s.")
            % {"name": metric.name, "ratios": ", ".join(f"“{name}”" for name in names)},
            "kind",
            "part_of_a_ratio",
        )


def has_observations(metric: Metric) -> bool:
    """Whether any fact of the metric is stored; 1 query."""
    return Observation.objects.filter(series__metric=metric).exists()


def _parts(workspace: Workspace, wanted: Definition) -> tuple[Metric | None, Metric | None]:
    """The numerator and the denominator of a ratio, of this workspace, additive and in use."""
    if wanted.kind != RATIO:
        return None, None
    return _part(workspace, wanted, "numerator"), _part(workspace, wanted, "denominator")


def _part(workspace: Workspace, wanted: Definition, field: str) -> Metric:
    key = getattr(wanted, field)
    if not key:
        raise _refuse(_("A ratio has a numerator and a denominator."), field, "required")
    part = Metric.objects.filter(workspace=workspace, key=key).first()
    if part is None:
        raise _refuse(_("There is no metric “%(key)s”.") % {"key": key}, field, "unknown_metric")
    if part.kind != ADDITIVE:
        raise _refuse(
            _("“%(name)s” is a ratio itself; a ratio divides two additive metrics.")
            % {"name": part.name},
            field,
            "ratio_of_a_ratio",
        )
    if part.retired_at is not None:
        raise _refuse(_("“%(name)s” is retired.") % {"name": part.name}, field, "metric_retired")
    return part


def _write(metric: Metric, wanted: Definition, parts: tuple[Metric | None, Metric | None]) -> None:
    """Put a checked definition into the row."""
    metric.numerator, metric.denominator = parts
    metric.scale_text = wanted.scale
    for name in ("name", "kind", "unit", "decimals", "currency", "direction", "description"):
        setattr(metric, name, getattr(wanted, name))


def _checked(wanted: Definition) -> Definition:
    """The definition in its canonical form, or the first thing that is wrong with it."""
    if not KEY.match(wanted.key):
        raise _refuse(
            _("A key has 1 to 63 small letters, digits and underscores, a letter first."), "key"
        )
    name, description = wanted.name.strip(), wanted.description.strip()
    if not name or len(name) > LONGEST_NAME or not is_sound(name):
        raise _refuse(_("A metric has a name of 1 to 120 letters."), "name")
    if len(description) > LONGEST_DESCRIPTION or not is_sound(description):
        raise _refuse(_("A description has at most 2,000 letters."), "description")
    _check_choices(wanted)
    if not 0 <= wanted.decimals <= MOST_DECIMALS:
        raise _refuse(_("A metric has 0 to 6 decimals."), "decimals")
    clean = replace(wanted, name=name, description=description, currency=_currency(wanted))
    if wanted.kind == RATIO:
        return replace(clean, scale=_scale(wanted))
    return replace(clean, numerator="", denominator="", scale="1")


def _check_choices(wanted: Definition) -> None:
    for field, choices in CHOICES.items():
        if getattr(wanted, field) not in choices:
            raise _refuse(
                _("Choose one of: %(choices)s.") % {"choices": ", ".join(choices)},
                field,
                "invalid_choice",
            )


CHOICES = {
    "kind": tuple(name for name, _word in KIND_CHOICES),
    "unit": tuple(name for name, _word in UNIT_CHOICES),
    "direction": tuple(name for name, _word in DIRECTION_CHOICES),
}


def _currency(wanted: Definition) -> str:
    """Money has a currency of three capital letters, anything else has none."""
    code = wanted.currency.strip().upper()
    if wanted.unit != "currency":
        return ""
    if not CURRENCY.match(code):
        raise _refuse(_("Money has a currency of three letters, such as EUR."), "currency")
    return code


def _scale(wanted: Definition) -> str:
    """The scale as canonical text."""
    scale = Decimal(wanted.scale) if PLAIN.match(wanted.scale) else Decimal(0)
    if not 0 < scale <= HIGHEST_SCALE:
        raise _refuse(_("The scale is a number above 0, such as 1, 100 or 1000."), "scale")
    return plain(shortest(scale)) or "1"
