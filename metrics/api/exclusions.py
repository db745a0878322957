from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.api.fields import MetricKey
from metrics.forms.asking import Asking
from metrics.models.imports import Source
from metrics.models.quality import Exclusion
from metrics.operations.exclusions import Rule, exclude_facts, revoke_exclusion
from metrics.queries.exclusions import ExclusionRow, exclusions_of
from metrics.rules.amounts import plain
from metrics.rules.uniques import LONGEST_RECIPIENT
from workspaces.models import Membership
from workspaces.rest import Pages, StrictSerializer, WorkspaceView, find_or_404
from workspaces.rules.roles import may


class ExclusionIn(StrictSerializer):
    metric = MetricKey()
    source = serializers.CharField(max_length=80, required=False)
    trusted = serializers.CharField(
        max_length=80, required=False, help_text="The only source that counts; stands alone."
    )
    dim = serializers.CharField(max_length=63, required=False)
    dim_value = serializers.CharField(max_length=200, required=False, allow_blank=True)
    person = serializers.CharField(
        max_length=LONGEST_RECIPIENT,
        required=False,
        help_text="The id as in the files: what is about this person, or came in one row with it.",
    )
    factor = serializers.DecimalField(
        max_digits=9, decimal_places=3, required=False, help_text="Times the median."
    )
    reason = serializers.CharField(max_length=500)

    def validate_source(self, name: str) -> Source:
        """A source of this workspace."""
        return self._source(name)

    def validate_trusted(self, name: str) -> Source:
        """A source of this workspace."""
        return self._source(name)

    def _source(self, name: str) -> Source:
        workspace = self.context["view"].workspace
        source = Source.objects.filter(workspace=workspace, name=name).first()
        if source is None:
            message = _("There is no source of this name.")
            raise serializers.ValidationError(message, code="unknown_source")
        return source


class ExclusionOut(serializers.Serializer):
    id = serializers.IntegerField()
    metric = serializers.CharField()
    source = serializers.CharField(allow_null=True)
    trusted = serializers.CharField(allow_null=True)
    dim = serializers.CharField()
    dim_value = serializers.CharField()
    person = serializers.CharField(
        allow_null=True, help_text="null: of no one person; empty for viewers, who see no ids."
    )
    factor = serializers.CharField(allow_null=True)
    limit = serializers.CharField(allow_null=True, help_text="The largest value that counts.")
    reason = serializers.CharField()
    excluded = serializers.IntegerField(help_text="Observations that do not count by this rule.")
    by = serializers.CharField()
    at = serializers.DateTimeField()
    revoked_at = serializers.DateTimeField(allow_null=True)


def exclusion_out(row: ExclusionRow, reader: Membership) -> dict[str, Any]:
    rule = row.exclusion
    sees_ids = may(reader.rank, "metrics.edit")
    return {
        "id": rule.pk,
        "metric": rule.metric.key,
        "source": rule.source.name if rule.source else None,
        "trusted": rule.trusted.name if rule.trusted else None,
        "dim": rule.dim,
        "dim_value": rule.dim_value,
        "person": (rule.person if sees_ids else "") if rule.person else None,
        "factor": plain(rule.factor),
        "limit": plain(row.limit),
        "reason": rule.reason,
        "excluded": row.excluded,
        "by": rule.by.user.display_name if rule.by else "",
        "at": rule.at.isoformat(),
        "revoked_at": rule.revoked_at.isoformat() if rule.revoked_at else None,
    }


class Exclusions(WorkspaceView):
    """The rules by which observations do not count, newest first."""

    can = {"GET": "workspace.view", "POST": "metrics.edit"}
    asks = [OpenApiParameter("revoked", bool, description="true: only those that were revoked.")]
    pagination_class = Pages

    @extend_schema(responses=ExclusionOut(many=True), operation_id="exclusions")
    def get(self, request: Request, slug: str) -> Response:
        pages, asking = Pages(), Asking(request.query_params)
        revoked = asking.truth("revoked")
        asking.done()
        rows = pages.paginate_queryset(
            exclusions_of(self.workspace, revoked=revoked), request, view=self
        )
        told = [exclusion_out(ExclusionRow(row), self.member) for row in rows]
        return pages.get_paginated_response(told)

    @extend_schema(request=ExclusionIn, responses={201: ExclusionOut}, operation_id="exclude")
    def post(self, request: Request, slug: str) -> Response:
        fields = self.shape(ExclusionIn, request.data)
        metric = fields.pop("metric")
        made = exclude_facts(metric, rule=Rule(**fields), by=self.member, at=now())
        row = exclusions_of(self.workspace, revoked=False).get(pk=made.pk)
        return Response(exclusion_out(ExclusionRow(row), self.member), status=201)


class ExclusionDetail(WorkspaceView):
    can = {"DELETE": "metrics.edit"}

    @extend_schema(responses={204: None}, operation_id="revoke_exclusion")
    def delete(self, request: Request, slug: str, pk: str) -> Response:
        revoke_exclusion(find_or_404(Exclusion, pk, self), by=self.member, at=now())
        return Response(status=204)
