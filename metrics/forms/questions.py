"""Questions as JSON or as a page's address: strict about both, with every fault named."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from metrics.forms.asking import GRAINS, Address, Asking, Filter
from metrics.rules.dims import LONGEST_VALUE, NAME, is_sound, plain_value
from metrics.rules.periods import Grain
from metrics.rules.questions import (
    CALENDARS,
    CHARTS,
    COMPARISONS,
    MOST_BY,
    MOST_DAYS,
    MOST_METRICS,
    MOST_TOP,
    MOST_VERSIONS,
    MOST_WINDOW,
    ORDINARY,
    Question,
)
from workspaces.rules.errors import Problem

FIELDS = frozenset(
    (
        "metrics", "grain", "from", "to", "days", "by", "where", "compare", "top", "cumulative",
        "window", "calendar", "version", "known_at", "chart",
    )
)  # fmt: skip


def read_question(body: object, *, at: str = "") -> Question:
    """The question of a JSON object; Invalid names each field at fault below the pointer `at`."""
    return _question(_Body(body, at))


def question_in(query: QueryDict) -> Question:
    """The question of a page's address: metric, by and where may be repeated."""
    return _question(_Address(query))


def understood(query: QueryDict) -> tuple[Question, list[Problem]]:
    """What can be understood of an address, so that its form keeps it, and what is wrong."""
    asking = _Address(query)
    return _read(asking), asking.problems


def _question(asking: Asking) -> Question:
    found = _read(asking)
    asking.done()
    return found


def _read(asking: Asking) -> Question:
    first, last = asking.days()
    found = Question(
        metrics=_keys(asking, "metrics", MOST_METRICS, _("Choose at most %(most)s metrics.")),
        grain=Grain(asking.choice("grain", GRAINS, Grain.MONTH)),
        first=first,
        last=last,
        days=asking.whole("days", least=0, most=MOST_DAYS) or 0,
        by=_keys(asking, "by", MOST_BY),
        where=asking.filters(),
        compare=asking.choice("compare", COMPARISONS),
        top=asking.whole("top", least=0, most=MOST_TOP) or 0,
        cumulative=asking.truth("cumulative"),
        window=asking.whole("window", most=MOST_WINDOW) or 1,
        calendar=asking.choice("calendar", CALENDARS, ORDINARY),
        version=asking.whole("version", most=MOST_VERSIONS),
        known_at=asking.known("known_at"),
        chart=asking.choice("chart", CHARTS, "line"),
    )
    if not found.metrics:
        asking.fault("metrics", "required", _("Say which metric."))
    if found.days and (first or last):
        asking.fault("days", "either_or", _("Say days or from and to, not both."))
    if found.cumulative and found.window > 1:
        asking.fault("window", "either_or", _("Say cumulative or window, not both."))
    if found.version and len(found.metrics) > 1:
        asking.fault("version", "either_or", _("Say a version of one metric alone."))
    return found


def _keys(asking: Asking, name: str, most: int, too_many: str = "") -> tuple[str, ...]:
    """Keys of metrics or names of dimensions, each once."""
    found = asking.names(name, most, too_many)
    if not all(map(NAME.match, found)):
        asking.fault(name, "not_names", _("Write a list of keys."))
        return ()
    return found


class _Address(Address):
    """A page calls each of the metrics a metric."""

    def listed(self, name: str) -> object:
        return super().listed("metric" if name == "metrics" else name)


class _Body(Asking):
    """The object of a request; null says nothing."""

    are_texts = False

    def __init__(self, body: object, at: str) -> None:
        super().__init__(QueryDict(), at=at)
        self.body: Mapping[str, Any] = body if isinstance(body, Mapping) else {}
        if not isinstance(body, Mapping):
            self.fault("", "not_an_object", _("Write a question as an object."))
        for name in self.body:
            if name not in FIELDS:
                self.fault(str(name), "unknown_field", _("There is no such field."))

    def given(self, name: str) -> object:
        return self.body.get(name)

    def listed(self, name: str) -> object:
        found = self.body.get(name)
        return [] if found is None else found

    def filters(self) -> tuple[Filter, ...]:
        """`{dimension: [values]}`; null stands for those without a value."""
        given = {} if self.body.get("where") is None else self.body["where"]
        if not isinstance(given, Mapping) or not all(_is_filter(*pair) for pair in given.items()):
            message = _("Write filters as {dimension: [values]}, null for those without a value.")
            self.fault("where", "not_a_filter", message)
            return ()
        found = [(name, plain_value(value)) for name, values in given.items() for value in values]
        return self.few_filters(found)


def _is_filter(name: object, values: object) -> bool:
    is_name = isinstance(name, str) and NAME.match(name) is not None
    return is_name and isinstance(values, list) and all(map(_is_value, values))


def _is_value(value: object) -> bool:
    if value is None:
        return True
    return isinstance(value, str) and len(value) <= LONGEST_VALUE and is_sound(value)
