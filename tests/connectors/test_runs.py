"""What a fetch brought: found from a value and from the list of imports, undone, tidied."""

from datetime import timedelta

import pytest
from django.urls import reverse

from connectors.models import Fetch
from connectors.operations.connectors import remove_connector
from connectors.operations.fetching import claim_fetch, run_fetch
from connectors.operations.tidying import tidy_fetches
from metrics.models.imports import ImportRun
from metrics.operations.import_runs import run_waiting
from tests.make.connectors import Clock, connect, document, facts, fetch_now
from tests.make.workspaces import NOON, owner_of
from tests.support.stub import Reply

API = "/api/v1/workspaces/acme/"
MONDAY = {"day": "2026-03-02", "channel": "mail", "clicks": 10}
SUNDAY = MONDAY | {"day": "2026-03-01"}


@pytest.fixture
def fetched(acme, stub):
    """Two fetches: one that brought two facts, one that took one of them back."""
    connector, clock = connect(acme, document(stub.url), name="Shop"), Clock()
    found = []
    for rows in ([MONDAY, SUNDAY], [MONDAY]):
        stub.says(Reply({"rows": rows}))
        found.append(fetch_now(connector, clock))
        clock.forward(hours=1)
    return found


def run_url(fetch, name="source_run"):
    return reverse(f"connectors:{name}", args=["acme", fetch.run_id])


def test_a_value_leads_to_its_fetch_and_its_connector(fetched, ed, vi, api_of, client_of):
    fetch = fetched[0]
    window = "from=2026-03-01&to=2026-03-02"
    told = api_of(vi).get(f"{API}metrics/clicks/lineage/?{window}").json()
    (origin,) = told["imports"]
    assert (origin["kind"], origin["connector"]) == ("connector", fetch.connector_id)
    assert (origin["import"], origin["fetch"]) == (fetch.run_id, fetch.pk)
    there = f"{API}sources/{origin['connector']}/fetches/{origin['fetch']}/"
    assert api_of(vi).get(there).json()["import"] == fetch.run_id
    assert api_of(vi).get(there.replace(f"/{fetch.connector_id}/", "/0/")).status_code == 404
    for place, query in (
        ("lineage", window),
        ("changes", "known_from=2026-03-01"),
        ("metric", window),
    ):
        address = reverse(f"metrics:{place}", args=["acme", "clicks"])
        assert run_url(fetch) in client_of(vi).get(f"{address}?{query}").content.decode()
    page = client_of(vi).get(run_url(fetch)).content.decode()
    assert reverse("connectors:source", args=["acme", fetch.connector_id]) in page
    assert run_url(fetch, "source_run_undo") not in page
    assert run_url(fetch, "source_run_undo") in client_of(ed).get(run_url(fetch)).content.decode()


def test_the_list_of_imports_holds_the_fetches_that_changed_something(
    acme, fetched, vi, api_of, client_of, stub
):
    clock = Clock()
    clock.forward(hours=2)
    idle = fetch_now(fetched[0].connector, clock)
    assert (idle.new, idle.changed, idle.withdrawn) == (0, 0, 0)
    told = api_of(vi).get(f"{API}imports/").json()["results"]
    assert [one["id"] for one in told] == [fetched[1].run_id, fetched[0].run_id]
    assert told[0]["connector"] == fetched[0].connector_id
    page = client_of(vi).get(reverse("metrics:imports", args=["acme"])).content.decode()
    assert run_url(fetched[0]) in page
    assert run_url(idle) not in page
    detail = api_of(vi).get(f"{API}imports/{fetched[1].run_id}/").json()
    assert (detail["state"], detail["report"]["withdrawn"]) == ("done", 1)


def test_a_fetch_is_undone_by_page_and_by_rest(acme, fetched, ed, vi, api_of, client_of):
    first, second = fetched
    undo = f"{API}imports/{second.run_id}/undo/"
    assert api_of(vi).post(undo).status_code == 403
    assert api_of(ed).post(undo).status_code == 202
    assert run_waiting(clock=Clock()) == 1
    assert len(facts(acme, "clicks")) == 2
    assert client_of(vi).post(run_url(first, "source_run_undo")).status_code == 403
    assert client_of(ed).post(run_url(first, "source_run_undo")).status_code == 302
    assert run_waiting(clock=Clock()) == 1
    assert facts(acme, "clicks") == {}
    assert set(ImportRun.objects.values_list("state", flat=True)) == {"undone"}
    assert api_of(ed).post(undo).status_code == 422


def test_a_fetch_at_work_is_not_undone_and_one_that_failed_half_way_is(acme, ed, api_of, stub):
    window = {"days_back": 14, "overlap": 14, "chunk": 7}
    fetch, told = connect(acme, document(stub.url, window=window)).fetches.get(), []
    stub.answer = lambda seen: (
        Reply({"rows": [MONDAY | {"day": seen.query["to"]}]})
        if len(stub.seen) == 1
        else Reply("no", 404)
    )

    def clock():
        if not told and Fetch.objects.get(pk=fetch.pk).done_until:
            run = ImportRun.objects.get()
            told.append(api_of(ed).post(f"{API}imports/{run.pk}/undo/").status_code)
        return NOON

    assert claim_fetch(fetch, at=NOON)
    run_fetch(fetch, clock=clock)
    assert (fetch.state, fetch.new, told) == ("failed", 1, [422])
    assert ImportRun.objects.get().state == "done"
    assert api_of(ed).post(f"{API}imports/{fetch.run_id}/undo/").status_code == 202


def test_what_a_removed_source_brought_has_its_page_still(acme, fetched, vi, sam, client_of):
    remove_connector(fetched[0].connector, by=owner_of(acme), at=NOON)
    Fetch.objects.all().delete()
    page = client_of(vi).get(run_url(fetched[0]))
    assert page.status_code == 200
    assert "removed" in page.content.decode()
    assert client_of(sam).get(run_url(fetched[0])).status_code == 404


def test_fetches_are_kept_for_90_days_or_the_last_50_and_never_lost_at_work(acme, stub):
    connector = connect(acme, document(stub.url))
    other = connect(acme, document(stub.url), name="Other")
    Fetch.objects.all().delete()

    def make(owner, days, state="done"):
        due = NOON - timedelta(days=days)
        return Fetch.objects.create(
            workspace=acme, connector=owner, due_at=due, not_before=due, state=state
        )

    at_work = make(connector, 300, "running")
    old = [make(connector, 200 - n) for n in range(60)]
    new = [make(connector, 89), make(connector, 1)]
    alone = make(other, 400, "failed")
    assert tidy_fetches(at=NOON) == 12
    assert tidy_fetches(at=NOON) == 0
    kept = set(Fetch.objects.values_list("pk", flat=True))
    assert kept == {one.pk for one in (at_work, alone, *new, *old[-48:])}
