from django.http import Http404
from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from reports.api.review_shapes import (
    RHYTHMS,
    AskIn,
    LookIn,
    ReviewDetailOut,
    ReviewEnd,
    ReviewItemOut,
    ReviewItemPageOut,
    ReviewOut,
    ReviewStart,
    item_out,
    item_page_out,
    review_out,
    summary_out,
)
from reports.models import Review, ReviewItem
from reports.operations.reviews import Look, ask_owner, end_review, look_at, start_review
from reports.queries.reviews import item_page, numbers_of, reviews_of, summary_of
from reports.rules.reviews import Outcome, Rhythm, thaw
from workspaces.rest import Pages, WorkspaceView, find_or_404
from workspaces.rules.errors import Invalid, at_field


class Reviews(WorkspaceView):
    """Reviews, the newest first; POST begins one, or goes on with the open one of that rhythm."""

    can = {"GET": "workspace.view", "POST": "review.run"}
    asks = [OpenApiParameter("rhythm", str, enum=RHYTHMS)]
    pagination_class = Pages

    @extend_schema(responses=ReviewOut(many=True), operation_id="reviews")
    def get(self, request: Request, slug: str) -> Response:
        pages, rows = Pages(), reviews_of(self.workspace)
        if word := request.query_params.get("rhythm"):
            if word not in RHYTHMS:
                message = _("Write weekly or monthly.")
                raise Invalid([at_field("rhythm", "invalid_choice", message)])
            rows = rows.filter(rhythm=word)
        found = pages.paginate_queryset(rows, request, view=self)
        told = [review_out(row, row.goals, row.seen, row.skipped) for row in found]
        return pages.get_paginated_response(told)

    @extend_schema(
        request=ReviewStart, responses={201: ReviewDetailOut}, operation_id="start_review"
    )
    def post(self, request: Request, slug: str) -> Response:
        rhythm = Rhythm(self.shape(ReviewStart, request.data)["rhythm"])
        review = start_review(self.workspace, rhythm=rhythm, by=self.member, at=now())
        return Response(summary_out(summary_of(review)), status=201)


class ReviewDetail(WorkspaceView):
    @extend_schema(responses=ReviewDetailOut, operation_id="review")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        return Response(summary_out(summary_of(find_or_404(Review, pk, self))))


class EndReview(WorkspaceView):
    can = {"POST": "review.run"}

    @extend_schema(request=ReviewEnd, responses=ReviewDetailOut, operation_id="end_review")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        review = find_or_404(Review, pk, self)
        asked = {"notes": "", **self.shape(ReviewEnd, request.data)}
        ended = end_review(review, **asked, by=self.member, at=now())
        return Response(summary_out(summary_of(ended)))


class ReviewItemView(WorkspaceView):
    """One goal of a review; what belongs to another review does not exist."""

    def found(self, pk: str, item: str) -> ReviewItem:
        review, row = find_or_404(Review, pk, self), find_or_404(ReviewItem, item, self)
        if row.review_id != review.pk:
            raise Http404
        found: ReviewItem = row
        return found


class ReviewItemDetail(ReviewItemView):
    can = {"GET": "workspace.view", "PATCH": "review.run"}

    @extend_schema(responses=ReviewItemPageOut, operation_id="review_item")
    def get(self, request: Request, slug: str, pk: str, item: str) -> Response:
        shown = item_page(self.workspace, self.found(pk, item), now())
        return Response(item_page_out(shown, thaw(numbers_of(shown.standing))))

    @extend_schema(request=LookIn, responses=ReviewItemOut, operation_id="look_at_goal")
    def patch(self, request: Request, slug: str, pk: str, item: str) -> Response:
        row = self.found(pk, item)
        asked = self.shape(LookIn, request.data)
        version, outcome = asked.pop("version"), Outcome(asked.pop("outcome"))
        kept = {"note": row.note, "decided": row.decided, **asked}
        look = Look(outcome, **kept)
        done = look_at(row, look=look, version=version, by=self.member, at=now())
        return Response(item_out(done))


class AskOwner(ReviewItemView):
    can = {"POST": "review.run"}

    @extend_schema(request=AskIn, responses={204: None}, operation_id="ask_owner")
    def post(self, request: Request, slug: str, pk: str, item: str) -> Response:
        row, asked = self.found(pk, item), self.shape(AskIn, request.data)
        ask_owner(row, question=asked["question"], by=self.member, at=now())
        return Response(status=204)
