"""Sources in a real browser: every page in every look, and the walk from a kind to its numbers."""

import json

import pytest

from connectors.models import Fetch
from tests.browser.support import LOOKS, complaints, settled, shoot, sideways
from tests.make.connectors import Clock, connect, document, fetch_now
from tests.support.stub import Reply, stub_server

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ROWS = [
    {"day": f"2026-03-0{day}", "channel": channel, "clicks": day * 10}
    for day in (1, 2)
    for channel in ("Newsletter", "Anzeigen im Herbst")
]


@pytest.fixture
def stub(settings):
    settings.WEB_LOOPBACK = True
    with stub_server() as server:
        server.says(Reply({"rows": ROWS}))
        yield server


@pytest.fixture
def shop(acme, stub):
    """Three sources: one that works, one that failed, one that is tried again."""
    works = connect(acme, document(stub.url), name="Shop statistics")
    clock = Clock()
    fetch_now(works, clock)
    clock.forward(hours=3)
    fetch_now(works, clock)
    stub.says(Reply({"rows": [ROWS[0] | {"clicks": "many"}, ROWS[1] | {"day": "?"}]}))
    fetch_now(connect(acme, document(stub.url), name="Broken statistics"))
    stub.says(Reply("<h1>Come back later</h1>", 503, {"Retry-After": "600"}))
    fetch_now(connect(acme, document(stub.url), name="Busy statistics"))
    connect(acme, document(stub.url), name="Not started", start=False)
    stub.says(Reply({"rows": [*ROWS, ROWS[0] | {"clicks": "?"}]}))
    return works


@pytest.mark.parametrize("name", LOOKS)
def test_every_page_of_sources_is_sound(shop, mia, screen, name):
    page = screen(mia, **LOOKS[name])
    faults = []
    broken = shop.pk + 1
    places = {
        "sources": "",
        "source-kinds": "new/",
        "source-new": "new/google_ads/",
        "source-custom": "new/custom/",
        "source": f"{shop.pk}/",
        "source-broken": f"{broken}/",
        "source-busy": f"{broken + 1}/",
        "source-edit": f"{shop.pk}/edit/",
        "source-run": f"runs/{shop.fetches.earliest('pk').run_id}/",
        "source-run-broken": f"runs/{Fetch.objects.get(connector=broken).run_id}/",
        "imports-fetched": "../imports/",
    }
    for place, path in places.items():
        page.goto(f"/w/acme/sources/{path}")
        if place == "source":
            page.locator("form[action$='/test/'] button").click()
            page.locator("#trial table").wait_for()
        settled(page)
        shoot(page, f"{place}-{name}")
        if (wide := sideways(page)) > 0:
            faults.append(f"{place}: {wide} px too wide")
        faults += [f"{place}: {said}" for said in complaints(page)]
    assert faults == []


def test_a_description_is_written_tested_and_started(acme, mia, stub, screen):
    page = screen(mia)
    page.goto("/w/acme/metrics/")
    page.get_by_role("link", name="Sources").click()
    page.get_by_role("link", name="Connect a source").first.click()
    page.get_by_role("link", name="Any JSON or CSV over HTTPS").click()
    page.locator("[name=name]").fill("Shop")
    page.locator("[name=document]").fill(json.dumps(document(stub.url, replace=False)))
    page.get_by_role("button", name="Connect").click()
    page.get_by_role("button", name="Test").click()
    page.get_by_text("The connection works").wait_for()
    page.get_by_role("button", name="Start").click()
    page.get_by_role("button", name="Fetch now").wait_for()
