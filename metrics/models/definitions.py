"""What is measured: the definitions of metrics."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from metrics.rules.amounts import MOST_DECIMALS
from workspaces.models import Membership, WorkspaceOwned

ADDITIVE, LAST, UNIQUE = "additive", "last", "unique"
RATIO, DERIVED = "ratio", "derived"
MEASURED = (ADDITIVE, LAST, UNIQUE)  # these have observations, the others are computed
KIND_CHOICES = [
    (ADDITIVE, _("Additive: values add up")),
    (LAST, _("Level: the last value counts")),
    (UNIQUE, _("Unique: each person counts once")),
    (RATIO, _("Ratio: one sum over another")),
    (DERIVED, _("Derived: a formula over other metrics")),
]
EXACT, SKETCH = "exact", "sketch"
COUNTING_CHOICES = [
    (EXACT, _("Exact, by a list of the people")),
    (SKETCH, _("Estimated, ids are kept only as hashes")),
]
STAGE_CHOICES = [
    ("awareness", _("Awareness")),
    ("consideration", _("Consideration")),
    ("decision", _("Decision")),
    ("retention", _("Retention")),
    ("advocacy", _("Advocacy")),
]
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

    Additive, last and unique metrics have observations; a ratio and a derived metric have none,
    they are computed from others when they are read. Kind, decimals, currency and the way of
    counting are fixed from the first observation on.

    `cadence_days` and `lag_days` say how often data are expected and how long they take to come;
    without a cadence it is learned from the data, and one of 0 says that no more are expected.
    `allowed_dims`, when not empty, lists the only dimensions that observations may have.
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
    formula = models.TextField(_("formula"), max_length=2000, blank=True)
    counting = models.CharField(
        _("counting"), max_length=6, choices=COUNTING_CHOICES, default=EXACT
    )
    cadence_days = models.PositiveSmallIntegerField(_("expected every"), null=True, blank=True)
    lag_days = models.PositiveSmallIntegerField(_("usual lag"), default=0)
    allowed_dims = models.JSONField(_("allowed dimensions"), default=list, blank=True)
    stage = models.CharField(_("journey stage"), max_length=13, choices=STAGE_CHOICES, blank=True)
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
                condition=models.Q(kind=RATIO, numerator__isnull=False, denominator__isnull=False)
                | (
                    ~models.Q(kind=RATIO)
                    & models.Q(numerator__isnull=True, denominator__isnull=True)
                ),
                name="a_ratio_has_two_parts",
                violation_error_message=_("A ratio has a numerator and a denominator."),
            ),
            models.CheckConstraint(
                condition=(models.Q(kind=DERIVED) & ~models.Q(formula=""))
                | (~models.Q(kind=DERIVED) & models.Q(formula="")),
                name="only_a_derived_metric_has_a_formula",
                violation_error_message=_("A derived metric has a formula, and no other has."),
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
    def measure(self) -> dict[str, str | int]:
        """How its values are written, for events that record one."""
        return {"unit": self.unit, "decimals": self.decimals, "currency": self.currency}

    @property
    def is_ratio(self) -> bool:
        """Whether it divides one metric by another."""
        return self.kind == RATIO

    @property
    def is_computed(self) -> bool:
        """Whether it has no observations of its own."""
        return self.kind not in MEASURED


class MetricInput(models.Model):
    """A computed metric reads another directly: what a ratio divides, what a formula names."""

    metric = models.ForeignKey(Metric, models.CASCADE, related_name="inputs")
    input = models.ForeignKey(Metric, models.PROTECT, related_name="users")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["metric", "input"],
                name="one_row_per_input",
                violation_error_message=_("This metric reads that one already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric_id} reads {self.input_id}"


class MetricVersion(models.Model):
    """How a computed metric was computed from a day on; the first version has no such day.

    `number` is the metric's definition revision at which it began.
    """

    metric = models.ForeignKey(Metric, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    effective_from = models.DateField(_("in force from"), null=True)
    kind = models.CharField(max_length=10, choices=KIND_CHOICES)
    numerator = models.ForeignKey(Metric, models.PROTECT, null=True, related_name="+")
    denominator = models.ForeignKey(Metric, models.PROTECT, null=True, related_name="+")
    scale_text = models.CharField(max_length=24, default="1")
    formula = models.TextField(max_length=2000, blank=True)
    defined_at = models.DateTimeField()
    by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["metric", "number"],
                name="one_version_per_number",
                violation_error_message=_("This version exists."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric_id} v{self.number}"
