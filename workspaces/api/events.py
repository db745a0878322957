from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from workspaces.queries.events import Told, log_of, tell
from workspaces.rest import Pages, WorkspaceView


class EventOut(serializers.Serializer):
    id = serializers.IntegerField()
    verb = serializers.CharField()
    sentence = serializers.CharField()
    by = serializers.CharField(help_text="empty: the clock did it")
    at = serializers.DateTimeField()
    subject = serializers.CharField(help_text="such as tasks.card:7")
    data = serializers.DictField()


def event_out(told: Told) -> dict[str, object]:
    return {
        "id": told.id,
        "verb": told.verb,
        "sentence": told.sentence,
        "by": told.who,
        "at": told.at.isoformat(),
        "subject": f"{told.subject_type}:{told.subject_id}",
        "data": told.data,
    }


class Events(WorkspaceView):
    """The log of the workspace, newest first."""

    pagination_class = Pages

    can = {"GET": "log.view"}

    @extend_schema(responses=EventOut(many=True), operation_id="events")
    def get(self, request: Request, slug: str) -> Response:
        pages = Pages()
        rows = pages.paginate_queryset(log_of(self.workspace), request, view=self)
        return pages.get_paginated_response([event_out(t) for t in tell(rows)])
