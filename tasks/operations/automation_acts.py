"""What a rule does to a card that it meets: by the operations that people use as well."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tasks.models import (
    Automation,
    Card,
    CardPerson,
    ChecklistItem,
    Column,
    Label,
    Priority,
)
from tasks.operations.cards import CardDraft, add_card
from tasks.operations.checklists import tick_item
from tasks.operations.contents import several_of
from tasks.operations.edits import edit_card
from tasks.operations.moves import move_card
from tasks.queries.places import place_of
from tasks.queries.workdays import workdays
from tasks.rules.automations import (
    CREATOR,
    NOBODY,
    RESPONSIBLE,
    TURNS,
    WATCHERS,
    Then,
    names_card,
    read_then,
    titled,
)
from tasks.verbs import AUTOMATION_TELLS, NOTICE_AUTOMATION
from workspaces.models import Membership
from workspaces.operations.notifications import Notice, notify

MOST_LINES = 50
MOST_DAYS = 1_000  # that are asked for so many working ones
Did = list[tuple[str, str]]


@dataclass(frozen=True)
class Acting:
    """A rule that acts, as whom, and when."""

    rule: Automation
    by: Membership
    at: datetime


def act(acting: Acting, card: Card) -> Did:
    """Do all that the rule says; what was done, by the names of queries.automations.ACTS."""
    then = read_then(acting.rule.then)
    did = _edit(acting, card, then)
    card = Card.objects.select_related("column", "board", "workspace").get(pk=card.pk)
    did += _move(acting, card, then)
    did += _tick(acting, card, then)
    did += _follow_up(acting, card, then)
    return did + _tell(acting, card, then)


def _edit(acting: Acting, card: Card, then: Then) -> Did:
    """Write on the card what is another; in one edit."""
    changes: dict[str, object] = {}
    did: Did = []
    person = _person(acting, card, then)
    if then.assign == NOBODY and card.assignee_id is not None:
        changes["assignee"], did = None, [("freed", "")]
    elif person is not None and person.pk != card.assignee_id:
        changes["assignee"], did = person, [("assigned", person.user.display_name)]
    if then.priority is not None and then.priority != card.priority:
        changes["priority"] = then.priority
        did.append(("priority", str(Priority(then.priority).label)))
    did += _labels(card, then, changes)
    if then.due_in is not None:
        day = _day_in(acting, then)
        if day != card.due_on:
            changes["due_on"] = day
            changes |= {"start_on": day} if card.start_on and card.start_on > day else {}
            did.append(("due", day.isoformat()))
    if changes:
        edit_card(card, version=card.version, changes=changes, by=acting.by, at=acting.at)
    return did


def _person(acting: Acting, card: Card, then: Then) -> Membership | None:
    """Whom the card is given to, None for nobody new."""
    members = Membership.objects.filter(workspace=card.workspace_id, user__is_active=True)
    members = members.select_related("user")
    if then.assign == CREATOR:
        return members.filter(pk=card.created_by_id or 0).first()
    if then.assign == TURNS:
        return _next_turn(acting.rule, members.in_bulk(then.turns), then)
    return members.filter(pk=int(then.assign)).first() if then.assign.isdigit() else None


def _next_turn(rule: Automation, members: dict[int, Membership], then: Then) -> Membership | None:
    order = [members[pk] for pk in then.turns if pk in members]
    if not order:
        return None
    chosen = order[rule.turn % len(order)]
    rule.turn += 1
    rule.save(update_fields=["turn"])
    return chosen


def _labels(card: Card, then: Then, changes: dict[str, object]) -> Did:
    if then.label_on is None and then.label_off is None:
        return []
    have = several_of(card, "labels")
    asked = {pk for pk in (then.label_on, then.label_off) if pk is not None}
    rows = Label.objects.filter(workspace=card.workspace_id).in_bulk(have | asked)
    did = []
    if then.label_on in rows and then.label_on not in have:
        did.append(("label_on", rows[then.label_on].name))
    if then.label_off in have:
        did.append(("label_off", rows[then.label_off].name))
    if did:
        wanted = (have | ({then.label_on} if then.label_on else set())) - {then.label_off}
        changes["labels"] = [rows[pk] for pk in wanted if pk in rows]
    return did


def _day_in(acting: Acting, then: Then) -> date:
    """The day so many days, or working days, from today."""
    day = acting.rule.workspace.day_of(acting.at)
    left = then.due_in or 0
    if not then.due_works:
        return day + timedelta(days=left)
    works = workdays(acting.rule.workspace)
    for _each in range(MOST_DAYS):
        if left == 0 and works(day):
            break
        day += timedelta(days=1)
        left -= int(works(day) and left > 0)
    return day


def _move(acting: Acting, card: Card, then: Then) -> Did:
    if then.move_to is None or then.move_to == card.column_id:
        return []
    to = Column.objects.select_related("board").get(pk=then.move_to)
    move_card(card, to=to, after=None, version=card.version, by=acting.by, at=acting.at)
    return [("moved", to.name)]


def _tick(acting: Acting, card: Card, then: Then) -> Did:
    """Tick off its own steps, and those of other cards that name it."""
    did: Did = []
    if then.tick_all:
        lines = ChecklistItem.objects.filter(card=card, done_at=None).select_related("card__board")
        for line in lines.order_by("position"):
            tick_item(line, done=True, by=acting.by, at=acting.at)
        did += [("ticked", str(len(lines)))] if lines else []
    if then.tick_parent:
        for line in _lines_naming(card):
            tick_item(line, done=True, by=acting.by, at=acting.at)
            did.append(("parent", line.card.title))
    return did


def _lines_naming(card: Card) -> list[ChecklistItem]:
    """The open steps of other cards that name this one by its number."""
    near = ChecklistItem.objects.filter(
        workspace=card.workspace_id,
        text__contains=f"#{card.number}",
        done_at=None,
        card__archived_at=None,
    )
    rows = near.exclude(card=card).select_related("card__board").order_by("pk")[:MOST_LINES]
    return [line for line in rows if names_card(line.text, card.number)]


def _follow_up(acting: Acting, card: Card, then: Then) -> Did:
    """Make the card that comes next, for who has this one."""
    if not then.follow_up or then.follow_up_to is None:
        return []
    column = Column.objects.select_related("board__workspace").get(pk=then.follow_up_to)
    draft = CardDraft(
        title=titled(then.follow_up, card.title),
        description=f"#{card.number}",
        assignee=card.assignee,
        goal=card.goal,
    )
    made = add_card(column, draft=draft, by=acting.by, at=acting.at)
    return [("follow_up", f"#{made.number} {made.title}")]


def _tell(acting: Acting, card: Card, then: Then) -> Did:
    people = {int(word) for word in then.tell if word.isdigit()}
    if RESPONSIBLE in then.tell and card.assignee_id is not None:
        people.add(card.assignee_id)
    if WATCHERS in then.tell:
        watch = CardPerson.objects.filter(card=card, part=CardPerson.Part.WATCHER)
        people |= set(watch.values_list("member_id", flat=True))
    if not people:
        return []
    link = f"/w/{card.workspace.slug}/cards/{card.pk}/"
    said: dict[str, object] = {"title": card.title, "number": card.number}
    notice = Notice(NOTICE_AUTOMATION, AUTOMATION_TELLS, link, said, place=place_of(card.board))
    if not notify(notice, card, to=people, by=acting.by, at=acting.at):
        return []
    members = Membership.objects.filter(workspace=card.workspace_id, pk__in=people)
    names = [member.user.display_name for member in members.select_related("user")]
    return [("told", ", ".join(sorted(names)))]
