"""Streams: events get their numbers after the commit, whoever writes at once; who may follow."""

import json
import threading
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connections, transaction

from tasks.operations.edits import edit_card
from tests.make.tasks import make_board, make_card
from tests.make.workspaces import NOON
from workspaces.live.bell import Bell
from workspaces.live.hub import MOST_EACH, Hub, TooMany
from workspaces.live.presence import LASTS, Person, arrive, leave, people_at
from workspaces.live.seats import Seat
from workspaces.models import Membership, Stream
from workspaces.models.events import Event
from workspaces.operations.members import remove_member
from workspaces.operations.streams import number_events
from workspaces.operations.tokens import issue_token, revoke_token
from workspaces.operations.waking import _announcers, install_announcer
from workspaces.queries.passes import Pass, still_good
from workspaces.queries.streams import changes_after, heads_of
from workspaces.rules.streams import MOST_BEHIND, must_begin_anew, place_in


@pytest.fixture
def board(acme):
    return make_board(acme)


@pytest.mark.parametrize(
    ("said", "place"), [("7", 7), (" 7 ", 7), ("-1", -1), ("1" * 31, -1), ("x", -1), ("٣", -1)]
)
def test_L04_what_a_follower_says_it_has_seen_is_a_number_or_no_place(said, place):
    assert place_in(said) == place


@pytest.mark.parametrize(
    ("seen", "anew"), [(2000, False), (1000, False), (999, True), (2001, True), (-1, True)]
)
def test_L04_too_old_and_from_the_future_begin_anew(seen, anew):
    assert must_begin_anew(seen, 2000) is anew
    assert MOST_BEHIND == 1000


def test_INV09_events_are_numbered_in_the_order_in_which_they_were_written(board, ed):
    card = make_card(board, "One")
    for version, title in enumerate(("Two", "Three"), start=1):
        edit_card(card, version=version, changes={"title": title}, by=ed, at=NOON)
    assert heads_of([board.stream_id])[board.stream_id] == (0, True)
    assert number_events(board.stream_id) == 4
    assert heads_of([board.stream_id])[board.stream_id] == (4, False)
    told = changes_after({board.stream_id: 1})[board.stream_id]
    assert [(c.seq, c.verb, c.version) for c in told] == [
        (2, "card.added", 1),
        (3, "card.edited", 2),
        (4, "card.edited", 3),
    ]
    assert told[1].by == ed.pk
    assert number_events(board.stream_id) == 4
    assert number_events(10**9) == 0


class Scrum:
    """Six who write and two who read at once; what the readers saw, and what went wrong."""

    def __init__(self, board, by):
        self.board, self.by = board, by
        self.writing = threading.Event()
        self.seen, self.errors = [[], []], []

    def run(self):
        self.writing.set()
        readers = [self.start(self.read, n) for n in range(2)]
        for writer in [self.start(self.write, n) for n in range(6)]:
            writer.join(60)
        self.writing.clear()
        for reader in readers:
            reader.join(60)

    def start(self, work, place):
        thread = threading.Thread(target=self.guarded, args=(work, place))
        thread.start()
        return thread

    def guarded(self, work, place):
        try:
            work(place)
        except Exception as error:  # noqa: BLE001  a thread's error is the test's
            self.errors.append(repr(error))
        finally:
            connections.close_all()

    def write(self, place):
        card = make_card(self.board, f"Card {place}")
        for version in range(1, 13):
            with transaction.atomic():
                changes = {"title": f"{version}"}
                edit_card(card, version=version, changes=changes, by=self.by, at=NOON)
                threading.Event().wait(0.002 * (place % 3))  # some commit long after they wrote

    def read(self, place):
        while self.writing.is_set():
            self.look(place)
        self.look(place)

    def look(self, place):
        number_events(self.board.stream_id)
        seen = self.seen[place]
        last = seen[-1][0] if seen else 0
        news = changes_after({self.board.stream_id: last})[self.board.stream_id]
        seen += [(c.seq, c.subject_id, c.version) for c in news]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_INV09_no_number_is_missing_doubled_or_late_while_many_write(acme, ed):
    board = make_board(acme)
    scrum = Scrum(board, ed)
    scrum.run()
    assert scrum.errors == []
    rows = Event.objects.filter(stream=board.stream_id).order_by("seq")
    truth = [(e.seq, e.subject_id, e.data.get("version")) for e in rows]
    assert [seq for seq, *_rest in truth] == list(range(1, 1 + 6 * 13 + 1))
    assert scrum.seen == [truth, truth]
    for card in {subject for _seq, subject, _version in truth[1:]}:
        versions = [version for _seq, subject, version in truth[1:] if subject == card]
        assert versions == list(range(1, 14))


