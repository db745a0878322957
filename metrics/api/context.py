from dataclasses import replace
from typing import Any

from django.utils.timezone import now
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.api.fields import MetricKey, Number
from metrics.api.metrics import MetricView
from metrics.forms.asking import GRAINS, Asking
from metrics.models.context import Annotation, Benchmark, MetricTarget
from metrics.operations.context import (
    Aim,
    Note,
    Reference,
    add_benchmark,
    aim_of,
    annotate,
    change_annotation,
    change_benchmark,
    change_target,
    note_of,
    reference_of,
    remove_annotation,
    remove_benchmark,
    remove_target,
    set_target,
)
from metrics.queries.context import (
    BenchmarkRow,
    Standing,
    annotations_of,
    benchmark_row,
    benchmarks_of,
    standing_of,
    targets_of,
)
from metrics.rules.amounts import plain
from metrics.rules.periods import Grain
from workspaces.rest import Pages, StrictSerializer, WorkspaceView, find_or_404


def seen_version() -> serializers.IntegerField:
    """What a PATCH says that it has read."""
    return serializers.IntegerField(min_value=1, help_text="The version that you have read.")


class BenchmarkIn(StrictSerializer):
    value = Number()
    source = serializers.CharField(max_length=200)
    dated = serializers.DateField()
    percentile = serializers.IntegerField(required=False, allow_null=True)
    industry = serializers.CharField(max_length=120, required=False, allow_blank=True)


class BenchmarkOut(serializers.Serializer):
    id = serializers.IntegerField()
    version = serializers.IntegerField()
    metric = serializers.CharField()
    value = serializers.CharField()
    source = serializers.CharField()
    dated = serializers.DateField()
    percentile = serializers.IntegerField(allow_null=True)
    industry = serializers.CharField()
    is_old = serializers.BooleanField(help_text="Dated more than a year back.")


class AnnotationIn(StrictSerializer):
    day = serializers.DateField()
    text = serializers.CharField(max_length=300)
    metric = MetricKey(required=False, allow_null=True, help_text="null: the whole workspace")


class BenchmarkPatch(BenchmarkIn):
    version = seen_version()
    value = Number(required=False)
    source = serializers.CharField(max_length=200, required=False)
    dated = serializers.DateField(required=False)


class AnnotationPatch(AnnotationIn):
    version = seen_version()
    day = serializers.DateField(required=False)
    text = serializers.CharField(max_length=300, required=False)


class AnnotationOut(serializers.Serializer):
    id = serializers.IntegerField()
    version = serializers.IntegerField()
    day = serializers.DateField()
    text = serializers.CharField()
    metric = serializers.CharField(allow_null=True)
    by = serializers.CharField()


class PeriodTargetIn(StrictSerializer):
    value = Number()
    first = serializers.DateField()
    last = serializers.DateField()
    grain = serializers.ChoiceField(choices=GRAINS, required=False)
    low = Number(required=False, allow_null=True)
    high = Number(required=False, allow_null=True)


class PeriodTargetPatch(PeriodTargetIn):
    version = seen_version()
    value = Number(required=False)
    first = serializers.DateField(required=False)
    last = serializers.DateField(required=False)


class PeriodTargetOut(serializers.Serializer):
    id = serializers.IntegerField()
    version = serializers.IntegerField()
    metric = serializers.CharField()
    grain = serializers.ChoiceField(choices=GRAINS)
    first = serializers.DateField()
    last = serializers.DateField()
    value = serializers.CharField()
    low = serializers.CharField(allow_null=True)
    high = serializers.CharField(allow_null=True)


class StandingOut(serializers.Serializer):
    metric = serializers.CharField()
    period = serializers.CharField(help_text="The last whole period.")
    start = serializers.DateField()
    end = serializers.DateField()
    value = serializers.CharField(allow_null=True)
    before = serializers.CharField(allow_null=True, help_text="The period before it.")
    target = PeriodTargetOut(allow_null=True)
    against = serializers.CharField(allow_null=True, help_text="null: the data are late.")
    trend = serializers.CharField(allow_null=True, help_text="null: the data are late.")
    state = serializers.ChoiceField(choices=["fresh", "late", "stale"])


