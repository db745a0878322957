"""Noting what is late, so that every page can say so without reading the observations."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import groupby
from urllib.parse import urlencode

from django.db import transaction
from django.urls import reverse

from metrics.models.definitions import MEASURED, Metric
from metrics.models.quality import Lapse, SourceHealth
from metrics.queries.freshness import Freshness, blamed_sources, freshness_of
from metrics.queries.series import revision_of
from metrics.rules.quality import Kind
from metrics.verbs import DATA_BACK, DATA_LATE, NOTICE_LATE
from workspaces.models import Membership, Workspace
from workspaces.operations.notifications import Notice, notify
from workspaces.rules.roles import Role
from workspaces.rules.verbs import Verb

NAMED = 3  # metrics that a notification names; the page that it links to lists them all


def check_sources(*, at: datetime) -> int:
    """Look at each workspace whose numbers or definitions moved, or whose day has turned."""
    ids = Metric.objects.filter(retired_at=None).order_by().values_list("workspace", flat=True)
    spaces = Workspace.objects.filter(pk__in=ids.distinct()).order_by("pk")
    return sum(_check(workspace, at) for workspace in spaces)


def _check(workspace: Workspace, at: datetime) -> bool:
    """One workspace; the revision is read before the numbers. Whether it was looked at."""
    today, revision = workspace.day_of(at), revision_of(workspace)
    known = SourceHealth.objects.filter(workspace=workspace).first()
    if known is not None and (known.checked_on, known.revision) == (today, revision):
        return False
    metrics = Metric.objects.filter(workspace=workspace, retired_at=None, kind__in=MEASURED)
    fresh = freshness_of(workspace, list(metrics.values_list("pk", flat=True)), today)
    with transaction.atomic():
        SourceHealth.objects.update_or_create(
            workspace=workspace, defaults={"checked_on": today, "revision": revision}
        )
        _note(workspace, fresh, at)
    return True


def _note(workspace: Workspace, fresh: Mapping[int, Freshness], at: datetime) -> None:
    """Open and close lapses, and tell of each once; a late one that gets stale is told no more.

    Only where newer data have come somebody is told that they come again.
    """
    late = {pk: (f.until, f.state.value) for pk, f in fresh.items() if f.until and f.is_overdue}
    held = Lapse.objects.filter(workspace=workspace, closed_at=None)
    known = {lapse.metric_id: lapse for lapse in held.select_related("metric", "source")}
    for pk in late.keys() & known.keys():
        if late[pk] != (known[pk].until, known[pk].state):
            known[pk].until, known[pk].state = late[pk]
            known[pk].save(update_fields=["until", "state"])
    new = {pk: late[pk] for pk in late.keys() - known.keys()}
    if new:
        until = {pk: day for pk, (day, _state) in new.items()}
        blamed = blamed_sources(workspace, until, workspace.day_of(at))
        lapses = [
            Lapse(
                workspace=workspace, metric_id=pk, source_id=blamed.get(pk),
                state=state, until=day, opened_at=at,
            )
            for pk, (day, state) in sorted(new.items())
        ]  # fmt: skip
        Lapse.objects.bulk_create(lapses)
        made = held.filter(metric_id__in=new).select_related("metric", "source")
        _tell(workspace, made, DATA_LATE, at)
    gone = [known[pk] for pk in known.keys() - late.keys()]
    Lapse.objects.filter(pk__in=[lapse.pk for lapse in gone]).update(closed_at=at)
    back = []
    for lapse in gone:
        newest = fresh[lapse.metric_id].until if lapse.metric_id in fresh else None
        if newest is not None and newest > lapse.until:
            lapse.until = newest
            back.append(lapse)
    _tell(workspace, back, DATA_BACK, at)


def _tell(workspace: Workspace, lapses: Iterable[Lapse], verb: Verb, at: datetime) -> None:
    """One notification for each source: to who owns its metrics, and to managers."""
    ordered = sorted(lapses, key=lambda lapse: (lapse.source_id or 0, lapse.metric.name, lapse.pk))
    if not ordered:
        return
    people = Membership.objects.filter(workspace=workspace, role__gte=Role.MANAGER)
    managers = set(people.values_list("pk", flat=True))
    page = reverse("metrics:quality", kwargs={"slug": workspace.slug})
    for _source, rows in groupby(ordered, key=lambda lapse: lapse.source_id):
        some = list(rows)
        source = some[0].source.name if some[0].source else "–"
        names = ", ".join(lapse.metric.name for lapse in some[:NAMED])
        more = f" + {len(some) - NAMED}" if len(some) > NAMED else ""
        data: dict[str, object] = {
            "source": source,
            "metrics": names + more,
            "until": max(lapse.until for lapse in some).isoformat(),
        }
        link = f"{page}?{urlencode({'kind': Kind.LATE.value, 'source': source})}"
        owners = {lapse.metric.owner_id for lapse in some if lapse.metric.owner_id}
        told = Notice(NOTICE_LATE, verb, link if verb is DATA_LATE else page, data)
        notify(told, some[0], to=managers | owners, by=None, at=at)
