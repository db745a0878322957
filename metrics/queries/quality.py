"""What data quality finds: computed when it is asked, with what was dismissed beside it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from metrics.models.definitions import ADDITIVE, LAST, Metric
from metrics.models.imports import Source
from metrics.models.quality import Dismissal, Exclusion
from metrics.queries.catalogue import metrics_of
from metrics.queries.currencies import mixed_money
from metrics.queries.doubles import told_by_one, told_by_two
from metrics.queries.evidence import DayFacts, Pair, compare_rows, day_facts, series_by_source
from metrics.queries.freshness import Freshness, freshness_of
from metrics.queries.overlaps import told_in_layouts
from metrics.queries.quality_words import advice_on, sentence_of
from metrics.queries.robots import clicks_without_opens
from metrics.queries.series import inputs_of
from metrics.rules.aggregation import divide
from metrics.rules.amounts import plain, unscale
from metrics.rules.freshness import State, usual_gap
from metrics.rules.overlaps import Told
from metrics.rules.quality import (
    Finding,
    Kind,
    Severity,
    funnel_pairs,
    gaps,
    jumps,
)
from workspaces.models import Workspace

WINDOW = timedelta(days=92)
RECENT = timedelta(days=28)  # jumps further back are history
MOST_GAPS = 20
MOST_JUMPS = 10
HUNDRED = Decimal(100)
ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


@dataclass(frozen=True)
class Asked:
    """Which findings are wanted; None or "" is any. Without days: the last 92 with data.

    Those are the days of the metric, if one is asked for, else of the workspace.
    """

    kind: str = ""
    metric: str = ""
    source: str = ""
    severity: str = ""
    first: date | None = None
    last: date | None = None
    dismissed: bool = False


@dataclass(frozen=True)
class Row:
    """A finding as pages and programs tell it; `dismissal` says who wants it out of sight."""

    finding: Finding
    metric: Metric
    sources: list[str]
    sentence: str
    advice: str
    dismissal: Dismissal | None


@dataclass
class _Evidence:
    """What the checks look at, read once for all of them."""

    metrics: dict[int, Metric]
    fresh: dict[int, Freshness]
    sources: dict[int, str]
    first: date
    last: date
    facts: dict[int, list[DayFacts]]
    rows: list[Pair]
    trusted: set[int]
    same: dict[tuple[int, int], set[frozenset[tuple[str, str]]]] = field(default_factory=dict)
    inputs: dict[int, tuple[int, ...]] = field(default_factory=dict)
    layouts: dict[tuple[int, int], list[Told]] = field(default_factory=dict)

    def days(self, metric_id: int) -> set[date]:
        """The days on which a metric has data."""
        return {fact.day for fact in self.facts.get(metric_id, ())}

    def sums(self, metric_id: int) -> dict[date, int]:
        """The scaled sum of each day with data, over all sources."""
        found: dict[date, int] = {}
        for fact in self.facts.get(metric_id, ()):
            found[fact.day] = found.get(fact.day, 0) + fact.total
        return found


def findings(workspace: Workspace, asked: Asked, *, at: datetime) -> list[Row]:
    """The findings that are asked for, worst first; the number of queries is constant."""
    evidence = _gather(workspace, asked, workspace.day_of(at))
    if evidence is None:
        return []
    today = workspace.day_of(at)
    closed = {
        row.finding: row
        for row in Dismissal.objects.select_related("by__user").filter(workspace=workspace)
        if row.until is None or row.until >= today
    }
    rows = [_row(found, evidence, closed) for found in _every(evidence)]
    kept = [row for row in rows if _is_wanted(row, asked)]
    return sorted(
        kept,
        key=lambda row: (
            ORDER[row.finding.severity],
            row.metric.name,
            row.finding.kind,
            -row.finding.last.toordinal(),
        ),
    )


def _is_wanted(row: Row, asked: Asked) -> bool:
    found = row.finding
    return (
        asked.kind in {"", found.kind.value}
        and asked.severity in {"", found.severity.value}
        and asked.metric in {"", row.metric.key}
        and (not asked.source or asked.source in row.sources)
        and (row.dismissal is not None) == asked.dismissed
    )


def _row(found: Finding, evidence: _Evidence, closed: dict[str, Dismissal]) -> Row:
    metric = evidence.metrics[found.metric_id]
    fed_by = {
        fact.source_id for pk in evidence.inputs[metric.pk] for fact in evidence.facts.get(pk, ())
    }
    sources = sorted(evidence.sources[pk] for pk in fed_by if pk in evidence.sources)
    return Row(
        found,
        metric,
        [str(found.data["source"])] if "source" in found.data else sources,
        sentence_of(found, evidence.metrics),
        advice_on(found),
        closed.get(found.id),
    )


def _gather(workspace: Workspace, asked: Asked, today: date) -> _Evidence | None:
    """Read everything that the checks need; None where the workspace has no data."""
    metrics = {metric.pk: metric for metric in metrics_of(workspace)}
    inputs = inputs_of(workspace, list(metrics))
    fresh = freshness_of(workspace, list(metrics), today, inputs)
    of_asked = [fresh[pk] for pk, m in metrics.items() if asked.metric in {"", m.key}]
    newest = max((state.until for state in of_asked if state.until), default=None)
    last = asked.last or min(filter(None, (newest, today - timedelta(days=1))), default=None)
    if newest is None or last is None:
        return None
    first = asked.first or last - WINDOW + timedelta(days=1)
    measured = [pk for pk, metric in metrics.items() if not metric.is_computed]
    facts: dict[int, list[DayFacts]] = {}
    for fact in day_facts(measured, first, last):
        facts.setdefault(fact.metric_id, []).append(fact)
    trusted = Exclusion.objects.filter(workspace=workspace, trusted__isnull=False, revoked_at=None)
    several = [pk for pk, rows in facts.items() if len({row.source_id for row in rows}) > 1]
    adding = [pk for pk in facts if metrics[pk].kind == ADDITIVE]
    return _Evidence(
        metrics,
        fresh,
        dict(Source.objects.filter(workspace=workspace).values_list("pk", "name")),
        first,
        last,
        facts,
        compare_rows(_pairs(metrics.values()), first, last),
        set(trusted.values_list("metric_id", flat=True)),
        series_by_source(several, first, last),
        inputs,
        told_in_layouts(
            adding,
            first,
            last,
            {(pk, row.source_id) for pk in adding for row in facts[pk] if row.wide},
        ),
    )


def _pairs(metrics: Iterable[Metric]) -> set[tuple[int, int]]:
    """Pairs of additive counts of which the first cannot be without the second."""
    counts = {m.pk: m.key for m in metrics if m.kind == ADDITIVE and m.unit == "count"}
    return funnel_pairs(counts)


def _every(evidence: _Evidence) -> Iterator[Finding]:
    for check in (
        _late, _gaps, _above_maximum, _far_above, _without, _jumps, _negative, _double, _spans,
        _currencies,
    ):  # fmt: skip
        yield from check(evidence)


def _late(evidence: _Evidence) -> Iterator[Finding]:
    """Metrics of which data should have come; a computed one is told by its inputs."""
    for pk, fresh in evidence.fresh.items():
        if fresh.is_overdue and fresh.until and not evidence.metrics[pk].is_computed:
            stale = fresh.state is State.STALE
            yield Finding(
                Kind.LATE,
                Severity.ERROR if stale else Severity.WARNING,
                pk,
                fresh.until,
                evidence.last,
                data={"state": fresh.state.value, "until": fresh.until.isoformat()},
                apart=fresh.until.isoformat(),
            )


def _gaps(evidence: _Evidence) -> Iterator[Finding]:
    """Days without data amidst days with some, by the stated cadence or the learned one."""
    for pk in evidence.facts:
        days = evidence.days(pk)
        cadence = evidence.metrics[pk].cadence_days or usual_gap(days)
        missing = gaps(days, cadence=cadence)
        if missing:
            count = sum((gap.last - gap.first).days + 1 for gap in missing)
            spans = [[gap.first.isoformat(), gap.last.isoformat()] for gap in missing[-MOST_GAPS:]]
            yield Finding(
                Kind.GAP,
                Severity.WARNING,
                pk,
                missing[0].first,
                missing[-1].last,
                len(missing),
                data={"days": count, "spans": spans, "cadence": cadence},
                apart=missing[-1].first.isoformat(),
            )


def _above_maximum(evidence: _Evidence) -> Iterator[Finding]:
    """Shares of one count in another that exceed 100 %, day by day; the worst is told."""
    for metric in evidence.metrics.values():
        top, below = metric.numerator, metric.denominator
        if not (top and below and metric.unit == "percent" and metric.scale == HUNDRED):
            continue
        if {top.unit, below.unit} != {"count"}:
            continue
        over, under = evidence.sums(top.pk), evidence.sums(below.pk)
        found = [
            (value, day)
            for day in over.keys() & under.keys()
            if (value := _share(metric, over[day], under[day])) is not None and value > HUNDRED
        ]
        if found:
            worst, day = max(found)
            yield Finding(
                Kind.ABOVE_MAXIMUM,
                Severity.WARNING,
                metric.pk,
                min(day for _value, day in found),
                max(day for _value, day in found),
                len(found),
                data={"value": plain(worst), "day": day.isoformat()},
            )


def _share(metric: Metric, above: int, below: int) -> Decimal | None:
    top, base = metric.numerator, metric.denominator
    if top is None or base is None:
        return None
    return divide(unscale(above, top.decimals), unscale(below, base.decimals), metric.scale)


def _far_above(evidence: _Evidence) -> Iterator[Finding]:
    """Clicks that exceed the opens of the same day many times over."""
    yield from clicks_without_opens(evidence.metrics, evidence.facts)


def _without(evidence: _Evidence) -> Iterator[Finding]:
    """Rows with conversions and no click, with clicks and no impression."""
    for pair in evidence.rows:
        if pair.without:
            yield Finding(
                Kind.WITHOUT,
                Severity.WARNING,
                pair.metric_id,
                pair.first,
                pair.last,
                pair.without,
                data={"other": evidence.metrics[pair.other_id].key, "rows": pair.without},
                apart=str(pair.other_id),
            )


def _jumps(evidence: _Evidence) -> Iterator[Finding]:
    """Values of the last four weeks that lie far from what is usual on such a day."""
    for pk in evidence.facts:
        metric = evidence.metrics[pk]
        if metric.kind not in {ADDITIVE, LAST}:
            continue
        sums = evidence.sums(pk)
        cadence = metric.cadence_days or usual_gap(sums)
        values = {day: float(unscale(total, metric.decimals)) for day, total in sums.items()}
        found = jumps(values, since=evidence.last - RECENT, weekly=cadence == 1)
        for jump in found[-MOST_JUMPS:]:
            yield Finding(
                Kind.JUMP,
                Severity.NOTE,
                pk,
                jump.day,
                jump.day,
                data={
                    "value": plain(unscale(sums[jump.day], metric.decimals)),
                    "usual": plain(Decimal(repr(jump.usual))),
                },
                apart=jump.day.isoformat(),
            )


def _negative(evidence: _Evidence) -> Iterator[Finding]:
    """Counts below zero: somebody subtracts, or a sign was lost."""
    for pk, rows in evidence.facts.items():
        metric = evidence.metrics[pk]
        bad = [row for row in rows if row.least < 0]
        if bad and metric.unit == "count" and metric.kind in {ADDITIVE, LAST}:
            least = min(row.least for row in bad)
            yield Finding(
                Kind.NEGATIVE,
                Severity.ERROR,
                pk,
                min(row.day for row in bad),
                max(row.day for row in bad),
                len({row.day for row in bad}),
                data={"value": plain(unscale(least, metric.decimals))},
            )


def _double(evidence: _Evidence) -> Iterator[Finding]:
    """What is counted twice: by two sources, or by one."""
    for pk, rows in evidence.facts.items():
        if pk not in evidence.trusted:
            yield from told_by_two(pk, rows, evidence.same, evidence.sources)
    yield from told_by_one(evidence.layouts, evidence.sources)


def _spans(evidence: _Evidence) -> Iterator[Finding]:
    """Values over several days that stand on the last of them, by source.

    Of people they are bound to their own days and of levels the last one counts: no finding.
    """
    for pk, rows in evidence.facts.items():
        wide = [row for row in rows if row.wide and evidence.metrics[pk].kind == ADDITIVE]
        for source in sorted({row.source_id for row in wide}):
            own = [row for row in wide if row.source_id == source]
            longest = max(own, key=lambda row: (row.span, row.day))
            yield Finding(
                Kind.SPANS,
                Severity.NOTE,
                pk,
                min(row.day for row in own),
                max(row.day for row in own),
                sum(row.wide for row in own),
                data={
                    "source": evidence.sources.get(source, ""),
                    "longest": longest.span,
                    "day": longest.day.isoformat(),
                },
                apart=str(source),
            )


def _currencies(evidence: _Evidence) -> Iterator[Finding]:
    """Computed metrics that mix money."""
    yield from mixed_money(evidence.metrics.values(), evidence.first, evidence.last)
