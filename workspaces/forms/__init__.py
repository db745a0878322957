from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from workspaces.models import Calendar, Membership, Stakeholder, Workspace
from workspaces.models.stakeholders import LEVEL_CHOICES
from workspaces.models.workspaces import ROLE_CHOICES, WEEKDAY_CHOICES, slug_shape
from workspaces.operations.calendars import CalendarDraft, hours_fault
from workspaces.operations.workspaces import known_timezones
from workspaces.queries.calendars import calendars_of
from workspaces.queries.people import members_of
from workspaces.queries.stakeholders import stakeholders_of
from workspaces.rules.errors import Invalid, Refused
from workspaces.rules.hours import Unreadable, hours_text, parse_holidays, parse_hours
from workspaces.rules.roles import SCOPES, Role

LARGEST_VERSION = 2**31 - 1


@dataclass(frozen=True)
class Difference:
    """A field by its label, as it was typed and as it stands now; "" is nothing."""

    label: str
    mine: str
    theirs: str


class VersionField(forms.IntegerField):
    """The version that the page was made from."""

    widget = forms.HiddenInput

    def __init__(self, **options: object) -> None:
        super().__init__(min_value=1, max_value=LARGEST_VERSION, **options)


class Refusing(forms.Form):
    """A form that says at its fields what was refused, and shows both texts when it was late.

    `elsewhere` says which field shows the refusal of a field that is not the form's own, `counter`
    which one says what was seen, `beside` which are asked beside what is changed.
    """

    elsewhere: ClassVar[Mapping[str, str]] = {}
    counter: ClassVar[str] = "version"
    beside: ClassVar[frozenset[str]] = frozenset()

    made: object = None  # what the change returned
    late = ""
    differences: tuple[Difference, ...] = ()

    @property
    def seen(self) -> int:
        """The version that the form was filled from, 0 for none."""
        return self.cleaned_data.get(self.counter) or 0

    @property
    def typed(self) -> dict[str, object]:
        """What was written, without the version that was seen."""
        return {name: told for name, told in self.cleaned_data.items() if name != self.counter}

    def refuse(self, refusal: Refused | Invalid) -> None:
        """Show each sentence at its field, or above the form where the field is another's."""
        if isinstance(refusal, Refused):
            self._refuse(refusal.field, refusal.message)
            return
        for problem in refusal.problems:
            self._refuse(problem.column, problem.message)

    def _refuse(self, field: str, message: str) -> None:
        shown = self.elsewhere.get(field, field)
        self.add_error(shown if shown in self.fields else None, message)

    def meet(self, present: forms.Form, message: str, version: int) -> None:
        """Put what stands now beside what was typed; the next save has seen it, and wins."""
        self.late = message
        self.differences = tuple(self._compared(present))
        self.data = self.data.copy()
        self.data[self.add_prefix(self.counter)] = str(version)

    def _compared(self, present: forms.Form) -> list[Difference]:
        """The fields that were sent and say something else than what stands now."""
        found = []
        for name, field in self.fields.items():
            widget, sent = field.widget, (self.data, self.files, self.add_prefix(name))
            if name in {self.counter, *self.beside} or name not in present.fields:
                continue
            if field.disabled or widget.is_hidden or isinstance(widget, forms.PasswordInput):
                continue
            mine, theirs = shown(self[name]), shown(present[name])
            if mine != theirs and not widget.value_omitted_from_data(*sent):
                found.append(Difference(str(field.label), mine, theirs))
        return found


def shown(field: forms.BoundField) -> str:
    """The value of a field as its control shows it."""
    value = field.value()
    if isinstance(field.field, forms.BooleanField):
        return pgettext("MOps", "Yes") if value else pgettext("MOps", "No")
    choices = getattr(field.field, "choices", None)
    if choices is not None:
        words = {str(key): str(word) for key, word in choices}
        chosen = value if isinstance(value, list | tuple) else [getattr(value, "pk", value)]
        return ", ".join(words.get(str(one), str(one)) for one in chosen if one not in (None, ""))
    if isinstance(value, date):
        return value.isoformat()
    text = field.field.widget.format_value(value)
    return "" if text is None else str(text).replace("\r\n", "\n").strip()


