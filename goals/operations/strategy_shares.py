"""Links to a strategy for people without an account."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from goals.models import Strategy, StrategyShare, StrategyVersion
from goals.operations.links import LinkTokens
from goals.operations.strategy import locked
from goals.verbs import SHARE_REVOKED, STRATEGY_SHARED
from workspaces.models import Membership, Stakeholder
from workspaces.operations.days import refuse_far_days
from workspaces.operations.recording import record
from workspaces.rules.errors import Refused

LONGEST = timedelta(days=366)
MOST_LINKS = 100
TOKENS = LinkTokens("goals.strategy_share")


@dataclass(frozen=True)
class ShareDraft:
    """A link as somebody wants it; `until` is the last day on which it opens.

    With a stakeholder it is theirs alone: they may sign by it.
    """

    label: str
    until: date
    takes_feedback: bool = False
    stakeholder: Stakeholder | None = None
    pinned: StrategyVersion | None = None


@transaction.atomic
def share_strategy(
    strategy: Strategy, *, draft: ShareDraft, by: Membership, at: datetime
) -> tuple[StrategyShare, str]:
    """Make a link; return its row and its token, which is told once and not stored."""
    row = locked(strategy)
    label = draft.label.strip() or (draft.stakeholder.name if draft.stakeholder else "")
    if not label:
        raise Refused(_("Say for whom the link is."), code="required", field="label")
    _refuse_strangers(row, draft)
    refuse_far_days(until=draft.until)
    expires_at = _end_of(draft.until, row)
    if not at < expires_at <= at + LONGEST:
        message = _("A link opens from today on, for a year at most.")
        raise Refused(message, code="bad_end", field="until")
    if row.shares.filter(revoked_at=None, expires_at__gt=at).count() >= MOST_LINKS:
        raise Refused(_("Too many links are open; take some back first."), code="too_many")
    token, secret_hash = TOKENS.new()
    share = StrategyShare.objects.create(
        workspace=row.workspace,
        strategy=row,
        label=label,
        secret_hash=secret_hash,
        pinned=draft.pinned,
        stakeholder=draft.stakeholder,
        takes_feedback=draft.takes_feedback,
        created_by=by,
        created_at=at,
        expires_at=expires_at,
    )
    record(STRATEGY_SHARED, row, by=by, at=at, title=row.title, label=label)
    return share, token


@transaction.atomic
def revoke_share(share: StrategyShare, *, by: Membership, at: datetime) -> StrategyShare:
    """Take a link back; the next request finds nothing. Doing it twice changes nothing."""
    if StrategyShare.objects.filter(pk=share.pk, revoked_at=None).update(revoked_at=at):
        title, label = share.strategy.title, share.label
        record(SHARE_REVOKED, share.strategy, by=by, at=at, title=title, label=label)
    share.refresh_from_db()
    return share


def count_view(share: StrategyShare, *, at: datetime) -> None:
    """Count one reading of the link."""
    StrategyShare.objects.filter(pk=share.pk).update(views=F("views") + 1, seen_at=at)


def _end_of(day: date, row: Strategy) -> datetime:
    """The instant at which the workspace's day is over."""
    zone = ZoneInfo(row.workspace.timezone)
    try:
        return datetime.combine(day + timedelta(days=1), time(), zone)
    except OverflowError as error:
        message = _("A link opens from today on, for a year at most.")
        raise Refused(message, code="bad_end", field="until") from error


def _refuse_strangers(row: Strategy, draft: ShareDraft) -> None:
    who, pinned = draft.stakeholder, draft.pinned
    if who is not None and who.workspace_id != row.workspace_id:
        raise Refused(_("There is nothing of the kind here."), code="not_found", field="who")
    if pinned is not None and pinned.strategy_id != row.pk:
        raise Refused(_("There is nothing of the kind here."), code="not_found", field="pinned")
