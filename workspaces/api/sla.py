from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from workspaces.models import Assurance, Sla, SlaPromise, Stakeholder
from workspaces.operations.sla import (
    LONGEST_RESPONSE,
    PromiseDraft,
    SlaDraft,
    agree_sla,
    assure,
    change_promise,
    change_sla,
    end_sla,
    give_promise,
    withdraw_promise,
)
from workspaces.queries.sla import promises_of, slas_of
from workspaces.queries.stakeholders import stakeholders_of
from workspaces.rest import Pages, StrictSerializer, WorkspaceView, find_or_404
from workspaces.rules.sla import Counts, Side

LARGEST = 2**63 - 1
SIDES = [side.value for side in Side]
COUNTS = [counts.value for counts in Counts]


class PartyField(serializers.IntegerField):
    """A stakeholder of the workspace, by id."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=1, max_value=LARGEST, **options)

    def to_internal_value(self, data: object) -> Stakeholder:
        """Another workspace's stakeholder does not exist."""
        pk = super().to_internal_value(data)
        found = stakeholders_of(self.context["view"].workspace).filter(pk=pk).first()
        if found is None:
            raise serializers.ValidationError(_("There is no such stakeholder."), code="not_found")
        return found

    def run_validators(self, value: object) -> None:
        """The id was checked when it was looked up."""


class AssuranceIn(StrictSerializer):
    stage = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")
    text = serializers.CharField(max_length=200)


class SlaIn(StrictSerializer):
    name = serializers.CharField(max_length=120)
    provider = PartyField()
    receiver = PartyField()
    counts = serializers.ChoiceField(choices=COUNTS, required=False)
    starts_on = serializers.DateField(required=False)
    expectations = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    assurances = AssuranceIn(many=True, required=False, max_length=50)


class SlaPatch(SlaIn):
    version = serializers.IntegerField(min_value=1)
    name = serializers.CharField(max_length=120, required=False)
    provider = PartyField(required=False)
    receiver = PartyField(required=False)


class VersionIn(StrictSerializer):
    version = serializers.IntegerField(min_value=1)


class PromiseIn(StrictSerializer):
    side = serializers.ChoiceField(choices=SIDES)
    deliverable = serializers.CharField(max_length=200)
    quality = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    mitigation = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    response_minutes = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=LONGEST_RESPONSE,
        help_text="Of working time; null: no answer is promised.",
    )  # fmt: skip


class PromisePatch(PromiseIn):
    version = serializers.IntegerField(min_value=1)
    side = serializers.ChoiceField(choices=SIDES, required=False)
    deliverable = serializers.CharField(max_length=200, required=False)


class AssurancePatch(StrictSerializer):
    assured = serializers.BooleanField()


