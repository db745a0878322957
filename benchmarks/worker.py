"""Imports one file as a worker does, and prints seconds and megabytes at most."""
# ruff: noqa: E402  Django is set up before its models are imported

import json
import sys
from pathlib import Path

import django

django.setup()

from benchmarks.files import import_again
from benchmarks.goals import seconds
from workspaces.models import Workspace


def main(path: str, mapping: str) -> None:
    workspace = Workspace.objects.get(slug="bench")
    took = seconds(lambda: import_again(workspace, Path(path), json.loads(mapping)))
    # Not by getrusage: what the process that started this one had in memory would count.
    said = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    print(took, int(said["VmHWM"].split()[0]) / 1024)


if __name__ == "__main__":
    main(*sys.argv[1:])
