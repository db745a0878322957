"""What strategies ask of one member: an answer to the form, a signature."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from goals.models import FeedbackTurn, SignOff, StrategySigner, StrategyVersion
from workspaces.models import Membership, Workspace

MOST = 20


@dataclass(frozen=True)
class Asked:
    """A strategy before its start that waits for the member."""

    strategy_id: int
    title: str
    feedback: bool
    until: date | None
    sign: bool


def asked_of(member: Membership, today: date) -> list[Asked]:
    """Whose feedback or signature is missing, the oldest strategy first; at most 4 queries.

    Feedback is asked for where the newest version has questions, its last day is not over, and
    somebody else published it.
    """
    newest = list(_newest(member.workspace)[:MOST])
    if not newest:
        return []
    turns = FeedbackTurn.objects.filter(member=member, version__in=newest)
    answered = set(turns.values_list("version_id", flat=True))
    signs = _unsigned(member, newest)
    found = [
        Asked(
            strategy_id=version.strategy_id,
            title=version.strategy.title,
            feedback=version.pk not in answered and _wants(version, member, today),
            until=_until(version),
            sign=version.strategy_id in signs,
        )
        for version in newest
    ]
    return [one for one in found if one.feedback or one.sign]


def _newest(workspace: Workspace) -> QuerySet[StrategyVersion]:
    """The newest version of each strategy that has not started."""
    later = StrategyVersion.objects.filter(
        strategy=OuterRef("strategy"), number__gt=OuterRef("number")
    )
    rows = StrategyVersion.objects.select_related("strategy").filter(
        ~Exists(later),
        workspace=workspace,
        strategy__closed_at=None,
        strategy__started_at=None,
    )
    return rows.order_by("strategy_id")


def _unsigned(member: Membership, newest: list[StrategyVersion]) -> set[int]:
    """The strategies that the member is asked to sign and has not."""
    versions = {version.strategy_id: version.pk for version in newest}
    asked = StrategySigner.objects.filter(
        Q(member=member) | Q(stakeholder__member=member), strategy__in=versions
    ).values_list("pk", "strategy_id")
    said = set(SignOff.objects.filter(version__in=newest).values_list("signer_id", "version_id"))
    return {strategy for pk, strategy in asked if (pk, versions[strategy]) not in said}


def _wants(version: StrategyVersion, member: Membership, today: date) -> bool:
    """Whether the version still asks this member."""
    until = _until(version)
    over = until is not None and until < today
    return bool(version.read.questions) and not over and version.published_by_id != member.pk


def _until(version: StrategyVersion) -> date | None:
    """The last day for feedback."""
    said = version.read.feedback_until
    return date.fromisoformat(said) if said else None
