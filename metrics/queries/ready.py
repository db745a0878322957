"""Ready rates that a file makes possible and the workspace does not have."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import Q
from django.utils.translation import gettext as _

from metrics.models.definitions import RATIO, Metric
from metrics.rules.faults import Fault, Unreadable
from metrics.rules.mapping import MappingDocument
from metrics.rules.measures import NewMetric
from metrics.rules.ready import Ready, keys_beside, ready_rates
from workspaces.models import Workspace

ALL = "all"
LONGEST_NAME = 80


@dataclass(frozen=True)
class Rates:
    """What can be computed of some columns: what nobody has defined yet, and what is there."""

    offered: list[Ready]
    there: frozenset[str]


def rates_of(workspace: Workspace, columns: Mapping[str, str], source: str) -> Rates:
    """Rates over the metrics of these columns, by key; 1 query.

    One whose key divides other metrics here gets a key and a name of the source.
    """
    found = ready_rates(columns)
    measured = set(columns.values())
    beside = {one.starter.key: keys_beside(one.starter.key, source) for one in found}
    keys = beside.keys() | measured | {key for others in beside.values() for key in others}
    rows = Metric.objects.filter(Q(key__in=keys) | Q(kind=RATIO), workspace=workspace)
    there = list(rows.values_list("key", "numerator__key", "denominator__key", "currency"))
    money = {key: currency for key, _above, _below, currency in there}
    divided = {(above, below): key for key, above, below, _currency in there}
    taken = money.keys() | measured
    offered = [
        _under_free_key(replace(one, currency=money.get(one.above, "")), taken, source)
        for one in found
        if one.starter.key not in measured and (one.above, one.below) not in divided
    ]
    same = [one for one in found if (one.above, one.below) in divided]
    known = {divided[one.above, one.below] for one in same} | {one.starter.key for one in same}
    return Rates(offered, frozenset(known))


def _under_free_key(one: Ready, taken: Collection[str], source: str) -> Ready:
    """The rate; where its key is taken here, under one of the source's own."""
    if one.starter.key not in taken:
        return one
    others = keys_beside(one.starter.key, source)
    free = next((key for key in others if key not in taken), others[-1])
    return replace(one, other_key=free, apart=source)


def rates_to_offer(workspace: Workspace, columns: Mapping[str, str], source: str) -> list[Ready]:
    """Rates over the metrics of these columns, by key, that nobody has defined yet; 1 query."""
    return rates_of(workspace, columns, source).offered


def name_of(one: Ready) -> str:
    """The name of a rate; of one that another source has already, with its own source."""
    name = _(one.starter.name)
    if not one.apart:
        return name
    return f"{name} ({one.apart[: LONGEST_NAME - len(name) - 3]})"


def as_definition(one: Ready, money: Mapping[str, str]) -> NewMetric:
    """A rate as a mapping document defines it; `money` are currencies of metrics yet to be made.

    What it would cost in no known currency is a plain number.
    """
    starter, currency = one.starter, money.get(one.above) or one.currency
    return NewMetric(
        key=one.key,
        name=name_of(one),
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
    offered = rates_to_offer(workspace, columns_of(mapping), mapping.source)
    return _definitions(offered, mapping)


def with_rates(
    workspace: Workspace, mapping: MappingDocument, wanted: Sequence[str]
) -> MappingDocument:
    """The mapping with the rates of these keys, or with ALL; Unreadable names what is none.

    A rate that has a key of its own here answers to the catalogue's key too. What is defined
    already in the same way may be asked for again.
    """
    if not wanted:
        return mapping
    rates = rates_of(workspace, columns_of(mapping), mapping.source)
    offered = {entry.key: entry for entry in _definitions(rates.offered, mapping)}
    there = rates.there | {entry.key for entry in mapping.create}
    if list(wanted) == [ALL]:
        return replace(mapping, create=(*mapping.create, *offered.values()))
    own = {one.starter.key: one.key for one in rates.offered}
    keys = [own.get(key, key) for key in dict.fromkeys(wanted)]
    known = ", ".join(offered) or ", ".join(sorted(rates.there)) or "–"
    faults = [
        Fault("no_such_rate", pointer="/rates", value=key, more=(("known", known),))
        for key in keys
        if key not in offered and key not in there
    ]
    if faults:
        raise Unreadable(*faults)
    added = [offered[key] for key in dict.fromkeys(keys) if key in offered]
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
        if one.key not in money and (one.above, one.below) not in divided
    ]
