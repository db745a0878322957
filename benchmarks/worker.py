"""Imports one file as a worker does, and prints seconds and megabytes at most."""
# ruff: noqa: E402  Django is set up before its models are imported

import resource
import sys
from pathlib import Path

import django

django.setup()

from benchmarks.data import MAPPING
from benchmarks.goals import seconds
from metrics.operations.import_runs import import_file
from metrics.operations.imports import Brought, Plan
from metrics.rules.mapping import parse_mapping
from tests.make.workspaces import NOON, owner_of
from workspaces.models import Workspace


def main(path: Path) -> None:
    workspace = Workspace.objects.get(slug="bench")
    plan = Plan(parse_mapping(MAPPING), check_only=False, run_here=True)

    def work() -> None:
        with path.open("rb") as file:
            brought = Brought(path.name, iter(lambda: file.read(2**20), b""))
            by = owner_of(workspace)
            import_file(workspace, brought=brought, plan=plan, by=by, clock=lambda: NOON)

    took = seconds(work)
    print(took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
