"""Metrics and observations for tests, made by the real operations."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from metrics.models import Metric
from metrics.operations.definition_checks import Definition
from metrics.operations.definitions import define_metric
from metrics.operations.observations import Reading, Recorded, record_observations
from metrics.operations.rollups import roll_up
from metrics.rules.amounts import Unfit, read_amount
from metrics.rules.dims import canonical
from tests.make.workspaces import NOON, owner_of


def make_metric(workspace, key="clicks", *, kind="additive", by=None, at=NOON, **fields) -> Metric:
    """An additive metric unless told otherwise; `fields` are those of a Definition."""
    definition = Definition(
        key=key, name=fields.pop("name", key.replace("_", " ").capitalize()), kind=kind, **fields
    )
    return define_metric(workspace, definition=definition, by=by or owner_of(workspace), at=at)


def make_ratio(
    workspace, key="ctr", *, numerator="clicks", denominator="sends", scale="100", **fields
) -> Metric:
    """A ratio in percent; its parts, by key or as metrics, are made where they are not there."""
    parts = {}
    for name, part in (("numerator", numerator), ("denominator", denominator)):
        found = part if isinstance(part, Metric) else None
        found = found or Metric.objects.filter(workspace=workspace, key=part).first()
        parts[name] = (found or make_metric(workspace, part)).key
    fields = {"unit": "percent", "decimals": 2, **fields}
    return make_metric(workspace, key, kind="ratio", scale=scale, **parts, **fields)


def observe(
    metric: Metric, values: Mapping[date | str, object], *, dims=None, source="test",
    key=None, by=None, at=NOON, roll=True,
) -> Recorded:  # fmt: skip
    """Record one value a day (numbers or texts in the metric's unit), and roll them up at once."""
    readings = [
        Reading(metric.pk, as_day(day), scaled(value, metric), canonical(dims or {}), key)
        for day, value in values.items()
    ]
    by = by or owner_of(metric.workspace)
    recorded = record_observations(metric.workspace, source=source, readings=readings, by=by, at=at)
    if roll:
        roll_up()
    return recorded


def as_day(day: date | str) -> date:
    return date.fromisoformat(day) if isinstance(day, str) else day


def scaled(value: object, metric: Metric) -> int:
    given = Decimal(repr(value)) if isinstance(value, float) else value
    amount = read_amount(given, metric.decimals)
    assert not isinstance(amount, Unfit), (value, amount)
    return amount
