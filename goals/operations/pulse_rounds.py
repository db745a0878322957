"""The months of the pulse: opened, closed with what may be told, and told to the metrics."""

import logging
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from goals.models import Pulse, PulseRound, PulseTurn
from goals.operations.pulse_metrics import GROUP
from goals.rules.pulse import (
    Group,
    answers_in,
    last_day,
    month_of,
    opening_day,
    publishable,
)
from goals.verbs import PULSE_CLOSED, PULSE_OPENED
from metrics.operations.observations import Reading, record_observations
from metrics.rules.dims import canonical
from workspaces.operations.recording import record
from workspaces.queries.people import members_of
from workspaces.rules.errors import Refused

log = logging.getLogger(__name__)
SOURCE = "Pulse"


def keep_pulses(*, at: datetime) -> int:
    """Close what is over, tell the metrics, open what is due; how many. May run twice."""
    over = PulseRound.objects.filter(closed_at=None).select_related("workspace").order_by("pk")
    done = sum(close_round(row, at=at) for row in over)
    waiting = PulseRound.objects.exclude(closed_at=None).filter(fed_at=None)
    done += sum(feed_round(row, at=at) for row in waiting.select_related("workspace"))
    asked = Pulse.objects.filter(is_on=True).select_related("workspace").order_by("pk")
    return done + sum(open_round(pulse, at=at) is not None for pulse in asked)


@transaction.atomic
def open_round(pulse: Pulse, *, at: datetime) -> PulseRound | None:
    """Ask this month, if it is due and not done; the question stays what it is until the end."""
    today = pulse.workspace.day_of(at)
    month = month_of(today)
    if not pulse.is_on or today < opening_day(month, pulse.opens_on):
        return None
    names = ("question", "fewest", "asks_team", "asks_stakeholders")
    row, is_new = PulseRound.objects.get_or_create(
        workspace=pulse.workspace,
        month=month,
        defaults={name: getattr(pulse, name) for name in names},
    )
    if not is_new:
        return None
    record(PULSE_OPENED, row, by=None, at=at, **_month(row))
    return row


@transaction.atomic
def close_round(row: PulseRound, *, at: datetime) -> bool:
    """Keep of a month that is over what may be told, and forget the answers and who gave them."""
    if row.month >= month_of(row.workspace.day_of(at)):
        return False
    held = PulseRound.objects.select_for_update().get(pk=row.pk)
    if held.closed_at is not None:
        return False
    answered = answers_in(held.counts)
    held.results = [asdict(one) for one in publishable(held.counts, held.fewest)]
    held.answered = answered
    held.asked = {group: max(n, answered[group]) for group, n in asked_in(held).items()}
    held.tally, held.closed_at = {}, at
    held.save()
    PulseTurn.objects.filter(round=held).delete()
    state = "told" if held.results else "too_few"
    told = {**_month(held), "answers": sum(answered.values()), "state": state}
    record(PULSE_CLOSED, held, by=None, at=at, **told)
    return True


def asked_in(row: PulseRound) -> dict[str, int]:
    """How many are asked, by group: all members, and the stakeholders who have got a link."""
    linked = PulseTurn.objects.filter(round=row).exclude(stakeholder=None)
    return {
        Group.TEAM.value: members_of(row.workspace).count() if row.asks_team else 0,
        Group.STAKEHOLDERS.value: linked.count() if row.asks_stakeholders else 0,
    }


def feed_round(row: PulseRound, *, at: datetime) -> bool:
    """Send a closed month's sums to the metrics, on its last day; the same again changes nothing.

    While a metric takes no observations the month waits.
    """
    pulse = Pulse.objects.get(workspace=row.workspace_id)
    day = last_day(row.month)
    readings = [
        Reading(metric, day, value, dims, f"{row}|{result.group}", span=day.day)
        for result in row.told
        for dims in [canonical({GROUP: result.group} if result.group else {})]
        for metric, value in (
            (pulse.points_id, result.points),
            (pulse.answers_id, result.answers),
        )
    ]
    if readings:
        try:
            record_observations(row.workspace, source=SOURCE, readings=readings, by=None, at=at)
        except Refused as refusal:
            log.warning("pulse %s of %s waits: %s", row, row.workspace, refusal.message)
            return False
    return bool(PulseRound.objects.filter(pk=row.pk, fed_at=None).update(fed_at=at))


def _month(row: PulseRound) -> dict[str, str]:
    return {"month": str(row), "start": row.month.isoformat(), "grain": "month"}
