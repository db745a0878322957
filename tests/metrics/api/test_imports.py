"""Files over REST: the same operations, the same refusals, in problem+json."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from metrics.api import imports as endpoint
from metrics.models.definitions import Metric
from metrics.models.imports import ImportRun
from metrics.models.observations import Observation
from metrics.operations.import_runs import run_waiting
from tests.make.imports import CLICKS, COST, FILE, MAPPING, bring, clock, import_file

pytestmark = pytest.mark.django_db
URL = "/api/v1/workspaces/acme/imports/"


def send(client, content=FILE, mapping=None, **more):
    data = content if isinstance(content, bytes) else content.encode()
    body = more if mapping == "" else {"mapping": json.dumps(mapping or MAPPING), **more}
    return client.post(
        URL, {"file": SimpleUploadedFile("ads.csv", data), **body}, format="multipart"
    )


def test_a_small_file_is_imported_at_once(ed, api_of):
    answer = send(api_of(ed))
    found = answer.json()
    assert answer.status_code == 200
    assert answer["Location"] == f"{URL}{found['id']}/"
    names = ("state", "rows", "new", "changed", "unchanged", "rejected")
    assert {name: found[name] for name in names} == {
        "state": "done", "rows": 3, "new": 6, "changed": 0, "unchanged": 0, "rejected": 0,
    }  # fmt: skip
    again = send(api_of(ed)).json()
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, 6)


def test_a_bare_csv_takes_its_mapping_from_the_address(ed, api_of):
    address = f"{URL}?name=march.csv&mapping=" + json.dumps(MAPPING).replace("%", "%25").replace(
        " ", ""
    )
    answer = api_of(ed).generic("POST", address, FILE.encode(), content_type="text/csv")
    assert answer.status_code == 200, answer.content
    assert (answer.json()["file"], answer.json()["new"]) == ("march.csv", 6)


def test_a_mapping_may_be_a_part_that_is_a_file(ed, api_of):
    held = SimpleUploadedFile(
        "m.json", json.dumps(MAPPING).encode(), content_type="application/json"
    )
    file = SimpleUploadedFile("a.csv", FILE.encode())
    answer = api_of(ed).post(URL, {"file": file, "mapping": held}, format="multipart")
    assert answer.status_code == 200


def test_a_large_file_is_accepted_and_runs_later(ed, api_of, monkeypatch):
    monkeypatch.setattr(endpoint, "AT_ONCE", 10)
    client = api_of(ed)
    answer = send(client)
    assert (answer.status_code, answer.json()["state"]) == (202, "waiting")
    assert not Observation.objects.exists()
    run_waiting(clock=clock)
    found = client.get(answer["Location"]).json()
    assert (found["state"], found["new"], found["progress"]) == (
        "done", 6, {"done": 3, "total": 3, "unit": "rows"},
    )  # fmt: skip


def test_a_dry_run_stores_nothing_and_tells_the_problems(ed, api_of):
    found = send(api_of(ed), FILE + "x,mail,1,1\n", dry_run="true").json()
    assert (found["state"], found["new"], found["rejected"]) == ("checked", 6, 1)
    assert found["problems"][0]["row"] == 5
    assert not Observation.objects.exists()


def test_a_dry_run_tells_the_sums_that_the_page_shows(ed, api_of, client_of):
    client = api_of(ed)
    found = send(client, dry_run="true").json()
    assert found["report"]["sums"] == {"clicks": "22", "cost": "3.75"}
    page = client_of(ed).get(f"/w/acme/imports/{found['id']}/check/").content.decode()
    shown = page.partition('id="h-sums"')[2].partition("</table>")[0]
    assert ("22" in shown, "3.75" in shown) == (True, True)
    assert "sums" not in send(client).json()["report"]


def test_the_distance_of_a_stated_cadence_is_no_gap(ed, api_of):
    weekly = MAPPING | {"create": [CLICKS | {"cadence_days": 7}, COST | {"cadence_days": 7}]}
    days = ("2020-01-01", "2020-01-08", "2020-01-16", "2020-01-30")
    content = "day,channel,clicks,cost\n" + "".join(f"{day},mail,1,1\n" for day in days)
    report = send(api_of(ed), content, weekly).json()["report"]
    assert report["gaps"] == [["2020-01-17", "2020-01-29"]]


def test_a_dry_run_tells_which_days_would_count_twice(ed, api_of):
    client = api_of(ed)
    assert send(client, FILE).json()["state"] == "done"
    by_device = MAPPING | {"dims": {"device": {"column": "device"}}}
    found = send(client, FILE.replace("channel", "device"), by_device, dry_run="true").json()
    assert found["report"]["would_count_twice"] == {"clicks": 2, "cost": 2}


def test_rejected_rows_are_a_400_that_names_them_and_stores_nothing(ed, api_of):
    answer = send(api_of(ed), FILE + "2020-13-01,mail,1,1\n2020-01-01,mail,1,ten\n")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    told = [(e["row"], e["column"], e["code"]) for e in answer.json()["errors"]]
    assert told == [(5, "day", "not_a_day"), (6, "cost", "not_a_number")]
    assert not Observation.objects.exists()


def test_bad_rows_are_left_out_where_that_is_asked(ed, api_of):
    answer = send(api_of(ed), FILE + "x,mail,1,1\n", skip_bad_rows="true")
    assert (answer.status_code, answer.json()["new"], answer.json()["rejected"]) == (200, 6, 1)


def test_an_answer_says_what_it_leaves_out_and_where_all_of_it_is(acme, ed, vi, sam, api_of):
    odd = "".join(f"2020-02-{day:02},mail,1,1\n" for day in range(1, 29, 2))
    odd += "".join(f"2020-03-{day:02},mail,1,1\n" for day in range(1, 31, 2))
    bad = FILE + odd + "x,mail,1,1\n" * 150
    errors = send(api_of(ed), bad).json()["errors"]
    run = ImportRun.objects.get()
    at = f"/api/v1/workspaces/acme/imports/{run.pk}/rejected/"
    assert (len(errors), errors[-1]["code"]) == (101, "more_problems")
    assert f"150 rows. Every problem stands in the file {at}" in errors[-1]["message"]
    found = api_of(vi).get(at.removesuffix("rejected/")).json()
    assert (found["has_more_problems"], found["rejected_rows"]) == (True, at)
    assert (len(found["report"]["gaps"]), found["report"]["has_more_gaps"]) == (20, True)
    for kind in ("*/*", "text/csv"):
        lines = b"".join(api_of(vi).get(at, HTTP_ACCEPT=kind).streaming_content).splitlines()
        assert (len(lines), lines[-1][:18]) == (151, b'"183","day","x","n')
    refused = [api_of(sam).get(at, HTTP_ACCEPT=kind) for kind in ("*/*", "text/csv")]
    assert [answer.status_code for answer in refused] == [404, 404]
    short = send(api_of(ed), FILE + "x,mail,1,1\n", dry_run="true").json()
    assert (short["has_more_problems"], short["report"]["has_more_gaps"]) == (False, False)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_is_empty"),
        (b"a,b\n", "file_only_header"),
        (bytes(range(256)) * 9, "file_is_binary"),
        (b"PK\x03\x04", "file_is_archive"),
        (b"day,channel,clicks\n2020-01-01,m,1\n", "no_column"),
        (FILE.encode()[:-10], "file_is_cut"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_400_and_leaves_nothing(ed, api_of, content, code):
    answer = send(api_of(ed), content)
    assert answer.status_code == 400, answer.content
    assert answer.json()["errors"][0]["code"] == code
    assert not Observation.objects.exists()
    assert not ImportRun.objects.filter(state="done").exists()


def test_F03_a_file_past_the_limit_is_a_413(ed, api_of, settings):
    settings.MAX_IMPORT_BYTES = 1_000_000
    answer = send(api_of(ed), b"day,channel,clicks,cost\n" + b"2020-01-01,m,1,1\n" * 100_000)
    assert answer.status_code == 413
    assert "976.6\u00a0KB" in answer.json()["detail"]
    bare = api_of(ed).generic("POST", URL, b"x" * 1_100_000, content_type="text/csv")
    assert bare.status_code == 413


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"mapping": ""}, "/mapping"),
        ({"mapping": "{"}, "/mapping"),
        ({"mapping": json.dumps(MAPPING | {"colour": 1})}, "/mapping/colour"),
        (
            {"mapping": json.dumps(MAPPING | {"create": [CLICKS | {"unit": "percent"}, COST]})},
            "/mapping/create/0/unit",
        ),
        ({"mapping": '{"source": "a", "source": "b"}'}, "/mapping/source"),
        ({"mapping": '{"source": "\\ud800"}'}, "/mapping/source"),
        ({"mapping": '{"dims": {"\\ud800": {}}}'}, "/mapping/dims/?"),
        ({"answers": '{"year": 1, "year": 2}'}, "/answers/year"),
        ({"answers": '{"\\udfff": "1", "\\udfff": "1"}'}, "/answers/?"),
        ({"answers": '{"day": NaN}'}, "/answers"),
        ({"answers": '["2026"]'}, "/answers"),
        ({"rates": "cpc, wonder"}, "/rates"),
        ({"dry_run": "perhaps"}, "/dry_run"),
        ({"colour": "red"}, "/colour"),
    ],
)
def test_what_is_wrong_with_the_request_is_named(ed, api_of, change, pointer):
    body = {"file": SimpleUploadedFile("a.csv", FILE.encode()), "mapping": json.dumps(MAPPING)}
    answer = api_of(ed).post(URL, body | change, format="multipart")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert not ImportRun.objects.exists()


ADS = (
    "Kampagne,Tag,Währungscode,Impr.,Klicks,Kosten\n"
    "a,2026-05-01,EUR,1000,20,10\nb,2026-05-02,EUR,500,10,8\n"
)


def test_an_answer_tells_which_rates_can_be_computed_and_a_request_asks_for_them(acme, ed, api_of):
    client = api_of(ed)
    offered = send(client, ADS, "", dry_run="true").json()["rates"]
    assert [rate["key"] for rate in offered] == ["ad_ctr", "cpc", "cpm"]
    assert offered[1] == {
        "key": "cpc", "name": "Cost per click", "unit": "currency", "currency": "EUR",
        "decimals": 2, "direction": "down", "numerator": "google_ads_cost",
        "denominator": "google_ads_clicks", "scale": "1",
    }  # fmt: skip
    answer = send(client, ADS, "", rates="cpc, ad_ctr")
    assert answer.status_code == 200, answer.content
    assert [rate["key"] for rate in answer.json()["rates"]] == ["cpm"]
    cpc = Metric.objects.get(key="cpc")
    assert (cpc.kind, cpc.numerator.key, cpc.currency) == ("ratio", "google_ads_cost", "EUR")
    again = send(client, ADS, "", rates="cpc")
    assert (again.status_code, again.json()["unchanged"]) == (200, 6)
    refused = send(client, ADS, "", rates="roas").json()["errors"][0]
    assert refused["pointer"] == "/rates"
    assert "These can: cpm." in refused["message"]
    assert send(client, ADS, "", rates="all").json()["rates"] == []
    assert Metric.objects.get(key="cpm").scale_text == "1000"


def test_rates_over_money_that_is_there_are_in_its_currency(ed, api_of):
    client = api_of(ed)
    money = MAPPING | {
        "source": "more",
        "metrics": [{"metric": "views", "column": "clicks"}, {"metric": "paid", "column": "cost"}],
        "create": [
            CLICKS | {"key": "views"},
            COST | {"key": "paid", "unit": "currency", "currency": "EUR"},
        ],
    }
    send(client, FILE, money)
    named = money | {"create": []}
    found = send(client, FILE, named | {"source": "third"}, rates="all").json()
    assert found["state"] == "done"
    assert Metric.objects.get(key="cpc").currency == "EUR"


def test_a_body_of_another_kind_is_a_415(ed, api_of):
    assert api_of(ed).post(URL, {"mapping": MAPPING}, format="json").status_code == 415


def test_an_import_can_be_cancelled(ed, api_of, monkeypatch):
    monkeypatch.setattr(endpoint, "AT_ONCE", 10)
    client = api_of(ed)
    place = send(client)["Location"]
    assert client.post(f"{place}cancel/").json()["state"] == "cancelling"
    run_waiting(clock=clock)
    assert client.get(place).json()["state"] == "cancelled"
    assert client.post(f"{place}cancel/").status_code == 422


def test_roles_and_strangers(ed, vi, sam, api_of):
    run = import_file(ed)
    assert api_of(vi).get(URL).status_code == 200
    assert send(api_of(vi)).status_code == 403
    assert send(api_of(ed, scope="read")).status_code == 403
    assert api_of(vi).post(f"{URL}{run.pk}/cancel/").status_code == 403
    assert api_of(sam).get(f"{URL}{run.pk}/").status_code == 404
    elsewhere = f"/api/v1/workspaces/{sam.workspace.slug}/imports/{run.pk}/"
    assert api_of(sam).get(elsewhere).status_code == 404
    assert api_of(ed).get(f"{URL}abc/").status_code == 404


def test_the_list_asks_the_same_number_of_questions_for_any_length(
    ed, api_of, django_assert_max_num_queries, django_assert_num_queries
):
    client = api_of(ed)
    bring(ed)
    client.get(URL)
    with django_assert_max_num_queries(10) as few:
        client.get(URL)
    for _number in range(9):
        import_file(ed)
    with django_assert_num_queries(len(few)):
        assert client.get(URL).json()["count"] == 10


SPENT = "Day,Campaign,Impressions,Clicks,Cost\n2020-05-15,M,1,1,{}\n2020-05-16,M,1,1,{}\n"


def test_amounts_with_signs_of_different_currencies_are_named_by_row(ed, api_of):
    [error] = send(api_of(ed), SPENT.format("$5.00", "6.00 €"), mapping="").json()["errors"]
    assert (error["code"], error["row"], error["column"]) == ("other_sign", 3, "Cost")
    assert not Observation.objects.exists()


def test_the_sign_beside_amounts_is_the_currency_of_a_new_metric(acme, ed, api_of):
    answer = send(api_of(ed), SPENT.format("5.00 zł", "-6.00zł"), mapping="")
    assert (answer.status_code, answer.json()["new"]) == (200, 6)
    assert Metric.objects.get(workspace=acme, key="ads_cost").currency == "PLN"
    refused = send(api_of(ed), SPENT.format("€5.00", "6.00"), mapping="").json()["errors"]
    assert [error["code"] for error in refused] == ["metric_differs"]


@pytest.mark.parametrize(
    ("signs", "currency", "status"),
    [
        (["$"], "EUR", 400), (["€", "$"], "", 400), (["€"], "EUR", 200), (["$"], "CAD", 200),
        (["€", "EUR"], "", 200), (["pcs"], "EUR", 200),
    ],
)  # fmt: skip
def test_the_signs_of_a_mapping_agree_with_the_money_of_its_metrics(
    ed, api_of, signs, currency, status
):
    cost = COST | ({"unit": "currency", "currency": currency} if currency else {})
    mapping = MAPPING | {"create": [CLICKS, cost], "file": {"signs": signs}}
    answer = send(api_of(ed), mapping=mapping)
    assert answer.status_code == status, answer.json()
    if status == 400:
        [error] = answer.json()["errors"]
        assert (error["code"], error["pointer"]) == ("signs_of_other_money", "/mapping/file/signs")
