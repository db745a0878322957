"""What metrics are made of: definitions with all that they read, in the version of each day."""

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db import connection

from metrics.rules.aggregation import Kind, Leaf, Recipe, Step, ratio_node
from metrics.rules.formula import Node, parse, refs
from metrics.rules.periods import DAY
from workspaces.models import Workspace

MEASURED = frozenset(kind.value for kind in Kind)
REACH = """
    WITH RECURSIVE reach(id) AS (
        SELECT id FROM metrics_metric WHERE workspace_id = %s AND id IN ({marks})
        UNION
        SELECT i.input_id FROM metrics_metricinput i JOIN reach r ON i.metric_id = r.id
    )
    SELECT m.id, m.key, m.kind, m.decimals, m.definition_revision, coalesce(e.value, 0),
           v.number, v.effective_from, v.numerator_id, v.denominator_id, v.scale_text, v.formula
    FROM reach r JOIN metrics_metric m ON m.id = r.id
    LEFT JOIN metrics_metricrevision e ON e.metric_id = m.id
    LEFT JOIN metrics_metricversion v ON v.metric_id = m.id
    ORDER BY m.id, v.number
"""


@dataclass(frozen=True, slots=True)
class Version:
    """How a computed metric is computed from a day on (None: always)."""

    number: int
    since: date | None
    node: Node


@dataclass
class Known:
    """A metric as far as its value needs it."""

    id: int
    key: str
    kind: str
    decimals: int
    definition: int
    revision: int
    versions: list[Version] = field(default_factory=list)

    def version_on(self, day: date | None, pinned: int | None = None) -> Version | None:
        """The version in force on a day (None: now); a pinned one holds for every day."""
        found = None
        for version in self.versions:
            if pinned is not None and version.number > pinned:
                break
            always = pinned is not None or day is None or version.since is None
            if always or (version.since is not None and day is not None and version.since <= day):
                found = version
        return found or (self.versions[0] if self.versions else None)

    def turns(self) -> Iterator[date]:
        """The days on which another version is in force than on the day before."""
        for day in {version.since for version in self.versions}:
            if day is not None and self.version_on(day) != self.version_on(day - DAY):
                yield day

    def has_version(self, number: int) -> bool:
        """Whether the metric was ever defined so; one that is measured has no version but now's."""
        return number == self.definition or any(one.number == number for one in self.versions)


@dataclass(frozen=True)
class Book:
    """Metrics and everything that they read, by id."""

    metrics: Mapping[int, Known]

    @cached_property
    def by_key(self) -> Mapping[str, Known]:
        """The same metrics by key."""
        return {known.key: known for known in self.metrics.values()}

    @cached_property
    def days(self) -> list[date]:
        """The days on which some version of some metric begins, in order."""
        versions = (version for known in self.metrics.values() for version in known.versions)
        return sorted({version.since for version in versions if version.since is not None})

    @cached_property
    def _recipes(self) -> dict[tuple[int, int | None, int | None], Recipe]:
        return {}

    def recipe(
        self, metric_id: int, on: date | None = None, *, pinned: int | None = None
    ) -> Recipe:
        """How the value of a metric is made on a day; `pinned` fixes its own version."""
        place = None if on is None or not self.days else bisect_right(self.days, on)
        asked = (metric_id, place, pinned)
        if asked not in self._recipes:
            self._recipes[asked] = self._recipe(metric_id, on, pinned)
        return self._recipes[asked]

    def _recipe(self, metric_id: int, on: date | None, pinned: int | None) -> Recipe:
        leaves: dict[str, Leaf] = {}
        steps: dict[str, Step] = {}
        root = self.metrics[metric_id]
        waiting: list[tuple[Known, bool]] = [(root, False)]
        while waiting:
            known, is_ready = waiting.pop()
            if known.key in leaves or known.key in steps:
                continue
            version = known.version_on(on, pinned if known is root else None)
            if known.kind in MEASURED or version is None:
                leaves[known.key] = Leaf(known.id, known.key, known.decimals, Kind(known.kind))
            elif is_ready:
                steps[known.key] = Step(known.key, version.node)
            else:
                waiting.append((known, True))
                waiting += [(self.by_key[ref.name], False) for ref in refs(version.node)]
        return Recipe(tuple(leaves.values()), tuple(steps.values()), root.key)

    def leaves_of(self, metric_id: int) -> tuple[int, ...]:
        """The measured metrics that the value is made of now."""
        return self.recipe(metric_id).inputs

    def breaks_of(self, metric_id: int, pinned: int | None = None) -> list[tuple[date, int]]:
        """The days from which another version of the metric or of an input is in force.

        Each with the number of the metric's own version on that day.
        """
        reach = {metric_id, *self._reach(metric_id)} - ({metric_id} if pinned else set())
        days = {day for pk in reach for day in self.metrics[pk].turns()}
        own = self.metrics[metric_id]
        found = []
        for day in sorted(days):
            version = own.version_on(day, pinned)
            found.append((day, version.number if version else own.definition))
        return found

    def revision_of(self, metric_id: int) -> int:
        """A number that grows whenever values or definitions below may have changed."""
        reach = [self.metrics[pk] for pk in {metric_id, *self._reach(metric_id)}]
        definitions = (m.definition for m in reach if m.id == metric_id or m.kind not in MEASURED)
        return sum(definitions) + sum(m.revision for m in reach)

    def _reach(self, metric_id: int) -> set[int]:
        found: set[int] = set()
        waiting = [metric_id]
        while waiting:
            for version in self.metrics[waiting.pop()].versions:
                below = {self.by_key[ref.name].id for ref in refs(version.node)} - found
                found |= below
                waiting += below
        return found


def book_of(workspace: Workspace, ids: Collection[int]) -> Book:
    """The metrics of these ids with all that they read; 1 query. A foreign one is left out."""
    wanted = sorted(set(ids))
    if not wanted:
        return Book({})
    marks = ", ".join(["%s"] * len(wanted))
    with connection.cursor() as cursor:
        cursor.execute(REACH.format(marks=marks), [workspace.pk, *wanted])
        rows = cursor.fetchall()
    keys = {row[0]: row[1] for row in rows}
    found: dict[int, Known] = {}
    for pk, key, kind, decimals, definition, revision, *version in rows:
        known = found.setdefault(pk, Known(pk, key, kind, decimals, definition, revision))
        if version[0] is not None and kind not in MEASURED:
            known.versions.append(_version(keys, version))
    return Book(found)


def _version(keys: Mapping[int, str], row: Sequence[Any]) -> Version:
    """A version from its columns: number, since, numerator, denominator, scale, formula."""
    number, since, above, below, scale, formula = row
    day = date.fromisoformat(since) if isinstance(since, str) else since
    if above is not None and below is not None:
        return Version(number, day, ratio_node(keys[above], keys[below], Decimal(scale)))
    return Version(number, day, parse(formula))
