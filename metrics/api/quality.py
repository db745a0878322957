from typing import Any

from django.http import Http404
from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.forms.asking import GRAINS, Asking
from metrics.models.quality import Dismissal
from metrics.operations.quality import About, dismiss_finding, reopen_finding
from metrics.queries.dismissals import find_finding
from metrics.queries.evidence import coverage, rows_without
from metrics.queries.quality import Asked, Row, findings
from metrics.queries.questions import MOST_POINTS
from metrics.queries.series import extent_of
from metrics.rules.amounts import plain, unscale
from metrics.rules.periods import Grain, count_periods
from metrics.rules.quality import Kind, Severity
from metrics.rules.questions import MOST_DAYS
from workspaces.rest import StrictSerializer, WorkspaceView, find_or_404
from workspaces.rules.errors import Invalid, at_field

FROM = OpenApiParameter("from", str, description="First day.")
TO = OpenApiParameter("to", str, description="Last day, included.")
METRIC = OpenApiParameter("metric", str, description="Key of a metric.", required=True)
BY = OpenApiParameter("by", str, many=True, description="Split by this dimension; repeatable.")
GRAIN = OpenApiParameter("grain", str, enum=GRAINS, default="month")


class FindingOut(serializers.Serializer):
    id = serializers.CharField(help_text="Stays the same while the thing does; dismiss it by this.")
    kind = serializers.ChoiceField(choices=[kind.value for kind in Kind])
    severity = serializers.ChoiceField(choices=[severity.value for severity in Severity])
    metric = serializers.CharField()
    sources = serializers.ListField(
        child=serializers.CharField(), help_text="Which feed the metric in the range."
    )
    sentence = serializers.CharField()
    advice = serializers.CharField()
    first = serializers.DateField()
    last = serializers.DateField()
    count = serializers.IntegerField(help_text="Days, rows or gaps, as the sentence says.")
    data = serializers.DictField()
    dismissed = serializers.DictField(allow_null=True)


class DismissalIn(StrictSerializer):
    finding = serializers.CharField(max_length=40)
    reason = serializers.CharField(max_length=500)
    until = serializers.DateField(required=False, allow_null=True)

    def get_fields(self) -> dict[str, serializers.Field]:
        """The days among which it was found, where they were asked for."""
        day = {"required": False, "allow_null": True}
        days = {name: serializers.DateField(**day) for name in ("from", "to")}
        return {**super().get_fields(), **days}


class DismissalOut(serializers.Serializer):
    id = serializers.IntegerField()
    finding = serializers.CharField()
    kind = serializers.CharField()
    about = serializers.CharField()
    reason = serializers.CharField()
    until = serializers.DateField(allow_null=True)
    by = serializers.CharField()
    at = serializers.DateTimeField()


class CoveredOut(serializers.Serializer):
    dims = serializers.DictField()
    period = serializers.CharField()
    start = serializers.DateField()
    end = serializers.DateField()
    days = serializers.IntegerField(help_text="Days with at least one observation.")
    observations = serializers.IntegerField()


class RowsWithoutOut(serializers.Serializer):
    metric = serializers.CharField()
    without = serializers.CharField()
    count = serializers.IntegerField()
    rows = serializers.ListField(child=serializers.DictField(), help_text="The first 200.")


def dismissal_out(row: Dismissal) -> dict[str, Any]:
    return {
        "id": row.pk,
        "finding": row.finding,
        "kind": row.kind,
        "about": row.about,
        "reason": row.reason,
        "until": row.until,
        "by": row.by.user.display_name if row.by else "",
        "at": row.at.isoformat(),
    }


def finding_out(row: Row) -> dict[str, Any]:
    found = row.finding
    return {
        "id": found.id,
        "kind": found.kind.value,
        "severity": found.severity.value,
        "metric": row.metric.key,
        "sources": row.sources,
        "sentence": row.sentence,
        "advice": row.advice,
        "first": found.first,
        "last": found.last,
        "count": found.count,
        "data": found.data,
        "dismissed": dismissal_out(row.dismissal) if row.dismissal else None,
    }


