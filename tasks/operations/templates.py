"""Templates of cards: kept, changed, removed, and made into cards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from goals.models import Goal
from tasks.models import Board, Card, CardTemplate, Column, CustomField, Label, Priority
from tasks.models.cards import ITEM_LENGTH, TEXT_LENGTH, TITLE_LENGTH
from tasks.models.templates import LONGEST_DUE
from tasks.operations.cards import MOST_ITEMS, CardDraft, add_card, too_many_items
from tasks.operations.contents import clean_contents, clean_values
from tasks.queries.cards import extras_of
from tasks.queries.fields import fields_of
from tasks.verbs import TEMPLATE_CHANGED, TEMPLATE_REMOVED, TEMPLATE_SAVED
from workspaces.models import Membership
from workspaces.operations.recording import record
from workspaces.operations.texts import refuse_long
from workspaces.rules.errors import Refused, Stale
from workspaces.rules.letters import seen
from workspaces.rules.verbs import Verb

MOST_TEMPLATES = 100  # of a board
PLAIN = ("title", "description", "assignee", "goal", "estimate", "priority")
MANY = ("labels", "helpers")


@dataclass(frozen=True)
class TemplateDraft:
    """What a card of the template says; `due_in` is how many days after it is made it is due."""

    title: str
    description: str = ""
    assignee: Membership | None = None
    goal: Goal | None = None
    due_in: int | None = None
    estimate: Decimal | None = None
    priority: int = Priority.NONE
    labels: Sequence[Label] = ()
    helpers: Sequence[Membership] = ()
    checklist: Sequence[str] = ()
    values: Mapping[CustomField, object] = field(default_factory=dict)


@transaction.atomic
def save_template(
    board: Board, *, draft: TemplateDraft, by: Membership, at: datetime
) -> CardTemplate:
    """Keep a template for the cards of a board."""
    if CardTemplate.objects.filter(board=board).count() >= MOST_TEMPLATES:
        message = _("A board has at most %(count)d templates.") % {"count": MOST_TEMPLATES}
        raise Refused(message, code="too_many", field="title")
    made = CardTemplate(workspace_id=board.workspace_id, board=board, by=by, saved_at=at)
    _write(made, vars(draft))
    _tell(TEMPLATE_SAVED, made, by=by, at=at)
    return made


def draft_like(card: Card) -> TemplateDraft:
    """A template that says what a card says; days and ticks are its own affair."""
    extras = extras_of([card.pk])[card.pk]
    said = {field: card.values.get(str(field.pk)) for field in fields_of(card.board)}
    return TemplateDraft(
        title=card.title,
        description=card.description,
        assignee=card.assignee,
        goal=card.goal,
        estimate=card.estimate,
        priority=card.priority,
        labels=extras.labels,
        helpers=extras.helpers,
        checklist=[item.text for item in card.items.order_by("position")],
        values=_fit(card.workspace_id, said),
    )


@transaction.atomic
def change_template(
    template: CardTemplate,
    *,
    version: int,
    changes: Mapping[str, object],
    by: Membership,
    at: datetime,
) -> CardTemplate:
    """Change what it says, by the names of TemplateDraft, if nobody else has since `version`."""
    now = _held(template, version)
    now.version, now.saved_at = version + 1, at
    _write(now, changes)
    _tell(TEMPLATE_CHANGED, now, by=by, at=at)
    return now


@transaction.atomic
def remove_template(template: CardTemplate, *, version: int, by: Membership, at: datetime) -> None:
    """Forget a template; the cards that were made from it stay."""
    now = _held(template, version)
    _tell(TEMPLATE_REMOVED, now, by=by, at=at)
    now.delete()


@transaction.atomic
def add_from_template(
    template: CardTemplate,
    column: Column,
    *,
    title: str = "",
    nonce: str = "",
    by: Membership,
    at: datetime,
) -> Card:
    """Make a card from it, in any column of its board; the same nonce twice is one card."""
    if column.board_id != template.board_id:
        message = _("The column is not on this board.")
        raise Refused(message, code="other_board", field="column")
    today = template.workspace.day_of(at)
    draft = CardDraft(
        title=title or template.title,
        description=template.description,
        assignee=template.assignee,
        goal=template.goal,
        due_on=None if template.due_in is None else today + timedelta(days=template.due_in),
        estimate=template.estimate,
        priority=template.priority,
        labels=tuple(template.labels.all()),
        helpers=tuple(template.helpers.select_related("user")),
        checklist=tuple(template.checklist),
        values=_fit(template.workspace_id, _said(template)),
    )
    return add_card(column, draft=draft, nonce=nonce, by=by, at=at)


def _said(template: CardTemplate) -> dict[CustomField, object]:
    return {one: template.values.get(str(one.pk)) for one in fields_of(template.board)}


def _fit(workspace_id: int, said: Mapping[CustomField, object]) -> dict[CustomField, object]:
    """What the fields can still say: a choice that was removed is none."""
    found = {}
    for one, value in said.items():
        try:
            clean_values(workspace_id, {one: value})
        except Refused:
            continue
        if value is not None:
            found[one] = value
    return found


def _write(template: CardTemplate, wanted: Mapping[str, object]) -> None:
    clean = clean_contents(template.workspace_id, wanted)
    for name in PLAIN:
        if name in clean:
            setattr(template, name, clean[name])
    refuse_long(TITLE_LENGTH, title=template.title)
    refuse_long(TEXT_LENGTH, description=template.description)
    if "due_in" in wanted:
        template.due_in = _days(wanted["due_in"])
    if "checklist" in wanted:
        template.checklist = _lines(wanted["checklist"])
    values: Mapping[CustomField, object] = wanted.get("values", {})  # type: ignore[assignment]
    kept = {**template.values, **clean_values(template.workspace_id, values)}
    template.values = {pk: value for pk, value in kept.items() if value is not None}
    template.save()
    for name in MANY:
        if name in clean:
            getattr(template, name).set(clean[name])


def _days(wanted: object) -> int | None:
    if wanted is None:
        return None
    if not isinstance(wanted, int) or not 0 <= wanted <= LONGEST_DUE:
        message = _("A card is due after 0 to %(most)d days.") % {"most": LONGEST_DUE}
        raise Refused(message, code="out_of_range", field="due_in")
    return wanted


def _lines(wanted: object) -> list[str]:
    texts: Sequence[str] = wanted  # type: ignore[assignment]
    clean = [text.strip() for text in texts if seen(text)]
    if len(clean) > MOST_ITEMS:
        raise too_many_items()
    for text in clean:
        refuse_long(ITEM_LENGTH, checklist=text)
    return clean


def _held(template: CardTemplate, version: int) -> CardTemplate:
    rows = CardTemplate.objects.select_for_update(of=("self",), no_key=True)
    now = rows.select_related("board", "workspace").filter(pk=template.pk).first()
    if now is None or now.version != version:
        message = _("Somebody changed this template meanwhile.")
        raise Stale(message, current=now or template)
    return now


def _tell(verb: Verb, template: CardTemplate, *, by: Membership, at: datetime) -> None:
    told = {"title": template.title, "name": template.board.name, "version": template.version}
    record(verb, template, by=by, at=at, **told)
