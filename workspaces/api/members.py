from django.conf import settings
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from workspaces.models import Invitation, Membership
from workspaces.operations.members import change_member, invite, remove_member, revoke_invitation
from workspaces.queries.access import open_invitations
from workspaces.queries.people import members_of
from workspaces.rest import Pages, StrictSerializer, WorkspaceView, find_or_404
from workspaces.rules.roles import Role, role_named

ROLES = [role.word for role in Role]


class MemberOut(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    email = serializers.EmailField()
    role = serializers.ChoiceField(choices=ROLES)
    reports_to = serializers.IntegerField(allow_null=True, help_text="The id of a member.")
    joined_at = serializers.DateTimeField()


class MemberPatch(StrictSerializer):
    role = serializers.ChoiceField(choices=ROLES, required=False)
    reports_to = serializers.IntegerField(required=False, allow_null=True, min_value=1)

    def validate_reports_to(self, pk: int | None) -> Membership | None:
        """A member of this workspace; another's does not exist."""
        if pk is None:
            return None
        found = members_of(self.context["view"].workspace).filter(pk=min(pk, 2**63 - 1)).first()
        if found is None:
            raise serializers.ValidationError(_("There is no such member."), code="not_found")
        return found

    def validate(self, attrs: dict[str, object]) -> dict[str, object]:
        """At least one of the two."""
        if not attrs:
            message = _("Name what is to change: role or reports_to.")
            raise serializers.ValidationError({"role": [message]}, code="required")
        return attrs


class InvitationIn(StrictSerializer):
    email = serializers.EmailField(max_length=254)
    role = serializers.ChoiceField(choices=ROLES)


class InvitationOut(serializers.Serializer):
    id = serializers.IntegerField()
    email = serializers.EmailField()
    role = serializers.ChoiceField(choices=ROLES)
    expires_at = serializers.DateTimeField()
    link = serializers.URLField(required=False, help_text="only in the answer to the invitation")


def member_out(member: Membership) -> dict[str, object]:
    return {
        "id": member.pk,
        "name": member.user.display_name,
        "email": member.user.email,
        "role": member.rank.word,
        "reports_to": member.reports_to_id,
        "joined_at": member.joined_at.isoformat(),
    }


def invitation_out(invitation: Invitation) -> dict[str, object]:
    return {
        "id": invitation.pk,
        "email": invitation.email,
        "role": Role(invitation.role).word,
        "expires_at": invitation.expires_at.isoformat(),
    }


class Members(WorkspaceView):
    pagination_class = Pages

    @extend_schema(responses=MemberOut(many=True), operation_id="members")
    def get(self, request: Request, slug: str) -> Response:
        pages = Pages()
        rows = pages.paginate_queryset(members_of(self.workspace), request, view=self)
        return pages.get_paginated_response([member_out(m) for m in rows])


class MemberDetail(WorkspaceView):
    can = {"GET": "workspace.view", "PATCH": "members.manage", "DELETE": "members.manage"}

    @extend_schema(responses=MemberOut, operation_id="member")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        return Response(member_out(find_or_404(Membership, pk, self)))

    @extend_schema(request=MemberPatch, responses=MemberOut, operation_id="change_member")
    def patch(self, request: Request, slug: str, pk: str) -> Response:
        member = find_or_404(Membership, pk, self)
        changes = self.shape(MemberPatch, request.data)
        if "role" in changes:
            changes["role"] = role_named(changes["role"])
        return Response(member_out(change_member(member, changes, by=self.member, at=now())))

    @extend_schema(responses={204: None}, operation_id="remove_member")
    def delete(self, request: Request, slug: str, pk: str) -> Response:
        remove_member(find_or_404(Membership, pk, self), by=self.member, at=now())
        return Response(status=204)


class Invitations(WorkspaceView):
    keeps_receipts = False  # the secret is told only once
    pagination_class = Pages

    can = {"GET": "members.manage", "POST": "members.manage"}

    @extend_schema(responses=InvitationOut(many=True), operation_id="invitations")
    def get(self, request: Request, slug: str) -> Response:
        pages = Pages()
        found = open_invitations(self.workspace, at=now())
        rows = pages.paginate_queryset(found, request, view=self)
        return pages.get_paginated_response([invitation_out(i) for i in rows])

    @extend_schema(request=InvitationIn, responses={201: InvitationOut}, operation_id="invite")
    def post(self, request: Request, slug: str) -> Response:
        asked = self.shape(InvitationIn, request.data)
        invitation, secret = invite(
            self.workspace, asked["email"], role_named(asked["role"]), by=self.member, at=now()
        )
        link = settings.BASE_URL + reverse("join", kwargs={"secret": secret})
        return Response({**invitation_out(invitation), "link": link}, status=201)


class InvitationDetail(WorkspaceView):
    can = {"GET": "members.manage", "DELETE": "members.manage"}

    @extend_schema(responses={204: None}, operation_id="revoke_invitation")
    def delete(self, request: Request, slug: str, pk: str) -> Response:
        revoke_invitation(find_or_404(Invitation, pk, self), by=self.member, at=now())
        return Response(status=204)
