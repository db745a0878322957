"""What a member wants to be told and how; a preference is one's own and leaves no event."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from workspaces.models import Delivery, Membership, NoticePreference, User
from workspaces.queries.preferences import chosen_by
from workspaces.rules.errors import Refused
from workspaces.rules.notices import NOWHERE, REGISTRY, Channel, Key, Place, wants

SALT = "workspaces.unsubscribe"
Ways = Mapping[str, bool]  # channel: wanted
NO_WAY: Ways = {channel.value: False for channel in Channel}


@transaction.atomic
def prefer_notices(member: Membership, *, wanted: Mapping[str, bool]) -> None:
    """Switch kinds off altogether, or on as usual; kinds that are not named stay."""
    _refuse_unknown(wanted)
    NoticePreference.objects.filter(
        member=member, kind__in=wanted, place_type=NOWHERE[0], place_id=NOWHERE[1]
    ).delete()
    off = {kind: NO_WAY for kind, on in wanted.items() if not on}
    prefer_ways(member, ways=off)


@transaction.atomic
def prefer_ways(
    member: Membership, *, ways: Mapping[str, Ways], place: Place | None = None
) -> None:
    """Say on which ways kinds come, everywhere or of one board; what is not named stays.

    What is as it would be without a word is not kept, so that it follows what is said elsewhere.
    """
    _refuse_unknown(ways)
    where = place.key if place else NOWHERE
    known = {channel.value for channel in Channel}
    chosen = dict(chosen_by([member.pk]).get(member.pk, {}))
    for kind, channels in sorted(ways.items()):
        for channel, is_wanted in sorted(channels.items()):
            if channel not in known:
                message = _("There is no way “%(channel)s”.") % {"channel": channel}
                raise Refused(message, code="unknown_channel", field=kind)
            chosen.pop((kind, channel, where), None)
            inherited = wants(kind, Channel(channel), where, chosen)
            told = None if is_wanted == inherited else is_wanted
            _keep(member, kind, channel, where, is_wanted=told)


def _keep(
    member: Membership, kind: str, channel: str, where: Key, *, is_wanted: bool | None
) -> None:
    row: dict[str, Any] = {
        "kind": kind,
        "channel": channel,
        "place_type": where[0],
        "place_id": where[1],
    }
    if is_wanted is None:
        NoticePreference.objects.filter(member=member, **row).delete()
        return
    NoticePreference.objects.update_or_create(
        member=member,
        **row,
        defaults={"wanted": is_wanted, "workspace_id": member.workspace_id},
    )


def mute(member: Membership, *, place: Place) -> None:
    """Nothing of this board, on any way."""
    off = {kind: NO_WAY for kind, told in REGISTRY.items() if told.placed}
    prefer_ways(member, ways=off, place=place)


def as_elsewhere(member: Membership, *, place: Place) -> None:
    """Take back what was said of this board."""
    NoticePreference.objects.filter(
        member=member, place_type=place.type, place_id=place.id
    ).delete()


def _refuse_unknown(kinds: Mapping[str, object]) -> None:
    unknown = sorted(set(kinds) - set(REGISTRY))
    if unknown:
        message = _("There is no notice “%(kind)s”.") % {"kind": unknown[0]}
        raise Refused(message, code="unknown_kind", field=unknown[0])


@dataclass(frozen=True)
class Habits:
    """Where a person is, what they read, and when they want no digest; "" is as the house does."""

    timezone: str
    language: str
    wants_digest: bool
    quiet_days: bool


def set_habits(user: User, habits: Habits) -> User:
    """Change when and in which language mails come; it belongs to no workspace's log."""
    User.objects.filter(pk=user.pk).update(**vars(habits))
    for name, value in vars(habits).items():
        setattr(user, name, value)
    return user


@dataclass(frozen=True)
class Leaving:
    """What a link at the end of a mail switches off: the digest, or mails of some kinds."""

    user: User
    channel: Channel
    kinds: tuple[tuple[int, str], ...] = ()  # members of the person, and kinds


def leaving_text(delivery: Delivery, kinds: Sequence[tuple[int, str]]) -> str:
    """The signed end of the link; it works without signing in, and does not grow old."""
    told = [delivery.user_id, delivery.channel, sorted(set(kinds))]
    return signing.dumps(told, salt=SALT, compress=True)


def leaving_of(text: str) -> Leaving | None:
    """What a signed text switches off, None where it is not ours or the person is gone."""
    try:
        user_id, channel, kinds = signing.loads(text, salt=SALT)
    except signing.BadSignature:
        return None
    user = User.objects.filter(pk=user_id).first()
    pairs = tuple((int(member), str(kind)) for member, kind in kinds)
    return Leaving(user, Channel(channel), pairs) if user else None


@transaction.atomic
def leave(leaving: Leaving) -> None:
    """Switch it off, and nothing else; a kind whose mails stop comes with the digest instead."""
    if leaving.channel == Channel.DIGEST:
        User.objects.filter(pk=leaving.user.pk).update(wants_digest=False)
        return
    members = {row.pk: row for row in Membership.objects.filter(user=leaving.user)}
    for member_id, kind in leaving.kinds:
        if member_id in members and kind in REGISTRY:
            off = {Channel.MAIL.value: False, Channel.DIGEST.value: True}
            prefer_ways(members[member_id], ways={kind: off})
