from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from goals.queries.reminders import Kind, owed_by
from workspaces.rest import WorkspaceView

KINDS = [kind.value for kind in Kind]


class ReminderOut(serializers.Serializer):
    kind = serializers.ChoiceField(choices=KINDS)
    due = serializers.DateField()
    title = serializers.CharField()
    subject = serializers.CharField(help_text="such as goals.goal:7")
    checkin = serializers.IntegerField(
        allow_null=True, help_text="The check-in to be acknowledged."
    )
    link = serializers.CharField(help_text="Path of the page.")


class Reminders(WorkspaceView):
    """What the caller owes today, the longest first."""

    @extend_schema(responses=ReminderOut(many=True), operation_id="reminders")
    def get(self, request: Request, slug: str) -> Response:
        owed = owed_by(self.member, self.workspace.day_of(now()))
        return Response(
            [
                {
                    "kind": one.kind.value,
                    "due": one.due,
                    "title": one.title,
                    "subject": f"{one.subject._meta.label_lower}:{one.subject.pk}",
                    "checkin": one.checkin_id,
                    "link": one.link,
                }
                for one in owed
            ]
        )
