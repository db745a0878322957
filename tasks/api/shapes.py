"""What boards and cards look like on the wire: the shapes that come in and those that go out."""

from datetime import datetime
from typing import Any

from rest_framework import serializers

from tasks.api.fields import (
    BoardField,
    CardField,
    ClockField,
    ColumnField,
    GoalField,
    ItemField,
    MemberField,
    VersionField,
)
from tasks.models import Board, Card, ChecklistItem, Column
from tasks.models.boards import COLUMN_NAME_LENGTH, LARGEST_LIMIT, NAME_LENGTH
from tasks.models.cards import ITEM_LENGTH, NONCE_LENGTH, TEXT_LENGTH, TITLE_LENGTH
from tasks.operations.cards import MOST_ITEMS
from tasks.operations.columns import MOST_COLUMNS
from tasks.queries.cards import MyCard
from workspaces.models import Membership, SlaClock
from workspaces.rest import StrictSerializer
from workspaces.rules.sla import State, state_of


class NewColumnIn(StrictSerializer):
    name = serializers.CharField(max_length=COLUMN_NAME_LENGTH)
    wip_limit = serializers.IntegerField(
        min_value=1, max_value=LARGEST_LIMIT, required=False, allow_null=True
    )
    is_done = serializers.BooleanField(required=False)


class ColumnIn(NewColumnIn):
    version = VersionField(required=False, help_text="The board's version that you saw.")


class ColumnPatch(ColumnIn):
    name = serializers.CharField(max_length=COLUMN_NAME_LENGTH, required=False)
    after = ColumnField(
        required=False, allow_null=True, help_text="Stand after this column; null: first."
    )


class BoardIn(StrictSerializer):
    name = serializers.CharField(max_length=NAME_LENGTH)
    columns = NewColumnIn(
        many=True, required=False, max_length=MOST_COLUMNS, help_text="Left out: the usual five."
    )


class BoardPatch(StrictSerializer):
    version = VersionField()
    name = serializers.CharField(max_length=NAME_LENGTH, required=False)
    archived = serializers.BooleanField(required=False)


