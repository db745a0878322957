"""Everything that a metric's page says, from the one function that computes values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import zip_longest

from django.utils.translation import gettext as _

from metrics.models import Metric
from metrics.models.imports import ImportRun
from metrics.models.observations import Observation
from metrics.queries import sums
from metrics.queries.answers import Answer, Break, Line, Point
from metrics.queries.explorer import CHARTED, LISTED, values_by_dim
from metrics.queries.freshness import freshness_of
from metrics.queries.questions import SeriesQuestion
from metrics.queries.recipes import book_of
from metrics.queries.series import ask, extent_of
from metrics.queries.wording import (
    Part,
    VersionRow,
    in_force,
    names_in,
    version_rows,
    versions_of,
    worded,
)
from metrics.rules.aggregation import share
from metrics.rules.periods import bucket_start
from metrics.rules.questions import USUAL_DAYS
from workspaces.rules.errors import Invalid, at_field

ORIGINS = 4
RECENT = 12
ZERO = Decimal(0)


@dataclass(frozen=True)
class Slice:
    """One row of the breakdown; `part` is its share of the largest, for the small bar."""

    value: str | None
    line: Line
    part: float


@dataclass(frozen=True)
class Recent:
    """One period with its change from the one before; `part` is its share of the largest."""

    point: Point
    before: Decimal | None
    change: Decimal | None
    part: float


@dataclass(frozen=True)
class TableRow:
    """One period of the table twin: a value for each line, that of the comparison, new versions."""

    point: Point
    cells: list[Point]
    past: Point | None
    breaks: list[Break]


@dataclass(frozen=True)
class MetricPage:
    """The page: the answer, its newest points, the breakdown, the dimensions, the origins.

    `latest` is the newest period with data, `whole` the newest complete one, `before` the one that
    `change` compares it with; `formula`, that of today, and `versions` are in words.
    `is_changing` says that another formula is to come.
    """

    question: SeriesQuestion
    formula: list[Part]
    is_changing: bool
    versions: list[VersionRow]

    answer: Answer
    first: date | None
    last: date | None
    data_until: date | None
    is_late: bool
    is_overdue: bool
    latest: Point | None
    whole: Point | None
    before: Point | None
    change: Decimal | None
    slices: list[Slice]
    charted: list[Line]
    hidden: int
    values: dict[str, list[str | None]]
    origins: list[ImportRun]

    @property
    def reads(self) -> list[str]:
        """The names of what the present formula reads, each once."""
        return list(dict.fromkeys(part.text for part in self.formula if part.key))

    @property
    def is_plain(self) -> bool:
        """Whether each period stands for its own days alone."""
        return not self.question.running and self.question.window == 1

    @property
    def has_past(self) -> bool:
        """Whether the table has a column of the comparison: with one line it has."""
        return bool(self.question.compare) and not self.charted

    @property
    def is_vague(self) -> bool:
        """Whether the table shows what values lie between: with one line it does."""
        return not self.charted and any(not p.exact for line in self.lines for p in line.points)

    @property
    def lines(self) -> list[Line]:
        """What is drawn: the breakdown, or the metric as a whole."""
        return self.charted or self.answer.series

    @property
    def rows(self) -> list[TableRow]:
        """The drawn lines side by side: one row for each period."""
        columns = [line.points for line in self.lines]
        past = self.lines[0].before if self.lines and self.has_past else []
        return [
            TableRow(cells[0], list(cells), before, _breaks_in(self.answer.breaks, cells[0]))
            for *cells, before in zip_longest(*columns, past[: len(columns[0]) if columns else 0])
        ]

    @property
    def is_partial(self) -> bool:
        """Whether a period that is drawn is incomplete."""
        points = [point for line in self.answer.series for point in line.points]
        return any(point.value is not None and not point.complete for point in points)

    @property
    def recent(self) -> list[Recent]:
        """The newest periods, newest first; an incomplete one is compared with none."""
        points = [point for line in self.answer.series for point in line.points][::-1]
        shown = points[:RECENT]
        sizes = [abs(p.value) for p in shown if p.value is not None]
        largest = max(sizes, default=ZERO) or Decimal(1)
        return [
            Recent(
                point,
                before.value if before else None,
                _change(point, before),
                float(abs(point.value or ZERO) / largest),
            )
            for point, before in zip(shown, [*points[1:], None], strict=False)
        ]


def metric_page(metric: Metric, question: SeriesQuestion, *, at: datetime) -> MetricPage:
    """Read the metric as asked; the range defaults to what the grain shows best, up to the data."""
    today = metric.workspace.day_of(at)
    fresh = freshness_of(metric.workspace, [metric.pk], today)[metric.pk]
    book = book_of(metric.workspace, [metric.pk])
    inputs = book.leaves_of(metric.pk)
    oldest, newest = extent_of(metric, book) or (None, None)
    known_until = newest
    if question.known_at is not None and newest is not None:
        known_until = min(newest, metric.workspace.day_of(question.known_at))
    first, last = _range(question, oldest, known_until)
    ranged = replace(question, first=first, last=last)
    answer = ask(metric, replace(ranged, by=(), top=None), book)
    values = values_by_dim(sums.series_of(inputs), [inputs])
    by = question.by[0] if question.by else ""
    _refuse_other(by, values)
    lines = ask(metric, ranged, book).series if by else []
    rows = versions_of(metric) if metric.is_computed else []
    versions, told = version_rows(metric, rows, today), in_force(rows, today)
    names = names_in(metric, versions)
    points = [p for line in answer.series for p in line.points if p.is_known]
    latest = points[-1] if points else None
    complete = [point for point in points if point.complete]
    whole, before = ([None, None, *complete])[:-3:-1]
    return MetricPage(
        question=ranged,
        formula=worded(told.now if told.coming and told.now else metric, names),
        is_changing=bool(told.coming),
        versions=versions,
        answer=answer,
        first=first,
        last=last,
        data_until=fresh.until or newest,
        is_late=fresh.is_late,
        is_overdue=fresh.is_overdue,
        latest=latest,
        whole=whole,
        before=before,
        change=share(whole.value if whole else None, before.value if before else None),
        slices=_slices(lines, by),
        charted=sorted(lines, key=_rank, reverse=True)[:CHARTED],
        hidden=max(0, len(lines) - CHARTED),
        values=values,
        origins=origins_of(metric, inputs, newest),
    )


def _refuse_other(by: str, values: Mapping[str, object]) -> None:
    """Invalid where a metric with data cannot be split by what is asked."""
    if not by or not values or by in values:
        return
    words = {"name": by, "known": ", ".join(values)}
    message = _("This metric cannot be split by “%(name)s”. It can be by: %(known)s.") % words
    raise Invalid([at_field("by", "unknown_dimension", message)])


def _change(point: Point, before: Point | None) -> Decimal | None:
    """The change from the period before, where both are whole."""
    whole = before is not None and point.complete and before.complete
    return share(point.value, before.value) if before and whole else None


def _range(
    asked: SeriesQuestion, oldest: date | None, newest: date | None
) -> tuple[date | None, date | None]:
    """The asked days, filled up with as many as the grain usually shows."""
    last = asked.last or newest
    if last is None:
        return asked.first, asked.last
    usual = max(last - timedelta(days=USUAL_DAYS[asked.grain] - 1), oldest or date.min)
    first = asked.first or bucket_start(usual, asked.grain, asked.calendar)
    return min(first, last), last


def _breaks_in(breaks: Sequence[Break], point: Point) -> list[Break]:
    """The versions that begin in a period, its first day included."""
    return [one for one in breaks if point.start <= one.day <= point.end]


def _size(line: Line) -> Decimal:
    return abs(line.total.value or Decimal(0))


def _rank(line: Line) -> tuple[bool, Decimal]:
    """Largest first, the others put together last."""
    return line.others is None, _size(line)


def _slices(lines: list[Line], by: str) -> list[Slice]:
    """Rows of the breakdown, largest first, the others put together last."""
    largest = max((_size(line) for line in lines), default=Decimal(0)) or Decimal(1)
    rows = sorted(lines, key=_rank, reverse=True)
    return [Slice(row.dims.get(by), row, float(_size(row) / largest)) for row in rows[:LISTED]]


def origins_of(metric: Metric, inputs: Sequence[int], newest: date | None) -> list[ImportRun]:
    """The runs that brought the newest observations, newest first; 2 queries."""
    if newest is None:
        return []
    rows = Observation.objects.filter(series__metric_id__in=inputs, day=newest)
    ids = list(rows.values_list("import_id", flat=True).distinct().order_by("-import_id")[:ORIGINS])
    runs = ImportRun.objects.select_related("source").filter(workspace=metric.workspace, pk__in=ids)
    return list(runs.order_by("-pk"))
