from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from goals.models import Goal
from reports.queries.gaps import Found, gaps_of
from workspaces.rest import WorkspaceView


class GapGoalOut(serializers.Serializer):
    id = serializers.IntegerField()
    title = serializers.CharField()
    metric = serializers.CharField(allow_null=True)
    owner = serializers.IntegerField(allow_null=True)


class OverlapOut(serializers.Serializer):
    one = GapGoalOut()
    other = GapGoalOut()


class GapPersonOut(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class GapCardOut(serializers.Serializer):
    id = serializers.IntegerField()
    title = serializers.CharField()


class FoundOverlaps(serializers.Serializer):
    count = serializers.IntegerField(help_text="At most 50 are looked for.")
    first = OverlapOut(many=True)


class FoundGoals(serializers.Serializer):
    count = serializers.IntegerField()
    first = GapGoalOut(many=True, help_text="At most 50.")


class FoundPeople(serializers.Serializer):
    count = serializers.IntegerField()
    first = GapPersonOut(many=True, help_text="At most 50.")


class FoundCards(serializers.Serializer):
    count = serializers.IntegerField()
    first = GapCardOut(many=True, help_text="At most 50.")


class GapsOut(serializers.Serializer):
    overlaps = FoundOverlaps(help_text="Two owners on the same metric at once.")
    goals_without_owner = FoundGoals()
    goals_without_need = FoundGoals(help_text="Neither they nor a goal above serve a need.")
    goals_without_work = FoundGoals(help_text="No card serves them or their steps.")
    stakeholders_unserved = FoundPeople(help_text="They need something; no goal serves them.")
    cards_without_goal = FoundCards()
    cards_of_nobody = FoundCards()


def goal_out(goal: Goal) -> dict[str, Any]:
    return {
        "id": goal.pk, "title": goal.title, "metric": goal.metric.key if goal.has_number else None,
        "owner": goal.owner_id,
    }  # fmt: skip


def found_out(found: Found, shape: Any) -> dict[str, Any]:
    return {"count": found.count, "first": [shape(row) for row in found.rows]}


class GapsDetail(WorkspaceView):
    """What is done twice, and what nobody does."""

    @extend_schema(responses=GapsOut, operation_id="gaps")
    def get(self, request: Request, slug: str) -> Response:
        found = gaps_of(self.workspace)

        def pair(row: Any) -> dict[str, Any]:
            return {"one": goal_out(row.one), "other": goal_out(row.other)}

        def card(row: Any) -> dict[str, Any]:
            return {"id": row.pk, "title": row.title}

        return Response(
            {
                "overlaps": found_out(found.overlaps, pair),
                "goals_without_owner": found_out(found.without_owner, goal_out),
                "goals_without_need": found_out(found.without_need, goal_out),
                "goals_without_work": found_out(found.without_work, goal_out),
                "stakeholders_unserved": found_out(
                    found.unserved, lambda person: {"id": person.pk, "name": person.name}
                ),
                "cards_without_goal": found_out(found.loose_cards, card),
                "cards_of_nobody": found_out(found.nobodys_cards, card),
            }
        )
