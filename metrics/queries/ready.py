"""Ready rates that a file makes possible and the workspace does not have."""

from collections.abc import Mapping

from django.db.models import Q

from metrics.models.definitions import RATIO, Metric
from metrics.rules.ready import Ready, ready_rates
from workspaces.models import Workspace


def rates_to_offer(workspace: Workspace, columns: Mapping[str, str]) -> list[Ready]:
    """Rates over the metrics of these columns, by key, that nobody has defined yet; 1 query."""
    found = ready_rates(columns)
    keys = [one.starter.key for one in found]
    rows = Metric.objects.filter(Q(key__in=keys) | Q(kind=RATIO), workspace=workspace)
    there = set(rows.values_list("key", "numerator__key", "denominator__key"))
    taken, divided = {key for key, _a, _b in there}, {(above, below) for _k, above, below in there}
    measured = set(columns.values())
    return [
        one
        for one in found
        if one.starter.key not in taken | measured and (one.above, one.below) not in divided
    ]
