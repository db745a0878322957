"""Alert rules: setting, changing, snoozing; and the job that raises and closes alerts.

The rows are the truth: a rule remembers the revision of its metric and the day that it was judged
by, so the job may run twice, die at any point and be woken by nobody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from metrics.models.alerts import Alert, AlertRule
from metrics.models.definitions import Metric
from metrics.models.observations import Series
from metrics.operations.context import LARGEST
from metrics.queries.alerts import Look, look, period_word, terms_of
from metrics.queries.freshness import Freshness, freshness_of
from metrics.queries.series import inputs_of, revisions_of
from metrics.rules.alerts import Compare, Condition, Verdict, judge
from metrics.rules.amounts import plain
from metrics.rules.baselines import SEASONS
from metrics.rules.dims import is_sound
from metrics.rules.periods import Grain
from metrics.verbs import (
    ALERT_CLOSED,
    ALERT_OPENED,
    ALERT_RULE_ADDED,
    ALERT_RULE_CHANGED,
    ALERT_RULE_RETIRED,
    ALERT_RULE_SNOOZED,
    NOTICE_ALERT,
)
from workspaces.models import Membership, Workspace
from workspaces.operations.notifications import Notice, notify
from workspaces.operations.recording import record
from workspaces.rules.errors import Refused, Stale
from workspaces.rules.verbs import Verb

LONGEST_NAME = 120
MOST_RULES = 500  # a workspace
MOST_PERSISTENCE = 12
MOST_FILTERS = 20


@dataclass(frozen=True)
class Watch:
    """What a rule looks for; `threshold` is a share for rise and fall, `where` filters series."""

    name: str
    condition: str
    grain: str = Grain.DAY.value
    compare: str = Compare.PREVIOUS.value
    threshold: Decimal | None = None
    floor: Decimal | None = None
    persistence: int = 1
    where: tuple[tuple[str, str | None], ...] = ()


def watch_of(rule: AlertRule) -> Watch:
    """What a rule looks for now."""
    given = {field.name: getattr(rule, field.name) for field in fields(Watch)}
    return Watch(**given | {"where": tuple((name, value) for name, value in rule.where)})


@transaction.atomic
def add_alert_rule(
    metric: Metric, *, watch: Watch, watchers: Sequence[int], by: Membership, at: datetime
) -> AlertRule:
    """Watch a metric; who sets the rule is told of it, and the members named by id."""
    wanted = _checked(watch)
    if metric.retired_at is not None:
        raise Refused(_("“%(name)s” is retired.") % {"name": metric.name}, code="metric_retired")
    if AlertRule.objects.filter(workspace=metric.workspace, retired_at=None).count() >= MOST_RULES:
        raise Refused(_("A workspace has at most 500 alerts."), code="too_many")
    rule = AlertRule.objects.create(
        workspace_id=metric.workspace_id, metric=metric, by=by, at=at, **vars(wanted)
    )
    rule.watchers.set(_members(metric.workspace, {by.pk, *watchers}))
    record(ALERT_RULE_ADDED, rule, by=by, at=at, name=rule.name, metric=metric.name)
    return rule


@transaction.atomic
def change_alert_rule(
    rule: AlertRule,
    *,
    watch: Watch,
    watchers: Sequence[int] | None,
    version: int,
    by: Membership,
    at: datetime,
) -> AlertRule:
    """Change what a rule looks for; its open alert closes, for it was raised by other terms."""
    held = AlertRule.objects.select_for_update().get(pk=rule.pk)
    if held.version != version:
        raise Stale(_("Somebody else has changed this alert meanwhile."), current=held)
    _refuse_retired(held)
    wanted = _checked(watch)
    if watch_of(held) != wanted:
        _close(held, at)
        held.seen_revision, held.state = -1, ""
    for name, value in vars(wanted).items():
        setattr(held, name, value)
    held.version += 1
    held.save()
    if watchers is not None:
        held.watchers.set(_members(held.workspace, watchers))
    record(ALERT_RULE_CHANGED, held, by=by, at=at, name=held.name)
    return held


@transaction.atomic
def snooze_alert_rule(
    rule: AlertRule, *, until: datetime | None, by: Membership, at: datetime
) -> AlertRule:
    """Raise nothing by a rule until an instant; None wakes it."""
    _refuse_retired(rule)
    if until is not None and until <= at:
        raise Refused(_("That moment has passed."), code="past", field="until")
    rule.snoozed_until, rule.seen_revision = until, -1
    rule.version += 1
    rule.save(update_fields=["snoozed_until", "seen_revision", "version"])
    told = until.isoformat() if until else ""
    record(ALERT_RULE_SNOOZED, rule, by=by, at=at, name=rule.name, until=told)
    return rule


@transaction.atomic
def retire_alert_rule(rule: AlertRule, *, by: Membership, at: datetime) -> None:
    """Watch no longer; what was raised stays in the history."""
    if AlertRule.objects.filter(pk=rule.pk, retired_at=None).update(retired_at=at):
        _close(rule, at)
        record(ALERT_RULE_RETIRED, rule, by=by, at=at, name=rule.name)


def watch_metrics(*, at: datetime) -> int:
    """Judge each rule whose metric has another revision or whose day has turned; how many."""
    rules = AlertRule.objects.filter(retired_at=None, metric__retired_at=None)
    ids = rules.order_by().values_list("workspace", flat=True).distinct()
    return sum(_watch(space, at) for space in Workspace.objects.filter(pk__in=ids).order_by("pk"))


def _watch(workspace: Workspace, at: datetime) -> int:
    """The rules of one workspace; revisions are read before the numbers."""
    today = workspace.day_of(at)
    rules = list(
        AlertRule.objects.select_related("metric__numerator", "metric__denominator", "workspace")
        .filter(workspace=workspace, retired_at=None, metric__retired_at=None)
        .order_by("pk")
    )
    revisions = revisions_of(workspace, {rule.metric_id for rule in rules})
    due = [rule for rule in rules if _is_due(rule, revisions, today, at)]
    fresh = freshness_of(workspace, {rule.metric_id for rule in due}, today) if due else {}
    for rule in due:
        _judge(rule, fresh[rule.metric_id], revisions.get(rule.metric_id, 0), at)
    return len(due)


def _is_due(rule: AlertRule, revisions: Mapping[int, int], today: date, at: datetime) -> bool:
    if rule.snoozed_until is not None and rule.snoozed_until > at:
        return False
    return (rule.seen_revision, rule.seen_on) != (revisions.get(rule.metric_id, 0), today)


def _judge(rule: AlertRule, fresh: Freshness, revision: int, at: datetime) -> None:
    """Raise or close by what the numbers say; late data say nothing."""
    today = rule.workspace.day_of(at)
    seen: Look | None = None
    verdict = Verdict.UNDECIDED
    if fresh.until is not None and not fresh.is_late and _has_dims(rule):
        seen = look(rule, until=fresh.until, today=today)
        verdict = judge(terms_of(rule), seen.buckets)
    _store(rule, verdict, seen, revision=revision, at=at)


def _has_dims(rule: AlertRule) -> bool:
    """Whether the metric has the dimensions of the rule's filters yet."""
    if not rule.where:
        return True
    inputs = inputs_of(rule.metric.workspace, [rule.metric_id])[rule.metric_id]
    known = Series.objects.filter(metric_id__in=inputs).values_list("dims", flat=True)
    names = {name for dims in known for name in dims}
    return all(name in names for name, _value in rule.where)


