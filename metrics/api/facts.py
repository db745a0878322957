from dataclasses import asdict
from typing import Any

from django.http import Http404
from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.api.metrics import MetricView
from metrics.api.observations import ObservationOut
from metrics.api.rows import RowReader
from metrics.models import Metric
from metrics.models.imports import Source
from metrics.models.observations import Observation
from metrics.operations.entering import ANY, Entry, enter_values
from metrics.operations.observations import Reading, withdraw_observations
from metrics.queries.beside import beside_fact
from metrics.queries.facts import find_fact, history_of, source_names, told_facts
from metrics.rules.amounts import plain
from metrics.rules.dims import is_sound
from metrics.rules.keys import LONGEST_KEY, read_plain_key
from metrics.rules.mapping import LONGEST_SOURCE
from metrics.sources.bodies import Sent
from workspaces.rest import StrictSerializer
from workspaces.rules.errors import Invalid, Problem, at_field

MOST_WITHDRAWN = 10_000
PUT_FIELDS = ("day", "at", "value", "days", "dims", "version")


class ObservationPut(StrictSerializer):
    """What stands under the key from now on; the schema only, the row reader reads it."""

    day = serializers.DateField(required=False)
    at = serializers.DateTimeField(required=False, help_text="Instead of the day.")
    value = serializers.CharField()
    days = serializers.IntegerField(required=False, min_value=1, max_value=366)
    dims = serializers.DictField(child=serializers.CharField(allow_null=True), required=False)
    version = serializers.IntegerField(
        required=False,
        allow_null=True,
        help_text="The version that you have read, null for nothing; another one is a 409.",
    )


class BesideOut(serializers.Serializer):
    source = serializers.CharField()
    observations = serializers.IntegerField()
    value = serializers.CharField(allow_null=True, help_text="Their sum; null of people.")


class OneObservationOut(ObservationOut):
    beside = BesideOut(
        many=True,
        help_text="What stands on the same days, of these dimensions or finer ones, under other "
        "keys, by source: the values of a metric that is no count of people add up.",
    )


class PastOut(serializers.Serializer):
    day = serializers.DateField()
    value = serializers.CharField()
    dims = serializers.DictField(child=serializers.CharField())
    since = serializers.DateTimeField(allow_null=True)
    until = serializers.DateTimeField(allow_null=True, help_text="null: so it is now.")
    by = serializers.CharField(allow_null=True)
    version = serializers.IntegerField()
    reason = serializers.CharField(help_text="Why it ended: corrected, moved, withdrawn; empty.")


class HistoryOut(serializers.Serializer):
    results = PastOut(many=True)


class NameIn(StrictSerializer):
    metric = serializers.CharField(max_length=63)
    key = serializers.CharField(max_length=LONGEST_KEY, trim_whitespace=False)


class WithdrawIn(StrictSerializer):
    source = serializers.CharField(max_length=LONGEST_SOURCE)
    observations = NameIn(many=True, allow_empty=False, max_length=MOST_WITHDRAWN)


class WithdrawnOut(serializers.Serializer):
    withdrawn = serializers.IntegerField()
    missing = serializers.IntegerField(help_text="Were not there, or not any more.")


class FactView(MetricView):
    """What the endpoints of one observation share."""

    def origin(self, name: str, key: str) -> Source:
        """The source of that name; a name or key that cannot be stored does not exist."""
        known = is_sound(name) and is_sound(key) and len(key) <= LONGEST_KEY
        rows = Source.objects.filter(workspace=self.workspace, name=name) if known else None
        found = rows.first() if rows is not None else None
        if found is None:
            raise Http404
        return found

    def told(self, metric: Metric, source: str, key: str, fact: Observation) -> dict[str, Any]:
        """The fact as programs are told, with the key that they know."""
        [told] = told_facts(metric, [fact], {fact.source: source})
        others = beside_fact(metric, fact, source_names(self.workspace))
        listed = [
            {"source": one.source, "observations": one.facts, "value": plain(one.value)}
            for one in others
        ]
        return {**asdict(told), "key": key, "beside": listed}


