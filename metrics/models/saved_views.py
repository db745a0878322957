"""Questions that people keep."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from workspaces.models import Membership, WorkspaceOwned

EXPLORE, FUNNEL = "explore", "funnel"
PAGE_CHOICES = [(EXPLORE, _("Explorer")), (FUNNEL, _("Funnel"))]


class SavedView(WorkspaceOwned):
    """A question with a name, on the page that answers it; a pinned one stands on the Overview.

    A view that is not shared is seen by its owner alone. `question` is what
    `metrics.rules.questions` reads.
    """

    name = models.CharField(_("name"), max_length=120)
    page = models.CharField(max_length=8, choices=PAGE_CHOICES, default=EXPLORE)
    owner = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    is_shared = models.BooleanField(_("shared"), default=False)
    is_pinned = models.BooleanField(_("on the Overview"), default=False)
    question = models.JSONField()
    saved_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_pinned=False) | models.Q(is_shared=True),
                name="a_pinned_view_is_shared",
                violation_error_message=_("Only a shared view can stand on the Overview."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
