from dataclasses import replace
from typing import Any

from django.http import Http404
from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from connectors.models import Connector, Fetch
from connectors.models.connectors import LONGEST_NAME, SCHEDULE_CHOICES
from connectors.operations.connectors import (
    LONGEST_SECRET,
    Draft,
    add_connector,
    ask_fetch,
    change_connector,
    draft_of,
    pause_connector,
    remove_connector,
    start_connector,
)
from connectors.operations.trying import Trial, try_connector
from connectors.queries.connectors import connectors_of, fetches_of, label_of, line_of, lines_of
from connectors.rest import fetch_out, find_connector, line_out
from connectors.sources.kinds import KINDS, described
from metrics.rules.amounts import plain
from workspaces.rest import Pages, ProblemOut, StrictSerializer, WorkspaceView, as_json, find_or_404


class Texts(serializers.DictField):
    child = serializers.CharField(max_length=LONGEST_SECRET, allow_blank=True, trim_whitespace=True)


class SourceFields(StrictSerializer):
    """What a source is; secrets are only ever sent, never told."""

    params = Texts(required=False, help_text="What the kind asks for, see sources/kinds/.")
    secrets = Texts(required=False, help_text="Write-only. One that is left out stays as it is.")
    document = serializers.DictField(required=False, help_text="The description, for custom.")
    schedule = serializers.ChoiceField(choices=SCHEDULE_CHOICES, required=False)
    local_time = serializers.TimeField(
        required=False, input_formats=["%H:%M"], help_text="HH:MM, where the workspace lives."
    )
    skip_bad_rows = serializers.BooleanField(required=False)


class ConnectorIn(SourceFields):
    name = serializers.CharField(max_length=LONGEST_NAME)
    kind = serializers.CharField(max_length=30)


class ConnectorPatch(SourceFields):
    version = serializers.IntegerField(min_value=1, help_text="The version that you have read.")


class FetchOut(serializers.Serializer):
    id = serializers.IntegerField()
    state = serializers.CharField(help_text="waiting, running, done, failed")
    due_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    not_before = serializers.DateTimeField(help_text="When it is tried (again) at the earliest.")
    attempt = serializers.IntegerField(help_text="Failed attempts since the last progress.")
    to = serializers.DateField(allow_null=True, help_text="Last day asked for; `from` is the first")
    done_until = serializers.DateField(allow_null=True)
    pages = serializers.IntegerField()
    bytes = serializers.IntegerField()
    rows = serializers.IntegerField()
    rejected = serializers.IntegerField(help_text="rows")
    new = serializers.IntegerField(help_text="observations")
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    withdrawn = serializers.IntegerField(help_text="What the source says no more.")
    problems = ProblemOut(many=True)
    answer = serializers.CharField(help_text="What the server said, for managers and owners.")

    def get_fields(self) -> dict[str, Any]:
        """Add the names that are words of Python."""
        return super().get_fields() | {
            "from": serializers.DateField(allow_null=True),
            "import": serializers.IntegerField(allow_null=True),
        }


class ConnectorOut(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.CharField()
    params = serializers.DictField()
    document = serializers.DictField()
    has_secrets = serializers.BooleanField()
    schedule = serializers.ChoiceField(choices=SCHEDULE_CHOICES)
    local_time = serializers.CharField()
    skip_bad_rows = serializers.BooleanField()
    state = serializers.CharField(help_text="paused, new, running, retrying, failing, late, fresh")
    next_due_at = serializers.DateTimeField(allow_null=True)
    fetched_until = serializers.DateField(allow_null=True)
    succeeded_at = serializers.DateTimeField(allow_null=True)
    failures = serializers.IntegerField(help_text="Failed fetches since the last good one.")
    last_fetch = FetchOut(allow_null=True)
    version = serializers.IntegerField()


class SourceKindOut(serializers.Serializer):
    kind = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    params = serializers.DictField(help_text="name: label, shape, default, needed")
    secrets = serializers.DictField(help_text="name: label")
    ways = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="Names of secrets that are needed together: one way, or one of two.",
    )


class TriedRowOut(serializers.Serializer):
    row = serializers.IntegerField()
    day = serializers.DateField(allow_null=True)
    dims = serializers.DictField()
    values = serializers.DictField(help_text="metric: value, or the id of a person")
    problems = ProblemOut(many=True)


class TrialOut(serializers.Serializer):
    works = serializers.BooleanField()
    to = serializers.DateField(help_text="Last day asked for; `from` is the first.")
    rows = serializers.IntegerField(help_text="Rows of the one page that was fetched.")
    bytes = serializers.IntegerField()
    shown = TriedRowOut(many=True)
    problems = ProblemOut(many=True)
    answer = serializers.CharField()

    def get_fields(self) -> dict[str, Any]:
        """Add the name that is a word of Python."""
        return super().get_fields() | {"from": serializers.DateField()}


