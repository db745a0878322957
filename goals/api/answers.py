"""What goes out about goals: the shape of one with its live numbers."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from goals.models import Goal, GoalForecast
from goals.models.goals import (
    AIM_CHOICES,
    BASIS_CHOICES,
    CADENCE_CHOICES,
    COURSE_CHOICES,
    GRAIN_CHOICES,
    STATUS_CHOICES,
)
from goals.models.guardrails import SIDE_CHOICES
from goals.queries import Standing
from goals.queries.guardrails import Guarded
from goals.rules import amounts
from goals.rules.aims import Keeping
from goals.rules.fans import Band
from goals.rules.guardrails import Health
from goals.rules.steps import Together


class TargetOut(serializers.Serializer):
    percent = serializers.CharField(allow_null=True)
    value = serializers.CharField()


class SpanOut(serializers.Serializer):
    to = serializers.DateField(allow_null=True)
    value = serializers.CharField(allow_null=True)

    def get_fields(self) -> dict[str, serializers.Field]:
        """`from` is a word of Python, so it cannot be an attribute."""
        return {"from": serializers.DateField(allow_null=True), **super().get_fields()}


class CheckpointOut(serializers.Serializer):
    day = serializers.DateField()
    value = serializers.CharField()


class PeriodOut(serializers.Serializer):
    to = serializers.DateField()

    def get_fields(self) -> dict[str, serializers.Field]:
        """`from` is a word of Python, so it cannot be an attribute."""
        return {"from": serializers.DateField(), **super().get_fields()}


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


class KeepingOut(serializers.Serializer):
    days = serializers.IntegerField(help_text="Days of the whole periods that were judged.")
    kept = serializers.IntegerField(help_text="Those of periods on the right side.")
    share = serializers.CharField(allow_null=True)
    margin = serializers.CharField(allow_null=True, help_text="Negative: the line is broken now.")


class GuardrailOut(serializers.Serializer):
    id = serializers.IntegerField()
    metric = serializers.CharField()
    side = serializers.ChoiceField(choices=SIDE_CHOICES)
    bound = serializers.CharField()
    grain = serializers.ChoiceField(choices=GRAIN_CHOICES)
    status = serializers.ChoiceField(choices=[health.value for health in Health])
    value = serializers.CharField(allow_null=True)
    margin = serializers.CharField(allow_null=True)
    days = PeriodOut(help_text="The last whole period, whose value it is.")
    data_until = serializers.DateField(allow_null=True)
    note = serializers.CharField()


class TogetherOut(serializers.Serializer):
    status = serializers.ChoiceField(choices=STATUS_CHOICES)
    drivers = serializers.ListField(
        child=serializers.IntegerField(), help_text="The steps at this status or worse."
    )
    share = serializers.CharField(help_text="The part of the weight that the drivers carry.")
    progress = serializers.CharField(allow_null=True, help_text="The weighted mean.")
    measured = serializers.CharField(help_text="The part of the weight that has a progress.")


class BandOut(serializers.Serializer):
    p10 = serializers.CharField()
    p50 = serializers.CharField()
    p90 = serializers.CharField()


class PathStepOut(serializers.Serializer):
    to = serializers.DateField()
    period = BandOut(allow_null=True, help_text="The value of these days.")
    to_date = BandOut(allow_null=True, help_text="From the goal's start to the last of them.")

    def get_fields(self) -> dict[str, serializers.Field]:
        """`from` is a word of Python, so it cannot be an attribute."""
        return {"from": serializers.DateField(), **super().get_fields()}


class ForecastOut(serializers.Serializer):
    until = serializers.DateField(help_text="The last complete day that it knew.")
    chance = serializers.CharField(
        allow_null=True, help_text="The probability that the target is met; never quite 0 or 1."
    )
    p10 = serializers.CharField(allow_null=True, help_text="It lands lower once in ten times.")
    p50 = serializers.CharField(allow_null=True)
    p90 = serializers.CharField(allow_null=True)
    model = serializers.CharField(allow_null=True, help_text="The family with the most weight.")
    reason = serializers.CharField(allow_null=True, help_text="Why there is none.")
    confidence = serializers.CharField(
        allow_null=True, help_text="What the owner told last, from 0 to 1."
    )
    doubted = serializers.BooleanField(help_text="Confidence and chance are over 0.4 apart.")
    path = PathStepOut(many=True, help_text="The periods to come as the goal's chart shows them.")


class VerdictOut(serializers.Serializer):
    status = serializers.ChoiceField(choices=STATUS_CHOICES, allow_null=True)
    value = serializers.CharField(allow_null=True)
    share = serializers.CharField(allow_null=True, help_text="Progress, or days of a line kept.")
    until = serializers.DateField(help_text="The last complete day of its numbers.")


class GoalOut(serializers.Serializer):
    id = serializers.IntegerField()
    version = serializers.IntegerField()
    title = serializers.CharField()
    metric = serializers.CharField(allow_null=True, help_text="null: judged by its steps.")
    metric_retired = serializers.BooleanField(help_text="It takes no more data.")
    definition_revision = serializers.IntegerField()
    aim = serializers.ChoiceField(choices=AIM_CHOICES)
    basis = serializers.ChoiceField(choices=BASIS_CHOICES, allow_null=True)
    grain = serializers.ChoiceField(choices=GRAIN_CHOICES, allow_null=True)
    target = TargetOut(allow_null=True)
    baseline = SpanOut()
    start = serializers.DateField()
    end = serializers.DateField()
    owner = PersonOut(allow_null=True)
    stakeholder = NamedOut(allow_null=True)
    parent = serializers.IntegerField(allow_null=True)
    weight = serializers.CharField()
    course = serializers.ChoiceField(choices=COURSE_CHOICES)
    checkpoints = CheckpointOut(many=True)
    smart = SmartOut()
    value = serializers.CharField(allow_null=True)
    growth = serializers.CharField(allow_null=True)
    progress = serializers.CharField(allow_null=True, help_text="A share: 1 is the target.")
    expected = serializers.CharField(help_text="The share that should be done by now.")
    pace = serializers.CharField(
        allow_null=True, help_text="Progress against expected; null: too early."
    )
    forecast = ForecastOut(allow_null=True, help_text="As the last review drew it.")
    status = serializers.ChoiceField(choices=STATUS_CHOICES)
    keeping = KeepingOut(allow_null=True, help_text="Where a line is kept instead of a target.")
    guardrails = GuardrailOut(many=True)
    steps = TogetherOut(allow_null=True, help_text="What its open steps say together.")
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
    retrospective = serializers.CharField()
    verdict = VerdictOut(allow_null=True, help_text="Frozen when the goal was closed.")
    cadence = serializers.ChoiceField(choices=CADENCE_CHOICES)


def goal_out(goal: Goal, standing: Standing, steps: Together | None) -> dict[str, Any]:
    """One goal with its live numbers, and what its steps say together."""
    return {**_set(goal), **_live(goal, standing), "steps": steps and _together(steps)}


def _set(goal: Goal) -> dict[str, Any]:
    """What people decided."""
    owner, stakeholder = goal.owner, goal.stakeholder
    return {
        "id": goal.pk,
        "version": goal.version,
        "title": goal.title,
        "metric": goal.metric.key if goal.has_number else None,
        "metric_retired": goal.has_number and goal.metric.retired_at is not None,
        "definition_revision": goal.definition_revision,
        "aim": goal.aim,
        "basis": goal.basis if goal.has_number else None,
        "grain": goal.grain if goal.has_number else None,
        "target": _target(goal),
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
        "weight": goal.weight,
        "course": goal.course,
        "checkpoints": [
            {"day": one.day, "value": amounts.canonical(one.value)} for one in goal.path
        ],
        "smart": {name: getattr(goal, name) for name in SmartOut().fields},
        "created_at": goal.created_at,
        "closed_at": goal.closed_at,
        "close_reason": goal.close_reason,
        "retrospective": goal.retrospective,
        "verdict": _verdict(goal),
        "cadence": goal.cadence,
    }


def _target(goal: Goal) -> dict[str, Any] | None:
    if not goal.has_number:
        return None
    return {"percent": goal.target_percent or None, "value": goal.target_value}


def _verdict(goal: Goal) -> dict[str, Any] | None:
    """What was frozen at closing; nothing where the goal had not begun."""
    if goal.verdict_until is None:
        return None
    return {
        "status": goal.verdict or None,
        "value": goal.verdict_value or None,
        "share": goal.verdict_share or None,
        "until": goal.verdict_until,
    }


def _live(goal: Goal, standing: Standing) -> dict[str, Any]:
    """What the data say."""
    return {
        "value": exact(standing.value),
        "growth": short(standing.grown),
        "progress": short(standing.progress),
        "expected": short(standing.expected),
        "pace": short(standing.pace),
        "forecast": standing.forecast and _forecast(standing.forecast),
        "status": standing.status.value,
        "guardrails": [guardrail_out(guarded) for guarded in standing.guardrails],
        "keeping": standing.keeping and _keeping(standing.keeping),
        "status_since": standing.since or goal.status_since,
        "previous_status": standing.previous or None,
        "until": standing.until,
        "data_until": standing.data_until,
        "days_left": standing.days_left,
        "needed_per_day": short(standing.needed_per_day),
        "note": standing.note,
    }


def _keeping(kept: Keeping) -> dict[str, Any]:
    return {
        "days": kept.days,
        "kept": kept.kept,
        "share": short(kept.share),
        "margin": exact(kept.margin),
    }


def _forecast(found: GoalForecast) -> dict[str, Any]:
    return {
        "until": found.until,
        "chance": found.chance_value or None,
        "p10": found.low_value or None,
        "p50": found.middle_value or None,
        "p90": found.high_value or None,
        "model": found.model or None,
        "reason": found.reason or None,
        "confidence": exact(found.confidence),
        "doubted": found.is_doubted,
        "path": [
            {
                "from": step.days.first,
                "to": step.days.last,
                "period": _band(step.period),
                "to_date": _band(step.to_date),
            }
            for step in found.steps
        ],
    }


def _band(band: Band | None) -> dict[str, str] | None:
    if band is None:
        return None
    return dict(zip(("p10", "p50", "p90"), map(amounts.canonical, band), strict=True))


def _together(found: Together) -> dict[str, Any]:
    return {
        "status": found.status.value,
        "drivers": list(found.drivers),
        "share": short(found.share),
        "progress": short(found.progress),
        "measured": short(found.measured),
    }


def guardrail_out(found: Guarded) -> dict[str, Any]:
    """One guardrail with its numbers."""
    row = found.guardrail
    return {
        "id": row.pk,
        "metric": row.metric.key,
        "side": row.side,
        "bound": row.bound_value,
        "grain": row.grain,
        "status": found.health.value,
        "value": exact(found.value),
        "margin": exact(found.margin),
        "days": {"from": found.span.first, "to": found.span.last},
        "data_until": found.data_until,
        "note": found.note,
    }


def exact(value: Decimal | None) -> str | None:
    """A decimal as it is."""
    return None if value is None else amounts.canonical(value)


def short(value: Decimal | None) -> str | None:
    """A share, to twelve digits."""
    return None if value is None else amounts.canonical(amounts.rounded(value))
