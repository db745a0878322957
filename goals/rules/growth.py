"""What promised growth asks for: the growth stands, the amount follows the year before."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from goals.rules.amounts import rounded
from goals.rules.spans import span_year_before
from metrics.rules.periods import Span

DIGITS = 15


@dataclass(frozen=True)
class Base:
    """What the same days of the year before came to, as known now.

    `value` is of the days that are over, `known` of `days`; `when_set` is what was measured when
    the growth was promised. All in the metric's unit.
    """

    value: Decimal | None
    known: int
    days: int
    when_set: Decimal | None = None

    @property
    def is_open(self) -> bool:
        """Whether days of it are still to come, so that no amount is final."""
        return self.known < self.days

    @property
    def has_moved(self) -> bool:
        """Whether it came to something else since the growth was promised."""
        return self.value is not None and self.value != self.when_set

    def asked(self, target: Decimal) -> Decimal | None:
        """What the growth promised by `target` on `when_set` asks for; None while days are open.

        Without a value to stand on the target is as it was when it was set.
        """
        if self.is_open:
            return None
        if self.value is None or not self.when_set or not self.has_moved:
            return target
        return rounded(self.value * target / self.when_set, DIGITS)


def base_days(window: Span, *, complete: date) -> Span | None:
    """The same days of the year before, as far as they are over; None before the first is."""
    span = span_year_before(window)
    last = min(span.last, complete)
    return None if last < span.first else Span(span.first, last)
