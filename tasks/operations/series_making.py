"""Making the cards that come back: each day of a series is seen to once.

The series' row is held while its days are seen to, and (series, day) is unique: two workers make
one card, and one that is killed has made none.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tasks.models import Card, CardSeries, CustomField, Label, SeriesDay
from tasks.operations.cards import CardDraft, add_card
from tasks.queries.boards import first_column
from tasks.queries.series import due_series, make_on_of, next_after_done, next_of
from tasks.queries.workdays import workdays
from tasks.rules.recurrence import Kind, missed
from workspaces.models.actors import automaton
from workspaces.rules.errors import Refused

MOST_CAUGHT_UP = 30


def make_due_cards(*, at: datetime) -> int:
    """Make the cards of all series that are due by now; how many. May run twice, at any time."""
    return sum(see_to(pk, at=at) for pk in due_series(at))


@transaction.atomic
def see_to(series_id: int, *, at: datetime) -> int:
    """See to the days of one series that are due; how many cards were made."""
    CardSeries.objects.select_for_update(no_key=True).filter(pk=series_id).first()
    rows = CardSeries.objects.select_related("workspace", "column", "assignee__user", "goal")
    series = rows.select_related("board__workspace").filter(pk=series_id).first()
    if series is None or not series.is_running or not series.board.is_open:
        return 0
    today = series.workspace.day_of(at)
    days = _due_days(series, today)
    gone = missed(
        days,
        today=today,
        all_of_them=series.catch_up == CardSeries.CatchUp.ALL,
        most=MOST_CAUGHT_UP,
    )
    count, trouble = 0, ""
    for day in days:
        if day in gone:
            _see(series, day, SeriesDay.State.MISSED, None, at)
        else:
            trouble = _make(series, day, at)
            if trouble:
                break
            count += 1
        series.made_until = max(series.made_until, day)
    series.trouble = trouble[: CardSeries._meta.get_field("trouble").max_length]
    series.next_on = next_of(series)
    series.make_on = make_on_of(series)
    series.save(update_fields=["made_until", "trouble", "next_on", "make_on"])
    return count


def _due_days(series: CardSeries, today: date) -> list[date]:
    """The days whose cards are to be there by now and that nobody has seen to."""
    works, last = workdays(series.workspace), date.fromordinal(today.toordinal() + series.lead_days)
    if series.days.kind is Kind.AFTER_DONE:
        day = next_after_done(series, works)
        return [day] if day and day <= last else []
    days = series.days.days_between(series.made_until, last, works)
    seen = SeriesDay.objects.filter(series=series, day__in=days)
    known = set(seen.values_list("day", flat=True))
    return [day for day in days if day not in known]


def _make(series: CardSeries, day: date, at: datetime) -> str:
    """Make the card of a day; "" or why that is refused, to be tried again."""
    column = series.column or first_column(series.workspace, series.board)
    if column is None:
        return _("This board has no column.")
    column.board = series.board
    try:
        with transaction.atomic():
            by = automaton(series.workspace, series=series.pk)
            card = add_card(column, draft=_draft(series, day), by=by, at=at)
            Card.objects.filter(pk=card.pk).update(series=series)
            _see(series, day, SeriesDay.State.MADE, card, at)
    except Refused as refusal:
        return refusal.message
    return ""


def _draft(series: CardSeries, day: date) -> CardDraft:
    """The card of a day; what is there no more is left away."""
    fields = CustomField.objects.filter(
        workspace=series.workspace_id, pk__in=map(int, series.values), retired_at=None
    )
    labels = Label.objects.filter(workspace=series.workspace_id, pk__in=series.labels)
    person = series.assignee
    return CardDraft(
        title=series.title,
        description=series.description,
        assignee=person if person and person.user.is_active else None,
        due_on=day,
        goal=series.goal,
        checklist=tuple(series.checklist),
        estimate=series.estimate,
        priority=series.priority,
        labels=tuple(labels),
        values={field: series.values[str(field.pk)] for field in fields},
    )


def _see(series: CardSeries, day: date, state: str, card: Card | None, at: datetime) -> None:
    SeriesDay.objects.create(
        workspace_id=series.workspace_id, series=series, day=day, state=state, card=card, at=at
    )
