"""Links to a strategy."""

from datetime import datetime

from django.db.models import QuerySet

from goals.models import Strategy, StrategyShare, StrategyVersion
from goals.queries.strategy_versions import latest_version


def shares_of(strategy: Strategy) -> QuerySet[StrategyShare]:
    """All links, the newest first; 1 query."""
    rows = StrategyShare.objects.select_related("created_by__user", "stakeholder")
    return rows.filter(strategy=strategy).order_by("-pk")


def open_shares(strategy: Strategy, *, at: datetime) -> QuerySet[StrategyShare]:
    """The links that open now; 1 query."""
    return shares_of(strategy).filter(revoked_at=None, expires_at__gt=at)


def share_by_hash(digest: str, *, at: datetime) -> StrategyShare | None:
    """The link of that hash, if it opens now and its strategy was not put away; 1 query."""
    rows = StrategyShare.objects.select_related(
        "strategy__workspace", "stakeholder__member", "pinned__strategy__workspace"
    )
    live = rows.filter(revoked_at=None, expires_at__gt=at, strategy__closed_at=None)
    return live.filter(secret_hash=digest).first()


def version_behind(share: StrategyShare) -> StrategyVersion | None:
    """What the link shows: the version that it is pinned to, or the newest; None is nothing yet."""
    return share.pinned or latest_version(share.strategy)
