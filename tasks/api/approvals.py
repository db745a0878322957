from typing import Any

from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tasks.api.fields import MemberField, RowField, VersionField
from tasks.api.shapes import CardPersonOut, person_out
from tasks.models import Approval, Attachment, Card
from tasks.models.approvals import ANSWER_LENGTH, QUESTION_LENGTH
from tasks.operations.approvals import (
    MOST_APPROVERS,
    ApprovalDraft,
    answer_approval,
    ask_approval,
    withdraw_approval,
)
from tasks.queries.approvals import ApprovalView, approvals_of, asked_of_me, view_approvals
from tasks.rules.approvals import State, Verdict
from workspaces.rest import StrictSerializer, WorkspaceView, find_or_404

STATES = [one.value for one in State]
VERDICTS = [one.value for one in Verdict]


class AttachmentField(RowField):
    model = Attachment


class ApprovalIn(StrictSerializer):
    approvers = serializers.ListField(
        child=MemberField(), min_length=1, max_length=MOST_APPROVERS, help_text="Who is asked."
    )
    needed = serializers.IntegerField(
        min_value=1, max_value=MOST_APPROVERS, required=False, allow_null=True,
        help_text="How many of them must approve; left out: all.",
    )  # fmt: skip
    attachment = AttachmentField(
        required=False, allow_null=True, help_text="Left out: the card's description."
    )
    question = serializers.CharField(max_length=QUESTION_LENGTH, required=False, allow_blank=True)
    due = serializers.DateField(source="due_on", required=False, allow_null=True)


class ApprovalAnswerIn(StrictSerializer):
    verdict = serializers.ChoiceField(choices=VERDICTS)
    words = serializers.CharField(
        max_length=ANSWER_LENGTH, required=False, allow_blank=True, help_text="Markdown."
    )
    round = VersionField(help_text="The round that you saw; 409 where it is another by now.")


class ApprovalAnswerOut(serializers.Serializer):
    verdict = serializers.ChoiceField(choices=VERDICTS)
    words = serializers.CharField()
    round = serializers.IntegerField()
    seen = serializers.IntegerField(help_text="The version of the file, or of the description.")
    at = serializers.DateTimeField()
    voided_at = serializers.DateTimeField(
        allow_null=True, help_text="Since when it counts no more."
    )


class ApproverOut(serializers.Serializer):
    member = CardPersonOut(allow_null=True)
    name = serializers.CharField(help_text="Also where the member has left.")
    answers = ApprovalAnswerOut(many=True, help_text="Newest first.")


class ApprovalOut(serializers.Serializer):
    id = serializers.IntegerField()
    card = serializers.IntegerField()
    attachment = serializers.IntegerField(allow_null=True)
    about = serializers.ChoiceField(choices=["description", "file"])
    question = serializers.CharField()
    needed = serializers.IntegerField()
    given = serializers.IntegerField(help_text="How many have approved what it is now.")
    state = serializers.ChoiceField(choices=STATES)
    round = serializers.IntegerField(help_text="One more with each change of what is asked about.")
    due = serializers.DateField(allow_null=True)
    asked_by = CardPersonOut(allow_null=True)
    asked_at = serializers.DateTimeField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    approvers = ApproverOut(many=True)


class AskedOut(serializers.Serializer):
    id = serializers.IntegerField()
    card = serializers.IntegerField()
    number = serializers.IntegerField()
    title = serializers.CharField()
    round = serializers.IntegerField()
    due = serializers.DateField(allow_null=True)


def approval_out(view: ApprovalView) -> dict[str, Any]:
    approval = view.approval
    names = ("question", "needed", "given", "state", "round", "asked_at", "withdrawn_at")
    return {
        "id": approval.pk,
        "card": approval.card_id,
        "attachment": approval.attachment_id,
        "about": "file" if approval.of_file else "description",
        **{name: getattr(approval, name) for name in names},
        "due": approval.due_on,
        "asked_by": person_out(approval.asked_by),
        "approvers": [
            {
                "member": person_out(one.approver.member),
                "name": one.approver.name,
                "answers": [said.answer for said in one.answers],
            }
            for one in view.approvers
        ],
    }


class ApprovalsView(WorkspaceView):
    def tell(self, approval: Approval) -> dict[str, Any]:
        rows = Approval.objects.select_related("card__workspace", "asked_by__user", "attachment")
        row = rows.get(pk=approval.pk)
        (view,) = view_approvals(row.card, [row], self.member)
        return ApprovalOut(approval_out(view)).data

    def render_current(self, current: Approval | None) -> dict[str, Any] | None:
        return self.tell(current) if current else None


class CardApprovals(ApprovalsView):
    can = {"GET": "workspace.view", "POST": "work.edit"}

    @extend_schema(responses=ApprovalOut(many=True), operation_id="list_approvals")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        views = approvals_of(find_or_404(Card, pk, self), self.member)
        return Response(ApprovalOut([approval_out(view) for view in views], many=True).data)

    @extend_schema(request=ApprovalIn, responses={201: ApprovalOut}, operation_id="ask_approval")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        card = find_or_404(Card, pk, self)
        draft = ApprovalDraft(**self.shape(ApprovalIn, request.data))
        made = ask_approval(card, draft=draft, by=self.member, at=now())
        return Response(self.tell(made), status=201)


class ApprovalDetail(ApprovalsView):
    can = {"GET": "workspace.view", "DELETE": "work.edit"}

    @extend_schema(responses=ApprovalOut, operation_id="read_approval")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        return Response(self.tell(find_or_404(Approval, pk, self)))

    @extend_schema(responses={204: None}, operation_id="withdraw_approval")
    def delete(self, request: Request, slug: str, pk: str) -> Response:
        withdraw_approval(find_or_404(Approval, pk, self), by=self.member, at=now())
        return Response(status=204)


class AnswerApproval(ApprovalsView):
    can = {"POST": "work.comment"}

    @extend_schema(request=ApprovalAnswerIn, responses=ApprovalOut, operation_id="answer_approval")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        approval = find_or_404(Approval, pk, self)
        said = self.shape(ApprovalAnswerIn, request.data)
        said["round_"] = said.pop("round")
        return Response(self.tell(answer_approval(approval, **said, by=self.member, at=now())))


class MyApprovals(WorkspaceView):
    can = {"GET": "workspace.view"}

    @extend_schema(responses=AskedOut(many=True), operation_id="my_approvals")
    def get(self, request: Request, slug: str) -> Response:
        return Response(
            [
                {
                    "id": one.approval.pk,
                    "card": one.card.pk,
                    "number": one.card.number,
                    "title": one.card.title,
                    "round": one.approval.round,
                    "due": one.approval.due_on,
                }
                for one in asked_of_me(self.member)
            ]
        )
