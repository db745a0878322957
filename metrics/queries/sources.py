"""The sources of a workspace: until when each has data, in which rhythm, and how fresh that is."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from metrics.models.definitions import Metric
from metrics.models.imports import NEVER_STORED, ImportRun, Source
from metrics.models.observations import Observation
from metrics.queries.catalogue import metrics_of
from metrics.queries.freshness import LOOK_BACK, Stated, learnt_on, stated_in
from metrics.rules.freshness import (
    ENDED,
    LEAST_DAYS,
    Rhythm,
    State,
    promises_more,
    rhythm_of,
    state_of,
    usual_gap,
)
from workspaces.models import Workspace


class Silence(StrEnum):
    """Why a source has no state."""

    NO_DATA = "no_data"  # lately
    NO_RHYTHM = "no_rhythm"  # is known yet
    NOT_EXPECTED = "not_expected"  # any more, as somebody has said
    PAST = "past"  # data only, that promise no more


@dataclass(frozen=True)
class FeedRow:
    """A metric that a source has sent lately; `is_over`: it is not expected to send it any more."""

    metric: Metric
    until: date
    is_over: bool


@dataclass(frozen=True)
class SourceRow:
    """A source with what it has sent lately; it has a state, or there is a reason for none."""

    source: Source
    until: date | None
    rhythm: Rhythm | None
    state: State | None
    silence: Silence | None = None
    feeds: list[FeedRow] = field(default_factory=list)


@dataclass(frozen=True)
class _Sent:
    """The days of one metric from one source, each with the first run that brought it."""

    metric: Metric
    is_over: bool
    days: dict[date, int]

    @property
    def is_live(self) -> bool:
        """Whether more is expected, as far as somebody has said."""
        return not self.is_over and self.metric.cadence_days != ENDED

    @property
    def runs(self) -> set[int]:
        """The runs by which it is to be told whether its days promise more."""
        return set() if self.metric.cadence_days else set(self.days.values())

    def is_fresh(self, now: date) -> bool:
        """Whether nothing is late, by the rhythm of the metric, stated or learned from here."""
        return state_of(max(self.days), now=now, rhythm=self._rhythm) is State.FRESH

    def is_due(self, now: date, learnt: Mapping[int, date]) -> bool:
        """Whether more is expected: nothing is late, or it was stated, or the days promise it."""
        if self.metric.cadence_days or self.is_fresh(now):
            return True
        known = {day: learnt.get(run, date.max) for day, run in self.days.items()}
        return promises_more(known, self._rhythm)

    @property
    def _rhythm(self) -> Rhythm:
        of = self.metric
        return rhythm_of(of.cadence_days, of.lag_days, gap=usual_gap(self.days))


def known_sources(workspace: Workspace) -> QuerySet[Source]:
    """The sources that have stored something, or of which a rhythm was stated, by name.

    One that only a dry run, an abandoned upload or an undone import has named is none.
    """
    stored = ImportRun.objects.filter(source=OuterRef("pk"))
    stored = stored.exclude(state__in=(*NEVER_STORED, "undone"))
    rows = Source.objects.filter(workspace=workspace)
    return rows.filter(Q(cadence_days__isnull=False) | Exists(stored)).order_by("name", "pk")


def sources_of(workspace: Workspace, *, at: datetime) -> list[SourceRow]:
    """The sources by name, judged by their last 92 days before the newest of all; 5-6 queries.

    Judged by what is still expected of them: metrics in use that have not ended for the source,
    and that are no past data.
    """
    sources = list(known_sources(workspace))
    sent = _sent(workspace, stated_in(workspace))
    now = workspace.day_of(at) - timedelta(days=1)
    late = [one for some in sent.values() for one in some if one.is_live and not one.is_fresh(now)]
    learnt = learnt_on(workspace, {run for one in late for run in one.runs})
    return [
        _row(source, some, [one for one in some if one.is_live and one.is_due(now, learnt)], now)
        for source in sources
        for some in [sent.get(source.pk, [])]
    ]


def _sent(workspace: Workspace, stated: Stated) -> dict[int, list[_Sent]]:
    """What each source has sent lately, by name of the metric; 3 queries."""
    facts = Observation.objects.filter(series__metric__workspace=workspace)
    newest = facts.order_by("-day").values_list("day", flat=True).first()
    if newest is None:
        return {}
    metrics = {metric.pk: metric for metric in metrics_of(workspace)}
    days: dict[tuple[int, int], dict[date, int]] = {}
    recent = facts.filter(day__gt=newest - LOOK_BACK)
    rows = recent.values_list("series__metric_id", "source", "day")
    for metric_id, source_id, day, run in rows.annotate(first=Min("import_id")).order_by():
        days.setdefault((metric_id, source_id), {})[day] = run
    found: dict[int, list[_Sent]] = {}
    place = {pk: number for number, pk in enumerate(metrics)}
    for pk, source_id in sorted(days.keys(), key=lambda pair: place.get(pair[0], -1)):
        if pk in metrics:
            one = _Sent(metrics[pk], (pk, source_id) in stated.ended_feeds, days[pk, source_id])
            found.setdefault(source_id, []).append(one)
    return found


def _row(source: Source, sent: Collection[_Sent], due: Collection[_Sent], now: date) -> SourceRow:
    """A source by all that it has sent lately, judged by what is due of that."""
    if not sent:
        return SourceRow(source, None, None, None, Silence.NO_DATA)
    feeds = [FeedRow(one.metric, max(one.days), one.is_over) for one in sent]
    until = max(feed.until for feed in feeds)
    live = [one for one in sent if one.is_live]
    judged = live if source.cadence_days else due
    days = {day for one in judged or live or sent for day in one.days}
    rhythm = rhythm_of(source.cadence_days, source.lag_days, gap=usual_gap(days))
    if source.cadence_days == ENDED or not live:
        return SourceRow(source, until, rhythm, None, Silence.NOT_EXPECTED, feeds)
    if not judged:
        silence = Silence.PAST if len(days) >= LEAST_DAYS else Silence.NO_RHYTHM
        return SourceRow(source, until, rhythm, None, silence, feeds)
    state = state_of(max(days), now=now, rhythm=rhythm)
    return SourceRow(source, until, rhythm, state, None, feeds)
