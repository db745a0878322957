"""Making a split of a goal real: as steps below it, or as checkpoints on its course."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext as _

from goals.models import Goal
from goals.operations.goals import Draft, draft_of, locked, revise_goal, set_goal
from goals.queries.parts import grain_of_parts
from goals.queries.splits import Asked, Outcome, Part, SplitPage, due_by, split_of
from goals.queries.wording import amount
from goals.rules import amounts
from goals.rules.courses import Checkpoint, Course
from goals.rules.decomposition import Mode
from goals.rules.progress import GRADUAL, Basis
from goals.rules.targets import HUNDRED, Target
from goals.rules.terms import Terms
from goals.verbs import GOAL_SPLIT, INTO_WORDS, MODE_WORDS
from workspaces.models import Membership
from workspaces.operations.recording import record
from workspaces.rules.errors import Refused

TITLE = 200


class Shape(StrEnum):
    """What the parts become."""

    STEPS = "steps"
    CHECKPOINTS = "checkpoints"


@dataclass(frozen=True)
class Done:
    """A goal that was split: how many of its parts came out in which way."""

    goal: Goal
    outcomes: Counter[Outcome]


@transaction.atomic
def split_goal(
    goal: Goal, *, asked: Asked, shape: Shape, version: int, by: Membership, at: datetime
) -> Done:
    """Set all parts or none, and record them, so that the first plan stays in the log.

    A part whose step is there already (the same metric, basis and days) revises it; one that was
    changed by hand since is kept or replaced as `asked.changed` says, and without a word the split
    is refused. Spread anew, only the open parts become steps: what is over stays as promised.
    """
    row = locked(goal, version)
    if not row.is_open:
        raise Refused(_("This goal is closed. Reopen it first."), code="closed")
    page = split_of(row, asked, at)
    _refuse(page)
    steps: dict[str, str] = {}
    if shape is Shape.CHECKPOINTS:
        row = _as_checkpoints(row, page, by=by, at=at)
    else:
        _refuse_unasked(page)
        steps = _as_steps(row, page, by=by, at=at)
    if row.version == version:
        row.version += 1
        row.save(update_fields=["version"])
    record(GOAL_SPLIT, row, by=by, at=at, **_told(row, page, shape), steps=steps)
    return Done(row, Counter(part.outcome for part in page.parts))


def _refuse(page: SplitPage) -> None:
    """Refuse what gives no parts."""
    asked = page.asked
    if page.mode is Mode.MANUAL and not (asked.parts or asked.rebalanced):
        message = _("Say what each part brings: %(count)s amounts.")
        count = {"count": len(page.parts)}
        raise Refused(message % count, code="required", field="parts")
    refusal = page.anew_refusal if asked.rebalanced else page.refusal
    if refusal:
        field = "parts" if asked.parts else "mode"
        raise Refused(refusal, code="cannot_split", field=field)
    if any(part.then is None for part in page.parts):
        raise Refused(_("No part is over yet: there is nothing to spread anew."), code="none_over")


def _refuse_unasked(page: SplitPage) -> None:
    """Name the steps that somebody changed by hand: they are never overwritten unasked."""
    found = [part for part in page.parts if part.outcome is Outcome.ASK]
    if not found:
        return
    named = [
        f"{part.name} ({amount(part.step.goal.target, page.goal.metric)})"
        for part in found
        if part.step
    ]
    message = _("Changed by hand since the last split: %(steps)s. Keep or replace them?")
    names = {"steps": ", ".join(named)}
    raise Refused(message % names, code="changed_by_hand", field="changed_steps")


def _told(row: Goal, page: SplitPage, shape: Shape) -> dict[str, object]:
    """What the log keeps of a split."""
    asked, metric = page.asked, row.metric
    kept = [part.name for part in page.parts if part.outcome is Outcome.KEPT]
    return {
        "title": row.title,
        "into": asked.into.value,
        "mode": page.mode.value,
        "shape": shape.value,
        "rebalanced": asked.rebalanced,
        "parts": [[part.name, amounts.stored(part.then)] for part in page.parts],
        "kept": kept if shape is Shape.STEPS else [],
        "state": "anew" if asked.rebalanced else shape.value,
        "into_word": INTO_WORDS[asked.into],
        "mode_word": MODE_WORDS[page.mode],
        "unit": metric.unit,
        "decimals": metric.decimals,
        "currency": metric.currency,
    }


def _as_checkpoints(row: Goal, page: SplitPage, *, by: Membership, at: datetime) -> Goal:
    """Put the parts on the goal's own course."""
    if Basis(row.basis) not in GRADUAL:
        message = _("This goal is due at every moment: it takes steps, not checkpoints.")
        raise Refused(message, code="not_gradual", field="shape")
    draft = draft_of(row)
    path = tuple(Checkpoint(day, value) for day, value in due_by(page))
    terms = replace(draft.terms, course=Course.PHASED, checkpoints=path)
    changed = replace(draft, terms=terms)
    return revise_goal(row, draft=changed, version=row.version, by=by, at=at)


def _as_steps(row: Goal, page: SplitPage, *, by: Membership, at: datetime) -> dict[str, str]:
    """One goal below this one for each part: the targets that this split gave, by the step."""
    given: dict[str, str] = {}
    for part in page.parts:
        if part.outcome not in {Outcome.SET, Outcome.REVISED, Outcome.SAME}:
            continue
        try:
            step = _as_step(row, page, part, by=by, at=at)
        except Refused as refusal:
            message = f"{part.name}: {refusal.message}"
            raise Refused(message, code=refusal.code, field="parts") from refusal
        given[str(step.pk)] = step.target_value
    return given


def _as_step(row: Goal, page: SplitPage, part: Part, *, by: Membership, at: datetime) -> Goal:
    """The step of one part: set, revised, or as it stands where it says the same."""
    draft = _step_draft(row, page, part)
    if part.step is None:
        return set_goal(row.workspace, draft=draft, by=by, at=at)
    step = part.step.goal
    if part.outcome is Outcome.SAME:
        return step
    kept = draft_of(step)
    kept = replace(kept, terms=replace(kept.terms, target=draft.terms.target))
    return revise_goal(step, draft=kept, version=step.version, by=by, at=at)


def _step_draft(row: Goal, page: SplitPage, part: Part) -> Draft:
    """The part as a smaller goal of the same owner."""
    basis, value = Basis(row.basis), part.then or Decimal(0)
    target = Target(value=value)
    if basis is Basis.YOY and part.year_ago:
        target = Target(percent=amounts.rounded((value / part.year_ago - 1) * HUNDRED))
    ending = f" · {part.name}"
    return Draft(
        title=row.title[: TITLE - len(ending)] + ending,
        metric=row.metric,
        terms=Terms(basis, grain_of_parts(row, page.asked.into), part.span, target),
        owner=row.owner,
        stakeholder=row.stakeholder,
        parent=row,
    )
