"""Files and mappings for tests, brought in by the operations that the product runs."""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from metrics.models.imports import ImportRun
from metrics.operations.import_runs import run_import, run_waiting
from metrics.operations.imports import Brought, Plan, map_import, start_import
from metrics.rules.mapping import parse_mapping
from tests.make.workspaces import NOON
from workspaces.models import Membership

CLICKS = {"key": "clicks", "name": "Clicks", "kind": "additive", "unit": "count", "decimals": 0}
COST = {"key": "cost", "name": "Cost", "kind": "additive", "unit": "number", "decimals": 2}
MAPPING = {
    "version": 1,
    "source": "ads",
    "day": {"column": "day", "format": "%Y-%m-%d"},
    "dims": {"channel": {"column": "channel"}},
    "metrics": [{"metric": "clicks", "column": "clicks"}, {"metric": "cost", "column": "cost"}],
    "create": [CLICKS, COST],
}
KEYED = MAPPING | {"key": ["id"], "dims": {}}
FILE = (
    "day,channel,clicks,cost\n2020-01-01,mail,10,1.50\n2020-01-01,ads,7,0.25\n2020-01-02,mail,5,2\n"
)


def clock():
    """A clock that stands still."""
    return NOON


def bring(by: Membership, content: str | bytes = FILE, *, name: str = "ads.csv") -> ImportRun:
    """An uploaded file."""
    data = content if isinstance(content, bytes) else content.encode()
    return start_import(by.workspace, brought=Brought(name, [data]), by=by, at=NOON)


def plan(mapping: dict | None = None, **options: bool) -> Plan:
    """A mapping as a plan."""
    return Plan(parse_mapping(mapping or MAPPING), **options)


def import_file(
    by: Membership, content: str | bytes = FILE, mapping: dict | None = None, *, skip: bool = False
) -> ImportRun:
    """A file brought, mapped and run to its end."""
    run = bring(by, content)
    wanted = plan(mapping, check_only=False, skip_bad_rows=skip, run_here=True)
    map_import(run, plan=wanted, by=by, at=NOON)
    return run_import(run, clock=clock)


def check_file(
    by: Membership, content: str | bytes = FILE, mapping: dict | None = None
) -> ImportRun:
    """A file brought, mapped and checked, with nothing stored."""
    run = bring(by, content)
    map_import(run, plan=plan(mapping), by=by, at=NOON)
    run_waiting(clock=clock)
    run.refresh_from_db()
    return run


def write_mapping(folder: Path, mapping: dict | None = None) -> Path:
    """The mapping as a file, for the command."""
    path = folder / "mapping.json"
    path.write_text(json.dumps(mapping or MAPPING))
    return path


def many_rows(count: int, *, channels: Sequence[str] = ("mail", "ads", "social")) -> str:
    """A file of so many rows, each day and channel once before they come again."""
    lines = ["day,channel,clicks,cost"]
    for number in range(count):
        day = date(2020, 1, 1) + timedelta(days=number // len(channels) % 700)
        lines.append(
            f"{day},{channels[number % len(channels)]},{number % 97},{number % 13}.{number % 10}"
        )
    return "\n".join(lines) + "\n"
