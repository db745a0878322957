"""Which cards a list asks for; a parameter that names nothing is a 400 that says which."""

from collections.abc import Mapping
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from tasks.models import Board, Card
from tasks.queries.cards import live_cards
from tasks.queries.fields import AllBoards
from tasks.queries.filters import due_within, fits, is_blocked
from tasks.queries.listing import Order
from tasks.rules.due import Due
from tasks.rules.filters import read_wanted
from tasks.rules.listing import Part, read_arranged
from workspaces.models import Membership, Workspace
from workspaces.queries.people import member_at, members_of
from workspaces.rules.errors import Invalid, at_field

IDS = {"board": "board_id", "column": "column_id", "goal": "goal_id", "cycle": "cycle_id"}
DAYS = {"due_from": "due_on__gte", "due_to": "due_on__lte"}
WANTED = ("q", "label", "priority")
LARGEST_ID = 2**63 - 1
WORDS = {"true": False, "1": False, "false": True, "0": True}


def asked_cards(member: Membership, asked: Mapping[str, str], today: date) -> QuerySet[Card]:
    """The workspace's live cards that fit every parameter, by number."""
    cards = live_cards(member.workspace)
    cards = cards.filter(
        **{to: _id(name, asked[name]) for name, to in IDS.items() if name in asked}
    )
    if "assignee" in asked:
        cards = cards.filter(assignee=_member(member, asked["assignee"]))
    if "due" in asked:
        cards = cards.filter(_due(member, asked["due"], today), done_at=None)
    if "done" in asked:
        cards = cards.filter(done_at__isnull=_is_not("done", asked))
    if "blocked" in asked:
        cards = cards.filter(~is_blocked() if _is_not("blocked", asked) else is_blocked())
    days = {to: _day(name, asked[name]) for name, to in DAYS.items() if name in asked}
    return cards.filter(**days).filter(_looked_for(member, asked, today)).order_by("number")


def asked_order(member: Membership, asked: Mapping[str, str], today: date) -> Order:
    """The order that `sort` asks for; without it by number."""
    said = {"sort": [asked["sort"]]} if asked.get("sort") else {}
    arranged, strange = read_arranged(said, Part.NUMBER)
    if strange:
        raise _invalid("sort", _("Say one of: %(words)s.") % {"words": ", ".join(Part)})
    return Order(arranged, today, member.workspace.week_starts_on)


def _looked_for(member: Membership, asked: Mapping[str, str], today: date) -> Q:
    """What is looked for by the words that pages take as well."""
    said = {name: [asked[name]] for name in WANTED if name in asked}
    wanted, strange = read_wanted(said)
    if strange:
        raise _invalid(strange[0], _("This looks for nothing."))
    return fits(wanted, AllBoards(member.workspace), member=member, today=today)


def _day(name: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise _invalid(name, _("Write a day as YYYY-MM-DD.")) from error


def asked_board(workspace: Workspace, asked: Mapping[str, str]) -> Board | None:
    """The board that a list is asked for, None where none is."""
    if "board" not in asked:
        return None
    boards = Board.objects.filter(workspace=workspace)
    found = boards.filter(pk=_id("board", asked["board"])).first()
    if found is None:
        raise _invalid("board", _("There is no such board."))
    return found


def _id(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text[:20]) <= LARGEST_ID):
        raise _invalid(name, _("This is not an id."))
    return int(text)


def _member(asker: Membership, text: str) -> Membership:
    if text == "me":
        return asker
    if "@" in text:
        found = member_at(asker.workspace, text)
    else:
        found = members_of(asker.workspace).filter(pk=_id("assignee", text)).first()
    if found is None:
        raise _invalid("assignee", _("There is no such member."))
    return found


def _due(member: Membership, word: str, today: date) -> Q:
    if word not in set(Due):
        raise _invalid("due", _("Say one of: %(words)s.") % {"words": ", ".join(Due)})
    return due_within(Due(word), today, member.workspace.week_starts_on)


def _is_not(name: str, asked: Mapping[str, str]) -> bool:
    if asked[name] not in WORDS:
        raise _invalid(name, _("Say true or false."))
    return WORDS[asked[name]]


def _invalid(name: str, message: str) -> Invalid:
    return Invalid([at_field(name, "invalid", message)])
