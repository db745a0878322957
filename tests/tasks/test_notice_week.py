"""A week of work by six people: who is told what, compared with an oracle that knows no code.

The script is drawn from a seed and done by the real operations; the jobs run by the clock as they
do in an installation. The oracle keeps its own books from the script alone.
"""

import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail

from tasks.jobs import remind
from tasks.operations.edits import edit_card
from tasks.operations.moves import tick_card
from tasks.queries.places import place_of
from tasks.queries.reminders import card_followers
from tasks.verbs import CARD_EDITED
from tests.make.tasks import make_board, make_card
from tests.make.workspaces import make_member
from workspaces.jobs import make_digests, send_mail
from workspaces.models import Delivery, Notification
from workspaces.operations.notifications import Notice, notify
from workspaces.operations.preferences import Habits, mute, prefer_ways, set_habits
from workspaces.rules.notices import REGISTRY, Kind
from workspaces.rules.roles import Role
from workspaces.verbs import BUNDLED

pytestmark = pytest.mark.django_db
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
MONDAY = datetime(2026, 3, 23, tzinfo=UTC)  # the clock in Warsaw is put on that Sunday
PEOPLE = ("ana", "ben", "cem", "dia", "eli", "fay")
ZONES = dict.fromkeys(PEOPLE, "Europe/Warsaw") | {"eli": "America/New_York", "fay": "Asia/Tehran"}
AT_ONCE = {"assigned", "mentioned"}
ACTS = ("assign", "change", "change", "move", "mention", "comment", "due", "due")


@dataclass
class Row:
    """What the oracle says that somebody is told of one card."""

    who: str
    kind: str
    card: int
    at: datetime
    count: int = 1
    waits: bool = True  # for a digest


@dataclass
class Oracle:
    """Books of what people have to be told, from the script alone."""

    rows: list[Row] = field(default_factory=list)
    happened: Counter = field(default_factory=Counter)
    digests: dict = field(default_factory=dict)
    at_once: Counter = field(default_factory=Counter)
    rungs: set = field(default_factory=set)

    def tell(self, who, kind, card, board, at):
        if who == "dia" and board == "Fair":  # muted
            return
        self.happened[who, kind, card] += 1
        mailed = kind in AT_ONCE and not (who == "cem" and kind == "assigned")
        self.at_once[who] += mailed
        for row in self.rows:
            same = (row.who, row.kind, row.card) == (who, kind, card)
            if kind == "card" and same and at - row.at < HOUR:
                row.at, row.count, row.waits = at, row.count + 1, True
                return
        self.rows.append(Row(who, kind, card, at, waits=not mailed and who != "ben"))

    def remind(self, cards, at):
        for card in cards.values():
            if card.done:
                self._forget(card.id)
        for card in cards.values():
            if card.done or not card.holder or not card.due:
                continue
            here = at.astimezone(ZoneInfo(ZONES[card.holder]))
            left = (card.due - here.date()).days
            if here.hour < 7 or not -7 <= left <= 1:
                continue
            rung = (card.holder, card.id, card.due, max(left, -1))
            if rung not in self.rungs:
                self.rungs.add(rung)
                if not (card.holder == "dia" and card.board == "Fair"):
                    self._forget(card.id, card.holder)
                self.tell(card.holder, "due", card.id, card.board, at)

    def _forget(self, card, who=None):
        for row in self.rows:
            if row.kind == "due" and row.card == card and who in (None, row.who):
                row.waits = False

    def morning(self, at):
        for who, zone in ZONES.items():
            here = at.astimezone(ZoneInfo(zone))
            eight = datetime.combine(here.date(), time(8), ZoneInfo(zone))
            news = [r for r in self.rows if r.who == who and r.waits and r.at < eight]
            if who == "ben" or at < eight or not news or (who, here.date()) in self.digests:
                continue
            self.digests[who, here.date()] = {row.card for row in news}
            for row in news:
                row.waits = False


@dataclass
class Known:
    """What the script knows of a card."""

    id: int
    board: str
    maker: str
    holder: str = ""
    due: date | None = None
    done: bool = False
    row: object = None


