"""What goes in and out about reviews and optimisations."""

from typing import Any

from rest_framework import serializers

from goals.api.answers import NamedOut, exact, short
from goals.models.goals import STATUS_CHOICES
from goals.queries.horizons import Horizon, Reach
from reports.models import Review, ReviewItem
from reports.models.optimisations import LENGTH_CHOICES, TITLE_LENGTH
from reports.models.optimisations import TEXT_LENGTH as LEARNT_LENGTH
from reports.models.reviews import TEXT_LENGTH
from reports.operations.reviews import QUESTION_LENGTH
from reports.queries.optimisations import Tried
from reports.queries.reviews import Change, ItemPage, Summary
from reports.rules.effects import Verdict
from reports.rules.reviews import Frozen, Outcome, Reason, Rhythm, Stretch
from tasks.api.fields import CardField, CycleField
from workspaces.models import Membership
from workspaces.rest import StrictSerializer

RHYTHMS = [one.value for one in Rhythm]
OUTCOMES = [one.value for one in Outcome]
REASONS = [one.value for one in Reason]
REACHES = [one.value for one in Reach]
VERDICTS = [one.value for one in Verdict]
SAID = [Outcome.SEEN.value, Outcome.SKIPPED.value]


class ReviewStart(StrictSerializer):
    rhythm = serializers.ChoiceField(choices=RHYTHMS)


class ReviewEnd(StrictSerializer):
    version = serializers.IntegerField(min_value=1)
    notes = serializers.CharField(max_length=TEXT_LENGTH, required=False, allow_blank=True)


class LookIn(StrictSerializer):
    version = serializers.IntegerField(min_value=1)
    outcome = serializers.ChoiceField(choices=SAID)
    note = serializers.CharField(max_length=TEXT_LENGTH, required=False, allow_blank=True)
    decided = serializers.CharField(max_length=TEXT_LENGTH, required=False, allow_blank=True)


class AskIn(StrictSerializer):
    question = serializers.CharField(max_length=QUESTION_LENGTH)


class StretchOut(serializers.Serializer):
    reach = serializers.ChoiceField(choices=REACHES, help_text="end: by the forecast")
    to = serializers.DateField()
    value = serializers.CharField(allow_null=True)
    due = serializers.CharField(allow_null=True)

    def get_fields(self) -> dict[str, serializers.Field]:
        """`from` is a word of Python, so it cannot be an attribute."""
        return {"from": serializers.DateField(), **super().get_fields()}


class ReviewedNumbersOut(serializers.Serializer):
    status = serializers.ChoiceField(choices=STATUS_CHOICES, allow_null=True)
    value = serializers.CharField(allow_null=True)
    progress = serializers.CharField(allow_null=True)
    chance = serializers.CharField(allow_null=True)
    data_until = serializers.DateField(allow_null=True)


class ReviewItemOut(serializers.Serializer):
    id = serializers.IntegerField()
    version = serializers.IntegerField()
    goal = serializers.IntegerField()
    title = serializers.CharField()
    place = serializers.IntegerField(help_text="From 1, the worst first.")
    reasons = serializers.ListField(child=serializers.ChoiceField(choices=REASONS))
    outcome = serializers.ChoiceField(choices=OUTCOMES)
    note = serializers.CharField()
    decided = serializers.CharField()
    kept = ReviewedNumbersOut(
        help_text="Its numbers when it was looked at, else when the review began."
    )
    months = StretchOut(many=True, help_text="Kept by a monthly review when it was looked at.")
    looked_by = NamedOut(allow_null=True)
    looked_at = serializers.DateTimeField(allow_null=True)


class ReviewChangeOut(serializers.Serializer):
    since = serializers.DateField()
    was = ReviewedNumbersOut()
    moved = serializers.CharField(allow_null=True, help_text="The value less what it was.")
    restated = serializers.CharField(
        allow_null=True, help_text="What data that came later changed of the value of that day."
    )


class ReviewItemPageOut(ReviewItemOut):
    now = ReviewedNumbersOut(help_text="The numbers of this moment.")
    change = ReviewChangeOut(
        allow_null=True, help_text="Since the last review; null: it knew it not."
    )
    horizons = StretchOut(many=True, help_text="Of this moment, in a monthly review.")
    open_cards = serializers.IntegerField()
    late_cards = serializers.IntegerField()


