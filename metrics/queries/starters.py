"""The starter catalogue beside what the workspace has already."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from metrics.models import Metric
from metrics.rules.starter import Starter
from metrics.rules.starters import GROUPS, STARTERS, inputs_of, with_inputs
from workspaces.models import Workspace

HERE, CLASH, NEW = "here", "clash", "new"


@dataclass(frozen=True)
class StarterRow:
    """A starter in the language of the reader; `here` is how the workspace computes it, by keys.

    `state` is "here" (the workspace has it), "clash" (its key, or that of an input, means
    something of another kind) or "new"; `made_of` are its inputs and `missing` all that would be
    defined with it, by name.
    """

    starter: Starter
    name: str
    group: str
    description: str
    vendors: str
    state: str
    made_of: tuple[Starter, ...]
    missing: tuple[Starter, ...]
    clashes: tuple[str, ...]
    here: str = ""

    @property
    def formula(self) -> str:
        """What it computes, over keys; empty for what is measured."""
        made = self.starter
        return made.formula or _ratio(made.above, made.below, made.scale)

    @property
    def differs(self) -> bool:
        """Whether the workspace has the key, but computes it from something else."""
        return self.state == HERE and self.here != self.formula


def starter_rows(workspace: Workspace) -> list[StarterRow]:
    """Every starter by group; 1 query."""
    known = known_metrics(workspace)
    kinds = {key: kind_of(metric) for key, metric in known.items()}
    return [_row(starter, kinds, known.get(starter.key)) for starter in STARTERS.values()]


def known_metrics(workspace: Workspace) -> dict[str, Metric]:
    """The metrics that have a starter's key, retired ones too; 1 query."""
    rows = Metric.objects.filter(workspace=workspace, key__in=STARTERS)
    return {metric.key: metric for metric in rows.select_related("numerator", "denominator")}


def kind_of(metric: Metric) -> str:
    """Its kind, "retired" out of use."""
    return "retired" if metric.retired_at else metric.kind


def _here(metric: Metric | None) -> str:
    """How a metric is computed, over keys; empty for what is measured."""
    if metric is None or not (metric.numerator and metric.denominator):
        return metric.formula if metric else ""
    return _ratio(metric.numerator.key, metric.denominator.key, metric.scale_text)


def _ratio(above: str, below: str, scale: str) -> str:
    times = "" if scale == "1" else f" * {scale}"
    return f"{above} / {below}{times}" if above else ""


def money_among(workspace: Workspace, keys: Collection[str]) -> dict[str, str]:
    """The currency of those metrics of these keys that are there and are money; 1 query."""
    rows = Metric.objects.filter(workspace=workspace, key__in=keys).exclude(currency="")
    return dict(rows.values_list("key", "currency"))


def usual_currency(workspace: Workspace) -> str:
    """The currency that most metrics of the workspace have; empty where none has one. 1 query."""
    rows = Metric.objects.filter(workspace=workspace).exclude(currency="")
    found = Counter(rows.order_by("pk").values_list("currency", flat=True)).most_common(1)
    return found[0][0] if found else ""


def _row(starter: Starter, known: Mapping[str, str], metric: Metric | None) -> StarterRow:
    needed = with_inputs([starter.key])
    clashes = tuple(one.key for one in needed if known.get(one.key, one.kind) != one.kind)
    missing = tuple(one for one in needed if one.key not in known and one != starter)
    is_here = starter.key in known and not clashes
    return StarterRow(
        starter,
        _(starter.name),
        _(GROUPS[starter.group]),
        _(starter.description),
        _(starter.vendors),
        HERE if is_here else CLASH if clashes else NEW,
        tuple(STARTERS[key] for key in inputs_of(starter)),
        () if is_here else missing,
        clashes,
        _here(metric),
    )
