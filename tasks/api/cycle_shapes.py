"""What cycles look like on the wire."""

from typing import Any

from rest_framework import serializers

from tasks.api.fields import BoardField, VersionField
from tasks.models.boards import NAME_LENGTH
from tasks.models.cycles import AIM_LENGTH, NOTES_LENGTH
from tasks.operations.cycle_turns import Rest
from tasks.operations.cycles import MOST_CARDS
from tasks.queries.cycles import CycleView, Entry, word_of
from tasks.rules.cycles import MOST_WEEKS, Day, State, Sum
from workspaces.rest import StrictSerializer

OUTCOMES = ["open", "done", "carried", "left", "removed"]


class CycleIn(StrictSerializer):
    name = serializers.CharField(max_length=NAME_LENGTH)
    board = BoardField(required=False, allow_null=True, help_text="Null: of all boards.")
    starts = serializers.DateField(source="starts_on", help_text="Any day of its first week.")
    weeks = serializers.IntegerField(min_value=1, max_value=MOST_WEEKS, required=False)
    aim = serializers.CharField(max_length=AIM_LENGTH, required=False, allow_blank=True)
    capacity = serializers.DecimalField(
        7, 2, required=False, allow_null=True, help_text="In hours."
    )
    card_capacity = serializers.IntegerField(
        min_value=1, max_value=MOST_CARDS, required=False, allow_null=True
    )


class CyclePatch(CycleIn):
    board = None
    version = VersionField()
    name = serializers.CharField(max_length=NAME_LENGTH, required=False)
    starts = serializers.DateField(source="starts_on", required=False)
    notes = serializers.CharField(
        max_length=NOTES_LENGTH, required=False, allow_blank=True, help_text="In Markdown."
    )


class CycleCloseIn(StrictSerializer):
    version = VersionField()
    rest = serializers.ChoiceField(
        choices=[rest.value for rest in Rest],
        help_text="What is not done: into the next cycle, or out of any.",
    )
    notes = serializers.CharField(max_length=NOTES_LENGTH, required=False, allow_blank=True)


class CycleSumOut(serializers.Serializer):
    cards = serializers.IntegerField()
    hours = serializers.DecimalField(9, 2, coerce_to_string=False)


class CycleFiguresOut(serializers.Serializer):
    planned = CycleSumOut()
    added = CycleSumOut()
    removed = CycleSumOut()
    scope = CycleSumOut()
    done = CycleSumOut()
    open = CycleSumOut()
    reestimated = serializers.DecimalField(9, 2, coerce_to_string=False)


class CycleOut(serializers.Serializer):
    id = serializers.IntegerField()
    version = serializers.IntegerField()
    name = serializers.CharField()
    board = serializers.IntegerField(allow_null=True)
    starts = serializers.DateField()
    ends = serializers.DateField()
    aim = serializers.CharField()
    capacity = serializers.DecimalField(7, 2, allow_null=True, coerce_to_string=False)
    card_capacity = serializers.IntegerField(allow_null=True)
    notes = serializers.CharField()
    state = serializers.ChoiceField(choices=[state.value for state in State])
    begun_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    carried_to = serializers.IntegerField(allow_null=True)
    figures = CycleFiguresOut()


class CycleDayOut(serializers.Serializer):
    day = serializers.DateField()
    scope = CycleSumOut()
    done = CycleSumOut()


class CycleCardOut(serializers.Serializer):
    id = serializers.IntegerField(allow_null=True, help_text="Null: deleted since.")
    number = serializers.IntegerField()
    title = serializers.CharField()
    planned = serializers.BooleanField()
    outcome = serializers.ChoiceField(choices=OUTCOMES)
    hours = serializers.DecimalField(7, 2, allow_null=True, coerce_to_string=False)
    carried_from = serializers.IntegerField(allow_null=True)


class WholeCycleOut(CycleOut):
    days = CycleDayOut(many=True)
    cards = CycleCardOut(many=True)


def sum_out(one: Sum) -> dict[str, Any]:
    return {"cards": one.cards, "hours": one.hours}


def entry_out(entry: Entry) -> dict[str, Any]:
    """A card of a cycle."""
    return {
        "id": entry.card.pk if entry.card else None,
        "number": entry.number,
        "title": entry.title,
        "planned": entry.was_planned,
        "outcome": word_of(entry),
        "hours": entry.line.hours,
        "carried_from": entry.row.carried_from_id,
    }


def cycle_out(view: CycleView) -> dict[str, Any]:
    """A cycle with its figures."""
    cycle, figures = view.cycle, view.figures
    names = ("planned", "added", "removed", "scope", "done", "open")
    sums = {name: sum_out(getattr(figures, name)) for name in names}
    return {
        "id": cycle.pk,
        "version": cycle.version,
        "name": cycle.name,
        "board": cycle.board_id,
        "starts": cycle.starts_on,
        "ends": cycle.ends_on,
        "aim": cycle.aim,
        "capacity": cycle.capacity,
        "card_capacity": cycle.card_capacity,
        "notes": cycle.notes,
        "state": view.state.value,
        "begun_at": cycle.begun_at,
        "closed_at": cycle.closed_at,
        "carried_to": cycle.carried_to_id,
        "figures": {**sums, "reestimated": figures.reestimated},
    }


def whole_cycle_out(view: CycleView, days: list[Day]) -> dict[str, Any]:
    """The same with its days and its cards."""
    told = [
        {"day": one.day, "scope": sum_out(one.scope), "done": sum_out(one.done)} for one in days
    ]
    return {**cycle_out(view), "days": told, "cards": [entry_out(one) for one in view.entries]}
