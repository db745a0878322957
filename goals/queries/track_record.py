"""How often forecasts came true in a workspace: what was claimed against what came."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Avg, Case, CharField, Count, F, Q, QuerySet, Sum, Value, When

from goals.models import ForecastRecord
from goals.models.forecasts import HORIZON_CHOICES
from goals.rules.status import LIKELY_FROM, OPEN_FROM, Status
from goals.rules.track_record import DAYS, LEAST_JUDGED, PROMISED, Group, Horizon, brier
from workspaces.models import Workspace

LATEST = 20
GROUPS = (Status.ON_TRACK.value, Status.AT_RISK.value, Status.OFF_TRACK.value)


@dataclass(frozen=True)
class Coverage:
    """How many bands of a horizon were put to the test, how many held, and how many still wait."""

    horizon: Horizon
    name: str
    windows: int
    inside: int
    waiting: int

    @property
    def days(self) -> int | None:
        """How many days ahead; None for the end of the goal."""
        return DAYS.get(self.horizon)

    @property
    def share(self) -> Decimal | None:
        """The share that held; None while it is too early to tell."""
        return None if self.windows < LEAST_JUDGED else Decimal(self.inside) / self.windows


@dataclass(frozen=True)
class TrackRecord:
    """The record of a workspace: bands by horizon, chances by status, the latest goals' ends."""

    coverage: list[Coverage]
    groups: list[Group]
    goals: int
    latest: list[ForecastRecord]
    promised: Decimal = PROMISED

    @property
    def forecasts(self) -> int:
        """How many chances were put to the test."""
        return sum(group.forecasts for group in self.groups)

    @property
    def waiting(self) -> int:
        """How many claims still wait for their days."""
        return sum(one.waiting for one in self.coverage)

    @property
    def _scores(self) -> tuple[float, float] | None:
        return brier(self.groups) if self.goals >= LEAST_JUDGED else None

    @property
    def brier(self) -> float | None:
        """The mean square of chance less outcome; None while it is too early to tell."""
        return self._scores[0] if self._scores else None

    @property
    def usual(self) -> float | None:
        """The Brier score of always saying the share of goals that were met."""
        return self._scores[1] if self._scores else None


def track_record(workspace: Workspace) -> TrackRecord:
    """How often forecasts came true; 4 queries."""
    rows = ForecastRecord.objects.filter(workspace=workspace)
    judged = rows.filter(hit__isnull=False)
    latest = judged.select_related("goal", "metric").order_by("-last", "-made_on", "-pk")
    return TrackRecord(
        coverage=_coverage(rows),
        groups=_groups(judged),
        goals=judged.aggregate(goals=Count("goal", distinct=True))["goals"],
        latest=list(latest[:LATEST]),
    )


def _coverage(rows: QuerySet[ForecastRecord]) -> list[Coverage]:
    counted = (
        rows.order_by()
        .values_list("horizon")
        .annotate(
            windows=Count("pk", filter=Q(inside__isnull=False)),
            held=Count("pk", filter=Q(inside=True)),
            waiting=Count("pk", filter=Q(scored_on=None)),
        )
    )
    found = {horizon: tuple(counts) for horizon, *counts in counted}
    return [
        Coverage(Horizon(word), str(name), *found.get(word, (0, 0, 0)))
        for word, name in HORIZON_CHOICES
    ]


def _groups(judged: QuerySet[ForecastRecord]) -> list[Group]:
    status = Case(
        When(chance__gte=float(LIKELY_FROM), then=Value(Status.ON_TRACK.value)),
        When(chance__gte=float(OPEN_FROM), then=Value(Status.AT_RISK.value)),
        default=Value(Status.OFF_TRACK.value),
        output_field=CharField(),
    )
    told = (
        judged.order_by()
        .annotate(status=status)
        .values_list("status")
        .annotate(
            forecasts=Count("pk"),
            said=Avg("chance"),
            met=Sum("hit"),
            squares=Sum((F("chance") - F("hit")) * (F("chance") - F("hit"))),
        )
    )
    found = {word: Group(word, *numbers) for word, *numbers in told}
    return [found[word] for word in GROUPS if word in found]
