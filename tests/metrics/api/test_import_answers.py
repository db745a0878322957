"""What an import over REST says of itself, so that nothing is chosen in silence."""

import io
import json

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from metrics.models.definitions import Metric
from tests.make.imports import check_file
from tests.metrics.api.test_imports import URL, send

pytestmark = pytest.mark.django_db


def _ads(source, prefix):
    """A mapping of impressions, clicks and cost, with metrics of the source's own."""
    columns = ("Impressions", "Clicks", "Cost")
    return {
        "version": 1,
        "source": source,
        "day": {"column": "Day", "format": "%Y-%m-%d"},
        "metrics": [{"metric": f"{prefix}_{name.lower()}", "column": name} for name in columns],
        "create": [{"key": f"{prefix}_{name.lower()}", "name": name} for name in columns],
    }


ADS = "Day,Impressions,Clicks,Cost\n2026-10-01,1000,10,5\n"


def test_the_rates_of_a_second_source_get_keys_of_their_own(ed, api_of):
    client = api_of(ed)
    first = send(client, ADS, _ads("google", "g"), rates="all").json()
    assert {"ad_ctr", "cpc", "cpm"} <= set(first["defined"])
    offered = send(client, ADS, _ads("Meta Ads", "m"), dry_run="true").json()["rates"]
    assert {rate["key"]: rate["numerator"] for rate in offered} == {
        "meta_ads_ad_ctr": "m_clicks", "meta_ads_cpc": "m_cost", "meta_ads_cpm": "m_cost",
    }  # fmt: skip
    second = send(client, ADS, _ads("Meta Ads", "m"), rates="cpc,meta_ads_ad_ctr")
    assert second.status_code == 200, second.content
    assert set(second.json()["defined"]) >= {"meta_ads_cpc", "meta_ads_ad_ctr"}
    made = Metric.objects.get(key="meta_ads_cpc")
    assert (made.denominator.key, made.name.endswith("(Meta Ads)")) == ("m_clicks", True)
    again = send(client, ADS, _ads("Meta Ads", "m"), rates="cpc,meta_ads_cpc,ad_ctr,cpm")
    assert again.status_code == 200, again.content
    third = send(client, ADS, _ads("meta-ads", "x"), rates="all").json()
    assert {"meta_ads_cpc_2", "meta_ads_ad_ctr_2"} <= set(third["defined"])


CITIES = {
    "version": 1,
    "source": "cities",
    "day": {"column": "day", "format": "%Y-%m-%d"},
    "dims": {"city": {"column": "city"}},
    "metrics": [{"metric": "v", "column": "v"}],
    "create": [{"key": "v", "name": "V"}],
}


def test_I16_a_broken_letter_refuses_the_file_and_names_its_cell(ed, api_of):
    rows = "".join(f"2026-10-{day:02},1,Zürich\n" for day in range(1, 20))
    answer = send(api_of(ed), b"day,v,city\n" + rows.encode() + b"2026-10-20,1,\xff\n", CITIES)
    fault = answer.json()["errors"][0]
    assert answer.status_code == 400
    assert (fault["code"], fault["row"], fault["column"]) == ("damaged_letter", 21, "city")
    assert not Metric.objects.exists()


def test_I16_an_encoding_that_could_be_another_is_asked_for(ed, api_of):
    content, client = "day,v,city\n2026-10-01,1,Genève\n".encode("cp1252"), api_of(ed)
    answer = send(client, content, CITIES)
    fault = answer.json()["errors"][0]
    assert (fault["code"], fault["pointer"]) == ("which_encoding", "/mapping/file/encoding")
    assert "of row 2: cp1252: Genève; cp1250: Genčve" in fault["message"]
    told = send(client, content, CITIES | {"file": {"encoding": "cp1252"}}).json()["report"]
    assert (told["encoding"], told["encoding_guessed"]) == ("cp1252", False)
    alike = content.replace("è".encode("cp1252"), "é".encode("cp1252"))
    told = send(client, alike, CITIES, dry_run="true").json()["report"]
    assert (told["encoding"], told["encoding_guessed"]) == ("cp1252", True)


def test_an_export_in_an_encoding_of_two_readings_takes_an_answer(ed, api_of):
    content = "Campaign,Day,Currency code,Impr.,Clicks,Cost\nGenève,2026-10-12,EUR,9,2,1\n"
    asked = send(api_of(ed), content.encode("cp1252"), "")
    assert asked.json()["errors"][0]["pointer"] == "/answers/encoding"
    answer = send(api_of(ed), content.encode("cp1252"), "", answers='{"encoding": "cp1252"}')
    assert answer.status_code == 200, answer.content
    assert answer.json()["report"]["encoding"] == "cp1252"
    wrong = send(api_of(ed), content.encode("cp1252"), "", answers='{"encoding": "cp77"}')
    assert wrong.json()["errors"][0]["pointer"] == "/answers/encoding"


COUNTS = {
    "version": 1,
    "source": "counts",
    "day": {"column": "day", "format": "%Y-%m-%d"},
    "metrics": [{"metric": "v", "column": "v"}],
    "create": [{"key": "v", "name": "V"}],
}


