"""Until when there are data, how often they come, and whether they are late."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.db.models import Max, Min, Q, Value

from metrics.models.definitions import Metric
from metrics.models.imports import ImportRun, Source
from metrics.models.observations import Observation
from metrics.models.quality import EndedFeed
from metrics.queries.series import inputs_of, latest_of
from metrics.rules.freshness import (
    ENDED,
    Rhythm,
    State,
    promises_more,
    rhythm_of,
    state_of,
    usual_gap,
    worst,
)
from workspaces.models import Workspace

Pair = tuple[int | None, int]  # cadence and lag in days
OF_METRIC, OF_SOURCE, OF_FEED = 0, 1, 2  # of what a statement is
LOOK_BACK = timedelta(days=92)  # long enough to see the rhythm of monthly data


@dataclass(frozen=True)
class Freshness:
    """Until when a metric has data, the usual gap in days, and whether data are late.

    Late data say nothing of now, whyever no more came. Only where more is expected
    (`is_expected`) somebody is told that they are overdue.
    """

    until: date | None
    gap: int
    is_late: bool
    state: State = State.FRESH
    is_expected: bool = True

    @property
    def is_overdue(self) -> bool:
        """Whether data should have come and have not."""
        return self.is_late and self.is_expected


@dataclass(frozen=True)
class Feed:
    """A source with a stated cadence as it feeds one metric: until when, and in which rhythm."""

    source_id: int
    until: date
    rhythm: Rhythm


@dataclass(frozen=True)
class Stated:
    """(cadence, lag) of each metric and source that has them, and what such sources feed.

    Sources that are not expected to send any more are `ended`; where that is said of one metric
    alone, (metric, source) is among `ended_feeds`.
    """

    own: dict[int, Pair] = field(default_factory=dict)
    sources: dict[int, Pair] = field(default_factory=dict)
    ended: frozenset[int] = frozenset()
    ended_feeds: frozenset[tuple[int, int]] = frozenset()
    feeds: dict[int, list[Feed]] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is stated."""
        return not self.own and not self.sources

    def is_over(self, metric_id: int, source_id: int) -> bool:
        """Whether the source is not expected to send the metric any more."""
        return source_id in self.ended or (metric_id, source_id) in self.ended_feeds

    def rhythm(self, metric_id: int, part: int, gap: int) -> Rhythm:
        """The rhythm of an input: the metric's own statement, else the input's, else learned."""
        cadence, lag = self.own.get(metric_id) or self.own.get(part) or (None, 0)
        return rhythm_of(cadence, lag, gap=gap)

    def cadence(self, metric_id: int, part: int) -> int | None:
        """The stated cadence of an input; None where it is learned."""
        return (self.own.get(metric_id) or self.own.get(part) or (None, 0))[0]


@dataclass(frozen=True)
class Told:
    """One day on which a source has facts of a metric, and the first run that they are from."""

    day: date
    source_id: int
    run_id: int


def freshness_of(
    workspace: Workspace,
    metric_ids: Collection[int],
    today: date,
    inputs: Mapping[int, Collection[int]] | None = None,
) -> dict[int, Freshness]:
    """How fresh each metric is: as fresh as the stalest of its inputs; 4-6 queries.

    One less where the inputs are known.
    """
    inputs = inputs_of(workspace, metric_ids) if inputs is None else inputs
    until = latest_of(inputs)
    told = _told({pk for parts in inputs.values() for pk in parts}, until.values())
    stated = stated_about(workspace, inputs)
    yesterday = today - timedelta(days=1)
    found = {}
    late: dict[int, dict[int, Rhythm]] = {}  # inputs that hold a metric up by what was learned
    for pk, parts in inputs.items():
        last = until.get(pk)
        gaps = {part: usual_gap(one.day for one in told.get(part, ())) for part in parts}
        rhythms = {part: stated.rhythm(pk, part, gap) for part, gap in gaps.items()}
        states = {
            part: state_of(last, now=yesterday, rhythm=rhythm) for part, rhythm in rhythms.items()
        }
        feeds = worst(feed_states(parts, stated, yesterday))
        state = worst([*states.values(), feeds])
        overdue = {part for part in parts if states[part] is not State.FRESH}
        cadences = {part: stated.cadence(pk, part) for part in overdue}
        is_stated = feeds is not State.FRESH or any(cadences.values())
        if not is_stated:
            late[pk] = {part: rhythms[part] for part in overdue if cadences[part] is None}
        gap = max(gaps.values(), default=1)
        found[pk] = Freshness(last, gap, state is not State.FRESH, state, is_stated)
    return found | _expected(workspace, found, late, told, stated)


def _expected(
    workspace: Workspace,
    found: Mapping[int, Freshness],
    late: Mapping[int, Mapping[int, Rhythm]],
    told: Mapping[int, Collection[Told]],
    stated: Stated,
) -> dict[int, Freshness]:
    """Those of whose late inputs one has promised more by how it came; 1 query if any is late."""
    parts = {part for rhythms in late.values() for part in rhythms}
    rows = {
        part: [one for one in told.get(part, ()) if not stated.is_over(part, one.source_id)]
        for part in parts
    }
    runs = {one.run_id for some in rows.values() for one in some}
    learnt = learnt_on(workspace, runs)
    days: dict[int, dict[date, date]] = {}
    for part, some in rows.items():
        for one in some:
            known = days.setdefault(part, {})
            known[one.day] = min(learnt.get(one.run_id, date.max), known.get(one.day, date.max))
    return {
        pk: replace(
            found[pk],
            is_expected=any(promises_more(days.get(p, {}), rhythm) for p, rhythm in some.items()),
        )
        for pk, some in late.items()
    }


