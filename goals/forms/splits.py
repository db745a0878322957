"""The form by which a goal is split; everything may be left out, so that it works as a link too."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from goals.forms.fields import AmountField, cards
from goals.models import Goal
from goals.operations.splits import Shape
from goals.queries.parts import GRAINS, longest_parts
from goals.queries.splits import Asked, Changed, modes_of
from goals.rules.decomposition import Mode
from metrics.rules.periods import Grain
from workspaces.forms import Refusing, VersionField

INTO = {
    Grain.QUARTER: pgettext_lazy("MOps", "Quarters"),
    Grain.MONTH: pgettext_lazy("MOps", "Months"),
    Grain.WEEK: pgettext_lazy("MOps", "Weeks"),
}
WAYS = {
    Mode.COMPOUND: (
        pgettext_lazy("MOps", "Compounding"),
        _("Each part grows by the same percent on the one before."),
    ),
    Mode.LINEAR: (
        pgettext_lazy("MOps", "Equal steps"),
        _("Each part adds the same amount to the one before."),
    ),
    Mode.SEASONAL: (
        pgettext_lazy("MOps", "By the season"),
        _("Each part takes its share of earlier years."),
    ),
    Mode.MANUAL: (
        pgettext_lazy("MOps", "By hand"),
        _("You say what each part brings; together they make the goal."),
    ),
    Mode.EACH: (
        pgettext_lazy("MOps", "The same in each"),
        _("Each part promises what the whole goal does."),
    ),
}
CHANGED = [
    (Changed.KEEP.value, _("Keep them as they are")),
    (Changed.REPLACE.value, _("Replace them by the parts")),
]


class SplitForm(Refusing):
    """Into which parts, by which mode, and whether what is left is spread anew."""

    into = forms.ChoiceField(
        label=_("Into"), choices=[(one.value, INTO[one]) for one in GRAINS], required=False
    )
    mode = forms.ChoiceField(label=_("How"), widget=forms.RadioSelect, required=False)
    rebalanced = forms.BooleanField(
        label=_("Spread what is left over the open parts"), required=False
    )
    shape = forms.ChoiceField(
        choices=[(one.value, one.value) for one in Shape], required=False, widget=forms.HiddenInput
    )
    changed_steps = forms.ChoiceField(
        label=_("Steps changed by hand"),
        widget=forms.RadioSelect,
        choices=CHANGED,
        required=False,
    )
    beside = frozenset(
        {"into", "mode", "rebalanced", "changed_steps"}
    )  # how it is asked, not what stands
    version = VersionField(required=False)

    def __init__(self, *args: Any, goal: Goal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.goal = goal
        modes = modes_of(goal)
        self.fields["mode"].choices = cards([(one, *WAYS[one]) for one in modes])
        self.fields["mode"].initial = modes[0].value

    def clean(self) -> dict[str, Any]:
        """Read the amounts by hand."""
        fields = super().clean() or {}
        reader = AmountField(required=False)
        written = self.data.getlist("part") if hasattr(self.data, "getlist") else []
        found = [reader.clean(text) for text in written]
        return {**fields, "parts": [part for part in found if part is not None]}

    def asked(self) -> Asked:
        """The cleaned fields as a question; amounts by hand are the fields named `part`."""
        fields = self.cleaned_data  # without those at which something was refused
        mode, into = fields.get("mode"), fields.get("into")
        by_hand = mode == Mode.MANUAL.value
        changed = fields.get("changed_steps")
        return Asked(
            Grain(into) if into else longest_parts(self.goal),
            Mode(mode) if mode else None,
            tuple(fields["parts"]) if by_hand else (),
            fields["rebalanced"],
            Changed(changed) if changed else None,
        )
