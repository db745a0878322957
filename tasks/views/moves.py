from django.http import HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from tasks.forms.acts import BOTTOM, MoveForm, MoveToForm, TickForm
from tasks.http import answer, board_url, card_url, drawn_again, warned
from tasks.models import Card
from tasks.operations.lanes import Target, move_to_lane
from tasks.operations.moves import move_card, tick_card
from tasks.queries.boards import last_card
from tasks.views.work import show_goal_cards, show_my_work
from workspaces.http import MemberRequest, back, find_or_404, fragment, go, page

SHOWN = {"my-work": show_my_work, "goal": show_goal_cards}


@page(can="work.edit", method="POST")
def move(request: MemberRequest, pk: int) -> HttpResponse:
    card = find_or_404(Card, pk, request)
    said = MoveForm(request.POST, workspace=request.workspace).said()
    version, target = said.pop("version"), Target(**said)
    moved = move_to_lane(card, target=target, version=version, by=request.member, at=now())
    if request.htmx:
        drawn = drawn_again(request, moved) | warned(card, moved, request)
        return fragment(request, "tasks/_moved.html", **drawn)
    say = warned(card, moved, request).get("text", "")
    return go(request, back(request, board_url(moved.board_id, request)), say=say)


@page(can="work.edit", method="POST")
def move_to(request: MemberRequest, pk: int) -> HttpResponse:
    card = find_or_404(Card, pk, request)
    said = MoveToForm(request.POST, board=card.board).said()
    to, version = said["to"], said["version"]
    after = last_card(to, card) if said["place"] == BOTTOM else None
    moved = move_card(card, to=to, after=after, version=version, by=request.member, at=now())
    say = _("“%(title)s” is in %(column)s now.") % {"title": moved.title, "column": to.name}
    say = warned(card, moved, request).get("text", say)
    return answer(request, moved, say=say, moved=True)


@page(can="work.edit", method="POST")
def tick(request: MemberRequest, pk: int) -> HttpResponse:
    card = find_or_404(Card, pk, request)
    said = TickForm(request.POST).said()
    ticked = tick_card(card, **said, by=request.member, at=now())
    show = SHOWN.get(request.POST.get("show", ""))
    if request.htmx and show is not None:
        return show(request, ticked)
    say = (_("“%(title)s” is done.") if ticked.is_done else _("“%(title)s” is open again.")) % {
        "title": ticked.title
    }
    say = warned(card, ticked, request).get("text", say)
    if not request.htmx:
        return go(request, back(request, card_url(ticked, request)), say=say)
    return answer(request, ticked, say=say, moved=True)
