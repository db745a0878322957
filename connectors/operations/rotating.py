"""Encrypting what is stored by another key."""

from django.db import transaction

from connectors.models.connectors import Connector
from workspaces.operations.webhooks import reseal_webhooks
from workspaces.sources.vault import resealed


@transaction.atomic
def rotate_credentials() -> int:
    """Encrypt all credentials by the first key, all or nothing; NoKey where one cannot be read."""
    count = 0
    for connector in Connector.objects.select_for_update().exclude(secrets="", token=""):
        connector.secrets = resealed(connector.secrets)
        connector.token = resealed(connector.token)
        connector.save(update_fields=["secrets", "token"])
        count += 1
    return count + reseal_webhooks()