def learnt_on(workspace: Workspace, runs: Collection[int]) -> dict[int, date]:
    """The day on which each run came; 1 query, none without runs."""
    if not runs:
        return {}
    rows = ImportRun.objects.filter(workspace=workspace, pk__in=runs)
    return {pk: workspace.day_of(at) for pk, at in rows.values_list("pk", "created_at")}


def blamed_sources(workspace: Workspace, late: Mapping[int, date], today: date) -> dict[int, int]:
    """The source that should have sent, of late metrics with their last days; 2-3 queries.

    A late one with a stated cadence, else the one that sent last.
    """
    stated = stated_about(workspace, {pk: (pk,) for pk in late})
    yesterday = today - timedelta(days=1)
    feeds = [
        (feed.until, pk, feed.source_id)
        for pk in late
        for feed in stated.feeds.get(pk, ())
        if state_of(feed.until, now=yesterday, rhythm=feed.rhythm) is not State.FRESH
    ]
    facts = Observation.objects.filter(
        series__metric_id__in=late, day__in=set(late.values())
    ).values_list("day", "series__metric_id", "source")
    last = [row for row in facts.order_by().distinct() if row[0] == late[row[1]]]
    # Those who were late first come last, and stand.
    by_day = sorted(last) + sorted(feeds, reverse=True)
    return {metric_id: source_id for _day, metric_id, source_id in by_day}


def feed_states(parts: Collection[int], stated: Stated, now: date) -> list[State]:
    """How fresh each stated feed of these inputs is at the end of the day `now`."""
    feeds = [feed for part in parts for feed in stated.feeds.get(part, ())]
    return [state_of(feed.until, now=now, rhythm=feed.rhythm) for feed in feeds]


def stated_in(workspace: Workspace) -> Stated:
    """What is stated about the workspace's metrics and sources, yet without feeds; 1 query."""
    metrics = Metric.objects.filter(Q(cadence_days__isnull=False) | Q(lag_days__gt=0))
    sources = Source.objects.filter(cadence_days__isnull=False)
    names = ("pk", "cadence_days", "lag_days")
    rows = metrics.filter(workspace=workspace).values_list(Value(OF_METRIC), *names)
    over = EndedFeed.objects.filter(workspace=workspace)
    rows = rows.union(
        sources.filter(workspace=workspace).values_list(Value(OF_SOURCE), *names),
        over.values_list(Value(OF_FEED), "metric_id", "source_id", Value(0)),
        all=True,
    )
    own: dict[int, Pair] = {}
    sends: dict[int, Pair] = {}
    ended, feeds = set(), set()
    for place, pk, cadence, lag in rows:
        if place == OF_FEED:
            feeds.add((pk, cadence))
        elif place == OF_SOURCE and cadence == ENDED:
            ended.add(pk)
        else:
            (sends if place == OF_SOURCE else own)[pk] = (cadence, lag)
    return Stated(own, sends, ended=frozenset(ended), ended_feeds=frozenset(feeds))


def stated_about(workspace: Workspace, inputs: Mapping[int, Collection[int]]) -> Stated:
    """What is stated about these metrics, their inputs and the sources of those; 1-2 queries."""
    stated = stated_in(workspace)
    if not stated.sources:
        return stated
    wanted = set(inputs) | {part for parts in inputs.values() for part in parts}
    feeds: dict[int, list[Feed]] = {}
    for metric_id, source_id, last in _last_days(wanted, stated.sources):
        if (metric_id, source_id) in stated.ended_feeds:
            continue
        cadence, lag = stated.sources[source_id]
        rhythm = rhythm_of(cadence, lag, gap=1)
        feeds.setdefault(metric_id, []).append(Feed(source_id, last, rhythm))
    return replace(stated, feeds=feeds)


def _last_days(
    metric_ids: Collection[int], sources: Collection[int]
) -> Iterable[tuple[int, int, date]]:
    """(metric, source, last day) of what these sources sent; 1 query."""
    rows = Observation.objects.filter(series__metric_id__in=metric_ids, source__in=list(sources))
    return rows.values_list("series__metric_id", "source").annotate(last=Max("day")).order_by()


def _told(metric_ids: Collection[int], until: Collection[date]) -> dict[int, list[Told]]:
    """The recent days on which each metric has facts, by source; 1 query."""
    if not until:
        return {}
    rows = Observation.objects.filter(
        series__metric_id__in=metric_ids, day__range=(min(until) - LOOK_BACK, max(until))
    ).values_list("series__metric_id", "day", "source")
    found: dict[int, list[Told]] = {}
    for pk, day, source_id, run_id in rows.annotate(first=Min("import_id")).order_by():
        found.setdefault(pk, []).append(Told(day, source_id, run_id))
    return found
