"""The rules by which observations do not count, and how many each has taken out."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, QuerySet

from metrics.models.quality import Exclusion
from metrics.rules.amounts import unscale
from workspaces.models import Workspace


@dataclass(frozen=True)
class ExclusionRow:
    """A rule as `exclusions_of` fetches it."""

    exclusion: Exclusion

    @property
    def excluded(self) -> int:
        """How many observations do not count by it."""
        return int(getattr(self.exclusion, "excluded", 0))

    @property
    def limit(self) -> Decimal | None:
        """The largest value that counts, in the metric's unit."""
        limit = self.exclusion.limit
        return None if limit is None else unscale(limit, self.exclusion.metric.decimals)


def exclusions_of(workspace: Workspace, *, revoked: bool) -> QuerySet[Exclusion]:
    """The rules in force, or those that were revoked, newest first, with their counts; 1 query."""
    rows = Exclusion.objects.filter(workspace=workspace, revoked_at__isnull=not revoked)
    related = rows.select_related("metric", "source", "trusted", "by__user")
    return related.annotate(excluded=Count("facts")).order_by("-pk")
