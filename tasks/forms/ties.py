from typing import Any

from django import forms

from goals.models import Goal
from metrics.models import Metric
from tasks.forms.fields import SaidForm
from tasks.models import Card, CardLink, WorkCount
from tasks.models.dependencies import REASON_LENGTH
from workspaces.forms import VersionField
from workspaces.models import Workspace

WAITS, BLOCKS = "waits", "blocks"


class WaitForm(SaidForm):
    """Which of two cards waits for the other; `on` missing means that it does so no longer."""

    other = forms.ModelChoiceField(queryset=Card.objects.none())
    way = forms.ChoiceField(choices=[(WAITS, WAITS), (BLOCKS, BLOCKS)])
    on = forms.BooleanField(required=False)

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].queryset = Card.objects.filter(workspace=workspace)


class LinkForm(SaidForm):
    """A goal or a metric that the card works for; without a part, no longer."""

    goal = forms.ModelChoiceField(queryset=Goal.objects.none(), required=False)
    metric = forms.ModelChoiceField(queryset=Metric.objects.none(), required=False)
    part = forms.ChoiceField(choices=CardLink.Part.choices, required=False)

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, model in (("goal", Goal), ("metric", Metric)):
            self.fields[name].queryset = model._default_manager.filter(workspace=workspace)


class BlockForm(SaidForm):
    """Why a card is blocked; without a reason it is so no longer."""

    reason = forms.CharField(max_length=REASON_LENGTH, required=False)


class RuleForm(SaidForm):
    """Whether a board refuses to finish what is blocked."""

    blocked_is_hard = forms.BooleanField(required=False)
    version = VersionField()


class CountForm(SaidForm):
    """Which work is to feed a metric; `on` missing means no longer."""

    kind = forms.ChoiceField(choices=WorkCount.Kind.choices)
    on = forms.BooleanField(required=False)
