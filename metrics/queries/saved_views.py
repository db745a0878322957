"""Views that people kept: whose list shows which, and what the Overview shows of the pinned."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from metrics.models.saved_views import SavedView
from metrics.queries.explorer import MetricAnswer, answer_question
from metrics.rules.questions import Question, question_from
from workspaces.models import Membership, Workspace
from workspaces.rules.errors import Invalid
from workspaces.rules.roles import Role


@dataclass(frozen=True)
class PinnedTile:
    """A pinned view as a tile: its first metric, or the sentence why there is no answer."""

    view: SavedView
    address: str
    found: MetricAnswer | None
    first: date | None
    last: date | None
    problem: str

    @property
    def known_at(self) -> date | datetime | None:
        """When what the tile says was known, of a past view."""
        return question_from(self.view.question).known_at

    @property
    def points(self) -> Sequence[Decimal | None]:
        """The first line, for a sparkline."""
        lines = self.found.answer.series if self.found else []
        return [point.value for point in lines[0].points] if len(lines) == 1 else []


def views_of(member: Membership, *, page: str = "") -> QuerySet[SavedView]:
    """The shared views of the member's workspace and their own, by name; 1 query."""
    rows = SavedView.objects.filter(
        Q(is_shared=True) | Q(owner=member), workspace_id=member.workspace_id
    )
    rows = rows.filter(page=page) if page else rows
    return rows.select_related("owner__user").order_by("name", "pk")


def may_change(view: SavedView, member: Membership) -> bool:
    """Whether the view is the member's own, or the member may change everybody's."""
    return view.owner_id == member.pk or member.rank >= Role.MANAGER


def address_of(view: SavedView, slug: str) -> str:
    """The page that answers the view's question."""
    words = [*question_from(view.question).words(), ("view", str(view.pk))]
    return f"{reverse(f'metrics:{view.page}', kwargs={'slug': slug})}?{urlencode(words)}"


def pinned_tiles(workspace: Workspace, *, at: datetime) -> list[PinnedTile]:
    """What the Overview shows of the pinned views; 1 query and those of an answer for each."""
    rows = SavedView.objects.filter(workspace=workspace, is_pinned=True).order_by("name", "pk")
    today = workspace.day_of(at)
    return [_tile(workspace, view, today) for view in rows]


def _tile(workspace: Workspace, view: SavedView, today: date) -> PinnedTile:
    asked = question_from(view.question)
    narrow = Question(**{**vars(asked), "metrics": asked.metrics[:1], "by": (), "top": 0})
    address = address_of(view, workspace.slug)
    try:
        found = answer_question(workspace, narrow, today=today)
    except Invalid as refusal:
        return PinnedTile(view, address, None, None, None, str(refusal))
    return PinnedTile(view, address, found.metrics[0], found.first, found.last, "")
