"""What the demo's boards do by themselves: cards that come back, and rules."""

from datetime import datetime, timedelta
from functools import partial

from mops.demo_script import Script
from tasks.models import Board
from tasks.operations.automation_runs import run_automations
from tasks.operations.automations import AutomationDraft, add_automation
from tasks.operations.series import SeriesDraft, add_series
from tasks.queries.boards import columns_of
from tasks.rules.automations import RESPONSIBLE, Then
from tasks.rules.recurrence import Kind, OffDay, Pattern
from workspaces.models import Membership, Workspace

BEFORE = timedelta(days=1, hours=2)  # the rules are there when something is held up
AFTER = timedelta(hours=23)
NEXT = timedelta(days=3)  # the first card that comes back


def let_boards_work(
    script: Script, workspace: Workspace, people: dict[str, Membership], *, at: datetime
) -> None:
    """The manager makes two rules and lets two cards come back."""
    script.at(at - BEFORE, partial(_begin, workspace, people, at))
    script.at(at - AFTER, lambda when: run_automations(at=when))


def _begin(
    workspace: Workspace, people: dict[str, Membership], opened: datetime, when: datetime
) -> None:
    by, first = people["manager"], workspace.day_of(opened + NEXT)
    mails = Board.objects.get(workspace=workspace, name="E-mail programme")
    ads = Board.objects.get(workspace=workspace, name="Ads and social")
    ready = columns_of(mails)[1]
    weekly = Pattern(Kind.WEEKLY, first, weekdays=(first.weekday(),), off_days=OffDay.NEXT)
    report = SeriesDraft(
        "Numbers of the week for sales", weekly, ready, assignee=people["manager"],
        checklist=("Leads by region", "What became of them", "Send"),
    )  # fmt: skip
    monthly = Pattern(Kind.MONTHLY_DAY, first, day=31, off_days=OffDay.NEXT)
    lists = SeriesDraft("Remove hard bounces", monthly, ready, assignee=people["editor"])
    for draft in (report, lists):
        add_series(mails, draft=draft, by=by, at=when)
    rules = (
        (ads, AutomationDraft("What is blocked is urgent", "blocked",
                              Then(priority=4, tell=(RESPONSIBLE,)))),
        (mails, AutomationDraft("What is done is ticked off", "done", Then(tick_all=True))),
    )  # fmt: skip
    for board, rule in rules:
        add_automation(board, draft=rule, by=by, at=when)
