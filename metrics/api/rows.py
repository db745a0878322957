"""The rows of a REST batch, read one by one; a 400 names all that is wrong in all of them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from metrics.models import Metric
from metrics.operations.observations import Reading
from metrics.operations.series import LONGEST_SOURCE
from metrics.rules.amounts import Unfit, largest, read_amount
from metrics.rules.days import read_day
from metrics.rules.dims import LONGEST_VALUE, MOST_DIMS, NAME, Dims, canonical, is_sound
from metrics.rules.documents import escaped
from metrics.rules.faults import shown
from metrics.rules.keys import LONGEST_KEY
from metrics.rules.periods import FIRST_DAY, LAST_DAY, is_known_day
from workspaces.models import Workspace
from workspaces.rules.errors import Invalid, Problem

MOST_ROWS = 1_000
FIELDS = ("metric", "day", "value", "dims", "source", "key")
DEFAULT_SOURCE = "api"


def readings_of(workspace: Workspace, rows: Sequence[Any], prefix: str) -> dict[str, list[Reading]]:
    """The readings by source; Invalid with a problem for each cell that cannot be read."""
    asked = (row.get("metric") for row in rows if isinstance(row, Mapping))
    words = {key for key in asked if isinstance(key, str) and NAME.match(key)}
    metrics = {m.key: m for m in Metric.objects.filter(workspace=workspace, key__in=words)}
    batch: dict[str, list[Reading]] = {}
    problems: list[Problem] = []
    for place, row in enumerate(rows):
        reader = RowReader(row, place, f"{prefix}/{place}", metrics)
        reading = reader.read()
        problems += reader.problems
        if reading is not None:
            batch.setdefault(reader.source, []).append(reading)
    if problems:
        raise Invalid(problems)
    return batch


class RowReader:
    """Reads one row and notes what is wrong with it."""

    def __init__(self, row: Any, place: int, pointer: str, metrics: Mapping[str, Metric]) -> None:
        """Keep the row and where it stands."""
        self.row, self.place, self.pointer, self.metrics = row, place, pointer, metrics
        self.problems: list[Problem] = []
        self.source = DEFAULT_SOURCE

    def read(self) -> Reading | None:
        """The reading, or None where something was wrong."""
        if not isinstance(self.row, Mapping):
            self.refuse("", "not_an_object", _("An observation is an object."))
            return None
        for name in sorted(map(str, set(self.row) - set(FIELDS))):
            self.refuse(name, "unknown_field", _("There is no such field."))
        for name in ("metric", "day", "value"):
            if self.row.get(name) is None:
                self.refuse(name, "required", _("This is needed."))
        metric, day, dims = self.metric(), self.day(), self.dims()
        key = self.text("key", LONGEST_KEY)
        self.source = (self.text("source", LONGEST_SOURCE) or DEFAULT_SOURCE).strip()
        value = self.value(metric) if metric else None
        if self.problems or metric is None or day is None or value is None:
            return None
        return Reading(metric.pk, day, value, dims, key)

    def refuse(self, column: str, code: str, message: str) -> None:
        """Note what is wrong with one field."""
        pointer = f"{self.pointer}/{escaped(column)}" if column else self.pointer
        self.problems.append(
            Problem(message, code, sendable(pointer), self.place + 1, sendable(column))
        )

    def metric(self) -> Metric | None:
        """The metric, which exists here, is additive and in use."""
        key = self.row.get("metric")
        if key is None:
            return None
        found = self.metrics.get(key) if isinstance(key, str) else None
        if found is None:
            message = _("There is no metric “%(key)s”.") % {"key": told(key)}
            self.refuse("metric", "unknown_metric", message)
        elif found.is_ratio:
            message = _("“%(name)s” is a ratio: it is computed, send its parts.") % {
                "name": found.name
            }
            self.refuse("metric", "metric_is_a_ratio", message)
        elif found.retired_at is not None:
            message = _("“%(name)s” is retired and takes no observations.") % {"name": found.name}
            self.refuse("metric", "metric_retired", message)
        return found

    def day(self) -> date | None:
        """The day, which exists and is not absurd."""
        text = self.row.get("day")
        day = read_day(text)
        if text is not None and day is None:
            message = _("“%(text)s” is no day; write it as 2026-01-31.") % {"text": told(text)}
            self.refuse("day", "not_a_day", message)
        elif day is not None and not is_known_day(day):
            limits = {"first": FIRST_DAY, "last": LAST_DAY}
            message = _("Days lie between %(first)s and %(last)s.") % limits
            self.refuse("day", "out_of_range", message)
        return day

    def value(self, metric: Metric) -> int | None:
        """The value as a whole number of the metric's smallest unit."""
        given = self.row.get("value")
        if given is None:
            return None
        amount = read_amount(given, metric.decimals)
        if not isinstance(amount, Unfit):
            return amount
        text = told(given)
        if amount.code == "out_of_range":
            limit = largest(metric.decimals)
            message = _(
                "%(text)s is out of range: “%(name)s” takes values from -%(limit)s to %(limit)s."
            )
            self.refuse(
                "value", amount.code, message % {"text": text, "name": metric.name, "limit": limit}
            )
        else:
            message = _("“%(text)s” is no number; write digits with a point, such as -12.5.")
            self.refuse("value", amount.code, message % {"text": text})
        return None

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
        flaws = list(_flaws(given))
        for name, code, message in flaws:
            pointer = sendable(f"{self.pointer}/dims/{escaped(name)}")
            column = sendable(f"dims.{name}")
            self.problems.append(Problem(message, code, pointer, self.place + 1, column))
        return () if flaws else canonical(given)


def sendable(text: str) -> str:
    """The text as an answer can repeat it: half a surrogate pair has no bytes."""
    return text.encode("utf-8", "replace").decode()


def told(value: object) -> str:
    """The beginning of what was sent, for a message."""
    return sendable(shown(str(value)))


def _flaws(dims: Mapping[Any, Any]) -> Iterable[tuple[str, str, str]]:
    """What is wrong with dimensions: name, code, sentence."""
    for name, value in dims.items():
        if not NAME.match(str(name)):
            yield (
                str(name),
                "bad_dimension_name",
                _("A dimension has small letters, digits and underscores."),
            )
        if value is not None and not isinstance(value, str):
            yield str(name), "not_a_text", _("A dimension's value is a text or null.")
        elif value and (len(value) > LONGEST_VALUE or not is_sound(value)):
            message = _("At most %(most)s letters, none of them NUL.") % {"most": LONGEST_VALUE}
            yield str(name), "bad_dimension", message
