"""A strategy as a document of six steps: what stands in it, and whether it is whole."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from enum import StrEnum
from typing import Any, Self


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
    def filled(self) -> dict[str, bool]:
        """Which of the six steps say what they must, in their order."""
        split = {line.parent for line in self.steps}
        return {
            Step.OUTCOMES.value: _all(self.outcomes, "outcome"),
            Step.METRICS.value: bool(self.metrics),
            Step.GOALS.value: bool(self.goals),
            Step.PARTICIPATION.value: bool(self.questions) and _all(self.goals, "change"),
            Step.STEPS.value: bool(self.goals) and all(goal.id in split for goal in self.goals),
            Step.ASSIGNMENTS.value: bool(self.goals) and not self.ownerless,
        }


def _all(lines: Sequence[Line], name: str) -> bool:
    """Whether there are lines and each says something under that name."""
    return bool(lines) and all(getattr(line, name) for line in lines)


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
