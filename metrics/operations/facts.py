"""From readings to facts: which series, which key, who; nothing is stored here."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from django.utils.translation import gettext as _

from metrics.models.definitions import SKETCH, UNIQUE, Metric
from metrics.models.imports import MAY_MOVE, Source
from metrics.operations.columns import FactColumns, Ints, ReadingColumns
from metrics.operations.recipients import find_recipients, prepare_recipients
from metrics.operations.series import SeriesBook
from metrics.rules.column_values import NOBODY, Mask
from metrics.rules.dims import Dims, as_text, canonical, is_sound
from metrics.rules.keys import hash_keys, plain_key
from metrics.rules.periods import is_known_day
from metrics.rules.uniques import (
    LONGEST_RECIPIENT,
    MOST_SPAN,
    PERSON,
    hash_recipient,
    recipient_key,
    snapshot_key,
)
from workspaces.rules.errors import Refused

UNKNOWN = -1  # the number of whom a trial does not know: no stored fact is about that
MIX = np.int64(0x9E3779B97F4A7C15 - 2**64)


class Reading(NamedTuple):
    """One observation, scaled by the metric's decimals; without a key, day and dims are it.

    `span` is how many days a value covers that was put on the last of them. `recipient` is the id
    of who did it, for unique metrics only; the value is then without meaning.
    """

    metric_id: int
    day: date
    value: int
    dims: Dims = ()
    key: str | None = None
    span: int = 1
    recipient: str | None = None


class FactBook(SeriesBook):
    """Remembers which series each (metric, dims) is, and who the people of one chunk are."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self.fresh = True  # whether all facts of the last chunk were new
        self.people: dict[tuple[int, str], int] = {}

    def meet(self, named: Mapping[int, set[str]], *, add: bool) -> None:
        """Look up, or add, these people of metrics, and forget the ones before."""
        self.people = {}
        rows = Metric.objects.filter(pk__in=named, kind=UNIQUE) if named else ()
        for metric in rows:
            names = {name for name in named[metric.pk] if _is_a_name(name)}
            if metric.counting == SKETCH:
                found = {name: hash_recipient(metric.workspace_id, name) for name in names}
            else:
                look = prepare_recipients if add else find_recipients
                found = dict.fromkeys(names, UNKNOWN) | look(metric.workspace_id, names)
            self.people.update({(metric.pk, name): number for name, number in found.items()})


def prepare_facts(
    readings: "Sequence[Reading] | ReadingColumns", book: FactBook, *, add: bool
) -> FactBook:
    """Fill the book with the series of the readings, which are made, and with their people."""
    if isinstance(readings, ReadingColumns):
        book.find(readings.series[0])
        book.meet(readings.named, add=add)
        return book
    book.find({(reading.metric_id, reading.dims) for reading in readings})
    named: dict[int, set[str]] = {}
    for reading in readings:
        if reading.recipient is not None:
            named.setdefault(reading.metric_id, set()).add(reading.recipient)
    book.meet(named, add=add)
    return book


def columns_of(source_id: int, readings: Sequence[Reading]) -> ReadingColumns:
    """The readings as columns."""
    rows = len(readings)
    # Not by zip(*readings): so many iterators at once set Python's collector of cycles off.
    metrics, which = _numbered([reading.metric_id for reading in readings])
    combos, place = _numbered([reading.dims for reading in readings])
    people, by = _numbered([reading.recipient for reading in readings])
    return ReadingColumns(
        which=which,
        day=np.fromiter((reading.day.toordinal() for reading in readings), np.int32, rows),
        value=np.array([reading.value for reading in readings], np.int64),
        span=np.array([reading.span for reading in readings], np.int64),
        khash=hash_keys(source_id, (key.encode() for key in _keys_of(readings))),
        own=np.array([reading.key is not None for reading in readings], bool),
        place=place,
        who=by,
        metrics=metrics,
        combos=combos,
        people=people,
    )


def facts_of(
    source: Source, readings: ReadingColumns, book: FactBook, metrics: Mapping[int, Metric]
) -> FactColumns:
    """The facts that the readings say; for a (metric, key) that is repeated the last one."""
    days = {int(day) for day in (readings.day.min(), readings.day.max())} if len(readings) else ()
    if not all(is_known_day(date.fromordinal(day)) for day in days):
        raise Refused(_("Days lie between 1900 and 2200."), code="out_of_range", field="day")
    _refuse_unfit(readings, {pk for pk, metric in metrics.items() if metric.kind == UNIQUE})
    pairs, index = readings.series
    series = np.array([book[pair] for pair in pairs], np.int64)
    value, span = readings.value, readings.span
    there = readings.who != NOBODY
    if there.any():
        value, span = value.copy(), np.where(there, PERSON, span)
        value[there] = _numbers_of(readings.taken(there), book)
    found = FactColumns(
        readings.metric,
        series[index],
        readings.day,
        readings.khash,
        value,
        span,
        readings.own & (source.keys == MAY_MOVE),
    )
    return _in_order(_last_of_each(found) if found.keyed.any() else found)


