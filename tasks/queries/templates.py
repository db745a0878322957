"""Templates of cards as pages and the API show them; their number adds no query."""

from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from tasks.models import Board, CardTemplate


def templates_of(board: Board) -> QuerySet[CardTemplate]:
    """The board's templates by title, with all that they say; 3 queries."""
    rows = CardTemplate.objects.filter(board=board).select_related("assignee__user", "goal")
    return rows.prefetch_related("labels", "helpers__user").order_by("title", "pk")


def names_of(board: Board) -> QuerySet[CardTemplate]:
    """The same for choosing one; 1 query."""
    return CardTemplate.objects.filter(board=board).only("title").order_by("title", "pk")


def begun_with(template: CardTemplate, today: date) -> dict[str, Any]:
    """What the form of a new card says first; 2 queries."""
    names = ("title", "description", "estimate", "priority")
    own = {f"field_{pk}": value for pk, value in template.values.items()}
    due = None if template.due_in is None else today + timedelta(days=template.due_in)
    return own | {
        **{name: getattr(template, name) for name in names},
        "assignee": template.assignee_id,
        "goal": template.goal_id,
        "due_on": due,
        "labels": [label.pk for label in template.labels.all()],
        "helpers": [member.pk for member in template.helpers.all()],
        "checklist": "\n".join(template.checklist),
    }
