"""The form of a goal's roles: one choice for each person."""

from collections.abc import Iterator

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from goals.models import Goal
from goals.queries.raci import Raci, party_of
from goals.rules.raci import Letter, Party, Seat
from workspaces.forms import Refusing, VersionField
from workspaces.models import Membership, Stakeholder
from workspaces.queries.people import members_of
from workspaces.queries.stakeholders import stakeholders_of

HELPING = [
    ("", _("No role")),
    ("R", pgettext_lazy("MOps", "Responsible")),
    ("C", pgettext_lazy("MOps", "Consulted")),
    ("I", pgettext_lazy("MOps", "Informed")),
]
LEADING = [
    HELPING[0],
    ("A", pgettext_lazy("MOps", "Accountable")),
    ("AR", _("Accountable and responsible")),
    *HELPING[1:],
]


class RaciForm(Refusing):
    """`m7` is member 7's role, `s3` stakeholder 3's; `version` is the goal's."""

    version = VersionField()

    def __init__(self, *args: object, raci: Raci, goal: Goal, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("version", goal.version)
        self.parties: dict[str, Party] = {}
        letters = raci.letters()
        people = [*members_of(goal.workspace), *stakeholders_of(goal.workspace)]
        kept = [*raci.responsible, *raci.consulted, *raci.informed]
        for person in dict.fromkeys([*people, *kept]):
            self._add(person, letters.get(party_of(person), ""))

    def _add(self, person: Membership | Stakeholder, letters: str) -> None:
        own = isinstance(person, Membership)
        name = f"{'m' if own else 's'}{person.pk}"
        self.parties[name] = party_of(person)
        label = person.user.display_name if own else person.name
        self.fields[name] = forms.ChoiceField(
            label=label, choices=LEADING if own else HELPING, required=False, initial=letters
        )

    def members(self) -> Iterator[forms.BoundField]:
        """The fields of members."""
        return (self[name] for name, party in self.parties.items() if party.member)

    def stakeholders(self) -> Iterator[forms.BoundField]:
        """The fields of stakeholders."""
        return (self[name] for name, party in self.parties.items() if party.stakeholder)

    def seats(self) -> list[Seat]:
        """What was chosen, as the operation takes it."""
        return [
            Seat(Letter(letter), party)
            for name, party in self.parties.items()
            for letter in self.cleaned_data.get(name, "")
        ]
