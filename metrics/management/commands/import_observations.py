"""Import a file by a mapping document or a preset, at once; prints one JSON line."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now
from django.utils.translation import gettext as _

from metrics.models.imports import ImportRun
from metrics.operations.import_runs import import_file
from metrics.operations.imports import Brought, Plan
from metrics.queries.imports import problems_of, result_of
from metrics.rules.faults import Unreadable
from metrics.rules.lists import listed
from metrics.rules.mapping import MappingDocument, read_document
from metrics.sources.wording import invalid
from workspaces.models import Membership, Workspace
from workspaces.rules.errors import Invalid, Problem, Refused, TooLarge
from workspaces.rules.roles import Role

PIECE = 1024 * 1024
ROWS_REJECTED = 2
TOLD = 20


class Command(BaseCommand):
    """Exit 0; 2 when rows were rejected and nothing was stored; 1 when it could not begin."""

    help = "Import observations from a CSV or XLSX file; prints one JSON line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, the workspace's short name, and how it is read; else it is recognised."""
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--workspace", required=True, metavar="SLUG")
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--mapping", type=Path, metavar="M.json")
        how.add_argument("--preset", default="", metavar="NAME", help="which tool exported it")
        parser.add_argument(
            "--answer", action="append", default=[], metavar="NAME=VALUE",
            help="what the file does not say: section, sheet, day, span, day_format, year, "
            "currency",
        )  # fmt: skip
        parser.add_argument(
            "--rates", default="", metavar="KEYS",
            help="rates to define over what is imported, with commas, or all",
        )  # fmt: skip
        parser.add_argument("--dry-run", action="store_true", help="check and count, store nothing")
        parser.add_argument("--skip-bad-rows", action="store_true", help="import the other rows")

    def handle(self, *_args: object, **options: Any) -> None:
        """Run the same operations as the page, one after the other."""
        workspace = Workspace.objects.filter(slug=options["workspace"]).first()
        if workspace is None:
            raise CommandError(_("There is no workspace “%s”.") % options["workspace"])
        try:
            mapping = read_mapping(options["mapping"]) if options["mapping"] else None
            run = self._import(workspace, mapping, options)
        except Invalid as refusal:
            raise CommandError("\n".join(told(found) for found in refusal.problems)) from refusal
        except (Refused, TooLarge) as refusal:
            raise CommandError(str(refusal)) from refusal
        self._report(run, dry=options["dry_run"])

    def _import(
        self, workspace: Workspace, mapping: MappingDocument | None, options: dict[str, Any]
    ) -> ImportRun:
        owner = (
            Membership.objects.filter(workspace=workspace, role=Role.OWNER).order_by("pk").first()
        )
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(_("There is no file %s.") % path)
        brought = Brought(path.name, pieces(path), kind="command")
        plan = Plan(
            mapping,
            options["dry_run"],
            options["skip_bad_rows"],
            run_here=True,
            preset=options["preset"],
            answers=answers_of(options["answer"]),
            rates=listed(options["rates"]),
        )
        return import_file(workspace, brought=brought, plan=plan, by=owner, clock=now)

    def _report(self, run: ImportRun, *, dry: bool) -> None:
        """One line for programs on stdout, sentences for people on stderr."""
        problems = problems_of(run)
        for found in problems[:TOLD]:
            self.stderr.write(told(found))
        if len(problems) > TOLD or run.rejected > TOLD:
            self.stderr.write(_("… %s rows were rejected in all.") % run.rejected)
        if run.state in ("failed", "cancelled"):
            raise CommandError(_("Nothing was stored."))
        self.stdout.write(json.dumps(result_of(run)))
        if run.state == "refused" or (dry and run.rejected and not run.skip_bad_rows):
            sys.exit(ROWS_REJECTED)


def pieces(path: Path) -> Iterator[bytes]:
    """The file's bytes, bit by bit."""
    try:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from error


def read_mapping(path: Path) -> MappingDocument:
    """The checked document; Invalid or CommandError says what is wrong with it."""
    try:
        return read_document(path.read_bytes())
    except OSError as error:
        raise CommandError(_("There is no mapping %s.") % path) from error
    except Unreadable as refusal:
        raise invalid(refusal.faults) from refusal


def answers_of(given: list[str]) -> dict[str, str]:
    """The answers by name."""
    pairs = [text.partition("=") for text in given]
    if strange := next((name for name, mark, _value in pairs if not mark), None):
        raise CommandError(_("An answer is NAME=VALUE, not “%s”.") % strange)
    return {name: value for name, _mark, value in pairs}


def told(found: Problem) -> str:
    """Where it is and what it is, in one line."""
    place = found.pointer
    if found.row is not None:
        place = _("row %(row)s") % {"row": found.row}
        if found.column:
            place = _("row %(row)s, column %(column)s") % {"row": found.row, "column": found.column}
    return f"{place}: {found.message}" if place else str(found.message)
