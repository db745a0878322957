"""What a column lets in: how many cards, which ones, and that it is still there when one comes."""

from collections.abc import Collection

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tasks.models import Board, Card, CardLabel, ChecklistItem, Column
from tasks.models.boards import Lanes
from tasks.queries.approvals import is_approved
from tasks.queries.lane_values import NAMES, in_lane, lane_value
from tasks.rules.entry import Need, lacking
from tasks.rules.lanes import Lane
from workspaces.models import Membership
from workspaces.rules.errors import Refused

KEY_SHARE = "SELECT 1 FROM tasks_column WHERE id = %s FOR KEY SHARE"
NEEDED = {
    Need.ASSIGNEE: gettext_lazy("an assignee"),
    Need.DUE: gettext_lazy("a due day"),
    Need.ESTIMATE: gettext_lazy("an estimate"),
    Need.GOAL: gettext_lazy("a goal"),
    Need.DESCRIPTION: gettext_lazy("a description"),
    Need.LABEL: gettext_lazy("a label"),
    Need.CHECKLIST_DONE: gettext_lazy("a finished checklist"),
    Need.APPROVAL: gettext_lazy("an approval"),
}


def refuse_if_full(column: Column, *, more: int = 1) -> None:
    """Hold the column for more cards until the commit; refuse where its limit is reached.

    Only a hard limit makes those who come wait for each other: without one the column is merely
    kept from being removed.
    """
    if not (column.wip_limit and column.wip_limit_is_hard):
        _keep(column)
        return
    locked = _locked(column)
    cards = _standing(locked).count()
    if locked.wip_limit is not None and cards + more > locked.wip_limit:
        message = _("“%(column)s” already holds its limit of %(limit)d.")
        raise Refused(
            message % {"column": locked.name, "limit": locked.wip_limit},
            code="full",
            field="to",
        )


def refuse_unready(column: Column, card: Card) -> None:
    """Refuse a card that has not what the column asks for."""
    if not column.entry:
        return
    missing = lacking(column.entry, _has(card, column.entry))
    if missing:
        words = ", ".join(str(NEEDED[need]) for need in missing)
        message = _("“%(column)s” takes only cards that have: %(needs)s.")
        raise Refused(
            message % {"column": column.name, "needs": words}, code="not_ready", field="to"
        )


def refuse_if_lane_full(column: Column, card: Card) -> None:
    """Refuse where the card's swimlane of the column holds its hard limit."""
    if not (column.lane_limit and column.lane_limit_is_hard):
        return
    lanes = column.board.lanes
    if lanes == Lanes.NONE:
        return
    locked = _locked(column)
    others = in_lane(_standing(locked).exclude(pk=card.pk), _lane_of(card, lanes))
    if others.count() >= (locked.lane_limit or 0):
        message = _("A swimlane of “%(column)s” already holds its limit of %(limit)d.")
        raise Refused(
            message % {"column": locked.name, "limit": locked.lane_limit},
            code="lane_full",
            field="to",
        )


def refuse_if_busy(board: Board, member: Membership | None, *, besides: Card | None) -> None:
    """Refuse one more unfinished card for a person who has the board's hard limit of them."""
    if member is None or not (board.person_limit and board.person_limit_is_hard):
        return
    locked = Board.objects.select_for_update(no_key=True).get(pk=board.pk)
    theirs = Card.objects.filter(board=board, assignee=member, archived_at=None, done_at=None)
    if besides is not None:
        theirs = theirs.exclude(pk=besides.pk)
    if theirs.count() >= (locked.person_limit or 0):
        message = _("%(person)s already has the limit of %(limit)d open cards on this board.")
        raise Refused(
            message % {"person": member.user.display_name, "limit": locked.person_limit},
            code="busy_person",
            field="assignee",
        )


def _has(card: Card, asked: Collection[str]) -> dict[Need, bool]:
    """What the card has of all that can be asked for; only what is asked costs a query."""
    lines = ChecklistItem.objects.filter(card=card, done_at=None)
    labels = CardLabel.objects.filter(card=card)
    return {
        Need.ASSIGNEE: card.assignee_id is not None,
        Need.DUE: card.due_on is not None,
        Need.ESTIMATE: card.estimate is not None,
        Need.GOAL: card.goal_id is not None,
        Need.DESCRIPTION: bool(card.description),
        Need.LABEL: Need.LABEL in asked and labels.exists(),
        Need.CHECKLIST_DONE: Need.CHECKLIST_DONE in asked and not lines.exists(),
        Need.APPROVAL: Need.APPROVAL in asked and is_approved(card),
    }


def _lane_of(card: Card, lanes: str) -> Lane:
    """The lane that the card stands in, where labels are read from what is stored."""
    if lanes == Lanes.LABEL:
        return Lane(lanes, Card.objects.filter(pk=card.pk).values_list(lane_value(lanes)).get()[0])
    return Lane(lanes, getattr(card, NAMES[lanes]))


def _standing(column: Column) -> QuerySet[Card]:
    return Card.objects.filter(column=column, archived_at=None)


def _locked(column: Column) -> Column:
    locked = _row(column).select_for_update(no_key=True).first()
    if locked is None:
        raise _gone()
    return locked


def _keep(column: Column) -> None:
    """Share the column's key, as a foreign key does, but now and not at the commit."""
    if connection.vendor != "postgresql":  # one writer at a time
        there = _row(column).exists()
    else:
        with connection.cursor() as cursor:
            cursor.execute(KEY_SHARE, [column.pk])
            there = cursor.fetchone() is not None
    if not there:
        raise _gone()


def _row(column: Column) -> QuerySet[Column]:
    return Column.objects.filter(pk=column.pk)


def _gone() -> Refused:
    return Refused(_("This column has been removed meanwhile."), code="gone", field="to")
