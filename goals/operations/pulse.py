"""Setting up the pulse, asking stakeholders by link, answering without leaving a trace."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from goals.models import Pulse, PulseRound, PulseTurn
from goals.operations.links import LinkTokens
from goals.operations.pulse_metrics import define_pulse_metrics
from goals.operations.pulse_rounds import open_round
from goals.rules.pulse import (
    FEWEST,
    LAST_OPENING,
    MOST_FEWEST,
    SCORES,
    Group,
    counted,
    month_of,
)
from goals.verbs import PULSE_LINKED, PULSE_SET
from workspaces.models import Membership, Stakeholder, Workspace
from workspaces.operations.recording import record
from workspaces.rules.errors import Refused, Stale

TOKENS = LinkTokens("goals.pulse")


@dataclass(frozen=True)
class PulseDraft:
    """What is asked each month from the day `opens_on`, and how few answers tell no result."""

    question: str
    opens_on: int = 20
    fewest: int = FEWEST
    asks_team: bool = True
    asks_stakeholders: bool = True
    is_on: bool = True


@transaction.atomic
def set_pulse(
    workspace: Workspace, *, draft: PulseDraft, version: int, by: Membership, at: datetime
) -> Pulse:
    """Set the pulse up (version 0) or change it; an open round stays as it was asked."""
    _refuse_unfit(draft)
    held = Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
    pulse = Pulse.objects.filter(workspace=held).first()
    if pulse is not None and version != pulse.version:
        raise Stale(_("Somebody changed the pulse meanwhile."), current=pulse)
    fields = {**asdict(draft), "question": draft.question.strip()}
    if pulse is None:
        metrics = define_pulse_metrics(held, by=by, at=at)
        pulse = Pulse.objects.create(workspace=held, **fields, **metrics)
    else:
        for name, value in fields.items():
            setattr(pulse, name, value)
        pulse.version += 1
        pulse.save()
    record(PULSE_SET, pulse, by=by, at=at, question=pulse.question)
    open_round(pulse, at=at)
    return pulse


@transaction.atomic
def answer_pulse(member: Membership, *, score: int, at: datetime) -> None:
    """Count a member's answer, once a month; nothing tells afterwards which one it was.

    There is no event: its instant would stand beside those of other deeds of the same person.
    """
    row = _open_now(member.workspace, at)
    if not row.asks_team:
        raise Refused(_("The team is not asked this month."), code="not_asked")
    try:
        with transaction.atomic():
            PulseTurn.objects.create(
                workspace_id=row.workspace_id, round=row, member=member, has_answered=True
            )
    except IntegrityError as error:
        raise _answered() from error
    _count(row, Group.TEAM, score)


@transaction.atomic
def answer_by_link(turn: PulseTurn, *, score: int, at: datetime) -> None:
    """Count the answer of a stakeholder whose link this is, once; see `answer_pulse`."""
    row = _open_now(turn.workspace, at)
    asked = PulseTurn.objects.filter(pk=turn.pk, round=row, has_answered=False)
    if not asked.update(has_answered=True):
        raise _answered()
    _count(row, Group.STAKEHOLDERS, score)


@transaction.atomic
def make_links(
    workspace: Workspace, *, stakeholders: Sequence[Stakeholder], by: Membership, at: datetime
) -> list[tuple[Stakeholder, str]]:
    """A link for each of them, its token told once; an earlier link that was not used is dead."""
    row = _open_now(workspace, at)
    if not row.asks_stakeholders:
        raise Refused(_("Stakeholders are not asked this month."), code="not_asked")
    if not stakeholders:
        raise Refused(_("Choose somebody who has not answered."), code="required")
    made = [(one, _link(row, one)) for one in stakeholders]
    record(PULSE_LINKED, row, by=by, at=at, count=len(made))
    return made


def _link(row: PulseRound, who: Stakeholder) -> str:
    """A stakeholder's token, in place of the one before."""
    if who.workspace_id != row.workspace_id or who.retired_at is not None:
        message = _("There is nothing of the kind here.")
        raise Refused(message, code="not_found", field="stakeholder")
    if who.member_id is not None:
        message = _("%(name)s is a member and answers in the app.")
        told = message % {"name": who.name}
        raise Refused(told, code="is_a_member", field="stakeholder")
    token, secret_hash = TOKENS.new()
    turn, is_new = PulseTurn.objects.get_or_create(
        round=row,
        stakeholder=who,
        defaults={"workspace_id": row.workspace_id, "secret_hash": secret_hash},
    )
    if turn.has_answered:
        message = _("%(name)s has answered already.") % {"name": who.name}
        raise Refused(message, code="answered", field="stakeholder")
    if not is_new:
        PulseTurn.objects.filter(pk=turn.pk).update(secret_hash=secret_hash)
    return token


def _open_now(workspace: Workspace, at: datetime) -> PulseRound:
    """The month's round under lock, so that every answer counts and none comes too late."""
    month = month_of(workspace.day_of(at))
    rows = PulseRound.objects.filter(workspace=workspace, month=month, closed_at=None)
    row = rows.select_for_update().first()
    if row is None:
        raise Refused(_("No pulse is open now."), code="not_open")
    return row


def _count(row: PulseRound, group: Group, score: int) -> None:
    if score not in SCORES:
        message = _("Choose a number from 0 to 10.")
        raise Refused(message, code="out_of_range", field="score")
    row.tally = counted(row.counts, group, score)
    row.save(update_fields=["tally"])


def _answered() -> Refused:
    return Refused(_("You have answered already this month."), code="answered")


def _refuse_unfit(draft: PulseDraft) -> None:
    if not draft.question.strip():
        raise Refused(_("Write the question."), code="required", field="question")
    if not 1 <= draft.opens_on <= LAST_OPENING:
        message = _("Choose a day from 1 to 28.")
        raise Refused(message, code="out_of_range", field="opens_on")
    if not FEWEST <= draft.fewest <= MOST_FEWEST:
        message = _("A result takes 3 to 50 answers.")
        raise Refused(message, code="out_of_range", field="fewest")
    if not (draft.asks_team or draft.asks_stakeholders):
        message = _("Ask the team, the stakeholders, or both.")
        raise Refused(message, code="required", field="asks_team")
