"""The form of a webhook."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workspaces.forms import Refusing, VersionField
from workspaces.models import Webhook, Workspace
from workspaces.models.webhooks import BODY_CHOICES, NAME_LENGTH
from workspaces.operations.webhooks import Draft
from workspaces.queries.preferences import place_named, places_of
from workspaces.queries.webhooks import groups_in_words
from workspaces.rules.addresses import LONGEST_URL

LTR = {"dir": "ltr", "autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}


class WebhookForm(Refusing):
    """A new webhook, or one that is changed: then its address may stay blank and is kept."""

    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH)
    url = forms.CharField(
        label=_("Address"),
        max_length=LONGEST_URL,
        required=False,
        widget=forms.URLInput(attrs={**LTR, "placeholder": "https://"}),
    )
    body = forms.ChoiceField(label=_("Form"), choices=BODY_CHOICES)
    groups = forms.MultipleChoiceField(
        label=_("What about"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing ticked is everything."),
    )
    place = forms.ChoiceField(label=_("Of one board only"), required=False)
    version = VersionField(required=False)

    def __init__(self, *args: Any, workspace: Workspace, webhook: Webhook | None = None) -> None:
        if webhook is not None and not args:
            super().__init__(initial=self._told(webhook))
        else:
            super().__init__(*args)
        self.workspace = workspace
        self.fields["groups"].choices = [(row.name, row.words) for row in groups_in_words()]
        places = [
            (_word(row.place.type, row.place.id), row.place.name) for row in places_of(workspace)
        ]
        self.fields["place"].choices = [("", _("All boards, and everything else")), *places]
        if webhook is None:
            self.fields["url"].required = True
            return
        self.fields["url"].help_text = _(
            "It is kept encrypted and not shown again; blank leaves %(host)s as it is."
        ) % {"host": webhook.host}
        if webhook.place_type:
            known = {word for word, _name in places}
            word = _word(webhook.place_type, webhook.place_id)
            if word not in known:
                self.fields["place"].choices.append((word, _("A board that is put away")))

    @staticmethod
    def _told(webhook: Webhook) -> dict[str, object]:
        place = _word(webhook.place_type, webhook.place_id) if webhook.place_type else ""
        return {
            "name": webhook.name,
            "body": webhook.body,
            "groups": webhook.groups,
            "place": place,
            "version": webhook.version,
        }

    @property
    def draft(self) -> Draft:
        """What was written, as the operation takes it."""
        told = self.cleaned_data
        place = place_named(self.workspace, told["place"])
        return Draft(told["name"], told["url"], told["body"], tuple(told["groups"]), place)

    @property
    def changes(self) -> dict[str, object]:
        """What the change names: the place only where it is another one."""
        draft, told = self.draft, self.cleaned_data
        named = {"name": draft.name, "body": draft.body, "groups": draft.groups}
        if draft.url:
            named["url"] = draft.url
        if draft.place is not None or not told["place"]:
            named["place"] = draft.place
        return named


def _word(kind: str, pk: int) -> str:
    return f"{kind}:{pk}"
