"""Who looks at a stream now, and at what: kept in the cache for half a minute, never stored."""

import logging
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from django.core.cache import cache
from redis.exceptions import RedisError

from workspaces.live.bell import HERE, bell
from workspaces.live.breaker import Breaker
from workspaces.models import Stream

log = logging.getLogger(__name__)

LASTS = 25  # seconds after which who says nothing more is gone
breaker = Breaker()


@dataclass(frozen=True, order=True)
class Person:
    """A member who is there; `subject` is the id of what they have open, None for nothing."""

    member: int
    subject: int | None = None
    editing: bool = False


def arrive(stream_id: int, person: Person) -> None:
    """Say for a while that the member is there, and tell the others what is new of that."""
    key = _key(stream_id, person.member)
    if breaker.is_open():
        return
    try:
        known = cache.get(key)
        cache.set(key, (person.subject, person.editing), LASTS)
    except (RedisError, OSError) as error:
        _give_up(error)
        return
    if known != (person.subject, person.editing):
        bell.ring(f"{HERE}{stream_id}")


def leave(stream_id: int, member_id: int) -> None:
    """Say at once that the member has gone."""
    if breaker.is_open():
        return
    try:
        cache.delete(_key(stream_id, member_id))
    except (RedisError, OSError) as error:
        _give_up(error)
        return
    bell.ring(f"{HERE}{stream_id}")


def people_at(stream_ids: Iterable[int]) -> dict[int, list[Person]]:
    """Who is at each of these streams, by the members' ids; 1 query and 1 look into the cache."""
    places = _places(set(stream_ids))
    found: dict[int, list[Person]] = {stream_id: [] for stream_id in stream_ids}
    if breaker.is_open():
        return found
    try:
        there = cache.get_many([_key(*place) for place in places])
    except (RedisError, OSError) as error:
        _give_up(error)
        return found
    for stream_id, member_id in places:
        said = there.get(_key(stream_id, member_id))
        if said is not None:
            found[stream_id].append(Person(member_id, *said))
    return found


def told(people: Iterable[Person]) -> dict[str, object]:
    """People as followers and programs are told of them: ids alone."""
    return {"people": [asdict(person) for person in people]}


def _places(stream_ids: set[int]) -> list[tuple[int, int]]:
    """Every member of the workspace of each stream, once for each stream."""
    streams = Stream.objects.filter(pk__in=stream_ids, workspace__memberships__user__is_active=True)
    rows = streams.order_by("pk", "workspace__memberships__pk")
    return list(rows.values_list("pk", "workspace__memberships__pk"))


def _key(stream_id: int, member_id: int) -> str:
    return f"here:{stream_id}:{member_id}"


def _give_up(error: Exception) -> None:
    breaker.trip()
    log.warning("who is here is not known: %s", type(error).__name__)
