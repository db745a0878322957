"""The labels and custom fields that a workspace has added to its cards."""

from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from tasks.models import Board, CardLabel, CustomField, Label
from workspaces.models import Workspace


@dataclass(frozen=True)
class AllBoards:
    """All open boards of a workspace, where a board could stand."""

    workspace: Workspace
    pk: None = None

    @property
    def workspace_id(self) -> int:
        """The workspace's id, as a board has it."""
        return self.workspace.pk


def labels_of(workspace: Workspace) -> QuerySet[Label]:
    """The workspace's labels by name; 1 query."""
    return Label.objects.filter(workspace=workspace).order_by("name", "pk")


def uses_of_labels(workspace: Workspace) -> dict[int, int]:
    """On how many cards each label is, archived ones included; 1 query."""
    on = CardLabel.objects.filter(workspace=workspace).order_by()
    return dict(on.values_list("label_id").annotate(count=Count("pk")))


def fields_of(board: Board | AllBoards) -> QuerySet[CustomField]:
    """The custom fields that cards of this board are asked for, in order; those of every board."""
    ours = Q(board=None) | Q(board=board.pk)
    found = CustomField.objects.filter(ours, workspace=board.workspace_id, retired_at=None)
    return found.order_by("position", "pk")


def every_field(workspace: Workspace) -> QuerySet[CustomField]:
    """All custom fields of the workspace: those in use in their order, then the retired."""
    found = CustomField.objects.filter(workspace=workspace).select_related("board")
    return found.order_by(F("retired_at").asc(nulls_first=True), "position", "pk")
