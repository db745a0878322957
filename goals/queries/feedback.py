"""What colleagues said, how many took part, and what became of it."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from goals.models import (
    FeedbackItem,
    FeedbackSheet,
    FeedbackTurn,
    Strategy,
    StrategyVersion,
)
from goals.rules.strategy import Disposition
from workspaces.models import Membership
from workspaces.queries.people import members_of

SHOWN = 50


def feedback_on(strategy: Strategy) -> QuerySet[FeedbackItem]:
    """Every suggestion on any version, the newest first, with who said and decided it; 1 query."""
    rows = FeedbackItem.objects.select_related(
        "sheet__version__strategy",
        "sheet__member__user",
        "sheet__share",
        "goal",
        "decided_by__user",
    )
    return (
        rows.defer("sheet__version__document")
        .filter(sheet__version__strategy=strategy)
        .order_by("-pk")
    )


def heard(strategy: Strategy) -> list[FeedbackItem]:
    """You said, we did: the latest answered suggestions; 1 query."""
    found = feedback_on(strategy).exclude(disposition=Disposition.OPEN.value)
    return list(found.order_by("-decided_at", "-pk")[:SHOWN])


@dataclass(frozen=True)
class Taking:
    """Who took part in a version: members of so many who could, and answers by link."""

    answered: int
    asked: int
    by_link: int

    @property
    def rate(self) -> float | None:
        """The share of the members who answered, None where there are none."""
        return self.answered / self.asked if self.asked else None


def taking_part(version: StrategyVersion) -> Taking:
    """How many took part in this version; 3 queries."""
    members = members_of(version.workspace)
    return Taking(
        answered=FeedbackTurn.objects.filter(version=version, member__in=members).count(),
        asked=members.count(),
        by_link=FeedbackSheet.objects.filter(version=version).exclude(share=None).count(),
    )


def has_answered(version: StrategyVersion, member: Membership) -> bool:
    """Whether the member took part in this version; 1 query."""
    return FeedbackTurn.objects.filter(version=version, member=member).exists()


def counts_of(strategy: Strategy) -> dict[str, int]:
    """How many suggestions stand at which answer; 1 query."""
    rows = FeedbackItem.objects.filter(sheet__version__strategy=strategy)
    return dict(rows.values_list("disposition").annotate(count=Count("pk")).order_by())
