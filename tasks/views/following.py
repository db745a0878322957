"""How pages of cards follow what happens on their boards."""

from dataclasses import dataclass

from django.urls import reverse

from tasks.models import Board
from tasks.queries.fields import AllBoards
from workspaces.http import MemberRequest
from workspaces.live.answers import can_follow
from workspaces.queries.streams import last_seq_of, whole_seq_of


@dataclass(frozen=True)
class Following:
    """Where a page hears of changes, since which number, and whether a stream tells them."""

    url: str
    seq: int
    streams: bool


def following(request: MemberRequest, place: Board | AllBoards) -> Following:
    """Ask before the rows are read: what is told twice does no harm; 1 query."""
    slug, streams = request.workspace.slug, can_follow(request)
    if not isinstance(place, Board) or not place.pk:
        base = reverse("tasks:card_list", kwargs={"slug": slug})
        return Following(base, whole_seq_of(request.workspace.pk), streams)
    base = reverse("tasks:board", kwargs={"slug": slug, "pk": place.pk})
    return Following(base, last_seq_of(place.stream_id), streams)
