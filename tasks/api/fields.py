"""Ids in bodies: they become rows of the caller's workspace, or a 400 that names the field."""

from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from goals.models import Goal
from tasks.models import Board, Card, ChecklistItem, Column, CustomField, Cycle, Label
from tasks.operations.lanes import lane_thing
from tasks.rules.lanes import Lane, read_lane
from workspaces.models import Membership, SlaClock
from workspaces.queries.people import member_at, members_of
from workspaces.rules.errors import Refused

LARGEST_ID = 2**63 - 1
LARGEST_VERSION = 2**31 - 1


@extend_schema_field({"type": "integer", "format": "int64", "minimum": 1})
class RowField(serializers.Field):
    """The id of a row; another workspace's row does not exist, and neither does "7abc"."""

    default_error_messages = {"not_found": gettext_lazy("There is no such row.")}
    model: type[Model]

    def rows(self) -> QuerySet[Any]:
        """The rows that may be named."""
        return self.model._default_manager.filter(workspace=self.context["view"].workspace)

    def to_internal_value(self, data: object) -> Any:
        """The row of that id."""
        known = isinstance(data, int) and not isinstance(data, bool) and 0 < data <= LARGEST_ID
        found = self.rows().filter(pk=data).first() if known else None
        if found is None:
            self.fail("not_found")
        return found

    def to_representation(self, value: Any) -> int:
        """Its id."""
        return value.pk


class BoardField(RowField):
    model = Board
    default_error_messages = {"not_found": gettext_lazy("There is no such board.")}


class ColumnField(RowField):
    model = Column
    default_error_messages = {"not_found": gettext_lazy("There is no such column.")}

    def rows(self) -> QuerySet[Any]:
        """With their boards."""
        return super().rows().select_related("board")


class CardField(RowField):
    model = Card
    default_error_messages = {"not_found": gettext_lazy("There is no such card.")}


class ItemField(RowField):
    model = ChecklistItem
    default_error_messages = {"not_found": gettext_lazy("There is no such checklist item.")}


class LabelField(RowField):
    model = Label
    default_error_messages = {"not_found": gettext_lazy("There is no such label.")}


class CustomFieldField(RowField):
    model = CustomField
    default_error_messages = {"not_found": gettext_lazy("There is no such field.")}


class GoalField(RowField):
    model = Goal
    default_error_messages = {"not_found": gettext_lazy("There is no such goal.")}


class ClockField(RowField):
    model = SlaClock
    default_error_messages = {"not_found": gettext_lazy("There is no such clock.")}


class CycleField(RowField):
    model = Cycle
    default_error_messages = {"not_found": gettext_lazy("There is no such cycle.")}


@extend_schema_field({"oneOf": [{"type": "string", "format": "email"}, {"type": "integer"}]})
class MemberField(RowField):
    """A member of the workspace, by e-mail address or by id."""

    default_error_messages = {"not_found": gettext_lazy("There is no such member.")}

    def rows(self) -> QuerySet[Membership]:
        """Who is active."""
        return members_of(self.context["view"].workspace)

    def to_internal_value(self, data: object) -> Membership:
        """By either."""
        if isinstance(data, str):
            found = member_at(self.context["view"].workspace, data)
            if found is None:
                self.fail("not_found")
            return found
        return super().to_internal_value(data)


@extend_schema_field({"type": "string", "maxLength": 40})
class LaneField(serializers.Field):
    """A swimlane: what the card is given with its place."""

    default_error_messages = {"not_found": gettext_lazy("There is no such swimlane.")}

    def __init__(self, **options: Any) -> None:
        said = "assignee-7, goal-none, label-3, priority-high: the card is given that as well."
        super().__init__(**{"help_text": said, **options})

    def to_internal_value(self, data: object) -> Lane:
        """The lane of that key, whose member, goal or label is of this workspace."""
        lane = read_lane(data) if isinstance(data, str) else None
        if lane is None:
            self.fail("not_found")
        try:
            lane_thing(self.context["view"].workspace, lane)
        except Refused:
            self.fail("not_found")
        return lane

    def to_representation(self, value: Lane) -> str:
        """Its key."""
        return value.key


class VersionField(serializers.IntegerField):
    """The version that the caller saw."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=1, max_value=LARGEST_VERSION, **options)
