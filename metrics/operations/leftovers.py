"""Deleting what an import that was taken back leaves."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from metrics.models.definitions import Metric
from metrics.models.imports import ImportRun
from metrics.operations.purging import delete_metric
from metrics.queries.leftovers import leftovers_of
from workspaces.models import Membership
from workspaces.rules.errors import Refused


@dataclass(frozen=True)
class Swept:
    """The metrics that went, and those that stay because something is built on them."""

    deleted: list[Metric]
    kept: list[Metric]


@transaction.atomic
def delete_leftovers(run: ImportRun, *, by: Membership, at: datetime) -> Swept:
    """Delete the definitions that the run made and that nothing else fills or uses."""
    deleted, kept = [], []
    for metric in leftovers_of(run):
        try:
            delete_metric(metric, by=by, at=at)
        except Refused:
            kept.append(metric)
        else:
            deleted.append(metric)
    return Swept(deleted, kept)
