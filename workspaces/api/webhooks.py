from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from workspaces.api.tokens import BrowserOnly
from workspaces.models import Webhook, WebhookCall
from workspaces.models.webhooks import BODY_CHOICES, NAME_LENGTH
from workspaces.operations.webhooks import (
    Draft,
    add_webhook,
    change_webhook,
    remove_webhook,
    renew_secret,
    switch_webhook,
    tell_again,
    test_webhook,
)
from workspaces.queries.preferences import PlaceRow, place_named
from workspaces.queries.webhooks import calls_of, webhooks_of
from workspaces.rest import Pages, StrictSerializer, WorkspaceView, find_or_404
from workspaces.rules.addresses import LONGEST_URL
from workspaces.rules.errors import Invalid, at_field

BODIES = [word for word, _words in BODY_CHOICES]
EDIT = "webhooks.edit"


class WebhookIn(StrictSerializer):
    name = serializers.CharField(max_length=NAME_LENGTH)
    url = serializers.CharField(max_length=LONGEST_URL)
    body = serializers.ChoiceField(choices=BODIES, default="json")
    groups = serializers.ListField(
        child=serializers.CharField(max_length=30), required=False, max_length=50
    )
    place = serializers.CharField(required=False, allow_null=True, max_length=80)


class WebhookPatch(StrictSerializer):
    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    name = serializers.CharField(required=False, max_length=NAME_LENGTH)
    url = serializers.CharField(required=False, max_length=LONGEST_URL)
    body = serializers.ChoiceField(choices=BODIES, required=False)
    groups = serializers.ListField(
        child=serializers.CharField(max_length=30), required=False, max_length=50
    )
    place = serializers.CharField(required=False, allow_null=True, max_length=80)


class WebhookSwitchIn(StrictSerializer):
    on = serializers.BooleanField()


