"""Rules of boards: what they name that is gone, which cards they meet, what they did, in words."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from goals.models import Goal
from tasks.models import Automation, AutomationRun, Board, Card, Column, Label, Priority
from tasks.queries.dependencies import count_holds
from tasks.queries.filters import fits
from tasks.rules.automations import (
    BY_DAY,
    OVERDUE_FOR,
    VERBS,
    Named,
    Then,
    When,
    meets,
    named_in,
    read_then,
)
from tasks.rules.filters import Wanted, read_wanted
from workspaces.models import Membership
from workspaces.models.actors import automaton
from workspaces.queries.events import Happened, happened_again, stream_events_since

MOST_CARDS = 200
TRIED_DAYS = 7
TRIED_EVENTS = 2_000
CARD = "tasks.card"
ACTS = {  # what a run did, by the names that it keeps
    "assigned": gettext_lazy("gave it to %(what)s"),
    "freed": gettext_lazy("took it from whoever had it"),
    "priority": gettext_lazy("set the priority %(what)s"),
    "label_on": gettext_lazy("put the label %(what)s on it"),
    "label_off": gettext_lazy("took the label %(what)s off it"),
    "due": gettext_lazy("made it due on %(what)s"),
    "moved": gettext_lazy("moved it to %(what)s"),
    "ticked": gettext_lazy("ticked off %(what)s steps"),
    "parent": gettext_lazy("ticked off its step on %(what)s"),
    "follow_up": gettext_lazy("made %(what)s"),
    "told": gettext_lazy("told %(what)s"),
}


def automations_of(board: Board) -> QuerySet[Automation]:
    """The rules of a board by name, with how often each did something and when last; 1 query."""
    done = Q(runs__outcome=AutomationRun.Outcome.DONE)
    rows = Automation.objects.filter(board=board).order_by("name", "pk")
    return rows.annotate(done=Count("runs", filter=done), last=Max("runs__at", filter=done))


def runs_of(automation: Automation) -> QuerySet[AutomationRun]:
    """What a rule did, newest first."""
    return (
        AutomationRun.objects.filter(automation=automation).select_related("card").order_by("-pk")
    )


def active_automations() -> list[Automation]:
    """The rules that are on, on open boards; 1 query."""
    rows = Automation.objects.filter(is_on=True, board__archived_at=None)
    return list(rows.select_related("board", "workspace").order_by("pk"))


def names_of(rule: Automation) -> list[Named]:
    """Everything that the rule needs to be there."""
    return named_in(rule.about, rule.query, rule.columns, read_then(rule.then))


def missing(rules: Collection[tuple[Board, list[Named]]]) -> list[Named | None]:
    """For each rule the first thing that it names and that is gone, or None; at most 4 queries."""
    there = _there([one for _board, names in rules for one in names])
    return [
        next((one for one in names if _place(one, board) not in there), None)
        for board, names in rules
    ]


def _place(one: Named, board: Board) -> tuple[str, int, int]:
    owner = board.pk if one.kind == "column" else board.workspace_id
    return one.kind, owner, one.id


def _there(names: Iterable[Named]) -> set[tuple[str, int, int]]:
    """What there is of all that is named: kind, board or workspace, id."""
    ids: dict[str, set[int]] = {}
    for one in names:
        ids.setdefault(one.kind, set()).add(one.id)
    asked: dict[str, QuerySet[Any]] = {
        "column": Column.objects.values_list("board_id", "pk"),
        "label": Label.objects.values_list("workspace_id", "pk"),
        "goal": Goal.objects.values_list("workspace_id", "pk"),
        "member": Membership.objects.filter(user__is_active=True).values_list("workspace_id", "pk"),
    }
    return {
        (kind, owner, pk)
        for kind, some in ids.items()
        for owner, pk in asked[kind].filter(pk__in=some)
    }


def wanted_of(rule: Automation) -> Wanted:
    """Which cards the rule is for."""
    said: dict[str, list[str]] = {}
    for name, word in rule.query:
        said.setdefault(name, []).append(word)
    return read_wanted(said)[0]


def cards_for(rule: Automation, today: date) -> QuerySet[Card]:
    """The cards of the board that the rule is for now."""
    nobody = automaton(rule.workspace)
    rows = Card.objects.filter(board=rule.board_id, archived_at=None)
    rows = rows.filter(fits(wanted_of(rule), rule.board, member=nobody, today=today))
    return rows.filter(column__in=rule.columns) if rule.columns else rows


def is_so(rule: Automation, event: Happened, card: Card) -> bool:
    """Whether what the event tells still holds, and is not told again by a later one."""
    when = When(rule.when)
    if when is When.TICKED:
        left = card.items.filter(done_at=None).exists()  # type: ignore[attr-defined]
        return not left and not happened_again(event)
    if when is When.BLOCKED:
        return count_holds(card) > 0
    return when is not When.UNBLOCKED or count_holds(card) == 0


def due_for(rule: Automation, today: date) -> list[tuple[Card, str]]:
    """The cards that a rule by day meets today and has not met, with the occasion; 2 queries."""
    cards = cards_for(rule, today).filter(done_at=None, due_on__range=_span(rule, today))
    by_occasion = {f"due {card.pk} {card.due_on}": card for card in cards.order_by("due_on", "pk")}
    known = AutomationRun.objects.filter(automation=rule, occasion__startswith="due ")
    met = set(known.values_list("occasion", flat=True))
    fresh = [(card, one) for one, card in by_occasion.items() if one not in met]
    return fresh[:MOST_CARDS]


def _span(rule: Automation, today: date) -> tuple[date, date]:
    if When(rule.when) is When.OVERDUE:
        return today - timedelta(days=OVERDUE_FOR), today - timedelta(days=1)
    return today, today + timedelta(days=rule.about["days"])


def would_have_met(rule: Automation, at: datetime) -> int:
    """How many cards a rule would have met in the last days, by how they are now; 2 queries."""
    today = rule.workspace.day_of(at)
    cards = cards_for(rule, today)
    if When(rule.when) in BY_DAY:
        first, last = _span(rule, today)
        since = first if first < today else first - timedelta(days=TRIED_DAYS)
        return cards.filter(done_at=None, due_on__range=(since, last)).count()
    since_at = at - timedelta(days=TRIED_DAYS)
    verbs = VERBS[When(rule.when)]
    events = stream_events_since(rule.board.stream_id, since_at, verbs=verbs, most=TRIED_EVENTS)
    met = {
        event.subject_id
        for event in events
        if event.subject_type == CARD and meets(rule.when, rule.about, event.verb, event.data)
    }
    return cards.filter(pk__in=met).count()


@dataclass(frozen=True)
class Words:
    """What the ids that rules name are called."""

    columns: dict[int, str]
    labels: dict[int, str]
    people: dict[int, str]

    def when(self, rule: Automation) -> str:
        """What sets the rule off."""
        words = str(rule.get_when_display())
        if rule.when == When.DUE:
            days = rule.about["days"]
            return ngettext(
                "A card is due in %(count)d day or less", "A card is due in %(count)d days or less",
                days,
            ) % {"count": days}  # fmt: skip
        place = self.columns.get(rule.about.get("column", 0)) or self.labels.get(
            rule.about.get("label", 0)
        )
        return f"{words}: {place}" if place else words

    def then(self, rule: Automation) -> list[str]:
        """What the rule does, in its order."""
        return [words for words in _then_words(read_then(rule.then), self) if words]


def _then_words(then: Then, words: Words) -> Iterable[str]:
    people = [words.people.get(pk, "…") for pk in then.turns]
    assign = {
        "": "",
        "nobody": _("take it from whoever has it"),
        "creator": _("give it to who made it"),
        "turns": _("give it in turn to %(people)s") % {"people": ", ".join(people)},
    }
    yield (
        assign[then.assign]
        if then.assign in assign
        else _("give it to %(person)s") % {"person": words.people.get(int(then.assign), "…")}
    )
    for text, value in (
        (_("set the priority %(what)s"), _priority(then.priority)),
        (_("put the label %(what)s on it"), words.labels.get(then.label_on or 0)),
        (_("take the label %(what)s off it"), words.labels.get(then.label_off or 0)),
    ):
        yield text % {"what": value} if value else ""
    if then.due_in is not None:
        days = {"count": then.due_in}
        yield (
            ngettext("due in %(count)d working day", "due in %(count)d working days", then.due_in)
            if then.due_works
            else ngettext("due in %(count)d day", "due in %(count)d days", then.due_in)
        ) % days
    column = words.columns.get(then.move_to or 0)
    yield _("move it to %(what)s") % {"what": column} if column else ""
    yield _("tick off its checklist") if then.tick_all else ""
    yield _("tick off the steps that name it") if then.tick_parent else ""
    yield _("make “%(title)s”") % {"title": then.follow_up} if then.follow_up else ""
    told = {"responsible": _("who is responsible"), "watchers": _("who watches it")}
    named = [told.get(one) or words.people.get(int(one), "…") for one in then.tell]
    yield _("tell %(people)s") % {"people": ", ".join(named)} if named else ""


def _priority(value: int | None) -> str:
    return str(Priority(value).label) if value is not None else ""


def words_for(board: Board) -> Words:
    """The names of everything that rules of a board can name; 3 queries."""
    people = Membership.objects.filter(workspace=board.workspace_id).select_related("user")
    return Words(
        columns=dict(Column.objects.filter(board=board).values_list("pk", "name")),
        labels=dict(Label.objects.filter(workspace=board.workspace_id).values_list("pk", "name")),
        people={member.pk: member.user.display_name for member in people},
    )


def did_words(run: AutomationRun) -> list[str]:
    """What a run did, in the reader's words."""
    return [str(ACTS[act]) % {"what": what} for act, what in run.did if act in ACTS]
