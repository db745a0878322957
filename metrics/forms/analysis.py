"""What is asked of an explanation and of a best-of table, from a query string."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.http import QueryDict
from django.utils.translation import gettext as _

from metrics.forms.asking import Asking, Filter
from metrics.queries.best import LEAST
from metrics.queries.explain import Windows
from metrics.rules.instants import known_instant
from metrics.rules.period_names import period_named
from metrics.rules.periods import DAY, FIRST_DAY, Span
from workspaces.models import Workspace


@dataclass(frozen=True)
class WhyAsked:
    """Two windows, a dimension (or none), filters, and what was known when (None: now)."""

    windows: Windows
    by: str
    where: tuple[Filter, ...]
    known_at: date | datetime | None = None


@dataclass(frozen=True)
class BestAsked:
    """A window, a dimension, filters, the least volume, and what was known when (None: now)."""

    span: Span
    by: str
    where: tuple[Filter, ...]
    least: Decimal
    known_at: date | datetime | None = None


def why_asked(query: QueryDict) -> WhyAsked:
    """`from`, `to`, `against_from`, `against_to` (right before), `by`, `where`, `known_at`."""
    asking = Asking(query)
    needed = _("Say from which day to which.")
    now = asking.span("from", "to", needed=needed)
    both = "against_from" in query or "against_to" in query
    against = asking.span("against_from", "against_to", needed=needed if both else "")
    asked_by, where, known_at = asking.word("by"), asking.filters(), asking.known("known_at")
    asking.done()
    now = now or Span(FIRST_DAY, FIRST_DAY)
    return WhyAsked(Windows(now, against or right_before(now)), asked_by, where, known_at)


def right_before(span: Span) -> Span:
    """As many days right before; whole calendar months are compared with as many of them."""
    months = (span.last.year - span.first.year) * 12 + span.last.month - span.first.month + 1
    if span.first.day == 1 and (span.last + DAY).day == 1:
        place = span.first.year * 12 + span.first.month - 1 - months
        start = date(max(place // 12, FIRST_DAY.year), place % 12 + 1, 1)
        return Span(start, max(start, span.first - DAY))
    length = span.last - span.first
    last = max(FIRST_DAY, span.first - DAY)
    return Span(max(FIRST_DAY, last - length), last)


def best_asked(query: QueryDict) -> BestAsked:
    """`by`, `from`, `to`, `where`, `min`, `known_at`."""
    asking = Asking(query)
    span = asking.span("from", "to", needed=_("Say from which day to which."))
    by = asking.word("by", needed=_("Say by which dimension."))
    where, least = asking.filters(), asking.amount("min", LEAST)
    known_at = asking.known("known_at")
    asking.done()
    return BestAsked(span or Span(FIRST_DAY, FIRST_DAY), by, where, least, known_at)


@dataclass(frozen=True)
class LearntAsked:
    """Between which instants something was learnt, and how they were asked for (None: now)."""

    since: datetime
    until: datetime
    known_from: date | datetime | None
    known_to: date | datetime | None


def learnt_asked(query: QueryDict, workspace: Workspace, *, at: datetime) -> LearntAsked:
    """`known_from` and `known_to` (now): each an instant, or a day that stands for its end."""
    asking = Asking(query)
    first = asking.known("known_from", needed=_("Say since when: known_from."))
    last = asking.known("known_to")
    since = known_instant(first, workspace.timezone) or at
    until = known_instant(last, workspace.timezone) or at
    if since > until:
        asking.fault("known_from", "backwards", _("“known_from” lies after “known_to”."))
    asking.done()
    return LearntAsked(since, until, first, last)


@dataclass(frozen=True)
class TraceAsked:
    """The days and filters of a value, and what was known when (None: now)."""

    span: Span
    where: tuple[Filter, ...]
    known_at: date | datetime | None = None


def trace_asked(query: QueryDict) -> TraceAsked:
    """`period` (as a series names it) or `from` and `to`, `where` and `known_at`."""
    asking = Asking(query)
    if "period" in query:
        named = period_named(asking.word("period"))
        if named is None:
            asking.fault("period", "not_a_period", _("Write a period as a series names it."))
        if "from" in query or "to" in query:
            asking.fault("period", "either_or", _("Say period or from and to, not both."))
        span = named and Span(named.start, named.end)
    else:
        span = asking.span("from", "to", needed=_("Say from which day to which."))
    where, known_at = asking.filters(), asking.known("known_at")
    asking.done()
    return TraceAsked(span or Span(FIRST_DAY, FIRST_DAY), where, known_at)
