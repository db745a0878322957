"""Doing once what is asked twice: the effect and its receipt are committed together."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import blake2b
from threading import Lock
from time import sleep

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from workspaces.models import Membership
from workspaces.models.receipts import Receipt
from workspaces.rules.errors import Busy, Refused
from workspaces.rules.receipts import KEPT, RETRY_AFTER, Answered, Asked

TRIES = 3
WAIT = 0.05
AT_ONCE = 1_000
_running: set[tuple[int, str, str]] = set()
_guard = Lock()


def replay_of(member: Membership, asked: Asked) -> Answered | None:
    """What was answered before; Refused (422) where the key stood for something else."""
    receipt = Receipt.objects.filter(
        workspace=member.workspace_id, member=member, endpoint=asked.endpoint, key=asked.key
    ).first()
    if receipt is None:
        return None
    if receipt.digest != asked.digest:
        raise Refused(
            _("This Idempotency-Key was used for another request; take a new one."),
            code="idempotency_key_reused",
        )
    return Answered(receipt.status, receipt.headers, receipt.body, replayed=True)


def answer_once(
    member: Membership, asked: Asked, *, answer: Callable[[], Answered], at: datetime
) -> Answered:
    """Let `answer` do its work and keep the receipt in one transaction, or repeat what it said.

    Busy (409) while another request with the key is at work. What `answer` raises is raised, and
    nothing is kept. It may be called again after a deadlock.
    """
    for again in range(1, TRIES + 1):
        try:
            with _alone(member.pk, asked), transaction.atomic():
                _hold(member.pk, asked)
                return replay_of(member, asked) or _keep(member, asked, answer(), at)
        except OperationalError as error:
            lost = transaction.get_connection().in_atomic_block
            if lost or again == TRIES or "deadlock" not in str(error):
                raise
            sleep(WAIT * again)
    raise AssertionError("unreachable")


def sweep_receipts(*, at: datetime) -> int:
    """Forget receipts after 48 hours, some at a time; return how many."""
    gone = 0
    while old := list(
        Receipt.objects.filter(created_at__lt=at - KEPT).values_list("pk", flat=True)[:AT_ONCE]
    ):
        gone += Receipt.objects.filter(pk__in=old).delete()[0]
    return gone


def _keep(member: Membership, asked: Asked, answered: Answered, at: datetime) -> Answered:
    """Store the answer; a receipt stands for an effect, and there is none without."""
    Receipt.objects.create(
        workspace_id=member.workspace_id, member=member, endpoint=asked.endpoint, key=asked.key,
        digest=asked.digest, status=answered.status, headers=answered.headers,
        body=answered.body, created_at=at,
    )  # fmt: skip
    return answered


@contextmanager
def _alone(member_id: int, asked: Asked) -> Iterator[None]:
    """Let no other thread of this process work under the key: SQLite has no lock to ask."""
    mark = (member_id, asked.endpoint, asked.key)
    with _guard:
        if mark in _running:
            raise _busy()
        _running.add(mark)
    try:
        yield
    finally:
        with _guard:
            _running.discard(mark)


def _hold(member_id: int, asked: Asked) -> None:
    """Let no other process either, until the commit.

    In a statement of its own: the next one sees what the request before us has committed.
    """
    if connection.vendor != "postgresql":
        return
    name = f"{member_id}|{asked.endpoint}|{asked.key}".encode()
    digest = blake2b(name, digest_size=8, person=b"mops-receipt").digest()
    with connection.cursor() as cursor:
        number = int.from_bytes(digest, "big", signed=True)
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        if not cursor.fetchone()[0]:
            raise _busy()


def _busy() -> Busy:
    message = _("A request with this Idempotency-Key is still running; ask again.")
    return Busy(message, retry_after=RETRY_AFTER)