@transaction.atomic
def _store(
    rule: AlertRule, verdict: Verdict, seen: Look | None, *, revision: int, at: datetime
) -> None:
    """Write the verdict, unless the rule was changed while its numbers were read."""
    held = AlertRule.objects.select_for_update().filter(pk=rule.pk, retired_at=None).first()
    if held is None or held.version != rule.version:
        return
    opened = Alert.objects.filter(rule=held, closed_at=None).first()
    if verdict is Verdict.RAISED and opened is None and seen is not None:
        _tell(held, _raise(held, seen, at), ALERT_OPENED, at)
    elif verdict is Verdict.CALM and opened is not None and seen is not None:
        _close(held, at)
        opened.value, opened.period = _value(seen), period_word(held, seen.points[-1])
        opened.start = seen.points[-1].start
        _tell(held, opened, ALERT_CLOSED, at)
    held.state, held.seen_revision = verdict.value, revision
    held.seen_on = rule.workspace.day_of(at)
    held.save(update_fields=["state", "seen_revision", "seen_on"])


def _value(seen: Look) -> Decimal:
    return seen.points[-1].value or Decimal(0)


def _raise(rule: AlertRule, seen: Look, at: datetime) -> Alert:
    """One alert for the newest period, with what it was held against."""
    point, bucket = seen.points[-1], seen.buckets[-1]
    against = {name: plain(getattr(bucket, name)) for name in ("before", "volume", "low", "high")}
    return Alert.objects.create(
        workspace_id=rule.workspace_id,
        rule=rule,
        period=period_word(rule, point),
        start=point.start,
        end=point.end,
        value=_value(seen),
        against={name: value for name, value in against.items() if value is not None},
        opened_at=at,
    )


