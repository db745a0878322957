"""The list of metrics: what each says now, how it moved, and whether its data are fresh."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from metrics.models.definitions import Metric
from metrics.queries.answers import Window
from metrics.queries.freshness import Freshness, freshness_of
from metrics.queries.recipes import book_of
from metrics.queries.series import first_weeks, read_outcomes
from metrics.queries.wording import Part, worded
from metrics.rules.aggregation import Outcome, share
from metrics.rules.formula import KEY
from metrics.rules.freshness import State
from metrics.rules.periods import WEEK, Grain, bucket_start, period_of, previous
from workspaces.models import Workspace

WEEKS = 26  # of the sparkline
RECENT = timedelta(days=28)
SPARSE = 20  # days between data; from here on whole months are compared


@dataclass(frozen=True)
class MetricRow:
    """One metric of the catalogue.

    `outcome` is that of the days `first` to `last`; `before` of as many days (or the month) right
    before; `change` is the share between them and `compared` says with what; `points` holds one
    value a week, None for a week without. What is late speaks of other days than of now; what is
    overdue should have come.
    """

    metric: Metric
    outcome: Outcome
    formula: list[Part]
    before: Decimal | None
    change: Decimal | None
    compared: str
    first: date | None
    last: date | None
    points: list[Decimal | None]
    data_until: date | None
    is_late: bool
    is_overdue: bool
    is_stale: bool

    @property
    def value(self) -> Decimal | None:
        """The value; `outcome` also says why there is none."""
        return self.outcome.value

    @property
    def by_month(self) -> bool:
        """Whether whole months are compared, because the data come so seldom."""
        return self.first is not None and self.last is not None and self.last - self.first >= RECENT


def metrics_of(workspace: Workspace, *, retired: bool = False) -> QuerySet[Metric]:
    """The metrics in use (or the retired ones) by name, with what they divide; 1 query."""
    rows = Metric.objects.filter(workspace=workspace, retired_at__isnull=not retired)
    return rows.select_related("numerator", "denominator", "owner__user").order_by("name", "pk")


def find_metric(workspace: Workspace, key: str) -> Metric | None:
    """The metric of that key with what it divides and its owner, retired ones too; 1 query."""
    if not KEY.match(key):
        return None
    rows = Metric.objects.filter(workspace=workspace, key=key)
    return rows.select_related("workspace", "numerator", "denominator", "owner__user").first()


def warnings_about(metric: Metric) -> list[str]:
    """What its owner may want to mend: another in use has its name; 1 query.

    A formula must then say keys, and a list of names does not tell which is which.
    """
    rows = Metric.objects.filter(workspace=metric.workspace_id, retired_at=None)
    if not rows.filter(name__iexact=metric.name).exclude(pk=metric.pk).exists():
        return []
    words = _("Another metric is called “%(name)s” too: give one of them a name of its own.")
    return [words % {"name": metric.name}]


def catalogue(workspace: Workspace, *, at: datetime) -> list[MetricRow]:
    """Every metric in use with what it says now; a constant number of queries."""
    rows = list(metrics_of(workspace))
    today = workspace.day_of(at)
    ids = [metric.pk for metric in rows]
    book = book_of(workspace, ids)
    inputs = {pk: book.leaves_of(pk) for pk in ids if pk in book.metrics}
    fresh = freshness_of(workspace, ids, today, inputs)
    pairs = [_windows(metric, fresh[metric.pk]) for metric in rows]
    weeks = [_weeks(metric, fresh[metric.pk].until) for metric in rows]
    every = [window for windows in (*pairs, *weeks) for window in windows]
    found = dict(zip(every, read_outcomes(workspace, every, book), strict=True))
    names = {metric.key: metric.name for metric in rows}
    since = first_weeks(inputs)
    return [
        _row(
            worded(metric, names),
            metric,
            fresh[metric.pk],
            pair,
            _comparable([found[window] for window in pair], pair, since.get(metric.pk)),
            _line([found[window].value for window in week]),
        )
        for metric, pair, week in zip(rows, pairs, weeks, strict=True)
    ]


def _windows(metric: Metric, fresh: Freshness) -> list[Window]:
    """The latest four weeks with data and the four before; for sparse data two months."""
    if fresh.until is None:
        return []
    if fresh.gap >= SPARSE:
        month = period_of(fresh.until, Grain.MONTH)
        before = previous(month)
        return [
            Window(metric.pk, month.start, month.end),
            Window(metric.pk, before.start, before.end),
        ]
    start = fresh.until - RECENT + timedelta(days=1)
    return [
        Window(metric.pk, start, fresh.until),
        Window(metric.pk, start - RECENT, start - timedelta(days=1)),
    ]


def _comparable(
    outcomes: Sequence[Outcome], pair: Sequence[Window], since: date | None
) -> Sequence[Outcome]:
    """The same, without what is before where the data begin only within it."""
    if not pair or since is None or since <= pair[1].first:
        return outcomes
    return outcomes[0], Outcome(None, "no_data")


def _row(
    formula: list[Part],
    metric: Metric,
    fresh: Freshness,
    pair: Sequence[Window],
    outcomes: Sequence[Outcome],
    points: list[Decimal | None],
) -> MetricRow:
    now, then = outcomes or (Outcome(None, "no_data"), Outcome(None, "no_data"))
    return MetricRow(
        metric=metric,
        outcome=now,
        formula=formula,
        before=then.value,
        change=share(now.value, then.value),
        compared=_("vs the month before") if fresh.gap >= SPARSE else _("vs the 4 weeks before"),
        first=pair[0].first if pair else None,
        last=min(pair[0].last, fresh.until or pair[0].last) if pair else None,
        points=points,
        data_until=fresh.until,
        is_late=fresh.is_late,
        is_overdue=fresh.is_overdue,
        is_stale=fresh.state is State.STALE,
    )


def _weeks(metric: Metric, until: date | None) -> list[Window]:
    """The last half year by whole ISO weeks, up to the last week that has ended with data in it."""
    if until is None:
        return []
    last = bucket_start(until + timedelta(days=1), Grain.WEEK) - WEEK
    starts = [last - WEEK * place for place in reversed(range(WEEKS))]
    return [Window(metric.pk, start, start + WEEK - timedelta(days=1)) for start in starts]


def _line(values: list[Decimal | None]) -> list[Decimal | None]:
    """The values from the first that there is."""
    first = next((place for place, value in enumerate(values) if value is not None), len(values))
    return values[first:]
