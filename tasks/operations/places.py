"""Finding a free place among siblings: no lock, a key with a random tail, and another try."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tasks.rules.ordering import DIGITS, JITTER, is_long, key_between, spread
from workspaces.rules.errors import Refused

T = TypeVar("T")
TRIES = 20
BATCH = 200


class Gone(Exception):
    """The sibling to stand below is no longer among them."""


@dataclass(frozen=True)
class Spot:
    """A wanted place: right below `after_id`, else at the bottom or at the top."""

    siblings: QuerySet[Any]
    after_id: int | None = None
    at_bottom: bool = False


def stand(spot: Spot, write: Callable[[str], T]) -> T:
    """Write with a free key for the spot; when somebody took it meanwhile, try another.

    Call it inside a transaction. Raise Gone when the sibling above has left.
    """
    for _attempt in range(TRIES):
        key = _free_key(spot)
        try:
            with transaction.atomic():
                return write(key)
        except IntegrityError:
            if not spot.siblings.filter(position=key).exists():
                raise
    raise Refused(_("Too many people are moving things here. Try once more."), code="busy")


def _free_key(spot: Spot) -> str:
    """A key between the present neighbours; long keys make the siblings spread out first."""
    key = key_between(*_bounds(spot), _jitter())
    if is_long(key):
        _spread_out(spot.siblings)
        key = key_between(*_bounds(spot), _jitter())
    return key


def _bounds(spot: Spot) -> tuple[str | None, str | None]:
    """The keys right above and right below the spot."""
    keys = spot.siblings.values_list("position", flat=True)
    if spot.after_id is not None:
        low = keys.filter(pk=spot.after_id).first()
        if low is None:
            raise Gone
        return low, keys.filter(position__gt=low).order_by("position").first()
    if spot.at_bottom:
        return keys.order_by("-position").first(), None
    return None, keys.order_by("position").first()


def _spread_out(siblings: QuerySet[Any]) -> None:
    """Give every sibling a short key in the same order, above all present ones so none clash."""
    rows = list(siblings.select_for_update(no_key=True).only("pk", "position").order_by("position"))
    fresh = spread(jitters(len(rows)), after=rows[-1].position)
    for row, key in zip(rows, fresh, strict=True):
        row.position = key
    siblings.model._default_manager.bulk_update(rows, ["position"], batch_size=BATCH)


def jitters(count: int) -> list[str]:
    """As many random tails."""
    return [_jitter() for _each in range(count)]


def _jitter() -> str:
    free = [secrets.choice(DIGITS) for _each in range(JITTER - 1)]
    return "".join(free) + secrets.choice(DIGITS[1:])
