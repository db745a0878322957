"""Questions as JSON or as a query string: strict about both, with every fault named."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from metrics.rules.days import read_day
from metrics.rules.dims import LONGEST_VALUE, is_sound, plain_value
from metrics.rules.dims import NAME as DIM
from metrics.rules.periods import FIRST_DAY, LAST_DAY, Grain, is_known_day
from metrics.rules.questions import (
    CALENDARS,
    CHARTS,
    COMPARISONS,
    MOST_BY,
    MOST_DAYS,
    MOST_FILTERS,
    MOST_METRICS,
    MOST_TOP,
    MOST_WINDOW,
    ORDINARY,
    Question,
)
from workspaces.rules.errors import Invalid, Problem

FIELDS = frozenset(
    (
        "metrics", "grain", "from", "to", "days", "by", "where", "compare", "top", "cumulative",
        "window", "calendar", "chart",
    )
)  # fmt: skip


def read_question(body: object, *, at: str = "") -> Question:
    """The question of a JSON object; Invalid names each field at fault below the pointer `at`."""
    return _Reader(body, at).question()


def question_in(query: QueryDict) -> Question:
    """The question of a page's address: metric, by and where may be repeated."""
    body: dict[str, Any] = {"metrics": list(dict.fromkeys(query.getlist("metric")))}
    for name in ("grain", "from", "to", "compare", "calendar", "chart"):
        if query.get(name):
            body[name] = query[name]
    if query.get("cumulative"):
        body["cumulative"] = {"true": True, "on": True}.get(
            query["cumulative"], query["cumulative"]
        )
    for name in ("days", "top", "window"):
        if query.get(name):
            text = query[name]
            body[name] = int(text[:9]) if text.isascii() and text.isdigit() else text
    body["by"] = list(dict.fromkeys(name for name in query.getlist("by") if name))
    where: dict[str, list[str | None]] = {}
    for word in query.getlist("where"):
        name, _colon, value = word.partition(":")
        where.setdefault(name, []).append(value or None)
    return read_question({**body, "where": where})


class _Reader:
    """Reads one object and collects what is wrong with it."""

    def __init__(self, body: object, at: str) -> None:
        self.at, self.problems = at, []
        self.body: Mapping[str, Any] = body if isinstance(body, Mapping) else {}
        if not isinstance(body, Mapping):
            self.fault("", "not_an_object", _("Write a question as an object."))
        for name in self.body:
            if name not in FIELDS:
                self.fault(str(name), "unknown_field", _("There is no such field."))

    problems: list[Problem]

    def fault(self, name: str, code: str, message: str) -> None:
        self.problems.append(Problem(message, code, f"{self.at}/{name}", None, name))

    def question(self) -> Question:
        first, last = self.day("from"), self.day("to")
        if first and last and first > last:
            self.fault("from", "backwards", _("The first day lies after the last."))
        found = Question(
            metrics=self.names("metrics", MOST_METRICS, least=1),
            grain=Grain(self.choice("grain", tuple(Grain), Grain.MONTH)),
            first=first,
            last=last,
            days=self.number("days", most=MOST_DAYS),
            by=self.names("by", MOST_BY),
            where=self.filters(),
            compare=self.choice("compare", COMPARISONS, ""),
            top=self.number("top", most=MOST_TOP),
            cumulative=self.truth("cumulative"),
            window=self.number("window", least=1, most=MOST_WINDOW),
            calendar=self.choice("calendar", CALENDARS, ORDINARY),
            chart=self.choice("chart", CHARTS, "line"),
        )
        if found.days and (first or last):
            self.fault("days", "either_or", _("Say days or from and to, not both."))
        if found.cumulative and found.window > 1:
            self.fault("window", "either_or", _("Say cumulative or window, not both."))
        if self.problems:
            raise Invalid(self.problems)
        return found

    def names(self, name: str, most: int, *, least: int = 0) -> tuple[str, ...]:
        """Keys of metrics or names of dimensions, each once."""
        found = self.body.get(name, [])
        if not isinstance(found, list) or not all(_is_name(one) for one in found):
            self.fault(name, "not_names", _("Write a list of keys."))
            return ()
        if not least <= len(found) <= most:
            words = {"least": least, "most": most}
            message = _("Give %(least)s to %(most)s.") % words
            self.fault(name, "too_many" if found else "required", message)
        return tuple(dict.fromkeys(found))

    def choice(self, name: str, words: tuple[str, ...], default: str) -> str:
        found = self.body.get(name, default)
        if not isinstance(found, str) or found not in words:
            listed = ", ".join(word for word in words if word)
            self.fault(name, "invalid_choice", _("Choose one of: %s.") % listed)
            return default
        return found

    def number(self, name: str, *, most: int, least: int = 0) -> int:
        found = self.body.get(name, least)
        if type(found) is not int or not least <= found <= most:
            words = {"least": least, "most": most}
            message = _("Write a whole number from %(least)s to %(most)s.") % words
            self.fault(name, "not_a_number", message)
            return least
        return found

    def truth(self, name: str) -> bool:
        found = self.body.get(name, False)
        if not isinstance(found, bool):
            self.fault(name, "invalid_choice", _("Write true or false."))
        return found is True

    def day(self, name: str) -> date | None:
        found = self.body.get(name)
        day = read_day(found)
        if found is not None and day is None:
            self.fault(name, "not_a_day", _("Write a day as 2026-01-31."))
        elif day is not None and not is_known_day(day):
            limits = {"first": FIRST_DAY, "last": LAST_DAY}
            message = _("Days lie between %(first)s and %(last)s.") % limits
            self.fault(name, "out_of_range", message)
            return None
        return day

    def filters(self) -> tuple[tuple[str, str | None], ...]:
        """`{dimension: [values]}`; null stands for those without a value."""
        given = self.body.get("where", {})
        if not isinstance(given, Mapping) or not all(_is_filter(*pair) for pair in given.items()):
            message = _("Write filters as {dimension: [values]}, null for those without a value.")
            self.fault("where", "not_a_filter", message)
            return ()
        found = [(name, plain_value(value)) for name, values in given.items() for value in values]
        if len(found) > MOST_FILTERS:
            self.fault("where", "too_many", _("That are too many filters."))
        return tuple(found)


def _is_name(one: object) -> bool:
    return isinstance(one, str) and DIM.match(one) is not None


def _is_filter(name: object, values: object) -> bool:
    return _is_name(name) and isinstance(values, list) and all(map(_is_value, values))


def _is_value(value: object) -> bool:
    if value is None:
        return True
    return isinstance(value, str) and len(value) <= LONGEST_VALUE and is_sound(value)
