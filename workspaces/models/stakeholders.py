"""Whom the plan serves."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from workspaces.models.workspaces import Membership, WorkspaceOwned


class Stakeholder(WorkspaceOwned):
    """A person or group with an interest in the plan; may or may not be a member."""

    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=120, blank=True)
    need = models.TextField(_("need"), max_length=2000, blank=True)
    outcome = models.TextField(_("outcome"), max_length=2000, blank=True)
    contact = models.EmailField(_("contact"), blank=True)
    member = models.ForeignKey(
        Membership,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("member"),
    )
    version = models.PositiveIntegerField(default=1)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "name"],
                condition=models.Q(retired_at=None),
                name="one_stakeholder_per_name",
                violation_error_message=_("A stakeholder of this name exists."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
