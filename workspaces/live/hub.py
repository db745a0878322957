"""One thread of a process reads for all its followers: a query a second while nothing happens."""

import logging
import threading
import time
from collections.abc import Iterable
from datetime import datetime

from django.db import connection
from django.utils.timezone import now

from workspaces.live.bell import HERE, Bell, bell
from workspaces.live.presence import people_at, told
from workspaces.live.seats import Seat, message
from workspaces.operations.streams import number_events, number_wholes
from workspaces.queries.passes import still_good
from workspaces.queries.streams import AT_ONCE, Change, Head, changes_after, heads_of
from workspaces.rules.streams import must_begin_anew

log = logging.getLogger(__name__)

ACTION = "workspace.view"
PACE = 1.0  # seconds between two looks, whatever the bell says
CHECKED = 2.0  # seconds between two looks at who may still be there; before every event too
LOOKED = 5.0  # seconds between two looks at who is there
BEGINS = 15.0  # seconds for an answer to begin that was asked for
MOST_EACH = 10  # streams that one person may have open


class TooMany(Exception):
    """The person has as many streams open as one may."""


class Hub:
    """Who follows what in this process."""

    def __init__(self, rung: Bell) -> None:
        """Nobody follows anything; the thread begins with the first and ends with the last."""
        self.bell = rung
        self.seats: set[Seat] = set()
        self.lock = threading.Lock()
        self.wanted = threading.Event()
        self.checked = self.looked = 0.0

    def join(self, seat: Seat) -> None:
        """Let somebody follow; TooMany when they do so ten times already."""
        with self.lock:
            theirs = [s for s in self.seats if s.holder.user_id == seat.holder.user_id]
            if len(theirs) >= MOST_EACH:
                raise TooMany
            self.seats.add(seat)
            if not self.wanted.is_set():
                self.wanted.set()
                threading.Thread(target=self._run, name="streams", daemon=True).start()
        self.bell.hear("")

    def leave(self, seat: Seat) -> None:
        """Forget somebody who has gone."""
        with self.lock:
            self.seats.discard(seat)

    def _run(self) -> None:
        wanted = self.wanted
        threading.Thread(
            target=self.bell.listen, args=(wanted,), name="streams-bell", daemon=True
        ).start()
        while self._goes_on():
            words = self.bell.wait(PACE)
            try:
                self.look(words, at=now(), clock=time.monotonic())
            except Exception:
                log.exception("streams: this look failed, the next one follows")
                connection.close()
                time.sleep(PACE)
        connection.close()

    def _goes_on(self) -> bool:
        with self.lock:
            if not self.seats:
                self.wanted.clear()
                self.wanted = threading.Event()  # the next first follower starts anew
                return False
            return True

    def look(self, words: Iterable[str], *, at: datetime, clock: float) -> None:
        """Number what is new and tell it to those who may still know.

        When nothing is new it takes a query, and another where whole workspaces are followed.
        """
        everybody = self._seated(clock)
        seats = [seat for seat in everybody if seat.workspace_id is None]
        wide = [seat for seat in everybody if seat.workspace_id is not None]
        heads = heads_of({seat.stream_id for seat in seats})
        for stream_id, head in heads.items():
            if head.waiting:
                heads[stream_id] = Head(number_events(stream_id), waiting=False)
        changes = changes_after(_behind(seats, heads))
        sums = number_wholes({seat.workspace_id for seat in wide if seat.workspace_id})
        has_news = any(seat.seen != sums[seat.workspace_id or 0] for seat in wide)
        if changes or has_news or clock - self.checked >= CHECKED:
            self.checked = clock
            _let_go(everybody, at)
        for seat in seats:
            self._serve(seat, heads, changes)
        for seat in wide:
            _serve_whole(seat, sums[seat.workspace_id or 0])
        self._look_around(seats, words, clock)
        if sum(map(len, changes.values())) >= AT_ONCE:
            self.bell.hear("")  # there is more

    def _seated(self, clock: float) -> list[Seat]:
        """Who follows; who asked and never began to read is forgotten."""
        with self.lock:
            self.seats = {s for s in self.seats if s.loop or clock - s.came < BEGINS}
            return [seat for seat in self.seats if not seat.closed]

    def _serve(self, seat: Seat, heads: dict[int, Head], changes: dict[int, list[Change]]) -> None:
        head = heads.get(seat.stream_id)
        if head is None:
            seat.close()
        elif not seat.settled:
            _settle(seat, head.last)
        for change in changes.get(seat.stream_id, ()):
            if seat.seen is not None and change.seq > seat.seen:
                seat.seen = change.seq
                seat.tell(message("change", change._asdict(), change.seq))

    def _look_around(self, seats: list[Seat], words: Iterable[str], clock: float) -> None:
        """Tell who is there where that has changed, to newcomers at once."""
        said = {int(word.removeprefix(HERE)) for word in words if word.startswith(HERE)}
        said |= {seat.stream_id for seat in seats if seat.people is None}
        if clock - self.looked >= LOOKED:
            self.looked = clock
            said |= {seat.stream_id for seat in seats}
        said &= {seat.stream_id for seat in seats}
        found = people_at(said) if said else {}
        for seat in seats:
            people = found.get(seat.stream_id)
            if people is not None and people != seat.people:
                seat.people = people
                seat.tell(message("here", told(people)))


def _let_go(seats: Iterable[Seat], at: datetime) -> None:
    """Close the seats of those who may no longer be there; 3 queries for all."""
    good = still_good({seat.holder for seat in seats}, ACTION, at=at)
    for seat in seats:
        if seat.holder not in good:
            seat.close()


def _behind(seats: Iterable[Seat], heads: dict[int, Head]) -> dict[int, int]:
    """From where each stream has to be read for the one who is furthest behind."""
    found: dict[int, int] = {}
    for seat in seats:
        head = heads.get(seat.stream_id)
        if head is None or seat.seen is None or must_begin_anew(seat.seen, head.last):
            continue
        if seat.seen < head.last:
            found[seat.stream_id] = min(seat.seen, found.get(seat.stream_id, seat.seen))
    return found


def _settle(seat: Seat, last: int) -> None:
    """Decide where a newcomer begins: where it says, or anew."""
    seat.settled = True
    if seat.seen is None:
        seat.seen = last
    elif must_begin_anew(seat.seen, last):
        seat.seen = last
        seat.tell(message("reset", {"seq": last}, last))


def _serve_whole(seat: Seat, last: int) -> None:
    """Say only that something happened: which boards a page shows, it knows itself."""
    if seat.seen is not None and seat.seen != last:
        seat.tell(message("reset", {"seq": last}, last))
    seat.seen = last


hub = Hub(bell)