def _close(rule: AlertRule, at: datetime) -> None:
    Alert.objects.filter(rule=rule, closed_at=None).update(closed_at=at)


def _tell(rule: AlertRule, alert: Alert, verb: Verb, at: datetime) -> None:
    """One event, and one notification for each watcher."""
    data: dict[str, object] = {
        "name": rule.name,
        "metric": rule.metric.name,
        "value": plain(round(alert.value, rule.metric.decimals)),
        **rule.metric.measure,
        "period": alert.period,
        "start": alert.start.isoformat(),
        "grain": rule.grain,
    }
    record(verb, alert, by=None, at=at, **data)
    slug, key = rule.workspace.slug, rule.metric.key
    link = reverse("metrics:watch", kwargs={"slug": slug, "key": key})
    people = list(rule.watchers.values_list("pk", flat=True))
    notify(Notice(NOTICE_ALERT, verb, link, data), alert, to=people, by=None, at=at)


def _refuse_retired(rule: AlertRule) -> None:
    if rule.retired_at is not None:
        raise Refused(_("This alert was removed."), code="retired")


def _members(workspace: Workspace, ids: Sequence[int] | set[int]) -> list[Membership]:
    """Members of the workspace by id; another's do not exist."""
    found = list(Membership.objects.filter(workspace=workspace, pk__in=set(ids)))
    if len(found) != len(set(ids)):
        raise Refused(_("There is no such member."), code="not_found", field="watchers")
    return found


CHOICES = {"condition": Condition, "grain": Grain, "compare": Compare}


def _checked(watch: Watch) -> Watch:
    """What is looked for in its canonical form, or the first thing that is wrong with it."""
    name = watch.name.strip()
    if not name or len(name) > LONGEST_NAME or not is_sound(name):
        raise Refused(_("An alert has a name of 1 to 120 letters."), field="name")
    for field, choices in CHOICES.items():
        if getattr(watch, field) not in set(choices):
            message = _("Choose one of: %s.") % ", ".join(choices)
            raise Refused(message, code="invalid_choice", field=field)
    if not 1 <= watch.persistence <= MOST_PERSISTENCE:
        message = _("An alert waits for 1 to 12 periods.")
        raise Refused(message, code="out_of_range", field="persistence")
    if len(watch.where) > MOST_FILTERS:
        raise Refused(_("That are too many filters."), code="too_many", field="where")
    return replace(watch, name=name, threshold=_threshold(watch))


def _threshold(watch: Watch) -> Decimal | None:
    """The threshold; a usual range needs none, a change a share above zero."""
    for field in ("threshold", "floor"):
        value = getattr(watch, field)
        if value is not None and not (value.is_finite() and abs(value) <= LARGEST):
            raise Refused(_("This number is too large."), code="out_of_range", field=field)
    if watch.floor is not None and watch.floor < 0:
        raise Refused(_("Write a number, 0 or more."), code="out_of_range", field="floor")
    if watch.condition == Condition.ANOMALY:
        if not SEASONS[Grain(watch.grain)]:
            raise Refused(_("A usual range needs periods shorter than a year."), field="grain")
        return None
    if watch.threshold is None:
        raise Refused(_("Say from which value on."), code="required", field="threshold")
    if watch.condition in {Condition.RISE, Condition.FALL}:
        _check_share(watch.threshold, is_fall=watch.condition == Condition.FALL)
    return watch.threshold


def _check_share(change: Decimal, *, is_fall: bool) -> None:
    """A change is a share above zero, and a fall is no more than the whole."""
    message = ""
    if change <= 0:
        message = _("A change is a share above 0, such as 0.2 for 20 %.")
    elif is_fall and change > 1:
        message = _("A fall is 100 % at most: a share up to 1, such as 0.2 for 20 %.")
    if message:
        raise Refused(message, code="out_of_range", field="threshold")
