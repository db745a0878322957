"""Reviews and optimisations for tests, made by the real operations."""

from datetime import date

from goals.models import Goal
from metrics.models import Metric
from reports.models import Optimisation, Review, ReviewItem
from reports.operations.optimisations import Draft, begin_optimisation
from reports.operations.reviews import Look, end_review, look_at, start_review
from reports.rules.reviews import Outcome, Rhythm
from tests.make.workspaces import NOON, owner_of
from workspaces.models import Workspace


def begin(workspace: Workspace, rhythm: str = "weekly", *, by=None, at=NOON) -> Review:
    return start_review(workspace, rhythm=Rhythm(rhythm), by=by or owner_of(workspace), at=at)


def look(item: ReviewItem, outcome: str = "seen", *, by=None, at=NOON, **said) -> ReviewItem:
    row = ReviewItem.objects.get(pk=item.pk)
    words = Look(Outcome(outcome), **said)
    return look_at(row, look=words, version=row.version, by=by or owner_of(row.workspace), at=at)


def end(review: Review, notes: str = "", *, at=NOON) -> Review:
    row = Review.objects.get(pk=review.pk)
    by = owner_of(review.workspace)
    return end_review(row, notes=notes, version=row.version, by=by, at=at)


def items_of(review: Review) -> dict[str, ReviewItem]:
    rows = ReviewItem.objects.select_related("goal", "review").filter(review=review)
    return {row.goal.title: row for row in rows}


def make_optimisation(
    metric: Metric, on: str, *, days: int = 7, goal: Goal | None = None, title="Shorter form"
) -> Optimisation:
    draft = Draft(title, metric, date.fromisoformat(on), "More people finish it", days, goal)
    workspace = metric.workspace
    return begin_optimisation(workspace, draft=draft, by=owner_of(workspace), at=NOON)
