"""Adding cards by the line."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from goals.models import Goal
from tasks.models import Card, Column, Label, Priority
from tasks.models.cards import NONCE_LENGTH, TITLE_LENGTH
from tasks.operations.cards import CardDraft, add_card
from tasks.operations.lanes import lane_thing
from tasks.queries.quick_add import names_in
from tasks.rules.lanes import Lane
from tasks.rules.quick_add import LONGEST_LINE, MOST_LINES, Kind, ReadLine, lines_of, read_line
from workspaces.models import Membership, Workspace
from workspaces.queries.people import members_of
from workspaces.rules.errors import Refused
from workspaces.rules.letters import seen


@dataclass(frozen=True)
class Typed:
    """What somebody typed: a card a line; `unread` are words that are not to be read.

    `lane` is the swimlane in which it was typed, `nonce` makes the same said twice one card.
    """

    text: str
    unread: tuple[str, ...] = field(default=())
    lane: Lane | None = None
    nonce: str = ""


@transaction.atomic
def add_lines(
    column: Column, *, typed: Typed, by: Membership, at: datetime
) -> list[tuple[Card, ReadLine]]:
    """Make a card of each line, all of them or none, at the bottom of the column in their order."""
    lines = read_lines(column.workspace, typed, by=by, at=at)
    if not lines:
        raise Refused(_("A card needs a title."), code="required", field="line")
    if len(typed.nonce) > NONCE_LENGTH - len(f"-{MOST_LINES}"):
        raise Refused(_("The nonce is too long."), code="max_length", field="nonce")
    made = []
    for place, line in enumerate(lines):
        draft = _draft(column.workspace, line, typed.lane)
        nonce = f"{typed.nonce}-{place}" if typed.nonce else ""
        made.append((add_card(column, draft=draft, nonce=nonce, by=by, at=at), line))
    return made


def read_lines(
    workspace: Workspace, typed: Typed, *, by: Membership, at: datetime
) -> list[ReadLine]:
    """What the lines say, on the workspace's day; Refused for too many and too long ones."""
    lines = lines_of(typed.text)
    if len(lines) > MOST_LINES:
        message = _("At most %(count)d cards are made at once.") % {"count": MOST_LINES}
        raise Refused(message, code="too_many", field="line")
    if any(len(line) > LONGEST_LINE for line in lines):
        message = _("A line has at most %(count)d characters.") % {"count": LONGEST_LINE}
        raise Refused(message, code="max_length", field="line")
    names, day = names_in(workspace, by, " ".join(lines)), workspace.day_of(at)
    week = workspace.week_starts_on
    return [
        read_line(line, names, today=day, week_starts_on=week, unread=typed.unread)
        for line in lines
    ]


def _draft(workspace: Workspace, line: ReadLine, lane: Lane | None) -> CardDraft:
    """The card of a line; what the line says comes before what its lane says."""
    if not seen(line.title):
        raise Refused(_("A card needs a title."), code="required", field="line")
    if len(line.title) > TITLE_LENGTH:
        message = _("A title has at most %(count)d characters.") % {"count": TITLE_LENGTH}
        raise Refused(message, code="max_length", field="line")
    said: dict[Kind, Any] = {kind: line.value(kind) for kind in Kind}
    members, goals = members_of(workspace), Goal.objects.filter(workspace=workspace)
    assignee = members.filter(pk=said[Kind.ASSIGNEE]).first() if said[Kind.ASSIGNEE] else None
    goal = goals.filter(pk=said[Kind.GOAL]).first() if said[Kind.GOAL] else None
    labels = list(Label.objects.filter(workspace=workspace, pk__in=line.labels))
    priority = int(said[Kind.PRIORITY] or Priority.NONE)
    if lane is not None:
        thing = lane_thing(workspace, lane)
        assignee = assignee or (thing if isinstance(thing, Membership) else None)
        goal = goal or (thing if isinstance(thing, Goal) else None)
        if isinstance(thing, Label) and thing not in labels:
            labels.append(thing)
        if lane.by == Kind.PRIORITY:
            priority = priority or lane.value or 0
    return CardDraft(
        title=line.title,
        assignee=assignee,
        goal=goal,
        labels=tuple(labels),
        priority=priority,
        due_on=said[Kind.DUE],
        estimate=said[Kind.ESTIMATE],
    )
