"""The wizard shows what a file was recognised as, asks what it does not say, and keeps the rest."""

from urllib.parse import quote

import pytest

from metrics.models.definitions import Metric
from metrics.models.imports import ImportRun
from metrics.operations.import_runs import run_import, run_waiting
from metrics.operations.imports import Plan, map_import
from metrics.rules.guesses import FORMATS
from tests.make.imports import bring, clock
from tests.make.workspaces import NOON
from tests.metrics.views.test_imports import form_of, send, url
from tests.metrics.views.test_mapping_form import errors_of
from workspaces.rules.errors import Invalid

pytestmark = pytest.mark.django_db
GOOGLE = (
    'Campaign report\n"July 8, 2025 - July 31, 2025"\n'
    "Campaign,Campaign type,Clicks,Impr.,CTR,Currency code,Cost\n"
    'Spring,Search,12,"1,345",0.89%,EUR,6.00\nSummer,Search, --,7, --,EUR,0.10\n'
    'Total: Campaigns, --,12,"1,352",0.89%,EUR,6.10\n'
)


def test_an_export_is_recognised_and_can_be_corrected(ed, client_of):
    client = client_of(ed)
    page = client.get(send(client, GOOGLE, name="report.csv").url)
    text = page.content.decode()
    assert "Recognised as Google Ads: campaign report" in text
    assert "states the period 8 Jul 2025 – 31 Jul 2025" in text
    values = form_of(page)
    assert (values["fixed_day"], values["span"], values["currency"]) == ("2025-07-31", "24", "EUR")
    assert values["source"] == "google ads"
    run = ImportRun.objects.get()
    answer = client.post(url("import_map", run), values | {"fixed_day": "2025-07-30"})
    assert answer.status_code == 302, answer.content.decode()
    run.refresh_from_db()
    assert run.mapping["day"] == {"fixed": "2025-07-30", "span": 24}
    assert {entry["metric"] for entry in run.mapping["metrics"]} == {
        "google_ads_impressions", "google_ads_clicks", "google_ads_cost",
    }  # fmt: skip
    assert run.mapping["expect"] == {"Currency code": "EUR"}
    assert "header_row" not in run.mapping["file"]
    run_waiting(clock=clock)
    page = client.get(url("import_check", run)).content.decode()
    assert "2 rows cover several days, up to 24" in page
    assert "1 row is no data and was passed over" in page


def test_what_an_export_does_not_say_is_asked_on_the_page(ed, client_of):
    client = client_of(ed)
    undated = GOOGLE.replace('"July 8, 2025 - July 31, 2025"', "All time")
    page = client.get(send(client, undated, name="report.csv").url)
    assert "says only “All time”" in page.content.decode()
    run, values = ImportRun.objects.get(), form_of(page)
    assert client.post(url("import_map", run), values).status_code == 400
    answer = client.post(url("import_map", run), values | {"fixed_day": "2025-07-31"})
    assert answer.status_code == 302


def test_one_of_several_tables_is_chosen_on_the_page(ed, client_of):
    client = client_of(ed)
    tables = "# a\n# Start date: 20260101\n# End date: 20260131\n\nCity,Sessions\nA,5\n\n"
    answer = send(client, tables + "# b\n\nCity,Views\nA,7\nB,8\n", name="ga.csv")
    assert "holds 2 tables" in client.get(answer.url).content.decode()
    page = client.get(answer.url + "?section=2")
    values, run = form_of(page), ImportRun.objects.get()
    assert (values["c1-role"], values["fixed_day"], values["span"]) == (
        "metric",
        "2026-01-31",
        "31",
    )
    assert client.post(url("import_map", run), values).status_code == 302
    run_waiting(clock=clock)
    run.refresh_from_db()
    assert (run.mapping["file"]["section"], run.rows_total, run.rejected) == (2, 2, 0)


@pytest.mark.parametrize("address", ["?section=2", "?section=2&encoding=utf-8&header_row="])
def test_a_table_far_down_a_file_is_imported_on_the_page(ed, client_of, address):
    client = client_of(ed)
    tables = "# a\n# Start date: 20260101\n# End date: 20260131\n\nCity,Sessions\n"
    tables += "".join(f"C{n},5\n" for n in range(120)) + "\n# b\n\nCity,Views\nA,7\nB,8\n"
    answer = send(client, tables, name="ga.csv")
    run = ImportRun.objects.get()
    values = form_of(client.get(answer.url + address)) | {"fixed_day": "2026-01-31"}
    kept = client.post(url("import_map", run), values | {"source": ""})
    assert kept.status_code == 400
    assert 'name="section" value="2"' in kept.content.decode()
    assert client.post(url("import_map", run), values).status_code == 302
    run_waiting(clock=clock)
    run.refresh_from_db()
    assert (run.mapping["file"]["section"], run.rows_total, run.rejected) == (2, 2, 0)


TABLE = "Date,Campaign,Impressions,Clicks,Cost\n{},a,10,1,1\n{},b,10,1,1\n"


def test_days_that_read_two_ways_are_asked_with_the_ways_that_fit(ed, client_of):
    client = client_of(ed)
    answer = send(client, TABLE.format("01/02/2026", "02/03/2026"))
    page = client.get(answer.url).content.decode()
    assert "The days in “Date” (01/02/2026, 02/03/2026) can be read" in page
    shown = [form for form in FORMATS if "?day_format=" + quote(form, safe="") in page]
    assert shown == ["%d/%m/%Y", "%m/%d/%Y"]
    values = form_of(client.get(answer.url + "?day_format=%25m%2F%25d%2F%25Y"))
    assert values["day_format"] == "%m/%d/%Y"