class Week:
    """The script: what is done, and what the oracle hears of it."""

    def __init__(self, workspace, seed):
        self.dice, self.oracle = random.Random(seed), Oracle()
        self.members = {n: make_member(workspace, f"{n}@acme.example", Role.EDITOR) for n in PEOPLE}
        self.boards = [make_board(workspace, name) for name in ("Launch", "Fair")]
        self.cards = {}
        for name, zone in ZONES.items():
            wanted = name != "ben"
            habits = Habits("" if zone == "Europe/Warsaw" else zone, "", wanted, quiet_days=False)
            set_habits(self.members[name].user, habits)
        mute(self.members["dia"], place=place_of(self.boards[1]))
        prefer_ways(self.members["cem"], ways={"assigned": {"mail": False, "digest": True}})

    def begin(self, at):
        board, maker = self.dice.choice(self.boards), self.dice.choice(PEOPLE)
        row = make_card(board, f"Card {len(self.cards):03}", by=self.members[maker], at=at)
        self.cards[row.pk] = Known(row.pk, board.name, maker, row=row)

    def act(self, at):
        if len(self.cards) < 8 or self.dice.random() < 0.1:
            return self.begin(at)
        card, by = self.dice.choice([*self.cards.values()]), self.dice.choice(PEOPLE)
        return getattr(self, self.dice.choice(ACTS))(card, by, at)

    def edit(self, card, by, at, **changes):
        was = card.row
        who = self.members[by]
        card.row = edit_card(was, version=was.version, changes=changes, by=who, at=at)
        return card.row.version != was.version

    def followers(self, card, by):
        return {card.maker, card.holder} - {by, ""}

    def assign(self, card, by, at):
        to = self.dice.choice(PEOPLE)
        if self.edit(card, by, at, assignee=self.members[to]):
            told = [(to, "assigned"), (card.holder, "card")]
            for who, kind in told:
                if who not in ("", by):
                    self.oracle.tell(who, kind, card.id, card.board, at)
            card.holder = to

    def change(self, card, by, at):
        self.edit(card, by, at, description=str(self.dice.random()))
        self.hear(card, by, at)

    def due(self, card, by, at):
        day = at.date() + timedelta(days=self.dice.randint(0, 4))
        if self.edit(card, by, at, due_on=day):
            card.due = day
            self.hear(card, by, at)

    def move(self, card, by, at):
        if card.done:
            return
        card.row = tick_card(card.row, done=True, by=self.members[by], at=at)
        card.done = True
        self.hear(card, by, at)

    def hear(self, card, by, at, kind="card"):
        for who in sorted(self.followers(card, by)):
            self.oracle.tell(who, kind, card.id, card.board, at)

    def mention(self, card, by, at):
        named = self.dice.choice(PEOPLE)
        self.say("mentioned", card, by, at, [self.members[named].pk])
        if named != by:
            self.oracle.tell(named, "mentioned", card.id, card.board, at)

    def comment(self, card, by, at):
        self.say("commented", card, by, at, card_followers(card.row))
        self.hear(card, by, at, "commented")

    def say(self, kind, card, by, at, to):
        said = {"title": card.row.title, "fields": kind}
        told = Notice(kind, CARD_EDITED, "/w/acme/", said, place=place_of(card.row.board))
        notify(told, card.row, to=to, by=self.members[by], at=at)

    def tick(self, at):
        """The jobs, as the beat asks them; the oracle looks at the same moment."""
        with time_machine.travel(at, tick=False):
            remind()
            make_digests()
            send_mail()
        self.oracle.remind(self.cards, at)
        self.oracle.morning(at)


def run(week):
    at, ends = MONDAY + 6 * HOUR, MONDAY + timedelta(days=8)
    while at < ends:
        if 6 <= at.hour < 18 and at.weekday() < 6:
            for _act in range(week.dice.randint(1, 8)):
                week.act(at + week.dice.randint(1, 50) * MINUTE + MINUTE * len(week.cards) / 1000)
        at += HOUR
        week.tick(at)
    week.tick(at + HOUR)


@pytest.mark.parametrize("seed", [5])
def test_a_week_tells_everybody_what_they_must_hear_and_no_more(acme, monkeypatch, seed):
    monkeypatch.setitem(REGISTRY, "mentioned", Kind("I am named", at_once=True, placed=True))
    monkeypatch.setitem(REGISTRY, "commented", Kind("A comment", placed=True))
    week = Week(acme, seed)
    run(week)
    oracle, names = week.oracle, {member.pk: name for name, member in week.members.items()}
    rows = [
        row
        for row in Notification.objects.exclude(verb=BUNDLED.name).order_by("pk")
        if row.member_id in names
    ]
    happened = Counter()
    for row in rows:
        happened[names[row.member_id], row.kind, row.subject_id] += row.count
    assert happened == oracle.happened
    assert sum(happened.values()) > 300
    check_digests(week, names)
    check_mails(week, rows, names)


def check_digests(week, names):
    by_user = {member.user_id: name for name, member in week.members.items()}
    made = {}
    for one in Delivery.objects.filter(channel="digest"):
        assert one.state == "sent"
        made[by_user[one.user_id], one.day] = one
    assert set(made) == set(week.oracle.digests)
    assert not [who for who, _day in made if who == "ben"]
    told = defaultdict(set)
    for message in mail.outbox:
        if message.subject.startswith("Your day"):
            who = message.to[0].partition("@")[0]
            told[who] |= {n for n in range(len(week.cards)) if f"Card {n:03}" in message.body}
    order = {pk: n for n, pk in enumerate(week.cards)}
    for who in PEOPLE:
        wanted = [cards for (name, _day), cards in week.oracle.digests.items() if name == who]
        assert told[who] == {order[pk] for cards in wanted for pk in cards}


def check_mails(week, rows, names):
    mailed = [row for row in rows if row.by_mail]
    assert Counter(names[row.member_id] for row in mailed) == +week.oracle.at_once
    assert {row.mail.state for row in mailed} == {"sent"}
    sent = defaultdict(list)
    for one in Delivery.objects.filter(channel="mail").order_by("send_at"):
        sent[one.user_id].append(one.send_at)
    for times in sent.values():
        for first in times:
            assert len([at for at in times if first <= at < first + HOUR]) <= 3
    letters = [m for m in mail.outbox if not m.subject.startswith("Your day")]
    assert len(letters) == sum(len(times) for times in sent.values()) <= len(mailed)
