"""Questions about rows and gaps of real files, answered over REST by data quality."""

import json

import pytest
from django.core.management import call_command

from metrics.operations.rollups import roll_up
from tests.metrics.test_shared_data import ADS, NEWSLETTER
from tests.support.answers import DATA, needs_data

pytestmark = [pytest.mark.django_db, needs_data]
QUALITY = "/api/v1/workspaces/acme/quality/"


@pytest.fixture
def api_with(acme, vi, api_of, tmp_path, capsys):
    """The API after a file was imported."""

    def bring(file, mapping):
        path = tmp_path / "mapping.json"
        path.write_text(json.dumps(mapping))
        call_command(
            "import_observations", str(DATA / file), "--workspace", "acme", "--mapping", str(path)
        )
        capsys.readouterr()
        while roll_up():
            pass
        return api_of(vi, scope="read")

    return bring


def answer_to(folder, question):
    told = json.loads((DATA / folder / "answers.json").read_text())
    every = told.get("questions", told.get("answers", told)) if isinstance(told, dict) else told
    return next(entry["answer"] for entry in every if entry["id"] == question)


def coverage(api, **query):
    answer = api.get(f"{QUALITY}coverage/", query)
    assert answer.status_code == 200, answer.json()
    return answer.json()


def test_months_and_weeks_in_which_few_editions_appeared(api_with):
    api = api_with("data_is_plural/messages.csv", NEWSLETTER)
    few = coverage(api, metric="editions", grain="month", fewer_than=3)
    found = {row["period"]: row["observations"] for row in few if row["observations"]}
    assert found == answer_to("data_is_plural", "dip10")
    weeks = coverage(api, metric="editions", grain="week")
    with_some = [row for row in weeks if row["period"].startswith("2018-W") and row["days"]]
    assert len(with_some) == answer_to("data_is_plural", "dip14")


def test_days_with_rows_and_impossible_rows_of_the_advertisements(api_with):
    api = api_with("online_ads/online_advertising_performance_data.csv", ADS)
    rows = coverage(api, metric="impressions", grain="month", by="campaign")
    found = {}
    for row in rows:
        if row["days"]:
            found.setdefault(row["dims"]["campaign"], {})[row["period"]] = row["days"]
    assert found == answer_to("online_ads", "oa13")
    wanted = answer_to("online_ads", "oa15")
    for metric, without, name in (
        ("conversions", "clicks", "conv_without_click"),
        ("clicks", "impressions", "click_without_impression"),
    ):
        answer = api.get(f"{QUALITY}without/", {"metric": metric, "without": without}).json()
        assert answer["count"] == wanted[name]
        assert len(answer["rows"]) == wanted[name]
    told = api.get(QUALITY, {"kind": "without"}).json()
    assert {(row["metric"], row["count"]) for row in told} == {("conversions", 31), ("clicks", 1)}
