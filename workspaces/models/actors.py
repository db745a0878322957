"""Who acts: a member, the clock, or a rule that somebody has made."""

from workspaces.models.people import User
from workspaces.models.workspaces import Membership, Workspace

LONGEST_NAME = 120


def automaton(workspace: Workspace, name: str = "", **says: object) -> Membership:
    """A member without a row, who acts for a rule: the log has its name, "" for the clock."""
    actor = Membership(workspace=workspace, user=User(name=name[:LONGEST_NAME]))
    actor.says = says
    return actor


def person(by: Membership | None) -> Membership | None:
    """Who did it, where that is somebody; nobody for the clock and for a rule."""
    return by if by is not None and by.pk is not None else None
