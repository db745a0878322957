"""What feedback, signatures, links and decisions look like on the wire."""

from typing import Any

from rest_framework import serializers

from goals.api.strategy_shapes import RowField
from goals.models import Decision, FeedbackItem, Goal, StrategyShare
from goals.models.feedback import DISPOSITION_CHOICES
from goals.models.strategy import (
    LABEL_LENGTH,
    LINE_LENGTH,
    QUESTION_LENGTH,
    STEP_CHOICES,
    TITLE_LENGTH,
)
from workspaces.models import Stakeholder
from workspaces.rest import StrictSerializer


def optional(length: int) -> serializers.CharField:
    """Words that may be left out."""
    return serializers.CharField(max_length=length, required=False, allow_blank=True, default="")


class SuggestionIn(StrictSerializer):
    text = serializers.CharField(max_length=LINE_LENGTH)
    step = serializers.ChoiceField(choices=STEP_CHOICES, required=False)
    goal = RowField(Goal, required=False, allow_null=True)
    about = optional(QUESTION_LENGTH)


class FeedbackIn(StrictSerializer):
    number = serializers.IntegerField(min_value=1, help_text="The version that was read.")
    suggestions = SuggestionIn(many=True)
    anonymous = serializers.BooleanField(default=False)


class DispositionIn(StrictSerializer):
    revision = serializers.IntegerField(min_value=1)
    disposition = serializers.ChoiceField(choices=DISPOSITION_CHOICES)
    reason = optional(1000)


class SignIn(StrictSerializer):
    number = serializers.IntegerField(min_value=1, help_text="The version that was read.")
    agreed = serializers.BooleanField()
    words = optional(1000)


class ShareIn(StrictSerializer):
    label = optional(LABEL_LENGTH)
    until = serializers.DateField(help_text="The last day on which it opens.")
    takes_feedback = serializers.BooleanField(default=False)
    stakeholder = RowField(
        Stakeholder, required=False, allow_null=True, help_text="Who may sign by it."
    )
    pinned = serializers.IntegerField(
        min_value=1, required=False, allow_null=True, help_text="Always show this version."
    )


class DecisionIn(StrictSerializer):
    title = serializers.CharField(max_length=TITLE_LENGTH)
    decided_on = serializers.DateField()
    why = optional(LINE_LENGTH)
    evidence = optional(LINE_LENGTH)
    goal = RowField(Goal, required=False, allow_null=True)
    review_on = serializers.DateField(required=False, allow_null=True)


class DecisionClose(StrictSerializer):
    version = serializers.IntegerField(min_value=1)
    came_of_it = serializers.CharField(max_length=LINE_LENGTH)


class FeedbackOut(serializers.Serializer):
    id = serializers.IntegerField()
    revision = serializers.IntegerField()
    number = serializers.IntegerField(help_text="The version that was read.")
    text = serializers.CharField()
    step = serializers.CharField()
    goal = serializers.IntegerField(allow_null=True)
    about = serializers.CharField()
    name = serializers.CharField(help_text="Empty: anonymous.")
    by_link = serializers.BooleanField()
    given_on = serializers.DateField()
    disposition = serializers.ChoiceField(choices=DISPOSITION_CHOICES)
    reason = serializers.CharField()
    decided_by = serializers.CharField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)


class ShareOut(serializers.Serializer):
    id = serializers.IntegerField()
    label = serializers.CharField()
    stakeholder = serializers.IntegerField(allow_null=True)
    pinned = serializers.BooleanField()
    takes_feedback = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    revoked_at = serializers.DateTimeField(allow_null=True)
    views = serializers.IntegerField()
    seen_at = serializers.DateTimeField(allow_null=True)


class ShareMade(ShareOut):
    url = serializers.CharField(help_text="Told once; only a hash of it is stored.")


class DecisionOut(serializers.Serializer):
    id = serializers.IntegerField()
    version = serializers.IntegerField()
    title = serializers.CharField()
    why = serializers.CharField()
    evidence = serializers.CharField()
    goal = serializers.IntegerField(allow_null=True)
    decided_on = serializers.DateField()
    decided_by = serializers.CharField(allow_null=True)
    review_on = serializers.DateField(allow_null=True)
    came_of_it = serializers.CharField()
    closed_at = serializers.DateTimeField(allow_null=True)


def feedback_out(item: FeedbackItem) -> dict[str, Any]:
    """One suggestion and what became of it."""
    sheet, by = item.sheet, item.decided_by
    return {
        "id": item.pk,
        "revision": item.revision,
        "number": sheet.version.number,
        "text": item.text,
        "step": item.step,
        "goal": item.goal_id,
        "about": item.about,
        "name": sheet.name,
        "by_link": sheet.share_id is not None,
        "given_on": sheet.given_on,
        "disposition": item.disposition,
        "reason": item.reason,
        "decided_by": by.user.display_name if by else None,
        "decided_at": item.decided_at,
    }


def share_out(share: StrategyShare) -> dict[str, Any]:
    """One link, without its secret."""
    names = ("label", "takes_feedback", "created_at", "expires_at", "revoked_at", "views")
    told = {name: getattr(share, name) for name in (*names, "seen_at")}
    return {
        "id": share.pk,
        **told,
        "stakeholder": share.stakeholder_id,
        "pinned": share.pinned_id is not None,
    }


def decision_out(row: Decision) -> dict[str, Any]:
    """One decision."""
    names = ("version", "title", "why", "evidence", "decided_on", "review_on", "came_of_it")
    told = {name: getattr(row, name) for name in (*names, "closed_at")}
    by = row.decided_by
    return {
        "id": row.pk,
        **told,
        "goal": row.goal_id,
        "decided_by": by.user.display_name if by else None,
    }
