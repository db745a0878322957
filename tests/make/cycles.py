"""Cycles for tests, made by the real operations."""

from datetime import date

from tasks.models import Board, Card, Cycle
from tasks.operations.cycle_turns import begin_cycle, close_cycle
from tasks.operations.cycles import CycleDraft, open_cycle
from tasks.operations.edits import edit_card
from tests.make.workspaces import NOON, owner_of
from workspaces.models import Workspace


def make_cycle(
    workspace: Workspace, board: Board | None = None, *, day: date | None = None, at=NOON, **said
) -> Cycle:
    """A planned cycle in whose first week that day is."""
    draft = CycleDraft(**{"name": "Week 1", "starts_on": day or NOON.date(), **said})
    return open_cycle(workspace, board, draft=draft, by=owner_of(workspace), at=at)


def put_in(card: Card, cycle: Cycle | None, *, at=NOON) -> Card:
    """The card as it is once it is in that cycle."""
    fresh, by = Card.objects.get(pk=card.pk), owner_of(card.workspace)
    return edit_card(fresh, version=fresh.version, changes={"cycle": cycle}, by=by, at=at)


def begin(cycle: Cycle, *, at=NOON) -> Cycle:
    """The cycle once it has begun."""
    fresh = Cycle.objects.get(pk=cycle.pk)
    return begin_cycle(fresh, version=fresh.version, by=owner_of(fresh.workspace), at=at)


def close(cycle: Cycle, rest="carry", *, at=NOON, **said) -> Cycle:
    """The cycle once it is closed."""
    fresh = Cycle.objects.get(pk=cycle.pk)
    by = owner_of(fresh.workspace)
    return close_cycle(fresh, rest=rest, version=fresh.version, by=by, at=at, **said)
