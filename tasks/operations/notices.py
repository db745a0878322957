"""What people are told of cards; called inside the transaction of the change."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from tasks.models import Card
from tasks.queries.approvals import OwedAnswer, owed_answers
from tasks.queries.places import place_of
from tasks.queries.reminders import Owed, card_followers, due_cards, overtaken
from tasks.verbs import (
    APPROVAL_DUE,
    CARD_ASSIGNED,
    CARD_CAME,
    CARD_DONE,
    CARD_DUE,
    CARD_EDITED,
    CARD_HANDED_ON,
    CARD_MOVED,
    CARD_REOPENED,
    FIELD_WORDS,
    NOTICE_APPROVAL,
    NOTICE_ASSIGNED,
    NOTICE_CARD,
    NOTICE_DUE,
)
from workspaces.models import Membership
from workspaces.operations.notifications import (
    Notice,
    Telling,
    notify,
    notify_all,
    overtake,
    unread_subjects,
)
from workspaces.rules.verbs import Verb

TOLD_MOVES = (CARD_MOVED, CARD_DONE, CARD_REOPENED, CARD_CAME)


def notify_assigned(card: Card, *, was: int | None, by: Membership | None, at: datetime) -> None:
    """Tell who has become responsible, and who no longer is; `was` is a member's id."""
    if card.assignee_id == was:
        return
    if card.assignee_id is not None:
        _tell(card, NOTICE_ASSIGNED, CARD_ASSIGNED, {card.assignee_id}, by=by, at=at)
    if was is not None:
        name = card.assignee.user.display_name if card.assignee else ""
        said = {"name": name} if name else {"state": "nobody"}
        _tell(card, NOTICE_CARD, CARD_HANDED_ON, {was}, by=by, at=at, **said)


def notify_changed(card: Card, *, fields: Sequence[str], by: Membership, at: datetime) -> None:
    """Tell who follows the card what was changed; who has just got it is told of that alone."""
    to = card_followers(card)
    if "assignee" in fields:
        to -= {card.assignee_id}
        fields = [name for name in fields if name != "assignee"]
    if fields:
        said = {"fields": ", ".join(fields), "words": [FIELD_WORDS.get(f, f) for f in fields]}
        _tell(card, NOTICE_CARD, CARD_EDITED, to, by=by, at=at, **said)


def notify_moved(
    card: Card, *, verb: Verb, was: str, to: str, by: Membership, at: datetime
) -> None:
    """Tell who follows the card that it stands in another column; another place there is no news.

    `verb` is that of the event, `was` and `to` are the names of the columns; of a card that came
    from another board `was` is the name of that.
    """
    said = {"was": was, "to": to} | ({"board": was} if verb is CARD_CAME else {})
    if verb in TOLD_MOVES:
        _tell(card, NOTICE_CARD, verb, card_followers(card), by=by, at=at, **said)


def remind(*, at: datetime) -> int:
    """Remind people of their cards that are due; how many reminders. May run twice, at any time.

    A rung that is reached takes the place of those below; so does a card that is done.
    """
    gone = overtaken(unread_subjects(CARD_DUE, "tasks.card"))
    overtake(CARD_DUE, "tasks.card", gone, at=at)
    count = 0
    for _workspace, owed in groupby(due_cards(at), key=lambda one: one.card.workspace_id):
        count += notify_all([_reminder(one) for one in owed], by=None, at=at)
    return count


def remind_approvers(*, at: datetime) -> int:
    """Remind people of answers that they owe by a day; how many reminders. May run twice."""
    count = 0
    owed = owed_answers(at)
    for _workspace, some in groupby(owed, key=lambda one: one.approval.workspace_id):
        count += notify_all([_reminder_to_answer(one) for one in some], by=None, at=at)
    return count


def _reminder_to_answer(owed: OwedAnswer) -> Telling:
    approval, card = owed.approval, owed.approval.card
    day = approval.due_on.isoformat() if approval.due_on else ""
    said: dict[str, object] = {"title": card.title, "day": day, "state": owed.step.value}
    notice = Notice(
        NOTICE_APPROVAL,
        APPROVAL_DUE,
        f"{_link(card)}#approval-{approval.pk}",
        said,
        occasion=f"due {day} {owed.step.value}",
        place=place_of(card.board),
        overtakes=True,
    )
    return Telling(notice, approval, [owed.member_id])


def _reminder(owed: Owed) -> Telling:
    card = owed.card
    said: dict[str, object] = {
        "title": card.title,
        "day": owed.due.isoformat(),
        "state": owed.step.value,
    }
    notice = Notice(
        NOTICE_DUE,
        CARD_DUE,
        _link(card),
        said,
        occasion=f"due {owed.due} {owed.step.value}",
        place=place_of(card.board),
        overtakes=True,
    )
    return Telling(notice, card, [owed.member_id])


def _tell(
    card: Card,
    kind: str,
    verb: Verb,
    people: set[int],
    /,
    *,
    by: Membership | None,
    at: datetime,
    **said: object,
) -> None:
    told = {"title": card.title, "number": card.number, **said}
    notice = Notice(kind, verb, _link(card), told, place=place_of(card.board))
    notify(notice, card, to=people, by=by, at=at)


def _link(card: Card) -> str:
    return f"/w/{card.workspace.slug}/cards/{card.pk}/"
