"""Lines of events that others follow while they happen, such as the changes of a board."""

from django.db import models

from workspaces.models.workspaces import WorkspaceOwned


class Stream(WorkspaceOwned):
    """A line of numbered events; `last_seq` is the number of the latest, 0 before the first.

    Events get their numbers after the commit, in one place and under a lock, so that a reader who
    has seen a number has seen all before it: no gap, no double, nothing late.
    """

    last_seq = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"stream {self.pk} at {self.last_seq}"
