from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tasks.forms.fields import SaidForm
from tasks.models import Capacity, Card
from tasks.models.capacities import MOST_HOURS
from tasks.operations.bulk import MOST_CARDS
from tasks.operations.schedules import MOST_DAYS
from workspaces.forms import Refusing, VersionField
from workspaces.models import Workspace
from workspaces.rules.errors import Refused

MOST_DIGITS = 9  # of an id or a version in an address


class RescheduleForm(SaidForm):
    """When a card starts and is due; what is left out is said no more."""

    start_on = forms.DateField(required=False)
    due_on = forms.DateField(required=False)
    version = VersionField()


class ShiftForm(SaidForm):
    """Some cards as `cards=1:4,2:7` (ids and the versions that were seen), and by how many days."""

    cards = forms.CharField()
    days = forms.IntegerField(min_value=-MOST_DAYS, max_value=MOST_DAYS)

    def rows(self, workspace: Workspace) -> list[tuple[Card, int]]:
        """The cards that are there, with their versions."""
        pairs = [word.partition(":") for word in self.said()["cards"].split(",")[: MOST_CARDS + 1]]
        words = [word for pk, _colon, version in pairs for word in (pk, version)]
        if not all(w.isascii() and w.isdigit() and len(w) <= MOST_DIGITS for w in words):
            raise Refused(_("Select cards first."), code="invalid", field="cards")
        seen = {int(pk): int(version) for pk, _colon, version in pairs}
        found = list(Card.objects.filter(workspace=workspace, pk__in=seen))
        if len(found) < len(seen):
            raise Refused(_("This card is gone."), code="gone", field="cards")
        return [(card, seen[card.pk]) for card in found]


class CapacityForm(Refusing):
    """The hours a week of a member or of everybody; empty is as for everybody, or the usual."""

    hours = forms.DecimalField(
        label=gettext_lazy("Hours a week"),
        required=False,
        min_value=0,
        max_value=MOST_HOURS,
        max_digits=5,
        decimal_places=2,
    )
    version = VersionField(required=False)

    @staticmethod
    def values_of(row: Capacity) -> dict[str, Any]:
        """What the form shows of what is said."""
        hours = None if row.hours is None else f"{row.hours:f}".rstrip("0").rstrip(".") or "0"
        return {"hours": hours, "version": row.version or None}
