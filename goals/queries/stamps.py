"""What the list of goals is made of, as a few numbers: while they stay, so does the list."""

from datetime import date

from django.db.models import Count, Max, Sum

from goals.models import Goal, GoalForecast
from metrics.models import Metric
from metrics.models.rollups import MetricRevision
from workspaces.models import Membership, Workspace
from workspaces.models.events import Event

NEWEST = 200  # events; one that is committed late stands among them


def stamp_of(workspace: Workspace, today: date) -> tuple[object, ...]:
    """Differs whenever an open goal, its numbers, its forecast or a name may differ; 6 queries.

    Every change of a workspace writes an event; a drain of values raises the revision of its
    metric; a review writes to its goal; a person changes their name without an event.
    """
    events = Event.objects.filter(workspace=workspace).order_by("-pk")
    goals = Goal.objects.filter(workspace=workspace)
    forecasts = GoalForecast.objects.filter(goal__workspace=workspace)
    revisions = MetricRevision.objects.filter(metric__workspace=workspace)
    metrics = Metric.objects.filter(workspace=workspace)
    people = Membership.objects.filter(workspace=workspace).order_by("pk")
    return (
        today,
        *events.values_list("pk", flat=True)[:NEWEST],
        *goals.aggregate(
            Count("pk"), Sum("version"), Sum("reviewed_revision"), Max("reviewed_on")
        ).values(),
        *forecasts.aggregate(Count("pk"), Sum("revision"), Max("made_at")).values(),
        *revisions.aggregate(Sum("value")).values(),
        *metrics.aggregate(Sum("version")).values(),
        *people.values_list("pk", "user__name", "user__email"),
    )
