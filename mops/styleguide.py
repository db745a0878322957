"""The style guide: every component in every state, for the eye; only with DEBUG."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mops.templatetags.ui import STATUSES

TODAY = date(2026, 11, 19)
CLICKS = SimpleNamespace(unit="count", decimals=0, currency="")
RATE = SimpleNamespace(unit="percent", decimals=2, currency="")
COST = SimpleNamespace(unit="currency", decimals=2, currency="EUR")
LINE = [2.66, 2.58, 2.63, 2.74, None, 2.78, 2.86, 2.9, 2.95, 3.02, 2.97, 2.9, 2.84, 2.81]
CLIMB = [3, 9, 14, 18, 27, 31, 38, 44, 52, 58]
PEOPLE = [
    SimpleNamespace(display_name=name, initials=initials, hue=hue)
    for hue, (name, initials) in enumerate(
        [("Ana K.", "AK"), ("Jo D.", "JD"), ("Mika R.", "MR"), ("Tess N.", "TN")], start=1
    )
]


class Sample(forms.Form):
    """One field of every kind."""

    title = forms.CharField(help_text="Say what will be different, for whom.")
    metric = forms.ChoiceField(choices=[("ctr", "E-mail click rate"), ("clicks", "Total clicks")])
    target = forms.DecimalField(label="Target", required=False)
    start = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), label="From")
    why = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), label="Why it matters")
    kind = forms.ChoiceField(
        widget=forms.RadioSelect,
        choices=[("additive", "Additive"), ("ratio", "Ratio of sums")],
        help_text="Additive values add up; a ratio is divided only when read.",
    )
    channels = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        choices=[("mail", "E-mail"), ("web", "Web"), ("social", "Social")],
        required=False,
    )
    stale = forms.BooleanField(required=False, label="Warn me when the data are late")
    file = forms.FileField(label="CSV file")


def weeks() -> list[dict[str, object]]:
    """Rows of the sample chart: the last week is incomplete, one has no data."""
    monday = date(2026, 8, 17)
    return [
        {
            "label": monday + timedelta(weeks=at),
            "value": None if value is None else Decimal(str(value)),
            "past": Decimal(str(2.3 + at * 0.02)),
            "mail": 240 + 31 * at % 170,
            "web": 120 + 53 * at % 90,
            "partial": at == len(LINE) - 1,
        }
        for at, value in enumerate(LINE)
    ]


def styleguide(request: HttpRequest) -> HttpResponse:
    """Show everything on one page."""
    if "say" in request.GET:
        messages.success(request, "Moved to Review.")
        messages.error(request, "“Review” already holds its limit of 3.")
    context = {
        "statuses": list(STATUSES),
        "people": PEOPLE,
        "clicks": CLICKS,
        "rate": RATE,
        "cost": COST,
        "line": LINE,
        "climb": CLIMB,
        "plan": [0, 60],
        "fan": [(56, 63, 70), (57, 68, 80), (58, 73, 90)],
        "today": TODAY,
        "days": [TODAY - timedelta(days=3), TODAY, TODAY + timedelta(days=8)],
        "weeks": weeks(),
        "form": Sample(),
        "wrong": Sample({"title": ""}),
        "pages": Paginator(range(95), 20).page(2),
        "steps": ["File", "Columns", "Check", "Import"],
        "share": Decimal("0.6"),
        "expected": Decimal("0.61"),
        "change": Decimal("0.224"),
        "drop": Decimal("-0.062"),
        "value": Decimal(24318),
        "ctr": Decimal("2.841"),
        "price": Decimal("-44.1"),
        "nothing": None,
    }
    return render(request, "styleguide.html", context)
