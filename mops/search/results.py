"""One search over everything that a workspace has: the best of each kind, best first."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals.models import Goal, Strategy
from goals.queries.search import find_goals
from goals.queries.strategy_search import find_strategies
from metrics.models import Metric
from metrics.queries.search import find_metrics
from tasks.models import Board, Card
from tasks.queries.search import find_boards, find_cards
from workspaces.models import Membership, Sla, Stakeholder, Workspace
from workspaces.queries import formats
from workspaces.queries.search import find_agreements, find_people, find_stakeholders

KINDS = {  # in the order in which equals are shown: the icon and the word of each
    "goal": ("target", gettext_lazy("Goal")),
    "strategy": ("map", gettext_lazy("Strategy")),
    "card": ("square-check-big", gettext_lazy("Card")),
    "metric": ("chart-line", gettext_lazy("Metric")),
    "board": ("square-kanban", gettext_lazy("Board")),
    "stakeholder": ("handshake", gettext_lazy("Stakeholder")),
    "agreement": ("file-check", gettext_lazy("Agreement")),
    "person": ("user", gettext_lazy("Person")),
}
WORDS = list(KINDS)


@dataclass(frozen=True)
class Result:
    """One thing that was found; `id` is what the API's path of it takes, `inside` as in queries."""

    kind: str
    id: int | str
    title: str
    detail: str
    url: str
    inside: int

    @property
    def icon(self) -> str:
        """The drawing of its kind."""
        return KINDS[self.kind][0]

    @property
    def word(self) -> str:
        """What it is."""
        return str(KINDS[self.kind][1])


def search(workspace: Workspace, text: str) -> list[Result]:
    """At most five of each kind, those where a word begins with the text first; 8 queries.

    The text is tidied and not empty.
    """
    return sorted(_found(workspace, text), key=lambda result: result.inside)


def _found(workspace: Workspace, text: str) -> Iterator[Result]:
    """Kind after kind, each in its own order."""
    for find, told in (
        (find_goals, _goal),
        (find_strategies, _strategy),
        (find_cards, _card),
        (find_metrics, _metric),
        (find_boards, _board),
        (find_stakeholders, _stakeholder),
        (find_agreements, _agreement),
        (find_people, _person),
    ):
        yield from (told(row, workspace.slug) for row in find(workspace, text))


def _goal(goal: Goal, slug: str) -> Result:
    url = reverse("goals:goal", kwargs={"slug": slug, "pk": goal.pk})
    status = str(goal.get_status_display())
    named = goal.metric.name if goal.has_number else _("judged by its steps")
    detail = _line(status, "" if goal.is_open else _("closed"), named)
    return Result("goal", goal.pk, goal.title, detail, url, goal.inside)


def _strategy(found: Strategy, slug: str) -> Result:
    url = reverse("goals:strategy", kwargs={"slug": slug, "pk": found.pk})
    state = _("put away") if found.closed_at else ""
    detail = _line(formats.span(found.start, found.end), state)
    return Result("strategy", found.pk, found.title, detail, url, found.inside)


def _card(card: Card, slug: str) -> Result:
    url = reverse("tasks:card", kwargs={"slug": slug, "pk": card.pk})
    detail = _line(f"#{card.number}", card.board.name, card.column.name)
    return Result("card", card.pk, card.title, detail, url, min(card.inside, card.other))


def _metric(metric: Metric, slug: str) -> Result:
    url = reverse("metrics:metric", kwargs={"slug": slug, "key": metric.key})
    detail = _line(metric.key, _("retired") if metric.retired_at else "")
    return Result("metric", metric.key, metric.name, detail, url, metric.inside)


def _board(board: Board, slug: str) -> Result:
    url = reverse("tasks:board", kwargs={"slug": slug, "pk": board.pk})
    detail = "" if board.is_open else _("archived")
    return Result("board", board.pk, board.name, detail, url, board.inside)


def _stakeholder(found: Stakeholder, slug: str) -> Result:
    url = reverse("workspaces:stakeholder", kwargs={"slug": slug, "pk": found.pk})
    return Result("stakeholder", found.pk, found.name, found.role, url, found.inside)


def _agreement(found: Sla, slug: str) -> Result:
    url = reverse("goals:sla", kwargs={"slug": slug, "pk": found.pk})
    parties = f"{found.provider.name} ⇄ {found.receiver.name}"
    detail = _line(parties, _("ended") if found.ended_at else "")
    return Result("agreement", found.pk, found.name, detail, url, found.inside)


def _person(member: Membership, slug: str) -> Result:
    url = reverse("workspaces:members", kwargs={"slug": slug}) + f"#member-{member.pk}"
    detail = _line(str(member.get_role_display()), member.user.email)
    name = member.user.display_name
    return Result("person", member.pk, name, detail, url, member.inside)


def _line(*parts: str) -> str:
    """The parts that say something, with dots between them."""
    return " · ".join(part for part in parts if part)
