"""Taking part in a strategy: feedback, signatures, links, decisions."""

from typing import Any

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from goals.api.feedback_shapes import (
    DecisionClose,
    DecisionIn,
    DecisionOut,
    DispositionIn,
    FeedbackIn,
    FeedbackOut,
    ShareIn,
    ShareMade,
    ShareOut,
    SignIn,
    decision_out,
    feedback_out,
    share_out,
)
from goals.api.strategy import StrategyView
from goals.api.strategy_shapes import SignatureOut, TakingOut, signature_out, taking_out
from goals.models import Decision, FeedbackItem, Strategy, StrategyShare
from goals.operations.feedback import Answers, Suggestion, decide_feedback, give_feedback
from goals.operations.strategy_decisions import DecisionDraft, close_decision, log_decision
from goals.operations.strategy_shares import ShareDraft, revoke_share, share_strategy
from goals.operations.strategy_versions import Word, sign_version
from goals.queries.feedback import feedback_on
from goals.queries.strategy import decisions_of
from goals.queries.strategy_shares import shares_of
from goals.queries.strategy_versions import latest_version, signatures_on
from goals.rules.strategy import Disposition
from workspaces.rest import Pages, find_or_404
from workspaces.rules.errors import Invalid, at_field

DISPOSITIONS = [one.value for one in Disposition]


class Feedback(StrategyView):
    """Suggestions; an anonymous one must not be found by its receipt, so none is kept."""

    can = {"GET": "workspace.view", "POST": "feedback.give"}
    asks = [OpenApiParameter("disposition", str, enum=DISPOSITIONS)]
    pagination_class = Pages
    keeps_receipts = False

    @extend_schema(responses=FeedbackOut(many=True), operation_id="feedback")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        pages, rows = Pages(), feedback_on(self.found(pk))
        if word := request.query_params.get("disposition"):
            if word not in DISPOSITIONS:
                message = _("There is no such answer.")
                raise Invalid([at_field("disposition", "invalid_choice", message)])
            rows = rows.filter(disposition=word)
        found = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response([feedback_out(row) for row in found])

    @extend_schema(request=FeedbackIn, responses={201: TakingOut}, operation_id="give_feedback")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        row, fields = self.found(pk), self.shape(FeedbackIn, request.data)
        version = self.version_of(row, str(fields["number"]))
        answers = Answers(
            [Suggestion(**one) for one in fields["suggestions"]],
            member=self.member,
            anonymous=fields["anonymous"],
        )
        give_feedback(version, answers=answers, at=now())
        return Response(taking_out(version), status=201)


class DecideFeedback(StrategyView):
    can = {"POST": "strategy.edit"}

    def render_current(self, item: FeedbackItem) -> dict[str, Any]:
        """The suggestion as it stands, for a 409."""
        return feedback_out(item)

    @extend_schema(request=DispositionIn, responses=FeedbackOut, operation_id="decide_feedback")
    def post(self, request: Request, slug: str, pk: str, item: str) -> Response:
        found = find_or_404(FeedbackItem, item, self)
        if found.sheet.version.strategy_id != self.found(pk).pk:
            raise Http404
        fields = self.shape(DispositionIn, request.data)
        fields["disposition"] = Disposition(fields["disposition"])
        decided = decide_feedback(found, **fields, by=self.member, at=now())
        return Response(feedback_out(decided))


class SignStrategy(StrategyView):
    can = {"GET": "workspace.view", "POST": "strategy.sign"}

    @extend_schema(responses=SignatureOut(many=True), operation_id="strategy_signatures")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        return Response(self.signatures(self.found(pk)))

    @extend_schema(
        request=SignIn, responses={201: SignatureOut(many=True)}, operation_id="sign_strategy"
    )
    def post(self, request: Request, slug: str, pk: str) -> Response:
        row, fields = self.found(pk), self.shape(SignIn, request.data)
        version = self.version_of(row, str(fields.pop("number")))
        sign_version(version, who=self.member, word=Word(**fields), by=self.member, at=now())
        return Response(self.signatures(row), status=201)

    def signatures(self, row: Strategy) -> list[dict[str, Any]]:
        newest = latest_version(row)
        return [signature_out(one) for one in signatures_on(row, newest)] if newest else []


class StrategyShares(StrategyView):
    can = {"GET": "strategy.publish", "POST": "strategy.publish"}
    pagination_class = Pages
    keeps_receipts = False

    @extend_schema(responses=ShareOut(many=True), operation_id="strategy_shares")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        pages = Pages()
        rows = pages.paginate_queryset(shares_of(self.found(pk)), request, view=self)
        return pages.get_paginated_response([share_out(row) for row in rows])

    @extend_schema(request=ShareIn, responses={201: ShareMade}, operation_id="share_strategy")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        row, fields = self.found(pk), self.shape(ShareIn, request.data)
        number = fields.pop("pinned", None)
        pinned = self.version_of(row, str(number)) if number else None
        draft = ShareDraft(**fields, pinned=pinned)
        share, token = share_strategy(row, draft=draft, by=self.member, at=now())
        url = settings.BASE_URL + reverse("shared_strategy", kwargs={"token": token})
        return Response({**share_out(share), "url": url}, status=201)


class StrategyShareDetail(StrategyView):
    can = {"DELETE": "strategy.publish"}

    @extend_schema(responses={204: None}, operation_id="revoke_strategy_share")
    def delete(self, request: Request, slug: str, pk: str, share: str) -> Response:
        found = find_or_404(StrategyShare, share, self)
        if found.strategy_id != self.found(pk).pk:
            raise Http404
        revoke_share(found, by=self.member, at=now())
        return Response(status=204)


class Decisions(StrategyView):
    can = {"GET": "workspace.view", "POST": "strategy.edit"}
    pagination_class = Pages

    @extend_schema(responses=DecisionOut(many=True), operation_id="decisions")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        pages = Pages()
        rows = pages.paginate_queryset(decisions_of(self.found(pk)), request, view=self)
        return pages.get_paginated_response([decision_out(row) for row in rows])

    @extend_schema(request=DecisionIn, responses={201: DecisionOut}, operation_id="log_decision")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        row, fields = self.found(pk), self.shape(DecisionIn, request.data)
        made = log_decision(row, draft=DecisionDraft(**fields), by=self.member, at=now())
        return Response(decision_out(made), status=201)


class CloseDecision(StrategyView):
    can = {"POST": "strategy.edit"}

    def render_current(self, decision: Decision) -> dict[str, Any]:
        """The decision as it stands, for a 409."""
        return decision_out(decision)

    @extend_schema(request=DecisionClose, responses=DecisionOut, operation_id="close_decision")
    def post(self, request: Request, slug: str, pk: str, decision: str) -> Response:
        found = find_or_404(Decision, decision, self)
        if found.strategy_id != self.found(pk).pk:
            raise Http404
        fields = self.shape(DecisionClose, request.data)
        return Response(decision_out(close_decision(found, **fields, by=self.member, at=now())))
