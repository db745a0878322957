from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tasks.api.bulk import SeenCardIn
from tasks.api.choices import read_query
from tasks.api.fields import MemberField
from tasks.api.shapes import CardPersonOut, person_out
from tasks.models import Board, Capacity, Card
from tasks.models.capacities import MOST_HOURS
from tasks.operations.bulk import MOST_CARDS
from tasks.operations.capacities import set_capacity
from tasks.operations.schedules import MOST_DAYS, shift_cards
from tasks.queries.capacities import capacities_of
from tasks.queries.choices import all_boards
from tasks.queries.filters import fits
from tasks.queries.timelines import MOST, Asked, Bar, By, Timeline, timeline_of
from tasks.queries.workload import Line, Workload, workload_of
from workspaces.rest import StrictSerializer, WorkspaceView, find_or_404
from workspaces.rules.errors import Invalid, at_field

USUAL, MOST_WEEKS = 8, 26
LARGEST_VERSION = 2**31 - 1
QUERY = OpenApiParameter("query", str, description="As in the board's address: assignee=me.")
GROUPED = OpenApiParameter("by", str, enum=[by.value for by in By])
WEEKS = OpenApiParameter("weeks", int, description="1 to 26; default 8.")


class TimelineCardOut(serializers.Serializer):
    id = serializers.IntegerField()
    number = serializers.IntegerField()
    version = serializers.IntegerField()
    title = serializers.CharField()
    board = serializers.IntegerField()
    start = serializers.DateField(allow_null=True)
    due = serializers.DateField(allow_null=True)
    done = serializers.BooleanField()
    waits_for = serializers.ListField(child=serializers.IntegerField())
    slack = serializers.IntegerField(
        allow_null=True, help_text="Days before the longest chain is longer; null: tied to nothing."
    )
    critical = serializers.BooleanField()
    too_early = serializers.BooleanField(help_text="Begins before what it waits for is done.")


class TimelineLaneOut(serializers.Serializer):
    name = serializers.CharField()
    cards = TimelineCardOut(many=True)


class TimelineOut(serializers.Serializer):
    lanes = TimelineLaneOut(many=True)
    undated = serializers.ListField(child=serializers.IntegerField())
    longest_chain = serializers.IntegerField(help_text="Days.")
    more = serializers.BooleanField(help_text=f"There are more than {MOST} cards.")


class ShiftIn(StrictSerializer):
    cards = SeenCardIn(many=True, max_length=MOST_CARDS, allow_empty=False)
    days = serializers.IntegerField(min_value=-MOST_DAYS, max_value=MOST_DAYS)


class ShiftedOut(serializers.Serializer):
    id = serializers.IntegerField()
    version = serializers.IntegerField()
    start = serializers.DateField(allow_null=True)
    due = serializers.DateField(allow_null=True)


class ShiftOut(serializers.Serializer):
    cards = ShiftedOut(many=True)


class HoursField(serializers.DecimalField):
    def __init__(self, **options: Any) -> None:
        super().__init__(9, 2, coerce_to_string=False, **options)


class LoadWeekOut(serializers.Serializer):
    week = serializers.DateField()
    hours = HoursField()
    capacity = HoursField()
    over = serializers.BooleanField()
    cards = serializers.ListField(child=serializers.IntegerField())


class LoadOut(serializers.Serializer):
    member = CardPersonOut(allow_null=True)
    hours_a_week = HoursField(allow_null=True)
    weeks = LoadWeekOut(many=True)
    later = HoursField()
    without_day = HoursField()
    without_estimate = serializers.ListField(child=serializers.IntegerField())


class WorkloadOut(serializers.Serializer):
    weeks = serializers.ListField(child=serializers.DateField())
    people = LoadOut(many=True)


class CapacityIn(StrictSerializer):
    member = MemberField(required=False, allow_null=True, help_text="Null: everybody.")
    hours = serializers.DecimalField(
        5, 2, min_value=Decimal(0), max_value=MOST_HOURS, allow_null=True,
        help_text="A week; null: as everybody, and there 40.",
    )  # fmt: skip
    version = serializers.IntegerField(
        min_value=0, max_value=LARGEST_VERSION, help_text="That you saw; 0: nothing was said yet."
    )


class CapacityOut(serializers.Serializer):
    member = serializers.IntegerField(allow_null=True)
    hours = HoursField(allow_null=True)
    version = serializers.IntegerField()


def card_out(bar: Bar) -> dict[str, Any]:
    card = bar.card
    return {
        "id": card.pk,
        "number": card.number,
        "version": card.version,
        "title": card.title,
        "board": card.board_id,
        "start": card.start_on,
        "due": card.due_on,
        "done": card.is_done,
        "waits_for": bar.waits_for,
        "slack": bar.slack.days if bar.slack else None,
        "critical": bar.is_critical,
        "too_early": bar.is_early,
    }


def timeline_out(found: Timeline) -> dict[str, Any]:
    lanes = [{"name": lane.name, "cards": [card_out(b) for b in lane.bars]} for lane in found.lanes]
    return {
        "lanes": lanes,
        "undated": [card.pk for card in found.undated],
        "longest_chain": found.chain_days,
        "more": found.more,
    }


