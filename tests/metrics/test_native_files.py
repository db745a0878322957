"""Exports in ../shared/data/native_formats, imported as they are, by what they are."""

import json
from datetime import UTC, date, datetime

import pytest
from django.core.management import CommandError, call_command

from metrics.operations.rollups import roll_up
from metrics.queries.quality import Asked, findings
from tests.support.answers import DATA, Reader, answers_of, assert_ratios, assert_sums, needs_data

pytestmark = [pytest.mark.django_db, needs_data]
FOLDER = DATA / "native_formats"


def expected(name):
    return json.loads((FOLDER / "answers.json").read_text())[name]


@pytest.fixture
def brought(acme, capsys):
    """Import a native file by the command, which has to recognise it; returns its JSON line."""

    def bring(name, *options):
        call_command("import_observations", str(FOLDER / name), "--workspace", "acme", *options)
        while roll_up():
            pass
        return json.loads(capsys.readouterr().out)

    return bring


@pytest.fixture
def reader(ed, api_of):
    client = api_of(ed)

    def request(path, body):
        answer = client.get(path) if body is None else client.post(path, body, format="json")
        return answer.status_code, answer.json()

    return Reader(request)


def test_google_ads_counts_its_campaigns_and_not_its_total_rows(brought, reader):
    name = "google_ads_campaign_report_real_en-US.csv"
    told = expected(name)
    found = brought(name)
    assert (found["rows"], found["rejected"]) == (told["data_rows"], 0)
    for key in ("impressions", "interactions", "conversions"):
        assert_sums({"n": reader.total(f"google_ads_{key}")}, {"n": told[key]}, 2)
    assert_sums({"n": reader.total("google_ads_cost")}, {"n": told["cost"]}, 2)
    days = reader.points("google_ads_cost", "day")
    assert [day for day, value in days.items() if value is not None] == ["2025-07-31"]


def test_google_ads_of_all_time_is_asked_about_and_its_missing_rate_is_not_zero(brought, reader):
    name = "google_ads_campaign_report_real_all-time_zero.csv"
    with pytest.raises(CommandError, match="All time"):
        brought(name)
    found = brought(name, "--answer", "day=2026-05-29", "--answer", "span=30")
    assert (found["rows"], found["rejected"]) == (1, 0)
    assert_sums({"n": reader.total("google_ads_clicks")}, {"n": 0})
    reader.define_ratio("ctr", "google_ads_clicks", "google_ads_impressions", "100")
    assert reader.total("ctr") is None


def test_a_german_table_in_cp1252_is_read_by_its_own_marks(brought, reader):
    name = "locale_de_BUILT_cp1252_semicolon.csv"
    told = expected(name)
    found = brought(name)
    assert (found["rows"], found["rejected"]) == (told["data_rows"], 0)
    for key in ("impressions", "clicks", "cost", "conversions", "revenue"):
        assert_sums({"n": reader.total(f"ads_{key}")}, {"n": told[key]}, 4)
    reader.define_ratio("cpa", "ads_cost", "ads_conversions", "1")
    assert_ratios({"n": reader.total("cpa")}, {"n": told["cost_per_conversion"]})


def test_mailchimp_with_its_audience_column(brought, reader):
    name = "mailchimp_campaigns_real_phillybike.csv"
    told = expected(name)
    assert brought(name)["rows"] == told["campaigns"]
    months = {k: v for k, v in reader.points("mailchimp_campaigns", "month").items() if v}
    assert_sums(months, told["campaigns_per_month"])
    years = reader.points("mailchimp_sends", "year")
    assert_sums(years, told["recipients_per_year_sum_of_sends"])


