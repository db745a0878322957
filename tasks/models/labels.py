"""What a team adds to its cards: labels, and fields of its own."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tasks.models.boards import Board
from workspaces.models import WorkspaceOwned

LABEL_LENGTH = 40
FIELD_LENGTH = 60


class Colour(models.TextChoices):
    """The colours that a label can have: names of tokens, never what somebody typed."""

    GREY = "grey", _("Grey")
    RED = "red", _("Red")
    ORANGE = "orange", _("Orange")
    YELLOW = "yellow", _("Yellow")
    GREEN = "green", _("Green")
    TEAL = "teal", _("Teal")
    BLUE = "blue", _("Blue")
    VIOLET = "violet", _("Violet")
    PINK = "pink", _("Pink")


class Label(WorkspaceOwned):
    """A word in a colour that any card of the workspace can carry."""

    name = models.CharField(_("name"), max_length=LABEL_LENGTH)
    colour = models.CharField(
        _("colour"), max_length=10, choices=Colour.choices, default=Colour.GREY
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "name"],
                name="one_label_per_name",
                violation_error_message=_("There is a label of this name."),
            ),
            models.CheckConstraint(
                condition=~models.Q(name=""),
                name="label_has_a_name",
                violation_error_message=_("A label needs a name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CustomField(WorkspaceOwned):
    """A field that a team has added to its cards: of all boards, or of one.

    `choices` are the words to choose from; `on_card` shows the value on the board. A field that is
    `retired_at` keeps its values and is no longer asked for.
    """

    class Kind(models.TextChoices):
        """What a value is."""

        TEXT = "text", pgettext_lazy("MOps", "Text")
        NUMBER = "number", _("Number")
        DAY = "day", _("Day")
        CHOICE = "choice", _("Choice")
        YES_NO = "yes_no", _("Yes or no")
        PERSON = "person", _("Person")
        LINK = "link", _("Link")

    board = models.ForeignKey(Board, models.CASCADE, null=True, related_name="+")
    name = models.CharField(_("name"), max_length=FIELD_LENGTH)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    choices = models.JSONField(default=list)
    on_card = models.BooleanField(_("shown on cards"), default=False)
    position = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "name"],
                condition=models.Q(retired_at=None),
                name="one_custom_field_per_name",
                violation_error_message=_("There is a field of this name."),
            ),
            models.CheckConstraint(
                condition=~models.Q(name=""),
                name="custom_field_has_a_name",
                violation_error_message=_("A field needs a name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
