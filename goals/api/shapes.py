"""What goals look like on the wire: the shapes that come in and the shape that goes out."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from goals.models import Goal
from goals.models.goals import BASIS_CHOICES, GRAIN_CHOICES, SMART_LENGTH, STATUS_CHOICES
from goals.queries import Standing
from goals.rules import amounts
from goals.rules.targets import Target
from metrics.models import Metric
from metrics.rules.periods import Grain, Span
from workspaces.models import Membership, Stakeholder
from workspaces.queries.people import members_of
from workspaces.rest import StrictSerializer

LARGEST_ID = 2**63 - 1
ID_DIGITS = 19


@extend_schema_field({"type": "string", "pattern": amounts.SHAPE.pattern, "example": "25"})
class AmountField(serializers.Field):
    """A decimal as a text (or a JSON number): up to 15 digits before the point, 9 after it."""

    default_error_messages = {
        "not_a_number": gettext_lazy(
            "Write a number such as 25 or 1250.5, without unit or sign of percent."
        ),
    }

    def to_internal_value(self, data: object) -> Decimal:
        """Read it exactly."""
        known = isinstance(data, str | int | float) and not isinstance(data, bool)
        found = amounts.parse(str(data)) if known else None
        if found is None:
            self.fail("not_a_number")
        return found

    def to_representation(self, value: Decimal) -> str:
        """Write it the one way."""
        return amounts.canonical(value)


class TargetIn(StrictSerializer):
    percent = AmountField(required=False, help_text="Change against the baseline, in percent.")
    value = AmountField(required=False, help_text="The target in the metric's unit.")

    def validate(self, attrs: dict[str, Decimal]) -> Target:
        """Exactly one of the two."""
        if len(attrs) != 1:
            raise serializers.ValidationError(
                _("Give the target as a percent or as a value, one of the two."), code="one_of_two"
            )
        return Target(**attrs)


class SpanIn(StrictSerializer):
    to = serializers.DateField()

    def get_fields(self) -> dict[str, serializers.Field]:
        """`from` is a word of Python, so it cannot be an attribute."""
        return {"from": serializers.DateField(), **super().get_fields()}

    def validate(self, attrs: dict[str, Any]) -> Span:
        """A span that runs forward."""
        if attrs["to"] < attrs["from"]:
            raise serializers.ValidationError(
                {"to": [_("The baseline must end on or after the day it starts.")]},
                code="ends_before_start",
            )
        return Span(attrs["from"], attrs["to"])


class SmartIn(StrictSerializer):
    specific = serializers.CharField(max_length=SMART_LENGTH, required=False, allow_blank=True)
    measurable = serializers.CharField(max_length=SMART_LENGTH, required=False, allow_blank=True)
    achievable = serializers.CharField(max_length=SMART_LENGTH, required=False, allow_blank=True)
    realistic = serializers.CharField(max_length=SMART_LENGTH, required=False, allow_blank=True)
    time_bound = serializers.CharField(max_length=SMART_LENGTH, required=False, allow_blank=True)


@extend_schema_field({"oneOf": [{"type": "string", "format": "email"}, {"type": "integer"}]})
class OwnerField(serializers.Field):
    """A member of the workspace, by e-mail address or by id."""

    default_error_messages = {"not_found": gettext_lazy("There is no such member.")}

    def to_internal_value(self, data: object) -> Membership:
        """Another workspace's member does not exist."""
        members = members_of(self.context["view"].workspace)
        if isinstance(data, str) and "@" in data:
            found = members.filter(user__email=data.strip().lower()).first()
        else:
            found = members.filter(pk=_id_of(data)).first()
        if found is None:
            self.fail("not_found")
        return found

    def to_representation(self, value: Membership) -> int:
        """Its id."""
        return value.pk


def _id_of(data: object) -> int:
    """A positive row id, or 0, which no row has."""
    if isinstance(data, int) and not isinstance(data, bool):
        return data if 0 < data <= LARGEST_ID else 0
    text = data if isinstance(data, str) else ""
    known = text.isascii() and text.isdigit() and len(text) <= ID_DIGITS
    return _id_of(int(text)) if known else 0


