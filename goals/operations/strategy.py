"""Writing a strategy: beginning it, saving each of its six steps by itself, putting it away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from goals.models import (
    Goal,
    Strategy,
    StrategyGoal,
    StrategyMetric,
    StrategyOutcome,
    StrategySigner,
)
from goals.models.strategy import MOST_QUESTIONS, NO_TITLE
from goals.rules.strategy import Step
from goals.verbs import (
    STRATEGY_BEGUN,
    STRATEGY_CHANGED,
    STRATEGY_CLOSED,
    STRATEGY_REOPENED,
)
from metrics.models import Metric
from workspaces.models import Membership, Stakeholder, Workspace, WorkspaceOwned
from workspaces.operations.days import refuse_far_days
from workspaces.operations.recording import record
from workspaces.operations.stakeholders import add_stakeholder
from workspaces.rules.errors import Refused, Stale

TITLE_AND_PERIOD = gettext_noop("title and period")
STEP_WORDS = {  # marked for translation where the choices of the steps are
    Step.OUTCOMES: "Outcomes",
    Step.METRICS: "Metrics",
    Step.GOALS: "Goals",
    Step.PARTICIPATION: "Participation",
    Step.STEPS: "Steps",
    Step.ASSIGNMENTS: "Assignments",
}
LINKS: dict[Step, tuple[type[models.Model], str, str]] = {  # table, what it links, its words
    Step.OUTCOMES: (StrategyOutcome, "stakeholder", "outcome"),
    Step.METRICS: (StrategyMetric, "metric", "why"),
    Step.GOALS: (StrategyGoal, "goal", "change"),
}
Thing = Stakeholder | Metric | Goal


@dataclass(frozen=True)
class Period:
    """The head of a strategy."""

    title: str
    start: date
    end: date


@dataclass(frozen=True)
class Participation:
    """How colleagues take part, and what each goal changes for them (by the goal's id)."""

    questions: Sequence[str] = ()
    until: date | None = None
    anonymous: bool = False
    members: Sequence[Membership] = ()
    stakeholders: Sequence[Stakeholder] = ()
    changes: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class StepDraft:
    """One step as somebody wants it: its words, and its rows where the step has rows.

    `lines` are the linked things with their words (None: as they were), in order, and replace all
    that stood there; no `lines` leave them alone. `newcomer` (name, outcome) is a stakeholder who
    is added to the register first.
    """

    words: str | None = None
    lines: Sequence[tuple[Thing, str | None]] | None = None
    newcomer: tuple[str, str] | None = None
    participation: Participation | None = None


@transaction.atomic
def begin_strategy(
    workspace: Workspace, *, period: Period, by: Membership, at: datetime
) -> Strategy:
    """Open an empty strategy for a period."""
    strategy = Strategy.objects.create(workspace=workspace, created_at=at, **_period(period))
    record(STRATEGY_BEGUN, strategy, by=by, at=at, title=strategy.title)
    return strategy


@transaction.atomic
def change_period(
    strategy: Strategy, *, period: Period, version: int, by: Membership, at: datetime
) -> Strategy:
    """Give the strategy another title or period."""
    row = locked(strategy, version)
    for name, value in _period(period).items():
        setattr(row, name, value)
    return _saved(row, TITLE_AND_PERIOD, by=by, at=at)


@transaction.atomic
def save_step(
    strategy: Strategy, *, step: Step, draft: StepDraft, version: int, by: Membership, at: datetime
) -> Strategy:
    """Save one of the six steps; the other five stay as they are."""
    row = locked(strategy, version)
    lines = draft.lines
    if draft.newcomer is not None and step is Step.OUTCOMES:
        name, outcome = draft.newcomer
        added = add_stakeholder(row.workspace, {"name": name, "outcome": outcome}, by=by, at=at)
        lines = [*(lines or ()), (added, outcome)]
    if lines is not None and step in LINKS:
        _replace_lines(row, step, lines)
    if draft.participation is not None and step is Step.PARTICIPATION:
        _take_part(row, draft.participation)
    if draft.words is not None:
        row.words = {**row.words, step.value: draft.words.strip()}
    return _saved(row, STEP_WORDS[step], by=by, at=at)


@transaction.atomic
def close_strategy(strategy: Strategy, *, version: int, by: Membership, at: datetime) -> Strategy:
    """Put the strategy away; its links are dead and nothing of it changes until it is reopened."""
    row = locked(strategy, version)
    row.closed_at = at
    row.version += 1
    row.save(update_fields=["closed_at", "version"])
    row.shares.filter(revoked_at=None).update(revoked_at=at)
    record(STRATEGY_CLOSED, row, by=by, at=at, title=row.title)
    return row


@transaction.atomic
def reopen_strategy(strategy: Strategy, *, version: int, by: Membership, at: datetime) -> Strategy:
    """Take a strategy up again that was put away."""
    row = locked(strategy, version, open_only=False)
    if row.closed_at is None:
        raise Refused(_("This strategy is open."), code="open")
    row.closed_at = None
    row.version += 1
    row.save(update_fields=["closed_at", "version"])
    record(STRATEGY_REOPENED, row, by=by, at=at, title=row.title)
    return row


def locked(strategy: Strategy, version: int | None = None, *, open_only: bool = True) -> Strategy:
    """The row as it stands, held until the transaction ends.

    Stale when the caller saw another version, refused when it was put away.
    """
    rows = Strategy.objects.select_related("workspace").select_for_update(of=("self",))
    row = rows.get(pk=strategy.pk)
    if version is not None and row.version != version:
        raise Stale(_("Somebody changed this strategy meanwhile."), current=row)
    if open_only and row.closed_at is not None:
        raise Refused(_("This strategy was put away. Take it up again first."), code="closed")
    return row


def _period(period: Period) -> dict[str, object]:
    if not period.title.strip():
        raise Refused(str(NO_TITLE), code="required", field="title")
    refuse_far_days(start=period.start, end=period.end)
    if period.end < period.start:
        message = _("The strategy must end on or after the day it starts.")
        raise Refused(message, code="ends_before_start", field="end")
    return {"title": period.title.strip(), "start": period.start, "end": period.end}


def _saved(row: Strategy, word: str, *, by: Membership, at: datetime) -> Strategy:
    row.version += 1
    row.save()
    record(STRATEGY_CHANGED, row, by=by, at=at, title=row.title, step_word=word)
    return row


def _own(row: Strategy, things: Sequence[WorkspaceOwned], name: str) -> None:
    """Rows of another workspace never get in, and none comes twice."""
    if any(thing.workspace_id != row.workspace_id for thing in things):
        raise Refused(_("There is nothing of the kind here."), code="not_found", field=name)
    if len({thing.pk for thing in things}) < len(things):
        raise Refused(_("Each may come only once."), code="twice", field=name)


def _replace_lines(row: Strategy, step: Step, lines: Sequence[tuple[Thing, str | None]]) -> None:
    """Put these rows in the place of those that stood in the step."""
    table, link, words = LINKS[step]
    things = [thing for thing, _words in lines]
    _own(row, things, "lines")
    rows = table._default_manager
    rows.filter(strategy=row).exclude(**{f"{link}__in": [thing.pk for thing in things]}).delete()
    for position, (thing, text) in enumerate(lines):
        values: dict[str, Any] = {"position": position, "workspace": row.workspace, link: thing}
        if text is not None:
            values[words] = text.strip()
        rows.update_or_create(values, strategy=row, **_by_id(link, thing))


def _by_id(link: str, thing: Thing) -> dict[str, Any]:
    """The filter that finds the row of this thing."""
    return {f"{link}_id": thing.pk}


def _take_part(row: Strategy, wanted: Participation) -> None:
    """The form's terms, who signs, and what the goals change."""
    questions = [text.strip() for text in wanted.questions if text.strip()]
    if len(questions) > MOST_QUESTIONS:
        message = _("A form has at most %(most)s questions.") % {"most": MOST_QUESTIONS}
        raise Refused(message, code="too_many", field="questions")
    refuse_far_days(feedback_until=wanted.until)
    row.questions, row.anonymous = questions, wanted.anonymous
    row.feedback_until = wanted.until
    _ask_to_sign(row, wanted)
    for line in StrategyGoal.objects.filter(strategy=row, goal__in=list(wanted.changes)):
        line.change = wanted.changes[line.goal_id].strip()
        line.save(update_fields=["change"])


def _ask_to_sign(row: Strategy, wanted: Participation) -> None:
    """Ask those who are named and nobody else; who is asked still keeps what they signed."""
    _own(row, wanted.members, "members")
    _own(row, wanted.stakeholders, "stakeholders")
    asked = StrategySigner.objects.filter(strategy=row)
    asked.exclude(
        models.Q(member__in=[one.pk for one in wanted.members])
        | models.Q(stakeholder__in=[one.pk for one in wanted.stakeholders])
    ).delete()
    for member in wanted.members:
        asked.get_or_create(strategy=row, member=member, defaults={"workspace": row.workspace})
    for who in wanted.stakeholders:
        asked.get_or_create(strategy=row, stakeholder=who, defaults={"workspace": row.workspace})
