"""The numbers by which a goal is shown and judged."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from goals.models import GoalForecast
from goals.queries.curves import Curve
from goals.queries.guardrails import Guarded
from goals.rules import amounts
from goals.rules.aims import Keeping
from goals.rules.status import BANDS, Facts, Held, Status


@dataclass(frozen=True)
class Standing:
    """One goal's numbers at the end of the last complete day; decimals are exact.

    `value`, `target`, `baseline` and `before` are in the metric's unit; `progress`, `expected`,
    `elapsed`, `pace`, `grown` and `change` are shares. `before` is what the value is compared with:
    the same days of the year before for sums, the period before for a level. A goal that keeps a
    line has `keeping` instead of progress and pace; one without a metric has no numbers but the
    progress and the expected share of its steps. `forecast` is what the last review stored.
    """

    goal_id: int
    until: date
    value: Decimal | None
    target: Decimal | None
    baseline: Decimal | None
    before: Decimal | None
    compared_with: str
    compared_on: date | None
    grown: Decimal | None
    change: Decimal | None
    progress: Decimal | None
    expected: Decimal
    elapsed: Decimal
    pace: Decimal | None
    status: Status
    held: Held
    since: datetime | None
    previous: str
    data_until: date | None
    days_left: int
    needed_per_day: Decimal | None
    expected_value: Decimal | None
    facts: Facts
    curve: Curve
    keeping: Keeping | None = None
    forecast: GoalForecast | None = None
    guardrails: list[Guarded] = field(default_factory=list)
    note: str = ""

    @property
    def broken(self) -> list[Guarded]:
        """The guardrails that are broken now."""
        return [found for found in self.guardrails if found.is_broken]

    @property
    def points(self) -> list[Decimal | None]:
        """The values of the small curve."""
        return self.curve.points

    @property
    def difference(self) -> Decimal | None:
        """The value less what it is compared with, in the metric's unit."""
        return None if self.value is None or self.before is None else self.value - self.before

    @property
    def distance(self) -> Decimal | None:
        """The difference without its sign."""
        return None if self.difference is None else abs(self.difference)

    @property
    def is_quiet(self) -> bool:
        """Whether a card says it in one sentence: nothing to steer, or nothing known yet."""
        return self.status not in BANDS or not self.facts.begun

    @property
    def was(self) -> str:
        """The status before this one, empty where this is the first verdict."""
        return "" if self.previous in {"", Status.NEW.value} else self.previous

    @property
    def needed_shown(self) -> Decimal | None:
        """What each day must bring, to three digits, for people."""
        return None if self.needed_per_day is None else amounts.rounded(self.needed_per_day, 3)
