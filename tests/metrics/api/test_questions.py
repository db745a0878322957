from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from metrics.models import Metric
from tests.make.metrics import make_metric, make_ratio, observe
from tests.make.people import make_unique, meet, snapshot
from workspaces.models import Workspace

API = "/api/v1/workspaces/acme/"
pytestmark = pytest.mark.django_db
D = date(2026, 1, 5)


@pytest.fixture
def api(vi, api_of):
    return api_of(vi, scope="read")


@pytest.fixture
def ctr(acme):
    ratio = make_ratio(acme)
    for number, name in enumerate(["mail", "ads", "web"]):
        days = {D + timedelta(30 * month): 10 * (number + 1) + month for month in range(3)}
        observe(ratio.numerator, days, dims={"ch": name})
        observe(ratio.denominator, dict.fromkeys(days, 100), dims={"ch": name})
    return ratio


def ask(api, **question):
    return api.post(f"{API}query/", question, format="json")


def told(api, **question):
    answer = ask(api, **question)
    assert answer.status_code == 200, answer.json()
    return answer.json()


YEAR = {"from": "2026-01-01", "to": "2026-03-31"}


def test_several_metrics_in_one_question(api, ctr):
    found = told(api, metrics=["clicks", "ctr"], grain="quarter", **YEAR)
    assert [(one["metric"], one["total"]["value"]) for one in found["metrics"]] == [
        ("clicks", "189"), ("ctr", "21"),
    ]  # fmt: skip
    assert found["metrics"][0]["series"][0]["points"] == [
        {"period": "2026-Q1", "start": "2026-01-01", "end": "2026-03-31", "value": "189",
         "complete": False},
    ]  # fmt: skip


def test_the_same_as_the_series_of_each_metric(api, ctr):
    found = told(api, metrics=["ctr"], grain="month", by=["ch"], **YEAR)["metrics"][0]
    alone = api.get(f"{API}metrics/ctr/series/", {"grain": "month", "by": "ch", **YEAR}).json()
    assert found == alone


def test_running_moving_and_fiscal(api, acme, ctr):
    found = told(api, metrics=["clicks"], cumulative=True, **YEAR)["metrics"][0]
    assert [point["value"] for point in found["series"][0]["points"]] == ["60", "123", "189"]
    found = told(api, metrics=["ctr"], window=2, **YEAR)["metrics"][0]
    assert [point["value"] for point in found["series"][0]["points"]] == ["20", "20.5", "21.5"]
    Workspace.objects.filter(pk=acme.pk).update(fiscal_year_starts_in=2)
    found = told(api, metrics=["clicks"], grain="year", calendar="fiscal", **YEAR)["metrics"][0]
    assert [point["value"] for point in found["series"][0]["points"]] == ["60", "129"]


def test_people_are_counted_once_and_bounded_where_they_have_no_ids(api, acme):
    readers = make_unique(acme)
    meet(readers, {D: "ab"}, dims={"ch": "mail"})
    meet(readers, {D + timedelta(40): "bc"}, dims={"ch": "ads"})
    found = told(api, metrics=["openers"], by=["ch"], top=1, **YEAR)["metrics"][0]
    assert found["total"] == {"value": "3", "exact": True}
    counts = make_unique(acme, "counts")
    snapshot(counts, D, 2)
    snapshot(counts, D + timedelta(40), 2)
    found = told(api, metrics=["counts"], **YEAR)["metrics"][0]
    assert found["total"] == {
        "value": None, "exact": False, "lower": "2", "upper": "4", "reason": "not_additive",
    }  # fmt: skip


def test_the_largest_lines_and_the_rest_recomputed(api, ctr):
    found = told(api, metrics=["ctr"], by=["ch"], top=1, **YEAR)["metrics"][0]
    lines = found["series"]
    assert [(line["dims"]["ch"], line.get("others"), line["total"]["value"]) for line in lines] == [
        ("web", None, "31"), (None, 2, "16"),
    ]  # fmt: skip


def test_compared_with_the_months_before(api, ctr):
    found = told(
        api, metrics=["clicks"], compare="previous", **{"from": "2026-02-01", "to": "2026-02-28"}
    )
    assert (found["compared_from"], found["compared_to"]) == ("2026-01-01", "2026-01-31")
    line = found["metrics"][0]["series"][0]
    assert (line["points"][0]["value"], line["before"][0]["value"]) == ("63", "60")
    assert found["metrics"][0]["before_total"]["value"] == "60"


