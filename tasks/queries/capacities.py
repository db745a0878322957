"""How many hours a week people have for cards."""

from dataclasses import dataclass
from decimal import Decimal

from tasks.models import Capacity
from tasks.models.capacities import USUAL_HOURS
from workspaces.models import Membership, Workspace


@dataclass(frozen=True)
class Capacities:
    """What is said of everybody and of members by their ids; what is not said has version 0."""

    everybody: Capacity
    by_member: dict[int, Capacity]

    def hours(self, member_id: int | None) -> Decimal:
        """The hours a week that a member has."""
        own = self.by_member.get(member_id or 0)
        said = [row.hours for row in (own, self.everybody) if row and row.hours is not None]
        return said[0] if said else USUAL_HOURS


def capacities_of(workspace: Workspace) -> Capacities:
    """What is said of the workspace's members; 1 query."""
    rows = {row.member_id: row for row in Capacity.objects.filter(workspace=workspace)}
    everybody = rows.pop(None, None) or Capacity(workspace=workspace, version=0)
    return Capacities(everybody, {pk: row for pk, row in rows.items() if pk is not None})


def capacity_row(workspace: Workspace, member: Membership | None) -> Capacity:
    """What is said of a member, or of everybody; with version 0 what is not said yet; 1 query."""
    row = Capacity.objects.filter(workspace=workspace, member=member).first()
    return row or Capacity(workspace=workspace, member=member, version=0)
