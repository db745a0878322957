"""What a reader of one metric asks: the words of its page and of its series are the same."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from metrics.forms.asking import GRAINS, Asking, Filter
from metrics.queries.questions import SeriesQuestion, instant_of_view
from metrics.rules.periods import Calendar, Grain
from metrics.rules.questions import (
    CALENDARS,
    COMPARISONS,
    FISCAL,
    MOST_LINES,
    MOST_VERSIONS,
    MOST_WINDOW,
)
from workspaces.models import Workspace

WINDOWS = ("3", "4", "7", "12", "28")  # buckets of a moving window that the page offers
TOPS = ("3", "5", "8")  # lines


@dataclass(frozen=True)
class Reading:
    """Grain, range, breakdown, filters and ways of reading of one metric.

    `known_at` asks for what was known at an instant, or at the end of a day.
    """

    grain: Grain = Grain.MONTH
    first: date | None = None
    last: date | None = None
    lines: tuple[str, ...] = ()
    where: tuple[Filter, ...] = ()
    compare: str = ""
    running: bool = False
    window: int = 1
    fiscal: bool = False
    top: int | None = None
    version: int | None = None
    known_at: date | datetime | None = None

    @property
    def by(self) -> str:
        """The dimension of the breakdown on a page, which has one at most."""
        return self.lines[0] if self.lines else ""

    def filtered(self, where: list[Filter]) -> "Reading":
        """The same question with other filters."""
        return replace(self, where=tuple(where))

    def words(self, **changes: str) -> list[tuple[str, str]]:
        """The same question as the words of an address, some of them changed."""
        words = {
            "grain": self.grain.value,
            "from": self.first.isoformat() if self.first else "",
            "to": self.last.isoformat() if self.last else "",
            "by": self.by,
            "compare": self.compare,
            "cumulative": "true" if self.running else "",
            "window": str(self.window) if self.window > 1 else "",
            "calendar": FISCAL if self.fiscal else "",
            "top": str(self.top) if self.top and self.by else "",
            "version": str(self.version or ""),
            "known_at": self.known_at.isoformat() if self.known_at else "",
            **changes,
        }
        kept = [(name, value) for name, value in words.items() if value]
        return kept + [("where", f"{name}:{value or ''}") for name, value in self.where]

    def query(self, **changes: str) -> str:
        """The same as a query string."""
        return urlencode(self.words(**changes))

    def question(self, workspace: Workspace, today: date) -> SeriesQuestion:
        """The same as the core understands it; of a past view today is its own day."""
        month = workspace.fiscal_year_starts_in if self.fiscal else 1
        known_at = instant_of_view(workspace, self.known_at, today)
        if known_at is not None:
            today = workspace.day_of(known_at)
        return SeriesQuestion(
            self.grain, self.first, self.last, self.lines, self.where, today,
            Calendar(workspace.week_starts_on, month), self.top if self.lines else None,
            self.compare, self.running, self.window, self.version, known_at,
        )  # fmt: skip


def reading_of(asking: Asking) -> Reading:
    """What the words say; those that make no sense are noted in `asking` and not asked."""
    first, last = asking.days()
    running, window = asking.truth("cumulative"), asking.whole("window", most=MOST_WINDOW)
    if running and window:
        asking.fault("window", "either_or", _("Say cumulative or window, not both."))
        window = None
    return Reading(
        grain=Grain(asking.choice("grain", GRAINS, Grain.MONTH)),
        first=first,
        last=last,
        lines=asking.names("by"),
        where=asking.filters(),
        compare=asking.choice("compare", COMPARISONS),
        running=running,
        window=window or 1,
        fiscal=asking.choice("calendar", CALENDARS) == FISCAL,
        top=asking.whole("top", most=MOST_LINES),
        version=asking.whole("version", most=MOST_VERSIONS),
        known_at=asking.known("known_at"),
    )