def test_compared_with_the_year_before(api, ctr):
    observe(ctr.numerator, {D - timedelta(365): 7}, dims={"ch": "mail"})
    found = told(
        api, metrics=["clicks"], compare="year", **{"from": "2026-01-01", "to": "2026-01-31"}
    )
    assert found["compared_from"] == "2025-01-01"
    assert found["metrics"][0]["before_total"]["value"] == "7"


def test_the_last_days_that_have_ended(api, ctr):
    with time_machine.travel("2026-03-10 12:00Z", tick=False):
        found = told(api, metrics=["clicks"], grain="day", days=7)
    assert (found["from"], found["to"]) == ("2026-03-03", "2026-03-09")


@pytest.mark.parametrize(
    ("question", "column", "code"),
    [
        ({}, "metrics", "required"),
        ({"metrics": "clicks"}, "metrics", "not_names"),
        ({"metrics": ["members__user__password"]}, "metrics", "unknown_metric"),
        ({"metrics": ["x'; drop"]}, "metrics", "not_names"),
        ({"metrics": ["clicks"] * 9}, "metrics", "too_many"),
        ({"metrics": ["clicks"], "grain": "year', x)) --"}, "grain", "invalid_choice"),
        ({"metrics": ["clicks"], "grain": {"select": 1}}, "grain", "invalid_choice"),
        ({"metrics": ["clicks"], "from": "2026-02-30"}, "from", "not_a_day"),
        ({"metrics": ["clicks"], "from": 5}, "from", "not_a_day"),
        ({"metrics": ["clicks"], "from": "2026-02-01", "to": "2026-01-01"}, "from", "backwards"),
        ({"metrics": ["clicks"], "to": "9999-01-01"}, "to", "out_of_range"),
        ({"metrics": ["clicks"], "by": ["workspace__owner"]}, "by", "unknown_dimension"),
        ({"metrics": ["clicks"], "by": ["a", "b", "c", "d"]}, "by", "too_many"),
        ({"metrics": ["clicks"], "where": {"color": ["x"]}}, "where", "unknown_dimension"),
        ({"metrics": ["clicks"], "where": ["ch"]}, "where", "not_a_filter"),
        ({"metrics": ["clicks"], "where": {"ch": [{"a": 1}]}}, "where", "not_a_filter"),
        ({"metrics": ["clicks"], "where": {"ch": ["a\0"]}}, "where", "not_a_filter"),
        ({"metrics": ["clicks"], "where": {"ch": ["x"] * 51}}, "where", "too_many"),
        ({"metrics": ["clicks"], "top": True}, "top", "not_a_number"),
        ({"metrics": ["clicks"], "top": "5"}, "top", "not_a_number"),
        ({"metrics": ["clicks"], "top": -1}, "top", "not_a_number"),
        ({"metrics": ["clicks"], "cumulative": "true"}, "cumulative", "invalid_choice"),
        ({"metrics": ["clicks"], "days": 10**9}, "days", "not_a_number"),
        ({"metrics": ["clicks"], "days": 5, "from": "2026-01-01"}, "days", "either_or"),
        ({"metrics": ["clicks"], "compare": "never"}, "compare", "invalid_choice"),
        ({"metrics": ["clicks"], "cumulative": 1}, "cumulative", "invalid_choice"),
        ({"metrics": ["clicks"], "window": 0}, "window", "not_a_number"),
        ({"metrics": ["clicks"], "window": 2, "cumulative": True}, "window", "either_or"),
        ({"metrics": ["clicks"], "calendar": "moon"}, "calendar", "invalid_choice"),
        ({"metrics": ["clicks"], "known_at": "yesterday"}, "known_at", "not_an_instant"),
        ({"metrics": ["clicks"], "known_at": "2026-01-05T10:00"}, "known_at", "not_an_instant"),
        ({"metrics": ["clicks"], "known_at": 5}, "known_at", "not_an_instant"),
        ({"metrics": ["clicks"], "version": 0}, "version", "not_a_number"),
        ({"metrics": ["clicks", "ctr"], "version": 1}, "version", "either_or"),
        ({"metrics": ["clicks"], "color": 1}, "color", "unknown_field"),
        ({"metrics": ["clicks"], "grain": "day", "from": "1950-01-01"}, "grain", "too_many_points"),
    ],
)
def test_I08_bad_questions_are_named(api, ctr, question, column, code):
    answer = ask(api, **question)
    assert answer.status_code == 400, answer.json()
    assert (column, code) in {(e["column"], e["code"]) for e in answer.json()["errors"]}


