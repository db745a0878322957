"""The built-in metrics of the pulse: points, answers, and the one over the other."""

from datetime import datetime
from itertools import count

from django.utils.translation import gettext as _

from metrics.models import Metric
from metrics.operations.definition_checks import Definition
from metrics.operations.definitions import define_metric
from workspaces.models import Membership, Workspace

GROUP = "group"  # the dimension that tells team and stakeholders apart
EVERY, LAG = 31, 3  # days


def define_pulse_metrics(
    workspace: Workspace, *, by: Membership, at: datetime
) -> dict[str, Metric]:
    """Define the three by their place in the pulse, under keys that are still free."""
    taken = set(Metric.objects.filter(workspace=workspace).values_list("key", flat=True))
    name, points, answers = _keys(taken)
    parts = {
        "points": _part(points, _("Satisfaction pulse: points"), _("The sum of all scores.")),
        "answers": _part(answers, _("Satisfaction pulse: answers"), _("How many have answered.")),
    }
    score = Definition(
        name,
        _("Satisfaction pulse"),
        kind="ratio",
        unit="number",
        decimals=2,
        numerator=points,
        denominator=answers,
        description=_("The average score of the monthly question, from 0 to 10."),
    )
    wanted = {**parts, "score": score}
    return {
        place: define_metric(workspace, definition=definition, by=by, at=at)
        for place, definition in wanted.items()
    }


def _keys(taken: set[str]) -> tuple[str, str, str]:
    """The first three keys of which none is taken."""
    for number in count(1):
        stem = "pulse" if number == 1 else f"pulse_{number}"
        keys = (stem, f"{stem}_points", f"{stem}_answers")
        if not taken.intersection(keys):
            return keys
    raise AssertionError("unreachable")


def _part(key: str, name: str, description: str) -> Definition:
    return Definition(
        key,
        name,
        description=description,
        cadence_days=EVERY,
        lag_days=LAG,
        allowed_dims=(GROUP,),
    )
