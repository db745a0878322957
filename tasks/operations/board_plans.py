"""How a new board begins: the usual columns, a plan for marketing, or as another board is made."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from tasks.models import Board
from tasks.models.boards import Lanes
from tasks.operations.boards import SETTINGS, ColumnDraft, open_board, usual_columns
from tasks.operations.columns import FIELDS
from tasks.rules.entry import Need
from workspaces.models import Membership, Workspace

COPIED = tuple(name for name in SETTINGS if name != "name")


@dataclass(frozen=True)
class BoardPlan:
    """The columns of a new board from first to last, and values by the names of SETTINGS."""

    columns: Sequence[ColumnDraft]
    settings: Mapping[str, object] = field(default_factory=dict)


def open_like(
    workspace: Workspace, *, name: str, plan: BoardPlan, by: Membership, at: datetime
) -> Board:
    """Put up a new board by a plan."""
    return open_board(
        workspace, name=name, columns=plan.columns, settings=plan.settings, by=by, at=at
    )


def plan_of(board: Board) -> BoardPlan:
    """How a board is made, without its cards: columns with their rules and limits, settings."""
    columns = board.columns.order_by("position").values(*FIELDS)
    settings = {name: getattr(board, name) for name in COPIED}
    return BoardPlan([ColumnDraft(**column) for column in columns], settings)


def usual_plan() -> BoardPlan:
    """The stages that fit most work."""
    return BoardPlan(usual_columns())


def campaign_plan() -> BoardPlan:
    """A campaign from its brief to its review: nothing is built without an owner and a day."""
    built = (Need.ASSIGNEE, Need.DUE)
    return BoardPlan(
        [
            ColumnDraft(_("Ideas")),
            ColumnDraft(_("Brief"), entry=(Need.GOAL,)),
            ColumnDraft(_("Build"), wip_limit=5, wip_limit_is_hard=False, entry=built),
            ColumnDraft(_("Check"), wip_limit=3, wip_limit_is_hard=False),
            ColumnDraft(_("Live")),
            ColumnDraft(_("Reviewed"), is_done=True),
        ],
        {"lanes": Lanes.GOAL},
    )


def content_plan() -> BoardPlan:
    """Texts, mails and posts on their way to the day on which they appear."""
    return BoardPlan(
        [
            ColumnDraft(_("Topics")),
            ColumnDraft(_("Writing"), entry=(Need.ASSIGNEE,)),
            ColumnDraft(_("Editing"), wip_limit=4, wip_limit_is_hard=False),
            ColumnDraft(_("Approved"), entry=(Need.DUE,)),
            ColumnDraft(_("Published"), is_done=True),
        ],
        {"lanes": Lanes.LABEL},
    )


def weekly_plan() -> BoardPlan:
    """One change a week: guessed, made, measured, learnt from."""
    return BoardPlan(
        [
            ColumnDraft(_("Hypotheses"), entry=(Need.GOAL,)),
            ColumnDraft(_("This week"), wip_limit=3, entry=(Need.ASSIGNEE, Need.GOAL)),
            ColumnDraft(_("Running")),
            ColumnDraft(_("Measuring")),
            ColumnDraft(_("Learnt"), is_done=True),
        ],
        {"lanes": Lanes.GOAL},
    )


PLANS: Mapping[str, Callable[[], BoardPlan]] = {
    "usual": usual_plan,
    "campaign": campaign_plan,
    "content": content_plan,
    "weekly": weekly_plan,
}
