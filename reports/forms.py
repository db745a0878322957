from django import forms

from reports.queries.overview import GROUPS, Asked
from workspaces.models import Membership, Workspace
from workspaces.queries.people import members_of


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
