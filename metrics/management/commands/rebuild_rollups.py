"""Work out every rollup of a workspace again, or say which differ from their facts."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from metrics.operations.rollups import Difference, check, rebuild
from workspaces.models import Workspace

MOST_LINES = 50


class Command(BaseCommand):
    help = "Work out every rollup of a workspace from its observations; with --check only compare."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--workspace", required=True, help="its short name")
        parser.add_argument(
            "--check", action="store_true", help="change nothing; exit 1 where rollups differ"
        )

    def handle(self, *_args: object, **options: object) -> None:
        workspace = Workspace.objects.filter(slug=options["workspace"]).first()
        if workspace is None:
            raise CommandError(f"There is no workspace “{options['workspace']}”.")
        if not options["check"]:
            metrics = rebuild(workspace)
            self.stdout.write(f"Rolled up {metrics} metrics of {workspace.slug}.")
            return
        found = check(workspace)
        for difference in found[:MOST_LINES]:
            self.stdout.write(told(difference))
        if found:
            raise CommandError(
                f"{len(found)} rollups differ from their observations.", returncode=1
            )
        self.stdout.write("All rollups equal their observations.")


def told(difference: Difference) -> str:
    """One difference in one line."""
    whose = "all series" if difference.series_id is None else f"series {difference.series_id}"
    return (
        f"{difference.metric} {difference.grain} {difference.bucket} ({whose}): "
        f"stored {difference.stored}, expected {difference.expected}"
    )
