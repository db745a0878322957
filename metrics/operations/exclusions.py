"""Facts that do not count: taken out by a rule, kept as they were, put back when it is revoked.

A rule is applied when it is made and whenever its metric has another revision: what has come in
meanwhile counts until then. Taking out is the ordinary way into the history, so rollups follow.
"""

# ruff: noqa: S608  statements are put together from constants of this app; values are parameters

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Count, Q, QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from metrics.models.definitions import MEASURED, UNIQUE, Metric
from metrics.models.imports import ImportRun, Source
from metrics.models.observations import Observation, ObservationHistory, Series
from metrics.models.quality import ExcludedFact, Exclusion
from metrics.models.rollups import MetricRevision
from metrics.operations.excluded_people import EXCLUDED, facts_of_person, was_counted
from metrics.operations.quality import clean_reason
from metrics.operations.storing import Writer, empty_where
from metrics.operations.undoing import put_back
from metrics.queries.sums import series_of
from metrics.rules.dims import is_sound, plain_value
from metrics.rules.uniques import PERSON
from metrics.verbs import FACTS_EXCLUDED, FACTS_RESTORED
from workspaces.models import Membership
from workspaces.operations.recording import record
from workspaces.operations.waking import wake
from workspaces.rules.errors import Refused

JOB = "roll_up"
LEAST_FACTOR, MOST_FACTOR = Decimal(1), Decimal(10**6)
MOST_RULES = 100  # a metric


@dataclass(frozen=True)
class Rule:
    """What is to be left out; `trusted` names the only source that counts and stands alone."""

    source: Source | None = None
    trusted: Source | None = None
    dim: str = ""
    dim_value: str = ""
    person: str = ""
    factor: Decimal | None = None
    reason: str = ""


