"""What the measured metrics amounted to over spans of days, by group: before any formula.

A span is tiled by few stored buckets and days. Additive metrics are summed; of a level the last
value on or before the span's end counts, summed over series; people are united. Spans and groups
are put together here and nowhere else, each kind in its way.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from metrics.queries import known, levels, sums, uniques
from metrics.rules.aggregation import Amount, Kind, Leaf
from metrics.rules.periods import DAY, Grain, Period, Span, periods, tiles
from metrics.rules.uniques import Tally, merge

MOST_RUNS = 100
Group = tuple[str | None, ...]
Held = int | Tally
Amounts = dict[int, Held]  # by leaf; what has no observation is not in it
Groups = Mapping[int, tuple[Group, int]]  # a series (or a metric): its group and its leaf
Tile = tuple[int, date]  # the code of a grain, and the first day
Ranges = dict[Grain, list[tuple[date, date]]]
Tiled = dict[Group, dict[Tile, Amounts]]


@dataclass(frozen=True)
class Wanted:
    """Leaves by kind, the spans, and which series (or whole metrics) count for which group.

    `until` is the last day with data of each level, behind which it is not carried. `known_at`
    asks for what the facts said at that instant; such answers are read from the facts.
    """

    leaves: Sequence[Leaf]
    spans: Sequence[Span]
    groups: Groups
    of_series: bool
    until: Mapping[int, date]
    known_at: datetime | None = None

    def of(self, kind: Kind) -> Groups:
        """The series (or metrics) of one kind."""
        ids = {leaf.id for leaf in self.leaves if leaf.kind is kind}
        return {owner: place for owner, place in self.groups.items() if place[1] in ids}


def read_amounts(wanted: Wanted) -> dict[Group, list[Amounts]]:
    """The amounts of each group over each span, in the order of the spans.

    1 query for additive metrics, 1 for each grain of unique ones, 2 for levels (and 1 for their
    series), whatever the range.
    """
    tiled = [_tiles(wanted, span) for span in wanted.spans]
    held: Tiled = {}
    _read_sums(wanted, tiled, held)
    _read_people(wanted, tiled, held)
    names = {group for group, _leaf in wanted.groups.values()}
    found = {group: _by_span(held.get(group, {}), tiled) for group in names}
    _read_levels(wanted, found)
    return found


def _tiles(wanted: Wanted, span: Span) -> list[Period]:
    """Few buckets that make up a span; its days where rollups know nothing of what is asked."""
    if wanted.known_at is None:
        return tiles(span.first, span.last)
    return periods(Grain.DAY, span.first, span.last)


def _by_span(held: Mapping[Tile, Amounts], tiled: Sequence[Sequence[Period]]) -> list[Amounts]:
    return [
        over_time([held[place] for part in parts if (place := _tile(part)) in held])
        for parts in tiled
    ]


def _tile(part: Period) -> Tile:
    return part.grain.code, part.start


def _read_sums(wanted: Wanted, tiled: Sequence[Sequence[Period]], held: Tiled) -> None:
    owners = wanted.of(Kind.ADDITIVE)
    if not owners:
        return
    for owner, grain, start, total in _sums(wanted, owners, _ranges(tiled)):
        group, leaf = owners[owner]
        place = held.setdefault(group, {}).setdefault((grain, start), {})
        before = place.get(leaf, 0)
        place[leaf] = total + (before if isinstance(before, int) else 0)


def _sums(wanted: Wanted, owners: Groups, ranges: Ranges) -> Iterator[tuple[int, int, date, int]]:
    """(owner, code of the grain, first day, sum), as known now or then."""
    if wanted.known_at is None:
        yield from sums.of_tiles(owners, ranges, of_series=wanted.of_series)
        return
    for first, last in ranges.get(Grain.DAY, ()):
        rows = known.facts_as_known(
            owners, first, last, wanted.known_at, of_series=wanted.of_series
        )
        for owner, day, total in rows:
            yield owner, Grain.DAY.code, day, total


def _read_people(wanted: Wanted, tiled: Sequence[Sequence[Period]], held: Tiled) -> None:
    owners = wanted.of(Kind.UNIQUE)
    if not owners:
        return
    parts: dict[tuple[Group, Tile, int], list[Tally]] = {}
    for grain, pairs in _ranges(tiled).items():
        for owner, start, tally in _tallies(wanted, owners, grain, (pairs[0][0], pairs[-1][1])):
            group, leaf = owners[owner]
            parts.setdefault((group, (grain.code, start), leaf), []).append(tally)
    for (group, tile, leaf), tallies in parts.items():
        held.setdefault(group, {}).setdefault(tile, {})[leaf] = merge(tallies)


def _tallies(
    wanted: Wanted, owners: Groups, grain: Grain, reach: tuple[date, date]
) -> Iterator[tuple[int, date, Tally]]:
    """(owner, first day, tally) of one grain, as known now or then."""
    of_series = wanted.of_series
    if wanted.known_at is not None:
        at = wanted.known_at
        yield from known.tallies_as_known(owners, *reach, at, of_series=of_series)
    elif grain is Grain.DAY:
        yield from uniques.tallies_of_days(owners, *reach, of_series=of_series)
    else:
        yield from uniques.tallies_of_buckets(owners, grain, *reach, of_series=of_series)


def _ranges(tiled: Sequence[Sequence[Period]]) -> Ranges:
    """The runs of neighbouring tiles by grain: from the first day of the first to that of the last.

    For days these are the days themselves.
    """
    every = sorted({(part.grain.code, part.start, part.end) for parts in tiled for part in parts})
    grains = {grain.code: grain for grain in Grain}
    found: dict[Grain, list[tuple[date, date]]] = {}
    ended: dict[Grain, date] = {}
    for code, start, end in every:
        grain = grains[code]
        runs = found.setdefault(grain, [])
        if runs and start == ended[grain] + DAY:
            runs[-1] = (runs[-1][0], start)
        else:
            runs.append((start, start))
        ended[grain] = end
    # A condition of very many ranges costs more than reading what lies between them.
    return {
        grain: runs if len(runs) <= MOST_RUNS else [(runs[0][0], runs[-1][1])]
        for grain, runs in found.items()
    }


def _read_levels(wanted: Wanted, found: dict[Group, list[Amounts]]) -> None:
    """Put the levels in: of each span in which the metric has begun and not yet ended."""
    owners = wanted.of(Kind.LAST)
    if not owners:
        return
    series = owners if wanted.of_series else _series_of(owners)
    ends = sorted({span.last for span in wanted.spans})
    at = (
        levels.levels_at(list(series), ends)
        if wanted.known_at is None
        else known.levels_as_known(list(series), ends, wanted.known_at)
    )
    for owner, (group, leaf) in series.items():
        until = wanted.until.get(leaf)
        for span, amounts in zip(wanted.spans, found[group], strict=True):
            value = at.get((owner, span.last))
            if value is None or until is None or span.first > until:
                continue
            before = amounts.get(leaf, 0)
            amounts[leaf] = value + (before if isinstance(before, int) else 0)


def _series_of(metrics: Groups) -> Groups:
    """Every series of these metrics, in their groups; 1 query."""
    return {pk: metrics[metric] for pk, metric, _dims in sums.series_of(metrics)}


def over_time(parts: Iterable[Mapping[int, Held]], levels_of: Collection[int] = ()) -> Amounts:
    """The amounts of spans that follow each other, as those of the whole.

    `levels_of` are the leaves of which the last one counts.
    """
    totals: Amounts = {}
    tallies: dict[int, list[Tally]] = {}
    for part in parts:
        for leaf, amount in part.items():
            if isinstance(amount, Tally):
                tallies.setdefault(leaf, []).append(amount)
            elif leaf in levels_of:
                totals[leaf] = amount
            else:
                before = totals.get(leaf, 0)
                totals[leaf] = amount + (before if isinstance(before, int) else 0)
    return totals | {leaf: merge(of) for leaf, of in tallies.items()}


def over_groups(parts: Iterable[Mapping[int, Held]]) -> Amounts:
    """The amounts of groups over the same span together: levels add up as sums do."""
    return over_time(parts)


def counted(amounts: Mapping[int, Held], span: Span) -> dict[int, Amount]:
    """The amounts as numbers: people are counted now that nothing is united any more."""
    return {
        leaf: amount.count(span.first, span.last) if isinstance(amount, Tally) else amount
        for leaf, amount in amounts.items()
    }
