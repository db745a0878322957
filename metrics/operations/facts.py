"""From readings to facts: which series, which key, who; nothing is stored here."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from metrics.models.definitions import SKETCH, UNIQUE, Metric
from metrics.models.imports import MAY_MOVE, Source
from metrics.operations.recipients import find_recipients, prepare_recipients
from metrics.operations.series import SeriesBook
from metrics.operations.storing import Fact
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

NOBODY = -1  # whom a trial does not know: no stored fact is about that


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

    def meet(self, readings: Iterable[Reading], *, add: bool) -> None:
        """Look up, or add, the people of these readings, and forget the ones before."""
        named: dict[int, set[str]] = {}
        for reading in readings:
            if reading.recipient is not None:
                named.setdefault(reading.metric_id, set()).add(reading.recipient)
        self.people = {}
        rows = Metric.objects.filter(pk__in=named, kind=UNIQUE) if named else ()
        for metric in rows:
            names = {name for name in named[metric.pk] if _is_a_name(name)}
            if metric.counting == SKETCH:
                found = {name: hash_recipient(metric.workspace_id, name) for name in names}
            else:
                look = prepare_recipients if add else find_recipients
                found = dict.fromkeys(names, NOBODY) | look(metric.workspace_id, names)
            self.people.update({(metric.pk, name): number for name, number in found.items()})


def facts_of(
    source: Source, readings: Sequence[Reading], book: FactBook, metrics: Mapping[int, Metric]
) -> list[Fact]:
    """The facts that the readings say; for a (metric, key) that is repeated the last one."""
    if not all(map(is_known_day, {reading.day for reading in readings})):
        raise Refused(_("Days lie between 1900 and 2200."), code="out_of_range", field="day")
    uniques = {pk for pk, metric in metrics.items() if metric.kind == UNIQUE}
    if uniques or any(one.span != 1 or one.recipient is not None for one in readings):
        _refuse_unfit(readings, uniques)
    source_id, may_move = source.pk, source.keys == MAY_MOVE
    hashes = hash_keys(source_id, _keys_of(readings))
    facts: dict[tuple[int, int], Fact] = {}
    for reading, khash in zip(readings, hashes, strict=True):
        metric_id, day, value, dims, own, span, recipient = reading
        if recipient is not None:
            value, span = book.people[metric_id, recipient], PERSON
        keyed = may_move and own is not None
        series_id = book[metric_id, dims]
        facts[metric_id, khash] = Fact(metric_id, series_id, day, khash, value, keyed, span)
    return list(facts.values())


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


def _refuse_unfit(readings: Iterable[Reading], uniques: set[int]) -> None:
    """People belong to unique metrics, counts of people are not negative, spans are of days."""
    for reading in readings:
        if reading.recipient is not None:
            _refuse_recipient(reading.recipient, unique=reading.metric_id in uniques)
        elif reading.value < 0 and reading.metric_id in uniques:
            raise Refused(_("A count of people is not negative."), code="negative", field="value")
        if not 1 <= reading.span <= MOST_SPAN:
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
