"""The starter catalogue beside what the workspace has already."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from metrics.models import Metric
from metrics.rules.starter import Starter
from metrics.rules.starters import GROUPS, STARTERS, inputs_of, with_inputs
from workspaces.models import Workspace

HERE, CLASH, NEW = "here", "clash", "new"


@dataclass(frozen=True)
class StarterRow:
    """A starter in the language of the reader.

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

    @property
    def formula(self) -> str:
        """What it computes, over keys; empty for what is measured."""
        made = self.starter
        if made.formula or not made.above:
            return made.formula
        scale = "" if made.scale == "1" else f" * {made.scale}"
        return f"{made.above} / {made.below}{scale}"


def starter_rows(workspace: Workspace) -> list[StarterRow]:
    """Every starter by group; 1 query."""
    known = known_kinds(workspace)
    return [_row(starter, known) for starter in STARTERS.values()]


def known_kinds(workspace: Workspace) -> dict[str, str]:
    """The kind of each metric that has a starter's key, "retired" out of use; 1 query."""
    rows = Metric.objects.filter(workspace=workspace, key__in=STARTERS)
    return {
        key: "retired" if retired else kind
        for key, kind, retired in rows.values_list("key", "kind", "retired_at")
    }


def usual_currency(workspace: Workspace) -> str:
    """The currency that most metrics of the workspace have; empty where none has one. 1 query."""
    rows = Metric.objects.filter(workspace=workspace).exclude(currency="")
    found = Counter(rows.order_by("pk").values_list("currency", flat=True)).most_common(1)
    return found[0][0] if found else ""


def _row(starter: Starter, known: Mapping[str, str]) -> StarterRow:
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
    )
