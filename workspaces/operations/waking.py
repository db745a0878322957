"""Wake a job right after the commit; the beat sweep is the guarantee, this is only the hurry."""

from collections.abc import Callable
from functools import partial

from django.db import transaction

Sender = Callable[[str], None]
_senders: list[Sender] = []


def install_sender(sender: Sender) -> None:
    """Say how a job is woken; mops.celery calls this once at start-up."""
    _senders[:] = [sender]


def wake(name: str) -> None:
    """Ask for the job of that name once the present transaction has committed."""
    for sender in _senders:
        transaction.on_commit(partial(sender, name), robust=True)
