"""Saying which card comes back, and when. Cards are made by operations.series_making."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals.models import Goal
from tasks.models import Board, Card, CardSeries, Column, CustomField, Label, Priority, SeriesDay
from tasks.models.cards import ITEM_LENGTH
from tasks.operations.cards import MOST_ITEMS, too_many_items
from tasks.operations.contents import clean_contents, clean_values
from tasks.operations.edits import edit_card
from tasks.operations.telling import tell_board
from tasks.queries.series import make_on_of, next_of, open_cards_of
from tasks.rules.recurrence import Pattern, Unfit, checked, kept
from tasks.verbs import (
    SERIES_ADDED,
    SERIES_CHANGED,
    SERIES_PAUSED,
    SERIES_RESUMED,
    SERIES_SKIPPED,
    SERIES_STOPPED,
)
from workspaces.models import Membership
from workspaces.operations.days import refuse_far_days
from workspaces.operations.texts import refuse_long
from workspaces.rules.errors import Refused, Stale
from workspaces.rules.letters import seen
from workspaces.rules.verbs import Verb

MOST_SERIES = 200  # of a board
LONGEST_LEAD = 60
CONTENTS = ("title", "description", "assignee", "goal", "estimate", "priority", "labels", "values")
ONE_DAY = timedelta(days=1)
UNFIT = {
    ("every", "range"): gettext_lazy("Every 1 to 99, or at most 366 days after it is done."),
    ("until", "backwards"): gettext_lazy("It ends before it begins."),
    ("count", "range"): gettext_lazy("1 to 999 times."),
    ("count", "both"): gettext_lazy("Say until when or how often, not both."),
    ("weekdays", "required"): gettext_lazy("Choose a weekday."),
    ("weekdays", "one"): gettext_lazy("Choose one weekday."),
    ("day", "range"): gettext_lazy("A day from 1 to 31."),
    ("place", "range"): gettext_lazy("The first to the fourth, or the last."),
}


@dataclass(frozen=True)
class SeriesDraft:
    """A card that comes back: what it says, as a CardDraft does, and when."""

    title: str
    pattern: Pattern
    column: Column
    description: str = ""
    assignee: Membership | None = None
    goal: Goal | None = None
    estimate: Decimal | None = None
    priority: int = Priority.NONE
    labels: tuple[Label, ...] = ()
    values: Mapping[CustomField, object] = field(default_factory=dict)
    checklist: tuple[str, ...] = ()
    lead_days: int = 0
    catch_up: str = CardSeries.CatchUp.LATEST


@transaction.atomic
def add_series(
    board: Board, *, draft: SeriesDraft, card: Card | None = None, by: Membership, at: datetime
) -> CardSeries:
    """Let a card come back from today on; `card`, if given, is the first one that there is."""
    if not board.is_open:
        raise Refused(_("This board is archived."), code="archived", field="board")
    Board.objects.select_for_update(no_key=True).get(pk=board.pk)
    if CardSeries.objects.filter(board=board, stopped_at=None).count() >= MOST_SERIES:
        message = _("At most %(count)d cards of a board come back.") % {"count": MOST_SERIES}
        raise Refused(message, code="too_many", field="title")
    first = card.due_on if card and card.due_on else None
    today = board.workspace.day_of(at)
    series = CardSeries(
        workspace_id=board.workspace_id,
        board=board,
        made_until=max(first or today - ONE_DAY, today - ONE_DAY),
        made_by=by,
        made_at=at,
    )
    _write(series, draft)
    series.save(force_insert=True)
    if card is not None:
        _take_in(series, card, first or today, at)
    _plan(series)
    _tell(SERIES_ADDED, series, by=by, at=at)
    return series


@transaction.atomic
def change_series(
    series: CardSeries,
    *,
    version: int,
    changes: Mapping[str, object],
    open_too: bool = False,
    by: Membership,
    at: datetime,
) -> CardSeries:
    """Change what the following cards say and when they come, if nobody else has since `version`.

    `changes` are by the names of SeriesDraft. `open_too` writes what has changed of the contents
    on its cards that are not done as well; their days stay.
    """
    now = _held(series, version)
    draft = _draft_of(now)
    fresh = replace(draft, **changes)  # type: ignore[arg-type]
    _write(now, fresh)
    if "pattern" in changes and kept(draft.pattern) | _ends(draft) != now.pattern | _ends(fresh):
        now.made_until = now.workspace.day_of(at) - ONE_DAY
    now.version += 1
    now.trouble = ""
    now.save()
    _plan(now)
    _tell(SERIES_CHANGED, now, by=by, at=at)
    if open_too:
        wanted = {n: getattr(fresh, n) for n in CONTENTS if n in changes and n != "values"}
        wanted |= {"values": fresh.values} if "values" in changes else {}
        for card in open_cards_of(now):
            edit_card(card, version=card.version, changes=wanted, by=by, at=at)
    return now


@transaction.atomic
def pause_series(
    series: CardSeries, *, on: bool, version: int | None = None, by: Membership, at: datetime
) -> CardSeries:
    """Make no cards for a while, or go on: the days between are left out."""
    now = _held(series, version)
    if (now.paused_at is not None) == on or now.stopped_at is not None:
        return now
    now.paused_at = at if on else None
    if not on:
        now.made_until = max(now.made_until, now.workspace.day_of(at) - ONE_DAY)
    _next_version(now, SERIES_PAUSED if on else SERIES_RESUMED, by=by, at=at)
    return now


@transaction.atomic
def stop_series(
    series: CardSeries, *, version: int | None = None, by: Membership, at: datetime
) -> CardSeries:
    """Make no more cards; those that are there stay."""
    now = _held(series, version)
    if now.stopped_at is None:
        now.stopped_at = at
        _next_version(now, SERIES_STOPPED, by=by, at=at)
    return now


@transaction.atomic
def skip_day(
    series: CardSeries, *, day: date, on: bool, by: Membership, at: datetime
) -> CardSeries:
    """Leave out the card of one coming day, or take that back; what is so stays so."""
    now = _held(series, None)
    seen = SeriesDay.objects.filter(series=now, day=day).first()
    if seen is not None and seen.state != SeriesDay.State.SKIPPED:
        raise Refused(_("This day has been seen to already."), code="seen", field="day")
    if (seen is not None) == on:
        return now
    if on:
        refuse_far_days(day=day)
        if day <= now.made_until or day < now.begins_on:
            raise Refused(_("This is no coming day."), code="not_coming", field="day")
        _see(now, day, SeriesDay.State.SKIPPED, at)
    elif seen is not None:
        seen.delete()
    _plan(now)
    said = {"title": now.title, "day": day.isoformat(), "state": "" if on else "back"}
    tell_board(SERIES_SKIPPED, now.board, by=by, at=at, series=now.pk, **said)
    return now


def _write(series: CardSeries, draft: SeriesDraft) -> None:
    """Put a draft on the row, or refuse it by the name of the field at fault."""
    clean = clean_contents(series.workspace_id, {n: getattr(draft, n) for n in CONTENTS})
    values = clean_values(series.workspace_id, draft.values)
    if draft.column.board_id != series.board_id:
        message = _("The column is of another board.")
        raise Refused(message, code="other_board", field="column")
    if not 0 <= draft.lead_days <= LONGEST_LEAD:
        message = _("0 to %(most)d days ahead.") % {"most": LONGEST_LEAD}
        raise Refused(message, code="out_of_range", field="lead_days")
    if draft.catch_up not in CardSeries.CatchUp.values:
        raise Refused(_("There is no such choice."), code="invalid_choice", field="catch_up")
    pattern = _fit(draft.pattern)
    lines = [line.strip() for line in draft.checklist if seen(line)]
    if len(lines) > MOST_ITEMS:
        raise too_many_items()
    for line in lines:
        refuse_long(ITEM_LENGTH, checklist=line)
    for name in ("title", "description", "assignee", "goal", "estimate", "priority"):
        setattr(series, name, clean[name])
    series.labels = sorted(label.pk for label in clean["labels"])  # type: ignore[attr-defined]
    series.values = {pk: value for pk, value in values.items() if value is not None}
    series.checklist, series.column = lines, draft.column
    series.lead_days, series.catch_up = draft.lead_days, draft.catch_up
    series.pattern, series.begins_on = kept(pattern), pattern.begins
    series.until_on, series.count = pattern.until, pattern.count


def _fit(pattern: Pattern) -> Pattern:
    refuse_far_days(begins=pattern.begins, until=pattern.until)
    try:
        return checked(pattern)
    except Unfit as unfit:
        message = str(UNFIT[unfit.field, unfit.fault])
        raise Refused(message, code=unfit.fault, field=unfit.field) from unfit


def _ends(draft: SeriesDraft) -> dict[str, object]:
    pattern = draft.pattern
    return {"from": pattern.begins, "until": pattern.until, "count": pattern.count}


def _draft_of(series: CardSeries) -> SeriesDraft:
    ids = [int(pk) for pk in series.values]
    fields = CustomField.objects.filter(workspace=series.workspace_id, pk__in=ids)
    column = (
        series.column or Column.objects.filter(board=series.board_id).order_by("position").first()
    )
    if column is None:
        raise Refused(_("This board has no column."), code="no_column", field="column")
    return SeriesDraft(
        title=series.title,
        pattern=series.days,
        column=column,
        description=series.description,
        assignee=series.assignee,
        goal=series.goal,
        estimate=series.estimate,
        priority=series.priority,
        labels=tuple(Label.objects.filter(workspace=series.workspace_id, pk__in=series.labels)),
        values={field: series.values[str(field.pk)] for field in fields},
        checklist=tuple(series.checklist),
        lead_days=series.lead_days,
        catch_up=series.catch_up,
    )


def _take_in(series: CardSeries, card: Card, day: date, at: datetime) -> None:
    """Make a card that is there the first one of the series."""
    if card.board_id != series.board_id:
        raise Refused(_("The card is of another board."), code="other_board", field="card")
    Card.objects.filter(pk=card.pk).update(series=series)
    _see(series, day, SeriesDay.State.MADE, at, card)


def _see(
    series: CardSeries, day: date, state: str, at: datetime, card: Card | None = None
) -> SeriesDay:
    return SeriesDay.objects.create(
        workspace_id=series.workspace_id, series=series, day=day, state=state, card=card, at=at
    )


def _plan(series: CardSeries) -> None:
    """Write down when the next card comes."""
    series.next_on = next_of(series)
    series.make_on = make_on_of(series)
    CardSeries.objects.filter(pk=series.pk).update(next_on=series.next_on, make_on=series.make_on)


def _held(series: CardSeries, version: int | None) -> CardSeries:
    CardSeries.objects.select_for_update(no_key=True).get(pk=series.pk)
    now = CardSeries.objects.select_related("board", "workspace").get(pk=series.pk)
    if version is not None and now.version != version:
        raise Stale(_("Somebody changed this meanwhile."), current=now)
    return now


def _next_version(series: CardSeries, verb: Verb, *, by: Membership, at: datetime) -> None:
    series.version += 1
    series.save()
    _plan(series)
    _tell(verb, series, by=by, at=at)


def _tell(verb: Verb, series: CardSeries, *, by: Membership, at: datetime) -> None:
    said = {"title": series.title, "series": series.pk}
    tell_board(verb, series.board, by=by, at=at, **said)
