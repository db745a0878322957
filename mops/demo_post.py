"""How the demo's people want to be told: in MOps alone, for nobody reads their mail.

A webhook shows what one looks like; it leads nowhere and is switched off.
"""

from datetime import datetime, timedelta
from functools import partial

from mops.demo_script import Script
from workspaces.models import Membership, Workspace
from workspaces.operations.preferences import Habits, prefer_ways, set_habits
from workspaces.operations.webhooks import Draft, add_webhook, switch_webhook
from workspaces.queries.webhooks import webhooks_of

OPENED = timedelta(days=61)  # before the opening day of the demo
NO_MAIL = {"assigned": {"mail": False}}


def settle(
    script: Script, workspace: Workspace, people: dict[str, Membership], *, at: datetime
) -> None:
    """Everybody says that they want no mail; the manager tries a webhook."""
    for member in people.values():
        set_habits(member.user, Habits("", "", wants_digest=False, quiet_days=True))
        prefer_ways(member, ways=NO_MAIL)
    if not webhooks_of(workspace).exists():
        script.at(at - OPENED, partial(_try_a_webhook, workspace, people["manager"]))


def _try_a_webhook(workspace: Workspace, by: Membership, at: datetime) -> None:
    draft = Draft(
        "Marketing channel", "https://hooks.example.com/marketing", "slack", ("cards", "goals")
    )
    webhook, _secret = add_webhook(workspace, draft=draft, by=by, at=at)
    switch_webhook(webhook, on=False, by=by, at=at + timedelta(minutes=2))
