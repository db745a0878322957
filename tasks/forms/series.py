from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from tasks.forms.acts import SeenForm
from tasks.forms.cards import OWN, CardForm
from tasks.forms.fields import DAY, SaidForm
from tasks.models import Board, Card, CardSeries, Column
from tasks.models.cards import TEXT_LENGTH
from tasks.operations.series import LONGEST_LEAD, SeriesDraft
from tasks.queries.boards import columns_of
from tasks.queries.cards import extras_of
from tasks.queries.series import KIND_WORDS, OFF_DAY_WORDS, PLACE_WORDS
from tasks.rules.recurrence import LAST, LONGEST_WAIT, MOST_COUNT, Kind, OffDay, Pattern
from workspaces.forms import VersionField

AWAY = ("helpers", "reports_to", "start_on", "due_on", "clock")
DAYS = ("kind", "every", "weekdays", "day", "place", "begins", "until", "count", "off_days")
SAID = ("title", "description", "assignee", "goal", "estimate", "priority", "labels")


class SeriesForm(CardForm):
    """A card that comes back; `seen` is the version of one that is there."""

    beside = frozenset({"open_too"})

    column = forms.ModelChoiceField(label=_("Column"), queryset=Column.objects.none())
    checklist = forms.CharField(
        label=_("Checklist"),
        required=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("One step per line."),
    )
    kind = forms.ChoiceField(label=_("How it comes back"), choices=KIND_WORDS)
    every = forms.IntegerField(
        label=_("Every"),
        min_value=1,
        max_value=LONGEST_WAIT,
        initial=1,
        help_text=_("So many days, weeks, months or years."),
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Weekdays"),
        choices=list(WEEKDAYS.items()),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Of every week; or the one of a month."),
    )
    place = forms.TypedChoiceField(
        label=_("Which of the month"),
        choices=[("", "—"), *PLACE_WORDS.items()],
        coerce=int,
        required=False,
        empty_value=0,
    )
    day = forms.IntegerField(
        label=_("Day of the month"),
        min_value=1,
        max_value=31,
        required=False,
        help_text=_("Where a month has no such day, its last."),
    )
    begins = forms.DateField(label=_("From"), widget=DAY)
    until = forms.DateField(label=_("Until"), required=False, widget=DAY)
    count = forms.IntegerField(
        label=_("How often"), min_value=1, max_value=MOST_COUNT, required=False
    )
    off_days = forms.ChoiceField(
        label=_("Days on which nobody works"), choices=OFF_DAY_WORDS, required=False
    )
    lead_days = forms.IntegerField(
        label=_("Days ahead"),
        min_value=0,
        max_value=LONGEST_LEAD,
        initial=0,
        help_text=_("How long before it is due the card appears."),
    )
    catch_up = forms.ChoiceField(
        label=_("If days were missed, make"), choices=CardSeries.CatchUp.choices
    )
    open_too = forms.BooleanField(
        label=_("Change its open cards as well"),
        required=False,
        help_text=_("What they say, not when they are due. Else only the following cards change."),
    )
    version = VersionField(required=False)

    def __init__(self, *args: Any, board: Board, **kwargs: Any) -> None:
        super().__init__(*args, workspace=board.workspace, board=board, **kwargs)
        self.board = board
        for name in AWAY:
            self.fields.pop(name, None)
        self.fields["column"].queryset = columns_of(board)

    def pattern(self) -> Pattern:
        """On which days it comes back."""
        said = {name: self.cleaned_data[name] for name in DAYS}
        said["kind"], said["off_days"] = Kind(said["kind"]), OffDay(said["off_days"])
        said["weekdays"] = tuple(said["weekdays"])
        said["day"] = said["day"] or 0
        return Pattern(**said, weeks_begin=self.board.workspace.week_starts_on - 1)

    def changes(self) -> dict[str, Any]:
        """The series as it is wanted, by the names of a SeriesDraft."""
        said = {name: self.cleaned_data[name] for name in SAID if name in self.fields}
        said |= {name: self.cleaned_data[name] for name in ("column", "lead_days", "catch_up")}
        if "labels" in said:
            said["labels"] = tuple(said["labels"])
        lines = self.cleaned_data["checklist"].splitlines()
        own = {"values": self.said_of_own(), "checklist": tuple(lines)}
        return {**said, **own, "pattern": self.pattern()}

    def draft(self) -> SeriesDraft:
        """A new series."""
        return SeriesDraft(**self.changes())

    @staticmethod
    def values_of(series: CardSeries) -> dict[str, Any]:
        """What the form shows of a series that is there."""
        pattern = series.days
        own = {f"{OWN}{pk}": value for pk, value in series.values.items()}
        said = {name: getattr(series, name) for name in (*SAID, "lead_days", "catch_up")}
        days = {name: getattr(pattern, name) for name in DAYS}
        return {
            **own,
            **said,
            **days,
            "day": pattern.day or None,
            "place": pattern.place or "",
            "weekdays": list(pattern.weekdays),
            "column": series.column_id,
            "checklist": "\n".join(series.checklist),
            "version": series.version,
        }

    @staticmethod
    def values_like(card: Card) -> dict[str, Any]:
        """What the form shows first where a card is to come back."""
        extras = extras_of([card.pk])[card.pk]
        items = card.items.order_by("position").values_list("text", flat=True)  # type: ignore[attr-defined]
        own = {f"{OWN}{pk}": value for pk, value in card.values.items()}
        said = {name: getattr(card, name) for name in SAID if name != "labels"}
        labels, lines = [label.pk for label in extras.labels], "\n".join(items)
        return {**own, **said, "labels": labels, "checklist": lines, "column": card.column_id}


class SkipForm(SaidForm):
    """A coming day, and whether its card is left out."""

    day = forms.DateField()
    on = forms.BooleanField(required=False)


class PauseSeriesForm(SeenForm):
    on = forms.BooleanField(required=False)


def first_values(board: Board, day: Any) -> dict[str, Any]:
    """What the form of a new series shows first, on a day."""
    return {
        "begins": day,
        "day": day.day,
        "weekdays": [day.weekday()],
        "place": LAST,
        "kind": Kind.WEEKLY.value,
        "column": columns_of(board).values_list("pk", flat=True).first(),
    }
