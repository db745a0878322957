"""Data quality, exclusions, context and alerts over REST and by pages."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from metrics.models import Metric
from metrics.models.alerts import Alert, AlertRule
from metrics.models.context import Annotation, Benchmark, MetricTarget
from metrics.models.imports import Source
from metrics.models.quality import Dismissal, Exclusion
from metrics.operations.alerts import watch_metrics
from metrics.operations.health import check_sources
from metrics.operations.import_runs import run_waiting
from metrics.operations.undoing import undo_finished
from metrics.views import quality
from tests.make.imports import MAPPING, check_file, clock, import_file
from tests.make.metrics import make_metric, make_ratio, observe
from tests.make.workspaces import NOON

pytestmark = pytest.mark.django_db
API = "/api/v1/workspaces/acme/"
PAGES = "/w/acme/"


@pytest.fixture
def api(ed, api_of):
    return api_of(ed)


@pytest.fixture
def yesterday(acme):
    return acme.day_of(now()) - timedelta(days=1)


@pytest.fixture
def ctr(acme, yesterday):
    metric = make_ratio(acme)
    observe(metric.denominator, {yesterday: 100})
    observe(metric.numerator, {yesterday: 142}, source="ads")
    return metric


def send(api, path, body):
    answer = api.post(API + path, body, format="json")
    assert answer.status_code == 201, answer.json()
    return answer.json()


def test_a_finding_is_listed_dismissed_and_shown_again(api, ctr):
    (row,) = api.get(f"{API}quality/", {"kind": "above_maximum"}).json()
    assert (row["metric"], row["severity"], row["sources"]) == ("ctr", "warning", ["ads", "test"])
    made = send(api, "quality/dismissals/", {"finding": row["id"], "reason": "Total clicks"})
    assert api.get(f"{API}quality/", {"kind": "above_maximum"}).json() == []
    hidden = api.get(f"{API}quality/", {"dismissed": "true"}).json()
    assert [row["dismissed"]["reason"] for row in hidden] == ["Total clicks"]
    assert api.delete(f"{API}quality/dismissals/{made['id']}/").status_code == 204
    assert len(api.get(f"{API}quality/", {"source": "ads", "metric": "ctr"}).json()) == 1


@pytest.mark.parametrize(
    "query",
    [{"kind": "x"}, {"metric": "x"}, {"from": "x"}, {"from": "2026-02-02", "to": "2026-01-01"}],
)
def test_what_cannot_be_understood_is_a_400(api, ctr, query):
    assert api.get(f"{API}quality/", query).status_code == 400


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("quality/coverage/", {}),
        ("quality/coverage/", {"metric": "clicks", "grain": "x"}),
        ("quality/coverage/", {"metric": "clicks", "fewer_than": "-1"}),
        ("quality/coverage/", {"metric": "clicks", "grain": "day", "from": "1900-01-01"}),
        ("quality/without/", {"metric": "clicks"}),
        ("annotations/", {"metric": "no"}),
        ("alerts/", {"open": "maybe"}),
        ("metrics/ctr/status/", {"grain": "hour"}),
    ],
)
def test_a_bad_question_is_a_400(api, ctr, path, query):
    assert api.get(API + path, query).status_code == 400


def test_benchmarks_notes_and_targets_are_written_read_and_removed(api, ctr):
    mark = {"value": "2.5", "source": "A survey", "dated": "2020-01-01", "percentile": 50}
    made = send(api, "metrics/ctr/benchmarks/", mark)
    assert (made["value"], made["percentile"]) == ("2.5", 50)
    assert api.get(f"{API}metrics/ctr/benchmarks/").json()[0]["is_old"] is True
    note = send(api, "annotations/", {"day": "2026-01-05", "text": "New template"})
    assert api.get(f"{API}annotations/", {"metric": "ctr"}).json()["count"] == 1
    aim = {"value": "3", "first": "2026-01-01", "last": "2026-12-31"}
    target = send(api, "metrics/ctr/targets/", aim)
    again = api.post(f"{API}metrics/ctr/targets/", aim, format="json")
    assert (again.status_code, again.json()["code"]) == (422, "overlap")
    for path in (
        f"benchmarks/{made['id']}/", f"annotations/{note['id']}/", f"targets/{target['id']}/",
    ):  # fmt: skip
        assert api.delete(API + path).status_code == 204
        assert api.delete(API + path).status_code == 404
    bad = api.post(f"{API}metrics/ctr/benchmarks/", mark | {"value": "NaN"}, format="json")
    assert bad.status_code == 400


def test_benchmarks_notes_and_targets_are_changed_by_who_saw_them(api, ctr, vi, api_of):
    mark = {"value": "2.5", "source": "A survey", "dated": "2020-01-01", "percentile": 50}
    aim = {"value": "3", "first": "2026-01-01", "last": "2026-06-30"}
    made = {
        "benchmarks": send(api, "metrics/ctr/benchmarks/", mark),
        "annotations": send(api, "annotations/", {"day": "2026-01-05", "text": "New"}),
        "targets": send(api, "metrics/ctr/targets/", aim),
    }
    send(api, "metrics/ctr/targets/", aim | {"first": "2026-07-01", "last": "2026-12-31"})
    changes = {
        "benchmarks": {"value": "4"},
        "annotations": {"text": "Newer", "metric": "ctr"},
        "targets": {"value": "4", "high": "5"},
    }
    for name, change in changes.items():
        path = f"{API}{name}/{made[name]['id']}/"
        body = change | {"version": 1}
        assert api_of(vi).patch(path, body, format="json").status_code == 403
        assert api.patch(path, change, format="json").status_code == 400
        told = api.patch(path, body, format="json").json()
        assert told == made[name] | change | {"version": 2}
        stale = api.patch(path, body, format="json")
        assert (stale.status_code, stale.json()["current"]) == (409, told)
    path = f"{API}targets/{made['targets']['id']}/"
    wrong = api.patch(path, {"version": 2, "last": "2026-07-01"}, format="json")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "overlap")
    path = f"{API}benchmarks/{made['benchmarks']['id']}/"
    wrong = api.patch(path, {"version": 2, "dated": "2199-01-01"}, format="json")
    assert wrong.status_code == 422


def test_what_stands_beside_a_metric_is_changed_on_its_page(ctr, acme, ed, client_of):
    browser, base = client_of(ed), f"{PAGES}metrics/ctr/watch/"
    days = {"first": "2026-01-01", "last": "2026-12-31"}
    alert = {"name": "Falls", "condition": "fall", "threshold": "20", "compare": "previous",
             "grain": "week", "persistence": "1", "where": "campaign:spring",
             "watchers": [ed.pk]}  # fmt: skip
    sent = {
        "targets": (MetricTarget, {"value": "3", "grain": "month", **days}),
        "notes": (Annotation, {"day": "2026-01-05", "text": "New"}),
        "benchmarks": (Benchmark, {"value": "2", "source": "Survey", "dated": "2026-01-01"}),
        "alerts": (AlertRule, alert),
    }
    changed = {
        "targets": {"value": "4"},
        "notes": {"text": "Newer", "everywhere": "on"},
        "benchmarks": {"source": "Another survey"},
        "alerts": {"threshold": "30"},
    }
    for name, (model, body) in sent.items():
        browser.post(f"{base}{name}/", body)
        path = f"{base}{name}/{model.objects.get().pk}/"
        form = browser.get(path)
        assert form.status_code == 200
        new = body | changed[name] | {"version": form.context["form"]["version"].value()}
        assert browser.post(path, new | {"version": ""}).status_code == 409
        assert browser.post(path, new).status_code == 302
        stale = browser.post(path, new)
        assert (stale.status_code, "meanwhile" in stale.content.decode()) == (409, True)
        elsewhere = path.replace("/ctr/", "/clicks/")
        assert browser.get(elsewhere).status_code == (200 if name == "notes" else 404)
    assert (MetricTarget.objects.get().value, Annotation.objects.get().metric) == (4, None)
    rule = AlertRule.objects.get()
    assert (str(rule.threshold), rule.where) == ("0.300000", [["campaign", "spring"]])
    wrong = browser.post(f"{base}targets/{MetricTarget.objects.get().pk}/", {"version": "2"})
    assert wrong.status_code == 422


def test_all_alerts_stand_on_one_page_by_their_state(api, ctr, acme, vi, ed, client_of):
    clicks = Metric.objects.get(key="clicks")
    at = now()
    for name in ("Loud", "Asleep", "Calm"):
        body = {"metric": "clicks", "name": name, "condition": "above", "threshold": "100"}
        send(api, "alert-rules/", body | ({"threshold": "1000"} if name == "Calm" else {}))
    watch_metrics(at=at)
    asleep = AlertRule.objects.get(name="Asleep")
    Alert.objects.filter(rule=asleep).delete()
    snooze = f"{PAGES}metrics/clicks/watch/alerts/{asleep.pk}/snooze/"
    assert client_of(ed).post(snooze, {"from": "alerts"})["Location"] == f"{PAGES}alerts/"
    found = {
        state: [
            row.rule.name for row in client_of(vi).get(f"{PAGES}alerts/?{state}").context["rows"]
        ]
        for state in ("", "state=open", "state=silent", "state=watching", "state=x")
    }
    every = ["Asleep", "Calm", "Loud"]
    assert list(found.values()) == [every, ["Loud"], ["Asleep"], ["Calm"], every]
    told = api.get(f"{API}alert-rules/", {"state": "open"}).json()["results"]
    assert [rule["name"] for rule in told] == ["Loud"]
    assert api.get(f"{API}alert-rules/", {"state": "x"}).status_code == 400
    raised = [api.get(f"{API}alerts/?{query}").json()["count"] for query in ("", "metric=&open=")]
    assert raised == [1, 1], "an empty word is not asked"
    assert clicks.name in client_of(vi).get(f"{PAGES}alerts/").content.decode()


def test_the_page_of_alerts_asks_the_same_however_many_there_are(api, ctr, vi, client_of):
    def ask():
        with CaptureQueriesContext(connection) as asked:
            client_of(vi).get(f"{PAGES}alerts/")
        return len(asked)

    body = {"metric": "clicks", "name": "One", "condition": "above", "threshold": "100"}
    send(api, "alert-rules/", body)
    few = ask()
    for _ in range(5):
        send(api, "alert-rules/", body)
    assert ask() == few


def test_a_metric_stands_against_its_target_in_the_last_whole_period(api, acme, yesterday):
    clicks = make_metric(acme, "visits")
    observe(clicks, {yesterday: 12, yesterday - timedelta(days=1): 10})
    first = yesterday - timedelta(days=9)
    aim = {"value": "11", "first": str(first), "last": str(yesterday), "grain": "day"}
    send(api, "metrics/visits/targets/", aim)
    told = api.get(f"{API}metrics/visits/status/", {"grain": "day"}).json()
    assert (told["value"], told["before"]) == ("12", "10")
    assert (told["against"], told["trend"], told["state"]) == ("on_target", "better", "fresh")


def test_alert_rules_are_set_changed_snoozed_and_removed(api, ctr, vi):
    body = {"metric": "clicks", "name": "Few", "condition": "below", "threshold": "10",
            "where": ["campaign:spring"], "watchers": [vi.pk]}  # fmt: skip
    rule = send(api, "alert-rules/", body)
    assert (rule["where"], rule["open"], vi.pk in rule["watchers"]) == (
        ["campaign:spring"], None, True,
    )  # fmt: skip
    path = f"{API}alert-rules/{rule['id']}/"
    changed = api.patch(path, {"version": 1, "threshold": "20"}, format="json").json()
    assert (changed["threshold"], changed["version"]) == ("20", 2)
    stale = api.patch(path, {"version": 1, "name": "x"}, format="json")
    assert (stale.status_code, stale.json()["current"]["version"]) == (409, 2)
    asleep = api.post(f"{path}snooze/", {"until": "2199-01-01T00:00:00Z"}, format="json").json()
    assert asleep["snoozed_until"]
    assert api.post(f"{path}snooze/", {"until": None}, format="json").status_code == 200
    assert api.delete(path).status_code == 204
    assert api.get(path).status_code == 404
    assert api.get(f"{API}alerts/").json()["count"] == 0
    wrong = api.post(f"{API}alert-rules/", body | {"where": ["x"]}, format="json")
    assert wrong.status_code == 400
    below = api.post(f"{API}alert-rules/", body | {"floor": "-1"}, format="json")
    assert (below.status_code, below.json()["errors"][0]["column"]) == (422, "floor")


def test_the_quality_page_shows_and_takes_decisions(ctr, acme, ed, client_of):
    browser = client_of(ed)
    page = browser.get(f"{PAGES}quality/").content.decode()
    assert "One day lies above 100 %: 142 %." in page
    (row,) = client_of(ed).get(f"{PAGES}quality/?kind=above_maximum").context["rows"]
    finding = row[0].finding.id
    refused = browser.post(f"{PAGES}quality/findings/{finding}/dismiss/", {})
    assert refused.status_code == 422
    browser.post(f"{PAGES}quality/findings/{finding}/dismiss/", {"reason": "Known"})
    assert Dismissal.objects.get().reason == "Known"
    browser.post(
        f"{PAGES}quality/exclude/", {"metric": "clicks", "reason": "x", "trusted_name": "ads"}
    )
    assert Exclusion.objects.get().trusted.name == "ads"
    browser.post(f"{PAGES}quality/exclusions/{Exclusion.objects.get().pk}/restore/")
    assert Exclusion.objects.get().revoked_at is not None
    assert "Known" in browser.get(f"{PAGES}quality/?dismissed=on").content.decode()


def test_the_quality_page_looks_at_the_same_days_as_rest(acme, ed, client_of, api):
    metric = make_metric(acme)
    observe(metric, {date(2025, 3, 3): -1, date(2025, 9, 1): 5})
    client, days = client_of(ed), {"from": "2025-03-01", "to": "2025-03-31"}
    assert "below zero" not in client.get("/w/acme/quality/").content.decode()
    [found] = [row for row in api.get(f"{API}quality/", days).json() if row["kind"] == "negative"]
    page = client.get("/w/acme/quality/", days).content.decode()
    assert found["sentence"] in page
    assert 'value="2025-03-01"' in page
    body = {"finding": found["id"], "reason": "Corrections."}
    assert api.post(f"{API}quality/dismissals/", body, format="json").status_code == 400
    address = f"/w/acme/quality/findings/{found['id']}/dismiss/"
    assert client.post(address, {"reason": "x"}).status_code == 422
    sent = {"reason": "x", "first": days["from"], "last": days["to"]}
    answer = client.post(address, sent)
    assert (answer.status_code, answer.url) == (
        302,
        "/w/acme/quality/?from=2025-03-01&to=2025-03-31",
    )
    rows = api.get(f"{API}quality/", {**days, "dismissed": "true"}).json()
    assert [row["id"] for row in rows] == [found["id"]]


def test_another_page_of_findings_keeps_what_was_asked(acme, ed, client_of, yesterday, monkeypatch):
    monkeypatch.setattr(quality, "PAGE", 1)
    for key in ("opens", "visits"):
        observe(make_metric(acme, key), {yesterday: -1})
    page = client_of(ed).get(f"{PAGES}quality/?kind=negative").content.decode()
    assert 'href="?kind=negative&amp;page=2"' in page


def test_the_page_beside_a_metric_takes_targets_notes_benchmarks_and_alerts(ctr, ed, client_of):
    browser, base = client_of(ed), f"{PAGES}metrics/ctr/watch/"
    days = {"first": "2026-01-01", "last": "2026-12-31"}
    browser.post(f"{base}targets/", {"value": "3", "grain": "month", **days})
    browser.post(f"{base}notes/", {"day": "2026-01-05", "text": "New template"})
    browser.post(f"{base}benchmarks/", {"value": "2", "source": "Survey", "dated": "2026-01-01"})
    alert = {"name": "Falls", "condition": "fall", "threshold": "20", "compare": "previous",
             "grain": "week", "persistence": "1"}  # fmt: skip
    browser.post(f"{base}alerts/", alert)
    assert str(AlertRule.objects.get().threshold) == "0.200000"
    for page in (browser.get(base), browser.get(base, headers={"HX-Request": "true"})):
        text = page.content.decode()
        assert all(word in text for word in ("New template", "Survey", "Falls"))
    assert browser.post(f"{base}targets/", {"value": "x"}).status_code == 422
    rule = AlertRule.objects.get()
    browser.post(f"{base}alerts/{rule.pk}/snooze/")
    rule.refresh_from_db()
    assert rule.snoozed_until is not None
    for name, model in (
        ("targets", MetricTarget), ("notes", Annotation), ("benchmarks", Benchmark),
    ):  # fmt: skip
        browser.post(f"{base}{name}/{model.objects.get().pk}/remove/")
        assert not model.objects.exists()
    browser.post(f"{base}alerts/{rule.pk}/remove/")
    assert browser.post(f"{base}alerts/{rule.pk}/snooze/").status_code == 404


def test_the_rail_says_what_is_late(acme, ed, client_of):
    metric = make_metric(acme)
    days = {date(2024, 1, 1) + timedelta(days=n): 3 for n in range(20)}
    observe(metric, days, at=datetime(2024, 1, 21, tzinfo=UTC))
    assert "1 metric is late" not in client_of(ed).get(f"{PAGES}metrics/").content.decode()
    assert check_sources(at=now()) == 1
    assert check_sources(at=now()) == 0
    assert "1 metric is late" in client_of(ed).get(f"{PAGES}metrics/").content.decode()


def test_a_series_says_what_it_is_read_against_when_it_is_asked(api, ctr, yesterday):
    send(api, "annotations/", {"day": str(yesterday), "text": "Sent twice", "metric": "ctr"})
    send(api, "annotations/", {"day": "2020-01-01", "text": "Long ago"})
    path = f"{API}metrics/ctr/series/"
    told = api.get(path, {"grain": "day", "with": ["annotations", "targets"]}).json()
    assert [note["text"] for note in told["annotations"]] == ["Sent twice"]
    assert told["targets"] == []
    assert "benchmarks" not in told
    assert "annotations" not in api.get(path, {"grain": "day"}).json()
    assert api.get(path, {"with": "x"}).status_code == 400


def test_what_only_a_dry_run_or_an_undone_import_has_named_is_no_source(acme, ed, mia, api_of):
    api, place = api_of(mia), f"{API}quality/sources/"
    check_file(ed, mapping=MAPPING | {"source": "tried"})
    run = import_file(ed)
    assert [row["name"] for row in api.get(place).json()] == ["ads"]
    tried = Source.objects.get(name="tried").pk
    for cadence, listed in ((7, ["ads", "tried"]), (None, ["ads"])):
        change = {"cadence_days": cadence}
        assert api.patch(f"{place}{tried}/", change, format="json").json()["state"] is None
        assert [row["name"] for row in api.get(place).json()] == listed
    undo_finished(run, by=ed, at=NOON)
    run_waiting(clock=clock)
    assert api.get(place).json() == []


@pytest.mark.parametrize(
    "words", ["kind=x", "severity=x", "metric=x", "source=x", "from=x", "to=2026-02-30",
              "from=2026-02-02&to=2026-02-01"],
)  # fmt: skip
def test_I10_a_question_that_is_not_understood_is_told_on_the_page_too(
    acme, ctr, vi, client_of, words
):
    answer = client_of(vi).get(f"{PAGES}quality/?{words}")
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "is not understood" in page
    assert "field-error" in page
    assert "Nothing looks wrong" not in page
