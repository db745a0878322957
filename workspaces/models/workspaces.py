"""Who is here: workspaces, their members and the invitations to them."""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workspaces.models.people import User
from workspaces.rules.days import local_day
from workspaces.rules.roles import Role

ROLE_CHOICES = [
    (Role.VIEWER.value, _("Viewer")),
    (Role.EDITOR.value, _("Editor")),
    (Role.MANAGER.value, _("Manager")),
    (Role.OWNER.value, _("Owner")),
]
WEEKDAY_CHOICES = [
    (1, pgettext_lazy("MOps", "Monday")),
    (6, pgettext_lazy("MOps", "Saturday")),
    (7, pgettext_lazy("MOps", "Sunday")),
]
slug_shape = RegexValidator(
    r"^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?\Z",
    _("Use 1 to 40 small letters, digits and hyphens; no hyphen first or last."),
)


class Workspace(models.Model):
    """The tenant; everything that a team plans and measures lives in exactly one."""

    slug = models.CharField(_("short name"), max_length=40, unique=True, validators=[slug_shape])
    name = models.CharField(_("name"), max_length=80)
    timezone = models.CharField(_("time zone"), max_length=64, default="UTC")
    week_starts_on = models.PositiveSmallIntegerField(
        _("first day of the week"), choices=WEEKDAY_CHOICES, default=1
    )
    fiscal_year_starts_in = models.PositiveSmallIntegerField(
        _("first month of the fiscal year"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
    )
    last_card_number = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(week_starts_on__in=[1, 6, 7]),
                name="week_starts_on_a_known_day",
                violation_error_message=_("A week starts on Monday, Saturday or Sunday."),
            ),
            models.CheckConstraint(
                condition=models.Q(fiscal_year_starts_in__range=(1, 12)),
                name="fiscal_year_starts_in_a_month",
                violation_error_message=_("A fiscal year starts in a month from 1 to 12."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def day_of(self, at: datetime) -> date:
        """The workspace-local calendar day of an instant."""
        return local_day(at, self.timezone)


class WorkspaceOwned(models.Model):
    """A row that belongs to one workspace and is never read outside it."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")

    class Meta:
        abstract = True


class Membership(WorkspaceOwned):
    """One person's place in one workspace.

    A rule acts as a member without a row (actors.automaton); what it `says` of itself
    goes with every event of its.
    """

    says: Mapping[str, object] = MappingProxyType({})

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.PositiveSmallIntegerField(_("role"), choices=ROLE_CHOICES)
    reports_to = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    joined_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "user"],
                name="one_membership_each",
                violation_error_message=_("This person is already a member."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.workspace_id}"

    @property
    def rank(self) -> Role:
        """The role as a place on the ladder."""
        return Role(self.role)


class Invitation(WorkspaceOwned):
    """A place in a workspace that waits for one e-mail address; the link's secret is hashed."""

    email = models.EmailField(_("e-mail"))
    role = models.PositiveSmallIntegerField(_("role"), choices=ROLE_CHOICES)
    secret_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "email"],
                condition=models.Q(accepted_at=None, revoked_at=None),
                name="one_open_invitation_each",
                violation_error_message=_("This address already has an open invitation."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} to {self.workspace_id}"