class OneObservation(FactView):
    can = {
        "GET": "workspace.view",
        "PUT": "observations.write",
        "DELETE": "observations.write",
    }

    @extend_schema(responses=OneObservationOut, operation_id="observation")
    def get(self, request: Request, slug: str, metric: str, source: str, key: str) -> Response:
        found = self.find(metric)
        fact = find_fact(found, self.origin(source, key), key)
        if fact is None:
            raise Http404
        return Response(self.told(found, source, key, fact))

    @extend_schema(
        request=ObservationPut,
        responses={200: OneObservationOut, 201: OneObservationOut},
        operation_id="put_observation",
    )
    def put(self, request: Request, slug: str, metric: str, source: str, key: str) -> Response:
        found = self.find(metric)
        self.names = (found, source, key)
        reading, seen = self.wish(request.data)
        entered = enter_values(
            self.workspace, source=source, entries=[Entry(reading, seen)], by=self.member, at=now()
        )
        fact = find_fact(found, self.origin(source, key), key)
        if fact is None:
            raise Http404  # withdrawn again by somebody else
        return Response(self.told(found, source, key, fact), status=201 if entered.new else 200)

    @extend_schema(responses={204: None}, operation_id="withdraw_observation")
    def delete(self, request: Request, slug: str, metric: str, source: str, key: str) -> Response:
        names = [(self.find(metric).pk, key)]
        origin = self.origin(source, key)
        withdraw_observations(
            self.workspace, source=origin.name, keys=names, by=self.member, at=now()
        )
        return Response(status=204)

    def wish(self, body: object) -> tuple[Reading, int | None]:
        """The reading of a PUT and the version that was seen; Invalid names what is wrong."""
        metric, source, key = self.names
        fields = dict(body) if isinstance(body, dict) else {}
        is_version = is_seen(fields.get("version"))
        version = fields.pop("version", ANY)
        unknown = [name for name in fields if name not in PUT_FIELDS]
        problems = [
            at_field(str(name), "unknown_field", _("There is no such field.")) for name in unknown
        ]
        if not is_version:
            problems.append(at_field("version", "not_a_number", _("Write a whole number or null.")))
        row = {name: value for name, value in fields.items() if name not in unknown}
        row |= {"metric": metric.key, "source": source, "key": key}
        reader = RowReader(self.workspace)
        reading = reader.read(Sent(0, 1, row if isinstance(body, dict) else None, ""))
        if reading is None or problems:
            raise Invalid(problems + reader.problems)
        place = read_plain_key(key)
        if place is not None and place != (reading.day, reading.dims):
            message = _("This key says another day or other dimensions than the body.")
            raise Invalid([Problem(message, "key_says_otherwise", "/day", None, "day")])
        return reading, version

    def render_current(self, current: dict[tuple[int, str], Observation | None]) -> Any:
        """What stands there now, or null, for a 409."""
        metric, source, key = self.names
        [fact] = current.values()
        return self.told(metric, source, key, fact) if fact else None


def is_seen(version: object) -> bool:
    """Whether a version can have been read: a number from 0 on, or null for nothing."""
    return version is None or (type(version) is int and version >= 0)


class OneObservationHistory(FactView):
    @extend_schema(responses=HistoryOut, operation_id="observation_history")
    def get(self, request: Request, slug: str, metric: str, source: str, key: str) -> Response:
        past = history_of(self.find(metric), self.origin(source, key), key)
        if not past:
            raise Http404
        return Response({"results": [asdict(row) for row in past]})


class WithdrawObservations(MetricView):
    can = {"POST": "observations.write"}

    @extend_schema(request=WithdrawIn, responses=WithdrawnOut, operation_id="withdraw_observations")
    def post(self, request: Request, slug: str) -> Response:
        wish = self.shape(WithdrawIn, request.data)
        names = self.names_of(wish["observations"])
        gone = withdraw_observations(
            self.workspace, source=wish["source"], keys=names, by=self.member, at=now()
        )
        return Response({"withdrawn": gone, "missing": len(set(names)) - gone})

    def names_of(self, rows: list[dict[str, str]]) -> list[tuple[int, str]]:
        """The (metric, key) of each row; Invalid names the metrics that do not exist."""
        wanted = {row["metric"] for row in rows}
        known = Metric.objects.filter(workspace=self.workspace, key__in=filter(is_sound, wanted))
        found = {metric.key: metric.pk for metric in known}
        problems = [
            Problem(
                _("There is no metric “%(key)s”.") % {"key": row["metric"]},
                "unknown_metric", f"/observations/{place}/metric", place + 1, "metric",
            )
            for place, row in enumerate(rows)
            if row["metric"] not in found
        ]  # fmt: skip
        if problems:
            raise Invalid(problems)
        return [(found[row["metric"]], row["key"]) for row in rows]
