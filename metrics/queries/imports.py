"""What an import is, found and said: the list, one run, a preview of how its file will be read."""

import re
from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from metrics.models.definitions import ADDITIVE, MEASURED, RATIO, UNIQUE, Metric
from metrics.models.imports import CHANGED, FETCHED, ImportRun
from metrics.rules.amounts import unscale
from metrics.rules.cells import text_cell
from metrics.rules.faults import Fault, Unreadable, fault_from
from metrics.rules.fileshapes import FileShape
from metrics.rules.guesses import source_name
from metrics.rules.mapping import MappingDocument, parse_mapping
from metrics.rules.measures import NewMetric
from metrics.rules.money import one_money, other_key
from metrics.rules.readings import RowReader
from metrics.rules.rowdays import Setting
from metrics.sources.fitting import require_columns, with_marks
from metrics.sources.spool import SHOWN_FAULTS, Paths, batches, faults_of
from metrics.sources.tables import Preview, preview
from metrics.sources.tallies import MOST_GAPS
from metrics.sources.wording import problem_of, sentence
from workspaces.models import Workspace
from workspaces.rules.errors import Problem

ACTIVE = ("checking", "waiting", "running", "cancelling", "undoing")
ENDED = ("done", "refused", "failed", "cancelled", "undone")
SHOWN = 10
LOOKED_AT = 5_000  # rows read at once: most broken files are told while one waits
REMEMBERED = 100  # earlier imports looked at for one that reads the same columns
FAR = 1.5  # times the cadence: a distance beyond is a gap, as data quality has it
MOST_SUMMED, AT_ONCE = 200_000, 50_000  # rows of a file that are summed to answer a page; readings
HONEST = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)*")
SAME_DEFINITION = ("kind", "unit", "decimals", "currency")


def listed_imports(workspace: Workspace) -> QuerySet[ImportRun]:
    """The files, and the fetches of sources that changed something, the last one first; 1 query."""
    return (
        ImportRun.objects.filter(workspace=workspace)
        .filter(~Q(file="") | (Q(kind=FETCHED) & CHANGED))
        .select_related("source", "by__user")
        .order_by("-pk")
    )


def paths_of(run: ImportRun) -> Paths:
    """Where the file of the run lies."""
    return Paths(Path(settings.MEDIA_ROOT) / run.file)


def mapping_of(run: ImportRun) -> MappingDocument | None:
    """The mapping that the run has been given, if any."""
    return parse_mapping(run.mapping) if run.mapping else None


def last_like(run: ImportRun, columns: Sequence[str], known: Container[str]) -> ImportRun | None:
    """The last import of a file of this name that reads these columns into known metrics; 1 query.

    Dates and numbers in a file's name do not count: next month's export is the same file.
    """
    name = source_name(run.file_name)
    done = ImportRun.objects.filter(workspace=run.workspace, state="done").exclude(file="")
    for earlier in done.order_by("-pk").defer("details", "error")[:REMEMBERED]:
        mapping = mapping_of(earlier) if source_name(earlier.file_name) == name else None
        if (
            mapping
            and mapping.day.fixed is None  # next month's export stands on another day
            and mapping.columns.keys() <= set(columns)
            and all(entry.metric in known for entry in mapping.metrics)
        ):
            return earlier
    return None


def problems_of(run: ImportRun) -> list[Problem]:
    """The first hundred things that were wrong, each with row and column, as sentences."""
    return [problem_of(fault) for fault in stored_faults(run)]


def has_more_problems(run: ImportRun) -> bool:
    """Whether more was wrong than `problems_of` tells; `rejected_rows` tells all."""
    return len(run.details.get("faults", [])) >= SHOWN_FAULTS and bool(run.rejected)


def stored_faults(run: ImportRun) -> list[Fault]:
    """The faults that the run itself remembers."""
    return [fault_from(stored) for stored in run.details.get("faults", [])]


