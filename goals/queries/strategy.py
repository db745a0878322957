"""Strategies as pages and answers need them: the list, one to read, one with all around it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import Count, F, Max, Q, QuerySet

from goals.models import Decision, FeedbackItem, Goal, Strategy, StrategyVersion
from goals.models.goals import BASIS_CHOICES
from goals.models.strategy import STEP_CHOICES
from goals.queries.catalogue import goals_of
from goals.queries.feedback import Taking, counts_of, has_answered, heard, taking_part
from goals.queries.figures import Standing
from goals.queries.slas import SlaLine, sla_lines
from goals.queries.standing import standings
from goals.queries.strategy_documents import document_of
from goals.queries.strategy_versions import Signature, latest_version, signatures_on, versions_of
from goals.rules.strategy import AgreementLine, Disposition, Document, GoalLine
from workspaces.models import Membership, Workspace
from workspaces.queries.sla import slas_of

BASIS_WORDS = dict(BASIS_CHOICES)


def strategies_of(workspace: Workspace) -> QuerySet[Strategy]:
    """All strategies, open ones first, the latest period first; 1 query.

    `latest` is the number of the newest version (None: unpublished), `waiting` counts the
    suggestions without an answer.
    """
    waiting = Q(versions__sheets__items__disposition=Disposition.OPEN.value)
    rows = Strategy.objects.filter(workspace=workspace).annotate(
        latest=Max("versions__number"),
        waiting=Count("versions__sheets__items", filter=waiting, distinct=True),
    )
    return rows.order_by(F("closed_at").desc(nulls_first=True), "-start", "-pk")


@dataclass(frozen=True)
class GoalRead:
    """A goal of the document as it is read: with its steps, and where the last review put it.

    `is_outside` says that it shares no day with the period; `standing` are its numbers of now,
    None where they are not asked for.
    """

    line: GoalLine
    status: str = ""
    steps: list["GoalRead"] = field(default_factory=list)
    is_outside: bool = False
    standing: Standing | None = None

    @property
    def basis(self) -> str:
        """How the goal counts, in words."""
        return str(BASIS_WORDS.get(self.line.basis, ""))


@dataclass(frozen=True)
class AgreementRead:
    """An agreement of the document; `kept` is how this month stands, None where strangers read."""

    line: AgreementLine
    kept: SlaLine | None = None


@dataclass(frozen=True)
class Reading:
    """A document to be read; without statuses where strangers read it.

    It `guides` who writes the draft with questions where a step says nothing yet.
    """

    document: Document
    goals: list[GoalRead]
    live: bool
    agreements: list[AgreementRead] = field(default_factory=list)
    guides: bool = False

    def touching(self, member: Membership) -> list[GoalRead]:
        """The goals that change something for the member: theirs, or with a step of theirs."""
        return [
            goal
            for goal in self.goals
            if goal.line.change and member.pk in {one.line.owner_id for one in (goal, *goal.steps)}
        ]

    @property
    def sections(self) -> list["Section"]:
        """The six steps in their order."""
        return sections_of(self.document)


def reading_of(document: Document, statuses: Mapping[int, str] | None = None) -> Reading:
    """The document with each goal's steps below it."""
    known = statuses or {}
    below: dict[int, list[GoalRead]] = {}
    for step in document.steps:
        below.setdefault(step.parent, []).append(GoalRead(step, known.get(step.id, "")))
    goals = [
        GoalRead(goal, known.get(goal.id, ""), below.get(goal.id, []), document.is_outside(goal))
        for goal in document.goals
    ]
    agreements = [AgreementRead(line) for line in document.agreements]
    return Reading(document, goals, statuses is not None, agreements)


def kept_now(workspace: Workspace, reading: Reading, at: datetime) -> Reading:
    """The same with how the agreements stand this month; 15 queries at most."""
    named = [one.line.id for one in reading.agreements]
    rows = list(slas_of(workspace).filter(pk__in=named)) if named else []
    lines = {one.sla.pk: one for one in sla_lines(workspace, at, slas=rows)} if rows else {}
    told = [replace(one, kept=lines.get(one.line.id)) for one in reading.agreements]
    return replace(reading, agreements=told)


def standing_now(workspace: Workspace, reading: Reading, at: datetime) -> Reading:
    """The same with the numbers and the status of each goal at the instant; 11 queries at most."""
    rows = goals_of(workspace).filter(pk__in=[one.line.id for one in reading.goals])
    found = standings(workspace, rows, at, curves=False)
    return replace(reading, goals=[_standing(one, found.get(one.line.id)) for one in reading.goals])


def _standing(goal: GoalRead, standing: Standing | None) -> GoalRead:
    """A goal that is gone keeps neither numbers nor status."""
    return replace(goal, standing=standing, status=standing.status.value) if standing else goal


def statuses_in(document: Document) -> dict[int, str]:
    """Where the last review put the goals and steps of the document; 1 query."""
    named = [line.id for line in (*document.goals, *document.steps)]
    return dict(Goal.objects.filter(pk__in=named).values_list("pk", "status"))


@dataclass(frozen=True)
class Section:
    """One of the six steps as a page shows it."""

    step: str
    number: int
    word: str
    filled: bool
    words: str


def sections_of(document: Document) -> list[Section]:
    """The six steps in their order."""
    filled = document.filled
    return [
        Section(step, number, str(word), filled[step], document.words.get(step, ""))
        for number, (step, word) in enumerate(STEP_CHOICES, 1)
    ]


@dataclass(frozen=True)
class StrategyPage:
    """One strategy with everything around it."""

    strategy: Strategy
    reading: Reading
    newest: StrategyVersion | None
    versions: list[StrategyVersion]
    signatures: list[Signature]
    taking: Taking | None
    answered: bool
    waiting: int
    heard: list[FeedbackItem]
    decisions: list[Decision]
    yours: list[GoalRead]

    @property
    def document(self) -> Document:
        """The draft."""
        return self.reading.document

    @property
    def unpublished(self) -> bool:
        """Whether the draft says something that the newest version does not."""
        return self.newest is None or self.newest.read != self.document

    @property
    def done(self) -> int:
        """How many of the six steps are whole."""
        return sum(self.document.filled.values())

    @property
    def unsigned(self) -> list[Signature]:
        """Those who have not agreed to the newest version."""
        return [one for one in self.signatures if not one.agreed]


def strategy_page(strategy: Strategy, member: Membership) -> StrategyPage:
    """The draft with its versions, signatures, feedback and decisions, in constant queries."""
    document = document_of(strategy)
    reading = reading_of(document, statuses_in(document))
    newest = latest_version(strategy)
    return StrategyPage(
        strategy=strategy,
        reading=reading,
        yours=reading.touching(member),
        newest=newest,
        versions=list(versions_of(strategy)),
        signatures=signatures_on(strategy, newest) if newest else [],
        taking=taking_part(newest) if newest else None,
        answered=has_answered(newest, member) if newest else False,
        waiting=counts_of(strategy).get(Disposition.OPEN.value, 0),
        heard=heard(strategy),
        decisions=list(decisions_of(strategy)),
    )


def decisions_of(strategy: Strategy) -> QuerySet[Decision]:
    """The decision log, the latest first; 1 query."""
    rows = Decision.objects.select_related("decided_by__user", "goal")
    return rows.filter(strategy=strategy).order_by("-decided_on", "-pk")
