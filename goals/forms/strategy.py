"""The forms of a strategy's head and of its six steps."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from goals.models import Goal, Strategy
from goals.models.strategy import (
    LINE_LENGTH,
    MOST_QUESTIONS,
    QUESTION_LENGTH,
    TITLE_LENGTH,
    WORDS_LENGTH,
)
from goals.operations.strategy import Participation, Period, StepDraft
from goals.queries.catalogue import metrics_to_choose
from goals.queries.strategy_documents import goals_in, metrics_in, outcomes_in, signers_of
from goals.rules.strategy import Step
from workspaces.forms import Refusing, VersionField
from workspaces.models import Membership, Stakeholder, Workspace
from workspaces.queries.people import members_of
from workspaces.queries.stakeholders import stakeholders_of

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
QUESTIONS = (
    _("What is missing?"),
    _("What would you do differently?"),
    _("Which expectation is not reasonable, and why?"),
)


def area(label: Any, rows: int = 2, *, most: int = LINE_LENGTH, **options: Any) -> forms.CharField:
    """A text of several lines that may be left out."""
    widget = forms.Textarea(attrs={"rows": rows, "dir": "auto"})
    return forms.CharField(label=label, max_length=most, required=False, widget=widget, **options)


class PeriodForm(Refusing):
    """The title and the period."""

    version = VersionField(required=False)
    title = forms.CharField(label=_("Title"), max_length=TITLE_LENGTH)
    start = forms.DateField(label=_("Start"), widget=DAY)
    end = forms.DateField(label=_("End"), widget=DAY)

    def period(self) -> Period:
        """The cleaned fields."""
        fields = self.cleaned_data
        return Period(fields["title"], fields["start"], fields["end"])

    @classmethod
    def values_of(cls, strategy: Strategy) -> dict[str, Any]:
        """What the form shows of a strategy that stands."""
        return {name: getattr(strategy, name) for name in cls.base_fields}


class StepForm(Refusing):
    """One step: its own words, and a line to tick for each thing that exists."""

    hint: Any = ""
    line_label: Any = ""
    version = VersionField()
    words = area(_("In your own words"), 3, most=WORDS_LENGTH)

    def __init__(self, *args: Any, strategy: Strategy, step: Step, **kwargs: Any) -> None:
        """Offer what the workspace has, what is linked already first."""
        self.strategy, self.step = strategy, step
        initial = {"version": strategy.version, "words": strategy.words.get(step.value, "")}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["words"].help_text = self.hint
        self.things: list[Any] = []
        linked = dict(self.linked())
        offered = [*linked, *(thing for thing in self.offered() if thing not in linked)]
        for thing in offered:
            self.offer(thing, linked)

    def linked(self) -> list[tuple[Any, str]]:
        """What the step links now, with the words."""
        return []

    def offered(self) -> Sequence[Any]:
        """What it could link."""
        return ()

    def offer(self, thing: Any, linked: dict[Any, str]) -> None:
        """Add the fields of one line."""
        self.things.append(thing)
        self.fields[f"pick_{thing.pk}"] = forms.BooleanField(
            label=str(thing), required=False, initial=thing in linked
        )
        if self.line_label:
            said = linked.get(thing) or self.proposal(thing)
            self.fields[f"line_{thing.pk}"] = area(self.line_label, initial=said)

    def proposal(self, _thing: Any) -> str:
        """The words that are proposed for a thing that is not linked yet."""
        return ""

    @property
    def lines(self) -> list[tuple[Any, Any, Any]]:
        """The things with the fields that tick and that tell them."""
        return [
            (
                thing,
                self[f"pick_{thing.pk}"],
                self[f"line_{thing.pk}"] if self.line_label else None,
            )
            for thing in self.things
        ]

    def picked(self) -> list[tuple[Any, str | None]]:
        """The ticked things with their words."""
        fields = self.cleaned_data
        return [
            (thing, fields.get(f"line_{thing.pk}"))
            for thing in self.things
            if fields[f"pick_{thing.pk}"]
        ]

    def draft(self) -> StepDraft:
        """The cleaned fields."""
        return StepDraft(words=self.cleaned_data["words"])


class OutcomesForm(StepForm):
    """Step 1: what must be true at the end, and for whom."""

    elsewhere = {"name": "new_name"}

    hint = _("What must be true at the end of the period, and why does it matter?")
    line_label = _("What the strategy accomplishes for them")
    new_name = forms.CharField(
        label=_("Somebody who is not listed yet"), max_length=120, required=False
    )
    new_outcome = area(_("What the strategy accomplishes for them"))

    def linked(self) -> list[tuple[Any, str]]:
        """The stakeholders of the step."""
        return [(row.stakeholder, row.outcome) for row in outcomes_in(self.strategy)]

    def offered(self) -> Sequence[Any]:
        """The register."""
        return list(stakeholders_of(self.strategy.workspace))

    def proposal(self, thing: Stakeholder) -> str:
        """What the register says already."""
        return thing.outcome

    def draft(self) -> StepDraft:
        """The cleaned fields."""
        fields = self.cleaned_data
        name = fields["new_name"].strip()
        newcomer = (name, fields["new_outcome"].strip()) if name else None
        return StepDraft(words=fields["words"], lines=self.picked(), newcomer=newcomer)


class MetricsForm(StepForm):
    """Step 2: by which numbers success is seen."""

    hint = _("How will everybody see that it worked?")
    line_label = _("Why it shows success")

    def linked(self) -> list[tuple[Any, str]]:
        """The metrics of the step."""
        return [(row.metric, row.why) for row in metrics_in(self.strategy)]

    def offered(self) -> Sequence[Any]:
        """The catalogue."""
        return list(metrics_to_choose(self.strategy.workspace))

    def draft(self) -> StepDraft:
        """The cleaned fields."""
        return StepDraft(words=self.cleaned_data["words"], lines=self.picked())


class GoalsForm(MetricsForm):
    """Step 3: the SMART goals; steps under them come by themselves."""

    hint = _("How do these goals belong together?")
    line_label = ""

    def linked(self) -> list[tuple[Any, str]]:
        """The goals of the step."""
        return [(row.goal, row.change) for row in goals_in(self.strategy)]

    def offered(self) -> Sequence[Any]:
        """The open goals that are no step of another."""
        rows = Goal.objects.select_related("metric", "owner__user")
        top = rows.filter(Q(parent=None) | ~Q(parent__closed_at=None), closed_at=None)
        return list(top.filter(workspace=self.strategy.workspace).order_by("start", "pk"))


class ParticipationForm(StepForm):
    """Step 4: what changes for whom, what colleagues are asked, who signs."""

    elsewhere = {"feedback_until": "until"}

    hint = _("How can colleagues refine the plan before it starts?")
    questions = area(
        _("Questions of the form"),
        3,
        most=MOST_QUESTIONS * (QUESTION_LENGTH + 2),
        help_text=_("One per line. Each goal can be commented, too."),
    )
    until = forms.DateField(label=_("Feedback until"), widget=DAY, required=False)
    anonymous = forms.BooleanField(label=_("Answers may be anonymous"), required=False)
    signers = forms.MultipleChoiceField(
        label=_("Who signs before the start"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, strategy: Strategy, **kwargs: Any) -> None:
        """Show what stands, propose questions where there are none."""
        super().__init__(*args, strategy=strategy, **kwargs)
        self.goals = [row.goal for row in goals_in(strategy)]
        for row in goals_in(strategy):
            self.fields[f"change_{row.goal_id}"] = area(row.goal.title, initial=row.change)
        self.people = self.who(strategy.workspace)
        self.fields["signers"].choices = [(key, name) for key, (name, _row) in self.people.items()]
        asked = signers_of(strategy)
        self.initial |= {
            "questions": "\n".join(map(str, strategy.questions or QUESTIONS)),
            "until": strategy.feedback_until,
            "anonymous": strategy.anonymous,
            "signers": [
                f"m{one.member_id}" if one.member_id else f"s{one.stakeholder_id}" for one in asked
            ],
        }

    @staticmethod
    def who(workspace: Workspace) -> dict[str, tuple[str, Membership | Stakeholder]]:
        """Everybody who can be asked to sign, by their key in the form."""
        found: dict[str, tuple[str, Membership | Stakeholder]] = {
            f"s{one.pk}": (one.name, one) for one in stakeholders_of(workspace)
        }
        found |= {f"m{one.pk}": (one.user.display_name, one) for one in members_of(workspace)}
        return found

    @property
    def changes(self) -> list[Any]:
        """The fields that tell what each goal changes."""
        return [self[f"change_{goal.pk}"] for goal in self.goals]

    def clean_questions(self) -> list[str]:
        """One question a line."""
        found = [text.strip() for text in self.cleaned_data["questions"].splitlines()]
        if any(len(text) > QUESTION_LENGTH for text in found):
            message = _("A question has at most %(most)s letters.")
            raise forms.ValidationError(message, params={"most": QUESTION_LENGTH})
        return [text for text in found if text]

    def draft(self) -> StepDraft:
        """The cleaned fields."""
        fields = self.cleaned_data
        asked = [self.people[key][1] for key in fields["signers"]]
        terms = Participation(
            questions=fields["questions"],
            until=fields["until"],
            anonymous=fields["anonymous"],
            members=[one for one in asked if isinstance(one, Membership)],
            stakeholders=[one for one in asked if isinstance(one, Stakeholder)],
            changes={goal.pk: fields[f"change_{goal.pk}"] for goal in self.goals},
        )
        return StepDraft(words=fields["words"], participation=terms)


class StepsForm(StepForm):
    """Step 5: how the goals are reached."""

    hint = _("In which order, and with which people, hours and money?")


class AssignmentsForm(StepForm):
    """Step 6: who answers for what."""

    hint = _("When do you meet, and how does everybody hear how it goes?")


FORMS: dict[Step, type[StepForm]] = {
    Step.OUTCOMES: OutcomesForm,
    Step.METRICS: MetricsForm,
    Step.GOALS: GoalsForm,
    Step.PARTICIPATION: ParticipationForm,
    Step.STEPS: StepsForm,
    Step.ASSIGNMENTS: AssignmentsForm,
}
