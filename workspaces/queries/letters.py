"""What stands in a mail: things with what happened to them, by board, newest first."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import ngettext

from workspaces.models import Delivery, Membership, Notification, User
from workspaces.queries.events import sentence_of
from workspaces.queries.formats import number
from workspaces.rules.letters import plain
from workspaces.verbs import BUNDLED

MOST_THINGS = 50
MOST_LINES = 3  # of one thing
MOST_READ = 2000


@dataclass
class Thing:
    """One thing and the latest of what happened to it; `more` is how often else something did."""

    link: str
    at: datetime
    lines: list[str] = field(default_factory=list)
    more: int = 0


@dataclass
class Group:
    """The things of one board, or those of a workspace that belong to none."""

    name: str
    things: list[Thing]


@dataclass(frozen=True)
class Letter:
    """What a mail tells; `more` things did not find room; `kinds` are (member id, kind)."""

    groups: list[Group]
    count: int
    more: int
    kinds: list[tuple[int, str]]
    slug: str
    first: str


def zone_of(user: User) -> str:
    """The person's time zone, else that of their first workspace."""
    if user.timezone:
        return user.timezone
    zones = Membership.objects.filter(user=user).order_by("pk")
    return zones.values_list("workspace__timezone", flat=True).first() or "UTC"


def letter_of(delivery: Delivery) -> Letter | None:
    """What the mail tells in the active language, None where all has been read meanwhile."""
    rows = _rows(delivery)
    if not rows:
        return None
    things: dict[tuple[str, str, int], Thing] = {}
    homes: dict[tuple[str, str, int], str] = {}
    for row in rows:
        home = _home(row)
        key = (home, row.subject_type, row.subject_id)
        _add(things.setdefault(key, Thing(row.link, row.at)), row)
        homes[key] = home
    kept = list(things.items())[:MOST_THINGS]
    groups: dict[str, Group] = {}
    for key, thing in kept:
        groups.setdefault(homes[key], Group(homes[key], [])).things.append(thing)
    return Letter(
        groups=list(groups.values()),
        count=len(things),
        more=len(things) - len(kept),
        kinds=sorted({(row.member_id, row.kind) for row in rows}),
        slug=rows[0].member.workspace.slug,
        first=sentence_of(rows[0]),
    )


def _rows(delivery: Delivery) -> list[Notification]:
    """What it took and nobody has read, newest first; 1 query."""
    took = {"mail": delivery} if delivery.day is None else {"digest": delivery}
    rows = Notification.objects.filter(**took, read_at=None).exclude(verb=BUNDLED.name)
    return list(rows.select_related("member__workspace").order_by("-at", "-pk")[:MOST_READ])


def _home(row: Notification) -> str:
    workspace = plain(row.member.workspace.name)
    return f"{workspace} · {plain(row.place_name)}" if row.place_name else workspace


def _add(thing: Thing, row: Notification) -> None:
    line = plain(sentence_of(row))
    if row.count > 1:
        again = ngettext("%(n)s change", "%(n)s changes", row.count)
        line = f"{line} ({again % {'n': number(row.count)}})"
    if len(thing.lines) >= MOST_LINES:
        thing.more += 1
    elif line not in thing.lines:
        thing.lines.append(line)


def heading(letter: Letter, *, is_digest: bool) -> str:
    """The subject of the mail."""
    if letter.count == 1 and not is_digest:
        return letter.first
    if is_digest:
        words = ngettext("Your day: %(n)s thing", "Your day: %(n)s things", letter.count)
    else:
        words = ngettext("%(n)s thing for you", "%(n)s things for you", letter.count)
    return words % {"n": number(letter.count)}


def people_with_news(at: datetime) -> Iterable[User]:
    """Whoever has something unread that no digest has told, in the order of their ids."""
    waiting = Notification.objects.filter(
        in_digest=True, digest=None, read_at=None, at__lt=at, member__user__is_active=True
    )
    ids = waiting.order_by().values_list("member__user_id", flat=True).distinct()
    return User.objects.filter(pk__in=ids).order_by("pk")
