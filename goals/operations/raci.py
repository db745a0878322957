"""Saying who does what for a goal."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals.models import Goal, GoalSeat
from goals.rules.raci import Flaw, Letter, Party, Seat, flaw_of
from goals.verbs import RACI_SET
from workspaces.models import Membership
from workspaces.operations.recording import record
from workspaces.queries.people import members_of
from workspaces.queries.stakeholders import stakeholders_of
from workspaces.rules.errors import Refused, Stale

SAID = {
    Flaw.NOBODY_ACCOUNTABLE: gettext_lazy("Somebody has to be accountable: exactly one member."),
    Flaw.TWO_ACCOUNTABLE: gettext_lazy("Only one can be accountable; the others help."),
    Flaw.OUTSIDER_ACCOUNTABLE: gettext_lazy("Who is accountable has to be a member."),
    Flaw.TWO_LETTERS: gettext_lazy(
        "Everybody has one role; only who is accountable may be responsible too."
    ),
}


@transaction.atomic
def set_raci(
    goal: Goal, *, seats: Sequence[Seat], version: int, by: Membership, at: datetime
) -> Goal:
    """Put the seats in the place of those that stood; who is accountable becomes the owner."""
    row = Goal.objects.select_related("workspace").select_for_update(of=("self",)).get(pk=goal.pk)
    if row.version != version:
        raise Stale(_("Somebody changed this goal meanwhile."), current=row)
    if not row.is_open:
        raise Refused(_("This goal is closed. Reopen it first."), code="closed")
    flaw = flaw_of(seats)
    if flaw is not None:
        raise Refused(str(SAID[flaw]), code=flaw.value, field="accountable")
    names = _names(row, seats)
    wanted = set(seats)
    before = {Seat(Letter(seat.letter), seat.party) for seat in row.seats.all()}
    head = next(seat.party for seat in seats if seat.letter is Letter.ACCOUNTABLE)
    before.add(Seat(Letter.ACCOUNTABLE, Party(member=row.owner_id)))
    if wanted == before:
        return row
    row.owner_id = head.member
    row.version += 1
    row.save(update_fields=["owner", "version"])
    row.seats.all().delete()
    GoalSeat.objects.bulk_create(_row_of(row, seat) for seat in wanted if _is_stored(seat))
    told = {letter.name.lower(): names[letter] for letter in Letter}
    record(RACI_SET, row, by=by, at=at, title=row.title, **told)
    return row


def _is_stored(seat: Seat) -> bool:
    return seat.letter is not Letter.ACCOUNTABLE


def _row_of(goal: Goal, seat: Seat) -> GoalSeat:
    return GoalSeat(
        workspace_id=goal.workspace_id,
        goal=goal,
        letter=seat.letter.value,
        member_id=seat.party.member,
        stakeholder_id=seat.party.stakeholder,
    )


def _names(goal: Goal, seats: Sequence[Seat]) -> dict[Letter, str]:
    """Who is what, by name; somebody of another workspace does not exist."""
    people = {Party(member=m.pk): m.user.display_name for m in members_of(goal.workspace)}
    people |= {Party(stakeholder=s.pk): s.name for s in stakeholders_of(goal.workspace)}
    kept = {seat.party for seat in goal.seats.all()}
    names: dict[Letter, list[str]] = {letter: [] for letter in Letter}
    for seat in seats:
        if seat.party not in people and seat.party not in kept:
            message = _("There is nothing of the kind here.")
            raise Refused(message, code="not_found", field=seat.letter.name.lower())
        names[seat.letter].append(people.get(seat.party, "–"))
    return {letter: ", ".join(sorted(found)) or "–" for letter, found in names.items()}
