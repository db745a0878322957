"""What was learnt about a metric between two instants."""

from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.api.metrics import MetricView
from metrics.forms.analysis import learnt_asked
from metrics.models import Metric
from metrics.queries.known import MOST_CHANGES, Change, Place, difference
from metrics.queries.learnt import value_of
from metrics.queries.tables import value_text
from workspaces.rules.errors import Invalid, at_field

KNOWN = [
    OpenApiParameter("known_from", str, required=True, description="An instant, or a day's end."),
    OpenApiParameter("known_to", str, description="Default: now."),
]


class PlaceOut(serializers.Serializer):
    day = serializers.DateField()
    dims = serializers.DictField(child=serializers.CharField())
    value = serializers.CharField(allow_null=True, help_text="null: a person, who counts once.")
    days = serializers.IntegerField(help_text="So many days the value covers, ending with `day`.")


class ChangeOut(serializers.Serializer):
    source = serializers.CharField()
    before = PlaceOut(allow_null=True, help_text="null: it was new.")
    after = PlaceOut(allow_null=True, help_text="null: it was taken out.")
    changed_by = serializers.IntegerField(help_text="The import that brought the change.")


class ChangesOut(serializers.Serializer):
    changes = ChangeOut(many=True)
    complete = serializers.BooleanField(help_text="false: there are more than are listed.")


class MetricChanges(MetricView):
    can = {"GET": "workspace.view"}
    asks = KNOWN

    @extend_schema(responses=ChangesOut, operation_id="metric_changes")
    def get(self, request: Request, slug: str, key: str) -> Response:
        metric = self.find(key)
        if metric.is_computed:
            message = _("“%(name)s” is computed: ask for the changes of what it is made of.")
            raise Invalid([at_field("key", "metric_is_computed", message % {"name": metric.name})])
        asked = learnt_asked(request.query_params, self.workspace, at=now())
        found = difference(metric, known_from=asked.since, known_to=asked.until)
        listed = [change_out(change, metric) for change in found]
        return Response({"changes": listed, "complete": len(listed) < MOST_CHANGES})


def change_out(change: Change, metric: Metric) -> dict[str, Any]:
    """One fact that is known otherwise."""

    def place_out(place: Place | None) -> dict[str, Any] | None:
        if place is None:
            return None
        value = value_text(value_of(place, metric), metric)
        return {"day": place.day, "dims": place.dims, "value": value, "days": max(place.span, 1)}

    return {
        "source": change.source,
        "before": place_out(change.before),
        "after": place_out(change.after),
        "changed_by": change.changed_by,
    }
