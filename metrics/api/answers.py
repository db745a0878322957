"""What an answer about a metric looks like over REST: one shape, whoever asks."""

from typing import Any

from rest_framework import serializers

from metrics.models import Metric
from metrics.queries.answers import Answer, Line, Point, Total
from metrics.queries.tables import value_text


class TotalOut(serializers.Serializer):
    value = serializers.CharField(allow_null=True)
    exact = serializers.BooleanField(
        help_text="false: people were counted without ids over other windows, or estimated."
    )
    lower = serializers.CharField(required=False, allow_null=True, help_text="Where not exact.")
    upper = serializers.CharField(required=False, allow_null=True, help_text="Where not exact.")
    reason = serializers.CharField(
        required=False, help_text="Why there is no value: no_data, no_denominator, not_additive."
    )


class PointOut(TotalOut):
    period = serializers.CharField(
        help_text="2016-01-31, 2016-W04 (ISO), 2016-01, 2016-Q1, 2016, FY2016-Q1, FY2016"
    )
    start = serializers.DateField()
    end = serializers.DateField()
    value = serializers.CharField(allow_null=True, help_text="A decimal; null for no observations.")
    complete = serializers.BooleanField(
        help_text="false: from or to leave out data of the period, it is not over, or data of it "
        "are still to come."
    )
    exact = serializers.BooleanField(required=False, help_text="Only where it is false.")


class LineOut(serializers.Serializer):
    dims = serializers.DictField(child=serializers.CharField(allow_null=True))
    points = PointOut(many=True)
    total = TotalOut()
    before = PointOut(many=True, required=False, help_text="With `compare`: one for each point.")
    before_total = TotalOut(required=False)
    others = serializers.IntegerField(
        required=False, help_text="With `top`: so many combinations are put together here."
    )


class BreakOut(serializers.Serializer):
    day = serializers.DateField(help_text="From this day on another definition is in force.")
    version = serializers.IntegerField()


class AnswerOut(serializers.Serializer):
    metric = serializers.CharField()
    unit = serializers.CharField()
    grain = serializers.CharField()
    pending = serializers.BooleanField(help_text="true: newer observations are not rolled up yet.")
    series = LineOut(many=True)
    total = TotalOut()
    before_total = TotalOut(required=False)
    breaks = BreakOut(many=True)


def total_out(found: Total | Point, metric: Metric) -> dict[str, Any]:
    """A value with what is known about it."""
    told: dict[str, Any] = {"value": value_text(found.value, metric), "exact": found.exact}
    if not found.exact:
        bounds = {"lower": found.lower, "upper": found.upper}
        told |= {name: value_text(value, metric) for name, value in bounds.items()}
    return told | ({"reason": found.reason} if found.reason else {})


def point_out(point: Point, metric: Metric) -> dict[str, Any]:
    """One period."""
    told = {
        "period": point.period,
        "start": point.start.isoformat(),
        "end": point.end.isoformat(),
        "complete": point.complete,
        **total_out(point, metric),
    }
    if point.exact:
        del told["exact"]
    return told


def line_out(line: Line, metric: Metric) -> dict[str, Any]:
    """One line with its comparison, where one was asked for."""
    told: dict[str, Any] = {
        "dims": line.dims,
        "points": [point_out(point, metric) for point in line.points],
        "total": total_out(line.total, metric),
    }
    if line.before_total is not None:
        told["before"] = [point_out(point, metric) for point in line.before]
        told["before_total"] = total_out(line.before_total, metric)
    return told | ({} if line.others is None else {"others": line.others})


def answer_out(answer: Answer, metric: Metric) -> dict[str, Any]:
    """The whole answer as JSON."""
    told: dict[str, Any] = {
        "metric": answer.metric,
        "unit": answer.unit,
        "grain": answer.grain,
        "pending": answer.pending,
        "series": [line_out(line, metric) for line in answer.series],
        "total": total_out(answer.total, metric),
        "breaks": [{"day": b.day.isoformat(), "version": b.version} for b in answer.breaks],
    }
    if answer.before_total is not None:
        told["before_total"] = total_out(answer.before_total, metric)
    return told
