"""What boards and checklists look like on the wire: what comes in and what goes out."""

from typing import Any

from rest_framework import serializers

from tasks.api.fields import (
    ColumnField,
    ItemField,
    MemberField,
    VersionField,
)
from tasks.models import Board, ChecklistItem, Column
from tasks.models.boards import COLUMN_NAME_LENGTH, LARGEST_LIMIT, NAME_LENGTH, Lanes
from tasks.models.cards import ITEM_LENGTH
from tasks.operations.boards import SETTINGS
from tasks.operations.columns import FIELDS, MOST_COLUMNS
from tasks.rules.entry import Need
from tasks.rules.faces import Part
from workspaces.models import Membership
from workspaces.rest import StrictSerializer


class LimitField(serializers.IntegerField):
    """How many cards something takes; null is no limit."""

    def __init__(self, **options: Any) -> None:
        limits = {"min_value": 1, "max_value": LARGEST_LIMIT}
        super().__init__(**limits, required=False, allow_null=True, **options)


class NewColumnIn(StrictSerializer):
    name = serializers.CharField(max_length=COLUMN_NAME_LENGTH)
    wip_limit = LimitField()
    wip_limit_is_hard = serializers.BooleanField(
        required=False, help_text="Refuse more cards; else only warn."
    )
    lane_limit = LimitField(help_text="In each of the board's swimlanes.")
    lane_limit_is_hard = serializers.BooleanField(required=False)
    entry = serializers.ListField(
        child=serializers.ChoiceField(choices=[need.value for need in Need]),
        required=False,
        max_length=len(Need),
        help_text="What a card must have to come in.",
    )
    is_done = serializers.BooleanField(required=False)


class ColumnIn(NewColumnIn):
    version = VersionField(required=False, help_text="The board's version that you saw.")


class ColumnPatch(ColumnIn):
    name = serializers.CharField(max_length=COLUMN_NAME_LENGTH, required=False)
    after = ColumnField(
        required=False, allow_null=True, help_text="Stand after this column; null: first."
    )


class BoardSettings(StrictSerializer):
    lanes = serializers.ChoiceField(
        choices=Lanes.values,
        required=False,
        help_text="What limits of a swimlane count by.",
    )
    person_limit = LimitField(help_text="Open cards a person.")
    person_limit_is_hard = serializers.BooleanField(required=False)
    blocked_is_hard = serializers.BooleanField(
        required=False, help_text="Refuse to finish a card that is blocked; else only warn."
    )
    hides = serializers.ListField(
        child=serializers.ChoiceField(choices=[part.value for part in Part]),
        required=False,
        max_length=len(Part),
        help_text="What the face of a card does not show.",
    )


class BoardIn(BoardSettings):
    name = serializers.CharField(max_length=NAME_LENGTH)
    columns = NewColumnIn(
        many=True, required=False, max_length=MOST_COLUMNS, help_text="Left out: the usual five."
    )


class BoardPatch(BoardSettings):
    version = VersionField()
    name = serializers.CharField(max_length=NAME_LENGTH, required=False)
    archived = serializers.BooleanField(required=False)


class ColumnOut(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    wip_limit = serializers.IntegerField(allow_null=True)
    wip_limit_is_hard = serializers.BooleanField()
    lane_limit = serializers.IntegerField(allow_null=True)
    lane_limit_is_hard = serializers.BooleanField()
    entry = serializers.ListField(child=serializers.ChoiceField(choices=[n.value for n in Need]))
    is_done = serializers.BooleanField()


class BoardOut(serializers.Serializer):
    id = serializers.IntegerField()
    version = serializers.IntegerField()
    name = serializers.CharField()
    lanes = serializers.ChoiceField(choices=Lanes.values)
    person_limit = serializers.IntegerField(allow_null=True)
    person_limit_is_hard = serializers.BooleanField()
    blocked_is_hard = serializers.BooleanField()
    hides = serializers.ListField(child=serializers.ChoiceField(choices=[p.value for p in Part]))
    opened_at = serializers.DateTimeField()
    archived_at = serializers.DateTimeField(allow_null=True)
    columns = ColumnOut(many=True)


class SeenIn(StrictSerializer):
    version = VersionField(required=False)


class SawIn(StrictSerializer):
    version = VersionField(help_text="That you saw.")


class NewItemIn(StrictSerializer):
    text = serializers.CharField(max_length=ITEM_LENGTH)
    assignee = MemberField(required=False, allow_null=True)
    due = serializers.DateField(source="due_on", required=False, allow_null=True)


class ItemPatch(StrictSerializer):
    text = serializers.CharField(max_length=ITEM_LENGTH, required=False)
    was = serializers.CharField(
        max_length=ITEM_LENGTH, required=False, help_text="The text that you saw; goes with `text`."
    )
    done = serializers.BooleanField(required=False)
    assignee = MemberField(required=False, allow_null=True)
    due = serializers.DateField(source="due_on", required=False, allow_null=True)
    after = ItemField(required=False, allow_null=True, help_text="Null: first.")


class CardPersonOut(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    email = serializers.EmailField()


class ItemOut(serializers.Serializer):
    id = serializers.IntegerField()
    text = serializers.CharField()
    assignee = CardPersonOut(allow_null=True)
    due = serializers.DateField(allow_null=True)
    done = serializers.BooleanField()
    done_at = serializers.DateTimeField(allow_null=True)


def column_out(column: Column) -> dict[str, Any]:
    return {"id": column.pk, **{name: getattr(column, name) for name in FIELDS}}


def board_out(board: Board) -> dict[str, Any]:
    """A board whose columns are fetched in order."""
    return {
        "id": board.pk,
        "version": board.version,
        **{name: getattr(board, name) for name in SETTINGS},
        "opened_at": board.opened_at,
        "archived_at": board.archived_at,
        "columns": [column_out(column) for column in board.columns.all()],
    }


def item_out(item: ChecklistItem) -> dict[str, Any]:
    """A line of a checklist."""
    return {
        "id": item.pk,
        "text": item.text,
        "assignee": person_out(item.assignee),
        "due": item.due_on,
        "done": item.done_at is not None,
        "done_at": item.done_at,
    }


def person_out(member: Membership | None) -> dict[str, Any] | None:
    """A member, None for nobody."""
    if member is None:
        return None
    return {"id": member.pk, "name": member.user.display_name, "email": member.user.email}