@dataclass(frozen=True)
class Progress:
    """How far a run is: `done` of `total` in rows, or in bytes while the file is being checked."""

    state: str
    done: int
    total: int
    is_active: bool
    in_rows: bool


def progress_of(run: ImportRun) -> Progress:
    """How far the run is; checking is measured in bytes, as nobody has counted the rows yet."""
    loading = run.state in ("running", "cancelling") and run.details.get("phase") == "loading"
    if loading or run.state in ENDED:
        return Progress(run.state, run.rows_done, run.rows_total, run.state in ACTIVE, in_rows=True)
    done = int(run.details.get("bytes", 0))
    return Progress(
        run.state, min(done, run.file_bytes), run.file_bytes, run.state in ACTIVE, in_rows=False
    )


def measured_metrics(workspace: Workspace) -> dict[str, Metric]:
    """The open metrics that observations can be recorded for, by key; 1 query."""
    found = Metric.objects.filter(workspace=workspace, kind__in=MEASURED, retired_at=None)
    return {metric.key: metric for metric in found.order_by("name", "pk")}


def metrics_named(run: ImportRun) -> dict[str, Metric]:
    """The metrics that are there of those that the run's mapping names, by key; 1 query."""
    mapping = run.mapping
    keys = [entry["metric"] for entry in mapping.get("metrics", [])]
    keys += mapping.get("long", {}).get("names", {}).values()
    keys += [entry["key"] for entry in mapping.get("create", [])]
    rows = Metric.objects.filter(workspace_id=run.workspace_id, key__in=keys)
    return {metric.key: metric for metric in rows}


def defined_by(run: ImportRun, metrics: Mapping[str, Metric]) -> list[str]:
    """The keys of the metrics that the run defined, which stay when it is undone."""
    since, until = run.started_at, run.finished_at
    if not since or not until:
        return []
    keys = [entry["key"] for entry in run.mapping.get("create", [])]
    return [key for key in keys if key in metrics and since <= metrics[key].defined_at <= until]


def resolve_metrics(
    workspace: Workspace, mapping: MappingDocument
) -> tuple[dict[str, Metric], dict[str, int]]:
    """The metrics that are there, by key, and the decimals of all that the mapping fills.

    Raises Unreadable naming each metric that is not there, is a ratio, is retired or differs from
    the definition that the mapping brings.
    """
    wanted = {entry.metric for entry in mapping.metrics} | {entry.key for entry in mapping.create}
    there = {m.key: m for m in Metric.objects.filter(workspace=workspace, key__in=wanted)}
    faults = differences(there, mapping.create)
    new = {entry.key: entry for entry in mapping.create}
    decimals: dict[str, int] = {}
    for place, entry in enumerate(mapping.metrics):
        metric = there.get(entry.metric) or new.get(entry.metric)
        pointer = "/long/names" if mapping.long else f"/metrics/{place}/metric"
        code = unfit(metric, people=bool(entry.id))
        if code or metric is None:
            faults.append(Fault(code, pointer=pointer, value=entry.metric))
        else:
            faults += _strange_dims(metric, mapping, pointer)
            decimals[entry.metric] = metric.decimals
    money = {m.currency for key in decimals if (m := there.get(key) or new.get(key)) and m.currency}
    if not faults and not all(
        one_money(mapping.file.signs, currency) for currency in money or {""}
    ):
        told = (("currency", ", ".join(sorted(money)) or "–"),)
        value = ", ".join(mapping.file.signs)
        faults.append(Fault("signs_of_other_money", pointer="/file/signs", value=value, more=told))
    if faults:
        raise Unreadable(*faults)
    return there, decimals


def unfit(metric: Metric | NewMetric | None, *, people: bool) -> str:
    """Why observations of this form cannot be recorded for it, or nothing."""
    if metric is None or getattr(metric, "retired_at", None):
        return "metric_unknown"
    if metric.kind not in MEASURED:
        return "metric_is_ratio" if metric.kind == RATIO else "metric_is_derived"
    return "metric_not_unique" if people and metric.kind != UNIQUE else ""