def load_out(line: Line) -> dict[str, Any]:
    """The work of a member; nobody has no hours, and nothing can be too much."""
    load = line.load
    return {
        "member": person_out(line.member),
        "hours_a_week": line.hours if line.member else None,
        "weeks": [
            {
                "week": cell.week,
                "hours": cell.hours,
                "capacity": cell.capacity,
                "over": line.member is not None and cell.is_over,
                "cards": list(cell.jobs),
            }
            for cell in load.cells
        ],
        "later": load.later,
        "without_day": load.unplanned_hours,
        "without_estimate": load.unknown,
    }


def workload_out(found: Workload) -> dict[str, Any]:
    return {"weeks": found.weeks, "people": [load_out(line) for line in found.lines]}


def capacity_out(row: Capacity) -> dict[str, Any]:
    return {"member": row.member_id, "hours": row.hours, "version": row.version}


class ScheduleView(WorkspaceView):
    def place(self, pk: str | None) -> Board:
        """The board that is asked for, or what stands for all of them."""
        board = find_or_404(Board, pk, self) if pk else all_boards(self.workspace)
        board.workspace = self.workspace
        return board

    def only(self, request: Request, board: Board) -> tuple[Q, bool]:
        """What the query looks for, and whether it says what is done."""
        text = request.query_params.get("query", "")
        if not text:
            return Q(), False
        wanted, today = read_query(text), self.workspace.day_of(now())
        return fits(wanted, board, member=self.member, today=today), wanted.done != ""

    def timeline(self, request: Request, pk: str | None = None) -> Response:
        place, by = self.place(pk), request.query_params.get("by", By.NONE.value)
        if by not in set(By):
            message = _("Say one of: %(words)s.") % {"words": ", ".join(By)}
            raise Invalid([at_field("by", "invalid", message)])
        only, done = self.only(request, place)
        today, board = self.workspace.day_of(now()), place if pk else None
        asked = Asked(self.workspace, today, board, only, By(by), done=done)
        return Response(timeline_out(timeline_of(asked)))

    def workload(self, request: Request, pk: str | None = None) -> Response:
        place, text = self.place(pk), request.query_params.get("weeks", str(USUAL))
        weeks = int(text) if text.isascii() and text.isdigit() and len(text) < len("999") else 0
        if not 1 <= weeks <= MOST_WEEKS:
            message = _("Ask for 1 to %(most)d weeks.") % {"most": MOST_WEEKS}
            raise Invalid([at_field("weeks", "out_of_range", message)])
        only, _done = self.only(request, place)
        today, board = self.workspace.day_of(now()), place if pk else None
        return Response(
            workload_out(workload_of(self.workspace, today, weeks, board=board, only=only))
        )


class BoardTimeline(ScheduleView):
    asks = [QUERY, GROUPED]

    @extend_schema(responses=TimelineOut, operation_id="read_timeline_of_board")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        return self.timeline(request, pk)


class WholeTimeline(ScheduleView):
    asks = [QUERY, GROUPED]

    @extend_schema(responses=TimelineOut, operation_id="read_timeline")
    def get(self, request: Request, slug: str) -> Response:
        return self.timeline(request)


class ShiftCards(WorkspaceView):
    can = {"POST": "work.edit"}

    @extend_schema(request=ShiftIn, responses=ShiftOut, operation_id="shift_cards")
    def post(self, request: Request, slug: str) -> Response:
        fields = self.shape(ShiftIn, request.data)
        cards = [(seen["id"], seen["version"]) for seen in fields["cards"]]
        moved = shift_cards(cards, days=fields["days"], by=self.member, at=now())
        rows = [
            {"id": c.pk, "version": c.version, "start": c.start_on, "due": c.due_on} for c in moved
        ]
        return Response({"cards": rows})

    def render_current(self, current: Card) -> dict[str, Any]:
        days = {"start": current.start_on, "due": current.due_on}
        return {"id": current.pk, "version": current.version, **days}


class BoardWorkload(ScheduleView):
    asks = [QUERY, WEEKS]

    @extend_schema(responses=WorkloadOut, operation_id="read_workload_of_board")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        return self.workload(request, pk)


class WholeWorkload(ScheduleView):
    asks = [QUERY, WEEKS]

    @extend_schema(responses=WorkloadOut, operation_id="read_workload")
    def get(self, request: Request, slug: str) -> Response:
        return self.workload(request)


class Capacities(WorkspaceView):
    can = {"GET": "workspace.view", "PUT": "boards.edit"}

    @extend_schema(responses=CapacityOut(many=True), operation_id="list_capacities")
    def get(self, request: Request, slug: str) -> Response:
        said = capacities_of(self.workspace)
        return Response([capacity_out(row) for row in (said.everybody, *said.by_member.values())])

    @extend_schema(request=CapacityIn, responses=CapacityOut, operation_id="set_capacity")
    def put(self, request: Request, slug: str) -> Response:
        fields = self.shape(CapacityIn, request.data)
        member = fields.pop("member", None)
        row = set_capacity(self.workspace, member, **fields, by=self.member, at=now())
        return Response(capacity_out(row))

    def render_current(self, current: Capacity) -> dict[str, Any]:
        return capacity_out(current)
