"""From the rows of an answer to readings, by the description; a fault for each value refused."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from connectors.rules.description import Description, MetricField
from connectors.rules.paths import MISSING, Path, find, with_words
from connectors.rules.templates import filled
from connectors.rules.values import TODAY, ReadDay, amount_of, reader_of_days, text_of
from metrics.rules.amounts import LIMIT
from metrics.rules.dims import LONGEST_VALUE, Dims, as_text, canonical, is_sound
from metrics.rules.faults import Fault, shown
from metrics.rules.keys import LONGEST_KEY
from metrics.rules.periods import Span
from metrics.rules.uniques import LONGEST_RECIPIENT, recipient_key

MOST_FAULTS = 100  # that are remembered; the others are counted


class Read(NamedTuple):
    """What a row says of one metric: day, scaled value or None for nothing, dimensions, key.

    `who` is the id of the person that it tells of; the value is then without meaning.
    """

    metric: str
    day: date
    value: int | None
    dims: Dims
    key: str
    who: str = ""


class _Field(NamedTuple):
    """A metric of the description with what does not change from row to row."""

    entry: MetricField
    path: Path
    decimals: int
    day: Path
    read_day: ReadDay


class RowReader:
    """Reads rows by one description; `decimals` says how exact each metric is."""

    def __init__(
        self,
        description: Description,
        params: Mapping[str, str],
        decimals: Mapping[str, int],
        zone: str,
        today: date,
    ) -> None:
        """Prepare what does not change from row to row; `today` is the day of rows without one."""
        self._description = description
        self._counted: set[str] = set()
        self._heard: set[str] = set()
        self._read_own = _reader_of_days(description.day_as, zone, today)
        self._expect = [(path, filled(text, params)) for path, text in description.expect]
        self._dims = {
            name: (with_words(place.path, params), filled(place.constant, params))
            for name, place in description.dims.items()
        }
        self._fields = [
            _Field(
                entry,
                with_words(entry.path, params),
                decimals[entry.metric],
                entry.day or description.day,
                _reader_of_days(entry.day_as or description.day_as, zone, today),
            )
            for entry in description.metrics
        ]

    @property
    def silent(self) -> dict[str, str]:
        """The metrics of which no row has said anything, though rows counted, with their paths."""
        return {
            field.entry.metric: name_of(field.entry.id or field.path)
            for field in self._fields
            if field.entry.metric in self._counted - self._heard
        }

    def read(self, number: int, row: object, days: Span | None) -> list[Read] | list[Fault]:
        """What one row says of each metric, or everything that is wrong with it.

        With `days`, a row of another day is left out or refused, as the description says.
        """
        faults: list[Fault] = []
        if not isinstance(row, dict):
            return [Fault("row_form", row=number)]
        for path, text in self._expect:
            found = find(row, path)
            if text and found is not MISSING and text_of(found) != text:
                told = (("expected", text),)
                faults.append(Fault("unexpected", number, name_of(path), _shown(found), more=told))
        dims = self._read_dims(number, row, faults)
        key = self._read_key(number, row, faults)
        reads = [
            read
            for field in self._fields
            if (read := self._read_field(number, row, field, faults, (dims, key)))
        ]
        if faults or days is None:
            return faults or reads
        inside = [read for read in reads if read.day in days]
        if len(inside) < len(reads) and not self._description.skip_outside:
            stray = next(read for read in reads if read.day not in days)
            return [Fault("other_day", number, value=stray.day.isoformat())]
        return inside

    def _read_field(
        self,
        number: int,
        row: object,
        field: _Field,
        faults: list[Fault],
        same: tuple[Dims, str],
    ) -> Read | None:
        """What the row says of one metric; None where something is wrong with it."""
        dims, key = same
        entry, value = field.entry, self._value(row, field)
        if value is MISSING and not key and (entry.when_is or entry.id):
            return None  # nobody can tell of which fact the row is silent
        day = self._day(number, row, field, faults, silent=value is MISSING)
        if day is None:
            return None
        if entry.id and value is not MISSING:
            return _person(number, field, value, faults, (day, dims, key))
        key = key or f"{day.isoformat()}|{as_text(dims)}"
        if value is MISSING:
            return Read(entry.metric, day, None, dims, key)
        return _amount(number, field, value, faults, (day, dims, key))

    def _day(
        self, number: int, row: object, field: _Field, faults: list[Fault], *, silent: bool
    ) -> date | None:
        """The day of a metric in a row; None where there is none, which is noted once."""
        at, read = find(row, field.day), field.read_day
        if silent and at is MISSING and field.entry.day:
            # Nothing to tell and no day of its own to tell it on: an open deal has none.
            at, read = find(row, self._description.day), self._read_own
        day = None if at is MISSING else read(at)
        if day is None:
            code = "no_day" if at is MISSING else "not_a_day_here"
            fault = Fault(code, number, name_of(field.day), _shown(at))
            if fault not in faults:
                faults.append(fault)
        return day

    def _read_dims(self, number: int, row: object, faults: list[Fault]) -> Dims:
        found: dict[str, str | None] = {}
        for name, (path, constant) in self._dims.items():
            if constant:
                found[name] = constant
                continue
            value = find(row, path)
            text = None if value is MISSING else text_of(value)
            if value is not MISSING and (
                text is None or len(text) > LONGEST_VALUE or not is_sound(text)
            ):
                faults.append(Fault("bad_dimension", number, name_of(path), _shown(value)))
            found[name] = text
        return canonical(found)

    def _read_key(self, number: int, row: object, faults: list[Fault]) -> str:
        parts = []
        for path in self._description.key:
            value = find(row, path)
            text = None if value is MISSING else text_of(value)
            if not text:
                faults.append(Fault("no_key", number, name_of(path)))
            parts.append((text or "").replace("\\", "\\\\").replace("|", "\\|"))
        key = "|".join(parts)
        if len(key) > LONGEST_KEY or not is_sound(key):
            faults.append(Fault("bad_key", number, value=shown(key)))
        return key

    def _value(self, row: object, field: _Field) -> object:
        """What the row says of a metric; MISSING where it says nothing or is not counted."""
        entry = field.entry
        if entry.when_is:
            told = find(row, entry.when)
            if told is MISSING or text_of(told) not in entry.when_is:
                return MISSING
        elif entry.day and find(row, entry.day) is MISSING:
            return MISSING  # what has not happened yet has no day
        if entry.constant:
            return entry.constant
        found = find(row, entry.id or field.path)
        self._counted.add(entry.metric)
        if found is not MISSING:
            self._heard.add(entry.metric)
        if found is MISSING or found == "":
            return 0 if entry.absent_is_zero else MISSING
        return found


def _amount(
    number: int, field: _Field, value: object, faults: list[Fault], place: tuple[date, Dims, str]
) -> Read | None:
    amount = amount_of(value, field.entry.transform, field.decimals)
    if isinstance(amount, int):
        day, dims, key = place
        return Read(field.entry.metric, day, amount, dims, key)
    more = (("limit", str(LIMIT)),)
    faults.append(Fault(amount, number, name_of(field.path), _shown(value), more=more))
    return None


def _person(
    number: int, field: _Field, value: object, faults: list[Fault], place: tuple[date, Dims, str]
) -> Read | None:
    day, dims, key = place
    who = text_of(value)
    if who is None or len(who) > LONGEST_RECIPIENT or not is_sound(who):
        faults.append(Fault("bad_id", number, name_of(field.entry.id), _shown(value)))
        return None
    key = key or recipient_key(day, as_text(dims), who)
    return Read(field.entry.metric, day, 0, dims, key, who)


def _reader_of_days(transform: str, zone: str, today: date) -> ReadDay:
    return (lambda _value: today) if transform == TODAY else reader_of_days(transform, zone)


def merged(reads: Iterable[Read], *, add: bool = False) -> list[Read] | Fault:
    """The values, each once: a page that shifted may tell one again, but not differently.

    With `add` values of the same key are added up, as those of the deals in one stage.
    """
    seen: dict[tuple[str, str], Read] = {}
    for read in reads:
        place = (read.metric, read.key)
        before = seen.get(place)
        if before is None or (add and before.value is None):
            seen[place] = read
        elif add and not read.who:
            seen[place] = before._replace(value=(before.value or 0) + (read.value or 0))
        elif before != read:
            return Fault("key_twice", value=shown(read.key))
    return list(seen.values())


def name_of(path: Path) -> str:
    """The path as it was written, near enough for a report."""
    text = ""
    for step in path:
        if step.name:
            text += f".{step.name}" if text else step.name
        elif step.every:
            text += "[]"
        else:
            text += f"[{step.index}]" if step.index >= 0 else f"[{step.key}={step.text}]"
    return text


def _shown(value: object) -> str:
    if value is MISSING:
        return ""
    text = text_of(value)
    return shown(text if text is not None else ("[…]" if isinstance(value, list) else "{…}"))
