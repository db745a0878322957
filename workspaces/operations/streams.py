"""Giving the events of a stream their numbers, once they are committed.

Readers call this, never writers: so no two writers wait for each other, and whoever has seen a
number has seen every smaller one, whatever the order in which the writers committed.
"""

from collections.abc import Iterable

from django.db import transaction

from workspaces.models import Stream
from workspaces.models.events import Event
from workspaces.queries.streams import Whole, wholes_of

AT_ONCE = 500


def number_events(stream_id: int) -> int:
    """Number every committed event of the stream that has no number; return the last number.

    The order is that of the ids: what happened to one row, under its lock, stays in its order. 0
    for a stream that is not there.
    """
    while True:
        last, numbered = _number_some(stream_id)
        if numbered < AT_ONCE:
            return last


def number_wholes(workspace_ids: Iterable[int]) -> dict[int, int]:
    """Number what waits on any stream of these workspaces; how far each is then, all together.

    1 query while nothing waits.
    """
    found = wholes_of(workspace_ids)
    news = [pk for pk, whole in found.items() if _number_each(whole)]
    found |= wholes_of(news)
    return {pk: whole.last for pk, whole in found.items()}


def _number_each(whole: Whole) -> bool:
    for stream_id in whole.waiting:
        number_events(stream_id)
    return bool(whole.waiting)


@transaction.atomic
def _number_some(stream_id: int) -> tuple[int, int]:
    """The lock lets writers insert: their foreign key asks for the weakest one only."""
    stream = Stream.objects.select_for_update(no_key=True).filter(pk=stream_id).first()
    if stream is None:
        return 0, 0
    events = list(
        Event.objects.filter(stream_id=stream_id, seq=None).only("pk").order_by("pk")[:AT_ONCE]
    )
    for place, event in enumerate(events, start=1):
        event.seq = stream.last_seq + place
    if events:
        Event.objects.bulk_update(events, ["seq"])
        stream.last_seq += len(events)
        stream.save(update_fields=["last_seq"])
    return stream.last_seq, len(events)
