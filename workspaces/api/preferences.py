from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from workspaces.forms import zone_choices
from workspaces.operations.preferences import (
    Habits,
    as_elsewhere,
    mute,
    prefer_notices,
    prefer_ways,
    set_habits,
)
from workspaces.queries.preferences import chosen_places, place_named, places_of, preferences_of
from workspaces.rest import StrictSerializer, WorkspaceView
from workspaces.rules.errors import Invalid, at_field
from workspaces.rules.notices import Channel, Place

PLACE = OpenApiParameter("place", str, description="Those of one board, such as tasks.board:5.")
CAN = {"GET": "workspace.view", "PATCH": "notifications.own"}


class PreferenceOut(serializers.Serializer):
    kind = serializers.CharField()
    words = serializers.CharField()
    wanted = serializers.BooleanField(help_text="Whether it comes at all.")
    in_app = serializers.BooleanField()
    mail = serializers.BooleanField(help_text="A mail at once.")
    digest = serializers.BooleanField(help_text="A line in the mail of the morning.")


class WaysIn(StrictSerializer):
    in_app = serializers.BooleanField(required=False)
    mail = serializers.BooleanField(required=False)
    digest = serializers.BooleanField(required=False)


class PreferencesIn(StrictSerializer):
    wanted = serializers.DictField(child=serializers.BooleanField(), required=False)
    ways = serializers.DictField(child=WaysIn(), required=False)
    place = serializers.CharField(required=False, allow_blank=True, max_length=80)

    def validate(self, told: dict[str, Any]) -> dict[str, Any]:
        """Something has to be said; `wanted` is said of no board."""
        if ("wanted" in told) == ("ways" in told) or (told.get("place") and "wanted" in told):
            raise serializers.ValidationError(_("Say `wanted`, or `ways` and perhaps `place`."))
        return told


class NoticePlaceOut(serializers.Serializer):
    place = serializers.CharField()
    name = serializers.CharField()
    chosen = serializers.BooleanField(help_text="Whether something was said of this board.")
    muted = serializers.BooleanField(help_text="Whether nothing comes from it.")


class NoticePlaceIn(StrictSerializer):
    place = serializers.CharField(max_length=80)
    muted = serializers.BooleanField(help_text="false: this board is as the others again.")


class HabitsIn(StrictSerializer):
    timezone = serializers.ChoiceField(choices=[], required=False, allow_blank=True)
    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False, allow_blank=True)
    wants_digest = serializers.BooleanField(required=False)
    quiet_days = serializers.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["timezone"].choices = zone_choices()


class HabitsOut(serializers.Serializer):
    timezone = serializers.CharField(help_text="Nothing: that of the workspace.")
    language = serializers.CharField(help_text="Of mails; nothing: that of the installation.")
    wants_digest = serializers.BooleanField()
    quiet_days = serializers.BooleanField(help_text="No mail of the morning on free days.")


def place_of(view: WorkspaceView, word: str) -> Place | None:
    """The board of the word, None for none; 400 where there is none of that name."""
    row = place_named(view.workspace, word)
    if row is None and word:
        raise Invalid([at_field("place", "not_found", _("There is no such board."))])
    return row.place if row else None


class NoticePreferences(WorkspaceView):
    """The kinds of notices that the caller wants, and on which ways."""

    can = CAN
    asks = [PLACE]

    def tell(self, place: Place | None) -> Response:
        names = ("kind", "words", "wanted", *(channel.value for channel in Channel))
        rows = preferences_of(self.member, place)
        return Response([{name: getattr(row, name) for name in names} for row in rows])

    @extend_schema(responses=PreferenceOut(many=True), operation_id="notice_preferences")
    def get(self, request: Request, slug: str) -> Response:
        return self.tell(place_of(self, request.query_params.get("place", "")))

    @extend_schema(
        request=PreferencesIn,
        responses=PreferenceOut(many=True),
        operation_id="prefer_notices",
    )
    def patch(self, request: Request, slug: str) -> Response:
        told = self.shape(PreferencesIn, request.data)
        place = place_of(self, told.get("place", ""))
        if "wanted" in told:
            prefer_notices(self.member, wanted=told["wanted"])
        else:
            prefer_ways(self.member, ways=told["ways"], place=place)
        return self.tell(place)


class NoticePlaces(WorkspaceView):
    """The boards, and which of them the caller hears nothing of."""

    can = CAN

    def tell(self) -> Response:
        chosen = chosen_places(self.member)
        return Response(
            [
                {
                    "place": f"{row.place.type}:{row.place.id}",
                    "name": row.place.name,
                    "chosen": row.place.key in chosen,
                    "muted": not chosen.get(row.place.key, True),
                }
                for row in places_of(self.workspace)
            ]
        )

    @extend_schema(responses=NoticePlaceOut(many=True), operation_id="notice_boards")
    def get(self, request: Request, slug: str) -> Response:
        return self.tell()

    @extend_schema(
        request=NoticePlaceIn, responses=NoticePlaceOut(many=True), operation_id="mute_board"
    )
    def patch(self, request: Request, slug: str) -> Response:
        told = self.shape(NoticePlaceIn, request.data)
        place = place_of(self, told["place"])
        if place is None:
            raise Invalid([at_field("place", "required", _("Name a board."))])
        change = mute if told["muted"] else as_elsewhere
        change(self.member, place=place)
        return self.tell()


class NoticeHabits(WorkspaceView):
    """Where the caller is, what they read, and whether they want the mail of the morning."""

    can = CAN

    def tell(self) -> Response:
        return Response({name: getattr(self.member.user, name) for name in Habits.__annotations__})

    @extend_schema(responses=HabitsOut, operation_id="notice_habits")
    def get(self, request: Request, slug: str) -> Response:
        return self.tell()

    @extend_schema(request=HabitsIn, responses=HabitsOut, operation_id="set_notice_habits")
    def patch(self, request: Request, slug: str) -> Response:
        told = self.shape(HabitsIn, request.data)
        user = self.member.user
        now = {name: getattr(user, name) for name in Habits.__annotations__}
        set_habits(user, Habits(**{**now, **told}))
        return self.tell()
