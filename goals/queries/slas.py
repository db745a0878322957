"""Agreements with all that is measured of them: the list and the page of one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby

from goals.models import Quota
from goals.queries.quotas import QuotaMonth, quota_months, quotas_in
from goals.rules.quotas import Verdict
from workspaces.models import Assurance, Sla, SlaPromise, Workspace
from workspaces.queries.events import Told, events_of
from workspaces.queries.sla import (
    ClockLine,
    Owed,
    attainment_of,
    breaches_of,
    months_back,
    open_clocks,
    owed_in,
    promises_of,
    slas_of,
)
from workspaces.rules.sla import Attainment, Side

MONTHS = 12
SUBJECT = "workspaces.sla"
HISTORY = 10


@dataclass(frozen=True)
class SlaLine:
    """One agreement in the list: this month's answers and quotas, and what is owed."""

    sla: Sla
    answers: Attainment
    owed: Owed
    quotas: list[QuotaMonth]
    promises: list[SlaPromise]

    @property
    def tone(self) -> str:
        """The worst of it in the words of states: off_track, at_risk, on_track or new."""
        states = {month.verdict for month in self.quotas}
        if self.owed.late or self.answers.broken or Verdict.BROKEN in states:
            return "off_track"
        if self.owed.at_risk or Verdict.AT_RISK in states:
            return "at_risk"
        if self.answers.kept or states & {Verdict.KEPT, Verdict.RUNNING}:
            return "on_track"
        return "unknown" if Verdict.UNKNOWN in states else "new"


@dataclass(frozen=True)
class Month:
    """A month of an agreement: answers, and each quota that held in it."""

    first: date
    answers: Attainment
    quotas: list[QuotaMonth | None]

    @property
    def verdicts(self) -> dict[str, int]:
        """How many of its quotas are kept, broken, running, at risk or unknown."""
        told = [one.verdict for one in self.quotas if one is not None]
        return {verdict.value: told.count(verdict) for verdict in Verdict}


@dataclass(frozen=True)
class Given:
    """A promise with the quotas that measure it; `now` is how they stand this month."""

    promise: SlaPromise
    now: list[QuotaMonth]
    quotas: list[Quota]


@dataclass(frozen=True)
class Stage:
    """Outcomes of one stage, in the order in which they were written."""

    name: str
    outcomes: list[Assurance]


@dataclass(frozen=True)
class SlaPage:
    """One agreement with everything around it; months are newest first."""

    sla: Sla
    sides: list[tuple[str, list[Given]]]
    open: list[ClockLine]
    breaches: list[ClockLine]
    missed: list[QuotaMonth]
    months: list[Month]
    quotas: list[Quota]
    stages: list[Stage]
    history: list[Told] = field(default_factory=list)

    @property
    def assured(self) -> int:
        """How many outcomes are there."""
        return sum(one.assured_at is not None for stage in self.stages for one in stage.outcomes)


def sla_lines(
    workspace: Workspace, at: datetime, *, slas: Sequence[Sla] | None = None
) -> list[SlaLine]:
    """The agreements (all unless said) with how this month stands; 15 queries at most."""
    rows = list(slas_of(workspace)) if slas is None else list(slas)
    ids = [sla.pk for sla in rows]
    month = workspace.day_of(at).replace(day=1)
    answers = attainment_of(workspace, ids, since=month, at=at)
    owed, promises = owed_in(ids, at), promises_of(rows)
    quotas = quotas_in(workspace, ids)
    months = quota_months(workspace, quotas, [month], at=at)
    found: dict[int, list[QuotaMonth]] = {}
    for quota in quotas:
        found.setdefault(quota.promise.sla_id, []).extend(months[quota.pk])
    return [
        SlaLine(
            sla,
            answers.get(sla.pk, {}).get(month, Attainment()),
            owed.get(sla.pk, Owed()),
            found.get(sla.pk, []),
            promises[sla.pk],
        )
        for sla in rows
    ]


@dataclass(frozen=True)
class Kept:
    """An agreement with its months, the newest first."""

    sla: Sla
    months: list[Month]


def attainment(
    workspace: Workspace, slas: Sequence[Sla], at: datetime, *, count: int = MONTHS
) -> list[Kept]:
    """How each of the agreements was kept in the last months; 13 queries at most."""
    quotas = quotas_in(workspace, [sla.pk for sla in slas])
    return month_tables(workspace, slas, quotas, at, count=count)


def month_table(
    workspace: Workspace, sla: Sla, quotas: Sequence[Quota], at: datetime
) -> list[Month]:
    """The last twelve months of an agreement, those before it held left out; 12 queries at most."""
    return month_tables(workspace, [sla], quotas, at)[0].months


def month_tables(
    workspace: Workspace,
    slas: Sequence[Sla],
    quotas: Sequence[Quota],
    at: datetime,
    *,
    count: int = MONTHS,
) -> list[Kept]:
    """The last months of agreements by their quotas, as in `month_table`; 12 queries at most."""
    days = months_back(workspace.day_of(at), count)
    answers = attainment_of(workspace, [sla.pk for sla in slas], since=days[-1], at=at)
    kept = quota_months(workspace, quotas, days, at=at)
    by_month = {(pk, one.month.first): one for pk, months in kept.items() for one in months}
    own: dict[int, list[Quota]] = {sla.pk: [] for sla in slas}
    for quota in quotas:
        own[quota.promise.sla_id].append(quota)
    return [
        Kept(sla, _months(sla, days, answers.get(sla.pk, {}), own[sla.pk], by_month))
        for sla in slas
    ]


def _months(
    sla: Sla,
    days: Sequence[date],
    answers: Mapping[date, Attainment],
    quotas: Sequence[Quota],
    by_month: Mapping[tuple[int, date], QuotaMonth],
) -> list[Month]:
    return [
        Month(
            day,
            answers.get(day, Attainment()),
            [by_month.get((quota.pk, day)) for quota in quotas],
        )
        for day in days
        if day >= sla.starts_on.replace(day=1) or day in answers
    ]


def sla_page(workspace: Workspace, sla_id: int, at: datetime) -> SlaPage:
    """What the page of an agreement says; a constant number of queries."""
    sla = slas_of(workspace).get(pk=sla_id)
    promises = promises_of([sla])[sla.pk]
    quotas = quotas_in(workspace, [sla.pk])
    months = month_table(workspace, sla, quotas, at)
    sides = []
    for side in Side:
        own = [promise for promise in promises if promise.side == side.value]
        sides.append((side.value, [_given(promise, quotas, months) for promise in own]))
    return SlaPage(
        sla=sla,
        sides=sides,
        open=open_clocks(sla, at),
        breaches=breaches_of(sla, at),
        missed=[
            one
            for month in months
            for one in month.quotas
            if one is not None and one.verdict is Verdict.BROKEN
        ],
        months=months,
        quotas=quotas,
        stages=_stages(sla),
        history=events_of(workspace, SUBJECT, sla.pk, HISTORY),
    )


def _given(promise: SlaPromise, quotas: Sequence[Quota], months: Sequence[Month]) -> Given:
    own = [quota for quota in quotas if quota.promise_id == promise.pk]
    now = months[0].quotas if months else []
    current = [one for one in now if one is not None and one.quota.promise_id == promise.pk]
    return Given(promise, current, own)


def _stages(sla: Sla) -> list[Stage]:
    rows = sla.assurances.select_related("assured_by__user").order_by("place", "pk")
    return [Stage(name, list(own)) for name, own in groupby(rows, key=lambda row: row.stage)]
