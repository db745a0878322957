from typing import Any

from django.http import Http404
from django.utils.timezone import now
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from workspaces.models import Notification
from workspaces.operations.notifications import read_all_notifications, read_notification
from workspaces.queries.notifications import NoticeRow, notifications_of, tell_notices
from workspaces.rest import Pages, WorkspaceView, find_or_404, truth

UNREAD = OpenApiParameter("unread", bool, description="true: only what has not been read.")


class NoticePartOut(serializers.Serializer):
    id = serializers.IntegerField()
    kind = serializers.CharField()
    verb = serializers.CharField()
    sentence = serializers.CharField()
    subject = serializers.CharField(help_text="such as metrics.alert:7")
    link = serializers.CharField(help_text="Path of the page that shows it.")
    data = serializers.DictField()
    count = serializers.IntegerField(help_text="How often it happened; the row tells of the last.")
    place = serializers.CharField(help_text="Its board, such as tasks.board:5, or nothing.")
    at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)


class NotificationOut(NoticePartOut):
    parts = NoticePartOut(many=True, help_text="What a bundle holds, the newest 100.")
    more = serializers.IntegerField(help_text="How many others it holds.")


class ReadOut(serializers.Serializer):
    read = serializers.IntegerField()


def notification_out(row: NoticeRow) -> dict[str, Any]:
    parts = [part_out(part) for part in row.parts]
    return {**part_out(row), "parts": parts, "more": row.more}


def part_out(row: NoticeRow) -> dict[str, Any]:
    told = row.notification
    return {
        "id": told.pk,
        "kind": told.kind,
        "verb": told.verb,
        "sentence": row.sentence,
        "subject": f"{told.subject_type}:{told.subject_id}",
        "link": told.link,
        "data": told.data,
        "count": told.count,
        "place": f"{told.place_type}:{told.place_id}" if told.place_type else "",
        "at": told.at.isoformat(),
        "read_at": told.read_at.isoformat() if told.read_at else None,
    }


class Notifications(WorkspaceView):
    """What the caller has been told, newest first."""

    asks = [UNREAD]
    pagination_class = Pages

    @extend_schema(responses=NotificationOut(many=True), operation_id="notifications")
    def get(self, request: Request, slug: str) -> Response:
        pages = Pages()
        unread = truth("unread", request.query_params.get("unread", "false"))
        rows = pages.paginate_queryset(
            notifications_of(self.member, unread=unread), request, view=self
        )
        return pages.get_paginated_response([notification_out(row) for row in tell_notices(rows)])


class ReadNotifications(WorkspaceView):
    can = {"POST": "notifications.own"}

    @extend_schema(request=None, responses=ReadOut, operation_id="read_notifications")
    def post(self, request: Request, slug: str) -> Response:
        return Response({"read": read_all_notifications(self.member, at=now())})


class ReadNotification(WorkspaceView):
    can = {"POST": "notifications.own"}

    @extend_schema(request=None, responses=NotificationOut, operation_id="read_notification")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        found = find_or_404(Notification, pk, self)
        if found.member_id != self.member.pk:
            raise Http404
        told = read_notification(found, at=now())
        return Response(notification_out(tell_notices([told])[0]))
