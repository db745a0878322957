"""Metrics that are in another currency than a file has, or than what they are computed from."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from metrics.models.definitions import Metric
from metrics.queries.wording import keys_in
from metrics.rules.measures import NewMetric
from metrics.rules.money import other_key
from metrics.rules.quality import Finding, Kind, Severity
from workspaces.models import Workspace


def keys_apart(workspace: Workspace, create: Sequence[NewMetric]) -> dict[str, str]:
    """A key of its own for each metric whose key is there in another currency; 1 query."""
    money = {entry.key: entry.currency for entry in create if entry.currency}
    rows = Metric.objects.filter(workspace=workspace, key__in=money).values_list("key", "currency")
    return {key: other_key(key, money[key]) for key, there in rows if there != money[key]}


def mixed_money(metrics: Collection[Metric], first: date, last: date) -> Iterator[Finding]:
    """Those that put money of several currencies together, as is refused when one is defined.

    They are from before that was so, or the currency of an input has changed since.
    """
    currency = {metric.key: metric.currency for metric in metrics}
    for metric in metrics:
        money = {key: currency[key] for key in keys_in(metric) if currency.get(key)}
        told = money | {metric.key: metric.currency} if money and metric.currency else money
        if len(set(told.values())) > 1:
            words = ", ".join(f"{key} ({code})" for key, code in told.items())
            data: dict[str, object] = {"money": words}
            yield Finding(
                Kind.CURRENCIES, Severity.ERROR, metric.pk, first, last, data=data, apart=words
            )
