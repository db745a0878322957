"""`manage.py bench`: the goals of storage measured, by the benchmarks of the repository."""

import subprocess
import sys
from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Hand everything on to a process that has a database of its own."""

    help = "Measure how fast facts are stored, rolled up and counted; writes docs/benchmarks.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The same as those of the benchmarks."""
        parser.add_argument("names", nargs="*")
        parser.add_argument("--rows", type=int, default=200_000)
        parser.add_argument("--no-document", action="store_true")

    def handle(self, *_args: object, **options: object) -> None:
        """Run them, or say that this installation has none."""
        folder = settings.BASE_DIR
        if not (folder / "benchmarks").is_dir():
            raise CommandError("The benchmarks come with the repository, not with an installation.")
        names = options["names"] if isinstance(options["names"], list) else []
        command = [sys.executable, "-m", "benchmarks", *names, f"--rows={options['rows']}"]
        if options["no_document"]:
            command.append("--no-document")
        code = subprocess.run(command, cwd=folder, check=False).returncode  # noqa: S603  our own
        if code:
            raise CommandError("The benchmarks did not come to their end.", returncode=code)
