"""Half a year of the demo's satisfaction pulse; this month's question waits for answers."""

from datetime import date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from goals.models import Pulse, PulseRound, PulseTurn
from goals.operations.pulse import (
    TOKENS,
    PulseDraft,
    answer_by_link,
    answer_pulse,
    make_links,
    set_pulse,
)
from goals.operations.pulse_rounds import close_round, feed_round, open_round
from goals.rules.pulse import last_day, month_of
from mops.demo_script import Script
from workspaces.models import Membership, Stakeholder, Workspace

QUESTION = "How satisfied are you with how marketing operations work with you?"
ASKED = ("Management", "Sales", "Partners", "E-mail team")
NOON = time(12)
SAID = (  # the oldest month first: what the team said, and the stakeholders in the order of ASKED
    ("665746", "6453"),
    ("76676", "5564"),
    ("676757", "646"),
    ("776867", "75"),  # too few stakeholders to be told apart
    ("87777", "6876"),
    ("878879", "7787"),
)


class Months:
    """What is done in which month."""

    def __init__(self, workspace: Workspace, people: dict[str, Membership]) -> None:
        """Work in this workspace, with these people."""
        self.workspace, self.people = workspace, people

    def set_up(self, at: datetime) -> None:
        """The manager asks from the first day of each month on."""
        draft = PulseDraft(QUESTION, opens_on=1)
        set_pulse(self.workspace, draft=draft, version=0, by=self.people["manager"], at=at)

    def answer(self, at: datetime, *, team: str, others: str) -> None:
        """The team answers in the app, stakeholders by their links."""
        for member, score in zip(self.people.values(), team, strict=False):
            answer_pulse(member, score=int(score), at=at)
        named = Stakeholder.objects.filter(workspace=self.workspace, name__in=ASKED, member=None)
        asked = sorted(named, key=lambda one: ASKED.index(one.name))
        made = make_links(self.workspace, stakeholders=asked, by=self.people["manager"], at=at)
        for (_who, token), score in zip(made, others, strict=False):
            turn = PulseTurn.objects.get(secret_hash=TOKENS.digest_of(token))
            answer_by_link(turn, score=int(score), at=at)

    def turn(self, at: datetime) -> None:
        """A month is over: its result is told, the next one opens."""
        for row in PulseRound.objects.filter(workspace=self.workspace, closed_at=None):
            close_round(row, at=at)
            row.refresh_from_db()
            feed_round(row, at=at)
        open_round(Pulse.objects.get(workspace=self.workspace), at=at)


def ask_each_month(
    script: Script, workspace: Workspace, people: dict[str, Membership], *, at: datetime
) -> None:
    """As many months as there are answers, up to the one that is open now; once."""
    if Pulse.objects.filter(workspace=workspace).exists():
        return
    zone = ZoneInfo(workspace.timezone)
    months = Months(workspace, people)
    firsts = [month_of(workspace.day_of(at))]
    for _month in SAID:
        firsts.insert(0, month_of(firsts[0] - timedelta(days=1)))

    def noon(day: date) -> datetime:
        return min(at, datetime.combine(day, NOON, zone))

    script.at(noon(firsts[0]), months.set_up)
    for first, (team, others) in zip(firsts, SAID, strict=False):
        said = partial(months.answer, team=team, others=others)
        script.at(noon(first + timedelta(days=20)), said)
        script.at(noon(last_day(first) + timedelta(days=1)), months.turn)
