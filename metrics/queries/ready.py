"""Ready rates that a file makes possible and the workspace does not have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import Q
from django.utils.translation import gettext as _

from metrics.models.definitions import RATIO, Metric
from metrics.rules.faults import Fault, Unreadable
from metrics.rules.mapping import MappingDocument
from metrics.rules.measures import NewMetric
from metrics.rules.ready import Ready, ready_rates
from workspaces.models import Workspace

ALL = "all"


@dataclass(frozen=True)
class Rates:
    """What can be computed of some columns: what nobody has defined yet, and what is there."""

    offered: list[Ready]
    there: frozenset[str]


def rates_of(workspace: Workspace, columns: Mapping[str, str]) -> Rates:
    """Rates over the metrics of these columns, by key; 1 query."""
    found = ready_rates(columns)
    measured = set(columns.values())
    keys = {one.starter.key for one in found} | measured
    rows = Metric.objects.filter(Q(key__in=keys) | Q(kind=RATIO), workspace=workspace)
    there = list(rows.values_list("key", "numerator__key", "denominator__key", "currency"))
    money = {key: currency for key, _above, _below, currency in there}
    divided = {(above, below): key for key, above, below, _currency in there}
    offered = [
        replace(one, currency=money.get(one.above, ""))
        for one in found
        if one.starter.key not in money.keys() | measured and (one.above, one.below) not in divided
    ]
    same = [
        one.starter.key for one in found if divided.get((one.above, one.below)) == one.starter.key
    ]
    return Rates(offered, frozenset(same))


def rates_to_offer(workspace: Workspace, columns: Mapping[str, str]) -> list[Ready]:
    """Rates over the metrics of these columns, by key, that nobody has defined yet; 1 query."""
    return rates_of(workspace, columns).offered


def as_definition(one: Ready, money: Mapping[str, str]) -> NewMetric:
    """A rate as a mapping document defines it; `money` are currencies of metrics yet to be made.

    What it would cost in no known currency is a plain number.
    """
    starter, currency = one.starter, money.get(one.above) or one.currency
    return NewMetric(
        key=starter.key,
        name=_(starter.name),
        kind=RATIO,
        unit="number" if starter.is_money and not currency else starter.unit,
        decimals=starter.decimals,
        direction=starter.direction,
        numerator=one.above,
        denominator=one.below,
        scale=starter.scale,
        currency=currency if starter.is_money else "",
        description=_(starter.description),
        stage=starter.stage,
    )


def definitions_to_offer(workspace: Workspace, mapping: MappingDocument) -> list[NewMetric]:
    """Rates over what a mapping reads that neither it nor anybody else defines; 1 query."""
    return _definitions(rates_to_offer(workspace, columns_of(mapping)), mapping)


def with_rates(
    workspace: Workspace, mapping: MappingDocument, wanted: Sequence[str]
) -> MappingDocument:
    """The mapping with the rates of these keys, or with ALL; Unreadable names what is none.

    What is defined already in the same way may be asked for again.
    """
    if not wanted:
        return mapping
    rates = rates_of(workspace, columns_of(mapping))
    offered = {entry.key: entry for entry in _definitions(rates.offered, mapping)}
    there = rates.there | {entry.key for entry in mapping.create}
    if list(wanted) == [ALL]:
        return replace(mapping, create=(*mapping.create, *offered.values()))
    known = ", ".join(offered) or "–"
    faults = [
        Fault("no_such_rate", pointer="/rates", value=key, more=(("known", known),))
        for key in wanted
        if key not in offered and key not in there
    ]
    if faults:
        raise Unreadable(*faults)
    added = [offered[key] for key in dict.fromkeys(wanted) if key in offered]
    return replace(mapping, create=(*mapping.create, *added))


def columns_of(mapping: MappingDocument) -> dict[str, str]:
    """The metrics by the column, or the name of a long file, that their values come from."""
    if mapping.long:
        return dict(mapping.long.names)
    return {entry.column: entry.metric for entry in mapping.metrics if entry.column}


def _definitions(offered: Sequence[Ready], mapping: MappingDocument) -> list[NewMetric]:
    """The rates as definitions, but for those that the mapping itself defines."""
    money = {entry.key: entry.currency for entry in mapping.create}
    divided = {(entry.numerator, entry.denominator) for entry in mapping.create}
    return [
        as_definition(one, money)
        for one in offered
        if one.starter.key not in money and (one.above, one.below) not in divided
    ]
