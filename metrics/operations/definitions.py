"""Defining what is measured; kind, decimals and currency are fixed by observations."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from metrics.models.definitions import DERIVED, MEASURED, RATIO, Metric, MetricInput
from metrics.models.observations import Observation
from metrics.models.rollups import MetricRevision
from metrics.operations.definition_checks import (
    Definition,
    checked,
    refuse,
    refuse_summed_percent,
    refuse_unknown_currency,
)
from metrics.operations.formulas import (
    ALWAYS,
    Beginning,
    note_inputs,
    note_version,
    refuse_cycle,
    refuse_to_replace,
    stored_formula,
)
from metrics.operations.money import check_money
from metrics.queries.recipes import book_of
from metrics.rules.measures import KINDS, NewMetric
from metrics.verbs import METRIC_DEFINED, METRIC_REDEFINED, METRIC_RETIRED
from workspaces.models import Membership, Workspace
from workspaces.operations.recording import record
from workspaces.rules.errors import Invalid, Problem, Refused, Stale

MOST_METRICS = 2_000  # a workspace
FIXED = ("kind", "decimals", "currency", "counting")
HOW_IT_IS_COMPUTED = ("kind", "numerator", "denominator", "scale", "formula")
WHAT_IT_MEANS = (*HOW_IT_IS_COMPUTED, "unit", "decimals", "currency", "direction", "counting")
PLAIN_FIELDS = (
    "name", "kind", "unit", "decimals", "currency", "direction", "description", "formula",
    "counting", "cadence_days", "lag_days", "stage",
)  # fmt: skip


def definition_of(metric: Metric) -> Definition:
    """What the metric is defined as now."""
    return Definition(
        key=metric.key,
        numerator=metric.numerator.key if metric.numerator else "",
        denominator=metric.denominator.key if metric.denominator else "",
        scale=metric.scale_text,
        allowed_dims=tuple(metric.allowed_dims),
        owner=metric.owner.user.email if metric.owner else "",
        **{name: getattr(metric, name) for name in PLAIN_FIELDS},
    )


@transaction.atomic
def define_metric(
    workspace: Workspace, *, definition: Definition, by: Membership | None, at: datetime
) -> Metric:
    """Add a metric to the workspace; a computed one reads metrics of the same workspace."""
    _hold_definitions(workspace)
    refuse_summed_percent(definition)
    refuse_unknown_currency(definition)
    wanted, inputs = _resolved(workspace, checked(definition))
    check_money(wanted, inputs)
    if Metric.objects.filter(workspace=workspace).count() >= MOST_METRICS:
        raise Refused(_("A workspace has at most %(most)s metrics.") % {"most": MOST_METRICS})
    metric = Metric(workspace=workspace, key=wanted.key, defined_at=at)
    metric.owner = by if wanted.owner is None else _owner(workspace, wanted.owner)
    _write(metric, wanted, inputs)
    try:
        with transaction.atomic():
            metric.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(
            _("A metric with the key “%(key)s” exists.") % {"key": wanted.key},
            code="key_taken",
            field="key",
        ) from error
    MetricRevision.objects.create(metric=metric)
    if metric.is_computed:
        refuse_cycle(metric, inputs)
        note_inputs(metric, inputs)
        note_version(metric, since=None, by=by, at=at)
    record(METRIC_DEFINED, metric, by=by, at=at, name=metric.name, key=metric.key)
    return metric


@transaction.atomic
def define_missing(
    workspace: Workspace,
    wanted: Sequence[NewMetric],
    *,
    there: Mapping[str, Metric],
    by: Membership | None,
    at: datetime,
) -> dict[str, Metric]:
    """The metrics by key: those `there`, and of the wanted ones those that were missing.

    Computed ones come last, when their inputs are there. Invalid names what is wrong with one by
    its place below /create.
    """
    found = dict(there)
    order = sorted(enumerate(wanted), key=lambda pair: KINDS.index(pair[1].kind))
    for place, entry in order:
        if entry.key in found:
            continue
        definition = Definition(**asdict(entry))
        try:
            found[entry.key] = define_metric(workspace, definition=definition, by=by, at=at)
        except Refused as refusal:
            pointer = f"/create/{place}/{refusal.field}".rstrip("/")
            raise Invalid([Problem(refusal.message, refusal.code, pointer)]) from refusal
        except Invalid as fault:
            below = [
                replace(one, pointer=f"/create/{place}{one.pointer}") for one in fault.problems
            ]
            raise Invalid(below) from fault
    return found


@transaction.atomic
def redefine_metric(
    metric: Metric,
    *,
    definition: Definition,
    version: int,
    since: Beginning | date | None = None,
    by: Membership | None,
    at: datetime,
) -> Metric:
    """Change a definition that nobody else has changed since; its key stays what it is.

    What is computed in another way is so from the day `since` on, by default from today;
    ALWAYS replaces what was before, too. Refused where definitions that begin later would be
    replaced, unless the Beginning says so.
    """
    _hold_definitions(metric.workspace)
    held = _hold(metric)
    if held.version != version:
        raise Stale(_("Somebody else has changed this metric meanwhile."), current=held)
    _refuse_retired(held)
    before = definition_of(held)
    refuse_summed_percent(definition, before)
    refuse_unknown_currency(definition, before)
    wanted = checked(replace(definition, key=held.key))
    after, inputs = _resolved(held.workspace, wanted, kept=before.formula)
    after = replace(after, owner=before.owner if after.owner is None else after.owner)
    if after == before:
        return held
    changed = [field.name for field in fields(Definition) if _differ(before, after, field.name)]
    _refuse_fixed(held, changed)
    if set(changed) & {*HOW_IT_IS_COMPUTED, "unit", "currency"}:
        check_money(after, inputs)
    if "kind" in changed and held.kind in MEASURED and after.kind not in MEASURED:
        _refuse_use(held)
    if "owner" in changed:
        held.owner = _owner(held.workspace, after.owner or "")
    _write(held, after, inputs)
    held.version += 1
    held.definition_revision += 1 if set(changed) & set(WHAT_IT_MEANS) else 0
    held.save(force_update=True)
    if held.is_computed and set(changed) & set(HOW_IT_IS_COMPUTED):
        begins = since if isinstance(since, Beginning) else Beginning(since)
        _begin_version(held, inputs, begins, by, at)
    record(METRIC_REDEFINED, held, by=by, at=at, name=held.name, key=held.key, fields=changed)
    return held


@transaction.atomic
def retire_metric(metric: Metric, *, by: Membership | None, at: datetime) -> Metric:
    """Take a metric out of use: it keeps its numbers, takes no more, and leaves the catalogue."""
    held = _hold(metric)
    if held.retired_at is not None:
        return held
    _refuse_use(held)
    held.retired_at = at
    held.version += 1
    held.save(update_fields=["retired_at", "version"])
    record(METRIC_RETIRED, held, by=by, at=at, name=held.name, key=held.key)
    return held


def _begin_version(
    metric: Metric,
    inputs: Sequence[Metric],
    begins: Beginning,
    by: Membership | None,
    at: datetime,
) -> None:
    """From its day on, or always where there is no other version that could be kept."""
    since, today = begins.day, metric.workspace.day_of(at)
    refuse_cycle(metric, inputs)
    refuse_to_replace(metric, begins, today=today)
    note_inputs(metric, inputs)
    first_day = since or today
    nothing_to_keep = not metric.versions.exists() or (since is None and not _has_data(metric))
    always = since == ALWAYS or nothing_to_keep
    note_version(metric, since=None if always else first_day, by=by, at=at)


def _hold_definitions(workspace: Workspace) -> None:
    """One definition at a time, so that no two make each other an input."""
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)


def _hold(metric: Metric) -> Metric:
    """The metric as it is, kept from changing and from taking observations until the end."""
    rows = Metric.objects.select_for_update(of=("self",)).select_related(
        "numerator", "denominator", "workspace", "owner__user"
    )
    return rows.get(pk=metric.pk)


def _differ(before: Definition, after: Definition, name: str) -> bool:
    return bool(getattr(before, name) != getattr(after, name))


def _refuse_retired(metric: Metric) -> None:
    if metric.retired_at is not None:
        raise Refused(_("“%(name)s” is retired.") % {"name": metric.name}, code="metric_retired")


def _refuse_fixed(metric: Metric, changed: list[str]) -> None:
    """What observations were stored by cannot change under them."""
    fixed = [name for name in FIXED if name in changed]
    if fixed and has_observations(metric):
        raise refuse(
            _("The metric has observations: its kind, decimals and currency are fixed."),
            fixed[0],
            "fixed_by_observations",
        )


def _refuse_use(metric: Metric) -> None:
    """A metric that others are computed from stays in use."""
    using = MetricInput.objects.filter(input=metric, metric__retired_at=None)
    names = list(using.values_list("metric__name", flat=True).order_by("metric__name")[:3])
    if names:
        raise refuse(
            _("“%(name)s” is a part of %(ratios)s.")
            % {"name": metric.name, "ratios": ", ".join(f"“{name}”" for name in names)},
            "kind",
            "part_of_a_ratio",
        )


def _has_data(metric: Metric) -> bool:
    """Whether anything that the metric is made of has observations; 2 queries."""
    reached = book_of(metric.workspace, [metric.pk]).metrics
    return Observation.objects.filter(series__metric_id__in=reached).exists()


def has_observations(metric: Metric) -> bool:
    """Whether any fact of the metric is stored; 1 query."""
    return Observation.objects.filter(series__metric=metric).exists()


def _resolved(
    workspace: Workspace, wanted: Definition, *, kept: str = ""
) -> tuple[Definition, list[Metric]]:
    """The definition with its formula in stored form, and the metrics that it reads."""
    if wanted.kind == DERIVED:
        formula, inputs = stored_formula(workspace, wanted.formula, kept=kept)
        return replace(wanted, formula=formula), inputs
    if wanted.kind != RATIO:
        return wanted, []
    return wanted, [_part(workspace, wanted, name) for name in ("numerator", "denominator")]


def _part(workspace: Workspace, wanted: Definition, field: str) -> Metric:
    key = getattr(wanted, field)
    if not key:
        raise refuse(_("A ratio has a numerator and a denominator."), field, "required")
    part = Metric.objects.filter(workspace=workspace, key=key).first()
    if part is None:
        raise refuse(_("There is no metric “%(key)s”.") % {"key": key}, field, "unknown_metric")
    if part.is_computed:
        raise refuse(
            _(
                "“%(name)s” is computed itself. A ratio divides two metrics that are measured; "
                "for anything else write a formula."
            )
            % {"name": part.name},
            field,
            "ratio_of_a_ratio",
        )
    if part.retired_at is not None:
        raise refuse(_("“%(name)s” is retired.") % {"name": part.name}, field, "metric_retired")
    return part


def _owner(workspace: Workspace, email: str) -> Membership | None:
    """The member with that address; nobody where there is none asked for."""
    if not email:
        return None
    rows = Membership.objects.filter(workspace=workspace, user__email__iexact=email)
    member = rows.select_related("user").first()
    if member is None:
        raise refuse(_("No member has this address."), "owner", "unknown_member")
    return member


def _write(metric: Metric, wanted: Definition, inputs: Sequence[Metric]) -> None:
    """Put a checked definition into the row."""
    parts = inputs if wanted.kind == RATIO else (None, None)
    metric.numerator, metric.denominator = parts
    metric.scale_text = wanted.scale
    metric.allowed_dims = list(wanted.allowed_dims)
    for name in PLAIN_FIELDS:
        setattr(metric, name, getattr(wanted, name))
