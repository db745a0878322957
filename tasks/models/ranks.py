"""A place among siblings, as text that sorts by bytes."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from tasks.rules.ordering import ROOM


class RankField(models.CharField):  # type: ignore[type-arg]
    """A key of rules.ordering: COLLATE "C" on PostgreSQL, which SQLite's own order equals."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", ROOM)
        super().__init__(*args, **kwargs)

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        """Name the collation only where it exists."""
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters
