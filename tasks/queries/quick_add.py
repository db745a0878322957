"""What a line can name: the people, labels and open goals of a workspace."""

from collections import defaultdict
from collections.abc import Sequence

from goals.models import Goal
from tasks.models import Label
from tasks.rules.quick_add import Kind, Named, Names, ReadLine
from workspaces.models import Membership, Workspace
from workspaces.queries.people import members_of

ROWS = (Kind.ASSIGNEE, Kind.LABEL, Kind.GOAL)


def names_in(workspace: Workspace, member: Membership, text: str) -> Names:
    """The names that the text may hold, by its signs; 1 query each for @, # and /."""
    people = members_of(workspace) if "@" in text else ()
    labels = Label.objects.filter(workspace=workspace) if "#" in text else ()
    goals = Goal.objects.filter(workspace=workspace, closed_at=None) if "/" in text else ()
    return Names(
        people=[
            Named(one.pk, (one.user.display_name, one.user.email, one.user.email.split("@")[0]))
            for one in people
        ],
        labels=[Named(label.pk, (label.name,)) for label in labels],
        goals=[Named(goal.pk, (goal.title,)) for goal in goals],
        me=member.pk,
    )


def names_read(workspace: Workspace, lines: Sequence[ReadLine]) -> dict[tuple[Kind, int], str]:
    """What the ids in the lines are called; at most 3 queries."""
    parts = [part for line in lines for part in line.parts if part.kind in ROWS]
    ids: dict[Kind, set[int]] = defaultdict(set)
    for part in parts:
        ids[part.kind].add(int(part.value))  # type: ignore[arg-type]
    found: dict[tuple[Kind, int], str] = {}
    if ids[Kind.ASSIGNEE]:
        people = members_of(workspace).filter(pk__in=ids[Kind.ASSIGNEE])
        found |= {(Kind.ASSIGNEE, one.pk): one.user.display_name for one in people}
    for kind, rows in (
        (Kind.LABEL, Label.objects.filter(pk__in=ids[Kind.LABEL])),
        (Kind.GOAL, Goal.objects.filter(pk__in=ids[Kind.GOAL])),
    ):
        if ids[kind]:
            found |= {(kind, row.pk): str(row) for row in rows.filter(workspace=workspace)}
    return found
