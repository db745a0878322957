from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from goals.api.answers import GoalOut, PeriodOut, exact, short
from goals.api.fields import AmountField
from goals.api.goals import GoalView, unknown
from goals.models import Goal
from goals.operations.splits import Shape, split_goal
from goals.queries.parts import GRAINS, longest_parts
from goals.queries.splits import Asked, Changed, SplitPage, modes_of, split_of
from goals.queries.splits_made import Step
from goals.rules.decomposition import MOST_PARTS, Meaning, Mode
from metrics.rules.periods import Grain
from workspaces.rest import StrictSerializer, find_or_404

INTO = [grain.value for grain in GRAINS]
MODES = [mode.value for mode in Mode]


class SplitIn(StrictSerializer):
    version = serializers.IntegerField(min_value=1)
    into = serializers.ChoiceField(choices=INTO)
    mode = serializers.ChoiceField(choices=MODES, required=False)
    parts = serializers.ListField(
        child=AmountField(),
        required=False,
        allow_empty=False,
        max_length=MOST_PARTS,
        help_text="Amounts by hand, for the mode manual.",
    )
    shape = serializers.ChoiceField(choices=[shape.value for shape in Shape])
    rebalanced = serializers.BooleanField(required=False)
    changed_steps = serializers.ChoiceField(
        choices=[changed.value for changed in Changed],
        required=False,
        help_text="What becomes of steps that were changed by hand; without it they refuse.",
    )


class StandingStepOut(serializers.Serializer):
    id = serializers.IntegerField()
    target = serializers.CharField()
    changed_by_hand = serializers.BooleanField(help_text="Since a split gave it its target.")
    open = serializers.BooleanField()


class PartOut(serializers.Serializer):
    name = serializers.CharField()
    days = PeriodOut()
    planned = serializers.CharField(allow_null=True)
    year_ago = serializers.CharField(allow_null=True)
    actual = serializers.CharField(allow_null=True, help_text="Of a part that is over.")
    closed = serializers.BooleanField()
    rebalanced = serializers.CharField(allow_null=True)
    step = StandingStepOut(allow_null=True, help_text="The step that stands on these days.")


class WayOut(serializers.Serializer):
    mode = serializers.ChoiceField(choices=MODES)
    rate = serializers.CharField(allow_null=True, help_text="Growth of each part, as a share.")
    total = serializers.CharField(allow_null=True, help_text="Growth of all on the baseline.")
    exit = serializers.CharField(allow_null=True, help_text="Growth of the last on the baseline.")
    refusal = serializers.CharField()


class ReadingOut(serializers.Serializer):
    meaning = serializers.ChoiceField(choices=[meaning.value for meaning in Meaning])
    rate = serializers.CharField()
    parts = serializers.ListField(child=serializers.CharField())
    total = serializers.CharField()
    exit = serializers.CharField()


class SplitOut(serializers.Serializer):
    into = serializers.ChoiceField(choices=INTO)
    mode = serializers.ChoiceField(choices=MODES)
    modes = serializers.ListField(child=serializers.CharField(), help_text="The ways that work.")
    parts = PartOut(many=True)
    refusal = serializers.CharField()
    rebalance_refusal = serializers.CharField()
    ways = WayOut(many=True)
    readings = ReadingOut(many=True, help_text="What the goal's percent can mean in such parts.")


class SplitGoal(GoalView):
    can = {"GET": "workspace.view", "POST": "goals.edit"}
    asks = (
        OpenApiParameter("into", str, enum=INTO),
        OpenApiParameter("mode", str, enum=MODES),
    )

    @extend_schema(responses=SplitOut, operation_id="split")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        goal = find_or_404(Goal, pk, self)
        asked = request.query_params
        into, mode = asked.get("into", longest_parts(goal).value), asked.get("mode")
        if into not in INTO:
            raise unknown("into", _("Split into quarters, months or weeks."))
        if mode is not None and mode not in MODES:
            raise unknown("mode", _("There is no such way to split."))
        question = Asked(Grain(into), Mode(mode) if mode else None)
        return Response(split_out(split_of(goal, question, now())))

    @extend_schema(request=SplitIn, responses=GoalOut, operation_id="split_goal")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        goal, at = find_or_404(Goal, pk, self), now()
        fields = self.shape(SplitIn, request.data)
        asked = Asked(
            Grain(fields["into"]),
            Mode(fields["mode"]) if "mode" in fields else None,
            tuple(fields.get("parts", ())),
            fields.get("rebalanced", False),
            Changed(fields["changed_steps"]) if "changed_steps" in fields else None,
        )
        words = {"asked": asked, "shape": Shape(fields["shape"]), "version": fields["version"]}
        done = split_goal(goal, **words, by=self.member, at=at)
        return Response(self.tell(done.goal, at, fresh=True))


def step_out(step: Step) -> dict[str, Any]:
    goal = step.goal
    return {
        "id": goal.pk,
        "target": goal.target_value,
        "changed_by_hand": step.by_hand,
        "open": goal.is_open,
    }


def split_out(page: SplitPage) -> dict[str, Any]:
    return {
        "into": page.asked.into.value,
        "mode": page.mode.value,
        "modes": [mode.value for mode in modes_of(page.goal)],
        "parts": [
            {
                "name": part.name,
                "days": {"from": part.span.first, "to": part.span.last},
                "planned": exact(part.planned),
                "year_ago": exact(part.year_ago),
                "actual": exact(part.actual),
                "closed": part.closed,
                "rebalanced": exact(part.anew),
                "step": step_out(part.step) if part.step else None,
            }
            for part in page.parts
        ],
        "refusal": page.refusal,
        "rebalance_refusal": page.anew_refusal,
        "ways": [
            {
                "mode": way.mode.value,
                "rate": short(way.rate),
                "total": short(way.total),
                "exit": short(way.exit),
                "refusal": way.refusal,
            }
            for way in page.ways
        ],
        "readings": [
            {
                "meaning": one.meaning.value,
                "rate": short(one.rate),
                "parts": [short(part) for part in one.parts],
                "total": short(one.total),
                "exit": short(one.exit),
            }
            for one in page.readings
        ],
    }
