from typing import Any

from django.utils.timezone import now
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tasks.api.fields import RowField, VersionField
from tasks.api.shapes import CardPersonOut, SeenIn, person_out
from tasks.models import Card, Comment, Sign
from tasks.models.cards import NONCE_LENGTH, TEXT_LENGTH
from tasks.operations.comments import (
    Said,
    add_comment,
    delete_comment,
    edit_comment,
    sign_comment,
)
from tasks.queries.comments import CommentView, comments_of, view_comments
from tasks.queries.texts import shown
from workspaces.rest import Pages, StrictSerializer, WorkspaceView, find_or_404, truth

HTML = OpenApiParameter("html", bool, description="Tell the text as HTML, too.")


class CommentField(RowField):
    model = Comment


class CommentIn(StrictSerializer):
    text = serializers.CharField(max_length=TEXT_LENGTH, help_text="Markdown.")
    answers = CommentField(
        required=False, allow_null=True, help_text="The id of the comment that it answers."
    )
    nonce = serializers.CharField(
        max_length=NONCE_LENGTH,
        required=False,
        help_text="A text of your own: sent twice, it makes one comment.",
    )


class CommentPatch(StrictSerializer):
    version = VersionField()
    text = serializers.CharField(max_length=TEXT_LENGTH)


class SignOut(serializers.Serializer):
    sign = serializers.ChoiceField(choices=Sign.values)
    count = serializers.IntegerField()
    names = serializers.ListField(child=serializers.CharField())
    mine = serializers.BooleanField()


class CommentOut(serializers.Serializer):
    id = serializers.IntegerField()
    card = serializers.IntegerField()
    version = serializers.IntegerField()
    by = CardPersonOut(allow_null=True)
    by_name = serializers.CharField(help_text="Also where the member has left.")
    answers = serializers.IntegerField(allow_null=True)
    text = serializers.CharField(help_text="Markdown; empty where it is deleted.")
    html = serializers.CharField(required=False, help_text="Where it is asked for.")
    at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)
    deleted_at = serializers.DateTimeField(allow_null=True)
    signs = SignOut(many=True)


class MarkdownIn(StrictSerializer):
    text = serializers.CharField(max_length=TEXT_LENGTH, allow_blank=True)


class MarkdownOut(serializers.Serializer):
    html = serializers.CharField()


def comment_out(view: CommentView, *, html: bool = False) -> dict[str, Any]:
    comment = view.comment
    told = {
        "id": comment.pk,
        "card": comment.card_id,
        "version": comment.version,
        "by": person_out(comment.by),
        "by_name": comment.by_name,
        "answers": comment.answers_id,
        "text": comment.text,
        "at": comment.at,
        "edited_at": comment.edited_at,
        "deleted_at": comment.deleted_at,
        "signs": [
            {"sign": one.sign, "count": one.count, "names": one.names, "mine": one.is_mine}
            for one in view.signs
        ],
    }
    return told | {"html": str(view.html)} if html else told


class TalkView(WorkspaceView):
    def tell(self, comment: Comment, *, html: bool = False) -> dict[str, Any]:
        (view,) = view_comments(comment.card, [comment], self.member)
        return comment_out(view, html=html)

    def render_current(self, current: Comment | None) -> dict[str, Any] | None:
        return self.tell(current) if current else None

    def wants_html(self, request: Request) -> bool:
        return truth("html", request.query_params.get("html", "false"))


class CardComments(TalkView):
    can = {"GET": "workspace.view", "POST": "work.comment"}
    asks = [HTML]
    pagination_class = Pages

    @extend_schema(parameters=[HTML], responses=CommentOut(many=True), operation_id="list_comments")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        card, pages, html = find_or_404(Card, pk, self), Pages(), self.wants_html(request)
        rows = pages.paginate_queryset(comments_of(card), request, view=self)
        found = view_comments(card, rows, self.member)
        return pages.get_paginated_response([comment_out(view, html=html) for view in found])

    @extend_schema(request=CommentIn, responses={201: CommentOut}, operation_id="add_comment")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        card = find_or_404(Card, pk, self)
        said = Said(**self.shape(CommentIn, request.data))
        return Response(self.tell(add_comment(card, said=said, by=self.member, at=now())), 201)


class CommentDetail(TalkView):
    can = {"GET": "workspace.view", "PATCH": "work.comment", "DELETE": "work.comment"}
    asks = [HTML]

    @extend_schema(parameters=[HTML], responses=CommentOut, operation_id="read_comment")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        html = self.wants_html(request)
        return Response(self.tell(find_or_404(Comment, pk, self), html=html))

    @extend_schema(request=CommentPatch, responses=CommentOut, operation_id="change_comment")
    def patch(self, request: Request, slug: str, pk: str) -> Response:
        comment = find_or_404(Comment, pk, self)
        fields = self.shape(CommentPatch, request.data)
        return Response(self.tell(edit_comment(comment, **fields, by=self.member, at=now())))

    @extend_schema(request=SeenIn, responses={204: None}, operation_id="delete_comment")
    def delete(self, request: Request, slug: str, pk: str) -> Response:
        comment = find_or_404(Comment, pk, self)
        version = self.shape(SeenIn, request.data).get("version")
        delete_comment(comment, version=version, by=self.member, at=now())
        return Response(status=204)


class CommentSign(TalkView):
    can = {"PUT": "work.comment", "DELETE": "work.comment"}

    @extend_schema(request=None, responses=CommentOut, operation_id="give_sign")
    def put(self, request: Request, slug: str, pk: str, sign: str) -> Response:
        return self.turn(pk, sign, on=True)

    @extend_schema(responses=CommentOut, operation_id="take_back_sign")
    def delete(self, request: Request, slug: str, pk: str, sign: str) -> Response:
        return self.turn(pk, sign, on=False)

    def turn(self, pk: str, sign: str, *, on: bool) -> Response:
        comment = find_or_404(Comment, pk, self)
        sign_comment(comment, sign=sign, on=on, by=self.member, at=now())
        return Response(self.tell(comment))


class MarkdownPreview(WorkspaceView):
    can = {"POST": "workspace.view"}

    @extend_schema(request=MarkdownIn, responses=MarkdownOut, operation_id="preview_markdown")
    def post(self, request: Request, slug: str) -> Response:
        (html,) = shown(self.workspace, [self.shape(MarkdownIn, request.data)["text"]])
        return Response({"html": str(html)})
