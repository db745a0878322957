"""One change of many cards: each by its own operation, so that one refusal stops no other."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from tasks.models import Card, Column, Label
from tasks.operations.cards import archive_card, restore_card, trash_card
from tasks.operations.edits import edit_card, label_card
from tasks.operations.lanes import Target, move_to_lane
from tasks.operations.transfers import transfer_card
from tasks.queries.dependencies import warning_of
from tasks.queries.lane_values import lanes_of_cards
from tasks.rules.lanes import Lane, read_lane
from workspaces.models import Membership
from workspaces.rules.errors import Refused, Stale

MOST_CARDS = 200
ARCHIVE, TRASH, RESTORE = "archive", "trash", "restore"
DONE, REFUSED, STALE = "done", "refused", "stale"


@dataclass(frozen=True)
class BulkDraft:
    """What is done to each card, in this order; `changes` are those of edit_card.

    `to` moves the cards below `after` (None: to the top) in the order in which they are given, to
    another board as well, or to the swimlane `lane` of their own where one is given.
    """

    changes: Mapping[str, object] = field(default_factory=dict)
    label_on: Label | None = None
    label_off: Label | None = None
    to: Column | None = None
    after: Card | None = None
    lane: Lane | None = None
    then: str = ""

    def __bool__(self) -> bool:
        """Whether anything is to be done."""
        return bool(self.changes or self.label_on or self.label_off or self.to or self.then)


@dataclass(frozen=True)
class Place:
    """Where a card stood: its column, its rank there, and its swimlane where there are any."""

    column_id: int
    position: str
    lane: Lane | None = None


@dataclass(frozen=True)
class Outcome:
    """What came of one card: DONE, REFUSED or STALE, with the sentence that says why not.

    What is done may carry a warning.
    """

    card: Card
    result: str
    message: str = ""


def change_cards(
    cards: Sequence[tuple[Card, int]], *, draft: BulkDraft, by: Membership, at: datetime
) -> list[Outcome]:
    """Do the same to each card, given with the version that was seen; all of it or none a card."""
    if not draft:
        raise Refused(_("Say what to do with the cards."), code="required", field="to")
    if len(cards) > MOST_CARDS:
        message = _("At most %(count)d cards are changed at once.") % {"count": MOST_CARDS}
        raise Refused(message, code="too_many", field="cards")
    outcomes, above = [], draft.after
    for card, version in cards:
        change = partial(_change, card, version, draft, above, by=by, at=at)
        outcomes.append(_tried(card, change))
        if outcomes[-1].result == DONE:
            above = outcomes[-1].card
    return outcomes


def places_of(cards: Sequence[Card], by: str) -> dict[int, Place]:
    """Where the cards stand now, also in the lanes `by` something; at most 1 query."""
    lanes = lanes_of_cards([card.pk for card in cards], by)
    return {
        card.pk: Place(card.column_id, card.position, read_lane(lanes.get(card.pk, "")))
        for card in cards
    }


def put_back(
    cards: Sequence[tuple[Card, int, Place]], *, by: Membership, at: datetime
) -> list[Outcome]:
    """Move each card back to its place, if nobody has moved it since the version given."""
    if len(cards) > MOST_CARDS:
        message = _("At most %(count)d cards are changed at once.") % {"count": MOST_CARDS}
        raise Refused(message, code="too_many", field="places")
    outcomes: list[Outcome] = []
    back: dict[int, tuple[Card, str]] = {}  # the lowest of each column so far, and its old rank
    away = [card.pk for card, _version, _place in cards]
    for card, version, place in sorted(cards, key=lambda one: (one[2].column_id, one[2].position)):
        above = partial(_above, place, back.get(place.column_id), away)
        change = partial(_put_back, card, version, place, above, by=by, at=at)
        outcomes.append(_tried(card, change))
        if outcomes[-1].result == DONE:
            back[place.column_id] = (outcomes[-1].card, place.position)
    return outcomes


def _put_back(
    card: Card,
    version: int,
    place: Place,
    above: Callable[[], Card | None],
    *,
    by: Membership,
    at: datetime,
) -> Card:
    to = Column.objects.filter(board=card.board_id, pk=place.column_id).first()
    if to is None:
        raise Refused(_("This column has been removed meanwhile."), code="gone", field="to")
    target = Target(to, above(), place.lane)
    return move_to_lane(card, target=target, version=version, by=by, at=at)


def _above(place: Place, before: tuple[Card, str] | None, away: Sequence[int]) -> Card | None:
    """What stands right above the place now: a card that stayed, or the one put back `before`.

    New ranks of those put back say nothing about their old ones, so only who stayed is asked for.
    """
    stayed = Card.objects.filter(column=place.column_id, position__lt=place.position)
    stayed = stayed.exclude(pk__in=away)
    if before is not None:
        stayed = stayed.filter(position__gt=before[1])
    return stayed.order_by("-position").first() or (before[0] if before else None)


def _tried(card: Card, change: Callable[[], Card]) -> Outcome:
    """What came of one card's change: all of it, or none."""
    try:
        with transaction.atomic():
            now = change()
            return Outcome(now, DONE, warning_of(card, now))
    except Stale as stale:
        return Outcome(card, STALE, stale.message)
    except Refused as refusal:
        return Outcome(card, REFUSED, refusal.message)


def _change(
    card: Card, version: int, draft: BulkDraft, above: Card | None, *, by: Membership, at: datetime
) -> Card:
    if draft.changes:
        card = edit_card(card, version=version, changes=draft.changes, by=by, at=at)
        version = card.version
    for label, on in ((draft.label_on, True), (draft.label_off, False)):
        if label is not None:
            card = label_card(card, label, on=on, by=by, at=at)
            version = max(version, card.version)
    if draft.to is not None and above != card:
        if draft.to.board_id != card.board_id:
            card = transfer_card(card, to=draft.to, after=above, version=version, by=by, at=at)
        else:
            target = Target(draft.to, above, draft.lane)
            card = move_to_lane(card, target=target, version=version, by=by, at=at)
        version = card.version
    if draft.then == RESTORE:
        return restore_card(card, by=by, at=at)
    ends = {ARCHIVE: archive_card, TRASH: trash_card}.get(draft.then)
    return ends(card, version=version, by=by, at=at) if ends else card
