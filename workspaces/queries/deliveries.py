"""Mails that do not get through."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from workspaces.models import Delivery, Notification, Workspace
from workspaces.models.deliveries import DEAD, OPEN


def stuck_deliveries(workspace: Workspace) -> QuerySet[Delivery]:
    """Mails that tell of this workspace and were given up or failed at least once; 1 query."""
    told = Notification.objects.filter(workspace=workspace)
    ours = Exists(told.filter(mail=OuterRef("pk"))) | Exists(told.filter(digest=OuterRef("pk")))
    stuck = Q(state=DEAD) | Q(state__in=OPEN, tries__gt=0)
    return Delivery.objects.filter(ours, stuck).select_related("user").order_by("-made_at", "-pk")


def stuck_delivery(workspace: Workspace, pk: int) -> Delivery | None:
    """One of them, None where it is not stuck or tells of others."""
    return stuck_deliveries(workspace).filter(pk=pk).first()