class ReviewOut(serializers.Serializer):
    id = serializers.IntegerField()
    version = serializers.IntegerField()
    rhythm = serializers.ChoiceField(choices=RHYTHMS)
    notes = serializers.CharField()
    started_by = NamedOut(allow_null=True)
    started_at = serializers.DateTimeField()
    ended_by = NamedOut(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    goals = serializers.IntegerField()
    seen = serializers.IntegerField()
    skipped = serializers.IntegerField()


class ReviewDetailOut(ReviewOut):
    items = ReviewItemOut(many=True)


class OptimisationFields(StrictSerializer):
    title = serializers.CharField(max_length=TITLE_LENGTH)
    hypothesis = serializers.CharField(max_length=LEARNT_LENGTH, required=False, allow_blank=True)
    metric = serializers.CharField(max_length=60, help_text="Its key.")
    started_on = serializers.DateField(help_text="The first day of the change.")
    days = serializers.ChoiceField(choices=[days for days, _word in LENGTH_CHOICES], default=7)
    goal = serializers.IntegerField(required=False, allow_null=True)
    card = CardField(required=False, allow_null=True, help_text="The work of the change.")
    cycle = CycleField(required=False, allow_null=True, help_text="For which it is planned.")


class OptimisationPut(OptimisationFields):
    version = serializers.IntegerField(min_value=1)


class LearntIn(StrictSerializer):
    version = serializers.IntegerField(min_value=1)
    learnt = serializers.CharField(max_length=LEARNT_LENGTH)


class EffectOut(serializers.Serializer):
    verdict = serializers.ChoiceField(choices=VERDICTS)
    before = serializers.CharField(allow_null=True)
    after = serializers.CharField(allow_null=True)
    change = serializers.CharField(allow_null=True, help_text="A share: 0.1 is 10 % more.")
    known_on = serializers.DateField(help_text="The first day after those that are compared.")


class OptimisationOut(serializers.Serializer):
    id = serializers.IntegerField()
    version = serializers.IntegerField()
    title = serializers.CharField()
    hypothesis = serializers.CharField()
    metric = serializers.CharField()
    goal = serializers.IntegerField(allow_null=True)
    card = serializers.IntegerField(allow_null=True)
    cycle = serializers.IntegerField(allow_null=True)
    started_on = serializers.DateField()
    days = serializers.IntegerField()
    learnt = serializers.CharField()
    effect = EffectOut()
    written_by = NamedOut(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)


def named(member: Membership | None) -> dict[str, Any] | None:
    return None if member is None else {"id": member.pk, "name": member.user.display_name}


def kept_out(kept: Frozen) -> dict[str, Any]:
    return {
        "status": kept.status or None,
        "value": exact(kept.value),
        "progress": short(kept.progress),
        "chance": short(kept.chance),
        "data_until": kept.data_until,
    }


def stretch_out(one: Stretch | Horizon) -> dict[str, Any]:
    first, last = (
        (one.span.first, one.span.last) if isinstance(one, Horizon) else (one.first, one.last)
    )
    return {
        "reach": str(one.reach),
        "from": first,
        "to": last,
        "value": short(one.value),
        "due": short(one.due),
    }


def item_out(item: ReviewItem) -> dict[str, Any]:
    kept = item.kept
    return {
        "id": item.pk,
        "version": item.version,
        "goal": item.goal_id,
        "title": item.goal.title,
        "place": item.place,
        "reasons": item.reasons,
        "outcome": item.outcome,
        "note": item.note,
        "decided": item.decided,
        "kept": kept_out(kept),
        "months": [stretch_out(one) for one in kept.horizons],
        "looked_by": named(item.looked_by),
        "looked_at": item.looked_at,
    }


def item_page_out(shown: ItemPage, now: Frozen) -> dict[str, Any]:
    return {
        **item_out(shown.item),
        "now": kept_out(now),
        "change": shown.change and change_out(shown.change),
        "horizons": [stretch_out(one) for one in shown.horizons],
        "open_cards": shown.work.open,
        "late_cards": shown.work.late,
    }


def change_out(change: Change) -> dict[str, Any]:
    return {
        "since": change.since,
        "was": kept_out(change.was),
        "moved": exact(change.moved),
        "restated": exact(change.restated),
    }


def review_out(review: Review, goals: int, seen: int, skipped: int) -> dict[str, Any]:
    return {
        "id": review.pk,
        "version": review.version,
        "rhythm": review.rhythm,
        "notes": review.notes,
        "started_by": named(review.started_by),
        "started_at": review.started_at,
        "ended_by": named(review.ended_by),
        "ended_at": review.ended_at,
        "goals": goals,
        "seen": seen,
        "skipped": skipped,
    }


def summary_out(found: Summary) -> dict[str, Any]:
    told = review_out(found.review, len(found.items), found.seen, found.skipped)
    return {**told, "items": [item_out(item) for item in found.items]}


def optimisation_out(one: Tried) -> dict[str, Any]:
    row, effect = one.row, one.effect
    return {
        "id": row.pk,
        "version": row.version,
        "title": row.title,
        "hypothesis": row.hypothesis,
        "metric": row.metric.key,
        "goal": row.goal_id,
        "card": row.card_id,
        "cycle": row.cycle_id,
        "started_on": row.started_on,
        "days": row.days,
        "learnt": row.learnt,
        "effect": {
            "verdict": effect.verdict.value,
            "before": exact(effect.before),
            "after": exact(effect.after),
            "change": short(effect.change),
            "known_on": one.known_on,
        },
        "written_by": named(row.written_by),
        "ended_at": row.ended_at,
    }