def _strange_dims(
    metric: Metric | NewMetric, mapping: MappingDocument, pointer: str
) -> list[Fault]:
    """Dimensions of the mapping that the metric's definition does not allow."""
    allowed = list(metric.allowed_dims)
    return [
        Fault(
            "dimension_not_allowed",
            pointer=pointer,
            value=metric.key,
            more=(("dimension", name), ("known", ", ".join(allowed))),
        )
        for name, _column in mapping.dims
        if allowed and name not in allowed
    ]


def differences(
    there: Mapping[str, Metric],
    create: Sequence[NewMetric],
    same: Sequence[str] = SAME_DEFINITION,
) -> list[Fault]:
    """Definitions of a document that contradict the metric that is there in one of the fields."""
    found = []
    for place, entry in enumerate(create):
        metric = there.get(entry.key)
        if metric is None:
            continue
        what = [name for name in same if getattr(metric, name) != getattr(entry, name)]
        if what:
            is_bare = entry.unit != "count" and not entry.currency
            unsaid = metric.currency and is_bare and {*what} <= {"unit", "currency"}
            other = other_key(entry.key, entry.currency)
            more = (("what", ", ".join(what)), ("other", other), ("currency", metric.currency))
            code = "money_unsaid" if unsaid else "metric_differs"
            found.append(Fault(code, pointer=f"/create/{place}", value=entry.key, more=more))
    return found


@dataclass(frozen=True)
class RowPreview:
    """One row as it will be read: its day, dimensions, key and values, or what is wrong."""

    number: int
    day: object
    dims: list[tuple[str, str | None]]
    key: str
    values: list[Decimal | None]
    problems: list[Problem]


def sample_of(
    run: ImportRun, shape: FileShape | None, *, rows: int, wanted: Collection[str] = ()
) -> Preview:
    """The first rows of the file; Unreadable where it cannot be read that far."""
    return preview(paths_of(run).raw, shape, rows=rows, wanted=wanted)


def read_preview(run: ImportRun, mapping: MappingDocument) -> list[RowPreview]:
    """The first rows as the mapping reads them, by the code that the import runs; 1 query."""
    rows = SHOWN if mapping.file.decimal else LOOKED_AT
    sample = preview(paths_of(run).raw, mapping.file, rows=rows, wanted=mapping.columns)
    require_columns(sample.columns, mapping)
    mapping = with_marks(sample, mapping)
    _there, decimals = resolve_metrics(run.workspace, mapping)
    setting = Setting(run.workspace.timezone, sample.typed)
    reader = RowReader(mapping, sample.columns, decimals, setting)
    keys = [entry.metric for entry in mapping.metrics]
    found = []
    for number, cells in sample.rows[:SHOWN]:
        read = reader.read(number, cells)
        if isinstance(read, list):
            told = [problem_of(fault) for fault in read]
            found.append(RowPreview(number, None, [], "", [], told))
            continue
        there = {order: unscale(value, decimals[keys[order]]) for order, value in read.values}
        values = [there.get(order) for order in range(len(keys))]
        found.append(RowPreview(number, read.day, list(read.dims), read.key, values, []))
    return found


def rejected_rows(run: ImportRun) -> Iterator[list[str]]:
    """The report of rejected rows: header first, one line per fault, every row of the file."""
    yield [_("Row"), _("Column"), _("Value"), pgettext("MOps", "Code"), _("Reason")]
    for number, faults in groupby(faults_of(paths_of(run)), key=lambda fault: fault.row):
        for fault in faults:
            yield [
                "" if number is None else str(number),
                harmless(fault.column),
                harmless(fault.value),
                fault.code,
                harmless(sentence(fault)),
            ]


def harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula; numbers stay numbers."""
    return text if HONEST.fullmatch(text) else text_cell(text)


TOLD_OF_FILE = (
    "first", "last", "days", "gaps", "repeats", "missing", "left_out", "superseded", "spans",
    "longest_span", "ends_short", "encoding", "encoding_guessed",
    "repeated_columns", "rounded",
)  # fmt: skip


def report_of(run: ImportRun, metrics: Mapping[str, Metric] | None = None) -> dict[str, Any]:
    """What the file holds, found in pass 1; empty before, and what older runs did not count.

    `gaps` are pairs of days, `missing` counts the rows without each dimension, `withdrawn` what
    the file replaced and did not hold, `would_withdraw` the same by metric, foretold by the check,
    as is `would_count_twice`: days by metric.
    """
    spooled = run.details.get("spooled") or {}
    metrics = metrics_named(run) if metrics is None else metrics
    found = {name: spooled[name] for name in TOLD_OF_FILE if name in spooled}
    told: dict[str, Any] = {"withdrawn": run.details.get("withdrawn", 0)}
    if "gaps" in found:
        found["gaps"] = gaps_of(run, list(metrics.values()))[:MOST_GAPS]
        told["has_more_gaps"] = len(spooled["gaps"]) > MOST_GAPS
    if run.state == "checked":
        told["would_withdraw"] = run.details.get("left_out", {})
        told["would_count_twice"] = run.details.get("twice", {})
        told["sums"] = sums_of(run, metrics)
    return found | (told if found or run.is_fetched else {})


def gaps_of(run: ImportRun, metrics: Sequence[Metric]) -> list[tuple[date, date]]:
    """The first gaps between the days of the file, as far as its metrics say that they are some.

    Where each that is read has a stated cadence, a distance of one and a half of it is none.
    """
    stored = (run.details.get("spooled") or {}).get("gaps", ())
    gaps = [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in stored]
    new = {entry["key"]: entry.get("cadence_days") for entry in run.mapping.get("create", [])}
    said = new | {metric.key: metric.cadence_days for metric in metrics}
    read = [entry["metric"] for entry in run.mapping.get("metrics", [])]
    read += run.mapping.get("long", {}).get("names", {}).values()
    cadence = min((said.get(key) or 1 for key in read), default=1)
    if cadence == 1:
        return gaps
    return [(first, last) for first, last in gaps if (last - first).days + 2 > FAR * cadence]


def sums_of(run: ImportRun, metrics: Mapping[str, Metric]) -> dict[str, str]:
    """The sum of each additive metric over the rows of a checked file, by key, with its decimals.

    Read from what the check kept; of a file of more than 200,000 rows nothing is told.
    """
    mapping, paths = mapping_of(run), paths_of(run)
    if run.state != "checked" or mapping is None or run.rows_total > MOST_SUMMED:
        return {}
    if not paths.is_spooled:
        return {}
    kinds = {entry.key: entry.kind for entry in mapping.create}
    kinds |= {key: metric.kind for key, metric in metrics.items()}
    totals = [0] * len(mapping.metrics)
    for batch in batches(paths, rows_done=0, readings=AT_ONCE):
        order, value = batch.block.order, batch.block.value
        for place in range(len(totals)):
            totals[place] += sum(value[order == place].tolist())
    decimals = run.details["spooled"]["decimals"]
    return {
        entry.metric: format(unscale(total, decimals[entry.metric]), "f")
        for entry, total in zip(mapping.metrics, totals, strict=True)
        if kinds.get(entry.metric) == ADDITIVE
    }


def result_of(run: ImportRun) -> dict[str, int]:
    """The counts of a run: rows of the file, observations that were (or would be) stored."""
    effect = run.details.get("effect", {}) if run.state == "checked" else {}
    return {
        "rows": run.rows_total,
        "new": int(effect.get("new", run.new)),
        "changed": int(effect.get("changed", run.changed)),
        "unchanged": int(effect.get("unchanged", run.unchanged)),
        "rejected": run.rejected,
        "import": run.pk,
    }
