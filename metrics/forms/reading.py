"""What a reader of a metric's page asked for; what makes no sense falls back to the usual."""

from dataclasses import dataclass, field, replace
from datetime import date
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict

from metrics.queries.questions import PREVIOUS, YEAR, Question
from metrics.rules.periods import Calendar, Grain
from workspaces.models import Workspace

WINDOWS = ("3", "4", "7", "12", "28")  # buckets of a moving window that the page offers
TOPS = ("3", "5", "8")  # lines


@dataclass(frozen=True)
class Reading:
    """Grain, range, breakdown, filters and ways of reading of a metric's page."""

    grain: Grain = Grain.MONTH
    first: date | None = None
    last: date | None = None
    by: str = ""
    where: list[tuple[str, str | None]] = field(default_factory=list)
    compare: str = ""
    running: bool = False
    window: int = 1
    fiscal: bool = False
    top: int | None = None

    def filtered(self, where: list[tuple[str, str | None]]) -> "Reading":
        """The same question with other filters."""
        return replace(self, where=where)

    def query(self, **changes: str) -> str:
        """The same question as a query string, with some words changed."""
        words = {
            "grain": self.grain.value,
            "from": self.first.isoformat() if self.first else "",
            "to": self.last.isoformat() if self.last else "",
            "by": self.by,
            "compare": self.compare,
            "cumulative": "true" if self.running else "",
            "window": str(self.window) if self.window > 1 else "",
            "calendar": "fiscal" if self.fiscal else "",
            "top": str(self.top) if self.top and self.by else "",
            **changes,
        }
        kept = [(name, value) for name, value in words.items() if value]
        return urlencode(kept + [("where", f"{name}:{value or ''}") for name, value in self.where])

    def question(self, workspace: Workspace, today: date) -> Question:
        """The same as the core understands it."""
        month = workspace.fiscal_year_starts_in if self.fiscal else 1
        return Question(
            self.grain, self.first, self.last, (self.by,) if self.by else (), tuple(self.where),
            today, Calendar(workspace.week_starts_on, month), self.top if self.by else None,
            self.compare, self.running, self.window,
        )  # fmt: skip


class ReadingForm(forms.Form):
    """The controls above the chart."""

    grain = forms.ChoiceField(choices=[(g.value, g.value) for g in Grain], required=False)
    first = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, asked: QueryDict) -> None:
        """Read the words of the series endpoint: ?grain=&from=&to=&by=&where=dim:value."""
        data = {"grain": asked.get("grain"), "first": asked.get("from"), "last": asked.get("to")}
        super().__init__(data)
        self.asked = asked

    def reading(self) -> Reading:
        """The question; a range that runs backwards is forgotten."""
        self.is_valid()
        given = self.cleaned_data
        first, last = given.get("first"), given.get("last")
        if first and last and first > last:
            first = last = None
        where = [word.partition(":")[::2] for word in self.asked.getlist("where") if ":" in word]
        return Reading(
            grain=Grain(given.get("grain") or Grain.MONTH),
            first=first,
            last=last,
            by=self.asked.get("by", "")[:63],
            where=[(name[:63], value[:200] or None) for name, value in where][:8],
            compare=self._one_of("compare", ("", PREVIOUS, YEAR)),
            running=self.asked.get("cumulative") == "true",
            window=int(self._one_of("window", ("1", *WINDOWS))) if self._moves() else 1,
            fiscal=self.asked.get("calendar") == "fiscal",
            top=int(self._one_of("top", ("0", *TOPS))) or None,
        )

    def _moves(self) -> bool:
        return self.asked.get("cumulative") != "true"

    def _one_of(self, name: str, known: tuple[str, ...]) -> str:
        """The word if it is known, else the first."""
        word = self.asked.get(name, known[0])
        return word if word in known else known[0]
