"""What is counted twice: two sources report the same, or one source tells its days in two ways."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations

from metrics.queries.evidence import DayFacts
from metrics.rules.overlaps import Told, days_between, days_within
from metrics.rules.quality import Finding, Kind, Severity, ToldBySource, tell_the_same

By = tuple[int, int]  # metric and source


def told_by_two(
    metric_id: int,
    facts: Sequence[DayFacts],
    same: Mapping[By, set[frozenset[tuple[str, str]]]],
    sources: Mapping[int, str],
) -> Iterator[Finding]:
    """Two sources that report a metric for the same days and names."""
    told = [
        ToldBySource(
            source,
            frozenset(row.day for row in facts if row.source_id == source),
            tuple(same.get((metric_id, source), ())),
        )
        for source in sorted({row.source_id for row in facts})
    ]
    for one, other in combinations(told, 2):
        if tell_the_same(one, other):
            shared = one.days & other.days
            names = [sources.get(side.source_id, "") for side in (one, other)]
            yield Finding(
                Kind.DOUBLE,
                Severity.ERROR,
                metric_id,
                min(shared),
                max(shared),
                len(shared),
                data={"sources": names},
                apart=f"{one.source_id}+{other.source_id}",
            )


def told_by_one(
    layouts: Mapping[By, Sequence[Told]], sources: Mapping[int, str]
) -> Iterator[Finding]:
    """One source that tells the same days by other dimensions, or over spans that overlap."""
    for by, told in layouts.items():
        name = sources.get(by[1], "")
        spans = {day for side in told for day in days_within(side)}
        for one, other in combinations(told, 2):
            days = days_between(one, other)
            if one.layout.names == other.layout.names:
                spans |= days
            elif days:
                dims = sorted(sorted(side.layout.names) for side in (one, other))
                yield _twice(by, name, days, dims)
        if spans:
            yield _twice(by, name, spans, [])


def _twice(by: By, source: str, days: set[int], dims: list[list[str]]) -> Finding:
    metric_id, source_id = by
    return Finding(
        Kind.DOUBLE,
        Severity.WARNING,
        metric_id,
        date.fromordinal(min(days)),
        date.fromordinal(max(days)),
        len(days),
        data={"source": source, "dims": dims},
        apart=f"{source_id}|{dims}",
    )
