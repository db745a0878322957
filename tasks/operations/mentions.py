"""Telling those whom a text on a card names, and those whom the card concerns."""

from collections.abc import Collection
from datetime import datetime

from django.urls import reverse

from tasks.models import Card, CardPerson
from tasks.queries.places import place_of
from tasks.queries.reminders import card_followers
from tasks.queries.texts import members_named
from tasks.rules.markdown import named_in
from tasks.verbs import COMMENT_ADDED, COMMENTED, MENTION, MENTIONED
from workspaces.models import Membership
from workspaces.operations.notifications import Notice, notify
from workspaces.rules.verbs import Verb


def tell_mentioned(
    card: Card, *, text: str, was: str = "", part: str = "", by: Membership, at: datetime
) -> set[int]:
    """Tell members whom the text names and `was` did not; they watch the card. Who: their ids.

    `part` is where on the card's page they find it.
    """
    named = named_in([text])
    if text == was or not (named.members or named.emails):
        return set()
    new = members_named(card.workspace, named)
    if was:
        new -= members_named(card.workspace, named_in([was]))
    new.discard(by.pk)
    make_watchers(card, new)
    notify(_notice(card, MENTIONED, MENTION, part), card, to=new, by=by, at=at)
    return new


def tell_concerned(
    card: Card, *, besides: Collection[int], also: Collection[int], part: str,
    by: Membership | None, at: datetime,
) -> None:  # fmt: skip
    """Tell of a comment whom the card concerns, and `also`."""
    to = {*card_followers(card), *also} - {*besides}
    notify(_notice(card, COMMENTED, COMMENT_ADDED, part), card, to=to, by=by, at=at)


def make_watchers(card: Card, members: Collection[int]) -> None:
    """Have the members watch the card; who does so already still does."""
    part = CardPerson.Part.WATCHER
    CardPerson.objects.bulk_create(
        [
            CardPerson(workspace_id=card.workspace_id, card=card, member_id=pk, part=part)
            for pk in sorted(members)
        ],
        ignore_conflicts=True,
    )


def _notice(card: Card, kind: str, verb: Verb, part: str) -> Notice:
    page = reverse("tasks:card", kwargs={"slug": card.workspace.slug, "pk": card.pk})
    said = {"title": card.title, "number": card.number}
    link = f"{page}#{part}" if part else page
    return Notice(kind, verb, link, said, place=place_of(card.board))
