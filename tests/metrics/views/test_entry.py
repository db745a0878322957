"""The grid: it shows what is stored, judges what is typed cell by cell, and overwrites nobody."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext

from metrics.models import Metric
from metrics.models.imports import ImportRun, Source
from metrics.models.observations import Observation, ObservationHistory
from metrics.operations.definitions import retire_metric
from metrics.operations.rollups import roll_up
from tests.make.metrics import make_metric, make_ratio, observe
from tests.make.recompute import wrong_rollups
from workspaces.models.events import Event

URL = "/w/acme/metrics/enter/"
MORNING = datetime(2026, 3, 4, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def clicks(acme):
    return make_metric(acme)


@pytest.fixture
def browser(ed, client_of):
    return client_of(ed)


def save(browser, cells, was=None, **fields):
    """Type into cells given as {(metric, day): text}; `was` as the page told it."""
    metrics = {metric.key for metric, _day in cells}
    data = {"grain": "day", "until": "2026-03-04", "metric": sorted(metrics), **fields}
    for (metric, day), text in cells.items():
        data[f"v-{metric.pk}-{day}"] = text
        data[f"w-{metric.pk}-{day}"] = (was or {}).get((metric, day), "")
    return browser.post(URL, data)


def shown(answer):
    return {
        (found.cell.metric.key, str(found.cell.period.end)): found
        for _period, cells in answer.context["rows"]
        for found in cells
    }


def stored():
    rows = Observation.objects.select_related("series__metric").order_by("day")
    return [(row.series.metric.key, str(row.day), row.value) for row in rows]


def test_the_grid_shows_the_last_days_and_what_is_stored(acme, clicks, browser, ed):
    make_ratio(acme, numerator=clicks)
    observe(clicks, {date(2026, 3, 2): 7}, source="manual", by=ed)
    observe(clicks, {date(2026, 3, 2): 3, date(2026, 3, 3): 4}, source="crm")
    answer = browser.get(URL)
    assert answer.status_code == 200
    assert [m.key for m in answer.context["metrics"]] == ["clicks", "sends"]
    cells = shown(answer)
    assert len(answer.context["rows"]) == 14
    found = cells["clicks", "2026-03-02"]
    assert (found.text, found.cell.by, found.cell.others) == ("7", "Ed", 3)
    assert cells["clicks", "2026-03-03"].text == ""
    assert cells["clicks", "2026-03-03"].cell.others == 4
    assert b"from <bdi>crm</bdi>" in answer.content


def test_what_another_source_told_by_dimensions_stands_at_the_cell_and_is_warned_of(
    acme, clicks, browser
):
    for channel, value in (("email", 300), ("social", 77)):
        observe(clicks, {date(2026, 3, 3): value}, source="ads", dims={"channel": channel})
    page = browser.get(URL)
    cell = shown(page)["clicks", "2026-03-03"].cell
    assert (cell.text, cell.others, cell.tellers) == ("", 377, ["ads"])
    assert "have values from “ads” already" in page.content.decode()
    by_mail = shown(browser.get(URL, {"dims": "channel:email"}))["clicks", "2026-03-03"].cell
    assert by_mail.others == 300
    saved = save(browser, {(clicks, "2026-03-03"): "500", (clicks, "2026-03-01"): "5"})
    said = "".join(str(one) for one in get_messages(saved.wsgi_request))
    assert "1 of them is added to what “ads” told of the same days" in said


def test_values_are_stored_corrected_and_taken_back_together(acme, clicks, browser, ed):
    cost = make_metric(acme, "cost", unit="currency", currency="EUR", decimals=2)
    answer = save(browser, {(clicks, "2026-03-03"): "1,234", (cost, "2026-03-04"): " 12.5 "})
    assert answer.status_code == 302, answer.context["rows"]
    assert stored() == [("clicks", "2026-03-03", 1234), ("cost", "2026-03-04", 1250)]
    run = ImportRun.objects.get()
    assert (run.kind, run.by, run.source.name) == ("manual", ed, "manual")
    assert Event.objects.filter(verb="observations.recorded", by=ed).count() == 1
    cells = shown(browser.get(URL))
    was = {
        (clicks, "2026-03-03"): cells["clicks", "2026-03-03"].was,
        (cost, "2026-03-04"): cells["cost", "2026-03-04"].was,
    }
    save(browser, {(clicks, "2026-03-03"): "", (cost, "2026-03-04"): "13"}, was)
    assert stored() == [("cost", "2026-03-04", 1300)]
    assert ObservationHistory.objects.filter(reason="withdrawn").count() == 1
    roll_up()
    assert wrong_rollups() == []


def test_what_was_not_touched_is_not_written(clicks, browser):
    observe(clicks, {date(2026, 3, 2): 7}, source="manual")
    was = {(clicks, "2026-03-02"): shown(browser.get(URL))["clicks", "2026-03-02"].was}
    observe(clicks, {date(2026, 3, 2): 8}, source="manual")
    answer = save(browser, {(clicks, "2026-03-02"): "7"}, was)
    assert answer.status_code == 302
    assert stored() == [("clicks", "2026-03-02", 8)]


def test_a_cell_that_somebody_changed_meanwhile_is_offered_not_overwritten(acme, clicks, browser):
    observe(clicks, {date(2026, 3, 2): 7}, source="manual")
    was = {(clicks, "2026-03-02"): shown(browser.get(URL))["clicks", "2026-03-02"].was}
    observe(clicks, {date(2026, 3, 2): 8}, source="manual")
    typed = {(clicks, "2026-03-02"): "9", (clicks, "2026-03-03"): "1"}
    answer = save(browser, typed, was)
    assert answer.status_code == 409
    assert stored() == [("clicks", "2026-03-02", 8)]
    cells = shown(answer)
    found = cells["clicks", "2026-03-02"]
    assert (found.text, found.theirs) == ("9", "8")
    assert cells["clicks", "2026-03-03"].text == "1"
    assert "Olga" in answer.content.decode()
    was = {(clicks, "2026-03-02"): found.was}
    assert save(browser, typed, was).status_code == 302
    assert stored() == [("clicks", "2026-03-02", 9), ("clicks", "2026-03-03", 1)]


def test_a_cell_that_was_empty_and_is_not_any_more_is_offered_too(clicks, browser):
    observe(clicks, {date(2026, 3, 2): 8}, source="manual")
    answer = save(browser, {(clicks, "2026-03-02"): "9"})
    assert (answer.status_code, stored()) == (409, [("clicks", "2026-03-02", 8)])


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [
        ("1234", ".", 123400), ("1,234.5", ".", 123450), ("1 234,5", ",", 123450),
        ("1.234,5", ",", 123450), ("۱۲۳۴٫۵", ".", 123450), ("۱٬۲۳۴", ",", 123400),
        ("\u22125", ".", -500), ("0", ".", 0), ("1\u202f234", ".", 123400), ("2.675", ".", 268),
    ],
)  # fmt: skip
def test_numbers_are_read_as_the_page_says(acme, browser, text, decimal, value):
    metric = make_metric(acme, "cost", unit="currency", currency="EUR", decimals=2)
    assert save(browser, {(metric, "2026-03-03"): text}, decimal=decimal).status_code == 302
    assert stored() == [("cost", "2026-03-03", value)]


@pytest.mark.parametrize(
    ("text", "decimal"),
    [("x", "."), ("1,5", "."), ("1.5", ","), ("12,34", "."), ("5%", "."), ("NaN", "."),
     ("1e400", "."), ("1 2", "."), ("--1", "."), ("9" * 30, "."), ("=1+1", "."), ("<b>", ".")],
)  # fmt: skip
def test_I16_a_cell_that_cannot_be_read_is_named_and_nothing_is_stored(
    clicks, browser, text, decimal
):
    answer = save(
        browser, {(clicks, "2026-03-03"): text, (clicks, "2026-03-02"): "5"}, decimal=decimal
    )
    assert answer.status_code == 422
    cells = shown(answer)
    assert cells["clicks", "2026-03-03"].error
    assert cells["clicks", "2026-03-03"].text == text
    assert cells["clicks", "2026-03-02"].text == "5"
    assert stored() == []
    assert b"aria-invalid" in answer.content


def test_a_week_and_a_month_are_values_of_their_last_day(acme, clicks, browser):
    save(browser, {(clicks, "2026-03-08"): "70"}, grain="week")
    save(browser, {(clicks, "2026-03-31"): "300"}, grain="month")
    save(browser, {(clicks, "2026-03-04"): "5"})
    assert stored() == [
        ("clicks", "2026-03-04", 5), ("clicks", "2026-03-08", 70), ("clicks", "2026-03-31", 300),
    ]  # fmt: skip
    answer = browser.get(URL, {"grain": "month", "until": "2026-03-04", "metric": "clicks"})
    found = shown(answer)["clicks", "2026-03-31"]
    assert (found.text, found.cell.others) == ("300", 75)
    found = shown(browser.get(URL, {"grain": "week"}))["clicks", "2026-03-08"]
    assert (found.text, found.cell.others) == ("70", 5)
    save(
        browser, {(clicks, "2026-03-31"): ""}, {(clicks, "2026-03-31"): "2:300"},
        grain="month",
    )  # fmt: skip


def test_a_grid_may_be_of_one_channel(acme, clicks, browser):
    save(browser, {(clicks, "2026-03-03"): "5"}, dims="channel:email, region:EU")
    save(browser, {(clicks, "2026-03-03"): "9"})
    rows = Observation.objects.select_related("series").order_by("value")
    assert [(row.value, row.series.dims) for row in rows] == [
        (5, {"channel": "email", "region": "EU"}),
        (9, {}),
    ]
    answer = browser.get(URL, {"dims": "region:EU,channel:email"})
    assert shown(answer)["clicks", "2026-03-03"].text == "5"


@pytest.mark.parametrize(
    "query",
    ["grain=hour", "until=never", "until=0001-01-01", "until=2500-01-01", "metric=none",
     "metric=ctr", "metric=retired", "dims=email", "dims=Bad:x", "dims=a:b,a:c", "dims=other:x",
     "decimal=;", "dims=a:" + "x" * 300],
)  # fmt: skip
def test_I10_a_grid_that_cannot_be_is_told_at_its_field(acme, ed, noon, clicks, browser, query):
    make_ratio(acme, numerator=clicks)
    retire_metric(make_metric(acme, "retired"), by=ed, at=noon)
    Metric.objects.filter(pk=clicks.pk).update(allowed_dims=["ch"])
    answer = browser.get(f"{URL}?{query}")
    assert answer.status_code == 422
    assert answer.context["form"].errors


def test_what_a_form_remembers_may_be_nonsense(clicks, browser):
    observe(clicks, {date(2026, 3, 2): 8}, source="manual")
    for was in ("x", "1:", ":", "9" * 100, "-1:5", "²:²", "1:8"):
        answer = save(browser, {(clicks, "2026-03-02"): "9"}, {(clicks, "2026-03-02"): was})
        assert answer.status_code in {302, 409}, was


def test_roles(acme, clicks, vi, sam, client_of):
    assert client_of(vi).get(URL).status_code == 403
    assert save(client_of(vi), {(clicks, "2026-03-03"): "5"}).status_code == 403
    assert client_of(sam).get(URL).status_code == 404
    assert stored() == []


def test_a_workspace_without_metrics_says_what_to_do(acme, browser):
    assert b"No metric takes values yet" in browser.get(URL).content
    assert not Source.objects.exists()


def test_the_number_of_queries_is_constant(acme, clicks, browser):
    def queries():
        with CaptureQueriesContext(connection) as found:
            assert browser.get(URL).status_code == 200
        return len(found)

    observe(clicks, {date(2026, 3, 2): 1}, source="manual")
    queries()
    few = queries()
    for n in range(3):
        metric = make_metric(acme, f"m{n}")
        observe(metric, {date(2026, 3, day): day for day in range(1, 5)}, source="manual")
        observe(metric, {date(2026, 3, day): day for day in range(1, 5)}, source="crm")
    assert queries() == few
