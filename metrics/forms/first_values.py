"""What the page of the mapping shows first: of a guess, a preset, or an earlier mapping."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from metrics.forms.imports import WRITTEN
from metrics.forms.mapping_rows import EXPECT, NEW, PEOPLE, ROWS, SKIP, VALUES, one_line
from metrics.forms.mappings import FirstValues, measure_named
from metrics.rules.fileshapes import FileShape, Where, where_as_json
from metrics.rules.guesses import Events, Guess, less_is_better, metric_key, metric_name
from metrics.rules.lists import as_list
from metrics.rules.mapping import MappingDocument
from metrics.rules.measures import MetricMap, NewMetric

DETECTED = ("encoding", "delimiter", "header_row")
SHOWN_OF_NEW = ("name", "kind", "unit", "decimals", "direction")
Values = dict[str, Any]


def first_of_guess(guess: Guess, source: str, known: Mapping[str, str]) -> FirstValues:
    """What the page shows first of a file that nobody has described yet."""
    found = FirstValues(_shape(guess.shape) | {"source": source})
    found.whole["base"] = {"file": guess.shape.as_json(), "found": ["header_row"]}
    _day_of_guess(guess, found)
    if guess.key:
        found.columns[guess.key] = {"role": "key"}
    for column, name in _names_of_dims(guess.dims):
        found.columns[column] = {"role": "dim", "dim": name}
    if guess.long:
        named, value = guess.long
        found.columns |= {named: {"role": "named"}, value: {"role": "value"}}
    for column, decimals in () if guess.long else guess.metrics:
        found.columns[column] = {"role": "metric"} | _measure_of_guess(column, decimals, known)
    if guess.events:
        found.counts = _counts_of_events(guess.events, known)
    return found


def _names_of_dims(columns: Sequence[str]) -> Iterator[tuple[str, str]]:
    """A name of its own for each: letters that a name cannot have may leave nothing to tell."""
    seen = set[str]()
    for column in columns:
        plain = metric_key(column)
        name = next(
            one for one in (plain, *(f"{plain[:60]}_{n}" for n in range(2, 99))) if one not in seen
        )
        seen.add(name)
        yield column, name


def _day_of_guess(guess: Guess, found: FirstValues) -> None:
    day = guess.day
    if day is None:
        return
    found.whole |= {"month_names": day.month_names, "calendar": day.calendar}
    if day.in_parts:
        roles = {day.month: "month", day.day: "day_of_month", day.year_column: "year"}
        found.columns |= {column: {"role": role} for column, role in roles.items() if column}
        return
    found.columns[day.column] = {"role": "day"}
    found.whole |= {"day_format": day.format, "zone": day.timezone if day.instant else ""}


def _measure_of_guess(column: str, decimals: int, known: Mapping[str, str]) -> Values:
    key = metric_key(column)
    if key in known:
        return {"metric": key, "decimals": decimals}
    return {
        "metric": NEW,
        "name": metric_name(column),
        "unit": "number" if decimals else "count",
        "direction": "down" if less_is_better(column) else "up",
        "decimals": decimals,
    }


def _counts_of_events(events: Events, known: Mapping[str, str]) -> list[Values]:
    """Of each kind of event, how often it happened and how many people it happened to."""
    found: list[Values] = []
    for text in events.texts:
        where = {"only": one_line(events.column), "texts": as_list([text])}
        name = metric_name(text)
        people = _("%(name)s: people") % {"name": name}
        found += [
            where | {"counts": ROWS} | _named(name, known),
            where | {"counts": PEOPLE, "column": one_line(events.who)} | _named(people, known),
        ]
    return found


def _named(name: str, known: Mapping[str, str]) -> Values:
    key = next((key for key, other in known.items() if other == name), "")
    down = "down" if less_is_better(name) else "up"
    return {"metric": key} if key else {"metric": NEW, "name": name[:80], "direction": down}


def first_of_mapping(
    mapping: MappingDocument, known: Mapping[str, str], read_as: FileShape
) -> FirstValues:
    """What the page shows of a mapping that is there, for a file that was read as `read_as`."""
    day, file = mapping.day, mapping.file
    stated = file.as_json()
    detected = [name for name in DETECTED if name not in stated]
    found = FirstValues(
        _shape(_as_read(file, read_as))
        | {"source": mapping.source, "month_names": day.month_names, "year": day.year}
        | {"day_format": "" if day.in_parts else day.format, "calendar": day.calendar}
        | {"fixed_day": day.fixed, "span": day.span, "spanned": day.spanned}
        | {"zone": day.timezone if day.instant else "", "complete": bool(mapping.mode)}
    )
    found.whole["base"] = mapping.as_json() | {"found": detected, "held": {}}
    _columns_of_day(mapping, found)
    _columns_of_dims(mapping, found)
    _measures_of(mapping, known, found)
    for column in mapping.key:
        found.columns.setdefault(column, {"role": "key"})
        found.columns[column]["part"] = found.columns[column]["role"] != "key"
    for what, where in ((EXPECT, mapping.expect), (SKIP, file.skip_where)):
        found.rules += [
            {"what": what, "column": one_line(column), "texts": as_list(texts)}
            for column, texts in where
        ]
    return found


def _columns_of_day(mapping: MappingDocument, found: FirstValues) -> None:
    day = mapping.day
    roles = {
        day.column: "day",
        day.until: "until",
        day.month: "month",
        day.day: "day_of_month",
        day.year_column: "year",
    }
    found.columns |= {column: {"role": role} for column, role in roles.items() if column}


def _columns_of_dims(mapping: MappingDocument, found: FirstValues) -> None:
    """A column that is something else already holds its dimension unseen."""
    for name, column in mapping.dims:
        if column in found.columns:
            found.whole["base"]["held"][name] = column
        else:
            found.columns[column] = {"role": "dim", "dim": name}


def _measures_of(
    mapping: MappingDocument, known: Mapping[str, str], found: FirstValues
) -> None:  # fmt: skip
    """Values of a column of their own stand beside it, all else in a line of its own."""
    created = {entry.key: entry for entry in mapping.create}
    for entry in mapping.metrics if mapping.long is None else ():
        shown = _measure(entry.metric, known, created, found)
        if entry.column and not entry.when and entry.column not in found.columns:
            found.columns[entry.column] = {"role": "metric"} | shown
        else:
            found.counts.append(_line(entry) | shown)
    if mapping.long:
        roles = {mapping.long.metric: "named", mapping.long.value: "value"}
        found.columns |= {column: {"role": role} for column, role in roles.items()}
        found.names = [
            {"text": text} | _measure(key, known, created, found)
            for text, key in mapping.long.names
        ]


def _measure(
    key: str, known: Mapping[str, str], created: Mapping[str, NewMetric], found: FirstValues
) -> Values:  # fmt: skip
    new = created.get(key)
    if new and new.currency:
        found.whole["currency"] = new.currency
    if key in known or new is None:
        return {"metric": key} if key in known else measure_named(key, known)
    return {"metric": NEW} | {part: getattr(new, part) for part in SHOWN_OF_NEW}


def _line(entry: MetricMap) -> Values:
    """A line that counts; of several conditions the first is shown in fields."""
    found: Values = {"counts": ROWS if entry.constant else PEOPLE if entry.id else VALUES}
    found |= {"column": one_line(entry.id or entry.column), "amount": entry.constant}
    return found | _condition(entry.when)


def _condition(when: Where) -> Values:
    if not when:
        return {}
    column, texts = when[0]
    shown = {"only": one_line(column), "texts": as_list(texts)}
    return shown | {"also": where_as_json(when[1:])}


def _as_read(stated: FileShape, read_as: FileShape) -> FileShape:
    """The stated shape, with what was detected in the file."""
    return replace(
        stated,
        encoding=read_as.encoding,
        delimiter=read_as.delimiter,
        header_row=read_as.header_row,
    )


def _shape(shape: FileShape) -> Values:
    return {
        "encoding": shape.encoding,
        "delimiter": WRITTEN.get(shape.delimiter, shape.delimiter),
        "header_row": shape.header_row,
        "decimal": shape.decimal,
        "thousands": WRITTEN.get(shape.thousands, shape.thousands),
        "digits": shape.digits,
        "missing": as_list([text for text in shape.missing if text]),
        "signs": as_list(shape.signs),
        "skip_first_cell": as_list(shape.skip_first_cell),
        "footer": as_list(shape.footer),
    }
