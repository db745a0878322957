"""One question a month: what is asked, the month's answers as counts, who has taken part."""

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from goals.rules.pulse import FEWEST, LAST_OPENING, MOST_FEWEST, Result, Tally, no_answers
from metrics.models import Metric
from workspaces.models import Membership, Stakeholder, WorkspaceOwned

QUESTION_LENGTH = 200


class Pulse(WorkspaceOwned):
    """What a workspace asks each month, from when on, and the metrics that take the result.

    `fewest` is how many answers it takes to tell a result.
    """

    question = models.CharField(_("question"), max_length=QUESTION_LENGTH)
    opens_on = models.PositiveSmallIntegerField(
        _("opens on day"), validators=[MinValueValidator(1), MaxValueValidator(LAST_OPENING)]
    )
    fewest = models.PositiveSmallIntegerField(
        _("fewest answers"),
        validators=[MinValueValidator(FEWEST), MaxValueValidator(MOST_FEWEST)],
    )
    asks_team = models.BooleanField(_("asks the team"), default=True)
    asks_stakeholders = models.BooleanField(_("asks stakeholders"), default=True)
    is_on = models.BooleanField(_("asks each month"), default=True)
    points = models.ForeignKey(Metric, models.PROTECT, related_name="+")
    answers = models.ForeignKey(Metric, models.PROTECT, related_name="+")
    score = models.ForeignKey(Metric, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("satisfaction pulse")
        constraints = [
            models.UniqueConstraint(
                fields=["workspace"],
                name="one_pulse_per_workspace",
                violation_error_message=_("The pulse is set up already."),
            ),
            models.CheckConstraint(
                condition=models.Q(fewest__range=(FEWEST, MOST_FEWEST)),
                name="pulse_unmasks_nobody",
                violation_error_message=_("A result takes 3 to 50 answers."),
            ),
            models.CheckConstraint(
                condition=models.Q(opens_on__range=(1, LAST_OPENING)),
                name="pulse_opens_in_every_month",
                violation_error_message=_("Choose a day from 1 to 28."),
            ),
            models.CheckConstraint(
                condition=models.Q(asks_team=True) | models.Q(asks_stakeholders=True),
                name="pulse_asks_somebody",
                violation_error_message=_("Ask the team, the stakeholders, or both."),
            ),
        ]

    def __str__(self) -> str:
        return self.question


class PulseRound(WorkspaceOwned):
    """One month: what was asked, and how often each score was given.

    `tally` is emptied when the round is closed; what may be told is then in `results`, and how
    many were asked and have answered in `asked` and `answered`, by group.
    """

    month = models.DateField(_("month"))
    question = models.CharField(_("question"), max_length=QUESTION_LENGTH)
    fewest = models.PositiveSmallIntegerField()
    asks_team = models.BooleanField()
    asks_stakeholders = models.BooleanField()
    tally = models.JSONField(default=no_answers)
    results = models.JSONField(default=list)
    asked = models.JSONField(default=dict)
    answered = models.JSONField(default=dict)
    closed_at = models.DateTimeField(null=True)
    fed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "month"],
                name="one_round_a_month",
                violation_error_message=_("This month has been asked already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"

    @property
    def counts(self) -> Tally:
        """The answers of an open round."""
        return dict(self.tally)

    @property
    def told(self) -> list[Result]:
        """What may be told of a closed round."""
        return [Result(**one) for one in self.results]


class PulseTurn(WorkspaceOwned):
    """That somebody is asked by a link, or has answered; it names no answer and no time.

    A stakeholder's has the hash of their link's secret. All of them go when the round is closed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    round = models.ForeignKey(PulseRound, models.CASCADE, related_name="turns")
    member = models.ForeignKey(Membership, models.CASCADE, null=True, related_name="+")
    stakeholder = models.ForeignKey(Stakeholder, models.CASCADE, null=True, related_name="+")
    secret_hash = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001  none for members
    has_answered = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "member"],
                name="one_pulse_turn_per_member",
                violation_error_message=_("You have answered already."),
            ),
            models.UniqueConstraint(
                fields=["round", "stakeholder"],
                name="one_pulse_turn_per_stakeholder",
                violation_error_message=_("This stakeholder has a link already."),
            ),
            models.CheckConstraint(
                condition=models.Q(member=None, stakeholder__isnull=False)
                | models.Q(member__isnull=False, stakeholder=None),
                name="pulse_turn_of_somebody",
                violation_error_message=_("A member or a stakeholder answers."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id or self.stakeholder_id} in {self.round_id}"