def counts(*values):
    days = (f"2026-10-{day:02};{value}" for day, value in enumerate(values, 1))
    return "day;v\n" + "\n".join(days) + "\n"


def test_I16_digits_that_may_be_grouped_are_refused_and_never_guessed(ed, api_of):
    client = api_of(ed)
    found = send(client, counts("1.234", "12.500", "7"), COUNTS, dry_run="true").json()
    assert [(one["code"], one["row"], one["column"]) for one in found["problems"]] == [
        ("grouped_or_not", 2, "v"), ("grouped_or_not", 3, "v"),
    ]  # fmt: skip
    stated = COUNTS | {"file": {"thousands": "."}}
    answer = send(client, counts("1.234", "12.500", "7.812"), stated, dry_run="true").json()
    assert answer["report"]["sums"] == {"v": "21546"}
    proven = counts("1.234.567", "1.234")
    codes = {one["code"] for one in send(client, proven, COUNTS).json()["errors"]}
    assert codes == {"is_grouped"}


@pytest.mark.parametrize("values", [("1,5", "2,25"), ("1.5", "2.250")])
def test_I16_a_decimal_mark_that_is_not_stated_is_told_by_the_numbers(ed, api_of, values):
    exact = COUNTS | {"create": [{"key": "v", "name": "V", "unit": "number", "decimals": 2}]}
    found = send(api_of(ed), counts(*values), exact, dry_run="true").json()
    assert (found["rejected"], found["report"]["sums"]) == (0, {"v": "3.75"})


@pytest.mark.parametrize("column", ["v", "day", "city"])
def test_I16_a_formula_without_a_value_is_told_with_its_row_and_column(ed, api_of, column):
    book, held = openpyxl.Workbook(), io.BytesIO()
    rows = [{"day": f"2026-10-{day:02}", "v": day, "city": "Bern"} for day in (1, 2, 3)]
    rows[1][column] = "=2+2"
    for cells in (list(rows[0]), *(list(row.values()) for row in rows)):
        book.active.append(cells)
    book.save(held)
    file = SimpleUploadedFile("v.xlsx", held.getvalue())
    body = {"file": file, "mapping": json.dumps(CITIES), "dry_run": "true"}
    found = api_of(ed).post(URL, body, format="multipart").json()
    told = [(one["code"], one["row"], one["column"]) for one in found["problems"]]
    assert (found["rejected"], told) == (1, [("formula_unsaved", 3, column)])
    assert "“=2+2” is a formula without a stored value" in found["problems"][0]["message"]


def test_a_file_that_is_sent_twice_in_one_request_is_refused(ed, api_of):
    files = [SimpleUploadedFile(f"{name}.csv", counts("1").encode()) for name in "ab"]
    body = {"file": files, "mapping": json.dumps(COUNTS)}
    answer = api_of(ed).post(URL, body, format="multipart")
    assert answer.status_code == 400
    fault = answer.json()["errors"][0]
    assert (fault["code"], fault["pointer"]) == ("repeated", "/file")


def test_a_column_that_stands_there_twice_is_told(ed, api_of):
    content = "day,v,v\n2026-10-01,1,2\n"
    found = send(api_of(ed), content, COUNTS, dry_run="true").json()
    assert found["report"]["repeated_columns"] == ["v"]
    second = COUNTS | {"metrics": [{"metric": "v", "column": "v#2"}]}
    found = send(api_of(ed), content, second, dry_run="true").json()
    assert (found["report"]["repeated_columns"], found["report"]["sums"]) == ([], {"v": "2"})


@pytest.mark.parametrize("dry_run", ["true", "false"])
def test_I16_values_that_are_rounded_are_counted(ed, api_of, dry_run):
    content = counts("2.5", "2.5", "3.0", "4", "-1e-1", "x")
    options = {"dry_run": dry_run, "skip_bad_rows": "true"}
    found = send(api_of(ed), content, COUNTS, **options).json()
    assert (found["rejected"], found["report"]["rounded"]) == (1, 3)


def test_the_page_of_the_check_tells_what_was_chosen_in_silence(ed, client_of):
    run = check_file(ed, "day,v,v\n2026-10-01,2.5,7\n", COUNTS)
    page = client_of(ed).get(f"/w/acme/imports/{run.pk}/check/").content.decode()
    assert "1 value has more decimals than its metric keeps, and is rounded." in page
    assert "Several columns are called “v”: the first of them is read." in page


def test_rows_that_are_all_bad_are_not_offered_for_import(ed, client_of):
    run = check_file(ed, "day,v\n2026-10-01,x\n2026-10-02,y\n", COUNTS)
    client, place = client_of(ed), f"/w/acme/imports/{run.pk}/"
    page = client.get(f"{place}check/").content.decode()
    assert "No row can be read" in page
    assert "Import without the bad rows" not in page
    answer = client.post(f"{place}run/", {"skip_bad_rows": "1"}, HTTP_HX_REQUEST="true")
    assert answer.status_code == 422
    assert Metric.objects.count() == 0
