"""Until when metrics have data, and how often data come, as far as a verdict needs it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from goals.rules import freshness
from metrics.queries.freshness import Stated, stated_about, stated_in
from metrics.queries.series import inputs_of, latest_days, read_days
from metrics.rules.freshness import State, rhythm_of, state_of, usual_gap
from metrics.rules.periods import DAY
from workspaces.models import Workspace

BACK = timedelta(days=freshness.LOOK_BACK_DAYS)


@dataclass(frozen=True)
class Rhythm:
    """The last day with data, and the usual days from one with data to the next.

    `cadence` and `lag` are those by which lateness is judged (a lag of None was learned); `feed` is
    the last day of the source that holds the metric up, where a source states its own cadence.
    """

    until: date | None = None
    gap: int = 1
    cadence: int = 1
    lag: int | None = None
    feed: date | None = None


@dataclass(frozen=True)
class Wait:
    """Who waits for data of a metric: at the end of the day `now`, up to the day `end`."""

    metric_id: int
    now: date
    end: date

    def needs_gap(self, until: date | None) -> bool:
        """Whether the data end so early that their rhythm decides if they are late."""
        if until is None:
            return False
        quiet = (self.now - until).days > freshness.LEAST_PATIENCE_DAYS
        return quiet or until < self.end <= self.now


def rhythms(
    workspace: Workspace, waits: Collection[Wait], *, fresh: bool = False
) -> dict[int, Rhythm]:
    """The rhythm of each metric that somebody waits for; at most 8 queries.

    The gap is read only where it matters. `fresh` looks at the observations themselves, for the
    moment when rollups have not caught up yet.
    """
    ids = {wait.metric_id for wait in waits}
    latest = latest_days(workspace, ids)
    stated = stated_in(workspace)
    ahead = _take_ahead(latest, waits)
    if fresh:
        days = read_days(workspace, ids, *_last_days(waits))
        latest = _newest(latest, days)
    else:
        lags = any(cadence is None for cadence, _lag in stated.own.values())
        silent = {
            wait.metric_id: latest[wait.metric_id]
            for wait in waits
            if wait.metric_id in latest and (lags or wait.needs_gap(latest[wait.metric_id]))
        } | ahead
        ends = silent.values()
        days = read_days(workspace, set(silent), min(ends) - BACK, max(ends)) if silent else {}
        latest = _newest(latest, {pk: days.get(pk, {}) for pk in ahead})
    inputs = {} if stated.is_empty else inputs_of(workspace, ids)
    if stated.sources:
        stated = stated_about(workspace, inputs)
    now = {wait.metric_id: wait.now for wait in waits}
    return {
        pk: _rhythm(pk, inputs.get(pk, ()), stated, latest.get(pk), (days.get(pk, {}), now[pk]))
        for pk in ids
    }


def _take_ahead(latest: dict[int, date], waits: Collection[Wait]) -> dict[int, date]:
    """Take out the metrics whose data run beyond today, with today for each.

    A number for a day to come says nothing of when data come, and hides no silence.
    """
    today = max((wait.now for wait in waits), default=date.max - DAY) + DAY
    ahead = {pk: today for pk, day in latest.items() if day > today}
    for pk in ahead:
        del latest[pk]
    return ahead


def _rhythm(
    pk: int,
    parts: Iterable[int],
    stated: Stated,
    until: date | None,
    seen: tuple[Mapping[date, Decimal | None], date],
) -> Rhythm:
    """The rhythm of one metric: as stated, else as learned; a source that is late holds it up."""
    days, now = seen
    gap = _gap(days, until)
    feeds = [feed for part in parts for feed in stated.feeds.get(part, ())]
    late = [f for f in feeds if state_of(f.until, now=now, rhythm=f.rhythm) is not State.FRESH]
    if late:
        last = min(late, key=lambda feed: feed.until)
        return Rhythm(until, gap, last.rhythm.cadence, last.rhythm.lag, last.until)
    told = [stated.own[key] for key in (pk, *parts) if key in stated.own][:1]
    if not told:
        return Rhythm(until, gap, gap)
    rhythm = rhythm_of(*told[0], gap=gap)
    return Rhythm(until, gap, rhythm.cadence, rhythm.lag)


def _last_days(waits: Iterable[Wait]) -> tuple[date, date]:
    """The days in which the newest data lie for everybody who waits."""
    spans = [(min(wait.now, wait.end) - BACK, wait.now) for wait in waits]
    return min(first for first, _last in spans), max(last for _first, last in spans)


def _newest(
    latest: Mapping[int, date], days: Mapping[int, Mapping[date, Decimal | None]]
) -> dict[int, date]:
    """The last day with data by rollups or by observations, whichever is later."""
    found = dict(latest)
    for pk, values in days.items():
        known = [day for day, value in values.items() if value is not None]
        if known:
            found[pk] = max([*known, *([found[pk]] if pk in found else [])])
    return found


def _gap(values: Mapping[date, Decimal | None], until: date | None) -> int:
    """The usual gap in the last days before the data end."""
    if until is None:
        return 1
    return usual_gap(
        day for day, value in values.items() if value is not None and until - BACK <= day <= until
    )
