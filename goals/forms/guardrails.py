"""The form of a guardrail."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from goals.forms.fields import AmountField
from goals.models import Goal
from goals.models.goals import GRAIN_CHOICES
from goals.models.guardrails import SIDE_CHOICES
from goals.operations.guardrails import Bound
from goals.queries.catalogue import metrics_to_choose
from goals.rules.aims import Aim
from metrics.models import Metric
from metrics.rules.periods import Grain
from workspaces.forms import Refusing
from workspaces.models import Workspace


class GuardrailForm(Refusing):
    """A bound on another metric."""

    metric = forms.ModelChoiceField(
        label=_("Metric"), queryset=Metric.objects.none(), empty_label=_("Choose a metric")
    )
    side = forms.ChoiceField(label=_("Side"), choices=SIDE_CHOICES)
    bound = AmountField(
        label=_("Line"),
    )
    grain = forms.ChoiceField(
        label=_("Period"), choices=GRAIN_CHOICES, initial=Grain.MONTH.value, required=False
    )

    def __init__(self, *args: Any, workspace: Workspace, goal: Goal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["metric"].queryset = metrics_to_choose(workspace).exclude(pk=goal.metric_id)

    def bound_asked(self) -> Bound:
        """The cleaned fields as a bound."""
        fields = self.cleaned_data
        grain = Grain(fields["grain"] or Grain.MONTH)
        return Bound(fields["metric"], Aim(fields["side"]), fields["bound"], grain)
