"""How many cards a column takes."""

from django.utils.translation import gettext as _

from tasks.models import Card, Column
from workspaces.rules.errors import Refused


def refuse_if_full(column: Column) -> None:
    """Refuse one more card where a limit is reached; only a limit needs the column's lock."""
    if column.wip_limit is None:
        return
    locked = Column.objects.select_for_update(no_key=True).get(pk=column.pk)
    cards = Card.objects.filter(column=locked, archived_at=None).count()
    if locked.wip_limit is not None and cards >= locked.wip_limit:
        message = _("“%(column)s” already holds its limit of %(limit)d.")
        raise Refused(
            message % {"column": locked.name, "limit": locked.wip_limit},
            code="full",
            field="to",
        )
