from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workspaces.models import Membership, Stakeholder, Workspace
from workspaces.models.stakeholders import LEVEL_CHOICES
from workspaces.models.workspaces import ROLE_CHOICES, WEEKDAY_CHOICES, slug_shape
from workspaces.operations.workspaces import known_timezones
from workspaces.queries.people import members_of
from workspaces.queries.stakeholders import stakeholders_of
from workspaces.rules.roles import SCOPES, Role


def zone_choices() -> list[tuple[str, str]]:
    names = sorted(z for z in known_timezones() if "/" in z and not z.startswith("Etc/"))
    return [("UTC", "UTC"), *((z, z.replace("_", " ")) for z in names)]


MONTH_CHOICES = list(MONTHS.items())


class WorkspaceForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    timezone = forms.ChoiceField(
        label=_("Time zone"),
        choices=zone_choices,
        help_text=_(
            "Days begin and end here, for everybody and in every number. "
            "Days that are stored already stay where they are."
        ),
    )
    week_starts_on = forms.TypedChoiceField(
        label=_("First day of the week"), choices=WEEKDAY_CHOICES, coerce=int, initial=1
    )
    fiscal_year_starts_in = forms.TypedChoiceField(
        label=_("First month of the fiscal year"), choices=MONTH_CHOICES, coerce=int, initial=1
    )


class NewWorkspaceForm(WorkspaceForm):
    slug = forms.CharField(
        label=_("Short name"),
        max_length=40,
        validators=[slug_shape],
        help_text=_("Stands in every address: small letters, digits, hyphens. It cannot change."),
    )
    fiscal_year_starts_in = None
    field_order = ("name", "slug", "timezone", "week_starts_on")


def role_choices(up_to: Role) -> list[tuple[int, str]]:
    return [(value, label) for value, label in ROLE_CHOICES if value <= up_to]


class InviteForm(forms.Form):
    email = forms.EmailField(label=_("E-mail"), max_length=254)
    role = forms.TypedChoiceField(label=_("Role"), coerce=lambda v: Role(int(v)))

    def __init__(self, *args: object, by: Membership, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = role_choices(by.rank)
        self.fields["role"].initial = Role.EDITOR.value


class RoleForm(forms.Form):
    role = forms.TypedChoiceField(
        label=_("Role"), choices=ROLE_CHOICES, coerce=lambda v: Role(int(v))
    )


class LevelField(forms.TypedChoiceField):
    """High, medium, low, or nothing for "not judged yet"."""

    def __init__(self, **options: object) -> None:
        choices = [("", _("Not judged yet")), *LEVEL_CHOICES]
        super().__init__(choices=choices, coerce=int, empty_value=None, required=False, **options)


class LineForm(forms.Form):
    """Whom a member reports to."""

    reports_to = forms.ModelChoiceField(queryset=Membership.objects.none(), required=False)

    def __init__(self, *args: object, workspace: Workspace, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reports_to"].queryset = members_of(workspace)


class StakeholderForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    role = forms.CharField(label=_("Role"), max_length=120, required=False)
    need = forms.CharField(
        label=_("Need"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What must the plan accomplish for them, in their words? One a line."),
    )
    unspoken = forms.CharField(
        label=_("Unspoken needs"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "What did nobody say until you asked what happens before and after? One a line."
        ),
    )
    outcome = forms.CharField(
        label=_("Outcome"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("How will both sides see that it did? One a line."),
    )
    influence = LevelField(
        label=_("Influence"), help_text=_("How much can they help or stop the plan?")
    )
    interest = LevelField(
        label=_("Interest"), help_text=_("How much does the plan change their work?")
    )
    reports_to = forms.ModelChoiceField(
        label=_("Reports to"),
        queryset=Stakeholder.objects.none(),
        required=False,
        empty_label=_("Nobody on this list"),
    )
    contact = forms.EmailField(label=_("Contact"), required=False)
    member = forms.ModelChoiceField(
        label=_("Member"),
        queryset=Membership.objects.none(),
        required=False,
        empty_label=_("Not a member"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    def __init__(self, *args: object, workspace: Workspace, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = members_of(workspace)
        self.fields["member"].label_from_instance = lambda m: m.user.display_name
        self.fields["reports_to"].queryset = stakeholders_of(workspace)

    @classmethod
    def values_of(cls, stakeholder: Stakeholder) -> dict[str, object]:
        """What the form shows first of a stakeholder that is there."""
        return {name: getattr(stakeholder, name) for name in cls.base_fields}


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("Where will it be used? For example: Power BI.")
    )
    scope = forms.ChoiceField(
        label=_("Scope"),
        choices=[(SCOPES[0], _("Read")), (SCOPES[1], _("Read and write"))],
        initial=SCOPES[0],
    )


class JoinForm(forms.Form):
    name = forms.CharField(label=_("Your name"), max_length=120)
    password = forms.CharField(
        label=pgettext_lazy("MOps", "Password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 8 characters."),
    )

    def clean_password(self) -> str:
        validate_password(self.cleaned_data["password"])
        return self.cleaned_data["password"]


class ProfileForm(forms.Form):
    name = forms.CharField(label=_("Your name"), max_length=120)
