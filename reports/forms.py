from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from goals.models import Goal
from goals.queries.catalogue import metrics_to_choose, open_goals
from metrics.models import Metric
from reports.models import Optimisation, ReviewItem
from reports.models.optimisations import LENGTH_CHOICES, TITLE_LENGTH
from reports.models.optimisations import TEXT_LENGTH as LEARNT_LENGTH
from reports.models.reviews import TEXT_LENGTH
from reports.operations.optimisations import Draft
from reports.operations.reviews import QUESTION_LENGTH, Look
from reports.queries.overview import GROUPS, Asked
from reports.rules.reviews import Outcome
from tasks.forms.fields import CycleField
from tasks.models import Card, Cycle
from tasks.queries.cycles import cards_in_cycles, every_cycle
from workspaces.forms import Refusing, VersionField
from workspaces.models import Membership, Workspace
from workspaces.queries.people import members_of

OUTCOMES = [(one.value, one.value) for one in (Outcome.SEEN, Outcome.SKIPPED)]


def area(label: Any, most: int, *, rows: int = 2, **options: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "dir": "auto"})
    return forms.CharField(label=label, max_length=most, required=False, widget=widget, **options)


class ChangeField(forms.ModelChoiceField):
    def label_from_instance(self, card: Card) -> str:
        return f"#{card.number} {card.title}"


class LookForm(Refusing):
    """What becomes of one goal of a review."""

    version = VersionField()
    note = area(pgettext_lazy("MOps", "Note"), TEXT_LENGTH)
    decided = area(_("Decided"), TEXT_LENGTH)
    outcome = forms.ChoiceField(choices=OUTCOMES, widget=forms.HiddenInput)

    @staticmethod
    def values_of(item: ReviewItem) -> dict[str, Any]:
        """What the form shows of a goal as it stands in the review."""
        return {name: getattr(item, name) for name in ("version", "note", "decided")}

    def look(self) -> Look:
        """The cleaned fields."""
        found = self.cleaned_data
        return Look(Outcome(found["outcome"]), found["note"], found["decided"])


class EndForm(Refusing):
    """Notes about a review as a whole."""

    version = VersionField()
    notes = area(_("Notes about the whole"), TEXT_LENGTH, rows=3)


class AskForm(forms.Form):
    """A question to who answers for a goal."""

    question = forms.CharField(
        label=_("Question"), max_length=QUESTION_LENGTH, widget=forms.TextInput({"dir": "auto"})
    )


class OptimisationForm(Refusing):
    """A change of something that runs, and the metric that is to show what it brings."""

    version = VersionField(required=False)
    title = forms.CharField(
        label=_("What is changed"),
        max_length=TITLE_LENGTH,
        widget=forms.TextInput({"dir": "auto"}),
    )
    hypothesis = area(_("What it should bring, and why"), LEARNT_LENGTH)
    metric = forms.ModelChoiceField(label=_("Metric"), queryset=Metric.objects.none())
    started_on = forms.DateField(
        label=_("Since"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    days = forms.TypedChoiceField(
        label=_("Compared"),
        choices=LENGTH_CHOICES,
        coerce=int,
        initial=LENGTH_CHOICES[0][0],
        help_text=_("So many days from then on, against as many before."),
    )
    goal = forms.ModelChoiceField(
        label=_("Goal"),
        queryset=Goal.objects.none(),
        required=False,
        empty_label=pgettext_lazy("MOps", "None"),
    )

    cycle = CycleField(
        label=_("Cycle"),
        queryset=Cycle.objects.none(),
        required=False,
        empty_label=pgettext_lazy("MOps", "None"),
    )
    card = ChangeField(
        label=_("Card"),
        queryset=Card.objects.none(),
        required=False,
        empty_label=pgettext_lazy("MOps", "None"),
        help_text=_("The work of the change, out of the cycles that are open."),
    )

    def __init__(
        self, *args: Any, workspace: Workspace, row: Optimisation | None = None, **kwargs: Any
    ) -> None:
        """Offer the metrics and the open goals, cycles and cards of the workspace."""
        super().__init__(*args, **kwargs)
        self._offer("cycle", every_cycle(workspace, row.cycle_id if row else None))
        self._offer("card", cards_in_cycles(workspace, row.card_id if row else None))
        self.fields["metric"].queryset = metrics_to_choose(workspace)
        self.fields["goal"].queryset = open_goals(workspace)

    def _offer(self, name: str, rows: QuerySet[Any]) -> None:
        """What there is to choose from; where that is nothing, nothing is asked."""
        self.fields[name].queryset = rows
        if not rows.exists():
            del self.fields[name]

    @staticmethod
    def values_of(row: Optimisation) -> dict[str, Any]:
        """What the form shows of a stored one."""
        names = ("version", "title", "hypothesis", "started_on", "days")
        values = {name: getattr(row, name) for name in names}
        ids = {name: getattr(row, f"{name}_id") for name in ("metric", "goal", "card", "cycle")}
        return {**values, **ids}

    @staticmethod
    def values_for(
        today: date, goal: Goal | None, cycle: Cycle | None = None, card: Card | None = None
    ) -> dict[str, Any]:
        """What a new one begins with: what the goal, the cycle or the card say."""
        said: dict[str, Any] = {"started_on": today}
        goal = goal or (card.goal if card else None)
        if card is not None:
            said |= {"card": card.pk, "cycle": card.cycle_id, "title": card.title}
        if goal is not None:
            said |= {"goal": goal.pk, "metric": goal.metric_id}
        return said | ({"cycle": cycle.pk} if cycle else {})

    def draft(self) -> Draft:
        """The cleaned fields."""
        return Draft(**self.typed)  # type: ignore[arg-type]


class LearntForm(Refusing):
    """What an optimisation taught."""

    version = VersionField()
    learnt = forms.CharField(
        label=_("What was learnt"),
        max_length=LEARNT_LENGTH,
        widget=forms.TextInput({"dir": "auto"}),
    )


class OverviewForm(forms.Form):
    """What the reader chose; on the page what makes no sense falls back to the usual view."""

    group = forms.ChoiceField(choices=list(GROUPS.items()), required=False)
    owner = forms.ModelChoiceField(queryset=Membership.objects.none(), required=False)
    closed = forms.BooleanField(required=False)

    def __init__(self, *args: object, workspace: Workspace, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = members_of(workspace)

    def asked(self) -> Asked:
        """The choice, from whatever of it is valid."""
        self.is_valid()
        chosen = self.cleaned_data
        owner = chosen.get("owner")
        return Asked(
            group=chosen.get("group") or "status",
            owner_id=owner.pk if owner else None,
            closed=chosen.get("closed", False),
        )
