from django.http import Http404
from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from workspaces.models import Delivery
from workspaces.operations.outbox import send_again
from workspaces.queries.deliveries import stuck_deliveries, stuck_delivery
from workspaces.rest import Pages, WorkspaceView


class DeliveryOut(serializers.Serializer):
    id = serializers.IntegerField()
    to = serializers.EmailField()
    channel = serializers.CharField(help_text="mail or digest")
    day = serializers.DateField(allow_null=True)
    state = serializers.CharField(help_text="waiting, sending or dead")
    tries = serializers.IntegerField()
    fault = serializers.CharField()
    next_try = serializers.DateTimeField(allow_null=True)
    made_at = serializers.DateTimeField()


def delivery_out(delivery: Delivery) -> dict[str, object]:
    is_over = delivery.ended_at is not None
    return {
        "id": delivery.pk,
        "to": delivery.user.email,
        "channel": delivery.channel,
        "day": delivery.day.isoformat() if delivery.day else None,
        "state": delivery.state,
        "tries": delivery.tries,
        "fault": delivery.fault,
        "next_try": None if is_over else delivery.send_at.isoformat(),
        "made_at": delivery.made_at.isoformat(),
    }


class Deliveries(WorkspaceView):
    """Mails that do not get through, newest first."""

    can = {"GET": "members.manage"}
    pagination_class = Pages

    @extend_schema(responses=DeliveryOut(many=True), operation_id="stuck_mails")
    def get(self, request: Request, slug: str) -> Response:
        pages = Pages()
        rows = pages.paginate_queryset(stuck_deliveries(self.workspace), request, view=self)
        return pages.get_paginated_response([delivery_out(row) for row in rows])


class SendAgain(WorkspaceView):
    can = {"POST": "members.manage"}

    @extend_schema(request=None, responses=DeliveryOut, operation_id="send_mail_again")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        number = int(pk) if pk.isascii() and pk.isdigit() and int(pk) < 2**63 else 0
        delivery = stuck_delivery(self.workspace, number)
        if delivery is None:
            raise Http404
        return Response(delivery_out(send_again(delivery, at=now())))
