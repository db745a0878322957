from typing import Any

from django.utils.timezone import now
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tasks.api.card_shapes import WORDS, PriorityField
from tasks.api.choices import LONGEST_QUERY, read_query
from tasks.api.fields import ColumnField, LabelField, MemberField, VersionField
from tasks.api.shapes import SawIn
from tasks.models import Automation, AutomationRun, Board
from tasks.models.automations import RULE_LENGTH
from tasks.operations.automations import (
    AutomationDraft,
    add_automation,
    change_automation,
    draft_of,
    remove_automation,
)
from tasks.queries.automations import automations_of, did_words, runs_of, would_have_met
from tasks.queries.choices import query_of
from tasks.rules.automations import (
    CREATOR,
    MOST_AHEAD,
    MOST_DAYS,
    MOST_TURNS,
    NOBODY,
    RESPONSIBLE,
    TITLE_LENGTH,
    TURNS,
    WATCHERS,
    Then,
    When,
)
from tasks.rules.filters import Wanted
from workspaces.models import Membership
from workspaces.rest import Pages, StrictSerializer, WorkspaceView, find_or_404

AUTOMATION_WHENS = [when.value for when in When]
MOST_COLUMNS = 50
OUTCOMES = AutomationRun.Outcome.values
ROWS = ("label_on", "label_off", "move_to", "follow_up_to")


@extend_schema_field({"oneOf": [{"type": "string"}, {"type": "integer"}]})
class AssignField(serializers.Field):
    """NOBODY, CREATOR, TURNS, or a member by e-mail address or id."""

    words = (NOBODY, CREATOR, TURNS)

    def to_internal_value(self, data: object) -> str:
        """The word, or the member's id as text."""
        if isinstance(data, str) and data in self.words:
            return data
        return str(self.member(data).pk)

    def member(self, data: object) -> Membership:
        """The member that is named."""
        field = MemberField()
        field.bind(str(self.field_name), self)
        return field.to_internal_value(data)

    def to_representation(self, value: object) -> object:
        """As it is kept."""
        return value


@extend_schema_field({"oneOf": [{"type": "string"}, {"type": "integer"}]})
class TellField(AssignField):
    """RESPONSIBLE, WATCHERS, or a member by e-mail address or id."""

    words = (RESPONSIBLE, WATCHERS)


class ThenIn(StrictSerializer):
    assign = AssignField(
        required=False, help_text="nobody, creator, turns, or a member (e-mail address or id)."
    )
    turns = serializers.ListField(child=MemberField(), required=False, max_length=MOST_TURNS)
    priority = PriorityField(required=False, allow_null=True)
    label_on = LabelField(required=False, allow_null=True)
    label_off = LabelField(required=False, allow_null=True)
    due_in = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, max_value=MOST_DAYS, help_text="Days."
    )
    due_works = serializers.BooleanField(required=False, help_text="Of working days.")
    move_to = ColumnField(required=False, allow_null=True)
    tick_all = serializers.BooleanField(required=False, help_text="Its whole checklist.")
    tick_parent = serializers.BooleanField(
        required=False, help_text="The steps of other cards that name it by #number."
    )
    follow_up = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=TITLE_LENGTH,
        help_text="The title of a new card; {title} is that of the first.",
    )
    follow_up_to = ColumnField(required=False, allow_null=True)
    tell = serializers.ListField(
        child=TellField(),
        required=False,
        max_length=MOST_TURNS,
        help_text="responsible, watchers, or members.",
    )


class AboutIn(StrictSerializer):
    column = ColumnField(required=False, help_text="Of comes and leaves.")
    label = LabelField(required=False, help_text="Of labelled.")
    days = serializers.IntegerField(
        required=False, min_value=0, max_value=MOST_AHEAD, help_text="Of due."
    )


class AutomationPatch(StrictSerializer):
    version = VersionField()
    name = serializers.CharField(max_length=RULE_LENGTH, required=False)
    when = serializers.ChoiceField(choices=AUTOMATION_WHENS, required=False)
    about = AboutIn(required=False)
    query = serializers.CharField(
        max_length=LONGEST_QUERY,
        required=False,
        allow_blank=True,
        help_text="Which cards, as in the board's address: priority=high&due=overdue.",
    )
    columns = serializers.ListField(
        child=ColumnField(), required=False, max_length=MOST_COLUMNS, help_text="It stands there."
    )
    then = ThenIn(required=False)
    is_on = serializers.BooleanField(required=False)


class AutomationIn(AutomationPatch):
    version = None
    name = serializers.CharField(max_length=RULE_LENGTH)
    when = serializers.ChoiceField(choices=AUTOMATION_WHENS)
    then = ThenIn()


class AboutOut(serializers.Serializer):
    column = serializers.IntegerField(required=False)
    label = serializers.IntegerField(required=False)
    days = serializers.IntegerField(required=False)


class ThenOut(serializers.Serializer):
    assign = serializers.CharField()
    turns = serializers.ListField(child=serializers.IntegerField())
    priority = PriorityField(allow_null=True)
    label_on = serializers.IntegerField(allow_null=True)
    label_off = serializers.IntegerField(allow_null=True)
    due_in = serializers.IntegerField(allow_null=True)
    due_works = serializers.BooleanField()
    move_to = serializers.IntegerField(allow_null=True)
    tick_all = serializers.BooleanField()
    tick_parent = serializers.BooleanField()
    follow_up = serializers.CharField()
    follow_up_to = serializers.IntegerField(allow_null=True)
    tell = serializers.ListField(child=serializers.CharField())


