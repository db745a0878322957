"""Which cards a list asks for; a parameter that names nothing is a 400 that says which."""

from collections.abc import Mapping
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from tasks.models import Board, Card
from tasks.queries.cards import live_cards
from tasks.queries.filters import due_within
from tasks.rules.due import Due
from workspaces.models import Membership, Workspace
from workspaces.queries.people import members_of
from workspaces.rules.errors import Invalid, at_field

IDS = {"board": "board_id", "column": "column_id", "goal": "goal_id", "cycle": "cycle_id"}
LARGEST_ID = 2**63 - 1
WORDS = {"true": False, "1": False, "false": True, "0": True}


def asked_cards(member: Membership, asked: Mapping[str, str], today: date) -> QuerySet[Card]:
    """The workspace's live cards that fit every parameter, by number."""
    cards = live_cards(member.workspace)
    for name, column in IDS.items():
        if name in asked:
            cards = cards.filter(**{column: _id(name, asked[name])})
    if "assignee" in asked:
        cards = cards.filter(assignee=_member(member, asked["assignee"]))
    if "due" in asked:
        cards = cards.filter(_due(member, asked["due"], today), done_at=None)
    if "done" in asked:
        cards = cards.filter(done_at__isnull=_done(asked["done"]))
    return cards.order_by("number")


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
    members = members_of(asker.workspace)
    if "@" in text:
        found = members.filter(user__email=text.strip().lower()).first()
    else:
        found = members.filter(pk=_id("assignee", text)).first()
    if found is None:
        raise _invalid("assignee", _("There is no such member."))
    return found


def _due(member: Membership, word: str, today: date) -> Q:
    if word not in set(Due):
        raise _invalid("due", _("Say one of: %(words)s.") % {"words": ", ".join(Due)})
    return due_within(Due(word), today, member.workspace.week_starts_on)


def _done(word: str) -> bool:
    if word not in WORDS:
        raise _invalid("done", _("Say true or false."))
    return WORDS[word]


def _invalid(name: str, message: str) -> Invalid:
    return Invalid([at_field(name, "invalid", message)])
