"""Until when there are data, how often they come, and whether they are late."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.db.models import Max, Q, Value

from metrics.models.definitions import Metric
from metrics.models.imports import Source
from metrics.models.observations import Observation
from metrics.queries.series import inputs_of, latest_of
from metrics.rules.freshness import Rhythm, State, rhythm_of, state_of, usual_gap, worst
from workspaces.models import Workspace

Pair = tuple[int | None, int]  # cadence and lag in days
LOOK_BACK = timedelta(days=92)  # long enough to see the rhythm of monthly data


@dataclass(frozen=True)
class Freshness:
    """Until when a metric has data, the usual gap in days, and whether data are late."""

    until: date | None
    gap: int
    is_late: bool
    state: State = State.FRESH


@dataclass(frozen=True)
class Feed:
    """A source with a stated cadence as it feeds one metric: until when, and in which rhythm."""

    source_id: int
    until: date
    rhythm: Rhythm


@dataclass(frozen=True)
class Stated:
    """(cadence, lag) of each metric and source that has them, and what such sources feed."""

    own: dict[int, Pair] = field(default_factory=dict)
    sources: dict[int, Pair] = field(default_factory=dict)
    feeds: dict[int, list[Feed]] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is stated."""
        return not self.own and not self.sources

    def rhythm(self, metric_id: int, part: int, gap: int) -> Rhythm:
        """The rhythm of an input: the metric's own statement, else the input's, else learned."""
        cadence, lag = self.own.get(metric_id) or self.own.get(part) or (None, 0)
        return rhythm_of(cadence, lag, gap=gap)


def freshness_of(
    workspace: Workspace, metric_ids: Collection[int], today: date
) -> dict[int, Freshness]:
    """How fresh each metric is: as fresh as the stalest of its inputs; 4-5 queries."""
    inputs = inputs_of(workspace, metric_ids)
    until = latest_of(inputs)
    days = _days_of({pk for parts in inputs.values() for pk in parts}, until.values())
    stated = stated_about(workspace, inputs)
    yesterday = today - timedelta(days=1)
    found = {}
    for pk, parts in inputs.items():
        last = until.get(pk)
        gaps = {part: usual_gap(days.get(part, ())) for part in parts}
        states = [
            state_of(last, now=yesterday, rhythm=stated.rhythm(pk, part, gaps[part]))
            for part in parts
        ]
        state = worst([*states, *feed_states(parts, stated, yesterday)])
        gap = max(gaps.values(), default=1)
        found[pk] = Freshness(last, gap, state is not State.FRESH, state)
    return found


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
    rows = metrics.filter(workspace=workspace).values_list(Value(0), *names)
    rows = rows.union(sources.filter(workspace=workspace).values_list(Value(1), *names), all=True)
    found: tuple[dict[int, Pair], dict[int, Pair]] = ({}, {})
    for which, pk, cadence, lag in rows:
        found[which][pk] = (cadence, lag)
    return Stated(*found)


def stated_about(workspace: Workspace, inputs: Mapping[int, Collection[int]]) -> Stated:
    """What is stated about these metrics, their inputs and the sources of those; 1-2 queries."""
    stated = stated_in(workspace)
    if not stated.sources:
        return stated
    wanted = set(inputs) | {part for parts in inputs.values() for part in parts}
    feeds: dict[int, list[Feed]] = {}
    for metric_id, source_id, last in _last_days(wanted, stated.sources):
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


def _days_of(metric_ids: Collection[int], until: Collection[date]) -> dict[int, list[date]]:
    """The recent days on which each metric has facts; 1 query."""
    if not until:
        return {}
    rows = Observation.objects.filter(
        series__metric_id__in=metric_ids, day__range=(min(until) - LOOK_BACK, max(until))
    ).values_list("series__metric_id", "day")
    found: dict[int, list[date]] = {}
    for pk, day in rows.order_by().distinct():
        found.setdefault(pk, []).append(day)
    return found
