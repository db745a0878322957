"""What comes in about goals: shapes that are checked and never saved."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from goals.api.fields import AmountField, MetricField, OwnerField, id_of
from goals.models import Goal
from goals.models.goals import (
    AIM_CHOICES,
    BASIS_CHOICES,
    CADENCE_CHOICES,
    COURSE_CHOICES,
    GRAIN_CHOICES,
    SMART_LENGTH,
)
from goals.rules.courses import MOST_CHECKPOINTS, Checkpoint
from goals.rules.targets import Target
from metrics.rules.periods import Grain, Span
from workspaces.models import Stakeholder
from workspaces.rest import StrictSerializer


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


class CheckpointIn(StrictSerializer):
    day = serializers.DateField()
    value = AmountField(help_text="The total or the level that is due by the end of the day.")

    def validate(self, attrs: dict[str, Any]) -> Checkpoint:
        """Both as one."""
        return Checkpoint(**attrs)


class GoalIn(StrictSerializer):
    title = serializers.CharField(max_length=200)
    metric = MetricField(
        required=False,
        allow_null=True,
        help_text="The metric's key. Without one it has no number: its steps judge it.",
    )
    aim = serializers.ChoiceField(
        choices=AIM_CHOICES, required=False, help_text="Left out, it is to reach the target."
    )
    basis = serializers.ChoiceField(
        choices=BASIS_CHOICES, required=False, help_text="Goes with a metric."
    )
    grain = serializers.ChoiceField(
        choices=GRAIN_CHOICES, required=False, help_text="The period of a level or an average."
    )
    target = TargetIn(required=False, help_text="Goes with a metric.")
    baseline = SpanIn(
        required=False, allow_null=True, help_text="Left out, it is measured right before the goal."
    )
    start = serializers.DateField()
    end = serializers.DateField()
    course = serializers.ChoiceField(
        choices=COURSE_CHOICES, required=False, help_text="Left out, it is even."
    )
    checkpoints = CheckpointIn(many=True, required=False, max_length=MOST_CHECKPOINTS)
    owner = OwnerField(required=False, help_text="Left out, it is the caller.")
    stakeholder = serializers.IntegerField(required=False, allow_null=True)
    parent = serializers.IntegerField(required=False, allow_null=True)
    weight = AmountField(required=False, help_text="Among the steps of its parent; 1 if left out.")
    cadence = serializers.ChoiceField(
        choices=CADENCE_CHOICES, required=False, help_text="How often its owner checks in."
    )
    smart = SmartIn(required=False)

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
        found = rows.filter(pk=id_of(pk)).first()
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
    retrospective = serializers.CharField(max_length=SMART_LENGTH, required=False, allow_blank=True)


class ReopenIn(StrictSerializer):
    version = serializers.IntegerField(min_value=1)
