from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.timezone import now

from workspaces.models import Workspace
from workspaces.operations.members import add_member, find_or_make_user
from workspaces.operations.workspaces import open_workspace
from workspaces.rules.errors import Refused
from workspaces.rules.roles import Role


class Command(BaseCommand):
    help = "Open a workspace with its owner; run again, it changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--slug", required=True)
        parser.add_argument("--name", required=True)
        parser.add_argument("--timezone", default="UTC", help="IANA name, such as Europe/Warsaw")
        parser.add_argument("--owner", required=True, metavar="EMAIL")
        parser.add_argument("--password", help="for a new person; an existing password stays")

    def handle(self, *_args: Any, **options: Any) -> None:
        at = now()
        try:
            with transaction.atomic():
                owner = find_or_make_user(options["owner"], password=options["password"])
                workspace = Workspace.objects.filter(slug=options["slug"]).first()
                if workspace is not None:
                    add_member(workspace, owner, Role.OWNER, by=None, at=at)
                    self.stdout.write(f"Workspace {workspace.slug} is there already.")
                    return
                workspace = open_workspace(
                    slug=options["slug"],
                    name=options["name"],
                    timezone=options["timezone"],
                    owner=owner,
                    at=at,
                )
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"Workspace {workspace.slug} opened.")
