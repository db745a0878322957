"""Planning cycles: opening one, changing what is said of it, taking it away."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from tasks.models import Board, Cycle
from tasks.models.boards import NAME_LENGTH
from tasks.models.cycles import AIM_LENGTH, NOTES_LENGTH
from tasks.operations.contents import refuse_foreign
from tasks.operations.cycle_cards import held_cards, shift
from tasks.rules.cycles import MOST_WEEKS, first_day, last_day
from tasks.verbs import CYCLE_CHANGED, CYCLE_OPENED, CYCLE_REMOVED
from workspaces.models import Membership, Workspace
from workspaces.operations.days import refuse_far_days
from workspaces.operations.recording import record
from workspaces.operations.texts import refuse_long
from workspaces.rules.errors import Refused, Stale
from workspaces.rules.letters import seen

SAID = ("name", "aim", "capacity", "card_capacity", "notes")
LONGEST = {"name": NAME_LENGTH, "aim": AIM_LENGTH, "notes": NOTES_LENGTH}
LARGEST_CAPACITY = Decimal("99999.99")
MOST_CARDS = 999


@dataclass(frozen=True)
class CycleDraft:
    """A cycle as it is planned; `starts_on` is any day of its first week."""

    name: str
    starts_on: date
    weeks: int = 1
    aim: str = ""
    capacity: Decimal | None = None
    card_capacity: int | None = None


@transaction.atomic
def open_cycle(
    workspace: Workspace, board: Board | None, *, draft: CycleDraft, by: Membership, at: datetime
) -> Cycle:
    """Plan a cycle of a board, or of all boards; two of one board share no day."""
    refuse_foreign(workspace.pk, board)
    if board is not None and not board.is_open:
        raise Refused(_("This board is archived."), code="archived", field="board")
    first, last = _days(workspace, draft.starts_on, draft.weeks)
    clean = _clean({name: getattr(draft, name) for name in SAID if hasattr(draft, name)})
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
    _refuse_overlap(Cycle(workspace=workspace, board=board, starts_on=first, ends_on=last))
    cycle = Cycle.objects.create(
        workspace=workspace, board=board, starts_on=first, ends_on=last, opened_at=at, **clean
    )
    record(CYCLE_OPENED, cycle, by=by, at=at, name=cycle.name)
    return cycle


@transaction.atomic
def change_cycle(
    cycle: Cycle, *, changes: Mapping[str, object], version: int, by: Membership, at: datetime
) -> Cycle:
    """Change what is said of a cycle, by the names of SAID; its days while it is open.

    What is so already is no change.
    """
    now = hold_cycle(cycle, version)
    workspace = Workspace.objects.select_for_update(no_key=True).get(pk=cycle.workspace_id)
    fresh = _clean({name: changes[name] for name in SAID if name in changes})
    if "starts_on" in changes or "weeks" in changes:
        start, weeks = changes.get("starts_on", now.starts_on), changes.get("weeks", now.weeks)
        first, last = _days(workspace, start, weeks)  # type: ignore[arg-type]
        fresh |= {"starts_on": first, "ends_on": last}
    fresh = {name: value for name, value in fresh.items() if getattr(now, name) != value}
    if not fresh:
        return now
    for name, value in fresh.items():
        setattr(now, name, value)
    if "starts_on" in fresh or "ends_on" in fresh:
        if now.closed_at is not None:
            message = _("A closed cycle keeps its days.")
            raise Refused(message, code="closed", field="starts")
        _refuse_overlap(now)
    now.version += 1
    now.save(update_fields=[*fresh, "version"])
    record(CYCLE_CHANGED, now, by=by, at=at, name=now.name)
    return now


@transaction.atomic
def remove_cycle(cycle: Cycle, *, version: int, by: Membership, at: datetime) -> None:
    """Take away a plan that has not begun; its cards stay where they are, without a cycle."""
    now = hold_cycle(cycle, version)
    if now.begun_at is not None:
        raise Refused(_("A cycle that has begun is kept: close it."), code="begun")
    ids = now.cards.values_list("card_id", flat=True)
    cards = held_cards(ids)
    shift([card for card in cards.values() if card.cycle_id == now.pk], None, by=by, at=at)
    record(CYCLE_REMOVED, now, by=by, at=at, name=now.name)
    now.delete()


def hold_cycle(cycle: Cycle, version: int) -> Cycle:
    """The row as it is now, held until the commit; Stale if somebody has changed it since."""
    now = Cycle.objects.select_for_update(no_key=True).filter(pk=cycle.pk).first()
    if now is None:
        raise Refused(_("Somebody removed this cycle meanwhile."), code="removed")
    if now.version != version:
        raise Stale(_("Somebody changed this cycle meanwhile."), current=now)
    return now


def _days(workspace: Workspace, day: date, weeks: int) -> tuple[date, date]:
    refuse_far_days(starts=day)
    if not 1 <= weeks <= MOST_WEEKS:
        message = _("A cycle has 1 to %(most)d weeks.") % {"most": MOST_WEEKS}
        raise Refused(message, code="out_of_range", field="weeks")
    first = first_day(day, workspace.week_starts_on)
    return first, last_day(first, weeks)


def _clean(said: Mapping[str, object]) -> dict[str, object]:
    """Texts without space around, within their lengths; capacities that can be."""
    clean = {name: v.strip() if isinstance(v, str) else v for name, v in said.items()}
    if not seen(str(clean.get("name", "-"))):
        raise Refused(_("A cycle needs a name."), code="required", field="name")
    for name, text in clean.items():
        if isinstance(text, str):
            refuse_long(LONGEST[name], **{name: text})
    hours, cards = clean.get("capacity"), clean.get("card_capacity")
    if isinstance(hours, Decimal) and not 0 < hours <= LARGEST_CAPACITY:
        message = _("A capacity is more than 0 and at most %(most)s hours.")
        raise Refused(message % {"most": LARGEST_CAPACITY}, code="out_of_range", field="capacity")
    if isinstance(cards, int) and not 0 < cards <= MOST_CARDS:
        message = _("A capacity is 1 to %(most)d cards.") % {"most": MOST_CARDS}
        raise Refused(message, code="out_of_range", field="card_capacity")
    return clean


def _refuse_overlap(cycle: Cycle) -> None:
    """Whether another cycle of the same board, or of all boards, has one of its days."""
    same = Cycle.objects.filter(workspace_id=cycle.workspace_id, board=cycle.board)
    days = same.filter(starts_on__lte=cycle.ends_on, ends_on__gte=cycle.starts_on)
    other = days.exclude(pk=cycle.pk).first()
    if other is not None:
        message = _("“%(cycle)s” has these days already.") % {"cycle": other.name}
        raise Refused(message, code="overlaps", field="starts")
