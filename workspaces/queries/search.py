"""Finding rows by name, the same on every database; people, stakeholders, agreements."""

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from workspaces.models import Membership, Sla, Stakeholder, Workspace
from workspaces.queries.people import members_of
from workspaces.queries.stakeholders import stakeholders_of
from workspaces.rules.search import BEFORE_A_WORD, MOST_HITS, spellings, words_of


def matching(
    rows: QuerySet[Any], text: str, fields: Sequence[str], *, also: Q | None = None
) -> QuerySet[Any]:
    """The rows with each word of the text in one of the fields, and those that fit `also`.

    `inside` is 0 where a word of a field begins with the text, else 1; `later` is 0 where the
    field itself does. Both are for the order.
    """
    found = reduce(and_, (_any(fields, "icontains", spellings(w)) for w in words_of(text)))
    forms = spellings(text)
    begins = _any(fields, "istartswith", forms)
    amid = _any(fields, "icontains", [mark + form for mark in BEFORE_A_WORD for form in forms])
    wanted: QuerySet[Any] = rows.filter(found if also is None else found | also).annotate(
        inside=zero_if(begins | amid), later=zero_if(begins)
    )
    return wanted


def zero_if(condition: Q) -> Case:
    """0 where the condition holds, else 1: what holds comes first."""
    return Case(When(condition, then=Value(0)), default=Value(1), output_field=IntegerField())


def find_stakeholders(workspace: Workspace, text: str, limit: int = MOST_HITS) -> list[Stakeholder]:
    """Stakeholders in the register by name or role, best first; 1 query."""
    found = matching(stakeholders_of(workspace), text, ["name", "role"])
    return list(found.order_by("inside", "later", "name", "pk")[:limit])


def find_agreements(workspace: Workspace, text: str, limit: int = MOST_HITS) -> list[Sla]:
    """Agreements by their name or their parties, best first, open before ended; 1 query."""
    rows = Sla.objects.select_related("provider", "receiver").filter(workspace=workspace)
    named = matching(rows, text, ["name", "provider__name", "receiver__name"])
    found = named.annotate(ended=zero_if(Q(ended_at=None)))
    return list(found.order_by("inside", "ended", "later", "name", "pk")[:limit])


def find_people(workspace: Workspace, text: str, limit: int = MOST_HITS) -> list[Membership]:
    """Members by name or e-mail address, best first; 1 query."""
    found = matching(members_of(workspace), text, ["user__name", "user__email"])
    return list(found.order_by("inside", "later", "user__name", "user__email")[:limit])


def _any(fields: Sequence[str], lookup: str, texts: Iterable[str]) -> Q:
    """Whether one of the fields has one of the texts."""
    return reduce(or_, (Q((f"{name}__{lookup}", text)) for name in fields for text in texts))