class AutomationRowOut(serializers.Serializer):
    id = serializers.IntegerField()
    version = serializers.IntegerField()
    name = serializers.CharField()
    when = serializers.ChoiceField(choices=AUTOMATION_WHENS)
    about = AboutOut()
    query = serializers.CharField()
    columns = serializers.ListField(child=serializers.IntegerField())
    then = ThenOut()
    is_on = serializers.BooleanField()
    off_why = serializers.CharField(help_text="by_hand, or what is gone: column, label, member.")


class AutomationOut(AutomationRowOut):
    met = serializers.IntegerField(
        help_text="For how many cards it would have been in the last 7 days."
    )


class AutomationRunOut(serializers.Serializer):
    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    card = serializers.IntegerField(allow_null=True)
    title = serializers.CharField()
    outcome = serializers.ChoiceField(choices=OUTCOMES)
    did = serializers.ListField(child=serializers.CharField())
    note = serializers.CharField(help_text="Why nothing was done.")


def automation_row(rule: Automation) -> dict[str, Any]:
    draft = draft_of(rule)
    then = draft.then.kept()
    then["priority"] = None if then["priority"] is None else WORDS[then["priority"]]
    names = ("version", "name", "when", "about", "columns", "is_on", "off_why")
    told = {name: getattr(rule, name) for name in names}
    return {"id": rule.pk, **told, "query": query_of(draft.wanted), "then": then}


def automation_out(rule: Automation) -> dict[str, Any]:
    return {**automation_row(rule), "met": would_have_met(rule, now())}


def run_out(run: AutomationRun) -> dict[str, Any]:
    told = {"at": run.at, "card": run.card_id, "title": run.card_title, "outcome": run.outcome}
    return {"id": run.pk, **told, "did": did_words(run), "note": run.note}


def drafted(fields: dict[str, Any]) -> dict[str, Any]:
    """What was sent by the names of a draft; rows as their ids."""
    said = dict(fields)
    if "query" in said:
        query = said.pop("query")
        said["wanted"] = read_query(query) if query else Wanted()
    if "columns" in said:
        said["columns"] = tuple(column.pk for column in said["columns"])
    if "about" in said:
        said["about"] = {name: getattr(v, "pk", v) for name, v in said["about"].items()}
    if "then" in said:
        then = {n: getattr(v, "pk", v) if n in ROWS else v for n, v in said["then"].items()}
        then["turns"] = tuple(member.pk for member in then.get("turns", ()))
        said["then"] = Then(**{**then, "tell": tuple(then.get("tell", ()))})
    return said


class AutomationView(WorkspaceView):
    def render_current(self, current: Automation) -> dict[str, Any]:
        return automation_out(current)


class BoardAutomations(AutomationView):
    can = {"GET": "boards.edit", "POST": "boards.edit"}
    pagination_class = Pages

    @extend_schema(responses=AutomationRowOut(many=True), operation_id="list_automations")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        pages, board = Pages(), find_or_404(Board, pk, self)
        rows = pages.paginate_queryset(automations_of(board), request, view=self)
        return pages.get_paginated_response([automation_row(row) for row in rows])

    @extend_schema(
        request=AutomationIn, responses={201: AutomationOut}, operation_id="add_automation"
    )
    def post(self, request: Request, slug: str, pk: str) -> Response:
        board = find_or_404(Board, pk, self)
        draft = AutomationDraft(**drafted(self.shape(AutomationIn, request.data)))
        rule = add_automation(board, draft=draft, by=self.member, at=now())
        return Response(automation_out(rule), status=201)


class AutomationDetail(AutomationView):
    can = {"GET": "boards.edit", "PATCH": "boards.edit", "DELETE": "boards.edit"}

    @extend_schema(responses=AutomationOut, operation_id="read_automation")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        return Response(automation_out(find_or_404(Automation, pk, self)))

    @extend_schema(
        request=AutomationPatch, responses=AutomationOut, operation_id="change_automation"
    )
    def patch(self, request: Request, slug: str, pk: str) -> Response:
        rule = find_or_404(Automation, pk, self)
        fields = self.shape(AutomationPatch, request.data)
        version = fields.pop("version")
        rule = change_automation(
            rule, version=version, changes=drafted(fields), by=self.member, at=now()
        )
        return Response(automation_out(rule))

    @extend_schema(request=SawIn, responses={204: None}, operation_id="remove_automation")
    def delete(self, request: Request, slug: str, pk: str) -> Response:
        rule = find_or_404(Automation, pk, self)
        version = self.shape(SawIn, request.data)["version"]
        remove_automation(rule, version=version, by=self.member, at=now())
        return Response(status=204)


class AutomationRuns(AutomationView):
    can = {"GET": "boards.edit"}
    pagination_class = Pages

    @extend_schema(responses=AutomationRunOut(many=True), operation_id="list_automation_runs")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        pages, rule = Pages(), find_or_404(Automation, pk, self)
        rows = pages.paginate_queryset(runs_of(rule), request, view=self)
        return pages.get_paginated_response([run_out(row) for row in rows])
