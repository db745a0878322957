"""One change of many cards: each by its own operation, so that one refusal stops no other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tasks.models import Card, Column, Label
from tasks.operations.cards import archive_card, restore_card, trash_card
from tasks.operations.edits import edit_card, label_card
from tasks.operations.transfers import transfer_card
from tasks.queries.dependencies import warning_of
from workspaces.models import Membership
from workspaces.rules.errors import Refused, Stale

MOST_CARDS = 200
ARCHIVE, TRASH, RESTORE = "archive", "trash", "restore"
DONE, REFUSED, STALE = "done", "refused", "stale"


@dataclass(frozen=True)
class BulkDraft:
    """What is done to each card, in this order; `changes` are those of edit_card.

    `to` moves the cards below `after` (None: to the top) in the order in which they are given,
    to another board as well.
    """

    changes: Mapping[str, object] = field(default_factory=dict)
    label_on: Label | None = None
    label_off: Label | None = None
    to: Column | None = None
    after: Card | None = None
    then: str = ""

    def __bool__(self) -> bool:
        """Whether anything is to be done."""
        return bool(self.changes or self.label_on or self.label_off or self.to or self.then)


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
        try:
            with transaction.atomic():
                now = _change(card, version, draft, above, by=by, at=at)
        except Stale as stale:
            outcomes.append(Outcome(card, STALE, stale.message))
        except Refused as refusal:
            outcomes.append(Outcome(card, REFUSED, refusal.message))
        else:
            outcomes.append(Outcome(now, DONE, warning_of(card, now)))
            above = now
    return outcomes


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
        card = transfer_card(card, to=draft.to, after=above, version=version, by=by, at=at)
        version = card.version
    if draft.then == RESTORE:
        return restore_card(card, by=by, at=at)
    ends = {ARCHIVE: archive_card, TRASH: trash_card}.get(draft.then)
    return ends(card, version=version, by=by, at=at) if ends else card
