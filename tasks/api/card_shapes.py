"""What cards look like on the wire: the shapes that come in and those that go out."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from tasks.api.fields import (
    BoardField,
    CardField,
    ClockField,
    ColumnField,
    CycleField,
    GoalField,
    LabelField,
    LaneField,
    MemberField,
    VersionField,
)
from tasks.api.shapes import CardPersonOut, ItemOut, item_out, person_out
from tasks.models import Label, Priority
from tasks.models.cards import ITEM_LENGTH, NONCE_LENGTH, TEXT_LENGTH, TITLE_LENGTH
from tasks.operations.cards import MOST_ITEMS
from tasks.operations.contents import MOST_OF_A_KIND
from tasks.queries.cards import WholeCard
from tasks.queries.lines import CardLine, Hung
from workspaces.models import SlaClock
from workspaces.rest import StrictSerializer
from workspaces.rules.sla import State, state_of

PRIORITIES = {priority.name.lower(): priority.value for priority in Priority}
NO_ITEMS = (0, 0)
WORDS = {value: word for word, value in PRIORITIES.items()}


@extend_schema_field({"type": "string", "enum": list(PRIORITIES)})
class PriorityField(serializers.ChoiceField):
    """How much a card matters, in a word."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=list(PRIORITIES), **options)

    def to_internal_value(self, data: object) -> int:
        return PRIORITIES[super().to_internal_value(data)]


class CardPatch(StrictSerializer):
    version = VersionField(
        help_text="That you saw. What others have changed since is kept; 409 if it is the same."
    )
    title = serializers.CharField(max_length=TITLE_LENGTH, required=False)
    description = serializers.CharField(max_length=TEXT_LENGTH, required=False, allow_blank=True)
    assignee = MemberField(required=False, allow_null=True, help_text="Who is responsible.")
    helpers = serializers.ListField(
        child=MemberField(), required=False, max_length=MOST_OF_A_KIND, help_text="Who helps."
    )
    watchers = serializers.ListField(
        child=MemberField(), required=False, max_length=MOST_OF_A_KIND, help_text="Who is told."
    )
    reports_to = MemberField(required=False, allow_null=True)
    start = serializers.DateField(source="start_on", required=False, allow_null=True)
    due = serializers.DateField(source="due_on", required=False, allow_null=True)
    estimate = serializers.DecimalField(
        7, 2, required=False, allow_null=True, help_text="In hours."
    )
    priority = PriorityField(required=False)
    labels = serializers.ListField(child=LabelField(), required=False, max_length=MOST_OF_A_KIND)
    goal = GoalField(required=False, allow_null=True)
    clock = ClockField(
        required=False, allow_null=True, help_text="Of the request that the work answers."
    )
    cycle = CycleField(
        required=False, allow_null=True, help_text="An open one, of its board or of all boards."
    )
    fields_said = serializers.DictField(
        source="values",
        required=False,
        help_text="Values of custom fields by their ids; null empties one.",
    )

    def get_fields(self) -> dict[str, Any]:
        """`fields` is a word of the framework's, so the attribute has another name."""
        return {
            "fields" if name == "fields_said" else name: field
            for name, field in super().get_fields().items()
        }


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


class TransferIn(StrictSerializer):
    to = ColumnField()
    after = CardField(required=False, allow_null=True, help_text="Null: at the top.")
    version = VersionField()


class MoveIn(TransferIn):
    lane = LaneField(required=False)


class TickIn(StrictSerializer):
    done = serializers.BooleanField()
    version = VersionField(required=False)


class NamedGoalOut(serializers.Serializer):
    id = serializers.IntegerField()
    title = serializers.CharField()


