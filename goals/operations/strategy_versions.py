"""Publishing a strategy, signing what was published, and starting it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from goals.models import SignOff, Strategy, StrategySigner, StrategyVersion
from goals.operations.strategy import locked
from goals.queries.strategy_documents import document_of
from goals.queries.strategy_versions import last_words, latest_version, signatures_on
from goals.rules.strategy import as_data
from goals.verbs import (
    NOTICE_STRATEGY,
    STRATEGY_PUBLISHED,
    STRATEGY_SIGNED,
    STRATEGY_STARTED,
)
from workspaces.models import Membership, Stakeholder
from workspaces.operations.notifications import Notice, notify
from workspaces.operations.recording import record
from workspaces.queries.people import members_of
from workspaces.rules.errors import Refused


@dataclass(frozen=True)
class Word:
    """What a signer says: agreed or not; who does not agree says why."""

    agreed: bool
    words: str = ""


@transaction.atomic
def publish_strategy(
    strategy: Strategy, *, note: str, version: int, by: Membership, at: datetime
) -> StrategyVersion:
    """Freeze the draft as the next version and tell the members.

    The same document is not published twice.
    """
    row = locked(strategy, version)
    document = document_of(row)
    if not any(document.filled.values()):
        message = _("Fill in at least one of the six steps first.")
        raise Refused(message, code="empty")
    before = latest_version(row)
    if before is not None and before.read == document:
        message = _("Nothing has changed since version %(number)s.") % {"number": before.number}
        raise Refused(message, code="unchanged")
    made = StrategyVersion.objects.create(
        workspace=row.workspace,
        strategy=row,
        number=before.number + 1 if before else 1,
        document=as_data(document),
        note=note.strip(),
        published_at=at,
        published_by=by,
    )
    told = {"title": row.title, "number": made.number, "note": made.note or "–"}
    record(STRATEGY_PUBLISHED, row, by=by, at=at, **told)
    here = reverse("goals:strategy", kwargs={"slug": row.workspace.slug, "pk": row.pk})
    team = list(members_of(row.workspace).values_list("pk", flat=True))
    notify(Notice(NOTICE_STRATEGY, STRATEGY_PUBLISHED, here, told), made, to=team, by=by, at=at)
    return made


@transaction.atomic
def sign_version(
    version: StrategyVersion,
    *,
    who: Membership | Stakeholder,
    word: Word,
    by: Membership | None,
    at: datetime,
) -> SignOff:
    """Say agreed or not to the newest version, for somebody who is asked to sign.

    Every word is kept and the last one counts: who did not agree may sign later, and a signature
    may be taken back until the strategy starts. A member signs for themselves and for the
    stakeholder whom they are; `by` is None when a stakeholder signs by a link of their own.
    """
    row = locked(version.strategy)
    newest = latest_version(row)
    if newest is None or newest.pk != version.pk:
        raise Refused(_("A newer version is out. Read that one first."), code="old_version")
    words = word.words.strip()
    if not word.agreed and not words:
        raise Refused(_("Say what must change before you sign."), code="required", field="words")
    signer, before = _place(version, who, agreed=word.agreed)
    _refuse_the_same(row, before, word)
    made = SignOff.objects.create(
        workspace=row.workspace,
        version=version,
        signer=signer,
        name=signer.name,
        agreed=word.agreed,
        words=words,
        at=at,
    )
    state = "agreed" if word.agreed else "objected"
    if before is not None and before.agreed:
        state = "withdrawn"
    told = {"title": row.title, "number": version.number, "name": signer.name, "state": state}
    record(STRATEGY_SIGNED, row, by=by, at=at, **told)
    return made


@transaction.atomic
def start_strategy(strategy: Strategy, *, version: int, by: Membership, at: datetime) -> Strategy:
    """Begin to work by the newest version, once everybody who is asked has signed it."""
    row = locked(strategy, version)
    newest = latest_version(row)
    if newest is None:
        raise Refused(_("Publish the strategy first."), code="unpublished")
    if row.started_at is not None:
        raise Refused(_("This strategy has started."), code="started")
    missing = [one.name for one in signatures_on(row, newest) if not one.agreed]
    if missing:
        message = _("These have not signed version %(number)s: %(names)s.")
        told = message % {"number": newest.number, "names": ", ".join(missing)}
        raise Refused(told, code="unsigned")
    row.started_at = at
    row.version += 1
    row.save(update_fields=["started_at", "version"])
    record(STRATEGY_STARTED, row, by=by, at=at, title=row.title)
    return row


def _place(
    version: StrategyVersion, who: Membership | Stakeholder, *, agreed: bool
) -> tuple[StrategySigner, SignOff | None]:
    """The place at which the person is asked to sign, with their last word on the version.

    Who has two places, as a member and as a stakeholder, fills the one that says something else.
    """
    if isinstance(who, Stakeholder):
        mine = Q(stakeholder=who)
    else:
        mine = Q(member=who) | Q(stakeholder__member=who)
    asked = StrategySigner.objects.select_related("member__user", "stakeholder__member")
    places = sorted(
        asked.filter(mine, strategy=version.strategy_id),
        key=lambda one: (one.member_id is None, one.pk),
    )
    if not places:
        raise Refused(_("You are not asked to sign this strategy."), code="not_asked")
    words = last_words(version)
    other = [one for one in places if one.pk not in words or words[one.pk].agreed is not agreed]
    place = (other or places)[0]
    return place, words.get(place.pk)


def _refuse_the_same(row: Strategy, before: SignOff | None, word: Word) -> None:
    """A word that changes nothing is refused, and so is one that comes after the start."""
    if before is None:
        return
    if before.agreed and word.agreed:
        raise Refused(_("This version is signed already."), code="signed")
    if before.agreed and row.started_at is not None:
        message = _("The strategy has started; a signature cannot be taken back any more.")
        raise Refused(message, code="started")
    if not before.agreed and not word.agreed and before.words == word.words.strip():
        raise Refused(_("You have said this already."), code="said")