@pytest.mark.parametrize("body", [[], "x", 5, None, [[]]])
def test_I10_what_is_no_question_is_a_400(api, ctr, body):
    assert api.post(f"{API}query/", body, format="json").status_code == 400


def test_T10_another_workspaces_metric_does_not_exist(api, globex):
    make_metric(globex, "theirs")
    answer = ask(api, metrics=["theirs"])
    assert answer.json()["errors"][0]["pointer"] == "/metrics/0"


def test_the_number_of_queries_is_constant(api, ctr):
    def queries(**question):
        with CaptureQueriesContext(connection) as found:
            told(api, **question)
        return len(found)

    question = {"metrics": ["clicks", "ctr"], "by": ["ch"], "compare": "year", "top": 2}
    short = queries(**question, **YEAR)
    observe(ctr.numerator, {D - timedelta(n * 50): n for n in range(40)}, dims={"ch": "new"})
    assert queries(**question, **{"from": "2020-01-01", "to": "2026-03-31"}) == short


def test_a_funnel_by_stage_and_channel(api, acme):
    for key, stage, values in (
        ("seen", "awareness", (1000, 500)),
        ("asked", "consideration", (100, 10)),
        ("bought", "decision", (10, 5)),
    ):
        metric = make_metric(acme, key)
        Metric.objects.filter(pk=metric.pk).update(stage=stage)
        for channel, value in zip(("mail", "ads"), values, strict=True):
            observe(metric, {D: value}, dims={"ch": channel})
    found = api.get(f"{API}funnel/", {"metric": ["seen", "asked", "bought"], "by": "ch"}).json()
    names = ("stage", "value", "from_before", "from_first")
    assert [tuple(step[name] for name in names) for step in found["steps"]] == [
        ("awareness", "1500", None, None),
        ("consideration", "110", "7.33333333333", "7.33333333333"),
        ("decision", "15", "13.6363636364", "1"),
    ]  # fmt: skip
    assert [(one["value"], one["steps"][1]["from_before"]) for one in found["channels"]] == [
        ("mail", "10"), ("ads", "2"),
    ]  # fmt: skip


def test_a_level_is_no_share_of_a_step(api, acme, client_of, ed):
    for key, value in (("seen", 100), ("asked", 250)):
        observe(make_metric(acme, key), {D: value})
    observe(make_metric(acme, "stock", kind="last"), {D: 40})
    keys = {"metric": ["seen", "stock", "asked"]}
    steps = api.get(f"{API}funnel/", keys).json()["steps"]
    assert [step["from_before"] for step in steps] == [None, None, "250"]
    assert [step["from_first"] for step in steps] == [None, None, "250"]
    page = client_of(ed).get("/w/acme/funnel/", keys).content.decode()
    assert "a level: no share of a step" in page
    assert "More than at the step before" in page
    ahead = api.get(f"{API}funnel/", keys | {"known_at": "2199-01-01"})
    assert (ahead.status_code, ahead.json()["errors"][0]["code"]) == (400, "in_future")
    ahead = client_of(ed).get("/w/acme/metrics/seen/", {"known_at": "2199-01-01"})
    assert (ahead.status_code, "Past view" in ahead.content.decode()) == (400, False)


def test_a_step_without_the_dimension_is_not_split(api, ctr, acme):
    observe(make_metric(acme, "sales"), {D: 3})
    found = api.get(f"{API}funnel/", {"metric": ["clicks", "sales"], "by": "ch"}).json()
    assert found["not_split"] == ["sales"]
    assert found["steps"][1]["value"] == "3"
    assert found["channels"][0]["steps"][1]["value"] is None


@pytest.mark.parametrize(
    ("query", "column", "code"),
    [
        ({}, "metrics", "required"),
        ({"metric": "nothing"}, "metrics", "unknown_metric"),
        ({"metric": "ctr"}, "metrics", "computed"),
        ({"metric": "clicks", "by": "color"}, "by", "unknown_dimension"),
        ({"metric": "clicks", "where": "color:x"}, "where", "unknown_dimension"),
        ({"metric": "clicks", "days": "x"}, "days", "not_a_number"),
    ],
)
def test_I08_bad_funnels_are_named(api, ctr, query, column, code):
    answer = api.get(f"{API}funnel/", query)
    assert answer.status_code == 400, answer.json()
    assert (column, code) in {(e["column"], e["code"]) for e in answer.json()["errors"]}
