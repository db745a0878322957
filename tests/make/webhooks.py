"""Webhooks for tests, made by the real operation."""

from tests.make.workspaces import NOON, owner_of
from workspaces.models import Webhook, Workspace
from workspaces.operations.webhooks import Draft, add_webhook


def make_webhook(
    workspace: Workspace, name="Channel", url="https://hooks.example/in", *, at=NOON, **fields
) -> Webhook:
    draft = Draft(name, url, **fields)
    webhook, _secret = add_webhook(workspace, draft=draft, by=owner_of(workspace), at=at)
    return webhook
