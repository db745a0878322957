"""Goals for tests, on metrics with data, made by the real operations."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from goals.models import Goal, Guardrail
from goals.operations.goals import Draft, Smart, set_goal
from goals.operations.guardrails import Bound, set_guardrail
from goals.rules.aims import Aim
from goals.rules.courses import Checkpoint, Course
from goals.rules.progress import Basis
from goals.rules.targets import Target
from goals.rules.terms import Terms, numberless
from metrics.models import Metric
from metrics.operations.definition_checks import Definition
from metrics.operations.definitions import define_metric
from metrics.operations.observations import Reading, record_observations
from metrics.operations.rollups import roll_up
from metrics.rules.periods import Grain, Span
from tests.make.workspaces import NOON, owner_of
from workspaces.models import Workspace

YEAR = ("2026-01-01", "2026-12-31")
LAST_YEAR = ("2025-01-01", "2025-12-31")


def day(text: str) -> date:
    return date.fromisoformat(text)


def span(days: tuple[str, str] | None) -> Span | None:
    return None if days is None else Span(day(days[0]), day(days[1]))


def measured(
    workspace: Workspace,
    key: str = "clicks",
    values: dict[str, int] | None = None,
    *,
    at=NOON,
    **definition,
) -> Metric:
    """An additive metric with one observation a day; values are in its smallest unit."""
    usual = {"name": key.title(), "kind": "additive", "unit": "count", "decimals": 0}
    made = define_metric(
        workspace,
        definition=Definition(key=key, **{**usual, **definition}),
        by=owner_of(workspace),
        at=at,
    )
    if values:
        observe(made, values, at=at)
    return made


def ratio(workspace: Workspace, key: str, above: Metric, below: Metric, *, at=NOON, **definition):
    usual = {"name": key.title(), "unit": "percent", "decimals": 2, "scale": "100"}
    return define_metric(
        workspace,
        definition=Definition(
            key=key,
            kind="ratio",
            numerator=above.key,
            denominator=below.key,
            **{**usual, **definition},
        ),
        by=owner_of(workspace),
        at=at,
    )


def observe(metric: Metric, values: dict[str, int], *, at=NOON, rolled_up: bool = True) -> None:
    """Record one value for each day, in the metric's smallest unit; a second time corrects it."""
    readings = [Reading(metric.pk, day(on), value, (), on) for on, value in values.items()]
    record_observations(
        metric.workspace, source="test", readings=readings, by=owner_of(metric.workspace), at=at
    )
    if rolled_up:
        roll_up()


def every_day(first: str, last: str, value: int, *, step: int = 1) -> dict[str, int]:
    """The same value on each day of a span, or on each `step`-th."""
    days = (day(last) - day(first)).days + 1
    return {(day(first) + timedelta(days=n)).isoformat(): value for n in range(0, days, step)}


def terms(
    *,
    basis: str = "cumulative",
    percent: str | None = None,
    value: str | None = None,
    window: tuple[str, str] = YEAR,
    baseline: tuple[str, str] | None = None,
    grain: str = "month",
    aim: str = "reach",
    course: str = "linear",
    checkpoints: Iterable[tuple[str, str]] = (),
) -> Terms:
    target = Target(
        percent=None if percent is None else Decimal(percent),
        value=None if value is None else Decimal(value),
    )
    path = tuple(Checkpoint(day(on), Decimal(value)) for on, value in checkpoints)
    return Terms(
        Basis(basis),
        Grain(grain),
        span(window),
        target,
        span(baseline),
        Aim(aim),
        Course(course),
        path,
    )


def make_draft(metric: Metric, title: str = "More clicks", **words) -> Draft:
    """A draft; the keywords of `terms` may stand beside those of Draft."""
    names = {"basis", "percent", "value", "window", "baseline", "grain", "aim"}
    names |= {"course", "checkpoints"}
    promised = {name: words.pop(name) for name in names & words.keys()}
    if not {"percent", "value"} & promised.keys():
        promised["value"] = "1000"
    smart = words.pop("smart", Smart(specific="Total clicks of the newsletter"))
    owner = words.pop("owner", owner_of(metric.workspace))
    return Draft(
        title=title, metric=metric, terms=terms(**promised), owner=owner, smart=smart, **words
    )


def make_goal(metric: Metric, title: str = "More clicks", *, by=None, at=NOON, **words) -> Goal:
    """A goal that was really set; see make_draft for the words."""
    workspace = metric.workspace
    draft = make_draft(metric, title, **words)
    return set_goal(workspace, draft=draft, by=by or owner_of(workspace), at=at)


def make_parent(workspace: Workspace, title: str = "One team", *, at=NOON, **words) -> Goal:
    """A goal without a number of its own, judged by its steps."""
    window = words.pop("window", YEAR)
    draft = Draft(
        title=title,
        metric=None,
        terms=numberless(span(window)),
        owner=words.pop("owner", owner_of(workspace)),
        **words,
    )
    return set_goal(workspace, draft=draft, by=owner_of(workspace), at=at)


def make_goals(metric: Metric, count: int, **words) -> Iterable[Goal]:
    return [make_goal(metric, f"Goal {number}", **words) for number in range(count)]


def make_guardrail(goal: Goal, metric: Metric, side: str, line: str, *, at=NOON) -> Guardrail:
    """A guardrail on the last whole month of another metric."""
    bound = Bound(metric, Aim(side), Decimal(line))
    return set_guardrail(goal, bound=bound, by=owner_of(goal.workspace), at=at)
