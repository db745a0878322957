from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Any

from django.http import QueryDict
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.api.metrics import MetricView
from metrics.models import Metric
from metrics.queries.answers import Answer, Line, Point, Total
from metrics.queries.series import is_pending, read_series, revisions_of
from metrics.rules.amounts import plain
from metrics.rules.days import read_day
from metrics.rules.dims import MOST_DIMS, plain_value
from metrics.rules.periods import FIRST_DAY, LAST_DAY, Grain, is_known_day
from workspaces.rules.errors import Invalid, Problem, at_field

PARAMETERS = [
    OpenApiParameter("grain", str, enum=[grain.value for grain in Grain], default="month"),
    OpenApiParameter(
        "from", date, description="First day, local to the workspace. Default: first with data."
    ),
    OpenApiParameter("to", date, description="Last day, included. Default: the last with data."),
    OpenApiParameter("by", str, many=True, description="Split by this dimension; repeatable."),
    OpenApiParameter(
        "where",
        str,
        many=True,
        description="DIM:VALUE keeps these only, DIM: those without a value. Values of one "
        "dimension are alternatives, several dimensions must all fit.",
    ),
]


class PointOut(serializers.Serializer):
    period = serializers.CharField(help_text="2016-01-31, 2016-W04 (ISO), 2016-01, 2016-Q1, 2016")
    start = serializers.DateField()
    end = serializers.DateField()
    value = serializers.CharField(allow_null=True, help_text="A decimal; null for no observations.")
    complete = serializers.BooleanField(help_text="false: from or to cut the period.")


class TotalOut(serializers.Serializer):
    value = serializers.CharField(allow_null=True)
    exact = serializers.BooleanField()


class LineOut(serializers.Serializer):
    dims = serializers.DictField(child=serializers.CharField(allow_null=True))
    points = PointOut(many=True)
    total = TotalOut()


class SeriesOut(serializers.Serializer):
    metric = serializers.CharField()
    unit = serializers.CharField()
    grain = serializers.CharField()
    pending = serializers.BooleanField(help_text="true: newer observations are not rolled up yet.")
    series = LineOut(many=True)
    total = TotalOut()


@dataclass(frozen=True)
class Asked:
    """What the query string asks for."""

    grain: Grain
    first: date | None
    last: date | None
    by: tuple[str, ...]
    where: tuple[tuple[str, str | None], ...]


class MetricSeries(MetricView):
    can = {"GET": "workspace.view"}
    asks = PARAMETERS

    @extend_schema(responses=SeriesOut, operation_id="metric_series")
    def get(self, request: Request, slug: str, key: str) -> Response:
        metric = self.find(key)
        asked = asked_of(request.query_params)
        tag = self.tag(metric, asked)
        if tag and tag in parse_etags(request.headers.get("If-None-Match", "")):
            return Response(status=304, headers=headers_of(tag))
        answer = read_series(
            metric, grain=asked.grain, first=asked.first, last=asked.last,
            by=asked.by, where=asked.where,
        )  # fmt: skip
        return Response(
            answer_out(answer, metric), headers=headers_of("" if answer.pending else tag)
        )

    def tag(self, metric: Metric, asked: Asked) -> str:
        """The ETag of a settled answer; read before the numbers, so that it is never too new."""
        if is_pending(metric):
            return ""
        revision = revisions_of(self.workspace, [metric.pk])[metric.pk]
        text = f"{metric.pk}|{metric.version}|{revision}|{asked}"
        return f'"{blake2b(text.encode(), digest_size=12).hexdigest()}"'


def headers_of(tag: str) -> dict[str, str]:
    return {"Cache-Control": "private, no-cache"} | ({"ETag": tag} if tag else {})


def asked_of(query: QueryDict) -> Asked:
    """What is asked, or every parameter that cannot be understood."""
    problems = [
        at_field(name, "repeated", _("Give this once."))
        for name in ("grain", "from", "to")
        if len(query.getlist(name)) > 1
    ]
    grain = query.get("grain", Grain.MONTH.value)
    if grain not in set(Grain):
        words = ", ".join(Grain)
        problems.append(at_field("grain", "invalid_choice", _("Choose one of: %s.") % words))
    first, last = _day(query, "from", problems), _day(query, "to", problems)
    if first and last and first > last:
        problems.append(at_field("from", "backwards", _("“from” lies after “to”.")))
    by = tuple(dict.fromkeys(query.getlist("by")))
    where = tuple(_filter(text, problems) for text in query.getlist("where"))
    if len(by) > MOST_DIMS or len(where) > MOST_FILTERS:
        problems.append(at_field("by", "too_many", _("That are too many dimensions.")))
    if problems:
        raise Invalid(problems)
    return Asked(Grain(grain), first, last, by, where)


MOST_FILTERS = 50


def _day(query: QueryDict, name: str, problems: list[Problem]) -> date | None:
    text = query.get(name)
    if text is None:
        return None
    day = read_day(text)
    if day is None:
        problems.append(at_field(name, "not_a_day", _("Write a day as 2026-01-31.")))
    elif not is_known_day(day):
        limits = {"first": FIRST_DAY, "last": LAST_DAY}
        message = _("Days lie between %(first)s and %(last)s.") % limits
        problems.append(at_field(name, "out_of_range", message))
    return day


def _filter(text: str, problems: list[Problem]) -> tuple[str, str | None]:
    name, colon, value = text.partition(":")
    if not colon or not name:
        message = _("Write a filter as DIM:VALUE, or DIM: for those without a value.")
        problems.append(at_field("where", "not_a_filter", message))
    return name, plain_value(value)


def answer_out(answer: Answer, metric: Metric) -> dict[str, Any]:
    def value_out(value: Any) -> str | None:
        if value is None or metric.is_ratio:
            return plain(value)
        return format(value, "f")

    def total_out(total: Total) -> dict[str, Any]:
        return {"value": value_out(total.value), "exact": total.exact}

    def point_out(point: Point) -> dict[str, Any]:
        return {
            "period": point.period,
            "start": point.start.isoformat(),
            "end": point.end.isoformat(),
            "value": value_out(point.value),
            "complete": point.complete,
        }

    def line_out(line: Line) -> dict[str, Any]:
        points = [point_out(point) for point in line.points]
        return {"dims": line.dims, "points": points, "total": total_out(line.total)}

    return {
        "metric": answer.metric,
        "unit": answer.unit,
        "grain": answer.grain,
        "pending": answer.pending,
        "series": [line_out(line) for line in answer.series],
        "total": total_out(answer.total),
    }
