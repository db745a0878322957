"""Finding the cards of a board that somebody looks for, the same on every database."""

from datetime import date
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import Exists, Func, OuterRef, Q, TextField
from django.db.models.lookups import Exact, IContains, In, IsNull

from tasks.models import Board, CardLabel, CustomField
from tasks.queries.dependencies import holding
from tasks.queries.fields import AllBoards, fields_of
from tasks.rules.due import Due, week_end
from tasks.rules.filters import CURRENT, ME, NOBODY, PRIORITIES, YES, Wanted
from workspaces.models import Membership
from workspaces.rules.search import number_in, spellings, words_of

TRUE = ("true", "1")  # as PostgreSQL and SQLite spell it
LOOSE = {CustomField.Kind.TEXT, CustomField.Kind.LINK}


class FieldText(Func):
    """What a card says in a custom field, as text; a lookup would take its id for a place."""

    output_field = TextField()

    def __init__(self, field_id: int, **options: Any) -> None:
        super().__init__("values", field_id=int(field_id), **options)

    def as_sqlite(self, compiler: Any, connection: Any, **options: Any) -> Any:
        """The member of the object by its name."""
        path = """CAST(JSON_EXTRACT(%(expressions)s, '$."%(field_id)s"') AS TEXT)"""
        return super().as_sql(compiler, connection, template=path, **options)

    def as_postgresql(self, compiler: Any, connection: Any, **options: Any) -> Any:
        """The same of jsonb."""
        path = "jsonb_extract_path_text(%(expressions)s, '%(field_id)s')"
        return super().as_sql(compiler, connection, template=path, **options)


def fits(wanted: Wanted, board: Board | AllBoards, *, member: Membership, today: date) -> Q:
    """What a card must be to be found; 1 query where custom fields are asked for, else none."""
    parts = [_words(word) for word in words_of(wanted.q)]
    parts += [_any(_person(word, member) for word in wanted.assignee)] if wanted.assignee else []
    parts += [_goal(wanted.goal)] if wanted.goal else []
    parts += [_due(wanted.due, member, today)] if wanted.due else []
    parts += [_any(_cycle(word) for word in wanted.cycle)] if wanted.cycle else []
    if wanted.label:
        on = CardLabel.objects.filter(card=OuterRef("pk"), label_id__in=map(int, wanted.label))
        parts.append(Q(Exists(on)))
    if wanted.priority:
        parts.append(Q(priority__in=[PRIORITIES.index(word) for word in wanted.priority]))
    if wanted.done:
        parts.append(Q(done_at__isnull=wanted.done != YES))
    if wanted.blocked:
        parts.append(is_blocked() if wanted.blocked == YES else ~is_blocked())
    if wanted.field:
        parts += _values(wanted, board)
    return reduce(and_, parts, Q())


def with_words(text: str) -> Q:
    """The cards with every word in their title or description, or of that number."""
    return reduce(and_, [_words(word) for word in words_of(text)], Q())


def due_within(due: Due, today: date, week_starts_on: int) -> Q:
    """The cards that are due so, done or not."""
    last = week_end(today, week_starts_on)
    spans = {
        Due.OVERDUE: Q(due_on__lt=today),
        Due.TODAY: Q(due_on=today),
        Due.THIS_WEEK: Q(due_on__gt=today, due_on__lte=last),
        Due.LATER: Q(due_on__gt=max(today, last)),
        Due.NO_DATE: Q(due_on=None),
    }
    return spans[due]


def is_blocked() -> Q:
    """The cards that are to be done and that something holds up now."""
    return Q(Exists(holding().filter(card=OuterRef("pk"))), done_at=None)


def _words(word: str) -> Q:
    forms = [Q(title__icontains=form) | Q(description__icontains=form) for form in spellings(word)]
    return reduce(or_, forms, Q(number=number_in(word)))


def _person(word: str, member: Membership) -> Q:
    if word == NOBODY:
        return Q(assignee=None)
    return Q(assignee=member.pk if word == ME else int(word))


def _goal(words: tuple[str, ...]) -> Q:
    return _any(Q(goal=None if word == NOBODY else int(word)) for word in words)


def _cycle(word: str) -> Q:
    if word == CURRENT:
        return Q(cycle__begun_at__isnull=False, cycle__closed_at=None)
    return Q(cycle=None if word == NOBODY else int(word))


def _due(words: tuple[str, ...], member: Membership, today: date) -> Q:
    week = member.workspace.week_starts_on
    return Q(done_at=None) & _any(due_within(Due(word), today, week) for word in words)


def _any(parts: object) -> Q:
    return reduce(or_, parts)  # type: ignore[call-overload,no-any-return]


def _values(wanted: Wanted, board: Board | AllBoards) -> list[Q]:
    """What cards say in custom fields; a field that is not there finds nothing."""
    fields = {field.pk: field for field in fields_of(board)}
    return [_value(fields[pk], said) if pk in fields else Q(pk__in=()) for pk, said in wanted.field]


def _value(field: CustomField, said: str) -> Q:
    text = FieldText(field.pk)
    if field.kind in LOOSE:
        return reduce(or_, (Q(IContains(text, form)) for form in spellings(said)))
    if field.kind == CustomField.Kind.YES_NO:
        yes = Q(In(text, TRUE))
        return yes if said == YES else Q(IsNull(text, True)) | ~yes  # noqa: FBT003  SQL's word
    return Q(Exact(text, said))
