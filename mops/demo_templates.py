"""What the demo's team begins again and again, and what has left its boards."""

from datetime import datetime, timedelta

from mops.demo_script import Script
from tasks.models import Card
from tasks.operations.cards import archive_card
from tasks.operations.templates import change_template, draft_like, save_template
from workspaces.models import Membership, Workspace

LIKE, GONE = "Webinar invitation copy", "Conversion tracking checked"
DUE_IN = 5  # days


def keep_templates(
    script: Script, workspace: Workspace, people: dict[str, Membership], *, at: datetime
) -> None:
    """The manager keeps an invitation as a template and archives what has long been done."""
    by = people["manager"]

    def keep(when: datetime) -> None:
        near = Card.objects.select_related("board", "workspace")
        card = near.get(workspace=workspace, title=LIKE)
        made = save_template(card.board, draft=draft_like(card), by=by, at=when)
        changes = {"title": "Invitation to a webinar", "due_in": DUE_IN}
        change_template(made, version=made.version, changes=changes, by=by, at=when)

    def put_away(when: datetime) -> None:
        card = Card.objects.select_related("board").get(workspace=workspace, title=GONE)
        archive_card(card, by=by, at=when)

    for hours, deed in ((22, keep), (21, put_away)):
        script.at(at - timedelta(hours=hours), deed)
