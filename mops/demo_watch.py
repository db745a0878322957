"""What the demo team reads its numbers against, and what it has seen wrong with them."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from metrics.forms.questions import read_question
from metrics.models import Metric
from metrics.models.context import Benchmark
from metrics.operations.alerts import (
    Watch,
    add_alert_rule,
    snooze_alert_rule,
    watch_metrics,
)
from metrics.operations.context import (
    Aim,
    Note,
    Reference,
    add_benchmark,
    annotate,
    set_target,
)
from metrics.operations.exclusions import Rule, exclude_facts
from metrics.operations.health import check_sources
from metrics.operations.rollups import roll_up
from metrics.operations.saved_views import ViewDraft, save_view
from metrics.rules.periods import DAY
from workspaces.models import Membership, Workspace

People = dict[str, Membership]
MONTH = 30
REFERENCES = (  # metric, value, percentile, days before the opening day, source, industry
    ("email_ctr", "2.4", 50, 120, "Yearly survey of senders", "Software"),
    ("email_ctr", "4.1", 90, 120, "Yearly survey of senders", "Software"),
    ("cost_per_lead", "38", 50, 400, "Report of the ad platform", ""),
)
AIMS = (  # metric, value, low, high, each for the months of the year around the opening day
    ("email_ctr", "2.9", "2.7", None),
    ("qualified_leads", "120", None, None),
    ("unsubscribe_rate", "0.2", None, "0.25"),
)
NOTES = (  # metric, days before the opening day, text
    ("email_unsubscribes", 6, "The newsletter went to a list that had left us"),
    ("ad_clicks", 20, "Robots clicked all night; the platform paid it back"),
    ("ad_cost", 30, "New bids on generic terms"),
    (None, 75, "Price list changed"),
)
WATCHES = (
    ("cost_per_lead", Watch("Leads get dear", "above", "week", threshold=Decimal(34))),
    ("email_unsubscribes", Watch("Many leave", "anomaly")),
    (
        "webinar_signups",
        Watch("Few sign up", "fall", "week", threshold=Decimal("0.5"), floor=Decimal(20)),
    ),
)
ASLEEP = "Few sign up"


def look_after(workspace: Workspace, people: People, *, at: datetime) -> None:
    """Write it all down once, then let the clock look, so that there is something to see."""
    if Benchmark.objects.filter(workspace=workspace).exists():
        return
    metrics = {metric.key: metric for metric in Metric.objects.filter(workspace=workspace)}
    with transaction.atomic():
        _context(workspace, metrics, people, at)
        _watches(metrics, people, at)
        robots = Rule(factor=Decimal(5), reason="Robots clicked all night")
        exclude_facts(metrics["ad_clicks"], rule=robots, by=people["mika"], at=at)
        host = Rule(person="guest-0", reason="Our own host is no guest")
        exclude_facts(metrics["webinar_guests"], rule=host, by=people["mika"], at=at)
        question = read_question(
            {"metrics": ["email_ctr", "unsubscribe_rate"], "by": ["mail_type"]}
        )
        draft = ViewDraft("Letters by type", question, shared=True, pinned=True)
        save_view(workspace, draft=draft, by=people["editor"], at=at)
    roll_up()
    check_sources(at=at)
    watch_metrics(at=at)


def _context(
    workspace: Workspace, metrics: dict[str, Metric], people: People, at: datetime
) -> None:
    """Benchmarks, targets and notes."""
    today = workspace.day_of(at)
    for key, value, percentile, before, source, industry in REFERENCES:
        dated = today - before * DAY
        reference = Reference(Decimal(value), source, dated, percentile, industry)
        add_benchmark(metrics[key], reference=reference, by=people["mika"], at=at)
    first = (today - 6 * MONTH * DAY).replace(day=1)
    last = (today + 7 * MONTH * DAY).replace(day=1) - DAY
    for key, target, low, high in AIMS:
        band = [Decimal(end) if end else None for end in (low, high)]
        aim = Aim(Decimal(target), first, last, low=band[0], high=band[1])
        set_target(metrics[key], aim=aim, by=people["manager"], at=at)
    for about, before, text in NOTES:
        note = Note(today - before * DAY, text, metrics[about] if about else None)
        annotate(workspace, note=note, by=people["editor"], at=at)


def _watches(metrics: dict[str, Metric], people: People, at: datetime) -> None:
    """Alerts, one of them silent."""
    team = [people[word].pk for word in ("owner", "manager", "editor")]
    for key, watch in WATCHES:
        rule = add_alert_rule(metrics[key], watch=watch, watchers=team, by=people["manager"], at=at)
        if watch.name == ASLEEP:
            snooze_alert_rule(rule, until=at + 7 * DAY, by=people["manager"], at=at)
