"""Questions in a query string; everything that cannot be understood is told at once."""

from datetime import date
from decimal import Decimal

from django.http import QueryDict
from django.utils.translation import gettext as _

from metrics.queries.totals import Span
from metrics.rules.amounts import read_amount
from metrics.rules.days import read_day
from metrics.rules.dims import plain_value
from metrics.rules.periods import FIRST_DAY, LAST_DAY, is_known_day
from workspaces.rules.errors import Invalid, Problem, at_field

MOST_FILTERS = 50
Filter = tuple[str, str | None]


class Asking:
    """Reads one query string; call `done` before the answer is used."""

    def __init__(self, query: QueryDict) -> None:
        """Keep what was asked."""
        self.query = query
        self.problems: list[Problem] = []

    def fault(self, name: str, code: str, message: str) -> None:
        """Note what is wrong with a parameter."""
        self.problems.append(at_field(name, code, message))

    def done(self) -> None:
        """Raise Invalid with all that was wrong."""
        if self.problems:
            raise Invalid(self.problems)

    def word(self, name: str, *, needed: str = "") -> str:
        """A parameter that is given once; `needed` is the sentence for one that is missing."""
        found = self.query.getlist(name)
        if len(found) > 1:
            self.fault(name, "repeated", _("Give this once."))
        if needed and not (found and found[0]):
            self.fault(name, "required", needed)
        return found[0] if found else ""

    def day(self, name: str, *, needed: str = "") -> date | None:
        """A day as 2026-01-31."""
        text = self.word(name, needed=needed)
        day = read_day(text)
        if text and day is None:
            self.fault(name, "not_a_day", _("Write a day as 2026-01-31."))
        elif day is not None and not is_known_day(day):
            limits = {"first": FIRST_DAY, "last": LAST_DAY}
            message = _("Days lie between %(first)s and %(last)s.") % limits
            self.fault(name, "out_of_range", message)
        return day

    def span(self, first: str, last: str, *, needed: str = "") -> Span | None:
        """Two days in their order; None where one is missing."""
        days = self.day(first, needed=needed), self.day(last, needed=needed)
        if days[0] is None or days[1] is None:
            return None
        if days[0] > days[1]:
            self.fault(first, "backwards", _("The first day lies after the last."))
        return Span(days[0], days[1])

    def filters(self) -> list[Filter]:
        """`where=DIM:VALUE`, or DIM: for those without a value."""
        words = self.query.getlist("where")
        if len(words) > MOST_FILTERS:
            self.fault("where", "too_many", _("That are too many filters."))
        found = []
        for word in words[:MOST_FILTERS]:
            name, colon, value = word.partition(":")
            if not colon or not name:
                message = _("Write a filter as DIM:VALUE, or DIM: for those without a value.")
                self.fault("where", "not_a_filter", message)
            found.append((name, plain_value(value)))
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
