"""The form by which a view is renamed, placed or asked anew."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from metrics.models.saved_views import SavedView
from metrics.operations.saved_views import LONGEST_NAME
from workspaces.forms import Refusing, VersionField


class ViewForm(Refusing):
    """What of a view changes; `words` is the question of the page, left out to keep the old one."""

    version = VersionField(required=False)
    name = forms.CharField(
        label=pgettext_lazy("MOps", "Name"), max_length=LONGEST_NAME, required=False
    )
    shared = forms.BooleanField(label=_("Everybody here sees it"), required=False)
    pinned = forms.BooleanField(label=_("Put it on the Overview, for everybody"), required=False)
    words = forms.CharField(widget=forms.HiddenInput, required=False)

    @staticmethod
    def values_of(view: SavedView) -> dict[str, Any]:
        """What the form shows of a view that stands."""
        return {"name": view.name, "shared": view.is_shared, "pinned": view.is_pinned}

    def changes(self) -> dict[str, Any]:
        """What changes beside the question; what is pinned is shared."""
        fields = self.cleaned_data
        shared = fields["shared"] or fields["pinned"]
        named = {"name": fields["name"]} if fields["name"] else {}
        return {"shared": shared, "pinned": fields["pinned"], **named}
