"""What is measured: the definitions of metrics."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from metrics.rules.aggregation import Recipe
from metrics.rules.amounts import MOST_DECIMALS
from workspaces.models import Membership, WorkspaceOwned

ADDITIVE, RATIO = "additive", "ratio"
KIND_CHOICES = [(ADDITIVE, _("Additive: values add up")), (RATIO, _("Ratio: one sum over another"))]
UNIT_CHOICES = [
    ("count", _("Count")),
    ("number", _("Number")),
    ("percent", _("Percent")),
    ("currency", _("Money")),
    ("duration", _("Duration in seconds")),
]
DIRECTION_CHOICES = [("up", _("Higher is better")), ("down", _("Lower is better"))]
key_shape = RegexValidator(
    r"^[a-z][a-z0-9_]{0,62}\Z",
    _("Use 1 to 63 small letters, digits and underscores; a letter first."),
)


class Metric(WorkspaceOwned):
    """A definition: what is counted, in which unit, and which direction is good.

    An additive metric has observations; a ratio has none, it divides two additive ones when it is
    read. Kind, decimals and currency are fixed from the first observation on.
    """

    key = models.CharField(_("key"), max_length=63, validators=[key_shape])
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=10, choices=KIND_CHOICES, default=ADDITIVE)
    unit = models.CharField(_("unit"), max_length=10, choices=UNIT_CHOICES, default="count")
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    decimals = models.PositiveSmallIntegerField(
        _("decimals"), default=0, validators=[MaxValueValidator(MOST_DECIMALS)]
    )
    direction = models.CharField(
        _("direction"), max_length=4, choices=DIRECTION_CHOICES, default="up"
    )
    numerator = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("numerator")
    )
    denominator = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("denominator"),
    )
    scale_text = models.CharField(_("scale"), max_length=24, default="1")
    description = models.TextField(_("description"), max_length=2000, blank=True)
    owner = models.ForeignKey(
        Membership,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    definition_revision = models.PositiveIntegerField(default=1)
    version = models.PositiveIntegerField(default=1)
    defined_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "key"],
                name="one_metric_per_key",
                violation_error_message=_("A metric with this key exists."),
            ),
            models.CheckConstraint(
                condition=models.Q(kind=ADDITIVE, numerator__isnull=True, denominator__isnull=True)
                | models.Q(kind=RATIO, numerator__isnull=False, denominator__isnull=False),
                name="a_ratio_has_two_parts",
                violation_error_message=_("A ratio has a numerator and a denominator."),
            ),
            models.CheckConstraint(
                condition=models.Q(decimals__lte=MOST_DECIMALS),
                name="metric_decimals_in_range",
                violation_error_message=_("A metric has 0 to 6 decimals."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scale(self) -> Decimal:
        """What the quotient is multiplied by: 100 for percent."""
        return Decimal(self.scale_text)

    @property
    def is_ratio(self) -> bool:
        """Whether it is computed from two others."""
        return self.kind == RATIO

    @property
    def input_ids(self) -> tuple[int, ...]:
        """The metrics whose observations make up this one's value."""
        return self.recipe_with(0, 0).inputs

    @property
    def recipe(self) -> Recipe:
        """How its value is made; numerator and denominator must have been fetched with it."""
        if self.numerator is None or self.denominator is None:
            return self.recipe_with(self.decimals, 0)
        return self.recipe_with(self.numerator.decimals, self.denominator.decimals)

    def recipe_with(self, top: int, below: int) -> Recipe:
        """The recipe, given the decimals of what is divided."""
        if self.numerator_id is None or self.denominator_id is None:
            return Recipe(self.pk, top)
        return Recipe(self.numerator_id, top, self.denominator_id, below, self.scale)
