"""Boards and cards for tests, made by the real operations."""

from tasks.models import (
    Approval,
    Attachment,
    Automation,
    Board,
    Card,
    CardSeries,
    Column,
    Comment,
    CustomField,
    Label,
)
from tasks.operations.approvals import ApprovalDraft, ask_approval
from tasks.operations.attachments import add_version, attach_file
from tasks.operations.automations import AutomationDraft, add_automation
from tasks.operations.boards import ColumnDraft, open_board
from tasks.operations.cards import CardDraft, add_card
from tasks.operations.comments import Said, add_comment
from tasks.operations.files import Upload
from tasks.operations.labels import FieldDraft, add_field, add_label
from tasks.operations.series import SeriesDraft, add_series
from tasks.rules.automations import Then
from tasks.rules.recurrence import Kind, Pattern
from tests.make.workspaces import NOON, owner_of
from workspaces.models import Workspace


def make_board(workspace: Workspace, name="Launch", *, columns=(), at=NOON) -> Board:
    """A board; columns as ("Ready", limit) or ("Done", None, True), else the usual five."""
    drafts = [ColumnDraft(*column) for column in columns]
    return open_board(workspace, name=name, columns=drafts, by=owner_of(workspace), at=at)


def column_of(board: Board, name: str) -> Column:
    return board.columns.select_related("board").get(name=name)


def make_card(
    column: Column | Board, title="Write the brief", *, by=None, at=NOON, **fields
) -> Card:
    """A card in the column, or in the board's first one."""
    place = column.columns.order_by("position").first() if isinstance(column, Board) else column
    nonce = fields.pop("nonce", "")
    draft = CardDraft(title=title, **fields)
    return add_card(place, draft=draft, nonce=nonce, by=by or owner_of(place.workspace), at=at)


def titles(column: Column) -> list[str]:
    """What stands in the column, topmost first."""
    cards = Card.objects.filter(column=column, archived_at=None)
    return list(cards.order_by("position").values_list("title", flat=True))


def make_label(workspace: Workspace, name="Campaign", *, colour="blue") -> Label:
    """A label of the workspace."""
    return add_label(workspace, name=name, colour=colour, by=owner_of(workspace), at=NOON)


def make_field(workspace: Workspace, name="Reach", kind="number", **said) -> CustomField:
    """A custom field of all its boards, or of `board`."""
    draft = FieldDraft(name=name, kind=kind, **said)
    return add_field(workspace, draft=draft, by=owner_of(workspace), at=NOON)


def make_comment(card: Card, text="Looks good", *, by=None, at=NOON, **said) -> Comment:
    """Something that a member says on the card, else the workspace's owner."""
    by = by or owner_of(card.workspace)
    return add_comment(card, said=Said(text, **said), by=by, at=at)


def attach(card: Card, name="brief.txt", content=b"One\nTwo\n", *, by=None, at=NOON) -> Attachment:
    """A file on the card."""
    by = by or owner_of(card.workspace)
    return attach_file(card, upload=Upload(name, [content]), by=by, at=at)


def renew(attachment: Attachment, name="brief.txt", content=b"Three\n", *, by=None, at=NOON):
    """A newer version of the file."""
    by = by or owner_of(attachment.workspace)
    return add_version(attachment, upload=Upload(name, [content]), by=by, at=at)


def make_series(board: Board, title="Newsletter", *, card=None, at=NOON, **said) -> CardSeries:
    """A card that comes back every day, or as `said` by the names of a pattern or a draft."""
    days = {name: said.pop(name) for name in list(said) if name in Pattern.__annotations__}
    begins = days.pop("begins", board.workspace.day_of(at))
    pattern = Pattern(days.pop("kind", Kind.DAILY), begins, **days)
    column = said.pop("column", None) or board.columns.order_by("position").first()
    draft = SeriesDraft(title, pattern, column, **said)
    return add_series(board, draft=draft, card=card, by=owner_of(board.workspace), at=at)


def make_rule(board: Board, name="Rule", *, when="made", at=NOON, **said) -> Automation:
    """A rule of the board; `said` by the names of a Then, or `about`, `wanted` and `columns`."""
    own = {n: said.pop(n) for n in ("about", "wanted", "columns", "is_on") if n in said}
    draft = AutomationDraft(name, when, Then(**said), **own)
    return add_automation(board, draft=draft, by=owner_of(board.workspace), at=at)


def make_approval(card: Card, *approvers, by=None, at=NOON, **said) -> Approval:
    """A question to members: is the card right, or its `attachment`."""
    by = by or owner_of(card.workspace)
    return ask_approval(card, draft=ApprovalDraft(approvers, **said), by=by, at=at)
