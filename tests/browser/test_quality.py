"""Data quality, what stands beside a metric, and notifications, as people see them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils.timezone import now

from metrics.models.alerts import AlertRule
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
from metrics.operations.health import check_sources
from metrics.operations.observations import Reading, record_observations
from tests.browser.support import LOOKS, complaints, settled, shoot, sideways, small_targets
from tests.make.metrics import make_metric, make_ratio, observe

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = {
    "quality": "/w/acme/quality/",
    "metric": "/w/acme/metrics/visits/",
    "watch": "/w/acme/metrics/visits/watch/",
    "watch-edit": "/w/acme/metrics/visits/watch/alerts/{alert}/",
    "alerts": "/w/acme/alerts/",
    "notifications": "/w/acme/notifications/",
}


@pytest.fixture
def watched(acme, ed):
    """A metric with all that stands beside it, an open alert, and numbers with something wrong."""
    at = now()
    last = acme.day_of(at) - timedelta(days=1)
    visits = make_metric(acme, "visits")
    values = {last - timedelta(days=n): 100 + n % 7 * 5 for n in range(200) if n not in {30, 31}}
    observe(visits, values | {last: 20}, source="Web analytics")
    observe(visits, values | {last: 20}, source="A copy of it")
    revenue = make_metric(acme, "revenue")
    weeks = [
        Reading(revenue.pk, last - timedelta(days=7 * n), 900 + n, key=f"w{n}", span=7)
        for n in range(12)
    ]
    record_observations(acme, source="A sheet of weeks", readings=weeks, by=ed, at=at)
    ctr = make_ratio(acme)
    observe(ctr.denominator, {last: 100})
    observe(ctr.numerator, {last: 142})
    late = make_metric(acme, "leads", name="Qualified leads from the newsletter")
    observe(late, {last - timedelta(days=20 + n): 4 for n in range(20)})
    first = last - timedelta(days=90)
    set_target(visits, aim=Aim(Decimal(7000), first, last), by=ed, at=at)
    reference = Reference(Decimal(6000), "Survey of the industry", last, 50, "Software")
    add_benchmark(visits, reference=reference, by=ed, at=at)
    day = last - timedelta(days=45)
    annotate(acme, note=Note(day, "New landing page", visits), by=ed, at=at)
    few = Watch("Few visits", "below", threshold=Decimal(50))
    add_alert_rule(visits, watch=few, watchers=(), by=ed, at=at)
    many = Watch("Many visits", "rise", threshold=Decimal("0.5"), where=(("channel", "mail"),))
    asleep = add_alert_rule(visits, watch=many, watchers=(), by=ed, at=at)
    snooze_alert_rule(asleep, until=at + timedelta(days=7), by=ed, at=at)
    watch_metrics(at=at)
    check_sources(at=at)
    return ed


@pytest.mark.parametrize("look", LOOKS)
def test_the_pages_hold_together(screen, watched, look):
    page = screen(watched, **LOOKS[look])
    alert = AlertRule.objects.get(name="Few visits").pk
    faults = []
    for name, path in PAGES.items():
        page.goto(path.format(alert=alert))
        settled(page)
        if name == "metric":
            page.wait_for_selector("#watch")
            settled(page)
        shoot(page, f"{name}-{look}", full=True)
        found = complaints(page) + (small_targets(page) if "phone" in look else [])
        if (wide := sideways(page)) > 0:
            found.append(f"{wide} px too wide")
        faults += [f"{name}: {said}" for said in found]
    assert faults == []


def test_the_bell_tells_and_a_finding_is_dismissed_in_place(screen, watched):
    page = screen(watched)
    page.goto(PAGES["quality"])
    settled(page)
    page.locator(".bell summary").click()
    page.get_by_role("button", name="Few visits: Visits was").wait_for()
    shoot(page, "bell")
    page.keyboard.press("Escape")
    finding = page.locator(".q-item", has_text="above 100")
    finding.get_by_text("Dismiss…").click()
    finding.get_by_label("Reason").fill("Total clicks over people")
    finding.get_by_role("button", name="Dismiss").click()
    page.get_by_text("The finding is dismissed.").wait_for()
    assert page.locator(".q-item", has_text="above 100").count() == 0
