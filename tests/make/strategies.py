"""Strategies for tests, written, published and shared by the real operations."""

from datetime import date

from goals.models import Strategy, StrategyVersion
from goals.operations.feedback import Answers, Suggestion, give_feedback
from goals.operations.strategy import (
    Participation,
    Period,
    StepDraft,
    begin_strategy,
    save_step,
)
from goals.operations.strategy_shares import ShareDraft, share_strategy
from goals.operations.strategy_versions import publish_strategy
from goals.rules.strategy import Step
from tests.make.workspaces import NOON, owner_of

YEAR = Period("Plan 2026", date(2026, 1, 1), date(2026, 12, 31))


def make_strategy(workspace, *, period=YEAR, at=NOON) -> Strategy:
    return begin_strategy(workspace, period=period, by=owner_of(workspace), at=at)


def write(strategy, step: Step, *, by=None, at=NOON, **draft) -> Strategy:
    """Save one step on the version that stands."""
    return save_step(
        strategy,
        step=step,
        draft=StepDraft(**draft),
        version=Strategy.objects.get(pk=strategy.pk).version,
        by=by or owner_of(strategy.workspace),
        at=at,
    )


def take_part(strategy, **terms) -> Strategy:
    return write(strategy, Step.PARTICIPATION, participation=Participation(**terms))


def publish(strategy, note="", *, at=NOON) -> StrategyVersion:
    version = Strategy.objects.get(pk=strategy.pk).version
    by = owner_of(strategy.workspace)
    return publish_strategy(strategy, note=note, version=version, by=by, at=at)


def share(strategy, *, until=date(2026, 3, 31), label="The board", at=NOON, **draft):
    """A link: its row and its token."""
    wanted = ShareDraft(label=label, until=until, **draft)
    return share_strategy(strategy, draft=wanted, by=owner_of(strategy.workspace), at=at)


def say(version, *texts, at=NOON, **answers):
    said = tuple(Suggestion(text) for text in texts)
    return give_feedback(version, answers=Answers(said, **answers), at=at)
