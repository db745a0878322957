"""From the columns to the check and back again: what was chosen is still chosen."""

import pytest

from metrics.models.imports import ImportRun
from metrics.operations.import_runs import run_waiting
from tests.make.imports import clock
from tests.metrics.views.test_imports import form_of, send, url
from tests.support.answers import DATA, needs_data

pytestmark = pytest.mark.django_db
RATES = "day,delivered,clicks,cost\n2026-01-01,100,5,1.5\n2026-01-02,100,7,2.5\n"


def check(client, values):
    """Send the page of the columns and have the file read; what the run then is read by."""
    run = ImportRun.objects.get()
    answer = client.post(url("import_map", run), values)
    assert answer.status_code == 302, answer.content.decode()
    run_waiting(clock=clock)
    run.refresh_from_db()
    return run.mapping


def back(client):
    """The page of the columns, come back to from the check."""
    return client.get(url("import_map", ImportRun.objects.get()))


def ticked(values):
    return {name.removeprefix("ready-") for name in values if name.startswith("ready-")}


def test_a_mapping_with_rates_comes_back_as_it_was_sent(ed, client_of):
    client = client_of(ed)
    values = form_of(client.get(send(client, RATES, name="mail.csv").url))
    sent = check(client, values | {"ready-cpc": "1"})
    page = back(client)
    assert ticked(form_of(page)) == {"ctr_delivered", "cpc"}
    assert page.content.decode().count('name="ready-cpc"') == 1
    assert check(client, form_of(page)) == sent


def test_a_rate_that_was_unticked_stays_so(ed, client_of):
    client = client_of(ed)
    values = form_of(client.get(send(client, RATES, name="mail.csv").url))
    del values["ready-ctr_delivered"]
    check(client, values)
    page = back(client)
    assert "ready-ctr_delivered" in page.content.decode()
    assert ticked(form_of(page)) == set()


@pytest.mark.parametrize(
    ("corrected", "above"), [({"c2-name": "Link clicks"}, "link_clicks"), ({"c2-role": ""}, "")]
)
def test_a_rate_follows_the_columns_that_it_divides(ed, client_of, corrected, above):
    client = client_of(ed)
    check(client, form_of(client.get(send(client, RATES, name="mail.csv").url)))
    sent = check(client, form_of(back(client)) | corrected)
    found = {entry["key"]: entry.get("numerator", "") for entry in sent["create"]}
    assert found.get("ctr_delivered", "") == above


def test_a_wrong_format_of_the_day_is_corrected_from_the_check(ed, client_of):
    client = client_of(ed)
    values = form_of(client.get(send(client, RATES, name="mail.csv").url))
    check(client, values | {"day_format": "%d.%m.%Y"})
    assert ImportRun.objects.get().rejected == 2
    check(client, form_of(back(client)) | {"day_format": "%Y-%m-%d"})
    assert ImportRun.objects.get().rejected == 0


@needs_data
@pytest.mark.parametrize(
    "name",
    [
        "native_formats/mailchimp_campaigns_BUILT_from_data_is_plural_2020.csv",
        "native_formats/locale_de_BUILT_cp1252_semicolon.csv",
        "data_is_plural/messages.csv",
    ],
)
def test_a_real_file_comes_back_as_it_was_sent(ed, client_of, name):
    client = client_of(ed)
    path = DATA / name
    sent = check(client, form_of(client.get(send(client, path.read_bytes(), name=path.name).url)))
    assert any(entry["kind"] == "ratio" for entry in sent["create"])
    page = client.post(url("import_map", ImportRun.objects.get()), form_of(back(client)))
    assert page.status_code == 302
    run_waiting(clock=clock)
    assert ImportRun.objects.get().mapping == sent


def test_the_rates_of_a_second_source_are_offered_under_its_name(ed, client_of):
    client = client_of(ed)
    check(client, form_of(client.get(send(client, RATES, name="mail.csv").url)))
    run = ImportRun.objects.get()
    client.post(url("import_run", run))
    run_waiting(clock=clock)
    ImportRun.objects.update(file_name="kept apart.csv")
    other = RATES.replace("delivered,clicks", "Deliveries,Total clicks")
    page = client.get(send(client, other, name="other.csv").url)
    assert "<bdi>Click-through rate per delivered (other)</bdi>" in page.content.decode()
    values = form_of(page)
    run = ImportRun.objects.latest("pk")
    for _round in range(2):
        assert client.post(url("import_map", run), values).status_code == 302
        run_waiting(clock=clock)
        run.refresh_from_db()
        made = {one["key"]: one.get("numerator") for one in run.mapping["create"]}
        assert made["other_ctr_delivered"] == "total_clicks"
        values = form_of(client.get(url("import_map", run)))