def trial_out(trial: Trial) -> dict[str, Any]:
    return {
        "works": trial.works,
        "from": trial.first,
        "to": trial.last,
        "rows": trial.rows,
        "bytes": trial.bytes,
        "shown": [
            {
                "row": row.number,
                "day": row.day,
                "dims": dict(row.dims),
                "values": {one.metric: one.who or plain(one.value) for one in row.values},
                "problems": [as_json(found) for found in row.problems],
            }
            for row in trial.shown
        ],
        "problems": [as_json(found) for found in trial.problems],
        "answer": trial.said,
    }


class SourceView(WorkspaceView):
    """What the endpoints of one source share."""

    def tell(self, connector: Connector) -> dict[str, Any]:
        return line_out(line_of(connector, at=now()), self)

    def render_current(self, connector: Connector) -> dict[str, Any]:
        """The source as it stands, for a 409."""
        return self.tell(connector)


class Sources(SourceView):
    can = {"GET": "workspace.view", "POST": "sources.edit"}
    pagination_class = Pages

    @extend_schema(responses=ConnectorOut(many=True), operation_id="sources")
    def get(self, request: Request, slug: str) -> Response:
        pages = Pages()
        rows = pages.paginate_queryset(connectors_of(self.workspace), request, view=self)
        lines = lines_of(list(rows), at=now())
        return pages.get_paginated_response([line_out(line, self) for line in lines])

    @extend_schema(request=ConnectorIn, responses={201: ConnectorOut}, operation_id="add_source")
    def post(self, request: Request, slug: str) -> Response:
        draft = Draft(**self.shape(ConnectorIn, request.data))
        made = add_connector(self.workspace, draft=draft, by=self.member, at=now())
        return Response(self.tell(made), status=201)


class SourceKinds(WorkspaceView):
    @extend_schema(responses=SourceKindOut(many=True), operation_id="source_kinds")
    def get(self, request: Request, slug: str) -> Response:
        return Response([kind_out(key) for key in KINDS])


def kind_out(key: str) -> dict[str, Any]:
    kind = KINDS[key]
    found: dict[str, Any] = {
        "kind": key,
        "name": _(kind.name),
        "description": _(kind.says),
        "params": {},
        "secrets": {},
        "ways": [],
    }
    if kind.document:
        description = described(key)
        found["params"] = {
            name: {"label": label_of(name), **vars(param)}
            for name, param in description.params.items()
        }
        found["secrets"] = {name: label_of(name) for name in description.auth.secrets}
        found["ways"] = [list(way) for way in description.auth.ways]
    return found


class SourceDetail(SourceView):
    can = {"GET": "workspace.view", "PATCH": "sources.edit", "DELETE": "sources.edit"}

    @extend_schema(responses=ConnectorOut, operation_id="source")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        return Response(self.tell(find_connector(pk, self)))

    @extend_schema(request=ConnectorPatch, responses=ConnectorOut, operation_id="change_source")
    def patch(self, request: Request, slug: str, pk: str) -> Response:
        connector = find_connector(pk, self)
        changes = self.shape(ConnectorPatch, request.data)
        version = changes.pop("version")
        draft = replace(draft_of(connector), **changes)
        changed = change_connector(
            connector, draft=draft, version=version, by=self.member, at=now()
        )
        return Response(self.tell(changed))

    @extend_schema(request=None, responses={204: None}, operation_id="remove_source")
    def delete(self, request: Request, slug: str, pk: str) -> Response:
        remove_connector(find_connector(pk, self), by=self.member, at=now())
        return Response(status=204)


class StartSource(SourceView):
    can = {"POST": "sources.edit"}

    @extend_schema(request=None, responses=ConnectorOut, operation_id="start_source")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        started = start_connector(find_connector(pk, self), by=self.member, at=now())
        return Response(self.tell(started))


class PauseSource(SourceView):
    can = {"POST": "sources.edit"}

    @extend_schema(request=None, responses=ConnectorOut, operation_id="pause_source")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        paused = pause_connector(find_connector(pk, self), by=self.member, at=now())
        return Response(self.tell(paused))


class TestSource(SourceView):
    can = {"POST": "sources.edit"}

    @extend_schema(request=None, responses=TrialOut, operation_id="test_source")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        return Response(trial_out(try_connector(find_connector(pk, self), clock=now)))


class SourceFetches(SourceView):
    can = {"GET": "workspace.view", "POST": "sources.edit"}
    pagination_class = Pages

    @extend_schema(responses=FetchOut(many=True), operation_id="source_fetches")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        pages = Pages()
        rows = fetches_of(find_connector(pk, self))
        found = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response([fetch_out(fetch, self) for fetch in found])

    @extend_schema(request=None, responses={202: FetchOut}, operation_id="fetch_source")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        fetch = ask_fetch(find_connector(pk, self), by=self.member, at=now())
        return Response(fetch_out(fetch, self), status=202)


class SourceFetch(SourceView):
    can = {"GET": "workspace.view"}

    @extend_schema(responses=FetchOut, operation_id="source_fetch")
    def get(self, request: Request, slug: str, pk: str, fetch: str) -> Response:
        found = find_or_404(Fetch, fetch, self)
        if found.connector_id != find_connector(pk, self).pk:
            raise Http404
        return Response(fetch_out(found, self))
