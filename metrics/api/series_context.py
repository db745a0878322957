"""What a series is read against, in the answer of the series when it is asked for."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter

from metrics.api.context import annotation_out, benchmark_out, target_out
from metrics.models import Metric
from metrics.queries.context import annotations_of, benchmarks_of, targets_of
from metrics.rules.periods import Grain
from workspaces.rules.errors import Invalid, at_field

PARTS = ("annotations", "benchmarks", "targets")
MOST_NOTES = 500
WITH = OpenApiParameter(
    "with", str, many=True, enum=PARTS, description="Say these beside the numbers; repeatable."
)


def asked_parts(query: QueryDict) -> tuple[str, ...]:
    """Which of the parts are asked for; 400 for another word."""
    wanted = tuple(dict.fromkeys(query.getlist("with")))
    if set(wanted) - set(PARTS):
        message = _("Choose one of: %s.") % ", ".join(PARTS)
        raise Invalid([at_field("with", "invalid_choice", message)])
    return wanted


def context_out(
    metric: Metric, answer: dict[str, Any], parts: tuple[str, ...], today: Any
) -> dict[str, Any]:
    """The asked parts for the range and the grain of an answer."""
    points = [point for line in answer["series"] for point in line["points"]]
    first = min((point["start"] for point in points), default=None)
    last = max((point["end"] for point in points), default=None)
    key = metric.key
    found: dict[str, Any] = {}
    if "annotations" in parts:
        notes = annotations_of(metric.workspace, metric=metric, first=first, last=last)
        found["annotations"] = [annotation_out(note) for note in notes[:MOST_NOTES]]
    if "benchmarks" in parts:
        rows = benchmarks_of(metric, today=today)
        found["benchmarks"] = [benchmark_out(row, key) for row in rows]
    if "targets" in parts:
        targets = targets_of(metric, Grain(answer["grain"]))
        found["targets"] = [target_out(target, key) for target in targets]
    return found
