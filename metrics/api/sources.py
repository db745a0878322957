from typing import Any

from django.http import Http404
from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.models.imports import Source
from metrics.operations.quality import expect_feed, expect_source
from metrics.queries.catalogue import find_metric
from metrics.queries.sources import Silence, SourceRow, sources_of
from workspaces.rest import StrictSerializer, WorkspaceView, find_or_404


class FeedOut(serializers.Serializer):
    metric = serializers.CharField()
    data_until = serializers.DateField()
    expected = serializers.BooleanField(
        help_text="false: it was stated that no more comes from here."
    )


class SourceOut(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    cadence_days = serializers.IntegerField(allow_null=True, help_text="null: learned; 0: ended")
    lag_days = serializers.IntegerField()
    data_until = serializers.DateField(allow_null=True)
    state = serializers.ChoiceField(
        choices=["fresh", "late", "stale"],
        allow_null=True,
        help_text="null: `silence` says why there is none.",
    )
    silence = serializers.ChoiceField(
        choices=[why.value for why in Silence],
        allow_null=True,
        help_text="not_expected: it was stated; past: what came promises no more.",
    )
    metrics = FeedOut(many=True)


class SourcePatch(StrictSerializer):
    cadence_days = serializers.IntegerField(
        required=False,
        allow_null=True,
        help_text="Every so many days; null: learned; 0: it is not expected to send any more.",
    )
    lag_days = serializers.IntegerField(required=False)


class FeedPatch(StrictSerializer):
    expected = serializers.BooleanField(
        help_text="false: this source is not expected to send this metric any more."
    )


def source_out(row: SourceRow) -> dict[str, Any]:
    return {
        "id": row.source.pk,
        "name": row.source.name,
        "cadence_days": row.source.cadence_days,
        "lag_days": row.source.lag_days,
        "data_until": row.until,
        "state": row.state.value if row.state else None,
        "silence": row.silence.value if row.silence else None,
        "metrics": [
            {"metric": feed.metric.key, "data_until": feed.until, "expected": not feed.is_over}
            for feed in row.feeds
        ],
    }


class Sources(WorkspaceView):
    """Where observations come from, and how fresh each source is."""

    @extend_schema(responses=SourceOut(many=True), operation_id="source_freshness")
    def get(self, request: Request, slug: str) -> Response:
        return Response([source_out(row) for row in sources_of(self.workspace, at=now())])


class SourceDetail(WorkspaceView):
    can = {"PATCH": "metrics.edit"}

    @extend_schema(request=SourcePatch, responses=SourceOut, operation_id="expect_source")
    def patch(self, request: Request, slug: str, pk: str) -> Response:
        source = find_or_404(Source, pk, self)
        fields = self.shape(SourcePatch, request.data)
        expect_source(
            source,
            cadence=fields.get("cadence_days", source.cadence_days),
            lag=fields.get("lag_days", source.lag_days),
            by=self.member,
            at=now(),
        )
        return Response(told_of(source))


class SourceFeed(WorkspaceView):
    """One metric that a source sends."""

    can = {"PATCH": "metrics.edit"}

    @extend_schema(request=FeedPatch, responses=SourceOut, operation_id="expect_feed")
    def patch(self, request: Request, slug: str, pk: str, key: str) -> Response:
        source, metric = find_or_404(Source, pk, self), find_metric(self.workspace, key)
        if metric is None:
            raise Http404
        wanted = self.shape(FeedPatch, request.data)["expected"]
        expect_feed(source, metric, is_expected=wanted, by=self.member, at=now())
        return Response(told_of(source))


def told_of(source: Source) -> dict[str, Any]:
    """The source as the list tells it; one that it leaves out has sent nothing."""
    rows = {row.source.pk: row for row in sources_of(source.workspace, at=now())}
    nothing = SourceRow(source, None, None, None, Silence.NO_DATA)
    return source_out(rows.get(source.pk, nothing))
