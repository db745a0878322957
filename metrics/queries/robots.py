"""Clicks that far exceed the opens they belong to: link scanners click without opening."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from metrics.models.definitions import ADDITIVE, Metric
from metrics.queries.evidence import DayFacts
from metrics.queries.wording import keys_in
from metrics.rules.quality import Far, Finding, Kind, Severity, far_days, open_pairs

Facts = Mapping[int, Sequence[DayFacts]]  # by metric
Sums = dict[date, int]


def clicks_without_opens(metrics: Mapping[int, Metric], facts: Facts) -> Iterator[Finding]:
    """Days on which clicks exceed opens; only those compared that belong together.

    They do where one source tells both, or where one formula names both.
    """
    counts = {pk: m.key for pk, m in metrics.items() if m.kind == ADDITIVE and m.unit == "count"}
    named = [set(keys_in(metric)) for metric in metrics.values() if metric.is_computed]
    for click, opened in sorted(open_pairs(counts)):
        pair = {counts[click], counts[opened]}
        found = _far(facts, click, opened, is_named=any(pair <= keys for keys in named))
        if found:
            yield _finding(click, metrics[opened], found)


def _far(facts: Facts, click: int, opened: int, *, is_named: bool) -> Far | None:
    """The days of a pair, by what belongs together: sources first, then what one formula sums."""
    clicks, opens = _by_source(facts.get(click, ())), _by_source(facts.get(opened, ()))
    pairs = [(clicks[source], opens[source]) for source in sorted(clicks.keys() & opens.keys())]
    if is_named:
        pairs.append((_together(clicks), _together(opens)))
    found = [far for one, other in pairs if (far := far_days(one, other))]
    return max(found, key=lambda far: len(far.days)) if found else None


def _by_source(facts: Sequence[DayFacts]) -> dict[int, Sums]:
    """The sum of each day, by source."""
    found: dict[int, Sums] = {}
    for fact in facts:
        days = found.setdefault(fact.source_id, {})
        days[fact.day] = days.get(fact.day, 0) + fact.total
    return found


def _together(sums: Mapping[int, Sums]) -> Sums:
    """The sum of each day over all sources."""
    found: Sums = {}
    for days in sums.values():
        for day, total in days.items():
            found[day] = found.get(day, 0) + total
    return found


def _finding(click: int, opened: Metric, far: Far) -> Finding:
    return Finding(
        Kind.FAR_ABOVE,
        Severity.WARNING,
        click,
        min(far.days),
        max(far.days),
        len(far.days),
        data={
            "other": opened.key,
            "value": str(far.clicks),
            "against": str(far.opens),
            "day": far.worst.isoformat(),
        },
        apart=str(opened.pk),
    )
