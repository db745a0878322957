"""What is asked in words, one by one; everything that cannot be understood is told at once."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext_lazy

from metrics.models import Metric
from metrics.queries.catalogue import find_metric
from metrics.rules.amounts import read_amount
from metrics.rules.days import read_day
from metrics.rules.dims import MOST_DIMS, read_filter
from metrics.rules.instants import read_known
from metrics.rules.periods import FIRST_DAY, LAST_DAY, Grain, Span, is_known_day
from metrics.rules.questions import MOST_FILTERS
from workspaces.models import Workspace
from workspaces.rules.errors import Invalid, Problem

Filter = tuple[str, str | None]
GRAINS = [grain.value for grain in Grain]
TRUTH = {"true": True, "false": False}
LONGEST_NUMBER = 10  # digits
WORDS = {  # what a page calls the words of its address
    "metrics": _lazy("Metrics"),
    "grain": _lazy("Grain"),
    "from": _lazy("From"),
    "to": _lazy("To"),
    "days": _lazy("Days"),
    "by": _lazy("Break down by"),
    "where": pgettext_lazy("MOps", "Filter"),
    "compare": _lazy("Compare with"),
    "top": _lazy("Largest"),
    "cumulative": _lazy("Cumulative"),
    "window": _lazy("Moving"),
    "calendar": _lazy("Quarters and years"),
    "version": _lazy("Version"),
    "known_at": _lazy("As known"),
    "chart": _lazy("Draw"),
}
NAMELESS = {"not_a_day", "not_a_number", "not_an_instant", "invalid_choice", "repeated"}


def sentences(problems: Sequence[Problem]) -> str:
    """All that is wrong with an address, for a page; where a sentence needs it with the field."""
    told = [
        f"{WORDS[one.column]}: {one.message}"
        if one.code in NAMELESS and one.column in WORDS
        else one.message
        for one in problems
    ]
    return " ".join(dict.fromkeys(told))


class Asking:
    """Reads the words of a query string; an empty one is not asked. Call `done` before the use."""

    are_texts = True  # numbers and truth are written as texts

    def __init__(self, query: QueryDict, *, at: str = "") -> None:
        """Keep what was asked; `at` is where it stands in the body, as a pointer."""
        self.query, self.at = query, at
        self.problems: list[Problem] = []

    def fault(self, name: str, code: str, message: str) -> None:
        """Note what is wrong with a word."""
        self.problems.append(Problem(message, code, f"{self.at}/{name}", None, name))

    def done(self) -> None:
        """Raise Invalid with all that was wrong."""
        if self.problems:
            raise Invalid(self.problems)

    def given(self, name: str) -> object:
        """What stands there, given once; None where nothing does."""
        found = self.query.getlist(name)
        if len(found) > 1:
            self.fault(name, "repeated", _("Give this once."))
        return (found[0] or None) if found else None

    def listed(self, name: str) -> object:
        """What may be given several times."""
        return self.query.getlist(name)

    def word(self, name: str, *, needed: str = "") -> str:
        """A text; `needed` is the sentence for one that is missing."""
        found = self.given(name)
        if needed and found is None:
            self.fault(name, "required", needed)
        return found if isinstance(found, str) else ""

    def names(self, name: str, most: int = MOST_DIMS, too_many: str = "") -> tuple[str, ...]:
        """Several names, each once; `too_many` is the sentence for more than `most`."""
        found = self.listed(name)
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            self.fault(name, "not_names", _("Write a list of keys."))
            return ()
        if len(found) > most:
            too_many = too_many or _("Choose at most %(most)s dimensions.")
            self.fault(name, "too_many", too_many % {"most": most})
        return tuple(dict.fromkeys(found))

    def choice(self, name: str, words: Collection[str], default: str = "") -> str:
        """One of the words, or the default."""
        found = self.given(name)
        if found is None:
            return default
        if not isinstance(found, str) or found not in words:
            listed = ", ".join(word for word in words if word)
            self.fault(name, "invalid_choice", _("Choose one of: %s.") % listed)
            return default
        return found

    def truth(self, name: str) -> bool:
        """True or false, which is the default."""
        found = self.given(name)
        known = TRUTH.get(found) if self.are_texts and isinstance(found, str) else found
        if found is not None and not isinstance(known, bool):
            self.fault(name, "invalid_choice", _("Write true or false."))
        return known is True

    def whole(self, name: str, *, least: int = 1, most: int) -> int | None:
        """A whole number within its limits."""
        found = self.given(name)
        if self.are_texts and isinstance(found, str):
            is_short = len(found) <= LONGEST_NUMBER
            found = int(found) if found.isascii() and found.isdigit() and is_short else found
        if found is None:
            return None
        if type(found) is not int or not least <= found <= most:
            words = {"least": least, "most": f"{most:,}"}
            message = _("Write a whole number from %(least)s to %(most)s.") % words
            self.fault(name, "not_a_number", message)
            return None
        return found

    def amount(self, name: str, default: Decimal) -> Decimal:
        """A plain number that is not negative."""
        text = self.word(name)
        if not text:
            return default
        if not isinstance(read_amount(text, 0), int) or text.startswith("-"):
            self.fault(name, "not_a_number", _("Write a number, 0 or more."))
            return default
        return Decimal(text)

    def day(self, name: str, *, needed: str = "") -> date | None:
        """A day as 2026-01-31."""
        found = self.given(name)
        day = read_day(found)
        if found is None and needed:
            self.fault(name, "required", needed)
        elif found is not None and day is None:
            self.fault(name, "not_a_day", _("Write a day as 2026-01-31."))
        elif day is not None and not is_known_day(day):
            limits = {"first": FIRST_DAY, "last": LAST_DAY}
            message = _("Days lie between %(first)s and %(last)s.") % limits
            self.fault(name, "out_of_range", message)
            return None
        return day

    def days(
        self, first: str = "from", last: str = "to", *, needed: str = ""
    ) -> tuple[date | None, date | None]:
        """Two days in their order; without `needed` either may be missing."""
        start, end = self.day(first, needed=needed), self.day(last, needed=needed)
        if start and end and start > end:
            self.fault(first, "backwards", _("The first day lies after the last."))
        return start, end

    def span(self, first: str, last: str, *, needed: str = "") -> Span | None:
        """Two days in their order; None where one is missing."""
        start, end = self.days(first, last, needed=needed)
        return Span(start, end) if start and end else None

    def known(self, name: str, *, needed: str = "") -> date | datetime | None:
        """A day, at whose end something was known, or an instant with its offset."""
        found = self.given(name)
        known = read_known(found)
        if found is None and needed:
            self.fault(name, "required", needed)
        elif found is not None and known is None:
            message = _("Write a day as 2026-01-31, or an instant as 2026-01-31T12:00:00+01:00.")
            self.fault(name, "not_an_instant", message)
        return known

    def filters(self) -> tuple[Filter, ...]:
        """`where=DIM:VALUE`, or DIM: for those without a value."""
        found = [read_filter(word) for word in self.query.getlist("where")]
        if None in found:
            message = _("Write a filter as DIM:VALUE, or DIM: for those without a value.")
            self.fault("where", "not_a_filter", message)
        return self.few_filters(found)

    def few_filters(self, found: Sequence[Filter | None]) -> tuple[Filter, ...]:
        """Those that are filters, if there are not too many of them."""
        if len(found) > MOST_FILTERS:
            self.fault("where", "too_many", _("That are too many filters."))
        return tuple(pair for pair in found[:MOST_FILTERS] if pair is not None)

    def metric(self, workspace: Workspace, name: str = "metric") -> Metric | None:
        """The metric of a key; told where there is none of that key; 1 query."""
        key = self.word(name)
        metric = find_metric(workspace, key) if key else None
        if key and metric is None:
            self.fault(name, "unknown_metric", _("There is no metric with this key."))
        return metric

    def some_metric(self, workspace: Workspace, name: str = "metric") -> Metric:
        """The metric that has to be named; ends the reading where there is none; 1 query."""
        metric = self.metric(workspace, name)
        if metric is None:
            if not self.query.get(name):
                self.fault(name, "required", _("Say which metric."))
            raise Invalid(self.problems)
        return metric


class Address(Asking):
    """The address of a page: fields of a form that were left empty say nothing."""

    def listed(self, name: str) -> object:
        """What may be given several times, without the empty ones."""
        return [one for one in self.query.getlist(name) if one]
