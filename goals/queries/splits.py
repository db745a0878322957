"""A goal split into quarters, months or weeks: the plan, what came, and the plan anew."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext as _

from goals.models import Goal
from goals.queries.parts import Known, buckets_of, read_parts
from goals.queries.splits_made import Plan, SplitsMade, Step, splits_made
from goals.queries.ways import MODES, Way, readings_of, said, split_by, wanted_of, way_of
from goals.rules import amounts
from goals.rules.decomposition import (
    Missed,
    Mode,
    Reading,
    Split,
    rebalance,
    rebalance_level,
)
from goals.rules.progress import GRADUAL, Basis
from goals.rules.targets import percent_of
from metrics.rules.periods import Grain, Period, Span, label
from workspaces.rules.days import last_complete_day
from workspaces.rules.errors import Refused


class Changed(StrEnum):
    """What becomes of steps that were changed by hand since a split made them."""

    KEEP = "keep"
    REPLACE = "replace"


class Outcome(StrEnum):
    """What becomes of a part as a step."""

    SET = "set"
    REVISED = "revised"
    SAME = "same"
    ASK = "ask"  # changed by hand, and nobody said whether it is kept
    KEPT = "kept"
    CLOSED = "closed"
    OVER = "over"


@dataclass(frozen=True)
class Asked:
    """How to split: into which periods, by which mode; `parts` are amounts given by hand."""

    into: Grain = Grain.QUARTER
    mode: Mode | None = None
    parts: tuple[Decimal, ...] = ()
    rebalanced: bool = False
    changed: Changed | None = None


@dataclass(frozen=True)
class Part:
    """One part: amounts in the metric's unit, None where unknown or, for `actual`, still open.

    `then` is the amount that was asked for: as planned, or spread anew.
    """

    name: str
    span: Span
    planned: Decimal | None
    year_ago: Decimal | None
    actual: Decimal | None
    closed: bool
    anew: Decimal | None = None
    then: Decimal | None = None
    step: Step | None = None
    outcome: Outcome = Outcome.SET

    @property
    def written(self) -> str:
        """The planned amount as a form takes it."""
        return amounts.stored(self.planned)

    @property
    def growth(self) -> Decimal | None:
        """What is planned against the same days a year before, as a share."""
        if self.planned is None or not self.year_ago or self.year_ago < 0:
            return None
        return self.planned / self.year_ago - 1


@dataclass(frozen=True)
class SplitPage:
    """What splitting a goal comes to; `refusal` says why the chosen way cannot be taken.

    `target` is what the parts come to, of growth as the year before is known now.

    `beside` are open steps on the same metric that are no part of this split.
    """

    goal: Goal
    asked: Asked
    mode: Mode
    parts: list[Part]
    ways: list[Way]
    readings: list[Reading]
    target: Decimal
    promised: Decimal | None
    refusal: str = ""
    anew_refusal: str = ""
    beside: list[Goal] = field(default_factory=list)

    @property
    def missed(self) -> bool:
        """Whether a part is closed, so that it can be told what came."""
        return any(part.closed for part in self.parts)

    @property
    def spreads(self) -> bool:
        """Whether what is left of such a goal can be spread anew over its open parts."""
        return Basis(self.goal.basis) in GRADUAL

    @property
    def steps(self) -> list[Goal]:
        """The steps that stand where parts are."""
        return [part.step.goal for part in self.parts if part.step]

    @property
    def by_hand(self) -> list[Part]:
        """The parts whose steps were changed by hand, to something else than is asked for."""
        touched = {Outcome.ASK, Outcome.KEPT, Outcome.REVISED}
        ours = (part for part in self.parts if part.outcome in touched)
        return [part for part in ours if part.step and part.step.by_hand]


def modes_of(goal: Goal) -> tuple[Mode, ...]:
    """The ways by which such a goal can be split, the first as the usual one."""
    return MODES[Basis(goal.basis)]


def split_of(goal: Goal, asked: Asked, at: datetime) -> SplitPage:
    """The goal split as asked; Refused where it cannot be split at all. A few queries."""
    buckets = buckets_of(goal, asked.into)
    modes, known, made = modes_of(goal), read_parts(goal, buckets), splits_made(goal)
    plan = _plan(goal, asked, known, made, buckets)
    mode = asked.mode or (plan.mode if plan else modes[0])
    _refuse_mode(modes, mode, asked)
    ways = {one: split_by(goal, one, known) for one in modes if one is not Mode.MANUAL}
    chosen = split_by(goal, mode, known, asked.parts)
    complete = last_complete_day(at, goal.workspace.timezone)
    over = [span.last <= complete for span in known.spans]
    if plan and plan.mode is mode and _stands(asked, plan, over):
        chosen = Split(plan.parts, chosen.rate, exact=plan.parts)
    page = SplitPage(
        goal=goal,
        asked=asked,
        mode=mode,
        parts=_parts(buckets, known, chosen, over),
        ways=[way_of(goal, one, split, known) for one, split in ways.items()],
        readings=readings_of(goal, len(buckets)),
        target=wanted_of(goal, known) or goal.target,
        promised=percent_of(goal.target, goal.baseline),
        refusal=said(goal, chosen, known),
    )
    return _beside_steps(_spread_anew(page, known, chosen), made)


def _plan(
    goal: Goal, asked: Asked, known: Known, made: SplitsMade, buckets: Sequence[Period]
) -> Plan | None:
    """The last plan into such parts, if it still makes the goal."""
    plan = made.plan(asked.into, [label(bucket) for bucket in buckets])
    if plan is None or plan.mode not in modes_of(goal):
        return None
    return None if split_by(goal, Mode.MANUAL, known, plan.parts).flaw else plan


def _refuse_mode(modes: Sequence[Mode], mode: Mode, asked: Asked) -> None:
    """Name the ways that work; amounts by hand belong to one of them only."""
    if mode not in modes:
        message = _("This goal cannot be split that way. The ways that work: %(ways)s.")
        ways = {"ways": ", ".join(modes)}
        raise Refused(message % ways, code="wrong_mode", field="mode")
    if asked.parts and mode is not Mode.MANUAL:
        message = _("Amounts of parts are given for the way “manual” only.")
        raise Refused(message, code="not_manual", field="parts")


def _stands(asked: Asked, plan: Plan, over: Sequence[bool]) -> bool:
    """Whether the plan that was made is kept: once a part is over, and what was typed at once."""
    return not asked.parts and (any(over) or plan.mode is Mode.MANUAL)


def _parts(
    buckets: Sequence[Period], known: Known, split: Split, over: Sequence[bool]
) -> list[Part]:
    filled = [*split.parts, *[None] * len(buckets)]
    return [
        Part(
            name=label(bucket),
            span=known.spans[place],
            planned=filled[place],
            year_ago=known.year_ago[place],
            actual=known.came[place] if over[place] else None,
            closed=over[place],
        )
        for place, bucket in enumerate(buckets)
    ]


def _spread_anew(page: SplitPage, known: Known, chosen: Split) -> SplitPage:
    """The same page with what is left spread over the open parts."""
    closed = [part.actual for part in page.parts if part.closed]
    open_ = len(page.parts) - len(closed)
    if not (closed and open_ and page.spreads and chosen.flaw is None):
        return page
    missed = Missed(chosen.parts, closed, known.sizes)
    goal, digits = page.goal, page.goal.metric.decimals
    if Basis(goal.basis) is Basis.LEVEL:
        way = goal.baseline or Decimal(0), goal.target
        found = rebalance_level(*way, page.mode, missed, digits=digits)
    else:
        found = rebalance(page.target, page.mode, missed, digits=digits)
    if found.flaw is not None:
        return replace(page, anew_refusal=said(goal, found, known))
    pairs = zip(page.parts, found.parts, strict=True)
    return replace(page, parts=[replace(part, anew=value) for part, value in pairs])


def _beside_steps(page: SplitPage, made: SplitsMade) -> SplitPage:
    """The same page with the steps that stand, and what becomes of each part."""
    parts = [_beside_step(part, page.asked, made.step_of(part.span)) for part in page.parts]
    ours = {part.step.goal.pk for part in parts if part.step}
    beside = [step for step in made.steps if step.is_open and step.pk not in ours]
    return replace(page, parts=parts, beside=beside)


def _beside_step(part: Part, asked: Asked, step: Step | None) -> Part:
    part = replace(part, then=part.anew if asked.rebalanced else part.planned, step=step)
    return replace(part, outcome=_outcome(part, asked))


def _outcome(part: Part, asked: Asked) -> Outcome:
    """What becomes of a part: what is over or closed, and what reads the same, is left alone."""
    if asked.rebalanced and part.closed:
        return Outcome.OVER
    if part.step is None:
        return Outcome.SET
    step = part.step.goal
    if not step.is_open:
        return Outcome.CLOSED
    digits = step.metric.decimals
    if part.then is None or round(part.then, digits) == round(step.target, digits):
        return Outcome.SAME
    return _outcome_of_change(asked) if part.step.by_hand else Outcome.REVISED


def _outcome_of_change(asked: Asked) -> Outcome:
    if asked.changed is None:
        return Outcome.ASK
    return Outcome.KEPT if asked.changed is Changed.KEEP else Outcome.REVISED


def due_by(page: SplitPage) -> list[tuple[date, Decimal]]:
    """The checkpoints that the parts are: what is due by the end of each but the last.

    A level that fell back on the way asks for no less than was due before it.
    """
    level = Basis(page.goal.basis) is Basis.LEVEL
    start = page.goal.baseline or Decimal(0)
    farther = max if page.goal.target >= start else min
    running = start if level else Decimal(0)
    found: list[tuple[date, Decimal]] = []
    for part in page.parts:
        amount = part.then or Decimal(0)
        running = farther(running, amount) if level else running + amount
        found.append((part.span.last, running))
    return found[:-1]