class WebhookOut(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    host = serializers.CharField(help_text="Of the address, which is not shown.")
    body = serializers.ChoiceField(choices=BODIES)
    groups = serializers.ListField(child=serializers.CharField())
    place = serializers.CharField(allow_null=True)
    version = serializers.IntegerField()
    on = serializers.BooleanField()
    why_off = serializers.CharField(help_text="by_hand, gone, gave_up or nothing")
    told_until = serializers.IntegerField(help_text="The id of the last event it was told.")
    tries = serializers.IntegerField(help_text="How often the next event has failed.")
    next_try = serializers.DateTimeField(allow_null=True)
    secret = serializers.CharField(required=False, help_text="Told only once.")


class WebhookCallOut(serializers.Serializer):
    id = serializers.IntegerField()
    event = serializers.IntegerField(allow_null=True, help_text="null: a test")
    verb = serializers.CharField()
    state = serializers.CharField(help_text="waiting, sent or failed")
    tries = serializers.IntegerField()
    status = serializers.IntegerField(allow_null=True)
    fault = serializers.CharField()
    at = serializers.DateTimeField()


def webhook_out(row: Webhook, **more: object) -> dict[str, object]:
    return {
        "id": row.pk,
        "name": row.name,
        "host": row.host,
        "body": row.body,
        "groups": row.groups,
        "place": f"{row.place_type}:{row.place_id}" if row.place_type else None,
        "version": row.version,
        "on": row.disabled_at is None,
        "why_off": row.disabled_why,
        "told_until": row.told_until,
        "tries": row.tries,
        "next_try": row.next_try_at.isoformat() if row.next_try_at else None,
        **more,
    }


def call_out(row: WebhookCall) -> dict[str, object]:
    return {
        "id": row.pk,
        "event": row.event_id or None,
        "verb": row.verb,
        "state": row.state,
        "tries": row.tries,
        "status": row.status,
        "fault": row.fault,
        "at": row.at.isoformat(),
    }


def settled(view: WorkspaceView, told: dict[str, Any]) -> dict[str, Any]:
    """What was sent, with the board as a row and the groups as the operation takes them."""
    if "groups" in told:
        told["groups"] = tuple(told["groups"])
    if "place" in told:
        told["place"] = board_of(view, told["place"])
    return told


def board_of(view: WorkspaceView, word: str | None) -> PlaceRow | None:
    row = place_named(view.workspace, word or "")
    if row is None and word:
        raise Invalid([at_field("place", "not_found", _("There is no such board."))])
    return row


class OfWebhooks(BrowserOnly):
    """Webhooks carry what happens out of the house: a token neither makes nor lists them (P09)."""

    only = _lazy("A token cannot manage webhooks; sign in.")


class Webhooks(OfWebhooks):
    can = {"GET": EDIT, "POST": EDIT}
    keeps_receipts = False  # the secret is told only once
    pagination_class = Pages

    @extend_schema(responses=WebhookOut(many=True), operation_id="webhooks")
    def get(self, request: Request, slug: str) -> Response:
        pages = Pages()
        rows = pages.paginate_queryset(webhooks_of(self.workspace), request, view=self)
        return pages.get_paginated_response([webhook_out(row) for row in rows])

    @extend_schema(request=WebhookIn, responses={201: WebhookOut}, operation_id="add_webhook")
    def post(self, request: Request, slug: str) -> Response:
        told = settled(self, self.shape(WebhookIn, request.data))
        row, secret = add_webhook(self.workspace, draft=Draft(**told), by=self.member, at=now())
        return Response(webhook_out(row, secret=secret), status=201)


class WebhookDetail(OfWebhooks):
    can = {"GET": EDIT, "PATCH": EDIT, "DELETE": EDIT}

    def render_current(self, row: Webhook) -> dict[str, object]:
        return webhook_out(row)

    @extend_schema(responses=WebhookOut, operation_id="webhook")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        return Response(webhook_out(find_or_404(Webhook, pk, self)))

    @extend_schema(request=WebhookPatch, responses=WebhookOut, operation_id="change_webhook")
    def patch(self, request: Request, slug: str, pk: str) -> Response:
        row = find_or_404(Webhook, pk, self)
        told = settled(self, self.shape(WebhookPatch, request.data))
        version = told.pop("version")
        row = change_webhook(row, version=version, changes=told, by=self.member, at=now())
        return Response(webhook_out(row))

    @extend_schema(responses={204: None}, operation_id="remove_webhook")
    def delete(self, request: Request, slug: str, pk: str) -> Response:
        remove_webhook(find_or_404(Webhook, pk, self), by=self.member, at=now())
        return Response(status=204)


class SwitchWebhook(OfWebhooks):
    can = {"POST": EDIT}

    @extend_schema(request=WebhookSwitchIn, responses=WebhookOut, operation_id="switch_webhook")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        row = find_or_404(Webhook, pk, self)
        told = self.shape(WebhookSwitchIn, request.data)
        return Response(webhook_out(switch_webhook(row, on=told["on"], by=self.member, at=now())))


class WebhookSecret(OfWebhooks):
    can = {"POST": EDIT}
    keeps_receipts = False  # the secret is told only once

    @extend_schema(request=None, responses=WebhookOut, operation_id="renew_webhook_secret")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        row = find_or_404(Webhook, pk, self)
        secret = renew_secret(row, by=self.member, at=now())
        row.refresh_from_db()
        return Response(webhook_out(row, secret=secret))


class TestWebhook(OfWebhooks):
    can = {"POST": EDIT}

    @extend_schema(request=None, responses={202: WebhookCallOut}, operation_id="test_webhook")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        row = find_or_404(Webhook, pk, self)
        return Response(call_out(test_webhook(row, at=now())), status=202)


class WebhookCalls(OfWebhooks):
    """What became of its events, the latest first; kept for 30 days."""

    can = {"GET": EDIT}
    pagination_class = Pages

    @extend_schema(responses=WebhookCallOut(many=True), operation_id="webhook_calls")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        pages = Pages()
        row = find_or_404(Webhook, pk, self)
        rows = pages.paginate_queryset(calls_of(row), request, view=self)
        return pages.get_paginated_response([call_out(call) for call in rows])


class TellAgain(OfWebhooks):
    can = {"POST": EDIT}

    @extend_schema(request=None, responses={202: WebhookCallOut}, operation_id="tell_again")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        call = find_or_404(WebhookCall, pk, self)
        return Response(call_out(tell_again(call, at=now())), status=202)
