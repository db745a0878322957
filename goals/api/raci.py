from collections.abc import Mapping
from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from goals.api.fields import OwnerField
from goals.models import Goal
from goals.models.goals import STATUS_CHOICES
from goals.operations.raci import set_raci
from goals.queries.raci import Raci, parts_of, raci_with_steps
from goals.rules.raci import Letter, Party, Seat
from workspaces.models import Membership, Stakeholder
from workspaces.rest import StrictSerializer, WorkspaceView, find_or_404
from workspaces.rules.errors import Invalid, at_field

ID = {"type": ["integer", "null"]}
TOLD = {"goal", "title", "steps"}
HELPING = (Letter.RESPONSIBLE, Letter.CONSULTED, Letter.INFORMED)


class PartyIn(StrictSerializer):
    """Who has a part, as it is told: the name, and the other one as null, may stand beside."""

    member = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=2**63 - 1
    )
    stakeholder = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=2**63 - 1
    )
    name = serializers.CharField(required=False, help_text="Only told.")

    def validate(self, attrs: dict[str, Any]) -> Party:
        """Exactly one of the two."""
        found = {name: attrs.get(name) for name in ("member", "stakeholder")}
        if sum(one is not None for one in found.values()) != 1:
            raise serializers.ValidationError(
                _("Name a member or a stakeholder, one of the two."), code="one_of_two"
            )
        return Party(**found)


@extend_schema_field(
    {
        "oneOf": [
            {"type": "string", "format": "email"},
            {"type": "integer"},
            {"type": "object", "properties": dict.fromkeys(("member", "stakeholder"), ID)},
        ]
    }
)
class PartyField(OwnerField):
    """A member by e-mail address or id, or a member or stakeholder as it is told."""

    def to_internal_value(self, data: object) -> Party:
        """Read the short form or the long one."""
        if not isinstance(data, Mapping):
            return Party(member=super().to_internal_value(data).pk)
        shape = PartyIn(data=data, context=self.context)
        shape.is_valid(raise_exception=True)
        return shape.validated_data


class RaciIn(StrictSerializer):
    """What GET tells can be put; what is only told must say what stands."""

    version = serializers.IntegerField(min_value=1)
    accountable = PartyField()
    responsible = serializers.ListField(child=PartyField(), required=False, max_length=200)
    consulted = serializers.ListField(child=PartyField(), required=False, max_length=200)
    informed = serializers.ListField(child=PartyField(), required=False, max_length=200)
    goal = serializers.JSONField(required=False, help_text="Only told.")
    title = serializers.JSONField(required=False, help_text="Only told.")
    steps = serializers.JSONField(required=False, help_text="Only told: a step has its own roles.")


class PartyOut(serializers.Serializer):
    member = serializers.IntegerField(allow_null=True)
    stakeholder = serializers.IntegerField(allow_null=True)
    name = serializers.CharField()


class StepRaciOut(serializers.Serializer):
    goal = serializers.IntegerField()
    title = serializers.CharField()
    version = serializers.IntegerField()
    accountable = PartyOut(allow_null=True)
    responsible = PartyOut(many=True)
    consulted = PartyOut(many=True)
    informed = PartyOut(many=True)


class RaciOut(StepRaciOut):
    steps = StepRaciOut(many=True)


class HeldPartOut(serializers.Serializer):
    goal = serializers.IntegerField()
    title = serializers.CharField()
    status = serializers.ChoiceField(choices=STATUS_CHOICES)
    open = serializers.BooleanField()
    served = serializers.BooleanField(help_text="Whether the goal serves the stakeholder.")
    raci = serializers.ChoiceField(
        choices=[letter.name.lower() for letter in HELPING], allow_null=True
    )


def party_out(person: Membership | Stakeholder) -> dict[str, Any]:
    own = isinstance(person, Membership)
    return {
        "member": person.pk if own else None,
        "stakeholder": None if own else person.pk,
        "name": person.user.display_name if own else person.name,
    }


def raci_out(raci: Raci) -> dict[str, Any]:
    head = raci.accountable
    return {
        "goal": raci.goal.pk,
        "title": raci.goal.title,
        "version": raci.goal.version,
        "accountable": None if head is None else party_out(head),
        "responsible": [party_out(person) for person in raci.responsible],
        "consulted": [party_out(person) for person in raci.consulted],
        "informed": [party_out(person) for person in raci.informed],
    }


class GoalRaci(WorkspaceView):
    can = {"GET": "workspace.view", "PUT": "goals.edit"}

    def render_current(self, goal: Goal) -> dict[str, Any]:
        """The roles as they stand, for a 409."""
        return self.tell(goal)

    def tell(self, goal: Goal) -> dict[str, Any]:
        own, steps = raci_with_steps(self.workspace, goal)
        return {**raci_out(own), "steps": [raci_out(step) for step in steps]}

    def refuse_told(self, goal: Goal, asked: dict[str, Any]) -> None:
        """What is only told cannot be put; of a goal that changed meanwhile it may be old."""
        if asked["version"] != goal.version or not TOLD & asked.keys():
            return
        stands = self.tell(goal)
        message = _("This is only told here. Put the roles of a step at the step.")
        off = [name for name in sorted(TOLD & asked.keys()) if asked[name] != stands[name]]
        if off:
            raise Invalid([at_field(name, "read_only", message) for name in off])

    @extend_schema(responses=RaciOut, operation_id="raci")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        return Response(self.tell(find_or_404(Goal, pk, self)))

    @extend_schema(request=RaciIn, responses=RaciOut, operation_id="set_raci")
    def put(self, request: Request, slug: str, pk: str) -> Response:
        goal = find_or_404(Goal, pk, self)
        asked = self.shape(RaciIn, request.data)
        self.refuse_told(goal, asked)
        seats = [Seat(Letter.ACCOUNTABLE, asked["accountable"])]
        seats += [
            Seat(letter, party)
            for letter in HELPING
            for party in asked.get(letter.name.lower(), [])
        ]
        changed = set_raci(goal, seats=seats, version=asked["version"], by=self.member, at=now())
        return Response(self.tell(changed))


class GoalsOfStakeholder(WorkspaceView):
    @extend_schema(responses=HeldPartOut(many=True), operation_id="goals_of_stakeholder")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        parts = parts_of(find_or_404(Stakeholder, pk, self))
        return Response(
            [
                {
                    "goal": part.goal.pk,
                    "title": part.goal.title,
                    "status": part.goal.status,
                    "open": part.goal.is_open,
                    "served": part.is_served,
                    "raci": Letter(part.letter).name.lower() if part.letter else None,
                }
                for part in parts
            ]
        )
