"""The forms of what a person is told: the matrix of kinds and ways, and their habits."""

from collections.abc import Iterable

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from workspaces.forms import zone_choices
from workspaces.models import User
from workspaces.operations.preferences import Habits
from workspaces.rules.notices import Channel


def ways_of(ticked: Iterable[str], kinds: Iterable[str]) -> dict[str, dict[str, bool]]:
    """The matrix of these kinds from the names of the ticked boxes, such as "due:mail"."""
    on = set(ticked)
    return {
        kind: {channel.value: f"{kind}:{channel.value}" in on for channel in Channel}
        for kind in kinds
    }


def own_zones() -> list[tuple[str, str]]:
    """The time zones, and that of the workspace."""
    return [("", _("As the workspace")), *zone_choices()]


def own_languages() -> list[tuple[str, str]]:
    """The languages, and that of the installation."""
    return [("", _("As usual here")), *settings.LANGUAGES]


class HabitsForm(forms.Form):
    """Where a person is, what they read, and whether they want the mail of the morning."""

    timezone = forms.ChoiceField(label=_("My time zone"), choices=own_zones, required=False)
    language = forms.ChoiceField(
        label=_("Language of mails"), choices=own_languages, required=False
    )
    wants_digest = forms.BooleanField(
        label=_("One mail a day, at eight in the morning, with what happened"), required=False
    )
    quiet_days = forms.BooleanField(
        label=_("None on days on which I do not work"),
        required=False,
        help_text=_("By the working calendar; without one Saturday and Sunday are free."),
    )

    @property
    def habits(self) -> Habits:
        """What was chosen, as the operation takes it."""
        return Habits(**self.cleaned_data)

    @staticmethod
    def of(user: User) -> "HabitsForm":
        """The form as the person's habits fill it."""
        return HabitsForm(initial={name: getattr(user, name) for name in HabitsForm.base_fields})
