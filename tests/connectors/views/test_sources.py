"""The pages of sources: chosen, described, tested, started, and what went wrong."""

import json

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from connectors.models import Connector
from tests.make.connectors import SECRET, connect, document, fetch_now
from tests.make.workspaces import NOON
from tests.support.stub import Reply
from workspaces.sources.vault import opened

ROW = {"day": "2026-03-02", "channel": "<b>mail</b>", "clicks": 10}


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


def at(name, **kwargs):
    return reverse(f"connectors:{name}", kwargs={"slug": "acme", **kwargs})


FIELDS = {
    "name": "Ads",
    "param_customer_id": "1234567890",
    "param_currency": "EUR",
    "param_manager_id": "",
    "param_api_version": "v25",
    "secret_client_id": "me",
    "secret_client_secret": SECRET,
    "secret_refresh_token": "again-and-again",
    "secret_developer_token": "dev-dev-dev",
    "schedule": "daily",
    "local_time": "06:30",
}


def test_nobody_has_connected_anything_yet(acme, mia, vi, client_of):
    assert "No source is connected yet" in client_of(vi).get(at("sources")).content.decode()
    assert at("source_kinds") not in client_of(vi).get(at("sources")).content.decode()
    page = client_of(mia).get(at("source_kinds")).content.decode()
    assert all(word in page for word in ("Google Ads", "Mailchimp", "Meta Ads", "Salesforce"))


def test_a_manager_connects_google_ads_and_finds_it_paused(acme, mia, client_of):
    client = client_of(mia)
    assert "Developer token" in client.get(at("source_new", kind="google_ads")).content.decode()
    answer = client.post(at("source_new", kind="google_ads"), FIELDS)
    made = Connector.objects.get()
    assert answer["Location"] == at("source", pk=made.pk)
    assert opened(made.secrets)["client_secret"] == SECRET
    page = client.get(at("source", pk=made.pk)).content.decode()
    assert "Paused" in page
    assert SECRET not in page


def test_what_is_missing_is_said_at_its_field(acme, mia, client_of):
    sent = FIELDS | {"param_customer_id": "12-34", "secret_developer_token": ""}
    answer = client_of(mia).post(at("source_new", kind="google_ads"), sent)
    assert answer.status_code == 422
    assert "This field is required" in answer.content.decode()
    sent["secret_developer_token"] = "dev-dev-dev"
    answer = client_of(mia).post(at("source_new", kind="google_ads"), sent)
    assert "is not of the form that is needed here" in answer.content.decode()
    assert SECRET not in answer.content.decode()


def test_a_form_left_empty_keeps_the_credentials(acme, mia, client_of):
    client = client_of(mia)
    client.post(at("source_new", kind="google_ads"), FIELDS)
    made = Connector.objects.get()
    changed = {key: text for key, text in FIELDS.items() if not key.startswith("secret_")}
    changed |= {"param_manager_id": "77", "version": 1}
    assert client.post(at("source_edit", pk=made.pk), changed).status_code == 302
    made.refresh_from_db()
    assert (made.params["manager_id"], opened(made.secrets)["client_id"]) == ("77", "me")
    assert client.post(at("source_edit", pk=made.pk), changed).status_code == 409


def test_a_description_of_ones_own_is_written_tested_and_started(acme, mia, client_of, stub):
    client = client_of(mia)
    stub.says(Reply({"rows": [ROW, ROW | {"clicks": "?"}]}))
    sent = {
        "name": "Shop",
        "document": json.dumps(document(stub.url, auth={"kind": "bearer"})),
        "schedule": "hourly",
        "local_time": "00:05",
    }
    answer = client.post(at("source_new", kind="custom"), sent)
    assert "Enter the credentials." in answer.content.decode()
    broken = client.post(at("source_new", kind="custom"), sent | {"document": '{"version": 3}'})
    assert "/version" in broken.content.decode()
    assert client.post(at("source_new", kind="custom"), sent | {"document": "{"}).status_code == 422
    client.post(at("source_new", kind="custom"), sent | {"secret_token": SECRET})
    made = Connector.objects.get()
    tried = client.post(at("source_test", pk=made.pk)).content.decode()
    assert "some rows cannot be read" in tried
    assert "&lt;b&gt;mail&lt;/b&gt;" in tried
    assert "“?” is not a number." in tried
    part = client.post(at("source_test", pk=made.pk), headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    client.post(at("source_start", pk=made.pk))
    fetch_now(made)
    page = client.get(at("source", pk=made.pk)).content.decode()
    assert "What was wrong with the last fetch" in page
    assert "“?” is not a number." in page
    assert "Failed" in client.get(at("sources")).content.decode()


def test_a_source_is_fetched_paused_and_removed(acme, mia, client_of, stub):
    client = client_of(mia)
    stub.says(Reply({"rows": [ROW]}))
    made = connect(acme, document(stub.url))
    fetch_now(made)
    client.post(at("source_fetch", pk=made.pk))
    assert made.fetches.count() == 2
    client.post(at("source_pause", pk=made.pk))
    assert client.post(at("source_fetch", pk=made.pk)).status_code == 422
    answer = client.post(at("source_remove", pk=made.pk))
    assert answer["Location"] == at("sources")
    assert client.get(at("source", pk=made.pk)).status_code == 404


def test_S12_who_may_not_edit_sees_no_answer_of_the_server(acme, mia, ed, client_of, stub):
    stub.says(Reply("out of order", 400))
    made = connect(acme, document(stub.url))
    fetch_now(made)
    assert "out of order" in client_of(mia).get(at("source", pk=made.pk)).content.decode()
    page = client_of(ed).get(at("source", pk=made.pk)).content.decode()
    assert "out of order" not in page
    assert "The server refused the request (400)." in page


def test_the_list_takes_as_many_queries_for_many_sources_as_for_one(
    acme, mia, client_of, stub, django_assert_num_queries
):
    client = client_of(mia)
    connect(acme, document(stub.url), name="One")
    client.get(at("sources"))
    with CaptureQueriesContext(connection) as one:
        client.get(at("sources"))
    for number in range(5):
        connect(acme, document(stub.url), name=f"Source {number}")
    with django_assert_num_queries(len(one)):
        client.get(at("sources"))


def test_the_metrics_page_leads_to_the_sources(acme, vi, client_of):
    page = client_of(vi).get(reverse("metrics:index", kwargs={"slug": "acme"})).content.decode()
    assert at("sources") in page