class ColumnOut(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    wip_limit = serializers.IntegerField(allow_null=True)
    is_done = serializers.BooleanField()


class BoardOut(serializers.Serializer):
    id = serializers.IntegerField()
    version = serializers.IntegerField()
    name = serializers.CharField()
    opened_at = serializers.DateTimeField()
    archived_at = serializers.DateTimeField(allow_null=True)
    columns = ColumnOut(many=True)


class CardPatch(StrictSerializer):
    version = VersionField()
    title = serializers.CharField(max_length=TITLE_LENGTH, required=False)
    description = serializers.CharField(max_length=TEXT_LENGTH, required=False, allow_blank=True)
    assignee = MemberField(required=False, allow_null=True)
    due = serializers.DateField(source="due_on", required=False, allow_null=True)
    goal = GoalField(required=False, allow_null=True)
    clock = ClockField(
        required=False, allow_null=True, help_text="Of the request that the work answers."
    )


class CardIn(CardPatch):
    version = None
    title = serializers.CharField(max_length=TITLE_LENGTH)
    board = BoardField(required=False, help_text="Left out: the first board.")
    column = ColumnField(required=False, help_text="Left out: the board's first column.")
    checklist = serializers.ListField(
        child=serializers.CharField(max_length=ITEM_LENGTH), max_length=MOST_ITEMS, required=False
    )
    nonce = serializers.CharField(
        max_length=NONCE_LENGTH,
        required=False,
        help_text="A text of your own: sent twice, it makes one card.",
    )


class MoveIn(StrictSerializer):
    to = ColumnField()
    after = CardField(required=False, allow_null=True, help_text="Null: at the top.")
    version = VersionField()


class TickIn(StrictSerializer):
    done = serializers.BooleanField()
    version = VersionField(required=False)


class SeenIn(StrictSerializer):
    version = VersionField(required=False)


class NewItemIn(StrictSerializer):
    text = serializers.CharField(max_length=ITEM_LENGTH)


class ItemPatch(StrictSerializer):
    text = serializers.CharField(max_length=ITEM_LENGTH, required=False)
    was = serializers.CharField(
        max_length=ITEM_LENGTH, required=False, help_text="The text that you saw; goes with `text`."
    )
    done = serializers.BooleanField(required=False)
    after = ItemField(required=False, allow_null=True, help_text="Null: first.")


class AssigneeOut(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    email = serializers.EmailField()


class NamedGoalOut(serializers.Serializer):
    id = serializers.IntegerField()
    title = serializers.CharField()


class ItemOut(serializers.Serializer):
    id = serializers.IntegerField()
    text = serializers.CharField()
    done = serializers.BooleanField()
    done_at = serializers.DateTimeField(allow_null=True)


class CardRowOut(serializers.Serializer):
    id = serializers.IntegerField()
    number = serializers.IntegerField()
    version = serializers.IntegerField()
    title = serializers.CharField()
    board = serializers.IntegerField()
    column = serializers.IntegerField()
    assignee = AssigneeOut(allow_null=True)
    due = serializers.DateField(allow_null=True)
    goal = NamedGoalOut(allow_null=True)
    done = serializers.BooleanField()
    done_at = serializers.DateTimeField(allow_null=True)
    items = serializers.IntegerField()
    items_done = serializers.IntegerField()


class CardClockOut(serializers.Serializer):
    id = serializers.IntegerField()
    sla = serializers.IntegerField()
    subject = serializers.CharField()
    state = serializers.ChoiceField(choices=[state.value for state in State])
    due_at = serializers.DateTimeField(allow_null=True)


class CardOut(CardRowOut):
    clock = CardClockOut(allow_null=True)
    description = serializers.CharField()
    checklist = ItemOut(many=True)
    created_at = serializers.DateTimeField()
    archived_at = serializers.DateTimeField(allow_null=True)


def column_out(column: Column) -> dict[str, Any]:
    return {
        "id": column.pk,
        "name": column.name,
        "wip_limit": column.wip_limit,
        "is_done": column.is_done,
    }


def board_out(board: Board) -> dict[str, Any]:
    """A board whose columns are fetched in order."""
    return {
        "id": board.pk,
        "version": board.version,
        "name": board.name,
        "opened_at": board.opened_at,
        "archived_at": board.archived_at,
        "columns": [column_out(column) for column in board.columns.all()],
    }


def item_out(item: ChecklistItem) -> dict[str, Any]:
    done = item.done_at is not None
    return {"id": item.pk, "text": item.text, "done": done, "done_at": item.done_at}


def person_out(member: Membership | None) -> dict[str, Any] | None:
    if member is None:
        return None
    return {"id": member.pk, "name": member.user.display_name, "email": member.user.email}


def row_out(card: MyCard) -> dict[str, Any]:
    """One line of a list of cards."""
    return {
        "id": card.id,
        "number": card.number,
        "version": card.version,
        "title": card.title,
        "board": card.board_id,
        "column": card.column_id,
        "assignee": person_out(card.assignee),
        "due": card.due_on,
        "goal": {"id": card.goal_id, "title": card.goal_title} if card.goal_id else None,
        "done": card.done_at is not None,
        "done_at": card.done_at,
        "items": card.items,
        "items_done": card.items_done,
    }


def clock_out(clock: SlaClock | None, at: datetime) -> dict[str, Any] | None:
    """The clock of the request that a card answers."""
    if clock is None:
        return None
    return {
        "id": clock.pk,
        "sla": clock.promise.sla_id,
        "subject": clock.subject,
        "state": state_of(clock.clock, at).value,
        "due_at": clock.due_at,
    }


def card_out(card: Card, items: list[ChecklistItem], at: datetime) -> dict[str, Any]:
    """One card with its description and its checklist."""
    goal = card.goal
    return {
        "id": card.pk,
        "number": card.number,
        "version": card.version,
        "title": card.title,
        "board": card.board_id,
        "column": card.column_id,
        "assignee": person_out(card.assignee),
        "due": card.due_on,
        "goal": {"id": goal.pk, "title": goal.title} if goal else None,
        "clock": clock_out(card.clock, at),
        "done": card.is_done,
        "done_at": card.done_at,
        "items": len(items),
        "items_done": sum(item.done_at is not None for item in items),
        "description": card.description,
        "checklist": [item_out(item) for item in items],
        "created_at": card.created_at,
        "archived_at": card.archived_at,
    }