def test_followers_are_told_once_when_a_transaction_has_committed(
    board, django_capture_on_commit_callbacks
):
    rung, before = [], list(_announcers)
    install_announcer(rung.append)
    try:
        with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
            for name in "abc":
                make_card(board, name)
            assert rung == []
    finally:
        _announcers[:] = before
    assert rung == [board.stream_id]


# --- who follows -----------------------------------------------------------------------------


@pytest.fixture
def hub(settings):
    """A hub without its thread: the tests look for it."""
    made = Hub(Bell())
    made.wanted.set()
    return made


def signed_in(member, client_of):
    key = client_of(member).session.session_key
    return Pass(member.user_id, member.pk, member.user.get_session_auth_hash(), key)


def follow(hub, board, holder, seen=None):
    seat = Seat(holder, board.stream_id, seen, came=0)
    hub.join(seat)
    return seat


def look(hub, *words, clock=0.0):
    hub.look(words, at=NOON, clock=clock)


def heard(seat, *kinds):
    """What waits for a follower: (event, data) of these kinds, all when none is named."""
    found = []
    for words in list(seat.waiting):
        lines = dict(line.split(": ", 1) for line in words.decode().splitlines() if line)
        found.append((lines["event"], json.loads(lines["data"]), lines.get("id")))
    seat.waiting.clear()
    return [one for one in found if not kinds or one[0] in kinds]


def test_a_follower_hears_what_happens_after_it_came_without_anybodys_words(
    hub, board, ed, client_of
):
    make_card(board, "Before")
    seat = follow(hub, board, signed_in(ed, client_of))
    look(hub)
    assert heard(seat, "change") == []
    card = make_card(board, "A secret title", by=ed)
    look(hub)
    (event, data, seq) = heard(seat, "change")[0]
    assert (event, seq, data["seq"]) == ("change", "3", 3)
    assert data == {
        "seq": 3, "verb": "card.added", "subject_type": "tasks.card", "subject_id": card.pk,
        "by": ed.pk, "version": 1,
    }  # fmt: skip


def test_L05_who_comes_back_hears_what_was_missed_and_nothing_twice(hub, board, ed, client_of):
    for name in "abc":
        make_card(board, name)
    number_events(board.stream_id)
    seat = follow(hub, board, signed_in(ed, client_of), seen=2)
    other = follow(hub, board, signed_in(ed, client_of), seen=3)
    look(hub)
    look(hub)
    assert [data["seq"] for _e, data, _id in heard(seat, "change", "reset")] == [3, 4]
    assert [data["seq"] for _e, data, _id in heard(other, "change", "reset")] == [4]


@pytest.mark.parametrize("seen", [99, -1])
def test_L04_a_place_that_cannot_be_begins_anew(hub, board, ed, client_of, seen):
    seat = follow(hub, board, signed_in(ed, client_of), seen=seen)
    look(hub)
    assert heard(seat, "change", "reset") == [("reset", {"seq": 1}, "1")]
    make_card(board, "New")
    look(hub)
    assert [data["seq"] for _e, data, _id in heard(seat, "change", "reset")] == [2]


def test_L02_who_may_no_longer_look_hears_nothing_more(hub, board, ed, vi, mia, olga, client_of):
    def gone_by(change, member, holder):
        seat = follow(hub, board, holder)
        look(hub)
        heard(seat)
        change(member)
        make_card(board, "Later")
        look(hub)
        assert seat.closed
        assert not seat.waiting
        hub.leave(seat)

    def password(member):
        member.user.set_password("something quite else")
        member.user.save()

    def deactivate(member):
        member.user.is_active = False
        member.user.save()

    token, _text = issue_token(mia, name="t", scope="read", by=mia, at=NOON)
    by_token = Pass(mia.user_id, mia.pk, "", "", token.digest)
    gone_by(lambda _m: revoke_token(token, by=mia, at=NOON), mia, by_token)
    gone_by(lambda _m: Session.objects.all().delete(), mia, signed_in(mia, client_of))
    gone_by(password, mia, signed_in(mia, client_of))
    gone_by(deactivate, vi, signed_in(vi, client_of))
    gone_by(lambda m: remove_member(m, by=olga, at=NOON), ed, signed_in(ed, client_of))


