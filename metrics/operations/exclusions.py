"""Facts that do not count: taken out by a rule, kept as they were, put back when it is revoked.

A rule is applied when it is made and whenever its metric has another revision: what has come in
meanwhile counts until then. Taking out is the ordinary way into the history, so rollups follow.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from metrics.models.definitions import ADDITIVE, LAST, Metric
from metrics.models.imports import ImportRun, Source
from metrics.models.observations import KeyPlace, Observation, ObservationHistory, Series
from metrics.models.quality import ExcludedFact, Exclusion
from metrics.models.rollups import MetricRevision
from metrics.operations.quality import clean_reason
from metrics.operations.storing import Writer, empty_places, mark_places
from metrics.rules.dims import NAME, plain_value
from metrics.verbs import FACTS_EXCLUDED, FACTS_RESTORED
from workspaces.models import Membership
from workspaces.operations.recording import record
from workspaces.operations.waking import wake
from workspaces.rules.errors import Refused

JOB = "roll_up"
EXCLUDED = "excluded"
DONE = "done"
BATCH = 2_000
LEAST_FACTOR, MOST_FACTOR = Decimal(1), Decimal(10**6)
MOST_RULES = 100  # a metric


@dataclass(frozen=True)
class Rule:
    """What is to be left out; `trusted` names the only source that counts and stands alone."""

    source: Source | None = None
    trusted: Source | None = None
    dim: str = ""
    dim_value: str = ""
    factor: Decimal | None = None
    reason: str = ""


@transaction.atomic
def exclude_facts(metric: Metric, *, rule: Rule, by: Membership, at: datetime) -> Exclusion:
    """Leave out what fits the rule, now and from now on; a metric has one trusted source."""
    _check(metric, rule)
    held = _hold(metric.pk)
    try:
        with transaction.atomic():
            exclusion = Exclusion.objects.create(
                workspace_id=held.workspace_id,
                metric=held,
                source=rule.source,
                trusted=rule.trusted,
                dim=rule.dim,
                dim_value=plain_value(rule.dim_value) or "",
                factor=rule.factor,
                limit=_limit(held, rule.factor),
                reason=clean_reason(rule.reason),
                by=by,
                at=at,
            )
    except IntegrityError as error:
        raise Refused(
            _("“%(name)s” has a trusted source already; take that back first.")
            % {"name": held.name},
            code="trusted_already",
            field="trusted",
        ) from error
    excluded = _take_out(exclusion, at)
    record(
        FACTS_EXCLUDED, held, by=by, at=at, name=held.name, reason=exclusion.reason,
        excluded=excluded, exclusion=exclusion.pk,
    )  # fmt: skip
    return exclusion


@transaction.atomic
def revoke_exclusion(exclusion: Exclusion, *, by: Membership, at: datetime) -> int:
    """Put back what the rule took out, and let it rest; returns how many facts count again.

    Left out for good is what has no right to stand any more: facts of an import that was undone,
    facts whose key stands elsewhere by now, facts whose place is taken, and facts that another
    rule leaves out.
    """
    metric = _hold(exclusion.metric_id)
    revoked = Exclusion.objects.filter(pk=exclusion.pk, revoked_at=None).update(revoked_at=at)
    if not revoked:
        return 0
    rows = list(ExcludedFact.objects.filter(exclusion=exclusion).order_by("pk"))
    kept = _still_standing(metric, rows)
    facts = [Observation(**row.fact) for row in kept]
    Observation.objects.bulk_create(facts, batch_size=BATCH, ignore_conflicts=True)
    for row in kept:
        ObservationHistory.objects.filter(
            series_id=row.series_id, day=row.day, khash=row.khash, reason=EXCLUDED,
            import_id=row.fact["import_id"],
        ).delete()  # fmt: skip
    ExcludedFact.objects.filter(exclusion=exclusion).delete()
    mark_places((row.series_id, row.day) for row in kept)
    others = Exclusion.objects.filter(metric=metric, revoked_at=None)
    again = sum(_take_out(other, at) for other in others.order_by("pk"))
    record(FACTS_RESTORED, metric, by=by, at=at, name=metric.name, restored=len(kept) - again)
    wake(JOB)
    return len(kept) - again


def apply_exclusions(*, at: datetime) -> int:
    """Apply each rule whose metric has another revision; how many facts were taken out."""
    rules = Exclusion.objects.filter(revoked_at=None, metric__retired_at=None).order_by("pk")
    wanted = list(rules.values_list("pk", "metric_id", "applied_revision"))
    known = _revisions({metric_id for _pk, metric_id, _applied in wanted})
    due = [pk for pk, metric_id, applied in wanted if known.get(metric_id, 0) != applied]
    return sum(_apply(pk, at) for pk in due)


@transaction.atomic
def _apply(pk: int, at: datetime) -> int:
    """One rule, with its metric held; the revision is read before the facts."""
    exclusion = Exclusion.objects.filter(pk=pk, revoked_at=None).first()
    if exclusion is None:
        return 0
    _hold(exclusion.metric_id)
    revision = _revisions([exclusion.metric_id]).get(exclusion.metric_id, 0)
    excluded = _take_out(exclusion, at)
    Exclusion.objects.filter(pk=pk).update(applied_revision=revision)
    return excluded


def _revisions(metric_ids: Iterable[int]) -> dict[int, int]:
    rows = MetricRevision.objects.filter(metric_id__in=list(metric_ids))
    return dict(rows.values_list("metric_id", "value"))


def _hold(metric_id: int) -> Metric:
    """The metric, held against every writer until the end."""
    return Metric.objects.select_for_update().get(pk=metric_id)


def _check(metric: Metric, rule: Rule) -> None:
    """Refuse rules that say nothing, too much, or of a metric that has no values of its own."""
    if metric.kind not in {ADDITIVE, LAST}:
        raise Refused(
            _("Observations of additive metrics and of levels can be excluded, not of “%(name)s”.")
            % {"name": metric.name},
            code="not_measured",
            field="metric",
        )
    conditions = [rule.source is not None, bool(rule.dim), rule.factor is not None]
    if rule.trusted is not None and any(conditions):
        message = _("A trusted source stands alone: every other source is left out.")
        raise Refused(message, code="trusted_alone", field="trusted")
    if rule.trusted is None and not any(conditions):
        message = _("Say what is left out: a source, a dimension's value, or values too large.")
        raise Refused(message, code="required", field="source")
    if rule.dim and not NAME.match(rule.dim):
        raise Refused(_("There is no such dimension."), code="unknown_dimension", field="dim")
    if rule.factor is not None and not LEAST_FACTOR < rule.factor <= MOST_FACTOR:
        message = _("The factor is more than 1 and at most 1,000,000.")
        raise Refused(message, code="out_of_range", field="factor")
    if Exclusion.objects.filter(metric=metric, revoked_at=None).count() >= MOST_RULES:
        raise Refused(_("A metric has at most 100 such rules."), code="too_many")


def _limit(metric: Metric, factor: Decimal | None) -> int | None:
    """The largest scaled value that counts: so many times the median of what is stored now."""
    if factor is None:
        return None
    rows = Observation.objects.filter(series__metric=metric).order_by("value")
    count = rows.count()
    if not count:
        message = _("There are no observations yet of which a median could be told.")
        raise Refused(message, code="no_median", field="factor")
    median = rows.values_list("value", flat=True)[count // 2]
    return int(median * factor)


def _matching(exclusion: Exclusion) -> QuerySet[Observation]:
    """The facts that fit the rule."""
    rows = Observation.objects.filter(series__metric_id=exclusion.metric_id)
    if exclusion.trusted_id is not None:
        return rows.exclude(source=exclusion.trusted_id)
    if exclusion.source_id is not None:
        rows = rows.filter(source=exclusion.source_id)
    if exclusion.limit is not None:
        rows = rows.filter(value__gt=exclusion.limit)
    if exclusion.dim:
        series = Series.objects.filter(metric_id=exclusion.metric_id).values_list("id", "dims")
        wanted = [
            pk for pk, dims in series if (dims.get(exclusion.dim) or "") == exclusion.dim_value
        ]
        rows = rows.filter(series_id__in=wanted)
    return rows


COLUMNS = [field.attname for field in Observation._meta.concrete_fields]


def _take_out(exclusion: Exclusion, at: datetime) -> int:
    """Move what fits the rule out of the facts, as a run of its own, and keep it as it was."""
    found: list[Mapping[str, Any]] = list(_matching(exclusion).values(*COLUMNS))
    if not found:
        return 0
    run = ImportRun.objects.create(
        workspace_id=exclusion.workspace_id, kind="exclusion", by=exclusion.by,
        created_at=at, started_at=at, finished_at=at, received=len(found),
    )  # fmt: skip
    noted = set(_places_of(exclusion.metric_id, {fact["khash"] for fact in found}))
    rows = [
        ExcludedFact(
            exclusion=exclusion,
            series_id=fact["series_id"],
            day=fact["day"],
            khash=fact["khash"],
            fact={name: _as_json(value) for name, value in fact.items()},
            keyed=(fact["source"], fact["khash"]) in noted,
            excluded_at=at,
        )
        for fact in found
    ]
    ExcludedFact.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["series_id", "day", "khash"],
        update_fields=["exclusion", "fact", "keyed", "excluded_at"],
    )
    places = [(fact["series_id"], fact["day"], fact["khash"]) for fact in found]
    excluded = empty_places(places, EXCLUDED, Writer(run.pk, 0, at))
    wake(JOB)
    return excluded


def _as_json(value: object) -> object:
    """A column's value as JSON keeps it: days as text."""
    return (
        value
        if value is None or isinstance(value, int | str)
        else DjangoJSONEncoder().default(value)
    )


def _places_of(metric_id: int, hashes: set[int]) -> dict[tuple[int, int], tuple[int, date]]:
    """Where the keys of these hashes stand, by (source, hash)."""
    rows = KeyPlace.objects.filter(metric_id=metric_id)
    found: dict[tuple[int, int], tuple[int, date]] = {}
    ordered = sorted(hashes)
    for start in range(0, len(ordered), BATCH):
        for row in rows.filter(khash__in=ordered[start : start + BATCH]):
            found[row.source, row.khash] = (row.series_id, row.day)
    return found


def _still_standing(metric: Metric, rows: list[ExcludedFact]) -> list[ExcludedFact]:
    """Those whose import was not undone, and whose key was not withdrawn or moved."""
    runs = {row.fact["import_id"] for row in rows}
    sound = set(ImportRun.objects.filter(pk__in=runs, state=DONE).values_list("pk", flat=True))
    places = _places_of(metric.pk, {row.khash for row in rows if row.keyed})
    return [
        row
        for row in rows
        if row.fact["import_id"] in sound
        and (
            not row.keyed or places.get((row.fact["source"], row.khash)) == (row.series_id, row.day)
        )
    ]
