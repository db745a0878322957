"""The demo team's boards in mid-flight: cards late, due today, in review and done."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from mops.demo_goals import goals_by_key
from tasks.models import Board, Card, ChecklistItem, Column
from tasks.operations.boards import ColumnDraft, open_board
from tasks.operations.cards import CardDraft, add_card
from tasks.operations.checklists import tick_item
from tasks.operations.moves import move_card
from workspaces.models import Membership, Workspace

BACKLOG, READY, DOING, REVIEW, DONE = range(5)


@dataclass(frozen=True)
class Work:
    """One card: where it stands, whose it is, when it is due (days from today), what it serves."""

    column: int
    title: str
    owner: str
    due: int | None
    goal: str
    items: tuple[str, ...] = ()
    ticked: int = 0
    text: str = ""


MAIL_BOARD = (
    Work(BACKLOG, "Benchmarks for next year", "viewer", None, "ctr"),
    Work(BACKLOG, "Lead form on the pricing page", "owner", 12, "leads",
         ("Agree on fields", "Texts", "Build", "Test on a phone", "Go live")),
    Work(BACKLOG, "Template for event invitations", "tess", 16, "webinars",
         ("Collect old ones", "Draft", "Review", "Hand over")),
    Work(BACKLOG, "Ask sales which leads convert", "manager", None, "sales"),
    Work(BACKLOG, "Unsubscribe page in five languages", "editor", 19, "ctr"),
    Work(BACKLOG, "Map the stages of the buyer journey", "manager", None, "leads"),
    Work(READY, "Win-back series for inactive contacts", "tess", 5, "leads",
         ("Segment", "Three texts", "Images", "Legal check", "Schedule", "Report")),
    Work(READY, "Subject-line test, round 3", "editor", 2, "ctr",
         ("Two variants", "Sample size", "Send")),
    Work(READY, "Lead rotation by region", "owner", 9, "sales", ("Rules", "Test", "Tell sales"), 1),
    Work(DOING, "Redefine the e-mail contact lists", "editor", 0, "leads",
         ("Export all contacts with consent date", "Agree on five segments with sales",
          "Remove hard bounces", "Tag contacts by last activity",
          "Move nurtures to the new segments", "Check the unsubscribe links",
          "Tell the team what changes"), 4,
         "Split the one big list by product interest and last activity, so that each mail reaches "
         "people who asked for it.\n\nDone when no segment holds contacts without consent."),
    Work(DOING, "Audit the current e-mail workflows", "editor", -3, "leads",
         ("List them", "Owner of each", "Last change", "Clicks", "Switch off dead ones"), 3,
         "Which workflows run, who owns them, what do they bring?"),
    Work(DOING, "Next webinar: speaker and date", "tess", 3, "webinars",
         ("Topic", "Speaker", "Date", "Room", "Page"), 2),
    Work(REVIEW, "Webinar invitation copy", "manager", 0, "webinars",
         ("Draft", "Review", "Final"), 3),
    Work(REVIEW, "Nurture: reply to a person", "editor", 1, "nurture",
         ("Sender", "Texts", "Rules for absence", "Test", "Measure"), 4),
    Work(REVIEW, "Monthly page for management", "manager", 2, "leads",
         ("Numbers", "Three sentences", "Next step", "Send"), 2),
    Work(DONE, "Lead form: two fields instead of six", "owner", -8, "leads", ("Agree", "Build"), 2),
    Work(DONE, "Bot-click rule for the newsletter", "editor", -1, "ctr",
         ("Rule", "Check", "Tell"), 3),
    Work(DONE, "Weekly report to sales", "manager", -2, "sales", ("Numbers", "Send"), 2),
    Work(DONE, "Clean-up of hard bounces", "editor", -4, "unsub"),
)  # fmt: skip
ADS_BOARD = (
    Work(BACKLOG, "Landing page for competitor terms", "mika", 14, "cpl"),
    Work(BACKLOG, "Retarget webinar visitors", "mika", 8, "webinars", ("Audience", "Ad"), 0),
    Work(READY, "Negative keyword list", "mika", -3, "cpl",
         ("Search terms of 90 days", "Group them", "Agree", "Upload"), 1,
         "Terms that cost and never bring a lead."),
    Work(READY, "Short videos from the last webinar", "tess", 6, "social"),
    Work(DOING, "Pause broad terms: decide", "manager", -2, "cpl", (), 0,
         "Generic terms became dearer and bring few leads. Pause them until the spring?"),
    Work(DOING, "Landing page test", "mika", -1, "cpl", ("Variant", "Tracking", "Two weeks"), 2),
    Work(DOING, "Ask for the missing social export", "tess", 0, "social"),
    Work(REVIEW, "Ad texts for the brand campaign", "mika", 4, "cpl"),
    Work(DONE, "Conversion tracking checked", "mika", -12, "cpl"),
)  # fmt: skip


def open_boards(workspace: Workspace, people: dict[str, Membership], *, at: datetime) -> None:
    """Open both boards as the manager and put every card where it stands."""
    stages = [
        ColumnDraft("Backlog"),
        ColumnDraft("Ready", wip_limit=6),
        ColumnDraft("In progress", wip_limit=4),
        ColumnDraft("Review", wip_limit=3),
        ColumnDraft("Done", is_done=True),
    ]
    by = people["manager"]
    for name, works in (("E-mail programme", MAIL_BOARD), ("Ads and social", ADS_BOARD)):
        board = open_board(workspace, name=name, columns=stages, by=by, at=at)
        _fill(board, works, people, at=at)


def _fill(
    board: Board, works: tuple[Work, ...], people: dict[str, Membership], *, at: datetime
) -> None:
    """Add the cards to the first column, tick what is done, and move each where it stands."""
    columns = list(Column.objects.select_related("board").filter(board=board).order_by("position"))
    goals = goals_by_key(board.workspace)
    today = board.workspace.day_of(at)
    for work in sorted(works, key=_when_done):
        owner = people[work.owner]
        draft = CardDraft(
            title=work.title,
            description=work.text,
            assignee=owner,
            due_on=None if work.due is None else today + timedelta(days=work.due),
            goal=goals.get(work.goal),
            checklist=work.items,
        )
        days = 20 if work.column == DONE else 12
        card = add_card(
            columns[BACKLOG], draft=draft, by=people["manager"], at=at - timedelta(days=days)
        )
        _tick(card, work.ticked, by=owner, at=at - timedelta(days=1))
        _advance(card, columns, work, by=owner, at=at)


def _when_done(work: Work) -> tuple[bool, int]:
    """Done cards come last and in the order of their days, as the log tells them."""
    return (work.column == DONE, work.due or 0)


def _tick(card: Card, count: int, *, by: Membership, at: datetime) -> None:
    """Tick the first lines of the checklist."""
    for item in ChecklistItem.objects.filter(card=card).order_by("position")[:count]:
        tick_item(item, done=True, by=by, at=at)


def _advance(
    card: Card, columns: list[Column], work: Work, *, by: Membership, at: datetime
) -> None:
    """Move the card to its column, to the bottom, as its owner did it in the last days."""
    if work.column == BACKLOG:
        return
    to = columns[work.column]
    below = Card.objects.filter(column=to, archived_at=None).order_by("position").last()
    days = -min(work.due or 0, 0) if work.column == DONE else 2
    when = at - timedelta(days=min(days, 6), hours=2)
    move_card(card, to=to, after=below, version=card.version, by=by, at=when)