@transaction.atomic
def exclude_facts(metric: Metric, *, rule: Rule, by: Membership, at: datetime) -> Exclusion:
    """Leave out what fits the rule, now and from now on; a metric has one trusted source."""
    rule = replace(rule, person=plain_value(rule.person) or "")
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
                person=rule.person,
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
    rule leaves out. A constant number of statements, however many facts there are.
    """
    metric = _hold(exclusion.metric_id)
    revoked = Exclusion.objects.filter(pk=exclusion.pk, revoked_at=None).update(revoked_at=at)
    if not revoked:
        return 0
    with connection.cursor() as cursor:
        returned = _bring_back(cursor, exclusion)
    others = Exclusion.objects.select_related("metric").filter(metric=metric, revoked_at=None)
    again = sum(_take_out(other, at) for other in others.order_by("pk"))
    record(FACTS_RESTORED, metric, by=by, at=at, name=metric.name, restored=returned - again)
    wake(JOB)
    return returned - again


# Joined by the hash of the key: + 0 keeps planners from walking a whole run, or day, for each fact.
KEPT = f"""metrics_excludedfact e JOIN metrics_observationhistory h ON h.khash = e.khash
    AND h.replaced_by + 0 = e.run_id AND h.series_id + 0 = e.series_id AND h.day = e.day
    WHERE e.exclusion_id = %s AND h.reason = '{EXCLUDED}'"""
STANDS = """SELECT 1 FROM metrics_observation o WHERE o.series_id = h.series_id
    AND o.day = h.day AND o.khash = h.khash AND o.import_id = h.import_id"""
KEY_IS_HERE = """(NOT e.keyed OR EXISTS (SELECT 1 FROM metrics_keyplace k WHERE k.metric_id = %s
    AND k.source = h.source AND k.khash = e.khash AND k.series_id = e.series_id
    AND k.day = e.day))"""


def _bring_back(cursor: Any, exclusion: Exclusion) -> int:
    """Let the history say what stands again; an import that was undone has left no history."""
    returned = put_back(cursor, f"{KEPT} AND {KEY_IS_HERE}", [exclusion.pk, exclusion.metric_id])
    cursor.execute(
        f"""DELETE FROM metrics_observationhistory WHERE id IN (
                SELECT h.id FROM {KEPT} AND EXISTS ({STANDS}))""",
        [exclusion.pk],
    )
    ExcludedFact.objects.filter(exclusion=exclusion).delete()
    return returned


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
    rules = Exclusion.objects.select_related("metric")
    exclusion = rules.filter(pk=pk, revoked_at=None).first()
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
    if metric.kind not in MEASURED:
        raise Refused(
            _("“%(name)s” is computed and has no observations; exclude those of its inputs.")
            % {"name": metric.name},
            code="not_measured",
            field="metric",
        )
    conditions = [rule.source is not None, rule.dim, rule.person, rule.factor is not None]
    if rule.trusted is not None and any(conditions):
        message = _("A trusted source stands alone: every other source is left out.")
        raise Refused(message, code="trusted_alone", field="trusted")
    if rule.trusted is None and not any(conditions):
        message = _(
            "Say what is left out: a source, a dimension's value, a person, or values too large."
        )
        raise Refused(message, code="required", field="source")
    if rule.dim:
        _check_dim(metric, rule.dim)
    if rule.person:
        _check_person(metric, rule.person)
    _check_size(metric, rule)


def _check_size(metric: Metric, rule: Rule) -> None:
    """Refuse a factor out of its range, and more rules than a metric has."""
    if rule.factor is not None and not LEAST_FACTOR < rule.factor <= MOST_FACTOR:
        message = _("The factor is more than 1 and at most 1,000,000.")
        raise Refused(message, code="out_of_range", field="factor")
    if Exclusion.objects.filter(metric=metric, revoked_at=None).count() >= MOST_RULES:
        raise Refused(_("A metric has at most 100 such rules."), code="too_many")


def _check_dim(metric: Metric, name: str) -> None:
    """Refuse a dimension that no observation has: the rule would leave out nothing."""
    known = sorted({dim for _pk, _metric, dims in series_of([metric.pk]) for dim in dims})
    if name in known:
        return
    message = _("“%(name)s” has no dimension “%(dim)s”. It has: %(known)s.") % {
        "name": metric.name,
        "dim": name,
        "known": ", ".join(known) or "–",
    }
    raise Refused(message, code="unknown_dimension", field="dim")


def _check_person(metric: Metric, person: str) -> None:
    """Refuse whom nobody has counted, and whose rows tell nothing of the metric."""
    if not is_sound(person) or not was_counted(metric, person):
        message = _("No metric has counted somebody by this id. Write it as it is in the file.")
        raise Refused(message, code="unknown_person", field="person")
    if metric.kind == UNIQUE:
        return
    facts = Observation.objects.filter(series__metric=metric)
    if not facts.filter(facts_of_person(metric, person)).exists():
        message = _(
            "No observation of “%(name)s” came in one row with this person: only a file that names "
            "who did it beside the value tells. Leave the person out where people are counted."
        )
        raise Refused(message % {"name": metric.name}, code="no_person_kept", field="person")


def _limit(metric: Metric, factor: Decimal | None) -> int | None:
    """The most that counts: so many times the median of what is stored now.

    Of people it is how many observations somebody has, else the scaled value of an observation.
    """
    if factor is None:
        return None
    rows: QuerySet[Any, int]
    facts = Observation.objects.filter(series__metric=metric)
    if metric.kind == UNIQUE:
        rows = _seen(metric.pk).order_by("n").values_list("n", flat=True)
        count = facts.filter(span=PERSON).values("value").distinct().count()
    else:
        rows = facts.order_by("value").values_list("value", flat=True)
        count = facts.count()
    if not count:
        message = _("There are no observations yet of which a median could be told.")
        raise Refused(message, code="no_median", field="factor")
    return int(rows[count // 2] * factor)


def _seen(metric_id: int) -> QuerySet[Any, Any]:
    """How many observations (`n`) each person (`value`) of a metric has."""
    people = Observation.objects.filter(series__metric_id=metric_id, span=PERSON)
    return people.values("value").annotate(n=Count("khash")).order_by()


def _matching(exclusion: Exclusion) -> QuerySet[Observation]:
    """The facts that fit the rule."""
    rows = Observation.objects.filter(series__metric_id=exclusion.metric_id).order_by()
    if exclusion.trusted_id is not None:
        return rows.exclude(source=exclusion.trusted_id)
    if exclusion.source_id is not None:
        rows = rows.filter(source=exclusion.source_id)
    if exclusion.person:
        rows = rows.filter(facts_of_person(exclusion.metric, exclusion.person))
    if exclusion.limit is not None:
        rows = rows.filter(_too_much(exclusion, exclusion.limit))
    if exclusion.dim:
        said = Coalesce(
            KeyTextTransform(exclusion.dim, "dims"), Value(""), output_field=TextField()
        )
        series = Series.objects.filter(metric_id=exclusion.metric_id).annotate(said=said)
        rows = rows.filter(series_id__in=series.filter(said=exclusion.dim_value).values("id"))
    return rows


def _too_much(exclusion: Exclusion, limit: int) -> Q:
    """Values above the limit; people seen more often, and whoever was too much once stays out."""
    if exclusion.metric.kind != UNIQUE:
        return Q(value__gt=limit)
    often = _seen(exclusion.metric_id).filter(n__gt=limit).values_list("value")
    runs = ExcludedFact.objects.filter(exclusion=exclusion).values("run_id")
    known = ObservationHistory.objects.filter(replaced_by__in=runs, span=PERSON)
    return Q(span=PERSON, value__in=often.union(known.values_list("value")))


def _take_out(exclusion: Exclusion, at: datetime) -> int:
    """Move what fits the rule out of the facts, as a run of its own, and note where it stood."""
    rows = _matching(exclusion).values("series_id", "day", "khash")
    if not rows.exists():
        return 0
    run = ImportRun.objects.create(
        workspace_id=exclusion.workspace_id, kind="exclusion", by=exclusion.by,
        created_at=at, started_at=at, finished_at=at,
    )  # fmt: skip
    which, values = rows.query.sql_with_params()
    until = connection.ops.adapt_datetimefield_value(at)
    with connection.cursor() as cursor:
        taken = empty_where(cursor, f"FROM ({which}) o", values, EXCLUDED, Writer(run.pk, 0, at))
        cursor.execute(
            """INSERT INTO metrics_excludedfact
                    (exclusion_id, series_id, day, khash, keyed, run_id, excluded_at)
                SELECT %s, h.series_id, h.day, h.khash, EXISTS (
                    SELECT 1 FROM metrics_keyplace k WHERE k.metric_id = %s
                    AND k.source = h.source AND k.khash = h.khash), h.replaced_by, %s
                FROM metrics_observationhistory h WHERE h.replaced_by = %s
                ON CONFLICT (series_id, day, khash) DO UPDATE SET
                    exclusion_id = excluded.exclusion_id, keyed = excluded.keyed,
                    run_id = excluded.run_id, excluded_at = excluded.excluded_at""",
            [exclusion.pk, exclusion.metric_id, until, run.pk],
        )
    ImportRun.objects.filter(pk=run.pk).update(received=taken)
    wake(JOB)
    return taken
