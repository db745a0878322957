"""The demo's weekly cycle: last week, closed with what was not done, and this one."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from metrics.models import Metric
from mops.demo_script import Script
from reports.operations.optimisations import Draft, begin_optimisation
from tasks.models import Board, Card, Cycle
from tasks.operations.cycle_turns import begin_cycle, close_cycle
from tasks.operations.cycles import CycleDraft, open_cycle
from tasks.operations.edits import edit_card
from tasks.rules.cycles import first_day
from workspaces.models import Membership, Workspace

BOARD = "E-mail programme"
WEEK = timedelta(days=7)
LAST = (  # titles and hours
    ("Bot-click rule for the newsletter", "4"),
    ("Weekly report to sales", "2"),
    ("Clean-up of hard bounces", "3"),
    ("Audit the current e-mail workflows", "8"),
)
LATER = ("Webinar invitation copy", "3")
NEW = (("Nurture: reply to a person", "6"), ("Monthly page for management", "2"))
NOTES = """Three of four are done. The audit takes longer than we thought: nobody knows who owns
half of the workflows.

* The clean-up is through; what it brought stands under what was tried.
* Next week: **no** new topic before the audit is through."""


def run_cycles(
    script: Script, workspace: Workspace, people: dict[str, Membership], *, at: datetime
) -> None:
    """The manager plans two weeks; the first is closed, the second runs."""
    today = workspace.day_of(at)
    monday = first_day(today, workspace.week_starts_on)
    team = _Team(workspace, people["manager"])
    script.at(at - 8 * timedelta(days=1), lambda when: team.plan(monday - WEEK, when))
    script.at(at - timedelta(hours=20), lambda when: team.turn(monday, when))


class _Team:
    """Who plans the weeks of the e-mail board."""

    def __init__(self, workspace: Workspace, lead: Membership) -> None:
        """Know who decides."""
        self.workspace, self.lead = workspace, lead

    def plan(self, monday: date, when: datetime) -> None:
        """Last week: four cards."""
        cycle = self.open("Fewer bounces", monday, when, aim="Every mail reaches a person.")
        for title, hours in LAST:
            self.put(title, hours, cycle, when)
        begin_cycle(cycle, version=cycle.version, by=self.lead, at=when)
        self.guess(cycle, monday, when)

    def turn(self, monday: date, when: datetime) -> None:
        """Something came on top; the week is closed, and the next one begins with the rest."""
        old = Cycle.objects.get(workspace=self.workspace)
        self.put(*LATER, old, when)
        cycle = self.open("Webinars and replies", monday, when, aim="Mails that are answered.")
        said = {"rest": "carry", "notes": NOTES}
        close_cycle(old, version=old.version, **said, by=self.lead, at=when)
        for title, hours in NEW:
            self.put(title, hours, cycle, when)
        cycle.refresh_from_db()
        begin_cycle(cycle, version=cycle.version, by=self.lead, at=when)

    def guess(self, cycle: Cycle, monday: date, when: datetime) -> None:
        """What the clean-up is to bring, to be measured when the week is over."""
        draft = Draft(
            title="The newsletter goes only to addresses that work",
            metric=Metric.objects.get(workspace=self.workspace, key="unsubscribe_rate"),
            started_on=monday,
            hypothesis="Who never opens a mail unsubscribes sooner or later: ask them no more.",
            card=Card.objects.get(workspace=self.workspace, title=LAST[2][0]),
            cycle=cycle,
        )
        begin_optimisation(self.workspace, draft=draft, by=self.lead, at=when)

    def open(self, name: str, monday: date, when: datetime, *, aim: str) -> Cycle:
        """A week of the board."""
        board = Board.objects.get(workspace=self.workspace, name=BOARD)
        draft = CycleDraft(name=name, starts_on=monday, aim=aim, capacity=Decimal(24))
        return open_cycle(self.workspace, board, draft=draft, by=self.lead, at=when)

    def put(self, title: str, hours: str, cycle: Cycle, when: datetime) -> None:
        """A card into the week, with its estimate."""
        card = Card.objects.get(workspace=self.workspace, title=title)
        changes = {"cycle": cycle, "estimate": Decimal(hours)}
        edit_card(card, version=card.version, changes=changes, by=self.lead, at=when)
