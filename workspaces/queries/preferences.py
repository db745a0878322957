"""What members want to be told, and how."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from workspaces.models import Membership, NoticePreference, Workspace
from workspaces.rules.notices import NOWHERE, REGISTRY, Channel, Chosen, Key, Place, wants

Lister = Callable[[Workspace], Sequence["PlaceRow"]]
_listers: list[Lister] = []


@dataclass(frozen=True)
class PlaceRow:
    """A board as preferences and webhooks name it, with the stream of its events."""

    place: Place
    stream_id: int


@dataclass(frozen=True)
class Preference:
    """A kind of notices, in words, and on which ways the member wants it."""

    kind: str
    words: str
    in_app: bool
    mail: bool
    digest: bool

    @property
    def wanted(self) -> bool:
        """Whether it comes at all."""
        return self.in_app or self.mail or self.digest


def install_places(lister: Lister) -> None:
    """Say which boards a workspace has; an upper app knows, and says so once at start-up."""
    _listers[:] = [lister]


def places_of(workspace: Workspace) -> list[PlaceRow]:
    """The open boards of a workspace, by name; 1 query."""
    return [row for lister in _listers for row in lister(workspace)]


def place_named(workspace: Workspace, word: str) -> PlaceRow | None:
    """The board of a word such as "tasks.board:5", or None."""
    rows = places_of(workspace) if word else []
    return next((row for row in rows if f"{row.place.type}:{row.place.id}" == word), None)


def chosen_by(members: Collection[int]) -> dict[int, Chosen]:
    """What the members of these ids have chosen; 1 query."""
    rows = NoticePreference.objects.filter(member_id__in=members).values_list(
        "member_id", "kind", "channel", "place_type", "place_id", "wanted"
    )
    found: dict[int, dict[tuple[str, str, Key], bool]] = defaultdict(dict)
    for member_id, kind, channel, place_type, place_id, wanted in rows:
        found[member_id][kind, channel, (place_type, place_id)] = wanted
    return dict(found)


def preferences_of(member: Membership, place: Place | None = None) -> list[Preference]:
    """Every kind of notices and the ways on which it comes, or those of one board; 1 query."""
    chosen = chosen_by([member.pk]).get(member.pk, {})
    where = place.key if place else NOWHERE
    return [
        Preference(
            kind, _(known.words), *(wants(kind, channel, where, chosen) for channel in Channel)
        )
        for kind, known in sorted(REGISTRY.items())
        if known.placed or place is None
    ]


def chosen_places(member: Membership) -> dict[Key, bool]:
    """The boards of which the member has said something, and whether anything comes; 1 query."""
    chosen = chosen_by([member.pk]).get(member.pk, {})
    places = {where for _kind, _channel, where in chosen} - {NOWHERE}
    return {
        where: any(
            wants(kind, channel, where, chosen)
            for kind, known in REGISTRY.items()
            if known.placed
            for channel in Channel
        )
        for where in places
    }