class Findings(WorkspaceView):
    """What data quality finds in a range, worst first; without days the last 92 with data.

    With a metric those are the last 92 of that metric.
    """

    asks = [
        OpenApiParameter("kind", str, enum=[kind.value for kind in Kind]),
        OpenApiParameter("severity", str, enum=[severity.value for severity in Severity]),
        OpenApiParameter("metric", str, description="Key of a metric."),
        OpenApiParameter("source", str, description="Name of a source."),
        OpenApiParameter("dismissed", bool, description="true: only those that were dismissed."),
        FROM,
        TO,
    ]

    @extend_schema(responses=FindingOut(many=True), operation_id="findings")
    def get(self, request: Request, slug: str) -> Response:
        asking = Asking(request.query_params)
        first, last = asking.days()
        metric = asking.metric(self.workspace)
        asked = Asked(
            kind=asking.choice("kind", [kind.value for kind in Kind]),
            severity=asking.choice("severity", [severity.value for severity in Severity]),
            metric=metric.key if metric else "",
            source=asking.word("source"),
            first=first,
            last=last,
            dismissed=asking.truth("dismissed"),
        )
        asking.done()
        return Response([finding_out(row) for row in findings(self.workspace, asked, at=now())])


class Dismissals(WorkspaceView):
    can = {"GET": "workspace.view", "POST": "metrics.edit"}

    @extend_schema(responses=DismissalOut(many=True), operation_id="dismissals")
    def get(self, request: Request, slug: str) -> Response:
        rows = Dismissal.objects.select_related("by__user").filter(workspace=self.workspace)
        return Response([dismissal_out(row) for row in rows.order_by("-pk")])

    @extend_schema(
        request=DismissalIn, responses={201: DismissalOut}, operation_id="dismiss_finding"
    )
    def post(self, request: Request, slug: str) -> Response:
        fields = self.shape(DismissalIn, request.data)
        at = now()
        days = fields.get("from"), fields.get("to")
        row = find_finding(self.workspace, fields["finding"], days=days, at=at)
        if row is None:
            message = _("There is no such finding.")
            raise Invalid([at_field("finding", "unknown_finding", message)])
        made = dismiss_finding(
            self.workspace,
            about=about_of(row),
            reason=fields["reason"],
            until=fields.get("until"),
            by=self.member,
            at=at,
        )
        return Response(dismissal_out(made), status=201)


def about_of(row: Row) -> About:
    text = f"{row.metric.name}: {row.sentence}"
    return About(row.finding.id, row.finding.kind.value, text)


class DismissalDetail(WorkspaceView):
    can = {"DELETE": "metrics.edit"}

    @extend_schema(responses={204: None}, operation_id="reopen_finding")
    def delete(self, request: Request, slug: str, pk: str) -> Response:
        reopen_finding(find_or_404(Dismissal, pk, self), by=self.member, at=now())
        return Response(status=204)


class Coverage(WorkspaceView):
    """On how many days each period of a metric has data."""

    asks = [
        METRIC,
        GRAIN,
        BY,
        FROM,
        TO,
        OpenApiParameter("fewer_than", int, description="Only periods with fewer such days."),
    ]

    @extend_schema(responses=CoveredOut(many=True), operation_id="coverage")
    def get(self, request: Request, slug: str) -> Response:
        asking = Asking(request.query_params)
        metric = asking.some_metric(self.workspace)
        grain = Grain(asking.choice("grain", GRAINS, Grain.MONTH))
        first, last = asking.days()
        by, least = asking.names("by"), asking.whole("fewer_than", least=0, most=MOST_DAYS)
        asking.done()
        extent = extent_of(metric)
        if extent is None:
            return Response([])
        first = first or extent[0]
        last = max(first, last or extent[1])
        refuse_long(count_periods(grain, first, last))
        rows = coverage(metric, grain=grain, first=first, last=last, by=by)
        return Response([vars(row) for row in rows if least is None or row.days < least])


def refuse_long(periods: int) -> None:
    """400 for a range of too many periods."""
    if periods > MOST_POINTS:
        message = _("Ask for a wider grain or a shorter range.")
        raise Invalid([at_field("grain", "too_many_points", message)])


class RowsWithout(WorkspaceView):
    """Rows in which one metric has a value above 0 and another is 0."""

    asks = [METRIC, OpenApiParameter("without", str, required=True), FROM, TO]

    @extend_schema(responses=RowsWithoutOut, operation_id="rows_without")
    def get(self, request: Request, slug: str) -> Response:
        asking = Asking(request.query_params)
        metric = asking.some_metric(self.workspace)
        other = asking.some_metric(self.workspace, "without")
        first, last = asking.days()
        asking.done()
        extent = extent_of(metric)
        if extent is None:
            raise Http404
        count, rows = rows_without(metric.pk, other.pk, first or extent[0], last or extent[1])
        told = [
            {"day": row.day, "dims": row.dims, "value": plain(unscale(row.value, metric.decimals))}
            for row in rows
        ]
        return Response({"metric": metric.key, "without": other.key, "count": count, "rows": told})
