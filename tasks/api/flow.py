from datetime import date, timedelta
from typing import Any

from django.db.models import Model
from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from goals.models import Goal
from tasks.api.boards import BoardView
from tasks.api.fields import LARGEST_ID, VersionField
from tasks.api.shapes import BoardOut
from tasks.models import Board, Label
from tasks.operations.blocking import rule_blocked
from tasks.queries.flow import Ageing, Flow, Place, Scope, flow_of
from tasks.rules.flow import Spread, Stage
from workspaces.rest import StrictSerializer, find_or_404
from workspaces.rules.days import is_plannable
from workspaces.rules.errors import Invalid, at_field

USUAL, LONGEST = 84, 731  # days
DAYS = [
    OpenApiParameter("from", date, description="First day. Default: twelve weeks before `to`."),
    OpenApiParameter("to", date, description="Last day, included. Default: today."),
]
NARROWED = [
    OpenApiParameter("board", int),
    OpenApiParameter("goal", int),
    OpenApiParameter("label", int),
]


class RuleIn(StrictSerializer):
    version = VersionField(help_text="The board's version that you saw.")
    blocked_is_hard = serializers.BooleanField(
        help_text="Whether the board refuses to finish a card that is blocked."
    )


class SpreadOut(serializers.Serializer):
    """Percentiles in seconds; null where there are fewer than five."""

    n = serializers.IntegerField()
    p50 = serializers.IntegerField(allow_null=True)
    p85 = serializers.IntegerField(allow_null=True)
    p95 = serializers.IntegerField(allow_null=True)


class FlowWeekOut(serializers.Serializer):
    week = serializers.DateField()
    done = serializers.IntegerField()


class FlowBandOut(serializers.Serializer):
    name = serializers.CharField()
    stage = serializers.ChoiceField(choices=[stage.value for stage in Stage])
    removed = serializers.BooleanField()
    cards = serializers.ListField(child=serializers.IntegerField())


class FlowPlaceOut(serializers.Serializer):
    column = serializers.CharField()
    removed = serializers.BooleanField()
    seconds = SpreadOut()
    blocked_share = serializers.FloatField(allow_null=True)


class AgeingOut(serializers.Serializer):
    id = serializers.IntegerField()
    number = serializers.IntegerField()
    title = serializers.CharField()
    board = serializers.IntegerField()
    column = serializers.CharField()
    seconds = serializers.IntegerField()
    older_than = serializers.ChoiceField(choices=[0, 50, 85])
    blocked = serializers.BooleanField()


class FlowOut(serializers.Serializer):
    to = serializers.DateField()
    done = serializers.IntegerField()
    never_started = serializers.IntegerField()
    in_work = serializers.IntegerField()
    blocked = serializers.IntegerField()
    cycle_time = SpreadOut()
    lead_time = SpreadOut()
    throughput = FlowWeekOut(many=True)
    days = serializers.ListField(child=serializers.DateField())
    cumulative = FlowBandOut(many=True)
    columns = FlowPlaceOut(many=True)
    ageing = AgeingOut(many=True)

    def get_fields(self) -> dict[str, Any]:
        """`from` is a word of the language."""
        return {"from": serializers.DateField(), **super().get_fields()}


def spread_out(spread: Spread) -> dict[str, Any]:
    shares = {name: getattr(spread, name) for name in ("p50", "p85", "p95")}
    whole = {name: None if told is None else round(told) for name, told in shares.items()}
    return {"n": spread.n, **whole}


def place_out(place: Place) -> dict[str, Any]:
    return {
        "column": place.name,
        "removed": place.is_gone,
        "seconds": spread_out(place.dwelling.spread),
        "blocked_share": place.dwelling.halted_share,
    }


def ageing_out(one: Ageing) -> dict[str, Any]:
    return {
        "id": one.card.pk,
        "number": one.card.number,
        "title": one.card.title,
        "board": one.card.board_id,
        "column": one.card.column.name,
        "seconds": round(one.seconds),
        "older_than": one.share,
        "blocked": one.held,
    }


def flow_out(flow: Flow) -> dict[str, Any]:
    """The flow with all times in seconds."""
    return {
        "from": flow.first,
        "to": flow.last,
        "done": flow.done,
        "never_started": flow.straight,
        "in_work": flow.in_work,
        "blocked": flow.held,
        "cycle_time": spread_out(flow.cycle),
        "lead_time": spread_out(flow.lead),
        "throughput": [{"week": week, "done": count} for week, count in flow.weeks],
        "days": flow.days,
        "cumulative": [
            {
                "name": band.name or band.stage.value,
                "stage": band.stage.value,
                "removed": band.is_gone,
                "cards": band.values,
            }
            for band in flow.bands
        ],
        "columns": [place_out(place) for place in flow.places],
        "ageing": [ageing_out(one) for one in flow.ageing],
    }


class FlowView(BoardView):
    def answer(self, request: Request, scope: Scope) -> Response:
        at = now()
        last = self.day(request, "to") or self.workspace.day_of(at)
        first = self.day(request, "from") or last - timedelta(days=USUAL - 1)
        if not 0 <= (last - first).days < LONGEST:
            message = _("Ask for 1 to %(most)d days.") % {"most": LONGEST}
            raise Invalid([at_field("from", "out_of_range", message)])
        return Response(flow_out(flow_of(scope, first, last, at=at)))

    def day(self, request: Request, name: str) -> date | None:
        """A day of the query, None where it says none."""
        text = request.query_params.get(name)
        if text is None:
            return None
        try:
            day = date.fromisoformat(text)
        except ValueError as error:
            message = _("Write a day as YYYY-MM-DD.")
            raise Invalid([at_field(name, "invalid", message)]) from error
        if not is_plannable(day):
            raise Invalid([at_field(name, "out_of_range", _("This day is too far away."))])
        return day

    def row(self, request: Request, name: str, model: type[Model]) -> Any:
        """A row of this workspace that the query names by its id, None where it names none."""
        text = request.query_params.get(name)
        if text is None:
            return None
        number = int(text[:20]) if text.isascii() and text.isdigit() else 0
        rows = model._default_manager.filter(workspace=self.workspace)
        found = rows.filter(pk=number).first() if 0 < number <= LARGEST_ID else None
        if found is None:
            raise Invalid([at_field(name, "not_found", _("There is nothing of the kind here."))])
        return found


class BoardFlow(FlowView):
    can = {"GET": "workspace.view", "PATCH": "boards.edit"}
    asks = DAYS

    @extend_schema(responses=FlowOut, operation_id="read_flow_of_board")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        board = find_or_404(Board, pk, self)
        return self.answer(request, Scope(self.workspace, board=board))

    @extend_schema(request=RuleIn, responses=BoardOut, operation_id="rule_blocked_cards")
    def patch(self, request: Request, slug: str, pk: str) -> Response:
        board = find_or_404(Board, pk, self)
        said = self.shape(RuleIn, request.data)
        hard, version = said["blocked_is_hard"], said["version"]
        rule_blocked(board, hard=hard, version=version, by=self.member, at=now())
        return Response(self.tell(board))


class WholeFlow(FlowView):
    asks = [*DAYS, *NARROWED]

    @extend_schema(responses=FlowOut, operation_id="read_flow")
    def get(self, request: Request, slug: str) -> Response:
        board, goal = self.row(request, "board", Board), self.row(request, "goal", Goal)
        label = self.row(request, "label", Label)
        return self.answer(request, Scope(self.workspace, board, goal, label))
