from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from goals.api.answers import short
from goals.models import ForecastRecord
from goals.queries.track_record import GROUPS, TrackRecord, track_record
from goals.rules.track_record import Horizon
from workspaces.rest import WorkspaceView

DIGITS = 4


class CoverageOut(serializers.Serializer):
    horizon = serializers.ChoiceField(choices=[horizon.value for horizon in Horizon])
    days = serializers.IntegerField(allow_null=True, help_text="null: to the goal's end.")
    windows = serializers.IntegerField(help_text="Bands whose days are over.")
    inside = serializers.IntegerField(help_text="Those that held what came.")
    share = serializers.CharField(allow_null=True, help_text="null: too early to tell.")
    waiting = serializers.IntegerField(help_text="Bands whose days are still to come.")


class ChanceGroupOut(serializers.Serializer):
    status = serializers.ChoiceField(choices=GROUPS)
    forecasts = serializers.IntegerField()
    said = serializers.CharField(help_text="The mean chance.")
    met = serializers.CharField(help_text="The share whose goal was met.")


class ChancesOut(serializers.Serializer):
    goals = serializers.IntegerField(help_text="Goals that have ended.")
    forecasts = serializers.IntegerField(help_text="What was said of them.")
    brier = serializers.CharField(allow_null=True, help_text="null: too early to tell.")
    usual = serializers.CharField(
        allow_null=True, help_text="The score of always saying the share that was met."
    )
    groups = ChanceGroupOut(many=True)


class ClaimOut(serializers.Serializer):
    goal = serializers.IntegerField()
    title = serializers.CharField()
    metric = serializers.CharField()
    made_on = serializers.DateField(help_text="The last complete day that it knew.")
    end = serializers.DateField()
    chance = serializers.CharField()
    p10 = serializers.CharField()
    p50 = serializers.CharField()
    p90 = serializers.CharField()
    target = serializers.CharField()
    came = serializers.CharField()
    inside = serializers.BooleanField()
    met = serializers.BooleanField()


class TrackRecordOut(serializers.Serializer):
    promised = serializers.CharField(help_text="The share of bands that should hold.")
    coverage = CoverageOut(many=True)
    chances = ChancesOut()
    latest = ClaimOut(many=True)


class ForecastTrackRecord(WorkspaceView):
    can = {"GET": "workspace.view"}

    @extend_schema(responses=TrackRecordOut, operation_id="track_record")
    def get(self, request: Request, slug: str) -> Response:
        return Response(record_out(track_record(self.workspace)))


def record_out(found: TrackRecord) -> dict[str, Any]:
    coverage = [
        {
            "horizon": one.horizon.value,
            "days": one.days,
            "windows": one.windows,
            "inside": one.inside,
            "share": short(one.share),
            "waiting": one.waiting,
        }
        for one in found.coverage
    ]
    groups = [
        {
            "status": one.status,
            "forecasts": one.forecasts,
            "said": score(one.said),
            "met": score(one.met_share),
        }
        for one in found.groups
    ]
    chances = {
        "goals": found.goals,
        "forecasts": found.forecasts,
        "brier": score(found.brier),
        "usual": score(found.usual),
        "groups": groups,
    }
    return {
        "promised": short(found.promised),
        "coverage": coverage,
        "chances": chances,
        "latest": [claim_out(row) for row in found.latest],
    }


def claim_out(row: ForecastRecord) -> dict[str, Any]:
    return {
        "goal": row.goal_id,
        "title": row.goal.title,
        "metric": row.metric.key,
        "made_on": row.made_on,
        "end": row.last,
        "chance": score(row.chance),
        "p10": row.low_value,
        "p50": row.middle_value,
        "p90": row.high_value,
        "target": row.target_value,
        "came": row.came_value,
        "inside": row.inside,
        "met": row.hit == 1,
    }


def score(value: float | None) -> str | None:
    """A share or a score, to four places."""
    return None if value is None else f"{value:.{DIGITS}f}"