def test_days_without_a_year_are_asked_for_it(ed, client_of):
    client = client_of(ed)
    page = client.get(send(client, TABLE.format("Apr 1", "May 12")).url)
    assert "The days in “Date” (Apr 1, May 12) have no year" in page.content.decode()
    values, run = form_of(page), ImportRun.objects.get()
    assert (values["day_format"], values["year"]) == ("%b %d", "")
    assert client.post(url("import_map", run), values).status_code == 400
    assert client.post(url("import_map", run), values | {"year": "2025"}).status_code == 302
    run_waiting(clock=clock)
    run.refresh_from_db()
    assert (run.details["spooled"]["first"], run.rejected) == ("2025-04-01", 0)


@pytest.mark.parametrize("name", ["us.csv", "report.csv"])
def test_amounts_in_another_currency_get_a_metric_of_their_own(acme, ed, client_of, name):
    import_preset(ed, GOOGLE, name="report.csv")
    client = client_of(ed)
    page = client.get(send(client, GOOGLE.replace("EUR", "USD"), name=name).url)
    values, run = form_of(page), ImportRun.objects.order_by("-pk")[0]
    assert client.post(url("import_map", run), values).status_code == 302
    run.refresh_from_db()
    made = [entry for entry in run.mapping["create"] if entry.get("currency")]
    assert [(entry["key"], entry["name"]) for entry in made if entry["unit"] == "currency"][:1] == [
        ("google_ads_cost_usd", "Google Ads cost (USD)")
    ]
    read = {entry["metric"] for entry in run.mapping["metrics"]}
    assert read == {"google_ads_clicks", "google_ads_impressions", "google_ads_cost_usd"}


BARE = "Day,Campaign,Impressions,Clicks,Cost\n2026-05-0{},a,1000,20,10.50\n"


def test_a_file_joins_a_metric_in_money_only_when_its_currency_is_said(acme, ed, client_of):
    import_preset(ed, BARE.format(1), currency="EUR")
    with pytest.raises(Invalid) as refusal:
        import_preset(ed, BARE.format(2))
    sentence = refusal.value.problems[0].message
    assert "“ads_cost” is in EUR, and the file does not say its currency" in sentence
    import_preset(ed, BARE.format(2), currency="EUR")
    client = client_of(ed)
    page = client.get(send(client, BARE.format(3), name="another.csv").url)
    values, run = form_of(page), ImportRun.objects.order_by("-pk")[0]
    assert "Ads cost (EUR)" in page.content.decode()
    asked = client.post(url("import_map", run), values)
    assert (asked.status_code, errors_of(asked)) == (400, [sentence])
    wrong = client.post(url("import_map", run), values | {"currency": "USD"})
    assert "differs in: currency" in errors_of(wrong)[0]
    told = client.post(url("import_map", run), values | {"currency": "EUR"})
    assert told.status_code == 302, errors_of(told)
    run_waiting(clock=clock)
    client.post(url("import_run", run))
    run_waiting(clock=clock)
    again = client.get(send(client, BARE.format(4), name="another 2.csv").url)
    assert form_of(again)["currency"] == "EUR"


def test_a_refusal_of_another_currency_names_the_answer_that_helps(acme, ed):
    import_preset(ed, GOOGLE)
    dollars = GOOGLE.replace("EUR", "USD")
    with pytest.raises(Invalid, match="answer “google_ads_cost” with it"):
        import_preset(ed, dollars)
    for _again in range(2):
        run = import_preset(ed, dollars, google_ads_cost="google_ads_cost_usd")
        assert run.state == "done"
    found = dict(Metric.objects.exclude(currency="").values_list("key", "currency"))
    assert found == {"google_ads_cost": "EUR", "google_ads_cost_usd": "USD"}


def import_preset(by, content, *, name="report.csv", **answers):
    run = bring(by, content, name=name)
    wish = Plan(None, check_only=False, run_here=True, answers=answers)
    map_import(run, plan=wish, by=by, at=NOON)
    return run_import(run, clock=clock)


def test_letters_that_read_two_ways_are_asked_and_the_export_is_still_recognised(ed, client_of):
    client = client_of(ed)
    place = send(client, GOOGLE.replace("Spring", "Genève").encode("cp1252"), name="r.csv").url
    page = client.get(place).content.decode()
    assert 'href="?encoding=cp1252"><bdi>cp1252: Genève</bdi>' in page
    assert "Say which reading of row 4 is right." in page
    page = client.get(place + "?encoding=cp1252")
    assert "Recognised as Google Ads: campaign report" in page.content.decode()
    run = ImportRun.objects.get()
    assert client.post(url("import_map", run), form_of(page)).status_code == 302
    run_waiting(clock=clock)
    run.refresh_from_db()
    assert (run.mapping["file"]["encoding"], run.rejected) == ("cp1252", 0)
    assert "Genève" in client.get(url("import_map", run)).content.decode()


def test_a_guessed_encoding_is_told(ed, client_of):
    client = client_of(ed)
    content = "day,city,n\n2026-10-01,Zürich,1\n".encode("cp1252")
    page = client.get(send(client, content).url).content.decode()
    assert "It is read as cp1252" in page
