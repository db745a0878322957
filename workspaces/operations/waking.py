"""Wake a job right after the commit; the beat sweep is the guarantee, this is only the hurry."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.db import transaction

Sender = Callable[[str], None]
Announcer = Callable[[int], None]
_senders: list[Sender] = []
_announcers: list[Announcer] = []


def install_sender(sender: Sender) -> None:
    """Say how a job is woken; mops.celery calls this once at start-up."""
    _senders[:] = [sender]


def wake(name: str) -> None:
    """Ask for the job of that name once the present transaction has committed."""
    for sender in _senders:
        transaction.on_commit(partial(sender, name), robust=True)


def install_announcer(announcer: Announcer) -> None:
    """Say how those who follow a stream are told to look; mops calls this once at start-up."""
    _announcers[:] = [announcer]


def announce(stream_id: int) -> None:
    """Tell who follows the stream to look, once when the present transaction has committed."""
    for announcer in _announcers:
        said = _Said(announcer, stream_id)
        if all(waiting != said for _savepoints, waiting, *_rest in _waiting()):
            transaction.on_commit(said, robust=True)


@dataclass(frozen=True)
class _Said:
    """A call that equals its like, so that a thousand changes of one stream are said once."""

    announcer: Announcer
    stream_id: int

    def __call__(self) -> None:
        self.announcer(self.stream_id)


def _waiting() -> list[tuple[object, ...]]:
    """What the present transaction will do once it has committed."""
    connection = transaction.get_connection()
    return connection.run_on_commit if connection.in_atomic_block else []
