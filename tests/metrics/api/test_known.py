"""As known on a day, over REST, and what was learnt in between; product.md idea 8."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from metrics.operations.definitions import definition_of, redefine_metric
from metrics.operations.formulas import Beginning
from metrics.rules.periods import Grain
from tests.make.metrics import make_metric, make_ratio, observe
from tests.make.workspaces import NOON

D = date(2026, 1, 5)
pytestmark = pytest.mark.django_db
ROOT = "/api/v1/workspaces/acme"
BASE = f"{ROOT}/metrics"


@pytest.fixture
def api(api_of, ed):
    return api_of(ed)


def total(api, key, **query):
    answer = api.get(f"{BASE}/{key}/series/", {"grain": "month", **query})
    assert answer.status_code == 200, answer.json()
    return answer.json()["total"]["value"]


def test_a_restated_week_is_read_as_it_was_known(acme, api):
    ratio = make_ratio(acme)
    earlier, later = NOON, NOON + timedelta(days=7)
    observe(ratio.numerator, {D: 10}, key="a", at=earlier)
    observe(ratio.denominator, {D: 100}, key="b", at=earlier)
    observe(ratio.numerator, {D: 25}, key="a", at=later)
    assert total(api, "ctr") == "25"
    assert total(api, "ctr", known_at=earlier.isoformat()) == "10"
    assert total(api, "ctr", known_at=earlier.date().isoformat()) == "10"
    assert total(api, "ctr", known_at=(later + timedelta(1)).isoformat()) == "25"
    assert total(api, "ctr", known_at=(earlier - timedelta(1)).isoformat()) is None
    answer = api.get(f"{BASE}/clicks/changes/", {"known_from": earlier.isoformat()})
    [change] = answer.json()["changes"]
    assert (change["before"]["value"], change["after"]["value"]) == ("10", "25")
    assert answer.json()["complete"] is True


def test_why_what_is_best_and_where_from_are_asked_of_what_was_known(acme, api):
    ratio = make_ratio(acme)
    later = NOON + timedelta(days=7)
    for day, key in ((D, "a"), (date(2025, 12, 5), "b")):
        observe(ratio.denominator, {day: 1000}, key=f"s{key}", dims={"ch": "mail"})
        observe(ratio.numerator, {day: 100}, key=f"c{key}", dims={"ch": "mail"})
    observe(ratio.numerator, {D: 250}, key="ca", dims={"ch": "print"}, source="other", at=later)
    observe(ratio.numerator, {D: 150}, key="ca", dims={"ch": "web"}, at=later)
    then = {"known_at": NOON.date().isoformat()}
    days = {"from": "2026-01-01", "to": "2026-01-31"}
    for known, change, clicks in ((then, "0", "100"), ({}, "30", "400")):
        why = api.get(f"{BASE}/ctr/explain/", {**days, "by": "ch", **known}).json()
        assert why["change"] == change
        best = api.get(f"{BASE}/clicks/best/", {**days, "by": "ch", **known}).json()
        ranked = [row["value"] for row in best["results"] if row["result"]]
        assert (best["total"], len(ranked)) == (clicks, 1 if known else 2)
        found = api.get(f"{BASE}/clicks/lineage/", {**days, **known}).json()
        assert (found["value"], found["count"]) == (clicks, len(found["results"]))
        assert sum(int(row["value"]) for row in found["results"]) == int(clicks)
    [row] = api.get(f"{BASE}/clicks/lineage/", {**days, **then}).json()["results"]
    assert (row["dims"], row["value"], row["day"]) == ({"ch": "mail"}, "100", "2026-01-05")
    only = {**days, **then, "where": "ch:web"}
    assert api.get(f"{BASE}/clicks/lineage/", only).json()["results"] == []
    for path in ("ctr/explain", "clicks/best", "clicks/lineage"):
        query = {**days, "by": "ch"} if "lineage" not in path else days
        wrong = api.get(f"{BASE}/{path}/", {**query, "known_at": "yesterday"})
        assert wrong.json()["errors"][0]["pointer"] == "/known_at"
        ahead = api.get(f"{BASE}/{path}/", {**query, "known_at": "2199-01-01"})
        [told] = ahead.json()["errors"]
        assert (ahead.status_code, told["code"]) == (400, "in_future")
        assert told["pointer"] == "/known_at"


def test_questions_funnels_and_kept_views_take_the_same_instant(acme, api):
    metric = make_metric(acme)
    observe(metric, {D: 10}, key="a")
    observe(metric, {D: 25}, key="a", at=NOON + timedelta(days=7))
    days = {"from": "2026-01-01", "to": "2026-01-31"}
    then = NOON.date().isoformat()
    for known_at, value in ((None, "25"), (then, "10"), (NOON.isoformat(), "10")):
        question = {"metrics": ["clicks"], **days, "known_at": known_at}
        found = api.post(f"{ROOT}/query/", question, format="json").json()
        assert found["metrics"][0]["total"]["value"] == value
    funnel = api.get(f"{ROOT}/funnel/", {"metric": "clicks", **days, "known_at": then}).json()
    assert funnel["steps"][0]["value"] == "10"
    kept = {"metrics": ["clicks"], "known_at": then}
    made = api.post(f"{ROOT}/views/", {"name": "Then", "question": kept}, format="json").json()
    assert made["question"]["known_at"] == then
    assert f"known_at={then}" in made["address"]


def test_a_question_takes_a_version_of_its_metric(acme, api, ed):
    observe(make_metric(acme), {D: 10})
    made = make_metric(acme, "depth", kind="derived", formula="clicks * 2")
    changed = replace(definition_of(made), formula="clicks * 3")
    redefine_metric(made, definition=changed, version=1, by=ed, at=NOON)
    for version, value in ((1, "20"), (2, "30")):
        question = {"metrics": ["depth"], "version": version}
        found = api.post(f"{ROOT}/query/", question, format="json").json()
        assert found["metrics"][0]["total"]["value"] == value


def test_a_version_that_never_was_is_a_400_and_one_never_in_force_makes_no_break(acme, api, ed):
    observe(make_metric(acme), {D: 10, D + timedelta(400): 10})
    made = make_metric(acme, "depth", kind="derived", formula="clicks * 2")
    for number, since in enumerate((D + timedelta(200), D + timedelta(100)), 1):
        changed = replace(definition_of(made), formula=f"clicks * {number + 2}")
        begins = Beginning(since, replaces_later=True)
        made = redefine_metric(
            made, definition=changed, version=number, since=begins, by=ed, at=NOON
        )
    answer = api.get(f"{BASE}/depth/series/", {"grain": "year"}).json()
    assert answer["breaks"] == [{"day": str(D + timedelta(100)), "version": 3}]
    unknown = [
        api.get(f"{BASE}/depth/series/", {"version": "99"}),
        api.get(f"{BASE}/clicks/series/", {"version": "2"}),
        api.post(f"{ROOT}/query/", {"metrics": ["depth"], "version": 99}, format="json"),
    ]
    for refused in unknown:
        assert refused.status_code == 400, refused.json()
        [error] = refused.json()["errors"]
        assert (error["column"], error["code"]) == ("version", "unknown_version")
    assert api.get(f"{BASE}/clicks/series/", {"version": "1"}).status_code == 200


def test_a_past_view_ends_on_its_day_and_carries_no_level_beyond_it(acme, api):
    level = make_metric(acme, "contacts", kind="last")
    observe(level, {D: 10}, key="a")
    later = NOON + timedelta(days=90)
    observe(level, {later.date(): 12}, key="b", at=later)
    question = {"metrics": ["contacts"], "grain": "month", "known_at": NOON.isoformat()}
    found = api.post(f"{ROOT}/query/", question, format="json").json()
    assert found["to"] == NOON.date().isoformat()
    assert found["metrics"][0]["series"][0]["points"][-1]["complete"] is False
    query = {"known_at": NOON.isoformat(), "from": "2026-01-01", "to": "2026-06-30"}
    answer = api.get(f"{BASE}/contacts/series/", {"grain": "month", **query}).json()
    values = [point["value"] for point in answer["series"][0]["points"]]
    assert values == ["10", "10", "10", None, None, None]


@pytest.mark.parametrize("grain", list(Grain))
def test_levels_and_people_are_read_as_they_were_known(acme, api, grain):
    level = make_metric(acme, "contacts", kind="last")
    counts = make_metric(acme, "readers", kind="unique")
    observe(level, {D: 10}, key="a")
    observe(counts, {D: 7}, key="a")
    later = NOON + timedelta(days=7)
    observe(level, {D: 12}, key="a", at=later)
    observe(counts, {D: 9}, key="a", at=later)
    for key, before, after in (("contacts", "10", "12"), ("readers", "7", "9")):
        assert total(api, key, grain=grain) == after
        assert total(api, key, grain=grain, known_at=NOON.isoformat()) == before


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        ("clicks/series/", {"known_at": "yesterday"}, "known_at"),
        ("clicks/series/", {"known_at": "2199-01-01"}, "known_at"),
        ("clicks/series/", {"known_at": "2026-01-05T10:00:00"}, "known_at"),
        ("clicks/series/", {"known_at": "0001-01-01T00:00:00+23:00"}, "known_at"),
        ("clicks/changes/", {}, "known_from"),
        ("clicks/changes/", {"known_from": "2026-02-01", "known_to": "2026-01-01"}, "known_from"),
        ("ctr/changes/", {"known_from": "2026-02-01"}, "key"),
    ],
)
def test_what_makes_no_sense_is_refused_by_field(acme, api, path, query, field):
    make_ratio(acme)
    answer = api.get(f"{BASE}/{path}", query)
    assert answer.status_code == 400
    assert field in answer.content.decode()
