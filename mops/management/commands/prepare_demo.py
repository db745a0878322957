"""What `manage.py demo` needs of Django, in one start of it: tables, static files, data."""

import os
from argparse import ArgumentParser

from django.core.management import call_command
from django.core.management.base import BaseCommand

from mops.demo import open_demo


class Command(BaseCommand):
    """Migrate, collect, seed; safe to run again."""

    help = "Prepare the demo: migrate, collect static files, make the demo workspace."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Collecting is asked for: it is the slowest part and seldom needed."""
        parser.add_argument("--collect-static", action="store_true")

    def handle(self, *_args: object, **options: object) -> None:
        """Do what was asked, quietly."""
        call_command("migrate", interactive=False, verbosity=0)
        if options["collect_static"]:
            call_command("collectstatic", interactive=False, verbosity=0)
        open_demo(password=os.environ.get("MOPS_DEMO_PASSWORD") or "demo")
