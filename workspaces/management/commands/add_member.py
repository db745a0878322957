from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.timezone import now

from workspaces.models import Workspace
from workspaces.operations.members import add_member, find_or_make_user
from workspaces.rules.errors import Refused
from workspaces.rules.roles import Role, role_named


class Command(BaseCommand):
    help = "Put a person into a workspace with a role; run again, it changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--workspace", required=True, metavar="SLUG")
        parser.add_argument("--email", required=True)
        parser.add_argument("--role", required=True, choices=[role.word for role in Role])
        parser.add_argument("--password", help="for a new person; an existing password stays")

    def handle(self, *_args: Any, **options: Any) -> None:
        workspace = Workspace.objects.filter(slug=options["workspace"]).first()
        if workspace is None:
            raise CommandError(f"There is no workspace {options['workspace']!r}.")
        try:
            with transaction.atomic():
                user = find_or_make_user(options["email"], password=options["password"])
                member = add_member(workspace, user, role_named(options["role"]), by=None, at=now())
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"{user.email} is {member.rank.word} of {workspace.slug}.")