class PartyRefOut(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class AssuranceOut(serializers.Serializer):
    id = serializers.IntegerField()
    stage = serializers.CharField()
    text = serializers.CharField()
    assured_at = serializers.DateTimeField(allow_null=True)


class PromiseOut(serializers.Serializer):
    id = serializers.IntegerField()
    version = serializers.IntegerField()
    sla = serializers.IntegerField()
    side = serializers.ChoiceField(choices=SIDES)
    deliverable = serializers.CharField()
    quality = serializers.CharField()
    mitigation = serializers.CharField()
    response_minutes = serializers.IntegerField(allow_null=True)
    withdrawn = serializers.BooleanField()


class SlaOut(serializers.Serializer):
    id = serializers.IntegerField()
    version = serializers.IntegerField()
    name = serializers.CharField()
    provider = PartyRefOut()
    receiver = PartyRefOut()
    counts = serializers.ChoiceField(choices=COUNTS)
    starts_on = serializers.DateField()
    expectations = serializers.CharField()
    ended_at = serializers.DateTimeField(allow_null=True)
    assurances = AssuranceOut(many=True)
    promises = PromiseOut(many=True)


def assurance_out(assurance: Assurance) -> dict[str, Any]:
    return {
        "id": assurance.pk,
        "stage": assurance.stage,
        "text": assurance.text,
        "assured_at": assurance.assured_at.isoformat() if assurance.assured_at else None,
    }


def promise_out(promise: SlaPromise) -> dict[str, Any]:
    return {
        "id": promise.pk,
        "version": promise.version,
        "sla": promise.sla_id,
        "side": promise.side,
        "deliverable": promise.deliverable,
        "quality": promise.quality,
        "mitigation": promise.mitigation,
        "response_minutes": promise.response_minutes,
        "withdrawn": promise.withdrawn_at is not None,
    }


def sla_out(sla: Sla, promises: list[SlaPromise]) -> dict[str, Any]:
    assurances = sorted(sla.assurances.all(), key=lambda row: (row.place, row.pk))
    return {
        "id": sla.pk,
        "version": sla.version,
        "name": sla.name,
        "provider": {"id": sla.provider_id, "name": sla.provider.name},
        "receiver": {"id": sla.receiver_id, "name": sla.receiver.name},
        "counts": sla.counts,
        "starts_on": sla.starts_on.isoformat(),
        "expectations": sla.expectations,
        "ended_at": sla.ended_at.isoformat() if sla.ended_at else None,
        "assurances": [assurance_out(row) for row in assurances],
        "promises": [promise_out(row) for row in promises],
    }


def fields_of(sla: Sla) -> dict[str, Any]:
    """An agreement as the body that would make it."""
    rows = sorted(sla.assurances.all(), key=lambda row: (row.place, row.pk))
    return {
        "name": sla.name,
        "provider": sla.provider,
        "receiver": sla.receiver,
        "counts": sla.counts,
        "starts_on": sla.starts_on,
        "expectations": sla.expectations,
        "assurances": [{"stage": row.stage, "text": row.text} for row in rows],
    }


def drafted(fields: dict[str, Any]) -> SlaDraft:
    counts = Counts(fields.pop("counts", Counts.BOTH))
    pairs = [(row["stage"], row["text"]) for row in fields.pop("assurances", ())]
    return SlaDraft(**fields, counts=counts, assurances=pairs)


class SlaView(WorkspaceView):
    """What the endpoints of agreements share."""

    def render_current(self, sla: Sla) -> dict[str, Any]:
        """The agreement as it stands, for a 409."""
        return self.tell(sla)

    def tell(self, sla: Sla) -> dict[str, Any]:
        row = slas_of(self.workspace).get(pk=sla.pk)
        return sla_out(row, promises_of([row])[row.pk])


class Slas(SlaView):
    can = {"GET": "workspace.view", "POST": "sla.edit"}
    pagination_class = Pages

    @extend_schema(responses=SlaOut(many=True), operation_id="slas")
    def get(self, request: Request, slug: str) -> Response:
        pages = Pages()
        found = slas_of(self.workspace).prefetch_related("assurances")
        rows = pages.paginate_queryset(found, request, view=self)
        promises = promises_of(rows)
        return pages.get_paginated_response([sla_out(row, promises[row.pk]) for row in rows])

    @extend_schema(request=SlaIn, responses={201: SlaOut}, operation_id="agree_sla")
    def post(self, request: Request, slug: str) -> Response:
        at = now()
        fields = {"starts_on": self.workspace.day_of(at), **self.shape(SlaIn, request.data)}
        made = agree_sla(self.workspace, draft=drafted(fields), by=self.member, at=at)
        return Response(self.tell(made), status=201)


class SlaDetail(SlaView):
    can = {"GET": "workspace.view", "PATCH": "sla.edit"}

    @extend_schema(responses=SlaOut, operation_id="sla")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        return Response(self.tell(find_or_404(Sla, pk, self)))

    @extend_schema(request=SlaPatch, responses=SlaOut, operation_id="change_sla")
    def patch(self, request: Request, slug: str, pk: str) -> Response:
        found = find_or_404(Sla, pk, self)
        fields = self.shape(SlaPatch, request.data)
        version = fields.pop("version")
        draft = drafted({**fields_of(found), **fields})
        changed = change_sla(found, draft=draft, version=version, by=self.member, at=now())
        return Response(self.tell(changed))


class EndSla(SlaView):
    can = {"POST": "sla.edit"}

    @extend_schema(request=VersionIn, responses=SlaOut, operation_id="end_sla")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        found = find_or_404(Sla, pk, self)
        asked = self.shape(VersionIn, request.data)
        return Response(self.tell(end_sla(found, **asked, by=self.member, at=now())))


class PromisesOfSla(WorkspaceView):
    can = {"POST": "sla.edit"}

    @extend_schema(request=PromiseIn, responses={201: PromiseOut}, operation_id="give_promise")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        found = find_or_404(Sla, pk, self)
        fields = self.shape(PromiseIn, request.data)
        draft = PromiseDraft(**{**fields, "side": Side(fields["side"])})
        made = give_promise(found, draft=draft, by=self.member, at=now())
        return Response(promise_out(made), status=201)


class PromiseDetail(WorkspaceView):
    can = {"GET": "workspace.view", "PATCH": "sla.edit", "DELETE": "sla.edit"}

    def render_current(self, promise: SlaPromise) -> dict[str, Any]:
        """The promise as it stands, for a 409."""
        return promise_out(promise)

    @extend_schema(responses=PromiseOut, operation_id="promise")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        return Response(promise_out(find_or_404(SlaPromise, pk, self)))

    @extend_schema(request=PromisePatch, responses=PromiseOut, operation_id="change_promise")
    def patch(self, request: Request, slug: str, pk: str) -> Response:
        found = find_or_404(SlaPromise, pk, self)
        asked = self.shape(PromisePatch, request.data)
        version = asked.pop("version")
        names = ("side", "deliverable", "quality", "mitigation", "response_minutes")
        fields = {**{name: getattr(found, name) for name in names}, **asked}
        draft = PromiseDraft(**{**fields, "side": Side(fields["side"])})
        changed = change_promise(found, draft=draft, version=version, by=self.member, at=now())
        return Response(promise_out(changed))

    @extend_schema(
        responses={204: None},
        operation_id="withdraw_promise",
        description="The promise is given no more; its past stays.",
    )
    def delete(self, request: Request, slug: str, pk: str) -> Response:
        found = find_or_404(SlaPromise, pk, self)
        withdraw_promise(found, version=found.version, by=self.member, at=now())
        return Response(status=204)


class AssuranceDetail(WorkspaceView):
    can = {"PATCH": "sla.run"}

    @extend_schema(request=AssurancePatch, responses=AssuranceOut, operation_id="assure")
    def patch(self, request: Request, slug: str, pk: str) -> Response:
        found = find_or_404(Assurance, pk, self)
        wanted = self.shape(AssurancePatch, request.data)["assured"]
        return Response(assurance_out(assure(found, is_assured=wanted, by=self.member, at=now())))
