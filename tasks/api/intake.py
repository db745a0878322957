from collections.abc import Mapping
from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tasks.api.fields import BoardField, ColumnField, MemberField, RowField, VersionField
from tasks.api.shapes import CardPersonOut, person_out
from tasks.models import RequestForm, Submission
from tasks.models.intake import FORM_NAME_LENGTH, WORDS_LENGTH
from tasks.operations.intake import (
    MOST_PEOPLE,
    RequestFormDraft,
    archive_form,
    change_form,
    draft_of,
    make_form,
    readdress_form,
)
from tasks.operations.request_links import form_address
from tasks.operations.requests import NONCE_LENGTH, Sent, send_request
from tasks.queries.requests import (
    Stage,
    for_listing,
    forms_of,
    sent_by,
    sent_by_form,
    staged,
)
from tasks.rules.intake import (
    CHOICE_LENGTH,
    HINT_LENGTH,
    LABEL_LENGTH,
    MOST_CHOICES,
    MOST_QUESTIONS,
    Kind,
    Question,
)
from workspaces.models import SlaPromise
from workspaces.rest import Pages, StrictSerializer, WorkspaceView, find_or_404
from workspaces.rules.errors import Invalid, at_field

KINDS = [one.value for one in Kind]
KEY_LENGTH, TARGET_LENGTH = 30, 24


class RequestPromiseField(RowField):
    model = SlaPromise


class FormQuestionIn(StrictSerializer):
    key = serializers.CharField(max_length=KEY_LENGTH, help_text="What its answer is called.")
    label = serializers.CharField(max_length=LABEL_LENGTH)
    kind = serializers.ChoiceField(choices=KINDS)
    hint = serializers.CharField(max_length=HINT_LENGTH, required=False, allow_blank=True)
    required = serializers.BooleanField(required=False)
    choices = serializers.ListField(
        child=serializers.CharField(max_length=CHOICE_LENGTH),
        required=False, max_length=MOST_CHOICES,
    )  # fmt: skip
    to = serializers.CharField(
        max_length=TARGET_LENGTH, required=False, allow_blank=True,
        help_text="title, description, start, due, priority, labels, receipt or field_<id>.",
    )  # fmt: skip


class RequestFormPatch(StrictSerializer):
    version = VersionField()
    name = serializers.CharField(max_length=FORM_NAME_LENGTH, required=False)
    board = BoardField(required=False)
    column = ColumnField(required=False, allow_null=True, help_text="Null: the board's first.")
    words = serializers.CharField(
        max_length=WORDS_LENGTH, required=False, allow_blank=True, help_text="Markdown."
    )
    questions = FormQuestionIn(many=True, required=False, max_length=MOST_QUESTIONS)
    audience = serializers.ChoiceField(choices=RequestForm.Audience.values, required=False)
    is_open = serializers.BooleanField(required=False)
    takes_comments = serializers.BooleanField(required=False)
    in_turn = serializers.BooleanField(required=False)
    assignee = MemberField(required=False, allow_null=True)
    turn = serializers.ListField(child=MemberField(), required=False, max_length=MOST_PEOPLE)
    told = serializers.ListField(child=MemberField(), required=False, max_length=MOST_PEOPLE)
    promise = RequestPromiseField(required=False, allow_null=True, help_text="Whose clock starts.")
    archived = serializers.BooleanField(required=False)


class RequestFormIn(RequestFormPatch):
    version = None
    archived = None
    name = serializers.CharField(max_length=FORM_NAME_LENGTH)
    board = BoardField()
    questions = FormQuestionIn(many=True, max_length=MOST_QUESTIONS)


class FormQuestionOut(serializers.Serializer):
    key = serializers.CharField()
    label = serializers.CharField()
    kind = serializers.ChoiceField(choices=KINDS)
    hint = serializers.CharField()
    required = serializers.BooleanField()
    choices = serializers.ListField(child=serializers.CharField())
    to = serializers.CharField()