class NamedLabelOut(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    colour = serializers.CharField()


class RowOut(serializers.Serializer):
    id = serializers.IntegerField()
    number = serializers.IntegerField()
    version = serializers.IntegerField()
    title = serializers.CharField()
    board = serializers.IntegerField()
    column = serializers.IntegerField()
    assignee = CardPersonOut(allow_null=True)
    helpers = CardPersonOut(many=True)
    start = serializers.DateField(allow_null=True)
    due = serializers.DateField(allow_null=True)
    estimate = serializers.DecimalField(7, 2, allow_null=True, coerce_to_string=False)
    priority = serializers.ChoiceField(choices=list(PRIORITIES))
    labels = NamedLabelOut(many=True)
    goal = NamedGoalOut(allow_null=True)
    cycle = serializers.IntegerField(allow_null=True)
    done = serializers.BooleanField()
    done_at = serializers.DateTimeField(allow_null=True)
    items = serializers.IntegerField()
    items_done = serializers.IntegerField()
    blocked = serializers.BooleanField()
    values = serializers.DictField()

    def get_fields(self) -> dict[str, Any]:
        """The values of custom fields are called `fields` on the wire."""
        return {
            "fields" if name == "values" else name: field
            for name, field in super().get_fields().items()
        }


class CardRowOut(RowOut):
    """A line of a list of cards."""


class BoardCardsOut(serializers.Serializer):
    seq = serializers.IntegerField(help_text="Follow the board's changes from here.")
    cards = CardRowOut(many=True)


class CardClockOut(serializers.Serializer):
    id = serializers.IntegerField()
    sla = serializers.IntegerField()
    subject = serializers.CharField()
    state = serializers.ChoiceField(choices=[state.value for state in State])
    due_at = serializers.DateTimeField(allow_null=True)


class CardOut(RowOut):
    watchers = CardPersonOut(many=True)
    reports_to = CardPersonOut(allow_null=True)
    clock = CardClockOut(allow_null=True)
    description = serializers.CharField()
    checklist = ItemOut(many=True)
    column_since = serializers.DateTimeField()
    created_at = serializers.DateTimeField()
    archived_at = serializers.DateTimeField(allow_null=True)
    trashed_at = serializers.DateTimeField(allow_null=True)


class MoveWarningOut(serializers.Serializer):
    code = serializers.ChoiceField(choices=["blocked"])
    message = serializers.CharField()


class MovedCardOut(CardOut):
    warnings = MoveWarningOut(many=True, help_text="What a limit that is not hard lets pass.")


def label_out(label: Label) -> dict[str, Any]:
    return {"id": label.pk, "name": label.name, "colour": label.colour}


def rows_out(cards: Iterable[CardLine], hung: Hung) -> list[dict[str, Any]]:
    """The lines of a list of cards; what many of them share is made once."""
    people = {pk: asdict(person) for pk, person in hung.people.items()}
    labels = {one.id: asdict(one) for on in hung.labels.values() for one in on}
    return [
        {
            "id": card.id,
            "number": card.number,
            "version": card.version,
            "title": card.title,
            "board": card.board_id,
            "column": card.column_id,
            "assignee": people[card.assignee_id] if card.assignee_id else None,
            "helpers": [people[helper.id] for helper in hung.helpers.get(card.id, ())],
            "start": card.start_on,
            "due": card.due_on,
            "estimate": card.estimate,
            "priority": WORDS[card.priority],
            "labels": [labels[label.id] for label in hung.labels.get(card.id, ())],
            "goal": {"id": card.goal_id, "title": card.goal_title} if card.goal_id else None,
            "cycle": card.cycle_id,
            "done": card.done_at is not None,
            "done_at": card.done_at,
            "items": hung.checklists.get(card.id, NO_ITEMS)[1],
            "items_done": hung.checklists.get(card.id, NO_ITEMS)[0],
            "blocked": card.id in hung.held,
            "fields": card.values,
        }
        for card in cards
    ]


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


def card_out(whole: WholeCard, at: datetime) -> dict[str, Any]:
    """One card with its description, its people and its checklist."""
    card, items, extras, goal = whole.card, whole.items, whole.extras, whole.card.goal
    return {
        "id": card.pk,
        "number": card.number,
        "version": card.version,
        "title": card.title,
        "board": card.board_id,
        "column": card.column_id,
        "assignee": person_out(card.assignee),
        "helpers": [person_out(member) for member in extras.helpers],
        "watchers": [person_out(member) for member in extras.watchers],
        "reports_to": person_out(card.reports_to),
        "start": card.start_on,
        "due": card.due_on,
        "estimate": card.estimate,
        "priority": WORDS[card.priority],
        "labels": [label_out(label) for label in extras.labels],
        "goal": {"id": goal.pk, "title": goal.title} if goal else None,
        "cycle": card.cycle_id,
        "clock": clock_out(card.clock, at),
        "done": card.is_done,
        "done_at": card.done_at,
        "items": len(items),
        "items_done": sum(item.done_at is not None for item in items),
        "blocked": whole.held > 0,
        "fields": card.values,
        "description": card.description,
        "checklist": [item_out(item) for item in items],
        "column_since": card.column_since,
        "created_at": card.created_at,
        "archived_at": card.archived_at,
        "trashed_at": card.trashed_at,
    }