def zone_choices() -> list[tuple[str, str]]:
    """The time zones that are named by a place, and UTC."""
    names = sorted(z for z in known_timezones() if "/" in z and not z.startswith("Etc/"))
    return [("UTC", "UTC"), *((z, z.replace("_", " ")) for z in names)]


MONTH_CHOICES = list(MONTHS.items())


class WorkspaceForm(forms.Form):
    """How a workspace is called, and where its days begin."""

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
    """The same, with the short name that never changes."""

    slug = forms.CharField(
        label=_("Short name"),
        max_length=40,
        validators=[slug_shape],
        help_text=_("Stands in every address: small letters, digits, hyphens. It cannot change."),
    )
    fiscal_year_starts_in = None
    field_order = ("name", "slug", "timezone", "week_starts_on")


def role_choices(up_to: Role) -> list[tuple[int, str]]:
    """The roles that somebody of this role may grant."""
    return [(value, label) for value, label in ROLE_CHOICES if value <= up_to]


class InviteForm(forms.Form):
    """Whom to invite, and as what."""

    email = forms.EmailField(label=_("E-mail"), max_length=254)
    role = forms.TypedChoiceField(label=_("Role"), coerce=lambda v: Role(int(v)))

    def __init__(self, *args: object, by: Membership, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = role_choices(by.rank)
        self.fields["role"].initial = Role.EDITOR.value


class RoleForm(forms.Form):
    """Another role for a member."""

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


class StakeholderForm(Refusing):
    """A stakeholder."""

    elsewhere = {"response": "calendar"}  # a promise is refused by the calendar

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
    version = VersionField(required=False)

    def __init__(self, *args: object, workspace: Workspace, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = members_of(workspace)
        self.fields["member"].label_from_instance = lambda m: m.user.display_name
        self.fields["reports_to"].queryset = stakeholders_of(workspace)
        self.fields["calendar"].queryset = calendars_of(workspace)

    @classmethod
    def values_of(cls, stakeholder: Stakeholder) -> dict[str, object]:
        """What the form shows first of a stakeholder that is there."""
        return {name: getattr(stakeholder, name) for name in cls.base_fields}


class CalendarForm(Refusing):
    """Hours of each weekday as text, holidays one a line."""

    elsewhere = {"week": "day0"}

    name = forms.CharField(label=_("Name"), max_length=80)
    timezone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices)
    holidays = forms.CharField(
        label=_("Holidays"),
        max_length=40_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One a line: 2026-12-25 Christmas."),
    )
    version = VersionField(required=False)

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
                self.add_error(name, hours_fault(error))
        try:
            fields["holidays"] = parse_holidays(fields.get("holidays", ""))
        except Unreadable as error:
            message = _(
                "Line %(line)s, “%(text)s”: write a day once, such as 2026-12-25 Christmas."
            )
            self.add_error("holidays", message % {"line": error.line, "text": error.text[:60]})
        return fields

    def draft(self) -> CalendarDraft:
        """What was written, as the operation takes it."""
        fields = self.cleaned_data
        week = [fields[f"day{number}"] for number in WEEKDAYS]
        return CalendarDraft(fields["name"], fields["timezone"], week, fields["holidays"])


class TokenForm(forms.Form):
    """A new API token."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("Where will it be used? For example: Power BI.")
    )
    scope = forms.ChoiceField(
        label=_("Scope"),
        choices=[(SCOPES[0], _("Read")), (SCOPES[1], _("Read and write"))],
        initial=SCOPES[0],
    )


class JoinForm(forms.Form):
    """Who comes in by an invitation and is new here."""

    name = forms.CharField(label=_("Your name"), max_length=120)
    password = forms.CharField(
        label=pgettext_lazy("MOps", "Password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 8 characters."),
    )

    def clean_password(self) -> str:
        """A password that is not too easy to guess."""
        validate_password(self.cleaned_data["password"])
        return self.cleaned_data["password"]


class ProfileForm(forms.Form):
    """How a person is called."""

    name = forms.CharField(label=_("Your name"), max_length=120)
