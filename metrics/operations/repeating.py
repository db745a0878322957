"""The same file once more: its old result, without reading a row."""

from django.db.models import Q

from metrics.models.imports import CHANGED, ImportRun
from metrics.queries.imports import resolve_metrics
from metrics.rules.mapping import MappingDocument


def is_done_before(run: ImportRun, mapping: MappingDocument) -> bool:
    """Whether the same file by the same mapping went in whole and nothing was written since.

    Then the old result stands and is repeated as "unchanged" without reading a row. Any later run
    of the workspace that changed something, by whatever way, takes this short cut away.
    """
    if run.state != "running" or run.checkpoint:
        return False
    same = ImportRun.objects.filter(
        workspace_id=run.workspace_id,
        state="done",
        sha256=run.sha256,
        mapping_sha256=run.mapping_sha256,
        file_bytes=run.file_bytes,
        rejected=0,
        pk__lt=run.pk,
    ).exclude(file="")
    old = same.order_by("-pk").first()
    if old is None or _was_touched_since(old):
        return False
    _there, decimals = resolve_metrics(run.workspace, mapping)
    if old.details["spooled"]["decimals"] != decimals:
        return False
    kept = ("spooled", "faults")
    run.details = {**run.details, **{name: old.details[name] for name in kept}, "same_as": old.pk}
    run.rows_total = run.rows_done = old.rows_total
    run.received, run.duplicates = old.received, old.duplicates
    run.unchanged = old.new + old.changed + old.unchanged
    return True


def _was_touched_since(old: ImportRun) -> bool:
    later = ImportRun.objects.filter(workspace_id=old.workspace_id).exclude(pk=old.pk)
    wrote = CHANGED | Q(state__in=("cancelled", "failed", "cancelling"))
    since = (
        Q(pk__gt=old.pk)
        | Q(finished_at=None)
        | Q(finished_at__gte=old.started_at or old.created_at)
    )
    return (
        later.filter(wrote, since).exclude(checkpoint=0, state__in=("cancelled", "failed")).exists()
    )