def test_mailchimp_in_its_full_form_answers_the_questions_of_2020(brought, reader):
    name = "mailchimp_campaigns_BUILT_from_data_is_plural_2020.csv"
    assert brought(name)["rows"] == expected(name)["campaigns"]
    questions = answers_of("data_is_plural")
    of_2020 = {k: v for k, v in questions["dip02"].items() if k.startswith("2020")}
    assert_sums(reader.points("mailchimp_clicks", "month"), of_2020)
    assert_sums(reader.points("mailchimp_sends", "year"), {"2020": questions["dip03"]["2020"]})
    for key, below in (("sent", "mailchimp_sends"), ("delivered", "mailchimp_delivered")):
        reader.define_ratio(f"ctr_{key}", "mailchimp_unique_clicks", below, "100")
        told = questions["dip05"]["2020"][f"ctr_{key}"]
        assert_ratios(reader.points(f"ctr_{key}", "year"), {"2020": told})
    assert_ratios(reader.points("ctr_sent", "month"), questions["dip04"])


def test_three_tables_in_one_file_are_asked_about_and_never_mixed(brought):
    name = "ga4_report_real_2021_multi_section.csv"
    with pytest.raises(CommandError, match="holds 3 tables"):
        brought(name)
    for place, section in enumerate(expected(name)["sections"], 1):
        found = brought(name, "--answer", f"section={place}", "--dry-run")
        assert (found["rows"], found["rejected"]) == (section["rows"], 0)


def test_an_exploration_is_read_without_its_grand_total(brought, reader):
    name = "ga4_exploration_BUILT_grand_total.csv"
    told = expected(name)
    found = brought(name)
    assert (found["rows"], found["rejected"]) == (told["data_rows"], 0)
    assert_sums({"n": reader.total("ga4_sessions")}, {"n": told["sessions"]})


def test_an_opportunity_whose_close_date_moved_counts_once(brought, reader, tmp_path):
    name = "salesforce_opportunity_report_BUILT_from_olist_200.csv"
    brought(name)
    lines = (FOLDER / name).read_text(encoding="latin-1").splitlines(keepends=True)
    assert '"6/19/2018"\n' in lines[20]
    lines[20] = lines[20].replace("6/19/2018", "12/15/2018")
    moved = tmp_path / name
    moved.write_text("".join(lines), encoding="latin-1")
    brought(moved)
    assert_sums({"n": reader.total("salesforce_opportunities")}, {"n": 200}, 0)


def test_salesforce_is_read_without_its_footer(brought, reader):
    name = "salesforce_opportunity_report_BUILT_from_olist_200.csv"
    told = expected(name)
    found = brought(name)
    assert (found["rows"], found["rejected"]) == (told["data_rows"], 0)
    assert_sums({"n": reader.total("salesforce_amount")}, {"n": told["amount"]}, 2)


def test_a_file_of_no_known_tool_has_to_be_described(brought):
    with pytest.raises(CommandError, match="not recognised"):
        brought("../online_ads/online_advertising_performance_data.csv")


def test_exports_that_tell_the_same_days_in_another_way_are_found(brought, acme, tmp_path):
    exploration = "ga4_exploration_BUILT_grand_total.csv"
    ads = "google_ads_campaign_report_real_en-US.csv"
    for name in (exploration, ads):
        brought(name)
    channels = tmp_path / exploration
    head = "# -----\n# By channel\n# Free form\n# 20231101-20231130\n# -----\n\n"
    channels.write_text(
        f"{head}Date,Session default channel group,Sessions\n20231105,Organic,300\n"
    )
    longer = tmp_path / ads
    period = (FOLDER / ads).read_text(encoding="utf-8").replace("July 31, 2025", "August 31, 2025")
    longer.write_text(period, encoding="utf-8")
    asked = Asked("double_counting", first=date(2023, 11, 1), last=date(2025, 12, 31))
    at = datetime(2026, 1, 1, tzinfo=UTC)
    assert findings(acme, asked, at=at) == []
    brought(channels)
    brought(longer)
    found = {row.metric.key: row.finding for row in findings(acme, asked, at=at)}
    assert (found["ga4_sessions"].first, found["ga4_sessions"].count) == (date(2023, 11, 5), 1)
    assert found["google_ads_cost"].first == date(2025, 7, 8)
    assert found["google_ads_cost"].last == date(2025, 7, 31)
