from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tasks.forms.filters import several
from tasks.models import Automation, Board, Priority
from tasks.models.automations import RULE_LENGTH, WHENS
from tasks.operations.automations import AutomationDraft, draft_of
from tasks.queries.boards import columns_of
from tasks.queries.choices import DUE_WORDS, goals_to_find
from tasks.queries.fields import labels_of
from tasks.rules.automations import (
    CREATOR,
    MOST_AHEAD,
    MOST_DAYS,
    NEEDS,
    NOBODY,
    RESPONSIBLE,
    TITLE_LENGTH,
    TURNS,
    WATCHERS,
    Then,
    When,
)
from tasks.rules.filters import NOBODY as NO_ONE
from tasks.rules.filters import PRIORITIES, Wanted
from workspaces.forms import Refusing, VersionField
from workspaces.queries.people import members_of

EMPTY = ("", "—")
IFS = ("assignee", "label", "priority", "goal", "due")
CHOICES = ("assign", "priority_to", "label_on", "label_off", "move_to", "follow_up_to")


def one_of(label: object, choices: list[tuple[Any, Any]], **said: Any) -> forms.ChoiceField:
    """One of some rows, or none."""
    return forms.ChoiceField(label=label, choices=[EMPTY, *choices], required=False, **said)


class AutomationForm(Refusing):
    """A rule: when something happens, if it is one of these cards, then do that."""

    elsewhere = {"column": "when_column", "label": "when_label", "priority": "priority_to"}

    name = forms.CharField(
        label=_("Name"), max_length=RULE_LENGTH, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    when = forms.ChoiceField(label=_("What happens"), choices=WHENS)
    days = forms.IntegerField(
        label=_("In how many days"), min_value=0, max_value=MOST_AHEAD, required=False
    )
    due_in = forms.IntegerField(
        label=_("Due in so many days"), min_value=0, max_value=MOST_DAYS, required=False
    )
    due_works = forms.BooleanField(label=_("Working days"), required=False)
    tick_all = forms.BooleanField(label=_("Tick off its checklist"), required=False)
    tick_parent = forms.BooleanField(
        label=_("Tick off the steps that name it"),
        required=False,
        help_text=_("Steps of other cards in which its #number stands."),
    )
    follow_up = forms.CharField(
        label=_("Make a card"),
        max_length=TITLE_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=_("Its title; {title} is that of the first."),
    )
    is_on = forms.BooleanField(label=_("The rule is on"), required=False, initial=True)
    version = VersionField(required=False)

    def __init__(self, *args: Any, board: Board, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        columns = [(str(column.pk), column.name) for column in columns_of(board)]
        labels = [(str(label.pk), label.name) for label in labels_of(board.workspace)]
        people = [(str(m.pk), m.user.display_name) for m in members_of(board.workspace)]
        goals = [(str(goal.pk), goal.title) for goal in goals_to_find(board)]
        ranks = list(zip(PRIORITIES, Priority.labels, strict=True))[::-1]
        nobody = (NO_ONE, pgettext_lazy("MOps", "Nobody"))
        self.fields |= {
            "when_column": one_of(_("Which column"), columns),
            "when_label": one_of(_("Which label"), labels),
            "columns": several(_("It stands in"), columns),
            "assignee": several(_("Assignee"), [nobody, *people]),
            "label": several(_("Labels"), labels),
            "priority": several(_("Priority"), ranks),
            "goal": several(_("Goal"), [*goals, (NO_ONE, _("No goal"))]),
            "due": several(_("Due"), list(DUE_WORDS.items())),
            "assign": one_of(_("Give it to"), [(NOBODY, pgettext_lazy("MOps", "Nobody")),
                (CREATOR, _("Who made it")), (TURNS, _("Each in turn")), *people]),
            "turns": several(_("Who takes turns"), people),
            "priority_to": one_of(_("Set the priority"), Priority.choices),
            "label_on": one_of(_("Put a label on it"), labels),
            "label_off": one_of(_("Take a label off it"), labels),
            "move_to": one_of(_("Move it to"), columns),
            "follow_up_to": one_of(_("In which column"), columns),
            "tell": several(_("Tell"), [(RESPONSIBLE, _("Who is responsible")),
                (WATCHERS, _("Who watches it")), *people]),
        }  # fmt: skip

    def bounds(self, names: str) -> list[forms.BoundField]:
        """Some fields by their names."""
        return [self[name] for name in names.split()]

    @property
    def conditions(self) -> list[forms.BoundField]:
        """Which cards the rule is for; what there is nothing to choose from is not asked."""
        asked = self.bounds("columns assignee label priority goal due")
        return [bound for bound in asked if bound.field.choices]  # type: ignore[attr-defined]

    @property
    def is_narrow(self) -> bool:
        """Whether the rule is for some cards only."""
        return any(bound.value() for bound in self.conditions)

    def about(self) -> dict[str, Any]:
        """What belongs to what happens."""
        said, need = self.cleaned_data, NEEDS.get(When(self.cleaned_data["when"]), "")
        value = said["days"] if need == "days" else said.get(f"when_{need}")
        return {need: _id(value) if need != "days" else value} if need else {}

    def then(self) -> Then:
        """What is done."""
        said = self.cleaned_data
        return Then(
            assign=said["assign"],
            turns=tuple(map(int, said["turns"])),
            priority=_id(said["priority_to"]),
            label_on=_id(said["label_on"]),
            label_off=_id(said["label_off"]),
            due_in=said["due_in"],
            due_works=said["due_works"],
            move_to=_id(said["move_to"]),
            tick_all=said["tick_all"],
            tick_parent=said["tick_parent"],
            follow_up=said["follow_up"].strip(),
            follow_up_to=_id(said["follow_up_to"]),
            tell=tuple(said["tell"]),
        )

    def changes(self) -> dict[str, Any]:
        """The rule as it is wanted, by the names of a draft."""
        said = self.cleaned_data
        return {
            "name": said["name"],
            "when": said["when"],
            "about": self.about(),
            "wanted": Wanted(**{name: tuple(said[name]) for name in IFS}),
            "columns": tuple(map(int, said["columns"])),
            "then": self.then(),
            "is_on": said["is_on"],
        }

    def draft(self) -> AutomationDraft:
        """A new rule."""
        return AutomationDraft(**self.changes())

    @staticmethod
    def values_of(rule: Automation) -> dict[str, Any]:
        """What the form shows of a rule that is there."""
        draft = draft_of(rule)
        then = draft.then.kept()
        then["priority_to"] = then.pop("priority")
        then["turns"] = [str(pk) for pk in then["turns"]]
        chosen = {n: "" if then[n] is None else str(then[n]) for n in CHOICES}
        ifs = {name: list(getattr(draft.wanted, name)) for name in IFS}
        about = {f"when_{kind}": str(pk) for kind, pk in draft.about.items() if kind != "days"}
        return {
            **then,
            **chosen,
            **ifs,
            **about,
            "days": draft.about.get("days"),
            "columns": [str(pk) for pk in draft.columns],
            "name": draft.name,
            "when": draft.when,
            "is_on": draft.is_on,
            "version": rule.version,
        }


def _id(word: str | None) -> int | None:
    return int(word) if word else None
