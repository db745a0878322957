"""One import as its page tells it: how it stands, what was wrong, what it did or would do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import ngettext

from metrics.models.definitions import MEASURED, Metric
from metrics.models.imports import ImportRun
from metrics.queries.imports import (
    Progress,
    defined_by,
    metrics_named,
    problems_of,
    progress_of,
    report_of,
    result_of,
)
from metrics.queries.leftovers import leftovers_of
from workspaces.rules.errors import Problem


@dataclass(frozen=True)
class ImportPage:
    """One import as its page tells it: where it stands, its counts, what was wrong."""

    run: ImportRun
    place: str
    step: int
    word: str
    progress: Progress
    result: dict[str, int]
    problems: list[Problem]
    metrics: list[Metric]
    report: Mapping[str, Any]
    first: date | None
    last: date | None
    new_metrics: list[str]
    defined: list[str]
    may_map_again: bool
    missing: list[tuple[str, int]]
    left_out: int
    gaps: list[tuple[date, date]]
    sums: list[tuple[str, Decimal, int]]
    would_withdraw: list[tuple[str, int]]
    would_count_twice: list[str]
    leftovers: list[Metric]


DONE_STEP = 5  # behind the last of the four steps
PLACES = {
    "uploaded": "import_map",
    "checking": "import_check",
    "checked": "import_check",
}


def page_of(run: ImportRun) -> ImportPage:
    """What the pages of one import show; 1 query beside the run, 4 where it was taken back."""
    keys = _keys_in(run.mapping)
    there = metrics_named(run)
    created = {entry["key"]: entry["name"] for entry in run.mapping.get("create", [])}
    report = report_of(run, there)
    return ImportPage(
        run=run,
        place=PLACES.get(run.state, "import_run_page"),
        step=DONE_STEP if run.state == "done" else DONE_STEP - 1,
        word=run.state_word,
        progress=progress_of(run),
        result=result_of(run),
        problems=problems_of(run),
        metrics=[there[key] for key in keys if key in there],
        report=report,
        first=_day(report.get("first")),
        last=_day(report.get("last")),
        may_map_again=run.state in ("refused", "failed") and not run.checkpoint,
        missing=sorted(report.get("missing", {}).items()),
        left_out=sum(report.get("left_out", {}).values()),
        gaps=report.get("gaps", []),
        sums=_sums(report.get("sums"), there, created),
        would_withdraw=_named(report.get("would_withdraw"), there),
        would_count_twice=[
            _in_days(name, days) for name, days in _named(report.get("would_count_twice"), there)
        ],
        defined=defined_by(run, there),
        leftovers=leftovers_of(run),
        new_metrics=[name for key, name in created.items() if key not in there],
    )


def _named(counts: Any, there: Mapping[str, Metric]) -> list[tuple[str, int]]:
    """Counts by the name of the metric instead of its key."""
    return sorted((there[key].name, n) for key, n in (counts or {}).items() if key in there)


def _sums(
    sums: Any, there: Mapping[str, Metric], created: Mapping[str, str]
) -> list[tuple[str, Decimal, int]]:
    """Names, sums and decimals of the metrics that the file would fill."""
    return [
        (
            there[key].name if key in there else created.get(key, key),
            Decimal(total),
            len(total.partition(".")[2]),
        )
        for key, total in (sums or {}).items()
    ]


def _in_days(name: str, days: int) -> str:
    """A metric with how many of its days are meant."""
    told = {"name": name, "n": days}
    return ngettext("%(name)s (%(n)s day)", "%(name)s (%(n)s days)", days) % told


def _keys_in(mapping: Mapping[str, Any]) -> list[str]:
    """The metrics that a stored mapping brings, each once: computed ones first, as the answer."""
    computed = [
        entry["key"] for entry in mapping.get("create", []) if entry["kind"] not in MEASURED
    ]
    read = [entry["metric"] for entry in mapping.get("metrics", [])]
    named = mapping.get("long", {}).get("names", {}).values()
    return list(dict.fromkeys([*computed, *read, *named]))


def _day(text: object) -> date | None:
    return date.fromisoformat(text) if isinstance(text, str) else None
