"""The rows of a REST batch, read one by one; a 400 names what is wrong in them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from metrics.api.cells import flaws_of_dims, read_day_of, read_id, read_span, read_value, told
from metrics.models import Metric
from metrics.models.definitions import UNIQUE
from metrics.operations.observations import MOST_AT_ONCE, Reading
from metrics.rules.dims import MOST_DIMS, Dims, canonical, is_sound
from metrics.rules.documents import escaped
from metrics.rules.keys import LONGEST_KEY
from metrics.rules.mapping import LONGEST_SOURCE
from metrics.sources.bodies import Sent
from workspaces.models import Workspace
from workspaces.rules.errors import Invalid, Problem, TooLarge

MOST_ROWS = MOST_AT_ONCE
MOST_PROBLEMS = 1_000  # that a refusal names; it says how many more there are
FIELDS = ("metric", "day", "at", "value", "id", "days", "dims", "source", "key")
KNOWN = frozenset(FIELDS)
COLUMNS = tuple(name for name in FIELDS if name != "dims")
MOST_KNOWN = 2_000  # combinations of dimensions that are remembered
DEFAULT_SOURCE = "api"
Batch = dict[str, list[Reading]]


@dataclass
class Rows:
    """What was read of a body: the readings by source, and what is wrong with the other rows."""

    batch: Batch = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    faults: int = 0
    rejected: int = 0

    @property
    def good(self) -> list[Reading]:
        """The readings of all sources."""
        return [reading for readings in self.batch.values() for reading in readings]


def read_rows(workspace: Workspace, rows: Iterable[Sent], *, partial: bool) -> Rows:
    """Read them all; without `partial` Invalid names the faults, and TooLarge the limit of rows."""
    found = Rows()
    reader = RowReader(workspace)
    for sent in rows:
        if sent.place >= MOST_ROWS:
            message = _("Send at most %(most)s observations at once.")
            raise TooLarge(message % {"most": f"{MOST_ROWS:,}"})
        reading = reader.read(sent)
        if reading is not None:
            found.batch.setdefault(reader.source, []).append(reading)
            continue
        found.rejected += 1
        found.faults += len(reader.problems)
        if partial or len(found.problems) < MOST_PROBLEMS:
            found.problems += reader.problems
    if found.problems and not partial:
        raise _invalid(found)
    return found


def _invalid(found: Rows) -> Invalid:
    """All that is wrong, up to a limit that is told."""
    named = found.problems[:MOST_PROBLEMS]
    message = _("%(faults)s faults in %(rows)s observations; the first %(named)s are named.")
    counts = {"faults": found.faults, "rows": found.rejected, "named": len(named)}
    return Invalid(named, message % counts if found.faults > len(named) else "")


class RowReader:
    """Reads row after row and notes what is wrong with the one that it read last."""

    def __init__(self, workspace: Workspace) -> None:
        """Look up the metrics once; days and dimensions are remembered, for they repeat."""
        self._metrics = {
            metric.key: metric for metric in Metric.objects.filter(workspace=workspace)
        }
        self._zone = workspace.timezone
        self._dims: dict[tuple[tuple[str, str | None], ...], Dims] = {}
        self.row: Mapping[str, Any] = {}
        self.problems: list[Problem] = []
        self.source = DEFAULT_SOURCE

    def read(self, sent: Sent) -> Reading | None:
        """The reading, or None where something was wrong."""
        self.sent, self.problems, self.source = sent, [], DEFAULT_SOURCE
        if sent.fault is not None:
            self.problems = [sent.fault]
            return None
        if not isinstance(sent.value, Mapping):
            self.refuse("", "not_an_object", _("An observation is an object."))
            return None
        self.row = sent.value
        if not self.row.keys() <= KNOWN:
            for name in sorted(map(str, self.row.keys() - KNOWN)):
                self.refuse(name, "unknown_field", _("There is no such field."))
        metric, day, dims = self.metric(), self.day(), self.dims()
        if metric is not None:
            self.refuse_dims(metric, dims)
        key = self.text("key", LONGEST_KEY)
        self.source = (self.text("source", LONGEST_SOURCE) or DEFAULT_SOURCE).strip()
        span = self.span(day)
        value, person = self.what(metric, span)
        if self.problems or metric is None or day is None or value is None:
            return None
        return Reading(metric.pk, day, value, dims, key, span, person)

    def refuse(self, column: str, code: str, message: str) -> None:
        """Note what is wrong with one field."""
        pointer = f"{self.sent.pointer}/{escaped(column)}" if column else self.sent.pointer
        row = self.sent.row
        self.problems.append(Problem(message, code, told(pointer, 400), row, told(column)))

    def take(self, name: str, found: Any) -> Any:
        """A value that a cell was read as, or None and a note of its Problem."""
        if isinstance(found, Problem):
            self.refuse(name, found.code, found.message)
            return None
        return found

    def metric(self) -> Metric | None:
        """The metric, which exists here, has observations and is in use."""
        key = self.row.get("metric")
        if key is None:
            self.refuse("metric", "required", _("This is needed."))
            return None
        found = self._metrics.get(key) if isinstance(key, str) else None
        if found is None:
            message = _("There is no metric “%(key)s”.") % {"key": told(key)}
            self.refuse("metric", "unknown_metric", message)
        elif found.is_ratio:
            message = _("“%(name)s” is a ratio: it is computed, send its parts.")
            self.refuse("metric", "metric_is_a_ratio", message % {"name": found.name})
        elif found.is_computed:
            message = _("“%(name)s” is computed by a formula, send what it reads.")
            self.refuse("metric", "metric_is_computed", message % {"name": found.name})
        elif found.retired_at is not None:
            message = _("“%(name)s” is retired and takes no observations.") % {"name": found.name}
            self.refuse("metric", "metric_retired", message)
        return found

    def day(self) -> date | None:
        """The workspace's day, of `day` or of the instant `at`."""
        name = "at" if self.row.get("at") is not None else "day"
        if name == "at" and self.row.get("day") is not None:
            self.refuse("at", "one_of_two", _("Send “day” or “at”, not both."))
            return None
        if self.row.get(name) is None:
            self.refuse("day", "required", _("This is needed."))
            return None
        day: date | None = self.take(name, read_day_of(name, self.row[name], self._zone))
        return day

    def span(self, day: date | None) -> int:
        """How many days the value covers; 1 where nothing was said."""
        given = self.row.get("days")
        span = 1 if given is None else self.take("days", read_span(given, day))
        return span or 1

    def what(self, metric: Metric | None, span: int) -> tuple[int | None, str | None]:
        """The scaled value, or for a person of a unique metric 1 and their id."""
        value, person = self.row.get("value"), self.row.get("id")
        if person is None and value is None:
            self.refuse("value", "required", _("This is needed."))
        elif person is not None and value is not None:
            self.refuse("id", "one_of_two", _("Send “value” or “id”, not both."))
        elif metric is None or metric.is_computed:
            pass
        elif person is None:
            return self.take("value", read_value(value, metric)), None
        elif metric.kind != UNIQUE:
            message = _("“%(name)s” counts no people: send a value.") % {"name": metric.name}
            self.refuse("id", "not_a_unique_metric", message)
        elif span > 1:
            message = _("What a person did has one day; “days” belongs to a value.")
            self.refuse("days", "one_of_two", message)
        else:
            return 1, self.take("id", read_id(person))
        return None, None

    def text(self, name: str, longest: int) -> str | None:
        """An optional text that can be stored."""
        given = self.row.get(name)
        if given is None:
            return None
        if not isinstance(given, str) or not given.strip():
            self.refuse(name, "not_a_text", _("This is a text, or left out."))
        elif len(given) > longest or not is_sound(given):
            message = _("At most %(most)s letters, none of them NUL.") % {"most": longest}
            self.refuse(name, "bad_text", message)
        return given if isinstance(given, str) else None

    def dims(self) -> Dims:
        """The dimensions: names to texts."""
        given = self.row.get("dims")
        if given is None:
            return ()
        if not isinstance(given, Mapping) or len(given) > MOST_DIMS:
            message = _("Dimensions are an object of at most %(most)s texts.") % {"most": MOST_DIMS}
            self.refuse("dims", "not_an_object", message)
            return ()
        said = tuple(given.items())
        try:
            known = self._dims.get(said)
        except TypeError:  # a value that is a list or an object
            known = None
        return self._read_dims(given, said) if known is None else known

    def _read_dims(self, given: Mapping[str, Any], said: tuple[Any, ...]) -> Dims:
        """Dimensions that were not met before."""
        flaws = list(flaws_of_dims(given))
        for name, code, message in flaws:
            self.refuse_dim(name, code, message)
        if flaws:
            return ()
        dims = canonical(given)
        if len(self._dims) < MOST_KNOWN:
            self._dims[said] = dims
        return dims

    def refuse_dims(self, metric: Metric, dims: Dims) -> None:
        """Note every dimension that the metric does not have."""
        allowed = metric.allowed_dims
        for name, _value in dims if allowed else ():
            if name not in allowed:
                message = _("“%(name)s” has no such dimension, it has: %(allowed)s.")
                told_as = {"name": metric.name, "allowed": ", ".join(allowed)}
                self.refuse_dim(name, "dimension_not_allowed", message % told_as)

    def refuse_dim(self, name: str, code: str, message: str) -> None:
        """Note what is wrong with one dimension."""
        pointer = told(f"{self.sent.pointer}/dims/{escaped(name)}", 400)
        row, column = self.sent.row, told(f"dims.{name}")
        self.problems.append(Problem(message, code, pointer, row, column))