class GoalIn(StrictSerializer):
    title = serializers.CharField(max_length=200)
    metric = serializers.CharField(max_length=63, help_text="The metric's key.")
    basis = serializers.ChoiceField(choices=BASIS_CHOICES)
    grain = serializers.ChoiceField(
        choices=GRAIN_CHOICES, required=False, help_text="The period of a level or an average."
    )
    target = TargetIn()
    baseline = SpanIn(
        required=False, allow_null=True, help_text="Left out, it is measured right before the goal."
    )
    start = serializers.DateField()
    end = serializers.DateField()
    owner = OwnerField(required=False, help_text="Left out, it is the caller.")
    stakeholder = serializers.IntegerField(required=False, allow_null=True)
    parent = serializers.IntegerField(required=False, allow_null=True)
    smart = SmartIn(required=False)

    def validate_metric(self, key: str) -> Metric:
        """A metric of this workspace; another's does not exist."""
        found = Metric.objects.filter(workspace=self.context["view"].workspace, key=key).first()
        if found is None:
            raise serializers.ValidationError(
                _("There is no metric with this key."), code="not_found"
            )
        return found

    def validate_grain(self, word: str) -> Grain:
        """The grain by its word."""
        return Grain(word)

    def validate_stakeholder(self, pk: int | None) -> Stakeholder | None:
        """A stakeholder of this workspace; another's does not exist."""
        return self._row(Stakeholder, pk, _("There is no such stakeholder."))

    def validate_parent(self, pk: int | None) -> Goal | None:
        """A goal of this workspace; another's does not exist."""
        return self._row(Goal, pk, _("There is no such goal."))

    def _row(self, model: type, pk: int | None, message: str) -> Any:
        if pk is None:
            return None
        rows = model._default_manager.filter(workspace=self.context["view"].workspace)
        found = rows.filter(pk=_id_of(pk)).first()
        if found is None:
            raise serializers.ValidationError(message, code="not_found")
        return found

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A window that runs forward."""
        if "start" in attrs and "end" in attrs and attrs["end"] < attrs["start"]:
            raise serializers.ValidationError(
                {"end": [_("The goal must end on or after the day it starts.")]},
                code="ends_before_start",
            )
        return attrs


class GoalPatch(GoalIn):
    version = serializers.IntegerField(min_value=1)

    def get_fields(self) -> dict[str, serializers.Field]:
        """Everything but the version may be left out."""
        fields = super().get_fields()
        for name, field in fields.items():
            field.required = name == "version"
        return fields


class CloseIn(StrictSerializer):
    version = serializers.IntegerField(min_value=1)
    reason = serializers.CharField(max_length=500)


class ReopenIn(StrictSerializer):
    version = serializers.IntegerField(min_value=1)


class TargetOut(serializers.Serializer):
    percent = serializers.CharField(allow_null=True)
    value = serializers.CharField()


class SpanOut(serializers.Serializer):
    to = serializers.DateField(allow_null=True)
    value = serializers.CharField(allow_null=True)

    def get_fields(self) -> dict[str, serializers.Field]:
        """`from` is a word of Python, so it cannot be an attribute."""
        return {"from": serializers.DateField(allow_null=True), **super().get_fields()}


class PersonOut(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    email = serializers.EmailField()


class NamedOut(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class SmartOut(serializers.Serializer):
    specific = serializers.CharField()
    measurable = serializers.CharField()
    achievable = serializers.CharField()
    realistic = serializers.CharField()
    time_bound = serializers.CharField()


class GoalOut(serializers.Serializer):
    id = serializers.IntegerField()
    version = serializers.IntegerField()
    title = serializers.CharField()
    metric = serializers.CharField()
    definition_revision = serializers.IntegerField()
    basis = serializers.ChoiceField(choices=BASIS_CHOICES)
    grain = serializers.ChoiceField(choices=GRAIN_CHOICES)
    target = TargetOut()
    baseline = SpanOut()
    start = serializers.DateField()
    end = serializers.DateField()
    owner = PersonOut(allow_null=True)
    stakeholder = NamedOut(allow_null=True)
    parent = serializers.IntegerField(allow_null=True)
    smart = SmartOut()
    value = serializers.CharField(allow_null=True)
    growth = serializers.CharField(allow_null=True)
    progress = serializers.CharField(allow_null=True, help_text="A share: 1 is the target.")
    expected = serializers.CharField(help_text="The share that should be done by now.")
    pace = serializers.CharField(
        allow_null=True, help_text="Progress against expected; null: too early."
    )
    status = serializers.ChoiceField(choices=STATUS_CHOICES)
    status_since = serializers.DateTimeField()
    previous_status = serializers.CharField(allow_null=True)
    until = serializers.DateField(help_text="The last complete day that the numbers look at.")
    data_until = serializers.DateField(allow_null=True)
    days_left = serializers.IntegerField()
    needed_per_day = serializers.CharField(allow_null=True)
    note = serializers.CharField()
    created_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)
    close_reason = serializers.CharField()


def goal_out(goal: Goal, standing: Standing) -> dict[str, Any]:
    """One goal with its live numbers."""
    return {**_set(goal), **_live(goal, standing)}


def _set(goal: Goal) -> dict[str, Any]:
    """What people decided."""
    owner, stakeholder = goal.owner, goal.stakeholder
    return {
        "id": goal.pk,
        "version": goal.version,
        "title": goal.title,
        "metric": goal.metric.key,
        "definition_revision": goal.definition_revision,
        "basis": goal.basis,
        "grain": goal.grain,
        "target": {"percent": goal.target_percent or None, "value": goal.target_value},
        "baseline": {
            "from": goal.baseline_from,
            "to": goal.baseline_to,
            "value": goal.baseline_value or None,
        },
        "start": goal.start,
        "end": goal.end,
        "owner": owner
        and {"id": owner.pk, "name": owner.user.display_name, "email": owner.user.email},
        "stakeholder": stakeholder and {"id": stakeholder.pk, "name": stakeholder.name},
        "parent": goal.parent_id,
        "smart": {name: getattr(goal, name) for name in SmartOut().fields},
        "created_at": goal.created_at,
        "closed_at": goal.closed_at,
        "close_reason": goal.close_reason,
    }


def _live(goal: Goal, standing: Standing) -> dict[str, Any]:
    """What the data say."""
    return {
        "value": _exact(standing.value),
        "growth": _rounded(standing.grown),
        "progress": _rounded(standing.progress),
        "expected": _rounded(standing.expected),
        "pace": _rounded(standing.pace),
        "status": standing.status.value,
        "status_since": standing.since or goal.status_since,
        "previous_status": standing.previous or None,
        "until": standing.until,
        "data_until": standing.data_until,
        "days_left": standing.days_left,
        "needed_per_day": _rounded(standing.needed_per_day),
        "note": standing.note,
    }


def _exact(value: Decimal | None) -> str | None:
    return None if value is None else amounts.canonical(value)


def _rounded(value: Decimal | None) -> str | None:
    return None if value is None else amounts.canonical(amounts.rounded(value))
