from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from workspaces.forms.notices import HabitsForm, ways_of
from workspaces.http import MemberRequest, go, page, refused
from workspaces.operations.preferences import (
    as_elsewhere,
    leave,
    leaving_of,
    mute,
    prefer_ways,
    set_habits,
)
from workspaces.queries.letters import zone_of
from workspaces.queries.preferences import chosen_places, place_named, places_of, preferences_of
from workspaces.rules.errors import Refused
from workspaces.rules.notices import Place


def here(request: MemberRequest, place: Place | None = None) -> str:
    url = reverse("workspaces:notice_preferences", kwargs={"slug": request.workspace.slug})
    return f"{url}?place={place.type}:{place.id}" if place else url


def place_of(request: MemberRequest, word: str) -> Place | None:
    """The board that is named, None for none; one that is not there is refused."""
    row = place_named(request.workspace, word)
    if row is None and word:
        raise Refused(_("There is no such board."), code="not_found", field="place")
    return row.place if row else None


@page(can="notifications.own", method="GET POST")
def preferences(request: MemberRequest) -> HttpResponse:
    word = request.POST.get("place", "") or request.GET.get("place", "")
    place = place_of(request, word)
    if request.method == "POST":
        kinds = [row.kind for row in preferences_of(request.member, place)]
        ways = ways_of(request.POST.getlist("way"), kinds)
        prefer_ways(request.member, ways=ways, place=place)
        return go(request, here(request, place), say=_("Saved."))
    return show(request, place, HabitsForm.of(request.user))


def show(
    request: MemberRequest, place: Place | None, form: HabitsForm, status: int = 200
) -> HttpResponse:
    chosen = chosen_places(request.member)
    places = [(row.place, chosen.get(row.place.key)) for row in places_of(request.workspace)]
    context = {
        "preferences": preferences_of(request.member, place),
        "place": place,
        "is_chosen": bool(place) and place.key in chosen,
        "places": places,
        "form": form,
        "zone": zone_of(request.user),
    }
    return render(request, "workspaces/preferences.html", context, status=status)


@page(can="notifications.own", method="POST")
def prefer_place(request: MemberRequest) -> HttpResponse:
    place = place_of(request, request.POST.get("place", ""))
    if place is None:
        raise Refused(_("Name a board."), code="required", field="place")
    if request.POST.get("say") == "mute":
        mute(request.member, place=place)
        return go(request, here(request), say=_("Nothing comes from this board any more."))
    as_elsewhere(request.member, place=place)
    return go(request, here(request), say=_("This board is as the others again."))


@page(can="notifications.own", method="POST")
def habits(request: MemberRequest) -> HttpResponse:
    form = HabitsForm(request.POST)
    if not form.is_valid():
        return show(request, None, form, status=422)
    set_habits(request.user, form.habits)
    return go(request, here(request), say=_("Saved."))


@csrf_exempt
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """The way out of a mail: GET asks, POST does it, by a person or by their mail program."""
    leaving = leaving_of(token)
    if leaving is None:
        words = _("This link is damaged. Copy it whole from the mail.")
        return refused(request, words, status=422)
    if request.method == "POST":
        leave(leaving)
    context = {"leaving": leaving, "done": request.method == "POST"}
    return render(request, "workspaces/unsubscribe.html", context)
