"""Metrics of every kind in a browser: the live formula, the break in the chart, the catalogue."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from metrics.operations.definitions import definition_of, redefine_metric
from metrics.queries.catalogue import find_metric
from tests.browser.support import LOOKS, axe, settled, shoot, sideways
from tests.make.metrics import make_metric, make_ratio, observe

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def numbers(acme, mia):
    """A ratio with data, a count of people by snapshots, a formula with two versions."""
    until = now().date() - timedelta(days=1)
    days = [until - timedelta(days=n) for n in range(200)]
    ratio = make_ratio(acme, name="Click rate")
    observe(ratio.numerator, {day: 20 + day.day for day in days}, dims={"ch": "news"}, at=now())
    observe(ratio.denominator, dict.fromkeys(days, 900), dims={"ch": "news"}, at=now())
    readers = make_metric(acme, "readers", kind="unique", name="Readers")
    observe(readers, {day: 300 + day.day for day in days}, at=now())
    made = make_metric(
        acme, "depth", kind="derived", formula="clicks / sends * 100", decimals=2, name="Depth",
        unit="percent",
    )  # fmt: skip
    changed = {**vars(definition_of(made)), "formula": "(clicks + 9) / sends * 100"}
    redefine_metric(
        find_metric(acme, "depth"), definition=type(definition_of(made))(**changed), version=1,
        since=until - timedelta(days=70), by=mia, at=now(),
    )  # fmt: skip
    return until


@pytest.mark.parametrize("name", LOOKS)
def test_pages_of_every_kind_are_sound(screen, mia, numbers, name):
    page = screen(mia, **LOOKS[name])
    for place, path in {
        "kinds": "", "derived": "depth/", "derived-ways": "depth/?compare=previous&window=3",
        "unique": "readers/", "form": "depth/edit/", "starters": "starters/",
    }.items():  # fmt: skip
        page.goto(f"/w/acme/metrics/{path}")
        settled(page)
        shoot(page, f"metric-{place}-{name}", full=place == "derived")
        assert sideways(page) <= 0, (place, name)
        if name in ("light", "dark", "phone-dark-rtl"):
            axe(page)


def test_a_formula_is_tried_while_it_is_typed(screen, mia, numbers):
    page = screen(mia)
    page.goto("/w/acme/metrics/new/")
    settled(page)
    page.locator(".radio-card", has_text="Formula").click()
    page.get_by_label("Metrics to use").select_option("clicks")
    page.get_by_role("button", name="Insert").click()
    page.locator(".formula-check .st-on").wait_for()
    assert page.get_by_label("Formula", exact=True).input_value() == "clicks"
    page.get_by_label("Formula", exact=True).press_sequentially(" / nothing")
    page.locator(".marked mark").wait_for()
    assert page.locator(".marked mark").inner_text() == "nothing"
    shoot(page, "metric-form-fault", full=True)
    page.get_by_label("Formula", exact=True).fill("clicks / [Sends]")
    page.locator(".formula-check .code", has_text="clicks / sends").wait_for()
    assert page.locator(".formula-check .num").count() == 2
    shoot(page, "metric-form-value", full=True)


def test_the_chart_shows_where_another_version_begins(screen, mia, numbers):
    page = screen(mia)
    page.goto("/w/acme/metrics/depth/?grain=month")
    settled(page)
    assert "v2" in page.locator("line-chart .plot").inner_text()
    page.locator("[data-twin]").click()
    assert "version 2 from" in page.locator(".twin").inner_text()


def test_the_catalogue_is_searched_and_one_click_defines(screen, mia, acme):
    page = screen(mia)
    page.goto("/w/acme/metrics/starters/")
    settled(page)
    page.locator("#narrow").press_sequentially("click-to-open")
    assert page.locator(".starter:visible").count() == 1
    page.get_by_role("button", name="Define Click-to-open rate").click()
    page.wait_for_url("**/metrics/")
    assert page.get_by_text("3 metrics are defined.").count() >= 1