def benchmark_out(row: BenchmarkRow, key: str) -> dict[str, Any]:
    mark = row.benchmark
    return {
        "id": mark.pk,
        "version": mark.version,
        "metric": key,
        "value": plain(mark.value),
        "source": mark.source,
        "dated": mark.dated,
        "percentile": mark.percentile,
        "industry": mark.industry,
        "is_old": row.is_old,
    }


def annotation_out(note: Annotation) -> dict[str, Any]:
    return {
        "id": note.pk,
        "version": note.version,
        "day": note.day,
        "text": note.text,
        "metric": note.metric.key if note.metric else None,
        "by": note.by.user.display_name if note.by else "",
    }


def target_out(target: MetricTarget, key: str) -> dict[str, Any]:
    return {
        "id": target.pk,
        "version": target.version,
        "metric": key,
        "grain": target.grain,
        "first": target.first,
        "last": target.last,
        "value": plain(target.value),
        "low": plain(target.low),
        "high": plain(target.high),
    }


def standing_out(found: Standing, key: str) -> dict[str, Any]:
    return {
        "metric": key,
        "period": found.period,
        "start": found.start,
        "end": found.end,
        "value": plain(found.value),
        "before": plain(found.before),
        "target": target_out(found.target, key) if found.target else None,
        "against": found.against.value if found.against else None,
        "trend": found.trend.value if found.trend else None,
        "state": found.state.value,
    }


class Benchmarks(MetricView):
    can = {"GET": "workspace.view", "POST": "metrics.edit"}

    @extend_schema(responses=BenchmarkOut(many=True), operation_id="benchmarks")
    def get(self, request: Request, slug: str, key: str) -> Response:
        rows = benchmarks_of(self.find(key), today=self.workspace.day_of(now()))
        return Response([benchmark_out(row, key) for row in rows])

    @extend_schema(request=BenchmarkIn, responses={201: BenchmarkOut}, operation_id="add_benchmark")
    def post(self, request: Request, slug: str, key: str) -> Response:
        metric = self.find(key)
        reference = Reference(**self.shape(BenchmarkIn, request.data))
        made = add_benchmark(metric, reference=reference, by=self.member, at=now())
        row = benchmark_row(made, today=self.workspace.day_of(now()))
        return Response(benchmark_out(row, key), status=201)


class BenchmarkDetail(WorkspaceView):
    can = {"PATCH": "metrics.edit", "DELETE": "metrics.edit"}

    def render_current(self, mark: Benchmark) -> dict[str, Any]:
        """The benchmark as it stands, for a 409 too."""
        row = benchmark_row(mark, today=self.workspace.day_of(now()))
        return benchmark_out(row, mark.metric.key)

    @extend_schema(request=BenchmarkPatch, responses=BenchmarkOut, operation_id="change_benchmark")
    def patch(self, request: Request, slug: str, pk: str) -> Response:
        mark = find_or_404(Benchmark, pk, self)
        fields = self.shape(BenchmarkPatch, request.data)
        version = fields.pop("version")
        reference = replace(reference_of(mark), **fields)
        changed = change_benchmark(
            mark, reference=reference, version=version, by=self.member, at=now()
        )
        return Response(self.render_current(changed))

    @extend_schema(responses={204: None}, operation_id="remove_benchmark")
    def delete(self, request: Request, slug: str, pk: str) -> Response:
        remove_benchmark(find_or_404(Benchmark, pk, self), by=self.member, at=now())
        return Response(status=204)


