"""Readings of the log: the audit list of a workspace and the history of one subject."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from string import Formatter
from typing import Any, Protocol

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from workspaces.models import Workspace
from workspaces.models.events import Event
from workspaces.queries import formats
from workspaces.rules.verbs import DAY, MEASURES, PERIOD, REGISTRY, WORDS

MOST_LISTED = 6


@dataclass(frozen=True)
class Told:
    """One event as a page or the API tells it; `who` is "" for the clock."""

    id: int
    verb: str
    sentence: str
    who: str
    at: datetime
    subject_type: str
    subject_id: int
    data: dict[str, object]


class _Gaps(dict[str, object]):
    """What an old event does not say reads as an ellipsis."""

    def __missing__(self, key: str) -> str:
        return "…"


class Tellable(Protocol):
    """Whatever has a verb, what it recorded, and who did it ("" for the clock)."""

    verb: str
    by_name: str
    data: Any


def sentence_of(event: Tellable) -> str:
    """The verb's sentence, in the reader's language, filled with what the event recorded."""
    words = REGISTRY.get(event.verb)
    who = event.by_name or _("MOps")
    if words is None:
        return f"{who}: {event.verb}"
    told = {
        name: pgettext("MOps", str(value)) if name.endswith("_word") and value else value
        for name, value in event.data.items()
    }
    told |= {
        name: _shown(how, name, event.data)
        for name, how in words.shown.items()
        if name in event.data
    }
    filled = _Gaps({**told, "who": who})
    return Formatter().vformat(_(words.sentence_for(event.data.get("state"))), (), filled)


def _shown(how: str, name: str, data: Mapping[str, Any]) -> str:
    """A day, a value with its unit or a period as people of the active language write it."""
    if how == DAY:
        return formats.day(data[name])
    if how == PERIOD:
        start = data.get("start")
        return formats.period(date.fromisoformat(start), data["grain"]) if start else data[name]
    if how == WORDS:
        return _listed([_(word) for word in data[name] if word])
    if how == MEASURES:
        return _listed([f"{part} {_measured(value, data)}" for part, value in data[name]])
    return _measured(data[name], data)


def _listed(told: Sequence[str]) -> str:
    """The first few and the last of many."""
    if len(told) <= MOST_LISTED:
        return ", ".join(told)
    return ", ".join([*told[: MOST_LISTED - 2], "…", told[-1]])


def _measured(value: object, data: Mapping[str, Any]) -> str:
    return formats.measured(
        value,
        unit=str(data.get("unit", "")),
        decimals=data.get("decimals"),
        currency=str(data.get("currency", "")),
    )


def tell(events: Iterable[Event]) -> list[Told]:
    """Events as sentences."""
    return [
        Told(
            id=e.pk,
            verb=e.verb,
            sentence=sentence_of(e),
            who=e.by_name,
            at=e.at,
            subject_type=e.subject_type,
            subject_id=e.subject_id,
            data=e.data,
        )
        for e in events
    ]


def log_of(workspace: Workspace) -> QuerySet[Event]:
    """The whole log, newest first."""
    return Event.objects.filter(workspace=workspace).order_by("-id")


def events_of(
    workspace: Workspace,
    subject_type: str,
    subject_id: int,
    limit: int = 20,
    *,
    besides: Sequence[str] = (),
) -> list[Told]:
    """The latest events of one subject ("goals.goal", 7), newest first; 1 query.

    Those of the verbs `besides` stay in the log and are not told here.
    """
    found = log_of(workspace).filter(subject_type=subject_type, subject_id=subject_id)
    if besides:
        found = found.exclude(verb__in=besides)
    return tell(found[:limit])


def last_told(workspace: Workspace, subject_type: str, ids: Iterable[int]) -> dict[int, datetime]:
    """When something was last told of each of these subjects; 1 query."""
    found = Event.objects.filter(
        workspace=workspace, subject_type=subject_type, subject_id__in=list(ids)
    )
    return dict(found.order_by().values_list("subject_id").annotate(last=Max("at")))


def latest_events(
    workspace: Workspace, *, since: datetime, verbs: Sequence[str] = (), limit: int = 8
) -> list[Told]:
    """What happened since an instant, newest first; 1 query."""
    found = log_of(workspace).filter(at__gte=since)
    if verbs:
        found = found.filter(verb__in=verbs)
    return tell(found[:limit])


def newest_events(workspace: Workspace, count: int) -> list[int]:
    """The ids of the newest events, newest first; 1 query."""
    rows = Event.objects.filter(workspace=workspace).order_by("-pk")
    return list(rows.values_list("pk", flat=True)[:count])


@dataclass(frozen=True)
class Happened:
    """One event as a rule asks about it."""

    id: int
    verb: str
    subject_type: str
    subject_id: int
    data: Mapping[str, Any]


def stream_events(
    stream_id: int, *, after: int, until: int, verbs: Iterable[str], most: int
) -> list[Happened]:
    """Events of a stream behind one and up to another, in the order of the log; 1 query."""
    rows = Event.objects.filter(stream_id=stream_id, pk__gt=after, pk__lte=until)
    return _happened(rows.filter(verb__in=list(verbs)).order_by("pk")[:most])


def stream_events_since(
    stream_id: int, at: datetime, *, verbs: Iterable[str], most: int
) -> list[Happened]:
    """The newest events of a stream since an instant; 1 query."""
    rows = Event.objects.filter(stream_id=stream_id, at__gte=at, verb__in=list(verbs))
    return _happened(rows.order_by("-pk")[:most])


def _happened(rows: Iterable[Event]) -> list[Happened]:
    return [Happened(e.pk, e.verb, e.subject_type, e.subject_id, e.data) for e in rows]


def happened_again(event: Happened) -> bool:
    """Whether the same has happened to the subject since, told or not yet; 1 query."""
    same = Event.objects.filter(subject_type=event.subject_type, subject_id=event.subject_id)
    return same.filter(pk__gt=event.id, verb=event.verb).exists()
