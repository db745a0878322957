"""Encrypt every credential by the first of the keys, after the keys were changed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from connectors.operations.rotating import rotate_credentials
from workspaces.sources.vault import NoKey


class Command(BaseCommand):
    help = (
        "Encrypts the credentials of all sources and webhooks by the first key of CREDENTIALS_KEY."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            count = rotate_credentials()
        except NoKey as error:
            raise CommandError(
                "Some credentials cannot be read by any of the keys; nothing was changed."
            ) from error
        self.stdout.write(f"{count} sources and webhooks")