class RequestFormOut(serializers.Serializer):
    id = serializers.IntegerField()
    version = serializers.IntegerField()
    name = serializers.CharField()
    board = serializers.IntegerField()
    column = serializers.IntegerField(allow_null=True)
    words = serializers.CharField()
    questions = FormQuestionOut(many=True)
    audience = serializers.ChoiceField(choices=RequestForm.Audience.values)
    is_open = serializers.BooleanField()
    takes_comments = serializers.BooleanField()
    in_turn = serializers.BooleanField()
    assignee = CardPersonOut(allow_null=True)
    turn = CardPersonOut(many=True)
    told = CardPersonOut(many=True)
    promise = serializers.IntegerField(allow_null=True)
    address = serializers.CharField(help_text="Of a public form; empty for members only.")
    archived_at = serializers.DateTimeField(allow_null=True)


class RequestFormRow(serializers.Serializer):
    id = serializers.IntegerField()
    version = serializers.IntegerField()
    name = serializers.CharField()
    board = serializers.IntegerField()
    audience = serializers.ChoiceField(choices=RequestForm.Audience.values)
    is_open = serializers.BooleanField()
    sent = serializers.IntegerField(help_text="How many requests came by it.")
    archived_at = serializers.DateTimeField(allow_null=True)


@extend_schema_field(
    {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
)
class AnswerField(serializers.Field):
    """A text, or a list of texts where any of several choices is asked for."""

    default_error_messages = {"invalid": "A text or a list of texts."}

    def to_internal_value(self, data: object) -> str | tuple[str, ...]:
        """As the rules take it."""
        texts = data if isinstance(data, list) else [data]
        if not all(isinstance(one, str) for one in texts):
            self.fail("invalid")
        return tuple(texts[: MOST_CHOICES + 1]) if isinstance(data, list) else texts[0]

    def to_representation(self, value: Any) -> Any:
        """As it was sent."""
        return value


class RequestIn(StrictSerializer):
    answers = serializers.DictField(child=AnswerField(), help_text="By the keys of the questions.")
    nonce = serializers.CharField(
        max_length=NONCE_LENGTH, required=False,
        help_text="A text of your own: sent twice, it makes one card.",
    )  # fmt: skip


class RequestOut(serializers.Serializer):
    id = serializers.IntegerField()
    form = serializers.IntegerField()
    version = serializers.IntegerField(help_text="Of the form, by which it was sent.")
    card = serializers.IntegerField(allow_null=True)
    title = serializers.CharField()
    stage = serializers.ChoiceField(choices=[one.value for one in Stage])
    member = CardPersonOut(allow_null=True)
    email = serializers.CharField()
    answers = serializers.DictField(child=AnswerField(), help_text="Exactly as they were sent.")
    sent_at = serializers.DateTimeField()


def form_out(form: RequestForm) -> dict[str, Any]:
    draft = draft_of(form)
    names = ("version", "audience", "is_open", "takes_comments", "in_turn", "archived_at")
    return {
        "id": form.pk,
        **{name: getattr(form, name) for name in names},
        "name": draft.name,
        "board": form.board_id,
        "column": form.column_id,
        "words": draft.words,
        "questions": [one.as_json() for one in draft.questions],
        "assignee": person_out(draft.assignee),
        "turn": [person_out(one) for one in draft.turn],
        "told": [person_out(one) for one in draft.told],
        "promise": form.promise_id,
        "address": form_address(form) if form.is_public else "",
    }


def form_row(form: RequestForm) -> dict[str, Any]:
    names = ("version", "name", "audience", "is_open", "archived_at", "sent")
    told = {name: getattr(form, name) for name in names}
    return {"id": form.pk, "board": form.board_id, **told}


def requests_out(rows: list[Submission]) -> list[dict[str, Any]]:
    return [
        {
            "id": row.pk,
            "form": row.form_id,
            "version": row.version,
            "card": row.card_id,
            "title": row.title,
            "stage": view.stage.value,
            "member": person_out(row.member),
            "email": row.email,
            "answers": {one["key"]: one["answer"] for one in row.answers},
            "sent_at": row.sent_at,
        }
        for view in staged(rows)
        for row in (view.submission,)
    ]


def with_questions(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields with people and questions as the operation takes them."""
    for name in ("turn", "told"):
        if name in fields:
            fields[name] = tuple(fields[name])
    if "questions" in fields:
        fields["questions"] = [question_in(one) for one in fields["questions"]]
    return fields


def question_in(said: Mapping[str, Any]) -> Question:
    kind, choices = Kind(said["kind"]), tuple(said.get("choices", ()))
    return Question(**{**said, "kind": kind, "choices": choices})


class RequestFormsView(WorkspaceView):
    def render_current(self, current: RequestForm | None) -> dict[str, Any] | None:
        return form_out(current) if current else None


class RequestForms(RequestFormsView):
    can = {"GET": "workspace.view", "POST": "boards.edit"}
    pagination_class = Pages

    @extend_schema(responses=RequestFormRow(many=True), operation_id="list_request_forms")
    def get(self, request: Request, slug: str) -> Response:
        pages = Pages()
        rows = pages.paginate_queryset(forms_of(self.workspace), request, view=self)
        return pages.get_paginated_response([form_row(row) for row in rows])

    @extend_schema(
        request=RequestFormIn, responses={201: RequestFormOut}, operation_id="make_request_form"
    )
    def post(self, request: Request, slug: str) -> Response:
        draft = RequestFormDraft(**with_questions(self.shape(RequestFormIn, request.data)))
        made = make_form(self.workspace, draft=draft, by=self.member, at=now())
        return Response(form_out(made), status=201)


class RequestFormDetail(RequestFormsView):
    can = {"GET": "workspace.view", "PATCH": "boards.edit"}

    @extend_schema(responses=RequestFormOut, operation_id="read_request_form")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        return Response(form_out(find_or_404(RequestForm, pk, self)))

    @extend_schema(
        request=RequestFormPatch, responses=RequestFormOut, operation_id="change_request_form"
    )
    def patch(self, request: Request, slug: str, pk: str) -> Response:
        form, by, at = find_or_404(RequestForm, pk, self), self.member, now()
        fields = with_questions(self.shape(RequestFormPatch, request.data))
        version, archived = fields.pop("version"), fields.pop("archived", None)
        if archived is not None:
            self.refuse_beside(fields)
            return Response(form_out(archive_form(form, on=archived, by=by, at=at)))
        form = change_form(form, version=version, changes=fields, by=by, at=at)
        return Response(form_out(form))

    def refuse_beside(self, fields: dict[str, Any]) -> None:
        """A form is put away or changed, not both at once."""
        if fields:
            message = _("Say “archived” alone.")
            raise Invalid([at_field(name, "beside_archived", message) for name in fields])


class RequestFormAddress(RequestFormsView):
    can = {"POST": "boards.edit"}

    @extend_schema(request=None, responses=RequestFormOut, operation_id="readdress_request_form")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        found = find_or_404(RequestForm, pk, self)
        return Response(form_out(readdress_form(found, by=self.member, at=now())))


class FormRequests(WorkspaceView):
    can = {"GET": "workspace.view", "POST": "requests.send"}
    pagination_class = Pages

    @extend_schema(responses=RequestOut(many=True), operation_id="list_form_requests")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        pages, form = Pages(), find_or_404(RequestForm, pk, self)
        rows = pages.paginate_queryset(sent_by_form(form), request, view=self)
        return pages.get_paginated_response(requests_out(list(rows)))

    @extend_schema(request=RequestIn, responses={201: RequestOut}, operation_id="send_request")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        form = find_or_404(RequestForm, pk, self)
        sent = Sent(**self.shape(RequestIn, request.data))
        made = send_request(form, sent=sent, by=self.member, at=now())
        rows = for_listing(Submission.objects.filter(pk=made.pk))
        return Response(requests_out(list(rows))[0], status=201)


class MyRequests(WorkspaceView):
    can = {"GET": "workspace.view"}
    pagination_class = Pages

    @extend_schema(responses=RequestOut(many=True), operation_id="my_requests")
    def get(self, request: Request, slug: str) -> Response:
        pages = Pages()
        rows = pages.paginate_queryset(sent_by(self.member), request, view=self)
        return pages.get_paginated_response(requests_out(list(rows)))
