"""Making a split of a goal real: as steps below it, or as checkpoints on its course."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext as _

from goals.models import Goal
from goals.operations.goals import Draft, draft_of, locked, revise_goal, set_goal
from goals.queries.splits import Asked, Part, SplitPage, due_by, grain_of_parts, split_of
from goals.rules import amounts
from goals.rules.courses import Checkpoint, Course
from goals.rules.progress import GRADUAL, Basis
from goals.rules.targets import HUNDRED, Target
from goals.rules.terms import Terms
from goals.verbs import GOAL_SPLIT
from workspaces.models import Membership
from workspaces.operations.recording import record
from workspaces.rules.errors import Refused

TITLE = 200


class Shape(StrEnum):
    """What the parts become."""

    STEPS = "steps"
    CHECKPOINTS = "checkpoints"


@transaction.atomic
def split_goal(
    goal: Goal, *, asked: Asked, shape: Shape, version: int, by: Membership, at: datetime
) -> Goal:
    """Set all parts or none, and record them, so that the first plan stays in the log.

    A part whose step is there already (the same metric, basis and days) revises it. Spread anew,
    only the open parts become steps: what is over stays as it was promised.
    """
    row = locked(goal, version)
    if not row.is_open:
        raise Refused(_("This goal is closed. Reopen it first."), code="closed")
    page = split_of(row, asked, at)
    refusal = page.anew_refusal if asked.rebalanced else page.refusal
    if refusal:
        field = "parts" if asked.parts else "mode"
        raise Refused(refusal, code="cannot_split", field=field)
    if None in page.amounts:
        raise Refused(_("No part is over yet: there is nothing to spread anew."), code="none_over")
    if shape is Shape.CHECKPOINTS:
        row = _as_checkpoints(row, page, by=by, at=at)
    else:
        _as_steps(row, page, by=by, at=at)
    parts = [[part.name, amounts.stored(value)] for part, value in _pairs(page)]
    record(
        GOAL_SPLIT,
        row,
        by=by,
        at=at,
        title=row.title,
        into=asked.into.value,
        mode=page.mode.value,
        shape=shape.value,
        rebalanced=asked.rebalanced,
        parts=parts,
    )
    return row


def _pairs(page: SplitPage) -> list[tuple[Part, Decimal | None]]:
    return list(zip(page.parts, page.amounts, strict=True))


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


def _as_steps(row: Goal, page: SplitPage, *, by: Membership, at: datetime) -> None:
    """One goal below this one for each part."""
    there = {
        (step.start, step.end): step
        for step in Goal.objects.select_related("metric", "workspace").filter(
            parent=row, metric=row.metric, basis=row.basis, closed_at=None
        )
    }
    for part, value in _pairs(page):
        if page.asked.rebalanced and part.closed:
            continue
        step = there.get((part.span.first, part.span.last))
        draft = _step_draft(row, page, part, value or Decimal(0))
        try:
            if step is None:
                set_goal(row.workspace, draft=draft, by=by, at=at)
            else:
                kept = draft_of(step)
                terms = replace(kept.terms, target=draft.terms.target)
                kept = replace(kept, terms=terms)
                revise_goal(step, draft=kept, version=step.version, by=by, at=at)
        except Refused as refusal:
            message = f"{part.name}: {refusal.message}"
            raise Refused(message, code=refusal.code, field="parts") from refusal


def _step_draft(row: Goal, page: SplitPage, part: Part, value: Decimal) -> Draft:
    """The part as a smaller goal of the same owner."""
    basis = Basis(row.basis)
    target = Target(value=value)
    if basis is Basis.YOY and row.baseline:
        target = Target(percent=amounts.rounded((row.target / row.baseline - 1) * HUNDRED))
    ending = f" · {part.name}"
    return Draft(
        title=row.title[: TITLE - len(ending)] + ending,
        metric=row.metric,
        terms=Terms(basis, grain_of_parts(row, page.asked.into), part.span, target),
        owner=row.owner,
        stakeholder=row.stakeholder,
        parent=row,
    )