def test_L02_somebody_is_let_go_in_silence_too(hub, board, ed, olga, client_of):
    seat = follow(hub, board, signed_in(ed, client_of))
    look(hub, clock=10)
    assert not seat.closed
    Membership.objects.filter(pk=ed.pk).delete()
    look(hub, clock=11)
    look(hub, clock=13)
    assert seat.closed


def test_a_pass_ends_with_its_session_and_its_token(ed, client_of):
    token, _text = issue_token(ed, name="t", scope="read", by=ed, at=NOON)
    by_token = Pass(ed.user_id, ed.pk, "", "", token.digest)
    holder = signed_in(ed, client_of)
    nobody = Pass(ed.user_id, ed.pk, holder.seal)
    asked = {holder, by_token, nobody}
    assert still_good(asked, "workspace.view", at=NOON) == {holder, by_token}
    assert still_good(asked, "members.manage", at=NOON) == set()
    token.expiry = NOON
    token.save()
    Session.objects.update(expire_date=NOON - timedelta(seconds=1))
    assert still_good(asked, "workspace.view", at=NOON) == set()


def test_L10_one_person_follows_ten_streams_at_most(hub, board, ed, mia, client_of):
    holder = signed_in(ed, client_of)
    seats = [follow(hub, board, holder) for _each in range(MOST_EACH)]
    with pytest.raises(TooMany):
        follow(hub, board, holder)
    follow(hub, board, signed_in(mia, client_of))
    hub.leave(seats[0])
    follow(hub, board, holder)


def test_who_asks_and_never_reads_is_forgotten(hub, board, ed, client_of):
    seat = follow(hub, board, signed_in(ed, client_of))
    look(hub, clock=14)
    assert seat in hub.seats
    look(hub, clock=16)
    assert seat not in hub.seats


def test_who_does_not_read_has_to_come_back(board, ed, client_of):
    seat = Seat(signed_in(ed, client_of), board.stream_id, 0, came=0)
    for _each in range(4001):
        seat.tell(b"x")
    assert seat.closed
    assert not seat.waiting


@pytest.mark.parametrize("followers", [1, 10])
def test_a_quiet_second_costs_one_query_however_many_follow(
    hub, acme, ed, client_of, followers, django_assert_num_queries
):
    holder = signed_in(ed, client_of)
    for n in range(followers):
        follow(hub, make_board(acme, f"Board {n}"), holder)
    look(hub, clock=10)
    with django_assert_num_queries(1):
        look(hub, clock=11)


def test_a_stream_that_is_gone_ends(hub, acme, ed, client_of):
    stream = Stream.objects.create(workspace=acme)
    seat = Seat(signed_in(ed, client_of), stream.pk, None, came=0)
    hub.join(seat)
    look(hub)
    stream.delete()
    look(hub)
    assert seat.closed


# --- who is there ----------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _nobody_is_there():
    cache.clear()


def test_who_is_there_is_told_once_and_again_when_it_changes(hub, board, ed, mia, client_of):
    seat = follow(hub, board, signed_in(ed, client_of))
    look(hub)
    assert heard(seat, "here") == [("here", {"people": []}, None)]
    arrive(board.stream_id, Person(mia.pk, 5, editing=True))
    look(hub, f"here:{board.stream_id}")
    told = {"member": mia.pk, "subject": 5, "editing": True}
    assert heard(seat, "here") == [("here", {"people": [told]}, None)]
    look(hub, f"here:{board.stream_id}")
    assert heard(seat, "here") == []
    leave(board.stream_id, mia.pk)
    look(hub, clock=6)
    assert heard(seat, "here") == [("here", {"people": []}, None)]


def test_who_says_nothing_more_is_gone_within_35_seconds():
    assert LASTS + 5 <= 35  # the hub looks around every five


def test_only_members_of_the_workspace_are_at_its_streams(board, ed, sam):
    arrive(board.stream_id, Person(sam.pk))
    arrive(board.stream_id, Person(ed.pk))
    assert people_at([board.stream_id])[board.stream_id] == [Person(ed.pk)]
