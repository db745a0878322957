"""How many cards a column takes, and that it is still there when one comes."""

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tasks.models import Card, Column
from workspaces.rules.errors import Refused

KEY_SHARE = "SELECT 1 FROM tasks_column WHERE id = %s FOR KEY SHARE"


def refuse_if_full(column: Column) -> None:
    """Hold the column for one more card until the commit; refuse where its limit is reached.

    Only a limit makes those who come wait for each other: without one the column is merely kept
    from being removed.
    """
    if column.wip_limit is None:
        _keep(column)
        return
    locked = _row(column).select_for_update(no_key=True).first()
    if locked is None:
        raise _gone()
    cards = Card.objects.filter(column=locked, archived_at=None).count()
    if locked.wip_limit is not None and cards >= locked.wip_limit:
        message = _("“%(column)s” already holds its limit of %(limit)d.")
        raise Refused(
            message % {"column": locked.name, "limit": locked.wip_limit},
            code="full",
            field="to",
        )


def _keep(column: Column) -> None:
    """Share the column's key, as a foreign key does, but now and not at the commit."""
    if connection.vendor != "postgresql":  # one writer at a time
        there = _row(column).exists()
    else:
        with connection.cursor() as cursor:
            cursor.execute(KEY_SHARE, [column.pk])
            there = cursor.fetchone() is not None
    if not there:
        raise _gone()


def _row(column: Column) -> QuerySet[Column]:
    return Column.objects.filter(pk=column.pk)


def _gone() -> Refused:
    return Refused(_("This column has been removed meanwhile."), code="gone", field="to")
