"""A strategy as a document of six steps: what stands in it, and whether it is whole."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from enum import StrEnum
from typing import Any, Self

OUTSIDE = "outside"  # a remark: the step is whole all the same


class Step(StrEnum):
    """The six guided steps, in their order."""

    OUTCOMES = "outcomes"
    METRICS = "metrics"
    GOALS = "goals"
    PARTICIPATION = "participation"
    STEPS = "steps"
    ASSIGNMENTS = "assignments"


class Disposition(StrEnum):
    """What became of a suggestion."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    DEFERRED = "deferred"


@dataclass(frozen=True)
class Line:
    """One row of the document; `id` is that of the thing it tells of."""

    id: int

    @classmethod
    def loaded(cls, data: Mapping[str, Any]) -> Self:
        """A row from JSON; what an older document does not say keeps its default."""
        known = {one.name for one in fields(cls)}
        return cls(**{name: value for name, value in data.items() if name in known})


@dataclass(frozen=True)
class OutcomeLine(Line):
    """What the strategy must accomplish for one stakeholder."""

    name: str = ""
    role: str = ""
    need: str = ""
    outcome: str = ""


@dataclass(frozen=True)
class MetricLine(Line):
    """One metric and why it shows success; unit, decimals and currency write its values."""

    key: str = ""
    name: str = ""
    unit: str = "number"
    decimals: int = 0
    currency: str = ""
    why: str = ""


@dataclass(frozen=True)
class GoalLine(Line):
    """A goal or a step; amounts are canonical decimal text, days ISO text, "" is not known."""

    title: str = ""
    metric: MetricLine = field(default_factory=lambda: MetricLine(0))
    basis: str = ""
    percent: str = ""
    target: str = ""
    baseline: str = ""
    start: str = ""
    end: str = ""
    owner: str = ""
    owner_id: int = 0
    reports_to: str = ""
    stakeholder: str = ""
    parent: int = 0
    change: str = ""

    @classmethod
    def loaded(cls, data: Mapping[str, Any]) -> Self:
        """A row from JSON, with its metric."""
        return super().loaded({**data, "metric": MetricLine.loaded(data["metric"])})

    @property
    def window(self) -> tuple[date, date]:
        """The first and the last day."""
        return date.fromisoformat(self.start), date.fromisoformat(self.end)


@dataclass(frozen=True)
class AgreementLine(Line):
    """An agreement of two parties and what each promises, one promise a line."""

    name: str = ""
    parties: str = ""
    promises: str = ""


@dataclass(frozen=True)
class Assignment:
    """What one person answers for."""

    name: str
    reports_to: str
    lines: tuple[GoalLine, ...]


@dataclass(frozen=True)
class Missing:
    """What a step does not say; `name` is the row that it is about, empty for the whole step."""

    step: str
    code: str
    name: str = ""


@dataclass(frozen=True)
class Document:
    """The whole strategy in words and numbers, as it is read, printed, published and compared."""

    title: str
    start: str
    end: str
    words: Mapping[str, str] = field(default_factory=dict)
    outcomes: tuple[OutcomeLine, ...] = ()
    agreements: tuple[AgreementLine, ...] = ()
    metrics: tuple[MetricLine, ...] = ()
    goals: tuple[GoalLine, ...] = ()
    steps: tuple[GoalLine, ...] = ()
    questions: tuple[str, ...] = ()
    signers: tuple[str, ...] = ()
    feedback_until: str = ""
    anonymous: bool = False

    @property
    def window(self) -> tuple[date, date]:
        """The first and the last day of the period."""
        return date.fromisoformat(self.start), date.fromisoformat(self.end)

    @property
    def assignments(self) -> tuple[Assignment, ...]:
        """Who answers for which goals and steps, by name, each person's earliest end first."""
        people: dict[int, list[GoalLine]] = {}
        for line in (*self.goals, *self.steps):
            if line.owner_id:
                people.setdefault(line.owner_id, []).append(line)
        found = [
            Assignment(
                lines[0].owner,
                lines[0].reports_to,
                tuple(sorted(lines, key=lambda line: (line.end, line.id))),
            )
            for lines in people.values()
        ]
        return tuple(sorted(found, key=lambda one: one.name))

    @property
    def ownerless(self) -> tuple[GoalLine, ...]:
        """The goals and steps that nobody answers for."""
        return tuple(line for line in (*self.goals, *self.steps) if not line.owner_id)

    @property
    def missing(self) -> tuple[Missing, ...]:
        """What the six steps do not say yet, and which goals do not belong, in their order."""
        split = {line.parent for line in self.steps}
        goals = [goal for goal in self.goals if goal.id not in split]
        return (
            *_lacking(Step.OUTCOMES, self.outcomes, "no_outcomes"),
            *_each(Step.OUTCOMES, "no_outcome", [x.name for x in self.outcomes if not x.outcome]),
            *_lacking(Step.METRICS, self.metrics, "no_metrics"),
            *_each(Step.METRICS, "no_why", [x.name for x in self.metrics if not x.why]),
            *_lacking(Step.GOALS, self.goals, "no_goals"),
            *_each(Step.GOALS, OUTSIDE, [x.title for x in self.goals if self.is_outside(x)]),
            *_lacking(Step.PARTICIPATION, self.questions, "no_questions"),
            *_lacking(Step.PARTICIPATION, self.goals, "no_goals"),
            *_each(Step.PARTICIPATION, "no_change", [x.title for x in self.goals if not x.change]),
            *_lacking(Step.STEPS, self.goals, "no_goals"),
            *_each(Step.STEPS, "no_steps", [x.title for x in goals]),
            *_lacking(Step.ASSIGNMENTS, self.goals, "no_goals"),
            *_each(Step.ASSIGNMENTS, "no_owner", [x.title for x in self.ownerless]),
        )

    @property
    def filled(self) -> dict[str, bool]:
        """Which of the six steps say what they must, in their order."""
        open_steps = {one.step for one in self.missing if one.code != OUTSIDE}
        return {step.value: step.value not in open_steps for step in Step}

    def is_outside(self, goal: GoalLine) -> bool:
        """Whether a goal shares no day with the period of the strategy."""
        return goal.end < self.start or goal.start > self.end


def _lacking(step: Step, rows: Sequence[object], code: str) -> Iterator[Missing]:
    """That there are no rows at all."""
    if not rows:
        yield Missing(step.value, code)


def _each(step: Step, code: str, names: Iterable[str]) -> Iterator[Missing]:
    """The same of each row that is named."""
    return (Missing(step.value, code, name) for name in names)


def as_data(document: Document) -> dict[str, Any]:
    """The document as JSON values."""
    return asdict(document)


def from_data(data: Mapping[str, Any]) -> Document:
    """The document that was kept as JSON values."""
    kinds: dict[str, type[Line]] = {
        "outcomes": OutcomeLine,
        "agreements": AgreementLine,
        "metrics": MetricLine,
        "goals": GoalLine,
        "steps": GoalLine,
    }
    known = {one.name for one in fields(Document)}
    values = {name: value for name, value in data.items() if name in known}
    for name, kind in kinds.items():
        values[name] = tuple(kind.loaded(row) for row in data.get(name, ()))
    for name in ("questions", "signers"):
        values[name] = tuple(data.get(name, ()))
    return Document(**values)
