"""What may be written on a card: texts without space around, days that can be, rows of its own."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tasks.models import Card, CardLabel, CardPerson, CustomField, Label
from tasks.rules.custom_fields import Unfit, Value, read_value
from workspaces.models import Membership
from workspaces.operations.days import refuse_far_days
from workspaces.rules.errors import Refused
from workspaces.rules.letters import seen

SINGLE = (
    "title",
    "description",
    "assignee",
    "reports_to",
    "start_on",
    "due_on",
    "estimate",
    "priority",
    "goal",
    "clock",
    "cycle",
)
ROWS = ("assignee", "reports_to", "goal", "clock", "cycle")
SEVERAL = ("labels", "helpers", "watchers")
PARTS = {"helpers": CardPerson.Part.HELPER, "watchers": CardPerson.Part.WATCHER}
MOST_OF_A_KIND = 50
LARGEST_ESTIMATE = Decimal("99999.99")
UNFIT = {
    "text": gettext_lazy("“%(field)s” is a text."),
    "long": gettext_lazy("“%(field)s” is too long."),
    "number": gettext_lazy("“%(field)s” is a number of at most 18 digits."),
    "day": gettext_lazy("“%(field)s” is a day, written YYYY-MM-DD."),
    "choice": gettext_lazy("“%(field)s” is not one of its choices."),
    "yes_no": gettext_lazy("“%(field)s” is yes or no."),
    "person": gettext_lazy("“%(field)s” is a member of the workspace."),
    "link": gettext_lazy("“%(field)s” is an address that begins with https:// or http://."),
}


def clean_contents(workspace_id: int, wanted: Mapping[str, object]) -> dict[str, object]:
    """Only what may be written on a card; refuse what cannot be, naming the field."""
    kept = {name: wanted[name] for name in (*SINGLE, *SEVERAL) if name in wanted}
    clean = {name: v.strip() if isinstance(v, str) else v for name, v in kept.items()}
    if "title" in clean and not seen(str(clean["title"])):
        raise Refused(_("A card needs a title."), code="required", field="title")
    refuse_far_days(start=_day(clean, "start_on"), due=_day(clean, "due_on"))
    estimate = clean.get("estimate")
    if isinstance(estimate, Decimal) and not 0 < estimate <= LARGEST_ESTIMATE:
        message = _("An estimate is more than 0 and at most %(most)s hours.")
        raise Refused(message % {"most": LARGEST_ESTIMATE}, code="out_of_range", field="estimate")
    refuse_foreign(workspace_id, *(clean.get(name) for name in ROWS))
    for name in SEVERAL:
        if name in clean:
            clean[name] = _several(workspace_id, name, clean[name])
    return clean


def refuse_backwards(start_on: date | None, due_on: date | None) -> None:
    """A card does not start after it is due."""
    if start_on is not None and due_on is not None and start_on > due_on:
        raise Refused(_("A card starts before it is due."), code="backwards", field="start")


def clean_values(workspace_id: int, values: Mapping[CustomField, object]) -> dict[str, Value]:
    """The values of custom fields by their ids as text, None for one that is emptied."""
    clean: dict[str, Value] = {}
    for field, value in values.items():
        refuse_foreign(workspace_id, field)
        try:
            read = read_value(field.kind, value, field.choices)
        except Unfit as unfit:
            raise unfit_value(field, str(unfit)) from unfit
        if field.kind == CustomField.Kind.PERSON and read is not None:
            there = Membership.objects.filter(pk=read, workspace_id=workspace_id)
            if not there.exists():
                raise unfit_value(field, "person")
        clean[str(field.pk)] = read
    return clean


def unfit_value(field: CustomField, fault: str) -> Refused:
    """A value is not one of its field's kind."""
    message = str(UNFIT[fault]) % {"field": field.name}
    return Refused(message, code=f"not_a_{fault}", field=f"field_{field.pk}")


def refuse_foreign(workspace_id: int, *rows: object) -> None:
    """What a card points at lives in its own workspace; edges check that first, this is the net."""
    if any(row is not None and row.workspace_id != workspace_id for row in rows):  # type: ignore[attr-defined]
        raise Refused(_("A card points only at things of its own workspace."), code="foreign")


def several_of(card: Card, name: str) -> set[int]:
    """The ids of the card's labels, helpers or watchers; 1 query."""
    if name == "labels":
        return set(CardLabel.objects.filter(card=card).values_list("label_id", flat=True))
    people = CardPerson.objects.filter(card=card, part=PARTS[name])
    return set(people.values_list("member_id", flat=True))


def write_several(card: Card, name: str, ids: Iterable[int], *, was: set[int]) -> None:
    """Give the card these labels, helpers or watchers instead of those that it has."""
    wanted = set(ids)
    away, fresh = was - wanted, sorted(wanted - was)
    ours = {"workspace_id": card.workspace_id, "card": card}
    if name == "labels":
        CardLabel.objects.filter(card=card, label_id__in=away).delete()
        CardLabel.objects.bulk_create(CardLabel(**ours, label_id=pk) for pk in fresh)
        return
    part = PARTS[name]
    CardPerson.objects.filter(card=card, part=part, member_id__in=away).delete()
    CardPerson.objects.bulk_create(CardPerson(**ours, part=part, member_id=pk) for pk in fresh)


def _day(clean: Mapping[str, object], name: str) -> date | None:
    day = clean.get(name)
    return day if isinstance(day, date) else None


def _several(workspace_id: int, name: str, rows: object) -> list[Label | Membership]:
    found = {row.pk: row for row in rows}  # type: ignore[attr-defined]
    refuse_foreign(workspace_id, *found.values())
    if len(found) > MOST_OF_A_KIND:
        message = _("A card takes at most %(count)d of these.") % {"count": MOST_OF_A_KIND}
        raise Refused(message, code="too_many", field=name)
    return list(found.values())
