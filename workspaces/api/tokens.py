from django.http import Http404
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from workspaces.models import ApiToken
from workspaces.operations.tokens import issue_token, revoke_token
from workspaces.queries.access import tokens_of
from workspaces.rest import NotByToken, Pages, StrictSerializer, WorkspaceView
from workspaces.rules.roles import SCOPES


class TokenIn(StrictSerializer):
    name = serializers.CharField(max_length=80)
    scope = serializers.ChoiceField(choices=SCOPES, default="read")


class TokenOut(serializers.Serializer):
    id = serializers.CharField(help_text="the token's hash; the token itself is told only once")
    name = serializers.CharField()
    scope = serializers.ChoiceField(choices=SCOPES)
    created = serializers.DateTimeField()
    token = serializers.CharField(required=False)


def token_out(token: ApiToken) -> dict[str, object]:
    return {
        "id": token.digest,
        "name": token.name,
        "scope": token.scope,
        "created": token.created.isoformat(),
    }


class BrowserOnly(WorkspaceView):
    """What is managed by a signed-in person: a token never begets or lists keys (P09)."""

    only = _lazy("A token cannot manage tokens; sign in.")

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        """Refuse tokens after the ordinary checks."""
        super().initial(request, *args, **kwargs)
        if isinstance(request.auth, ApiToken):
            raise NotByToken(self.only)


class Tokens(BrowserOnly):
    can = {"GET": "tokens.own", "POST": "tokens.own"}
    keeps_receipts = False  # the secret is told only once
    pagination_class = Pages

    @extend_schema(responses=TokenOut(many=True), operation_id="tokens")
    def get(self, request: Request, slug: str) -> Response:
        pages = Pages()
        rows = pages.paginate_queryset(tokens_of(self.member), request, view=self)
        return pages.get_paginated_response([token_out(t) for t in rows])

    @extend_schema(request=TokenIn, responses={201: TokenOut}, operation_id="issue_token")
    def post(self, request: Request, slug: str) -> Response:
        asked = self.shape(TokenIn, request.data)
        token, text = issue_token(self.member, **asked, by=self.member, at=now())
        return Response({**token_out(token), "token": text}, status=201)


class TokenDetail(BrowserOnly):
    can = {"DELETE": "tokens.own"}

    @extend_schema(responses={204: None}, operation_id="revoke_token")
    def delete(self, request: Request, slug: str, digest: str) -> Response:
        token = tokens_of(self.member).filter(digest=digest).first()
        if token is None:
            raise Http404
        revoke_token(token, by=self.member, at=now())
        return Response(status=204)
