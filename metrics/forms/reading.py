"""What a reader of a metric's page asked for; what makes no sense falls back to the usual."""

from dataclasses import dataclass, field, replace
from datetime import date
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict

from metrics.rules.periods import Grain


@dataclass(frozen=True)
class Reading:
    """Grain, range, breakdown and filters of a metric's page."""

    grain: Grain = Grain.MONTH
    first: date | None = None
    last: date | None = None
    by: str = ""
    where: list[tuple[str, str | None]] = field(default_factory=list)

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
            **changes,
        }
        kept = [(name, value) for name, value in words.items() if value]
        return urlencode(kept + [("where", f"{name}:{value or ''}") for name, value in self.where])


class ReadingForm(forms.Form):
    """The controls above the chart."""

    grain = forms.ChoiceField(choices=[(g.value, g.value) for g in Grain], required=False)
    first = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, asked: QueryDict) -> None:
        """Read ?grain=&from=&to=&by=&where=dim:value."""
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
        )
