from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import now

from workspaces.models import Membership
from workspaces.operations.tokens import issue_token
from workspaces.rules.errors import Refused
from workspaces.rules.roles import SCOPES


class Command(BaseCommand):
    help = "Make an API token of a member and print it, alone; it is not shown again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--workspace", required=True, metavar="SLUG")
        parser.add_argument("--user", required=True, metavar="EMAIL")
        parser.add_argument("--scope", default="write", choices=SCOPES)
        parser.add_argument("--name", default="command line")

    def handle(self, *_args: Any, **options: Any) -> None:
        people = Membership.objects.select_related("user", "workspace")
        member = people.filter(
            workspace__slug=options["workspace"], user__email__iexact=options["user"].strip()
        ).first()
        if member is None:
            raise CommandError(f"{options['user']} is no member of {options['workspace']!r}.")
        try:
            _token, text = issue_token(
                member, name=options["name"], scope=options["scope"], by=member, at=now()
            )
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(text)
