"""Streams as followers read them: how far they are, and what happened since."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, Sum

from workspaces.models import Stream
from workspaces.models.events import Event

AT_ONCE = 2000


class Head(NamedTuple):
    """How far a stream is, and whether committed events wait for their number."""

    last: int
    waiting: bool


class Whole(NamedTuple):
    """How far all streams of a workspace are together, and which have events without a number."""

    last: int
    waiting: list[int]


class Change(NamedTuple):
    """One event as followers are told of it: what happened to what, and no text of anybody's.

    `by` is a member's id, None for the clock; `version` that of the subject, None where it stays.
    """

    seq: int
    verb: str
    subject_type: str
    subject_id: int
    by: int | None
    version: int | None


def heads_of(stream_ids: Iterable[int]) -> dict[int, Head]:
    """How far these streams are; one that is gone is left out; 1 query."""
    unnumbered = Event.objects.filter(stream=OuterRef("pk"), seq=None)
    rows = Stream.objects.filter(pk__in=set(stream_ids)).annotate(waiting=Exists(unnumbered))
    told = rows.values_list("pk", "last_seq", "waiting")
    return {pk: Head(last, waiting) for pk, last, waiting in told}


def wholes_of(workspace_ids: Iterable[int]) -> dict[int, Whole]:
    """The same for all streams of each workspace; 1 query, of one row a stream."""
    found = {pk: Whole(0, []) for pk in workspace_ids}
    if not found:
        return found
    unnumbered = Event.objects.filter(stream=OuterRef("pk"), seq=None)
    rows = Stream.objects.filter(workspace__in=found).annotate(waiting=Exists(unnumbered))
    for pk, whose, last, waiting in rows.values_list("pk", "workspace_id", "last_seq", "waiting"):
        known = found[whose]
        found[whose] = Whole(known.last + last, [*known.waiting, *([pk] if waiting else [])])
    return found


def whole_seq_of(workspace_id: int) -> int:
    """The numbers of all its streams, added up; read it before the rows; 1 query."""
    rows = Stream.objects.filter(workspace=workspace_id)
    return int(rows.aggregate(whole=Sum("last_seq"))["whole"] or 0)


def last_seq_of(stream_id: int) -> int:
    """The latest number; read it before the rows, so that what is told twice does no harm."""
    return Stream.objects.values_list("last_seq", flat=True).get(pk=stream_id)


def changes_after(seen: Mapping[int, int], limit: int = AT_ONCE) -> dict[int, list[Change]]:
    """What came after the number given for each stream, in order, the first of it; 1 query."""
    found: dict[int, list[Change]] = defaultdict(list)
    if not seen:
        return found
    wanted = Q()
    for stream_id, seq in seen.items():
        wanted |= Q(stream_id=stream_id, seq__gt=seq)
    names = ("stream_id", "seq", "verb", "subject_type", "subject_id", "by_id", "data")
    rows: Any = Event.objects.filter(wanted).order_by("stream_id", "seq")
    for stream_id, *rest, data in rows.values_list(*names)[:limit]:
        found[stream_id].append(Change._make([*rest, _version_in(data)]))
    return found


def _version_in(data: object) -> int | None:
    version = data.get("version") if isinstance(data, Mapping) else None
    return version if isinstance(version, int) else None