def _numbered(column: Sequence[Any]) -> tuple[list[Any], Ints]:
    """The different things of a column, and which of them each one is; None is none of them."""
    things = [thing for thing in dict.fromkeys(column) if thing is not None]
    places = dict(zip(things, range(len(things)), strict=True)) | {None: NOBODY}
    return things, np.fromiter(map(places.__getitem__, column), np.int32, len(column))


def _numbers_of(readings: ReadingColumns, book: FactBook) -> Ints:
    """The number of the person of each reading."""
    pairs = zip(readings.metric.tolist(), readings.who.tolist(), strict=True)
    people, known = readings.people, book.people
    return np.fromiter(
        (known[metric_id, people[who]] for metric_id, who in pairs), np.int64, len(readings)
    )


def _last_of_each(facts: FactColumns) -> FactColumns:
    """Without those whose metric and key come again further down."""
    mixed = np.sort(facts.khash + facts.metric * MIX)
    if not _repeats(mixed).any():
        return facts
    order = np.lexsort((facts.khash, facts.metric))
    goes_on = _repeats(facts.metric[order]) & _repeats(facts.khash[order])
    return facts.taken(np.sort(order[np.append(~goes_on, True)]))


def _in_order(facts: FactColumns) -> FactColumns:
    """In the order of the key under which they are stored; the last of those that share it."""
    place = facts.series << 32 | facts.day
    order = np.argsort(place)
    if not _repeats(place[order]).any():
        return facts.taken(order)
    order = np.lexsort((facts.khash, place))
    ordered = facts.taken(order)
    goes_on = _repeats(place[order]) & _repeats(ordered.khash)
    return ordered.taken(np.append(~goes_on, True))


def _repeats(column: Ints) -> Mask:
    """Of each but the last whether the next one is equal."""
    return np.asarray(column[1:] == column[:-1])


def _keys_of(readings: Iterable[Reading]) -> Iterator[str]:
    """The key of each reading: its own, or what tells it apart from others of its source.

    A person counts once per day and dimensions; values count as the n-th such one of the batch.
    """
    copies: Counter[tuple[int, date, Dims, int]] = Counter()
    for metric_id, day, _value, dims, own, span, recipient in readings:
        if own is not None:
            yield own
        elif recipient is not None:
            yield recipient_key(day, as_text(canonical(dims)), recipient)
        else:
            place = (metric_id, day, canonical(dims), span)
            copies[place] += 1
            yield snapshot_key(plain_key(day, place[2], copies[place]), span)


def _refuse_unfit(readings: ReadingColumns, uniques: set[int]) -> None:
    """People belong to unique metrics, counts of people are not negative, spans are of days."""
    there = readings.who != NOBODY
    unfit = (readings.span < 1) | (readings.span > MOST_SPAN)
    if uniques or there.any():
        is_unique = np.isin(readings.metric, sorted(uniques))
        names = np.array([not _is_a_name(name) for name in readings.people] + [False], bool)
        unfit |= (there & ~is_unique) | names[readings.who]
        unfit |= ~there & is_unique & (readings.value < 0)
    for at in np.flatnonzero(unfit).tolist():
        if there[at]:
            unique = readings.metrics[readings.which[at]] in uniques
            _refuse_recipient(readings.people[readings.who[at]], unique=unique)
        elif readings.value[at] < 0 and readings.metrics[readings.which[at]] in uniques:
            raise Refused(_("A count of people is not negative."), code="negative", field="value")
        if not 1 <= readings.span[at] <= MOST_SPAN:
            raise Refused(
                _("A value covers 1 to %(most)s days.") % {"most": MOST_SPAN},
                code="out_of_range",
                field="span",
            )


def _refuse_recipient(recipient: str, *, unique: bool) -> None:
    if not unique:
        raise Refused(
            _("Only a unique metric counts people."), code="counts_no_people", field="recipient"
        )
    if not _is_a_name(recipient):
        raise Refused(
            _("The id of a person has 1 to %(most)s characters.") % {"most": LONGEST_RECIPIENT},
            code="invalid_recipient",
            field="recipient",
        )


def _is_a_name(recipient: str) -> bool:
    return 0 < len(recipient) <= LONGEST_RECIPIENT and is_sound(recipient)
