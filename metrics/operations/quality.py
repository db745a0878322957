"""What people say about data quality: findings that are no trouble, sources that send seldom."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from metrics.models.definitions import MEASURED, Metric
from metrics.models.imports import Source
from metrics.models.quality import Dismissal, EndedFeed, SourceHealth
from metrics.rules.dims import is_sound
from metrics.verbs import FEED_EXPECTED, FINDING_DISMISSED, FINDING_REOPENED, SOURCE_EXPECTED
from workspaces.models import Membership, Workspace
from workspaces.operations.recording import record
from workspaces.rules.errors import Refused

LONGEST_REASON = 500
LONGEST_CADENCE, LONGEST_LAG = 400, 400


@dataclass(frozen=True)
class About:
    """The finding that is dismissed: its id, its kind, and what it says."""

    finding: str
    kind: str
    about: str


def clean_reason(text: str) -> str:
    """A reason without space around it; refused when there is none."""
    reason = text.strip()
    if not reason or len(reason) > LONGEST_REASON or not is_sound(reason):
        raise Refused(_("Give a reason, in at most 500 letters."), code="required", field="reason")
    return reason


@transaction.atomic
def dismiss_finding(
    workspace: Workspace,
    *,
    about: About,
    reason: str,
    until: date | None,
    by: Membership,
    at: datetime,
) -> Dismissal:
    """Take a finding out of sight, until the end of a day or for as long as it stays the same."""
    if until is not None and until < workspace.day_of(at):
        raise Refused(_("That day has passed."), code="past", field="until")
    dismissal, _made = Dismissal.objects.update_or_create(
        workspace=workspace,
        finding=about.finding,
        defaults={
            "kind": about.kind,
            "about": about.about[:300],
            "reason": clean_reason(reason),
            "until": until,
            "by": by,
            "at": at,
        },
    )
    told = {"about": dismissal.about, "reason": dismissal.reason}
    record(FINDING_DISMISSED, dismissal, by=by, at=at, **told)
    return dismissal


@transaction.atomic
def reopen_finding(dismissal: Dismissal, *, by: Membership, at: datetime) -> None:
    """Let a finding be seen again."""
    record(FINDING_REOPENED, dismissal, by=by, at=at, about=dismissal.about)
    dismissal.delete()


@transaction.atomic
def expect_source(
    source: Source, *, cadence: int | None, lag: int, by: Membership, at: datetime
) -> Source:
    """Say every how many days a source sends and how late.

    A cadence of None is learned again; 0 says that it is not expected to send any more.
    """
    if cadence is not None and not 0 <= cadence <= LONGEST_CADENCE:
        message = _("Data come every 1 to 400 days; 0: no more are expected.")
        raise Refused(message, code="out_of_range", field="cadence_days")
    if not 0 <= lag <= LONGEST_LAG:
        raise Refused(_("Data are 0 to 400 days late."), code="out_of_range", field="lag_days")
    source.cadence_days, source.lag_days = cadence, lag
    source.save(update_fields=["cadence_days", "lag_days"])
    SourceHealth.objects.filter(workspace_id=source.workspace_id).update(revision=-1)
    state = "learned" if cadence is None else "" if cadence else "ended"
    record(
        SOURCE_EXPECTED, source, by=by, at=at,
        name=source.name, cadence=cadence, lag=lag, state=state,
    )  # fmt: skip
    return source


@transaction.atomic
def expect_feed(
    source: Source, metric: Metric, *, is_expected: bool, by: Membership, at: datetime
) -> bool:
    """Say whether a source is still expected to send a metric; returns whether that is news.

    What it has sent stays and counts. A cadence that is stated of the metric itself is not touched:
    who states one expects data, wherever they come from.
    """
    if metric.kind not in MEASURED:
        message = _("“%(name)s” is computed: no source sends it; say it of its inputs.")
        raise Refused(message % {"name": metric.name}, code="not_measured", field="metric")
    pair = {"workspace_id": source.workspace_id, "metric": metric, "source": source}
    if is_expected:
        is_news = bool(EndedFeed.objects.filter(**pair).delete()[0])
    else:
        told = {"by": by, "at": at}
        is_news = EndedFeed.objects.get_or_create(**pair, defaults=told)[1]
    if is_news:
        SourceHealth.objects.filter(workspace_id=source.workspace_id).update(revision=-1)
        state = "" if is_expected else "ended"
        record(
            FEED_EXPECTED, source, by=by, at=at,
            name=source.name, metric=metric.name, state=state,
        )  # fmt: skip
    return is_news