class Annotations(WorkspaceView):
    """Dated notes, newest first; of a metric together with those of the whole workspace."""

    can = {"GET": "workspace.view", "POST": "metrics.edit"}
    asks = [
        OpenApiParameter("metric", str, description="Key of a metric."),
        OpenApiParameter("from", str),
        OpenApiParameter("to", str),
    ]
    pagination_class = Pages

    @extend_schema(responses=AnnotationOut(many=True), operation_id="annotations")
    def get(self, request: Request, slug: str) -> Response:
        asking = Asking(request.query_params)
        first, last = asking.days()
        metric = asking.metric(self.workspace)
        asking.done()
        pages = Pages()
        rows = annotations_of(self.workspace, metric=metric, first=first, last=last)
        found = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response([annotation_out(note) for note in found])

    @extend_schema(request=AnnotationIn, responses={201: AnnotationOut}, operation_id="annotate")
    def post(self, request: Request, slug: str) -> Response:
        note = Note(**self.shape(AnnotationIn, request.data))
        made = annotate(self.workspace, note=note, by=self.member, at=now())
        return Response(annotation_out(made), status=201)


class AnnotationDetail(WorkspaceView):
    can = {"PATCH": "metrics.edit", "DELETE": "metrics.edit"}

    def render_current(self, note: Annotation) -> dict[str, Any]:
        """The note as it stands, for a 409 too."""
        return annotation_out(note)

    @extend_schema(
        request=AnnotationPatch, responses=AnnotationOut, operation_id="change_annotation"
    )
    def patch(self, request: Request, slug: str, pk: str) -> Response:
        held = find_or_404(Annotation, pk, self)
        fields = self.shape(AnnotationPatch, request.data)
        version = fields.pop("version")
        note = replace(note_of(held), **fields)
        changed = change_annotation(held, note=note, version=version, by=self.member, at=now())
        return Response(annotation_out(changed))

    @extend_schema(responses={204: None}, operation_id="remove_annotation")
    def delete(self, request: Request, slug: str, pk: str) -> Response:
        remove_annotation(find_or_404(Annotation, pk, self), by=self.member, at=now())
        return Response(status=204)


class Targets(MetricView):
    can = {"GET": "workspace.view", "POST": "metrics.edit"}

    @extend_schema(responses=PeriodTargetOut(many=True), operation_id="targets")
    def get(self, request: Request, slug: str, key: str) -> Response:
        return Response([target_out(target, key) for target in targets_of(self.find(key))])

    @extend_schema(
        request=PeriodTargetIn, responses={201: PeriodTargetOut}, operation_id="set_target"
    )
    def post(self, request: Request, slug: str, key: str) -> Response:
        metric = self.find(key)
        aim = Aim(**self.shape(PeriodTargetIn, request.data))
        return Response(
            target_out(set_target(metric, aim=aim, by=self.member, at=now()), key), status=201
        )


class TargetDetail(WorkspaceView):
    can = {"PATCH": "metrics.edit", "DELETE": "metrics.edit"}

    def render_current(self, target: MetricTarget) -> dict[str, Any]:
        """The target as it stands, for a 409 too."""
        return target_out(target, target.metric.key)

    @extend_schema(
        request=PeriodTargetPatch, responses=PeriodTargetOut, operation_id="change_target"
    )
    def patch(self, request: Request, slug: str, pk: str) -> Response:
        held = find_or_404(MetricTarget, pk, self)
        fields = self.shape(PeriodTargetPatch, request.data)
        version = fields.pop("version")
        aim = replace(aim_of(held), **fields)
        changed = change_target(held, aim=aim, version=version, by=self.member, at=now())
        return Response(self.render_current(changed))

    @extend_schema(responses={204: None}, operation_id="remove_target")
    def delete(self, request: Request, slug: str, pk: str) -> Response:
        remove_target(find_or_404(MetricTarget, pk, self), by=self.member, at=now())
        return Response(status=204)


class MetricStanding(MetricView):
    """How the metric stood in its last whole period, against its target and the one before."""

    asks = [OpenApiParameter("grain", str, enum=GRAINS, default="month")]

    @extend_schema(responses=StandingOut, operation_id="metric_standing")
    def get(self, request: Request, slug: str, key: str) -> Response:
        metric = self.find(key)
        asking = Asking(request.query_params)
        grain = Grain(asking.choice("grain", GRAINS, Grain.MONTH))
        asking.done()
        return Response(standing_out(standing_of(metric, grain, at=now()), key))
