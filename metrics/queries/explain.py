"""Why did it move: the change of a metric between two windows, by segment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from metrics.models import Metric
from metrics.models.definitions import DERIVED, MetricVersion
from metrics.queries.questions import Filters
from metrics.queries.totals import Totals, parts_of, read_totals
from metrics.rules.amounts import EXACT
from metrics.rules.explain import Part, Share, Step, Whole, split_ratio, split_sum
from metrics.rules.periods import Span

ZERO = Decimal(0)
Segment = str | None


@dataclass(frozen=True)
class Windows:
    """The days that are explained, and those that they are compared with.

    `known_at` asks for what was known of both at an instant.
    """

    now: Span
    against: Span
    known_at: datetime | None = None


@dataclass(frozen=True)
class Row:
    """One segment: its values, its shares of the denominator, and what it did to the change.

    `size` is its effect as a share of the largest, for a bar; an additive metric has only `effect`.
    """

    name: Segment
    before: Decimal | None
    after: Decimal | None
    effect: Decimal
    mix: Decimal | None = None
    rate: Decimal | None = None
    unrated: Decimal | None = None
    share_before: Decimal | None = None
    share_after: Decimal | None = None
    size: float = 0.0


@dataclass(frozen=True)
class InputMove:
    """A metric that a formula reads, over both windows."""

    metric: Metric
    before: Decimal | None
    after: Decimal | None


@dataclass(frozen=True)
class Explanation:
    """The change and its parts, largest first; `way` is ratio, sum, inputs or none.

    `mix + rate + unrated + overlap` (a ratio) and the rows' effects with `overlap` (a sum) are the
    change exactly. `way` is none where a window has no value to compare.
    """

    metric: Metric
    windows: Windows
    by: str
    before: Decimal | None
    after: Decimal | None
    exact: bool
    redefined: bool
    way: str = "none"
    rows: list[Row] = field(default_factory=list)
    mix: Decimal = ZERO
    rate: Decimal = ZERO
    unrated: Decimal = ZERO
    overlap: Decimal = ZERO
    inputs: list[InputMove] = field(default_factory=list)

    @property
    def change(self) -> Decimal | None:
        """From the earlier window to the later."""
        if self.before is None or self.after is None:
            return None
        return EXACT.subtract(self.after, self.before)

    @property
    def share(self) -> Decimal | None:
        """The change as a share of where it began."""
        return None if self.change is None or not self.before else self.change / abs(self.before)


def explain(metric: Metric, windows: Windows, *, by: str = "", where: Filters = ()) -> Explanation:
    """What moved the metric, by the values of a dimension; a formula is told by its inputs.

    A ratio takes six readings and a sum two, whatever the windows and the number of segments.
    """
    spans = (windows.against, windows.now)
    split = "" if metric.kind == DERIVED else by
    old, new = (
        read_totals(metric, span, by=split, where=where, known_at=windows.known_at)
        for span in spans
    )
    told = Explanation(
        metric=metric,
        windows=windows,
        by=by,
        before=old.whole.value,
        after=new.whole.value,
        exact=old.whole.exact and new.whole.exact,
        redefined=_redefined(metric, windows),
    )
    if metric.kind == DERIVED:
        return _by_inputs(told, where)
    if told.change is None or not by:
        return told
    return _ratio(told, where) if metric.is_ratio else _sum(told, old, new)


def _redefined(metric: Metric, windows: Windows) -> bool:
    """Whether the two windows were not counted by one definition; 1 query for a computed one."""
    if not metric.is_computed:
        return False
    start = min(windows.now.first, windows.against.first)
    last = max(windows.now.last, windows.against.last)
    changes = MetricVersion.objects.filter(metric=metric, effective_from__gt=start)
    return changes.filter(effective_from__lte=last).exists()


def _sum(told: Explanation, old: Totals, new: Totals) -> Explanation:
    """The parts of a sum; those of a level or of people may leave a rest."""
    change = told.change or ZERO
    steps, rest = split_sum(old.values(), new.values(), change=change)
    rows = [_row_of_sum(name, step) for name, step in steps.items()]
    return _told(told, "sum", rows, overlap=rest)


def _row_of_sum(name: Segment, step: Step) -> Row:
    return Row(name, step.before, step.after, step.effect)


def _ratio(told: Explanation, where: Filters) -> Explanation:
    """Mix and rate of a ratio, from its parts over both windows."""
    above, below = parts_of(told.metric)
    spans = (told.windows.against, told.windows.now)
    sides = [
        tuple(
            read_totals(part, span, by=told.by, where=where, known_at=told.windows.known_at)
            for part in (above, below)
        )
        for span in spans
    ]
    ends = [
        Whole(top.whole.value or ZERO, bottom.whole.value or ZERO, value or ZERO)
        for (top, bottom), value in zip(sides, (told.before, told.after), strict=True)
    ]
    if not (ends[0].below and ends[1].below):
        return told
    shares = [_shares(top, bottom) for top, bottom in sides]
    moved = split_ratio(*shares, whole=(ends[0], ends[1]), scale=told.metric.scale)
    rows = [_row_of_ratio(name, part) for name, part in moved.parts.items()]
    return _told(
        told, "ratio", rows, mix=moved.mix, rate=moved.rate, unrated=moved.unrated,
        overlap=moved.overlap,
    )  # fmt: skip


def _shares(top: Totals, bottom: Totals) -> Mapping[Segment, Share]:
    names = [*bottom.by, *(name for name in top.by if name not in bottom.by)]
    tops, bottoms = top.values(), bottom.values()
    return {name: Share(tops.get(name), bottoms.get(name)) for name in names}


def _row_of_ratio(name: Segment, part: Part) -> Row:
    return Row(
        name,
        part.value_before,
        part.value_after,
        part.effect,
        mix=part.mix,
        rate=part.rate,
        unrated=part.unrated,
        share_before=part.share_before,
        share_after=part.share_after,
    )


def _told(told: Explanation, way: str, rows: list[Row], **sums: Decimal) -> Explanation:
    """The explanation with its rows, the largest effect first, each with its bar."""
    largest = max((abs(row.effect) for row in rows), default=ZERO) or Decimal(1)
    rows.sort(key=lambda row: (-abs(row.effect), row.name is None, row.name or ""))
    sized = [
        Row(**{**vars(row), "size": float(abs(row.effect) / largest)})
        for row in rows
        if row.before is not None or row.after is not None
    ]
    return Explanation(**{**vars(told), "way": way, "rows": sized, **sums})


def _by_inputs(told: Explanation, where: Filters) -> Explanation:
    """What a formula reads, over both windows: it cannot be split by segment."""
    found = Metric.objects.filter(users__metric=told.metric).order_by("name", "pk")
    related = found.select_related("workspace", "numerator", "denominator")
    windows = told.windows
    moves = [
        InputMove(
            one,
            *(
                read_totals(one, span, where=where, known_at=windows.known_at).whole.value
                for span in (windows.against, windows.now)
            ),
        )
        for one in related
    ]
    return Explanation(**{**vars(told), "way": "inputs", "inputs": moves})
