from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workspaces.models import Calendar, Membership, Stakeholder, Workspace
from workspaces.models.stakeholders import LEVEL_CHOICES
from workspaces.models.workspaces import ROLE_CHOICES, WEEKDAY_CHOICES, slug_shape
from workspaces.operations.calendars import CalendarDraft
from workspaces.operations.workspaces import known_timezones
from workspaces.queries.calendars import calendars_of
from workspaces.queries.people import members_of
from workspaces.queries.stakeholders import stakeholders_of
from workspaces.rules.errors import Refused
from workspaces.rules.hours import Unreadable, hours_text, parse_holidays, parse_hours
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
    calendar = forms.ModelChoiceField(
        label=_("Working calendar"),
        queryset=Calendar.objects.none(),
        required=False,
        empty_label=_("Not known"),
        help_text=_("By which the time of what they promise runs."),
    )
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
        self.fields["calendar"].queryset = calendars_of(workspace)

    def refuse(self, refusal: Refused) -> None:
        """Show a refusal at its field; that of a promise comes from the calendar."""
        field = {"response": "calendar"}.get(refusal.field, refusal.field)
        self.add_error(field if field in self.fields else None, refusal.message)

    @classmethod
    def values_of(cls, stakeholder: Stakeholder) -> dict[str, object]:
        """What the form shows first of a stakeholder that is there."""
        return {name: getattr(stakeholder, name) for name in cls.base_fields}


class CalendarForm(forms.Form):
    """Hours of each weekday as text, holidays one a line."""

    name = forms.CharField(label=_("Name"), max_length=80)
    timezone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices)
    holidays = forms.CharField(
        label=_("Holidays"),
        max_length=40_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One a line: 2026-12-25 Christmas."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for number, label in WEEKDAYS.items():
            self.fields[f"day{number}"] = forms.CharField(
                label=label, max_length=200, required=False
            )

    @property
    def days(self) -> list[forms.BoundField]:
        """The fields of the week."""
        return [self[f"day{number}"] for number in WEEKDAYS]

    @classmethod
    def usual(cls, workspace: Workspace) -> dict[str, object]:
        """A first suggestion: eight hours on five days where the workspace is."""
        off = {1: (5, 6), 7: (5, 6), 6: (3, 4)}[workspace.week_starts_on]
        week = {f"day{n}": "" if n in off else "09:00-17:00" for n in WEEKDAYS}
        return {"timezone": workspace.timezone, **week}

    @classmethod
    def values_of(cls, calendar: Calendar) -> dict[str, object]:
        """What the form shows first of a calendar that is there."""
        week = {f"day{n}": hours_text(hours) for n, hours in enumerate(calendar.week)}
        days = [str(holiday) for holiday in calendar.holidays.order_by("day")]
        names = ("name", "timezone", "version")
        fields = {name: getattr(calendar, name) for name in names}
        return {**fields, **week, "holidays": "\n".join(days)}

    def clean(self) -> dict[str, object]:
        """Read hours and holidays; what cannot be read is named at its field."""
        fields = super().clean() or {}
        for number in WEEKDAYS:
            name = f"day{number}"
            try:
                fields[name] = parse_hours(fields.get(name, ""))
            except Unreadable as error:
                message = _("“%(text)s” is no time of work; write 09:00-12:30, 13:00-17:00.")
                self.add_error(name, message % {"text": error.text})
        try:
            fields["holidays"] = parse_holidays(fields.get("holidays", ""))
        except Unreadable as error:
            message = _(
                "Line %(line)s, “%(text)s”: write a day once, such as 2026-12-25 Christmas."
            )
            self.add_error("holidays", message % {"line": error.line, "text": error.text[:60]})
        return fields

    def refuse(self, refusal: Refused) -> None:
        """Show a refusal at its field, or above the form."""
        field = {"week": "day0"}.get(refusal.field, refusal.field)
        self.add_error(field if field in self.fields else None, refusal.message)

    def draft(self) -> CalendarDraft:
        """What was written, as the operation takes it."""
        fields = self.cleaned_data
        week = [fields[f"day{number}"] for number in WEEKDAYS]
        return CalendarDraft(fields["name"], fields["timezone"], week, fields["holidays"])


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
