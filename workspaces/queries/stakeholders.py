"""The register of those whom the plan serves."""

from django.db.models import QuerySet

from workspaces.models import Stakeholder, Workspace


def stakeholders_of(workspace: Workspace) -> QuerySet[Stakeholder]:
    """Everybody not retired, by name, with the member behind the name; 1 query."""
    people = Stakeholder.objects.select_related("member__user")
    return people.filter(workspace=workspace, retired_at=None).order_by("name", "pk")
